"""What a tree means: SymPy expressions, at a given size or for symbolic dimensions, under premises that may be fewer.

An arbitrary cost is a symbol whose partial derivatives by the vector it depends on are names; every other derivative of
it follows by the chain rule. One evaluator serves numbers for dimensions (sums are written out) and symbols (sums stay
sums).
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sympy as sp

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.context import Context, MisfitError, UnreadError, ranges
from autograder.mathematics.proof.rules import ALL, Premises
from autograder.mathematics.proof.symbolic import added, multiplied
from autograder.mathematics.proof.values import (
    ONE,
    ZERO,
    Add,
    Exponential,
    Grid,
    HyperbolicTangent,
    Logarithm,
    Multiply,
    Root,
    Scalar,
    Step,
    Value,
    diagonal,
    each,
    over,
    plus,
    sum_of,
    times,
)

MOST_EXPONENT = 8
MOST_TERMS = 64
Indices = Mapping[str, Scalar]
_ELEMENTWISE = {"log": Logarithm, "sqrt": Root, "tanh": HyperbolicTangent}


@dataclass(eq=False)
class Meaning:
    """Evaluate trees at one size."""

    context: Context
    #: The dimensions: whole numbers, or symbols.
    size: Mapping[str, Scalar]
    premises: Premises = ALL

    def __post_init__(self) -> None:
        """Start without anything found."""
        # Where 0 is a number, there is nothing to gather.
        self._add: Add = added if self.premises.sums and not self.premises.zero else sum_of
        self._multiply: Multiply = operator.mul if self.premises.zero else multiplied
        self._elements: dict[Any, Scalar] = {}
        self._slopes: dict[Any, Scalar] = {}
        self._sides: dict[Any, Value] = {}

    # ------------------------------------------------------------ values

    def side(self, node: t.Node, at: Indices) -> Value:
        """Evaluate a side of a chain, which is held against several others: each element once."""
        key = (node, tuple(at.items()))
        if key not in self._sides:
            value = self.value(node, at)
            self._sides[key] = Grid(value.rows, value.columns, cache(value.at)) if isinstance(value, Grid) else value
        return self._sides[key]

    def value(self, node: t.Node, at: Indices) -> Value:
        """Evaluate a tree."""
        match node:
            case t.Number():
                number = sp.Rational(node.digits)
                return ZERO if number == 0 and not self.premises.zero else number
            case t.Symbol():
                return self._symbol(node, at)
            case t.Applied():
                return self._applied(node, at)
            case t.Negative():
                return each(self.value(node.of, at), lambda element: -element)
            case t.Plus():
                return plus(self._terms(node, at), self._add)
            case t.Times():
                product = self.value(node.factors[0], at)
                for factor in node.factors[1:]:
                    product = times(product, self.value(factor, at), self._add, self._multiply)
                return product
            case t.Fraction():
                below = self.scalar(node.denominator, at)
                if below == 0:
                    raise UnreadError("a denominator is 0")
                return each(self.value(node.numerator, at), lambda element: self._multiply(element, 1 / below))
            case t.Power():
                return self.scalar(node.base, at) ** self._exponent(node.exponent)
            case t.Transpose():
                of = self.value(node.of, at)
                return Grid(of.columns, of.rows, lambda i, j: of.at(j, i)) if isinstance(of, Grid) else of
            case t.Function(name="exp"):
                return Exponential(sp.expand(self.scalar(node.argument, at)))
            case t.Function():
                return diagonal(self.value(node.argument, at))
            case t.Total():
                return self._total(node, at)
            case t.Matrix():
                rows = [[self.scalar(element, at) for element in row] for row in node.rows]
                return Grid(sp.Integer(len(rows)), sp.Integer(len(rows[0])), lambda i, j: rows[int(i) - 1][int(j) - 1])
            case t.Cases():
                return self._cases(node, at)
            case t.Partial():
                return self._partial(node, at)
            case t.Operation(name="max"):
                left, right = (self._branch(one, at) for one in node.of)
                return right + (left - right) * Step(left - right)
            case t.Operation(name=name) if name in _ELEMENTWISE:
                return each(self.value(node.of[0], at), _ELEMENTWISE[name])
            case t.Operation() | t.Above():
                raise UnreadError(f"{getattr(node, 'name', 'a relation')} is for students' lines only")

    def _terms(self, node: t.Plus, at: Indices) -> list[Value]:
        values = [self.value(term, at) for term in node.terms]
        if not self.premises.deltas:
            return values
        numbers = [
            value.subs(ZERO, 0) if not isinstance(value, Grid) and _is_delta(term) else value
            for term, value in zip(node.terms, values, strict=True)
        ]
        return values if all(number == 0 for number in numbers) else numbers

    def scalar(self, node: t.Node, at: Indices) -> Scalar:
        """Evaluate a tree that must be a number."""
        value = self.value(node, at)
        if not isinstance(value, Grid):
            return value
        if (value.rows, value.columns) == (1, 1):
            return value.at(ONE, ONE)
        raise MisfitError(f"a {value.rows} x {value.columns} matrix stands where a number must stand")

    def _symbol(self, symbol: t.Symbol, at: Indices) -> Value:
        if symbol.name == "delta" and len(symbol.indices) == 2 and self.context.shape("delta") is None:
            left, right = (self._index(index, at) for index in symbol.indices)
            same = sp.KroneckerDelta(left, right)
            return ZERO if same == 0 and not self.premises.zero else same
        if not symbol.indices and not symbol.bold and self.context.shape(symbol.name) is None:
            for known in (self.size, at):
                if symbol.name in known:
                    return known[symbol.name]
        name, indices = self.context.resolve(symbol)
        shape = self.context.shape(name) or ()
        if not indices and shape:
            if len(shape) == 1:
                return Grid(self.size[shape[0]], ONE, lambda i, _: self.element(name, (i,)))
            return Grid(self.size[shape[0]], self.size[shape[1]], lambda i, j: self.element(name, (i, j)))
        return self.element(name, self._indices(name, indices, at))

    def _indices(self, name: str, indices: tuple[str, ...], at: Indices) -> tuple[Scalar, ...]:
        found = tuple(self._index(index, at) for index in indices)
        for index, dimension in zip(found, self.context.shape(name) or (), strict=True):
            size = self.size[dimension]
            if index.is_Integer and size.is_Integer and not 1 <= index <= size:
                raise MisfitError(f"{name} has no index {index}: {dimension} is {size}")
        return found

    def _index(self, index: str, at: Indices) -> Scalar:
        if index in at:
            return at[index]
        if index.isdigit():
            return sp.Integer(index)
        if index in self.size:
            return self.size[index]
        raise UnreadError(f"nothing says what the index {index} runs over")

    def element(self, name: str, indices: tuple[Scalar, ...]) -> Scalar:
        """Evaluate an element of a symbol, or a symbol that is a number."""
        key = (name, indices)
        if key not in self._elements:
            self._elements[key] = self._element(name, indices)
        return self._elements[key]

    def _element(self, name: str, indices: tuple[Scalar, ...]) -> Scalar:
        defined = self.context.definitions.get(name)
        if defined is None:
            return sp.IndexedBase(name)[indices] if indices else sp.Symbol(name)
        if not defined.shape:
            return self.scalar(defined.right, {})
        if defined.left.indices:
            return self.value(defined.right, dict(zip(defined.left.indices, indices, strict=True)))
        right = self.value(defined.right, {})
        return right.at(indices[0], indices[1] if len(indices) > 1 else ONE)

    def _applied(self, node: t.Applied, at: Indices) -> Value:
        name, _ = self.context.resolve(node.function)
        costs = self.context.setting.functions
        depends = costs.get(name) or next(iter(costs.values()), None)
        if self.context.shape(name) == () and depends == node.argument.name:
            return self.value(node.function, at)
        return times(self.value(node.function, at), self.value(node.argument, at), self._add)

    # ------------------------------------------------------------ arithmetic

    def _exponent(self, node: t.Node) -> Scalar:
        sign, digits = (-1, node.of) if isinstance(node, t.Negative) else (1, node)
        if not isinstance(digits, t.Number) or not digits.digits.isdigit() or int(digits.digits) > MOST_EXPONENT:
            raise UnreadError(f"an exponent is a whole number up to {MOST_EXPONENT}")
        return sp.Integer(sign * int(digits.digits))

    def _cases(self, node: t.Cases, at: Indices) -> Value:
        value: Value = None
        for branch, condition in reversed(node.rows):
            if condition is None:
                value = self._branch(branch, at)
                continue
            here = self._holds(condition, at)
            if value is None:
                if not any(_opposite(condition, other) for _, other in node.rows):
                    raise UnreadError("the cases leave something out")
                value = sp.S.Zero
            if here != 0:  # an index out of range in the other case does not matter
                value = self._branch(branch, at) * here + value * (1 - here)
        return value

    def _branch(self, node: t.Node, at: Indices) -> Scalar:
        """What stands in a case or is compared: a 0 there is no slope, but a number under all premises."""
        return sp.Rational(node.digits) if isinstance(node, t.Number) else self.scalar(node, at)

    def _holds(self, condition: t.Condition | t.Above, at: Indices) -> Scalar:
        """1 where a condition holds, else 0."""
        if isinstance(condition, t.Above):
            return Step(self._branch(condition.left, at) - self._branch(condition.right, at))
        same = sp.KroneckerDelta(self._index(condition.left, at), self._index(condition.right, at))
        return same if condition.equal else 1 - same

    def _total(self, node: t.Total, at: Indices) -> Value:
        dimension = ranges(node.body, self.context).get(node.index) if node.upper is None else None
        if node.upper is None and dimension is None:
            raise UnreadError(f"nothing says what the index {node.index} runs over")
        upper = self.size[dimension] if dimension else self.scalar(node.upper, at)  # type: ignore[arg-type]
        lower = ONE if node.lower is None else self.scalar(node.lower, at)
        skipped = {self._index(other, at) for other in node.skipped}

        def body(k: Scalar) -> Scalar:
            return self.scalar(node.body, {**at, node.index: k})

        if upper.is_Integer and lower.is_Integer:
            if upper - lower > MOST_TERMS:
                raise UnreadError(f"a sum over more than {MOST_TERMS} terms")
            numbers = (sp.Integer(k) for k in range(int(lower), int(upper) + 1))
            return self._add([body(k) for k in numbers if k not in skipped])
        k = sp.Dummy(node.index, integer=True)
        return sp.Sum(body(k), (k, lower, upper)) - sp.Add(*[body(other) for other in skipped])

    # ------------------------------------------------------------ derivatives

    def _partial(self, node: t.Partial, at: Indices) -> Value:
        name, indices = self.context.resolve(node.by)
        shape = self.context.shape(name) or ()
        if indices or not shape:
            by = self._indices(name, indices, at)
            whole = self._whole(node.of)
            if whole is None:
                return self._slope(node.of, at, name, by)
            of, dimension = whole
            return Grid(self.size[dimension], ONE, lambda i, _: self._element_slope(of, (i,), name, by))
        rows = self.size[shape[0]]
        whole = self._whole(node.of)
        if whole is not None:
            of, dimension = whole
            if len(shape) > 1:
                raise UnreadError("the derivative of a vector with respect to a matrix has no layout here")
            return Grid(self.size[dimension], rows, lambda i, j: self._element_slope(of, (i,), name, (j,)))
        if len(shape) == 2:
            return Grid(rows, self.size[shape[1]], lambda i, j: self._slope(node.of, at, name, (i, j)))
        if name in self.context.setting.rows:
            return Grid(ONE, rows, lambda _, j: self._slope(node.of, at, name, (j,)))
        return Grid(rows, ONE, lambda i, _: self._slope(node.of, at, name, (i,)))

    def is_slope(self, node: t.Node) -> bool:
        """Tell, without finding it, whether a tree is the derivative of a number by a number."""
        if not isinstance(node, t.Partial):
            return False
        name, indices = self.context.resolve(node.by)
        return bool(indices or not self.context.shape(name)) and self._whole(node.of) is None

    def _whole(self, node: t.Node) -> tuple[str, str] | None:
        """Name and dimension of a vector that is differentiated as a whole."""
        if not isinstance(node, t.Symbol):
            return None
        name, indices = self.context.resolve(node)
        shape = self.context.shape(name) or ()
        return (name, shape[0]) if len(shape) == 1 and not indices else None

    def _slope(self, of: t.Node, at: Indices, name: str, by: tuple[Scalar, ...]) -> Scalar:
        if isinstance(of, t.Symbol):
            of_name, indices = self.context.resolve(of)
            if len(self.context.shape(of_name) or ()) != len(indices):
                raise UnreadError("the derivative of a matrix has no layout here")
            if indices:
                return self._element_slope(of_name, self._indices(of_name, indices, at), name, by)
        if name in self.context.definitions:
            self._only_costs(of)
        return self._total_slope(self.scalar(of, at), name, by)

    def _element_slope(self, of: str, index: tuple[Scalar, ...], name: str, by: tuple[Scalar, ...]) -> Scalar:
        key = (of, index, name, by)
        if key not in self._slopes:
            self._slopes[key] = self._new_element_slope(of, index, name, by)
        return self._slopes[key]

    def _new_element_slope(self, of: str, index: tuple[Scalar, ...], name: str, by: tuple[Scalar, ...]) -> Scalar:
        if of == name:
            slope = sp.Mul(*[sp.KroneckerDelta(a, b) for a, b in zip(index, by, strict=True)])
        elif of in self.context.definitions and not self.premises.module:
            return sp.IndexedBase(f"d{of}/d{name}")[(*index, *by)]
        else:
            if name in self.context.definitions:
                raise UnreadError(f"the derivative of {of} with respect to {name} is not understood")
            slope = self.element(of, index).diff(self.element(name, by))
        return ZERO if slope == 0 and not self.premises.zero else slope

    def _only_costs(self, of: t.Node) -> None:
        """Refuse what depends on the module's output other than through a cost."""
        for below in t.walk(of):
            if isinstance(below, t.Symbol) and self.context.shape(self.context.resolve(below)[0]) != ():
                raise UnreadError("only a cost can be differentiated with respect to what the module computes")

    def _total_slope(self, expression: Scalar, name: str, by: tuple[Scalar, ...]) -> Scalar:
        slope = sp.S.Zero
        if name not in self.context.definitions:
            slope = expression.diff(self.element(name, by))
        for cost, vector in self.context.setting.functions.items():
            outer = expression.diff(sp.Symbol(cost))
            if outer != 0:
                slope += outer * self._cost_slope(cost, vector, name, by)
        return slope

    def _cost_slope(self, cost: str, vector: str, name: str, by: tuple[Scalar, ...]) -> Scalar:
        if name == vector or not self.premises.costs:
            return sp.IndexedBase(f"d{cost}/d{name}")[by] if by else sp.Symbol(f"d{cost}/d{name}")
        dimensions = self.context.shape(vector) or ()

        def through(index: tuple[Scalar, ...]) -> Scalar:
            """What the elements of what a cost depends on bring along, from the first dimension to the last."""
            if len(index) == len(dimensions):
                return sp.IndexedBase(f"d{cost}/d{vector}")[index] * self._element_slope(vector, index, name, by)
            return over(self.size[dimensions[len(index)]], lambda k: through((*index, k)), self._add)

        return through(())


def _opposite(one: t.Condition | t.Above, other: t.When) -> bool:
    """Whether either holds, and never both: where two numbers are equal too."""
    if isinstance(one, t.Above) and isinstance(other, t.Above):
        return (one.left, one.right, one.strict) == (other.right, other.left, not other.strict)
    if isinstance(one, t.Condition) and isinstance(other, t.Condition):
        return other != one and {other.left, other.right} == {one.left, one.right}
    return False


@lru_cache(maxsize=256)
def _kept(context: Context, size: tuple[tuple[str, Scalar], ...], premises: Premises) -> Meaning:
    return Meaning(context, dict(size), premises)


def meaning_of(context: Context, size: Mapping[str, Scalar], premises: Premises) -> Meaning:
    """Evaluate at a size under premises; what was found before is kept."""
    return _kept(context, tuple(size.items()), premises)


def _is_delta(term: t.Node) -> bool:
    """Whether a term has a delta, and is 0 for no other reason than this."""
    return "delta" in t.letters(term) and not any(
        isinstance(node, t.Partial) or node == t.Number(digits="0") for node in t.walk(term)
    )
