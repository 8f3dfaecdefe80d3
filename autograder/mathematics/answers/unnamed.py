"""What symbols are worth that no setting has, and that a student need not define."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from autograder.mathematics.answers import nearby
from autograder.mathematics.answers.numbers import ONE, ZERO, Number, UnreadableError, Value
from autograder.mathematics.answers.points import any_number
from autograder.mathematics.answers.records import PRIME
from autograder.mathematics.answers.unsized import sized
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World


def unnamed(world: World, symbol: t.Symbol) -> Value:
    """Compute Kronecker's delta, an identity as large as the output, a dimension, a letter that may be anything."""
    if (shape := world.aside.free.get(symbol.name)) is not None:
        return nearby.worth(world, symbol, shape)
    size = world.usual_size
    if symbol.name in {"delta", "I"} and len(symbol.indices) == 2:
        left, right = map(world.place, symbol.indices)
        return ONE if left == right else ZERO
    if symbol.name == "I" and size:
        sizes = [world.point.size[index] for index in symbol.indices if index in world.point.size]
        return sized(world, symbol, sizes[0] if sizes else size)
    if symbol.name == "e" and len(symbol.indices) == 1 and size:
        return sized(world, symbol, size)
    if symbol.name in world.point.size and not symbol.indices and symbol.name not in world.letters:
        return Number(Decimal(world.point.size[symbol.name]))
    if world.aside.any_number and not symbol.indices:
        primed = world.varied is not None and world.varied[0] == PRIME
        return Number(any_number(symbol.name), any_number(symbol.name + PRIME) if primed else Decimal(0))
    name = "_".join((symbol.name, *symbol.indices)) if symbol.name in world.known.shapes else symbol.name
    raise UnreadableError(f"nothing says what {name} is")
