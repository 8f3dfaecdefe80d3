"""What is computed of numbers, vectors and matrices as a whole, or entry by entry."""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce

from autograder.mathematics.answers.numbers import (
    ONE,
    ZERO,
    MisfitError,
    Number,
    UnreadableError,
    Value,
    beside,
    entries_of,
    is_scalar,
    is_vector,
    kronecker,
    mapped,
    number_in,
    shape,
    times,
    transposed,
    without_tensor,
)

Change = Callable[[Number], Number]


def each(value: Value, change: Change) -> Value:
    """Change every entry."""
    plain = without_tensor(value)
    if isinstance(plain, Number):
        return change(plain)
    return mapped(plain, change)


NAMED: dict[str, Change] = {
    "log": Number.log,
    "sqrt": Number.root,
    "tanh": Number.tanh,
    "sign": lambda number: Number(Decimal((number.value > 0) - (number.value < 0))),
}
"""Functions of a number that are taken of every entry."""


def absolute(number: Number) -> Number:
    """Take a number without its sign; at 0 its slope is taken as 0."""
    return -number if number.value < 0 else number if number.value else ZERO


def size(value: Value) -> Value:
    """The absolute value of a number, the length of a vector."""
    return absolute(number_in(value)) if is_scalar(value) else norm(value)


def divided(above: Value, below: Value) -> Value:
    """Divide by a number, or by the entries of a vector."""
    if is_scalar(below):
        return times(ONE / number_in(below), above)
    if not is_vector(below):
        raise UnreadableError("a fraction's lower half must be a number or a vector, not a matrix")
    return beside(above, below, Number.__truediv__, "divided by")


def power(base: Value, exponent: Number) -> Value:
    """Raise every entry to a power."""
    return each(base, lambda number: number.power(exponent))


def larger(left: Value, right: Value) -> Value:
    """The larger of two, entry by entry; a number stands beside every entry."""
    return beside(left, right, lambda a, b: a if a.value > b.value else b, "compared with")


def above(left: Value, right: Value, *, strict: bool) -> Value:
    """1 where one is above another, else 0; a number stands beside every entry."""

    def join(a: Number, b: Number) -> Number:
        return ONE if a.value > b.value or (a.value == b.value and not strict) else ZERO

    return beside(left, right, join, "compared with")


def largest(values: list[Number]) -> Number:
    """The largest of some numbers."""
    return max(values, key=lambda number: number.value)


def total(value: Value) -> Number:
    """Add all entries up."""
    return reduce(Number.__add__, entries_of(value))


def mean(value: Value) -> Number:
    """The mean of all entries."""
    return total(value) / Number(Decimal(len(entries_of(value))))


def diagonal(vector: Value) -> Value:
    """Put a vector on the diagonal of a matrix."""
    if is_scalar(vector):
        return number_in(vector)
    if not is_vector(vector):
        raise UnreadableError("diag takes a vector")
    numbers = entries_of(vector)
    return tuple(tuple(number if i == j else ZERO for j in range(len(numbers))) for i, number in enumerate(numbers))


def trace(value: Value) -> Value:
    """Add up the diagonal."""
    if isinstance(value, Number):
        return value
    if not isinstance(value, tuple) or len(value) != len(value[0]):
        raise MisfitError("the trace of what is not square")
    return reduce(Number.__add__, (row[k] for k, row in enumerate(value)))


def inner(left: Value, right: Value) -> Value:
    """The sum of the products of entries where shapes agree, of matrices too."""
    if isinstance(left, tuple) and shape(left) == shape(right):
        return sum(map(Number.__mul__, entries_of(left), entries_of(right)), ZERO)
    return times(transposed(left), right)


def norm(value: Value, kind: tuple[str, ...] = ()) -> Value:
    """The length of a vector, or of a matrix by all of its entries; or the sum of absolute values."""
    if kind == ("1",) and is_vector(value):
        return total(each(value, absolute))
    if isinstance(value, tuple) and kind != ("F",) and not is_vector(value):
        raise UnreadableError("nothing says which norm of a matrix is meant")
    return number_in(inner(value, value)).root()


def outer(left: Value, right: Value) -> Value:
    """Multiply every entry of a vector with every one of another."""
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return times(left, right)
    if not (is_vector(left) and is_vector(right)):
        return kronecker(left, right)
    return tuple(tuple(a * b for b in entries_of(right)) for a in entries_of(left))
