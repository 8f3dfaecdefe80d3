"""Derivatives of derivatives: of the inner one's exact values on both sides of a point, close by."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from autograder.mathematics.answers.numbers import Number, Place, Tensor, UnreadableError, Value
from autograder.mathematics.answers.records import Point
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

_DIGITS = 120
_STEP = Decimal("1e-35")
"""The quotient departs from the slope by its square."""


def nested(world: World, node: t.Partial) -> Value:
    """Compute a derivative whose slope is asked for, too.

    Raises
    ------
    UnreadableError
        If it is not known how the derivative changes, as that of an arbitrary function.
    """
    assert world.varied is not None
    name, place = world.varied
    if world.known.has_cost or world.bound or name not in world.known.setting.symbols:
        raise UnreadableError("second derivatives of this are not read")
    value = world.seeing().evaluate(node)
    with localcontext() as context:
        context.prec = _DIGITS
        above, below = (_beside(world, name, place, step).evaluate(node) for step in (_STEP, -_STEP))
        return _joined(value, above, below)


def _beside(world: World, name: str, place: Place, step: Decimal) -> World:
    """The same world with one number a little larger."""
    shifted, point = world.point.shifted, world.point
    key = (name, place, step)
    if key not in shifted:
        numbers = {**point.numbers, (name, place): point.numbers[name, place] + step}
        shifted[key] = Point(point.size, point.shapes, numbers)
    return world.at(shifted[key])


def _joined(value: Value, above: Value, below: Value) -> Value:
    if isinstance(value, Number) and isinstance(above, Number) and isinstance(below, Number):
        return Number(value.value, (above.value - below.value) / (2 * _STEP))
    if isinstance(value, Tensor) or not (
        isinstance(value, tuple) and isinstance(above, tuple) and isinstance(below, tuple)
    ):
        raise UnreadableError("second derivatives of this are not read")
    rows = zip(value, above, below, strict=True)
    return tuple(
        tuple(Number(v.value, (a.value - b.value) / (2 * _STEP)) for v, a, b in zip(*row, strict=True)) for row in rows
    )
