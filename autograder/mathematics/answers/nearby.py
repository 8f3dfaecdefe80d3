"""Letters that may be anything, at one point, and what sides are near it: to first order in such letters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from autograder.mathematics.answers.entries import each
from autograder.mathematics.answers.numbers import Number, Place, UnreadableError, Value, column
from autograder.mathematics.answers.points import any_number
from autograder.mathematics.answers.records import SMALL, Shape
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

FIRST_ORDER = "first order"
"""The name of what stands for a side up to terms that vanish faster than some letters."""
VANISHING = "vanishing"
"""And of what stands for such terms."""
_WEIGHT = Decimal(2).sqrt()
"""No slope makes up for a wrong value by accident."""


def near(sides: Sequence[t.Node]) -> frozenset[str]:
    """The letters near 0 of which some sides are meant to first order; none where they are meant as they stand."""
    terms = [one for side in sides for one in t.walk(side) if isinstance(one, t.Operation) and one.name == VANISHING]
    if not all(_is_beyond(one.of[0], fast=one.indices == ("o",)) for one in terms):
        return frozenset()
    return frozenset(one.name for term in terms for one in t.walk(term) if isinstance(one, t.Symbol))


def _is_beyond(of: t.Node, *, fast: bool) -> bool:
    """Whether what is no larger than something, or vanishes faster, vanishes faster than the letters in it."""
    squared = isinstance(of, t.Power) and isinstance(of.exponent, t.Number) and of.exponent != t.Number(digits="1")
    return fast or squared


def worth(world: World, symbol: t.Symbol, shape: Shape) -> Value:
    """What a letter that may be anything is here: numbers that no other letter has."""
    sizes = tuple(world.point.size[dimension] for dimension in shape)
    if symbol.indices or not shape:
        place = tuple(map(world.place, symbol.indices))
        if len(place) != len(sizes) or any(not 0 <= at < size for at, size in zip(place, sizes, strict=True)):
            raise UnreadableError(f"{symbol.name} has no such entry")
        return _entry(world, symbol.name, place)
    if len(sizes) == 1:
        return column([_entry(world, symbol.name, (k,)) for k in range(sizes[0])])
    return tuple(tuple(_entry(world, symbol.name, (i, j)) for j in range(sizes[1])) for i in range(sizes[0]))


def _entry(world: World, name: str, place: Place) -> Number:
    value = any_number(name, place)
    small = world.varied and world.varied[0] == SMALL and name in world.aside.small
    return Number(Decimal(0), value) if small else Number(value)


def first_order(world: World, of: t.Node) -> Value:
    """A side where the letters that are small vanish, and how it changes there, as one number."""
    if world.varied is not None:
        raise UnreadableError("second derivatives of this are not read")
    value = world.seeing(varied=(SMALL, ())).evaluate(of)
    return each(value, lambda entry: Number(entry.value + _WEIGHT * entry.slope))
