"""What a tree is worth: SymPy expressions, and matrices of them that fit or do not.

A matrix is a function from a row and a column to an element, so that numbers and symbols serve as dimensions alike.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp

from autograder.mathematics.formulas.context import MisfitError

Scalar: TypeAlias = Any  # sympy.Expr: SymPy is not typed

ZERO = sp.Symbol("0")
ONE = sp.Integer(1)


class Exponential(sp.Function):  # type: ignore[misc] # SymPy is not typed
    """The exponential, which SymPy's own would rearrange before we look.

    SymPy hands a number's evaluation to what mpmath has under the class's name, if it has anything: `E` would be a
    constant there, whose precision is the argument. So it has a name of its own, and its own evaluation.
    """

    def fdiff(self, argindex: int = 1) -> Scalar:  # noqa: ARG002 - the signature is SymPy's
        """Differentiate: it is its own slope."""
        return self

    def _eval_evalf(self, prec: int) -> Scalar:
        return sp.exp(self.args[0])._eval_evalf(prec)


class Logarithm(sp.Function):  # type: ignore[misc] # SymPy is not typed
    """The natural logarithm, of what is above 0."""

    @classmethod
    def eval(cls, of: Scalar) -> Scalar:
        """Know that of 1."""
        return sp.S.Zero if of == 1 else None

    def fdiff(self, argindex: int = 1) -> Scalar:  # noqa: ARG002 - the signature is SymPy's
        """Differentiate."""
        return 1 / self.args[0]

    def _eval_evalf(self, prec: int) -> Scalar:
        return sp.log(self.args[0])._eval_evalf(prec)


class Root(sp.Function):  # type: ignore[misc] # SymPy is not typed
    """The square root, which SymPy's own would write as a power."""

    def fdiff(self, argindex: int = 1) -> Scalar:  # noqa: ARG002 - the signature is SymPy's
        """Differentiate."""
        return 1 / (2 * self)

    def _eval_evalf(self, prec: int) -> Scalar:
        return sp.sqrt(self.args[0])._eval_evalf(prec)


class HyperbolicTangent(sp.Function):  # type: ignore[misc] # SymPy is not typed
    """The hyperbolic tangent."""

    def fdiff(self, argindex: int = 1) -> Scalar:  # noqa: ARG002 - the signature is SymPy's
        """Differentiate."""
        return 1 - self**2

    def _eval_evalf(self, prec: int) -> Scalar:
        return sp.tanh(self.args[0])._eval_evalf(prec)


class Step(sp.Function):  # type: ignore[misc] # SymPy is not typed
    """1 above 0, else 0; its slope is 0 but at the kink, of which nothing is said."""

    @classmethod
    def eval(cls, of: Scalar) -> Scalar:
        """Bring it into one form: of a number it is known, and of opposite things it is opposite."""
        of = sp.expand(of)
        if of.is_number:
            return sp.Integer(1 if of > 0 else 0)
        content, rest = of.as_content_primitive()
        if rest.could_extract_minus_sign():
            return 1 - cls(-rest)
        return None if content == 1 and rest == of else cls(rest)

    def fdiff(self, argindex: int = 1) -> Scalar:  # noqa: ARG002 - the signature is SymPy's
        """Differentiate."""
        return sp.S.Zero


@dataclass(frozen=True, eq=False)
class Grid:
    """A matrix, of whole numbers of rows and columns, or of symbols for them."""

    rows: Scalar
    columns: Scalar
    #: The element in a row and a column, both from 1.
    at: Callable[[Scalar, Scalar], Scalar]


Value: TypeAlias = "Scalar | Grid"


Add: TypeAlias = Callable[[Sequence[Scalar]], Scalar]
Multiply: TypeAlias = Callable[[Scalar, Scalar], Scalar]


def sum_of(terms: Sequence[Scalar]) -> Scalar:
    """Add numbers."""
    return sp.Add(*terms)


def plus(terms: Sequence[Value], add: Add = sum_of) -> Value:
    """Add."""
    grids = [term for term in terms if isinstance(term, Grid)]
    if not grids:
        return add(terms)
    if len(grids) < len(terms):
        raise MisfitError("a number is added to a matrix")
    shapes = list(dict.fromkeys((grid.rows, grid.columns) for grid in grids))
    if len(shapes) > 1:
        raise MisfitError(f"{_by(shapes[0])} is added to {_by(shapes[1])}")
    return Grid(*shapes[0], lambda i, j: add([grid.at(i, j) for grid in grids]))


def times(left: Value, right: Value, add: Add = sum_of, multiply: Multiply = operator.mul) -> Value:
    """Multiply, as matrices when both are."""
    if not isinstance(left, Grid):
        return each(right, lambda element: multiply(left, element))
    if not isinstance(right, Grid):
        return each(left, lambda element: multiply(element, right))
    if left.columns != right.rows:
        shapes = (left.rows, left.columns), (right.rows, right.columns)
        raise MisfitError(f"{_by(shapes[0])} is multiplied by {_by(shapes[1])}")

    def element(i: Scalar, j: Scalar) -> Scalar:
        return over(left.columns, lambda k: multiply(left.at(i, k), right.at(k, j)), add)

    return Grid(left.rows, right.columns, element)


def over(count: Scalar, term: Callable[[Scalar], Scalar], add: Add = sum_of) -> Scalar:
    """Add up over an index from 1: written out when the count is a number, else as a sum."""
    if count == 1:
        return term(ONE)
    if count.is_Integer:
        return add([term(sp.Integer(k)) for k in range(1, int(count) + 1)])
    k = sp.Dummy("k", integer=True)
    return sp.Sum(term(k), (k, 1, count))


def diagonal(of: Value) -> Grid:
    """Lay a column out on a diagonal."""
    if not isinstance(of, Grid) or of.columns != 1:
        raise MisfitError("diag is applied to something that is not a column")
    return Grid(of.rows, of.rows, lambda i, j: sp.KroneckerDelta(i, j) * of.at(i, ONE))


def each(value: Value, change: Callable[[Scalar], Scalar]) -> Value:
    """Change a number, or every element of a matrix."""
    if isinstance(value, Grid):
        return Grid(value.rows, value.columns, lambda i, j: change(value.at(i, j)))
    return change(value)


def _by(shape: tuple[Scalar, Scalar]) -> str:
    return f"{shape[0]} x {shape[1]}"
