"""Numbers that carry one derivative, and matrices of them: what a student's line is worth at one point.

What means nothing here raises `UnreadableError`, what does not fit together `MisfitError`, wherever it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, getcontext
from functools import lru_cache, reduce
from itertools import product
from operator import add
from typing import TypeAlias

from autograder.words import counted

EXACT = Context(prec=40, Emax=9999, Emin=-9999)
"""What everything here is computed in: `decimal.localcontext` of it."""

_MOST_EXPONENT = 64


@lru_cache(maxsize=5_000)
def _exponential(value: Decimal, _: int) -> Decimal:
    """Raise e to a number: it costs as much as a hundred products, and one line takes the same ones at every place."""
    return value.exp()


class UnreadableError(Exception):
    """A line that is well formed but means nothing that can be computed here; the text says why."""


class DomainError(UnreadableError):
    """A function is taken of what it is not defined for at one point."""


class ElsewhereError(UnreadableError):
    """A line that means nothing at this size, and may at others."""


class ZeroError(UnreadableError):
    """A line that divides by zero."""


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
            raise ZeroError("it divides by zero")
        quotient = self.value / other.value
        return Number(quotient, (self.slope - quotient * other.slope) / other.value)

    def exp(self) -> Number:
        """Raise e to it."""
        if abs(self.value) > 500:
            raise UnreadableError("the number in an exponential is too large")
        value = _exponential(self.value, getcontext().prec)
        return Number(value, value * self.slope)

    def log(self) -> Number:
        """Take the natural logarithm."""
        if self.value <= 0:
            raise DomainError("it takes the logarithm of what is not above 0")
        return Number(self.value.ln(), self.slope / self.value)

    def tanh(self) -> Number:
        """Take the hyperbolic tangent."""
        double = (self + self).exp()
        return (double + -ONE) / (double + ONE)

    def logistic(self) -> Number:
        """Take the logistic function."""
        return ONE / (ONE + (-self).exp())

    def root(self) -> Number:
        """Take the square root of what is above 0: at 0 it has no slope."""
        if self.value <= 0:
            raise DomainError("it takes the root of what is not above 0")
        root = self.value.sqrt()
        return Number(root, self.slope / (2 * root))

    def power(self, exponent: Number) -> Number:
        """Raise it to a small power; one that is no whole number is taken of numbers above 0 only."""
        if abs(exponent.value) > _MOST_EXPONENT:
            raise UnreadableError(f"only exponents up to {_MOST_EXPONENT} can be read")
        whole = int(exponent.value)
        if whole != exponent.value or exponent.slope:
            if self.value <= 0:
                raise DomainError("only numbers above 0 have powers that are not whole")
            value = self.value**exponent.value
            slope = exponent.slope * self.value.ln() if exponent.slope else Decimal(0)
            return Number(value, value * (slope + exponent.value * self.slope / self.value))
        result = ONE
        for _ in range(abs(whole)):
            result = result * self
        return result if whole >= 0 else ONE / result


ZERO, ONE = Number(Decimal(0)), Number(Decimal(1))
Grid: TypeAlias = tuple[tuple[Number, ...], ...]
Place: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """The derivative of a vector by a matrix: a matrix for each entry of the vector."""

    slices: tuple[Grid, ...]


Value: TypeAlias = "Number | Grid | Tensor"


def places(dimensions: Sequence[int]) -> list[Place]:
    """The positions of an array's entries, from 0, row by row."""
    return list(product(*map(range, dimensions)))


def is_scalar(value: Value) -> bool:
    """Whether it is a number, or a matrix of one."""
    return isinstance(value, Number) or (isinstance(value, tuple) and len(value) == len(value[0]) == 1)


def number_in(value: Value) -> Number:
    """The number that a value is, when it is one."""
    if isinstance(value, tuple):
        return value[0][0]
    assert isinstance(value, Number)
    return value


def shape(value: Value) -> str:
    """A value's shape in words, such as ``2x3`` or ``a number``."""
    if isinstance(value, Tensor):
        return counted(len(value.slices), "matrix", "matrices")
    return f"{len(value)}x{len(value[0])}" if isinstance(value, tuple) else "a number"


def column(numbers: list[Number]) -> Grid:
    """Stand numbers in a column."""
    return tuple((number,) for number in numbers)


def transposed(value: Value) -> Value:
    """Transpose a matrix; a number stays."""
    plain = without_tensor(value)
    return plain if isinstance(plain, Number) else tuple(zip(*plain, strict=True))


def without_tensor(value: Value) -> Number | Grid:
    """Take a number or a matrix."""
    if isinstance(value, Tensor):
        raise UnreadableError(THREE)
    return value


THREE = "the derivative of a vector with respect to a matrix has three indices, so it is not a matrix"


def entries_of(value: Value) -> list[Number]:
    """All entries, row by row."""
    plain = without_tensor(value)
    return [plain] if isinstance(plain, Number) else [entry for row in plain for entry in row]


def mapped(grid: Grid, change: Callable[[Number], Number]) -> Grid:
    """Change every entry of a matrix."""
    return tuple(tuple(map(change, row)) for row in grid)


def plus(left: Value, right: Value) -> Value:
    """Add two values of one shape; 0 is of any."""
    if isinstance(left, Number) and isinstance(right, Number):
        return left + right
    if ZERO in (left, right):
        return right if left == ZERO else left
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        raise UnreadableError(THREE)
    if is_scalar(left) and is_scalar(right) and isinstance(left, Number) is not isinstance(right, Number):
        return number_in(left) + number_in(right)
    return entrywise(left, right, Number.__add__, "plus")


def loosely_plus(left: Value, right: Value) -> Value:
    """Add two values, where a number beside a vector is added to every entry."""
    if isinstance(left, Number) is not isinstance(right, Number) and (is_vector(left) or is_vector(right)):
        return beside(left, right, Number.__add__, "plus")
    return plus(left, right)


def is_vector(value: Value) -> bool:
    """Whether it is a row or a column."""
    return isinstance(value, tuple) and 1 in {len(value), len(value[0])}


def is_column(value: Value) -> bool:
    """Whether it is a column of more than one number."""
    return isinstance(value, tuple) and len(value[0]) == 1 < len(value)


def beside(left: Value, right: Value, join: Callable[[Number, Number], Number], word: str) -> Value:
    """Join two values entry by entry, where a number stands beside every entry."""
    if isinstance(left, Number) and isinstance(right, Number):
        return join(left, right)
    if isinstance(left, Number) and isinstance(right, tuple):
        return mapped(right, lambda entry: join(left, entry))
    if isinstance(right, Number) and isinstance(left, tuple):
        return mapped(left, lambda entry: join(entry, right))
    return entrywise(left, right, join, word)


def entrywise(left: Value, right: Value, join: Callable[[Number, Number], Number], word: str) -> Value:
    """Join two values of one shape entry by entry."""
    if shape(left) != shape(right) or not isinstance(left, tuple) or not isinstance(right, tuple):
        raise MisfitError(f"{shape(left)} {word} {shape(right)}")
    return tuple(tuple(join(a, b) for a, b in zip(*rows, strict=True)) for rows in zip(left, right, strict=True))


def times(left: Value, right: Value, *, dot: bool = False) -> Value:
    """Multiply two values; the product of two matrices is a matrix, of whatever shape.

    A matrix of one number is a number; with a dot between them two columns have an inner product; a vector beside
    the derivative of a vector by a matrix is summed with it over the vector's index.
    """
    if isinstance(left, Number) and isinstance(right, Number):
        return left * right
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return _contracted(left, right)
    if isinstance(left, Number):
        return mapped(right, left.__mul__) if isinstance(right, tuple) else right
    if isinstance(right, Number):
        return times(right, left)
    if len(left[0]) == len(right):
        columns = tuple(zip(*right, strict=True))
        return tuple(tuple(reduce(add, map(Number.__mul__, row, one)) for one in columns) for row in left)
    if is_scalar(left) or is_scalar(right):
        return times(number_in(left), right) if is_scalar(left) else times(number_in(right), left)
    if dot and shape(left) == shape(right) and is_vector(left):
        return reduce(add, map(Number.__mul__, entries_of(left), entries_of(right)))
    raise MisfitError(f"{shape(left)} times {shape(right)}")


def _contracted(left: Value, right: Value) -> Value:
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        raise UnreadableError(THREE)
    tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
    assert isinstance(tensor, Tensor)
    if isinstance(other, Number):
        return Tensor(tuple(mapped(one, other.__mul__) for one in tensor.slices))
    entries = entries_of(other)
    if not is_vector(other) or len(entries) != len(tensor.slices):
        raise UnreadableError(THREE)
    return reduce(plus, (times(entry, one) for entry, one in zip(entries, tensor.slices, strict=True)))


def kronecker(left: Value, right: Value) -> Value:
    """Multiply every entry of one matrix with all of another."""
    left, right = without_tensor(left), without_tensor(right)
    if isinstance(left, Number) or isinstance(right, Number):
        return times(left, right)
    return tuple(tuple(a * b for a in above for b in below) for above in left for below in right)


def stacked(value: Value) -> Value:
    """The columns of a matrix below each other."""
    turned = transposed(value)
    return column(entries_of(turned)) if isinstance(turned, tuple) else turned


def same(left: Value, right: Value) -> bool:
    """Whether two values agree to 30 digits; 0 is of any shape."""
    if ZERO in (left, right):
        return all(abs(number) <= Decimal("1e-30") for number in (*flat(left), *flat(right)))
    if isinstance(left, Tensor) is not isinstance(right, Tensor):
        raise UnreadableError(THREE)
    if shape(left) != shape(right) and not (is_scalar(left) and is_scalar(right)):
        raise MisfitError(f"{shape(left)} on the left, {shape(right)} on the right")
    return all(
        abs(a - b) <= Decimal("1e-30") * (1 + abs(a) + abs(b)) for a, b in zip(flat(left), flat(right), strict=True)
    )


def flat(value: Value) -> list[Decimal]:
    """The numbers of a value, row by row, without derivatives."""
    if isinstance(value, Tensor):
        return [number for one in value.slices for number in flat(one)]
    return [entry.value for entry in entries_of(value)]
