"""Derivatives of derivatives: of the inner one's exact values on both sides of a point, close by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from autograder.mathematics.answers.numbers import Number, Place, Tensor, UnreadableError, Value, places
from autograder.mathematics.answers.records import Point
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

_DIGITS = 120
_STEP = Decimal("1e-35")
"""The quotient departs from the slope by its square."""


def nested(world: World, node: t.Partial) -> Value:
    """Compute a derivative whose slope is asked for, too."""
    assert world.varied is not None
    name, place = world.varied
    functions, symbols = world.known.setting.functions, world.known.setting.symbols
    if world.bound or (name not in symbols and name not in functions.values()):
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
        numbers = dict(point.numbers)
        numbers[name, place] = point.numbers[name, place] + step
        beside = Point(point.size, point.shapes, numbers)
        numbers |= _gradients(world, world.at(beside), (name, place, step))
        shifted[key] = Point(point.size, point.shapes, numbers)
    return world.at(shifted[key])


def _gradients(here: World, there: World, moved: tuple[str, Place, Decimal]) -> Mapping[tuple[str, Place], Decimal]:
    """The gradients of arbitrary functions elsewhere: their second derivatives are numbers like any, and symmetric."""
    found: dict[tuple[str, Place], Decimal] = {}
    name, place, step = moved
    for cost, of in here.known.setting.functions.items():
        entries = places(here.point.shapes[of])
        if of == name:
            steps = [step if entry == place else Decimal(0) for entry in entries]
        else:
            one, other = (replace(world, letters={}, varied=None) for world in (here, there))
            steps = [other.given(of, entry).value - one.given(of, entry).value for entry in entries]
        gradient = here.known.given[cost]
        for k, entry in enumerate(entries):
            change = sum((_second(k, m) * by for m, by in enumerate(steps) if by), Decimal(0))
            found[gradient, entry] = here.point.numbers[gradient, entry] + change
    return found


def _second(k: int, m: int) -> Decimal:
    return Decimal((k + 1) ** 3 + (m + 1) ** 3).sqrt() / 3


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
