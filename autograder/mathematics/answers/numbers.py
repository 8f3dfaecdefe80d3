"""Numbers that carry one derivative, and matrices of them: what a student's line is worth at one point."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from operator import add
from typing import TypeAlias

EXACT = Context(prec=40, Emax=9999, Emin=-9999)
"""What everything here is computed in: `decimal.localcontext` of it."""

_MOST_EXPONENT = 64


class UnreadableError(Exception):
    """A line that is well formed but means nothing that can be computed here; the text says why."""


class MisfitError(Exception):
    """Matrices whose shapes do not fit; the text names the shapes."""


@dataclass(frozen=True, slots=True)
class Number:
    """A value, and its derivative by whatever is varied: to 40 digits, with bounded exponents."""

    value: Decimal
    slope: Decimal = Decimal(0)

    def __add__(self, other: Number) -> Number:
        return Number(self.value + other.value, self.slope + other.slope)

    def __neg__(self) -> Number:
        return Number(-self.value, -self.slope)

    def __mul__(self, other: Number) -> Number:
        return Number(self.value * other.value, self.value * other.slope + self.slope * other.value)

    def __truediv__(self, other: Number) -> Number:
        if not other.value:
            raise UnreadableError("it divides by zero")
        quotient = self.value / other.value
        return Number(quotient, (self.slope - quotient * other.slope) / other.value)

    def exp(self) -> Number:
        """Raise e to it.

        Raises
        ------
        UnreadableError
            If the result would be too large.
        """
        if abs(self.value) > 500:
            raise UnreadableError("the number in an exponential is too large")
        value = self.value.exp()
        return Number(value, value * self.slope)

    def power(self, exponent: Number) -> Number:
        """Raise it to a small whole number.

        Raises
        ------
        UnreadableError
            If the exponent is anything else.
        """
        whole = int(exponent.value) if abs(exponent.value) <= _MOST_EXPONENT else None
        if whole is None or whole != exponent.value or exponent.slope:
            raise UnreadableError(f"only whole exponents up to {_MOST_EXPONENT} can be read")
        result = ONE
        for _ in range(abs(whole)):
            result = result * self
        return result if whole >= 0 else ONE / result


ZERO, ONE = Number(Decimal(0)), Number(Decimal(1))
Grid: TypeAlias = tuple[tuple[Number, ...], ...]
Value: TypeAlias = "Number | Grid"


def shape(value: Value) -> str:
    """A value's shape in words, such as ``2x3`` or ``a number``."""
    return f"{len(value)}x{len(value[0])}" if isinstance(value, tuple) else "a number"


def column(numbers: list[Number]) -> Grid:
    """Stand numbers in a column."""
    return tuple((number,) for number in numbers)


def transposed(value: Value) -> Value:
    """Transpose a matrix; a number stays."""
    return tuple(zip(*value, strict=True)) if isinstance(value, tuple) else value


def plus(left: Value, right: Value) -> Value:
    """Add two values of one shape.

    Raises
    ------
    MisfitError
        If their shapes differ.
    """
    if isinstance(left, Number) and isinstance(right, Number):
        return left + right
    if shape(left) != shape(right) or isinstance(left, Number) or isinstance(right, Number):
        raise MisfitError(f"{shape(left)} plus {shape(right)}")
    return tuple(tuple(a + b for a, b in zip(*rows, strict=True)) for rows in zip(left, right, strict=True))


def times(left: Value, right: Value) -> Value:
    """Multiply two values; the product of two matrices is a matrix, of whatever shape.

    Raises
    ------
    MisfitError
        If their inner sizes differ.
    """
    if isinstance(left, Number):
        if isinstance(right, Number):
            return left * right
        return tuple(tuple(left * entry for entry in row) for row in right)
    if isinstance(right, Number):
        return times(right, left)
    if len(left[0]) != len(right):
        raise MisfitError(f"{shape(left)} times {shape(right)}")
    columns = tuple(zip(*right, strict=True))
    return tuple(tuple(reduce(add, map(Number.__mul__, row, one)) for one in columns) for row in left)


def same(left: Value, right: Value) -> bool:
    """Whether two values agree to 30 digits.

    Raises
    ------
    MisfitError
        If their shapes differ.
    """
    if shape(left) != shape(right):
        raise MisfitError(f"{shape(left)} on the left, {shape(right)} on the right")
    return all(
        abs(a - b) <= Decimal("1e-30") * (1 + abs(a) + abs(b)) for a, b in zip(flat(left), flat(right), strict=True)
    )


def flat(value: Value) -> list[Decimal]:
    """The numbers of a value, row by row, without derivatives."""
    return [value.value] if isinstance(value, Number) else [entry.value for row in value for entry in row]
