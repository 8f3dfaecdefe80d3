"""Cases that a text names first and refers to later, "In the first case", and those beside a formula in a table."""

from __future__ import annotations

import re

from autograder.mathematics.answers.prose import Case, case_in, letters_in, sentences

_LISTS = re.compile(
    r"\b(?:cases?|situations?|possibilities|distinguish|separately|two (?:kinds|types)|either)\b|\((?:i{1,2}|[ab12])\)",
    re.IGNORECASE,
)
"""Words of a sentence that names both cases."""
_NUMBERED = re.compile(r"\b(?:case|situation)\s(?:1|i|a|one)\b|\((?:i|a|1)\)|\b(?:1|a)[.)]", re.IGNORECASE)
_FIRST = r"first|1st|former|one|1|i|a"
_REFERS = re.compile(
    r"\b(?:(?:the )?(?P<named>first|1st|former|second|2nd|latter|last|other)(?: (?:case|situation))\b"
    r"|the (?P<short>former|latter)\b(?: case\b)?"
    r"|in the (?P<alone>first|second)(?: one)?(?=[\s,:$(\\\[]{0,5}\Z)"
    r"|(?:case|situation) \(?(?P<number>[12ab]|one|two|i{1,2})\)?(?![A-Za-z0-9]| ?=))"
    r"|(?:(?<=\n)|\A)[ \t]{0,4}\((?P<mark>i{1,2}|[ab12])\)(?=[\s$(\\\[]{0,5}\Z)",
    re.IGNORECASE,
)
_REST_OF_A_ROW = re.compile(
    r"[ \t$]{0,9}[|&](?P<cells>[^\n\\|&]{1,200}(?:\\neq?[^\n\\|&]{1,200})?)(?:[|&][ \t]{0,9})?(?:\\\\|\n|\Z)"
)
_FIRST_OF_TWO = re.compile(rf"(?:{_FIRST})", re.IGNORECASE)


def both_in(words: str) -> tuple[tuple[Case, Case] | None, str]:
    """Give the two cases that words name before they say anything of either, and the words behind that."""
    told = sentences(words)
    for begin in range(len(told)):
        for many in (1, 2):
            said = " ".join(told[begin : begin + many])
            cases = _cases(said)
            if len(cases) == 2 and (_LISTS.search(said) if many == 1 else _NUMBERED.search(said)):
                return (cases[0], cases[1]), " ".join(told[begin + many :])
    return None, words


def _cases(sentence: str) -> list[Case]:
    found = letters_in(sentence)
    opposite = len(found) == 2 and found[0].equal is not found[1].equal
    return found if opposite and {found[0].left, found[0].right} == {found[1].left, found[1].right} else []


def referring(words: str, cases: tuple[Case, Case] | None) -> str:
    """Write the case in the place of a reference to one of two that were named before."""
    if cases is None:
        return words

    def case(found: re.Match[str]) -> str:
        which = next(filter(None, found.groups()))
        one = cases[0] if _FIRST_OF_TWO.fullmatch(which) else cases[1]
        return f"the case {one.left} {'=' if one.equal else '≠'} {one.right}"

    return _REFERS.sub(case, words)


def case_of_a_row(words: str) -> tuple[Case | None, str]:
    """Give the case in the rest of a table's row behind a formula, and the words behind that row."""
    row = _REST_OF_A_ROW.match(words)
    return (case_in(row["cells"]), words[row.end() :]) if row else (None, words)
