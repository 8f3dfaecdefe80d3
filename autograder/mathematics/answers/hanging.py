"""Cases that hang on a sign of equality, or stand where the number of a formula does: as if they stood beside it."""

import re
from collections.abc import Iterator, Sequence

from autograder.mathematics.answers.marks import Mark, argument

_ON_A_SIGN = frozenset({r"\overset", r"\stackrel", r"\underset"})
_TAGS = frozenset({r"\tag", r"\tag*"})
_CASE = re.compile(r"[ $(]{0,6}([a-z]) {0,3}(=|\\neq?|\\not *=|≠) {0,3}([a-z])[ $)]{0,6}")
_LONGEST = 24
"""Marks of a case."""


def unhung(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Give marks with each such case before its sign, or at its formula's end, between spaces."""
    at = 0
    while at < len(marks):
        mark = marks[at]
        case: list[Mark] = []
        if mark.text in _ON_A_SIGN or mark.text in _TAGS:
            inner, end = argument(marks, at + 1)
            case = _case(inner, mark.at)
        if not case:
            yield mark
            at += 1
            continue
        yield from case
        at = end
        if mark.text in _ON_A_SIGN:
            sign, at = argument(marks, end)
            yield from sign


def _case(inner: Sequence[Mark], at: int) -> list[Mark]:
    found = _CASE.fullmatch("".join(one.text for one in inner)) if len(inner) < _LONGEST else None
    if found is None:
        return []
    sign = "=" if found[2] == "=" else r"\neq"
    return [Mark(text, at) for text in (r"\quad", found[1], sign, found[3], r"\quad")]
