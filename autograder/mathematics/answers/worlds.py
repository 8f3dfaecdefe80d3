"""A question's symbols at one point: numbers for every letter, from which any line can be computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import product
from typing import Literal

from autograder.mathematics.answers.known import MOST, Known, Size
from autograder.mathematics.answers.numbers import (
    ONE,
    ZERO,
    Grid,
    Number,
    UnreadableError,
    Value,
    column,
    plus,
    times,
    transposed,
)
from autograder.mathematics.formulas import tree as t

Stand = Literal["column", "row"]
Place = tuple[int, ...]
MOST_STEPS = 500_000
"""Nodes computed for one document: its bound on time, whatever it says."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How derivatives of a cost lie."""

    #: The derivatives by vectors.
    given: Stand = "column"
    #: Those by the vectors that `Setting.rows` names.
    rows: Stand = "column"
    #: Whether a derivative by a matrix has the shape of its transpose.
    transposed: bool = False


@dataclass(frozen=True, kw_only=True)
class Definition:
    """An abbreviation of the student's own."""

    #: Its free letters.
    indices: tuple[str, ...]
    body: t.Node


#: By name and number of indices.
Definitions = Mapping[tuple[str, int], Definition]


@dataclass(kw_only=True)
class Budget:
    """Steps that are left."""

    steps: int = MOST_STEPS

    def spend(self) -> None:
        """Take one.

        Raises
        ------
        UnreadableError
            If none is left.
        """
        self.steps -= 1
        if self.steps < 0:
            raise UnreadableError("the answer needs more computing than it is given")


@dataclass(frozen=True, eq=False)
class Point:
    """Numbers for every letter at one size, and what the definitions are worth there, kept once it is found."""

    size: Size
    #: Of the letters of the setting.
    shapes: Mapping[str, tuple[int, ...]]
    #: By letter and position, such as ``("u", (0,))``; a gradient that is given has a letter of its own.
    numbers: Mapping[tuple[str, Place], Decimal]
    defined: dict[tuple[str, Place, tuple[str, Place] | None], Value] = field(default_factory=dict)
    #: How far the letters of sums run, with the sum itself, so that it stays what it is.
    extents: dict[int, tuple[t.Total, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """One point, what is varied there, and what the student has defined."""

    known: Known
    point: Point
    layout: Layout
    definitions: Definitions
    #: Shared by all lines of a document.
    budget: Budget
    #: Values of the free letters, from 0.
    letters: Mapping[str, int]
    #: The letter and position that a derivative is taken by.
    varied: tuple[str, Place] | None = None

    def evaluate(self, node: t.Node) -> Value:
        """Compute one side of an equality, of bounded depth.

        Raises
        ------
        UnreadableError
            If it means nothing here.
        MisfitError
            If shapes do not fit.
        """
        self.budget.spend()
        match node:
            case t.Number():
                return Number(Decimal(node.digits))
            case t.Symbol():
                return self._symbol(node)
            case t.Applied():
                return self._symbol(node.function)
            case t.Negative():
                return times(-ONE, self.evaluate(node.of))
            case t.Plus():
                return reduce(plus, map(self.evaluate, node.terms))
            case t.Times():
                return reduce(times, map(self.evaluate, node.factors))
            case t.Fraction():
                below = ONE / self._number(node.denominator, "a fraction's lower half")
                return times(below, self.evaluate(node.numerator))
            case t.Power():
                return self._number(node.base, "what has a power").power(self._number(node.exponent, "an exponent"))
            case t.Transpose():
                return transposed(self.evaluate(node.of))
            case t.Function():
                return self._function(node)
            case t.Partial():
                return self._partial(node)
            case t.Total():
                return self._total(node)
            case t.Matrix():
                return tuple(tuple(self._number(entry, "an entry") for entry in row) for row in node.rows)
            case t.Cases():
                return self._cases(node)

    def _number(self, node: t.Node, what: str) -> Number:
        value = self.evaluate(node)
        if not isinstance(value, Number):
            raise UnreadableError(f"{what} must be a number, not a vector or matrix")
        return value

    def _function(self, node: t.Function) -> Value:
        if node.name == "exp":
            return self._number(node.argument, "the argument of exp").exp()
        vector = self.evaluate(node.argument)
        if not isinstance(vector, tuple) or len(vector[0]) != 1:
            raise UnreadableError("diag takes a column vector")
        size = range(len(vector))
        return tuple(tuple(vector[i][0] if i == j else ZERO for j in size) for i in size)

    def _cases(self, node: t.Cases) -> Value:
        for value, condition in node.rows:
            if condition is None or (self._at(condition.left) == self._at(condition.right)) is condition.equal:
                return self.evaluate(value)
        raise UnreadableError("its cases do not cover every index")

    # ------------------------------------------------------------ symbols

    def _with(self, letters: Mapping[str, int], definitions: Definitions, varied: tuple[str, Place] | None) -> World:
        """Change what a part of a line sees; `dataclasses.replace` takes several times as long."""
        return World(
            known=self.known,
            point=self.point,
            layout=self.layout,
            definitions=definitions,
            budget=self.budget,
            letters=letters,
            varied=varied,
        )

    def _at(self, index: str) -> int:
        """The value of an index, from 0."""
        if index in self.letters:
            return self.letters[index]
        if not index.isdecimal():
            raise UnreadableError(f"nothing says what the index {index} is")
        return int(index) - 1

    def _position(self, symbol: t.Symbol, name: str, indices: tuple[str, ...]) -> Place:
        shape = self.point.shapes[name]
        dimensions = len(shape)
        if dimensions == 2 and len(indices) == 1 and len(indices[0]) == 2 and indices[0].isdecimal():
            indices = tuple(indices[0])
        if len(indices) != dimensions:
            raise UnreadableError(f"{symbol.name} has {dimensions} ind{'ex' if dimensions == 1 else 'ices'} here")
        place = tuple(map(self._at, indices))
        if any(not 0 <= at < size for at, size in zip(place, shape, strict=True)):
            raise UnreadableError(f"{name} has no entry {','.join(str(at + 1) for at in place)} here")
        return place

    def _symbol(self, symbol: t.Symbol) -> Value:
        own = self.definitions.get((symbol.name, len(symbol.indices)))
        if own is not None:
            return self._defined(symbol, own)
        found = self.known.find(symbol)
        if found is None:
            return self._unnamed(symbol)
        name, indices = found
        if indices or not self.known.shapes[name]:
            return self._given(name, self._position(symbol, name, indices))
        shape = self.point.shapes[name]
        entries = [[self._given(name, (*i, j)) for j in range(shape[-1])] for i in places(shape[:-1])]
        return tuple(map(tuple, entries)) if len(shape) == 2 else column(entries[0])

    def _unnamed(self, symbol: t.Symbol) -> Value:
        """What needs no setting: Kronecker's delta, the identity as large as the output, a dimension."""
        if symbol.name == "delta" and len(symbol.indices) == 2:
            left, right = map(self._at, symbol.indices)
            return ONE if left == right else ZERO
        if symbol.name == "I" and not symbol.indices and self.known.output:
            size = range(self.point.shapes[self.known.output][0])
            return tuple(tuple(ONE if i == j else ZERO for j in size) for i in size)
        if symbol.name in self.point.size and not symbol.indices and symbol.name not in self.letters:
            return Number(Decimal(self.point.size[symbol.name]))
        name = "_".join((symbol.name, *symbol.indices)) if symbol.name in self.known.shapes else symbol.name
        raise UnreadableError(f"nothing says what {name} is")

    def _defined(self, symbol: t.Symbol, own: Definition) -> Value:
        letters = {letter: self._at(index) for letter, index in zip(own.indices, symbol.indices, strict=True)}
        # A definition knows those before it only, so it cannot go round in circles.
        earlier = dict(self.definitions)
        del earlier[symbol.name, len(symbol.indices)]
        return self._with(letters, earlier, self.varied).evaluate(own.body)

    def _given(self, name: str, place: Place) -> Number:
        """One number of a letter, with a slope of 1 where it is varied."""
        self.budget.spend()
        if self.varied and self.varied[0] == name:
            return Number(self.point.numbers[name, place], Decimal(self.varied[1] == place))
        if name in self.known.setting.functions:
            return Number(self.point.numbers[name, ()], self._cost_slope(name))
        if name in self.known.definitions:
            return self._output(name, place)
        return Number(self.point.numbers[name, place])

    def _output(self, name: str, place: Place) -> Number:
        """An entry of what the setting defines; nothing of the student's has a part in it."""
        definition = self.known.definitions[name]
        whole = bool(definition.shape) and not definition.left.indices
        key = (name, () if whole else place, self.varied)
        if key not in self.point.defined:
            letters = {} if whole else dict(zip(definition.left.indices, place, strict=bool(definition.shape)))
            self.point.defined[key] = self._with(letters, {}, self.varied).evaluate(definition.right)
        value = self.point.defined[key]
        if isinstance(value, Number) and not whole:
            return value
        if isinstance(value, Number) or not whole or (len(value), len(value[0])) != (*self.point.shapes[name], 1)[:2]:
            raise UnreadableError(f"the definition of {name} does not have its shape")
        return value[place[0]][place[1] if len(place) == 2 else 0]

    def _cost_slope(self, cost: str) -> Decimal:
        """A cost is any function of what it depends on: its slope is the sum of its given gradient times theirs."""
        if not self.varied or self.varied[0] in self.known.setting.functions:
            return Decimal(0)
        of, gradient = self.known.setting.functions[cost], self.known.given[cost]
        through = (self.point.numbers[gradient, k] * self._given(of, k).slope for k in places(self.point.shapes[of]))
        return sum(through, Decimal(0))

    # ------------------------------------------------------------ derivatives

    def _partial(self, node: t.Partial) -> Value:
        if self.varied is not None:
            raise UnreadableError("second derivatives are not read")
        found = self.known.find(node.by)
        if found is None:
            raise UnreadableError(f"a derivative by {node.by.name} is not read here")
        name, indices = found
        if name in self.known.definitions and name not in self.known.setting.functions.values():
            return self._by_defined(node, name)
        shape = self.point.shapes[name]
        if indices or not shape:
            return self._slope(node.of, name, self._position(node.by, name, indices))
        entries = [self._slope(node.of, name, place) for place in places(shape)]
        if len(shape) == 2:
            if not all(isinstance(entry, Number) for entry in entries):
                raise UnreadableError("the derivative of a vector by a matrix has three indices, so it is no matrix")
            wide = shape[1]
            grid: Grid = tuple(tuple(entries[k : k + wide]) for k in range(0, len(entries), wide))  # type: ignore[arg-type]
            return transposed(grid) if self.layout.transposed else grid
        if isinstance(entries[0], Number):
            stand = self.layout.rows if name in self.known.setting.rows else self.layout.given
            stood = column(entries)  # type: ignore[arg-type]
            return transposed(stood) if stand == "row" else stood
        if any(isinstance(entry, Number) or len(entry[0]) != 1 for entry in entries):
            raise UnreadableError("the derivative of a matrix by a vector is no matrix")
        # Row i: the slopes of entry i.
        return tuple(
            zip(*(tuple(line[0] for line in entry) for entry in entries if isinstance(entry, tuple)), strict=True)
        )

    def _by_defined(self, node: t.Partial, name: str) -> Value:
        """By a number that is made of one cost: the slopes of both by that cost."""
        costs = self.known.costs(name)
        if len(costs) != 1:
            raise UnreadableError(f"a derivative by {node.by.name} is not read here")
        below = self._slope(node.by, costs[0], ())
        assert isinstance(below, Number)
        return times(self._slope(node.of, costs[0], ()), ONE / below)

    def _slope(self, node: t.Node, name: str, place: Place) -> Value:
        value = self._with(self.letters, self.definitions, (name, place)).evaluate(node)
        if isinstance(value, Number):
            return Number(value.slope)
        return tuple(tuple(Number(entry.slope) for entry in row) for row in value)

    # ------------------------------------------------------------ sums

    def _total(self, node: t.Total) -> Value:
        if node.index in self.letters:
            raise UnreadableError(f"the index {node.index} of a sum is used outside of it too")
        skipped = {self._at(index) for index in node.skipped}
        chosen = [k for k in range(self._start(node), self._end(node)) if k not in skipped]
        inside = ({**self.letters, node.index: k} for k in chosen)
        found = [self._with(at, self.definitions, self.varied).evaluate(node.body) for at in inside]
        return reduce(plus, found) if found else ZERO

    def _start(self, node: t.Total) -> int:
        return 0 if node.lower is None else self._limit(node.lower) - 1

    def _end(self, node: t.Total) -> int:
        named = isinstance(node.upper, t.Symbol) and not node.upper.indices and node.upper.name not in self.letters
        if node.upper is None or named:
            if id(node) not in self.point.extents:
                self.point.extents[id(node)] = node, self.extent([node.body], node.index)
            return self.point.extents[id(node)][1]
        return self._limit(node.upper)

    def _limit(self, node: t.Node) -> int:
        value = self._number(node, "a sum's limit").value
        if value != int(value) or not 0 <= value <= MOST:
            raise UnreadableError("a sum's limits must be whole numbers, or the size")
        return int(value)

    def extent(self, nodes: Sequence[t.Node], letter: str) -> int:
        """How far a letter runs, from what it is an index of; the smallest size when it is on nothing known."""
        found = []
        for below in (node for side in nodes for node in t.walk(side)):
            if isinstance(below, t.Symbol) and letter in below.indices and (known := self.known.find(below)):
                shape = self.point.shapes[known[0]]
                found += [shape[k] for k, index in enumerate(below.indices) if index == letter and k < len(shape)]
        return min(found or self.point.size.values())


def places(dimensions: tuple[int, ...]) -> list[Place]:
    """The positions of an array's entries, from 0, row by row."""
    return list(product(*map(range, dimensions)))
