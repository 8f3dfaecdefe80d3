"""Limits of quotients as a letter of the student's own goes to 0: the slopes of both parts there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from autograder.mathematics.answers.entries import each
from autograder.mathematics.answers.numbers import (
    MisfitError,
    Number,
    UnreadableError,
    Value,
    is_scalar,
    number_in,
    without_tensor,
)
from autograder.mathematics.answers.records import OWN, Definition
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

LIMIT = "limit"
_UNREAD = "this limit is not read"
_ZERO = Decimal("1e-25")


def _quotient(body: t.Node) -> t.Node:
    """A product with fractions in it as one fraction."""
    if not isinstance(body, t.Times) or not any(isinstance(one, t.Fraction) for one in body.factors):
        return body
    fractions = [one for one in body.factors if isinstance(one, t.Fraction)]
    above = [one.numerator if isinstance(one, t.Fraction) else one for one in body.factors]
    below = [one.denominator for one in fractions]
    return t.Fraction(numerator=_product(above), denominator=_product(below))


def _product(factors: list[t.Node]) -> t.Node:
    return factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=(True,) * (len(factors) - 1))


def compute(world: World, letter: t.Node, body: t.Node) -> Value:
    """Compute a limit of a quotient of two numbers that vanish at 0, or whose divisor does not; no other is known."""
    body = _quotient(body)
    if not isinstance(body, t.Fraction) or not isinstance(letter, t.Symbol) or world.varied is not None:
        raise UnreadableError(_UNREAD)
    if world.known.find(letter):
        raise UnreadableError(_UNREAD)
    definitions = {**world.definitions, (letter.name, 0): Definition(indices=(), body=t.Number(digits="0"))}
    near = world.seeing(definitions=definitions, varied=(OWN + letter.name, ()))
    parts: list[Value] = []
    for part in (body.numerator, body.denominator):
        try:
            parts.append(without_tensor(near.evaluate(part)))
        except MisfitError as error:
            raise UnreadableError(_UNREAD) from error
    above, below = parts
    if not is_scalar(below):
        raise UnreadableError(_UNREAD)
    jumps = any(isinstance(one, t.Cases | t.Operation) for one in t.walk(body))
    return each(above, lambda one: _limit(one, number_in(below), jumps=jumps))


def _limit(above: Number, below: Number, *, jumps: bool) -> Number:
    if abs(below.value) > _ZERO and not jumps:
        return Number(above.value / below.value)
    if abs(above.value) > _ZERO or abs(below.value) > _ZERO or not below.slope:
        raise UnreadableError(_UNREAD)
    return Number(above.slope / below.slope)
