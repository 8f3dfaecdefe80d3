"""Which question a heading names."""

import re
from collections.abc import Sequence

LONGEST_HEADING = 200
"""Characters of a heading that are looked at."""
_NUMBER_AND_LETTER = re.compile(r"(?<![\d.])(\d+)[\s.(,\-]{0,3}(?:part\s?\(?)?([a-z])(?![a-z])")
_LETTER = re.compile(r"\W*(?:(?:part|question)\s*\(?)?([a-z])\W*")
_NUMBER = re.compile(r"(?:question|problem|exercise|^q|^)\s*(\d+)(?!\d|\.\d)")
_BEGINS_WITH = re.compile(r"^ {0,3}#{1,6}[ \t]{1,4}(\d{1,2})\\?[.):]", re.MULTILINE)
_ID = re.compile(r"\D*(\d+)([a-z]?)")


_SECTION = re.compile(r"\\(?P<sub>(?:sub)*)(?P<kind>section|paragraph|part)")
_BOLD, _DEEPEST = 9, 10


def level_of(written: str) -> int:
    """How deep a heading is by how it is written, from 1; what is bold is deeper, and a letter or a line deepest."""
    if found := _SECTION.search(written):
        return {"part": 1, "section": 2, "paragraph": 6}[found["kind"]] + found["sub"].count("sub")
    hashes = written.lstrip(" \t>\n")
    return len(hashes) - len(hashes.lstrip("#")) or (_BOLD if hashes.startswith("**") else _DEEPEST)


def ends(level: int, above: int) -> bool:
    """Whether a heading ends the question that one above it names, where it names none."""
    return level <= min(above, _BOLD)


def counts_steps(text: str, questions: Sequence[str]) -> bool:
    """Whether the numbers that headings begin with go beyond those of the questions: then they name none."""
    most = max((int(number) for number, _ in map(_pieces, questions) if number.isdecimal()), default=0)
    return any(int(number) > most for number in _BEGINS_WITH.findall(text))


def named(heading: str, questions: Sequence[str], now: str, *, steps: bool = False) -> str:
    """Say which question a heading names, or nothing; a number alone names none where headings count steps.

    Ids are ``q``, a number, perhaps a letter; "(b)" means one of the same number as the heading before.
    """
    words = heading[:LONGEST_HEADING].lower()
    both = set(_NUMBER_AND_LETTER.findall(words))
    if lettered := next((id_ for id_ in questions if _pieces(id_) in both), ""):
        return lettered
    if found := _LETTER.fullmatch(words):
        letter = found[1]
        number = _pieces(now)[0] if now else ""
        fitting = [id_ for id_ in questions if _pieces(id_)[1] == letter and number in ("", _pieces(id_)[0])]
        return fitting[0] if fitting else ""
    if (found := _NUMBER.search(words.strip())) and not (steps and words.strip()[:1].isdecimal()):
        return next((id_ for id_ in questions if _pieces(id_)[0] == found[1]), "")
    return ""


def _pieces(question: str) -> tuple[str, str]:
    found = _ID.fullmatch(question)
    return (found[1], found[2]) if found else (question, "")
