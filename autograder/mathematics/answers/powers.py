"""Whole powers of square matrices, the inverse among them."""

from decimal import Decimal
from functools import reduce

from autograder.mathematics.answers.entries import inner
from autograder.mathematics.answers.numbers import (
    ElsewhereError,
    Grid,
    Number,
    UnreadableError,
    Value,
    is_scalar,
    is_vector,
    number_in,
    times,
)

_MOST = 8


def raised(base: Value, exponent: Number, *, matrix: bool) -> Value:
    """Raise a number or a matrix to a power; of a vector the square is that of its length."""
    if is_scalar(base):
        return number_in(base).power(exponent)
    if isinstance(base, tuple) and matrix:
        return matrix_power(base, exponent)
    if is_vector(base) and exponent.value == 2:
        return inner(base, base)
    raise UnreadableError("what has a power must be a number, a vector or a square matrix")


def matrix_power(base: Grid, exponent: Number) -> Value:
    """Raise a matrix to a small whole power."""
    if len(base) != len(base[0]):
        raise ElsewhereError("only square matrices have powers")
    whole = int(exponent.value) if abs(exponent.value) <= _MOST else 0
    if not whole or whole != exponent.value or exponent.slope:
        raise UnreadableError(f"only whole powers of matrices up to {_MOST} can be read")
    factor = base if whole > 0 else _inverse(base)
    factors: list[Value] = [factor] * abs(whole)
    return reduce(times, factors)


def _inverse(base: Grid) -> Grid:
    """The inverse, and how it changes with the matrix."""
    found = inverted([[entry.value for entry in row] for row in base])
    if found is None:
        raise UnreadableError("it divides by a matrix that has no inverse")
    size = range(len(base))
    # The slope of an inverse is minus the inverse times the slope times the inverse.
    half = [[sum((base[i][k].slope * found[k][j] for k in size), Decimal(0)) for j in size] for i in size]
    return tuple(
        tuple(Number(found[i][j], -sum((found[i][k] * half[k][j] for k in size), Decimal(0))) for j in size)
        for i in size
    )


def inverted(matrix: list[list[Decimal]]) -> list[list[Decimal]] | None:
    """Invert a square matrix; None where it has no inverse."""
    size = len(matrix)
    rows = [[*row, *(Decimal(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for k in range(size):
        pivot = max(range(k, size), key=lambda i: abs(rows[i][k]))
        if abs(rows[pivot][k]) < Decimal("1e-25"):
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(size):
            if i != k and rows[i][k]:
                factor = rows[i][k]
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[size:] for row in rows]
