"""Rows of cases and matrices that stand in a side: where each begins, and which of them is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.mathematics.answers.marks import Mark
from autograder.mathematics.answers.numbers import Value, same
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World


def rows_of(marks: Sequence[Mark]) -> tuple[int, ...]:
    """Where rows begin, if one environment alone stands in a side."""
    found: list[int] = []
    level = 0
    begins = False
    for mark in marks:
        opens, closes = mark.text.startswith(r"\begin{"), mark.text.startswith(r"\end{")
        level -= closes
        if begins and not closes:
            found.append(mark.at)
        begins = False
        if opens and not level and found:
            return ()
        level += opens
        begins = level == 1 and (mark.text == r"\\" or opens)
    return tuple(found)


def differing(world: World, side: t.Node, values: tuple[Value, Value]) -> int:
    """The row of a side where two values differ; less than 0 where it has no rows."""
    if isinstance(side, t.Cases):
        return next((k for k, (_, when) in enumerate(side.rows) if when is None or world.holds(when)), -1)
    left, right = values
    if not isinstance(side, t.Matrix) or not isinstance(left, tuple) or not isinstance(right, tuple):
        return -1
    return next((k for k, pair in enumerate(zip(left, right, strict=False)) if not same((pair[0],), (pair[1],))), -1)
