"""What two terms have in common, such as the first and the last around dots: a letter where their indices differ."""

from collections.abc import Callable
from dataclasses import replace

from autograder.mathematics.formulas import tree as t


def common(one: t.Node, other: t.Node, letter_for: Callable[[str, str], str]) -> t.Node | None:
    """Put a letter in the place of two indices that differ; None where the terms differ in anything else."""
    if isinstance(one, t.Symbol) and isinstance(other, t.Symbol):
        mine, theirs = _apart(one.indices, other.indices)
        if one.name != other.name or len(mine) != len(theirs):
            return None
        pairs = zip(mine, theirs, strict=True)
        return replace(one, indices=tuple(a if a == b else letter_for(a, b) for a, b in pairs))
    if type(one) is not type(other) or len(one.below) != len(other.below) or (not one.below and one != other):
        return None
    parts: list[t.Node] = []
    for left, right in zip(one.below, other.below, strict=True):
        if (part := common(left, right, letter_for)) is None:
            return None
        parts.append(part)
    return t.with_below(one, parts)


def _apart(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Two digits below a matrix are two indices, where the other has two."""
    numbers = [len(one) == 1 and len(one[0]) == 2 and one[0].isdecimal() for one in (mine, theirs)]
    if numbers[0] and (numbers[1] or len(theirs) == 2):
        mine = tuple(mine[0])
    if numbers[1] and len(mine) == 2:
        theirs = tuple(theirs[0])
    return mine, theirs
