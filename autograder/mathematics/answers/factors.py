"""Dots and colons between the factors of a product, and what belongs to a letter as code says it."""

from collections.abc import Sequence

from autograder.mathematics.answers.marks import BOLD, CLOSE, UPRIGHT_D, Mark
from autograder.mathematics.answers.scanner import is_letter, name_of
from autograder.mathematics.answers.taking import Taking

_INDEX_LETTERS = frozenset("ijklmnpq")


def with_dots(marks: Sequence[Mark], known: frozenset[str]) -> list[Mark]:
    """A dot between two factors is a product; what is no letter of a setting is what belongs to the one before it."""
    found: list[Mark] = []
    k = 0
    while k < len(marks):
        mark, behind = marks[k], marks[k + 1] if k + 1 < len(marks) else None
        before = found[-1] if found else None
        k += 1
        if mark.text != "." or before is None or behind is None:
            found.append(mark)
            continue
        apart = mark.at - before.at - len(before.text), behind.at - mark.at - 1
        if not (_ends_a_factor(before) or (before.text.isdecimal() and min(apart) > 0)):
            found.append(mark)
            continue
        letter = is_letter(behind.text)
        if apart == (0, 0) and letter and name_of(behind.text) not in known and is_letter(before.text):
            end = k
            while end < len(marks) and marks[end].text.isalpha() and marks[end].at == mark.at + 1 + end - k:
                end += 1
            name = "".join(one.text for one in marks[k:end])
            found[-1:] = _belonging(before, name)
            k = end
        elif (apart == (0, 0) or min(apart) > 0) and (letter or behind.text in {"(", r"\frac", r"\sum"}):
            found.append(Mark(r"\cdot", mark.at))
        else:
            found.append(mark)
    return found


def _ends_a_factor(mark: Mark) -> bool:
    return is_letter(mark.text) or mark.text in CLOSE


def _belonging(before: Mark, name: str) -> list[Mark]:
    """What belongs to a letter, as code says it: its transpose, or a letter of the student's own."""
    if name == "T":
        return [before, Mark("^", before.at), Mark("T", before.at)]
    return [Mark(rf"\mathrm{{{before.text.strip(chr(92))}{name}}}"[:30], before.at)]


def _is_a_differential(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and texts[0] in {"d", UPRIGHT_D} and (is_letter(texts[1]) or texts[1] in BOLD)


def _is_between_factors(marks: Sequence[Mark], k: int) -> bool:
    """Whether a colon stands right between two factors, and no other statement begins behind it."""
    before, behind = marks[k - 1], marks[k + 1] if k + 1 < len(marks) else marks[k]
    close = behind.at == marks[k].at + 1
    factors = (before.text.isalnum() or before.text in CLOSE) and (behind.text.isalpha() or behind.text in {"(", "d"})
    ahead = (mark.text for mark in marks[k + 1 :])
    alone = k == 1 and is_letter(behind.text) and [mark.text for mark in marks[k + 2 : k + 3]] == ["="]
    if close and factors and alone:
        return name_of(before.text) not in _INDEX_LETTERS
    return close and factors and next((text for text in ahead if text in {"=", r"\\", "&", ",", ";"}), "") != "="


def is_frobenius(taking: Taking, marks: Sequence[Mark], k: int) -> bool:
    """Whether a colon in a chain of differentials stands before one: a product of matrices that is a number."""
    if taking.kind in {"side", "start"} and taking.piece and _is_between_factors(marks, k):
        return True
    ahead = [mark.text for mark in marks[k + 1 : k + 3]]
    if taking.piece and any(mark.text == r"\partial" for mark in taking.piece) and _is_a_differential(ahead):
        return True
    chain = taking.statements[-1].sides[0] if taking.kind == "side" and taking.statements and taking.piece else []
    after = marks[k + 1 : k + 4]
    bracketed = after[1:] if after and after[0].text in {"(", "["} else after
    return all(_is_a_differential([mark.text for mark in some[:2]]) for some in (chain, bracketed))
