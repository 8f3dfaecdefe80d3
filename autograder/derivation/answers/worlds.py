"""The two modules of the homework at one point: numbers for every letter, from which any line can be computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from itertools import product
from operator import add
from typing import Literal

from autograder.derivation import tree as t
from autograder.derivation.answers.numbers import (
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

Theory = Literal["affine", "softmax"]
Stand = Literal["column", "row"]
MOST_STEPS = 500_000
"""Nodes computed for one document: its bound on time, whatever it says."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How derivatives of the cost lie.

    Attributes
    ----------
    y, b : {"column", "row"}
        The derivatives by y (and x), and by b.
    transposed : bool
        Whether the derivative by W has the shape of W's transpose.
    """

    y: Stand = "column"
    b: Stand = "column"
    transposed: bool = False


@dataclass(frozen=True, kw_only=True)
class Definition:
    """An abbreviation of the student's own.

    Attributes
    ----------
    indices : tuple of str
        Its free letters.
    body : Node
        What it stands for.
    """

    indices: tuple[str, ...]
    body: t.Node


Definitions = Mapping[tuple[str, int], Definition]


@dataclass(kw_only=True)
class Budget:
    """Steps that are left.

    Attributes
    ----------
    steps : int
        Counted down to nothing.
    """

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


@dataclass(frozen=True, kw_only=True)
class World:
    """One point: sizes, numbers, and what is varied.

    Attributes
    ----------
    theory : {"affine", "softmax"}
        Which module.
    rows, columns : int
        m and n; both K for the softmax.
    numbers : Mapping
        By letter and position: ``("x", (0,))``.
    layout : Layout
        How derivatives lie.
    definitions : Mapping
        The student's abbreviations, by name and number of indices.
    budget : Budget
        Shared by all lines of a document.
    letters : Mapping of str to int
        Values of the free letters, from 0.
    varied : tuple, optional
        The letter and position that a derivative is taken by.
    """

    theory: Theory
    rows: int
    columns: int
    numbers: Mapping[tuple[str, tuple[int, ...]], Number]
    layout: Layout
    definitions: Definitions
    budget: Budget
    letters: Mapping[str, int]
    varied: tuple[str, tuple[int, ...]] | None = None

    @property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each letter that has numbers of its own."""
        if self.theory == "affine":
            return {"W": (self.rows, self.columns), "x": (self.columns,), "b": (self.rows,), "y": (self.rows,)}
        return {"x": (self.rows,), "y": (self.rows,)}

    def evaluate(self, node: t.Node) -> Value:
        """Compute a tree.

        Parameters
        ----------
        node : Node
            One side of an equality, of bounded depth.

        Returns
        -------
        Number or Grid
            What it is worth here.

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
                return times(
                    ONE / self._number(node.denominator, "a fraction's lower half"), self.evaluate(node.numerator)
                )
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

    def _at(self, index: str) -> int:
        """The value of an index, from 0."""
        if index in self.letters:
            return self.letters[index]
        if not index.isdecimal():
            raise UnreadableError(f"nothing says what the index {index} is")
        return int(index) - 1

    def _position(self, symbol: t.Symbol, dimensions: int) -> tuple[int, ...]:
        indices = symbol.indices
        if dimensions == 2 and len(indices) == 1 and len(indices[0]) == 2 and indices[0].isdecimal():
            indices = tuple(indices[0])
        if len(indices) != dimensions:
            raise UnreadableError(f"{symbol.name} has {dimensions} ind{'ex' if dimensions == 1 else 'ices'} here")
        return tuple(map(self._at, indices))

    def _symbol(self, symbol: t.Symbol) -> Value:
        name = {"w": "W"}.get(symbol.name, symbol.name)
        own = self.definitions.get((symbol.name, len(symbol.indices)))
        if own is not None:
            return self._defined(symbol, own)
        if name == "delta" and len(symbol.indices) == 2:
            left, right = map(self._at, symbol.indices)
            return ONE if left == right else ZERO
        if name == "I" and not symbol.indices:
            return tuple(tuple(ONE if i == j else ZERO for j in range(self.rows)) for i in range(self.rows))
        if self.theory == "softmax" and not symbol.indices and symbol.name in ("beta", "K"):
            return Number(Decimal(self.rows)) if symbol.name == "K" else self._given("beta", ())
        if self.theory == "affine" and name == "C":
            return self._cost(symbol)
        dimensions = self.sizes.get(name)
        if dimensions is None:
            raise UnreadableError(f"nothing says what {symbol.name} is")
        if symbol.indices:
            return self._given(name, self._position(symbol, len(dimensions)))
        entries = [[self._given(name, (*i, j)) for j in range(dimensions[-1])] for i in places(dimensions[:-1])]
        return tuple(map(tuple, entries)) if len(dimensions) == 2 else column(entries[0])

    def _defined(self, symbol: t.Symbol, own: Definition) -> Value:
        letters = {letter: self._at(index) for letter, index in zip(own.indices, symbol.indices, strict=True)}
        # A definition knows those before it only, so it cannot go round in circles.
        earlier = dict(self.definitions)
        del earlier[symbol.name, len(symbol.indices)]
        return replace(self, letters=letters, definitions=earlier).evaluate(own.body)

    def _given(self, name: str, position: tuple[int, ...]) -> Number:
        """One number of a letter, with a slope of 1 where it is varied."""
        self.budget.spend()
        if name == "y" and not (self.varied and self.varied[0] == "y"):
            return self._output(position)
        if (name, position) not in self.numbers:
            raise UnreadableError(f"{name} has no entry {','.join(str(at + 1) for at in position)} here")
        value = self.numbers[name, position].value
        return Number(value, Decimal(self.varied == (name, position)))

    def _output(self, position: tuple[int, ...]) -> Number:
        (i,) = position
        if not 0 <= i < self.rows:
            raise UnreadableError(f"y has no entry {i + 1} here")
        if self.theory == "affine":
            return reduce(
                add,
                (self._given("W", (i, j)) * self._given("x", (j,)) for j in range(self.columns)),
                self._given("b", (i,)),
            )
        powers = [(self._given("beta", ()) * self._given("x", (n,))).exp() for n in range(self.rows)]
        return powers[i] / reduce(add, powers)

    def _cost(self, symbol: t.Symbol) -> Number:
        """C is any function of y: a number, whose slope is the sum over k of dC/dy_k times that of y_k."""
        if symbol.indices not in ((), ("2",)):
            raise UnreadableError("the costs are C and C_2")
        scale = Number(Decimal(3)) if symbol.indices else ONE
        slope = Decimal(0)
        if self.varied:
            slope = sum((self.numbers["g", (k,)].value * self._given("y", (k,)).slope for k in range(self.rows)), slope)
        return scale * Number(self.numbers["C", ()].value, slope)

    def _partial(self, node: t.Partial) -> Value:
        if self.varied is not None:
            raise UnreadableError("second derivatives are not read")
        name = {"w": "W"}.get(node.by.name, node.by.name)
        if self.theory == "affine" and name == "C" and isinstance(node.of, t.Symbol) and node.of.name == "C":
            return times(self._cost(node.of), ONE / self._cost(node.by))
        dimensions = self.sizes.get(name)
        if dimensions is None or (self.theory == "softmax" and name == "y"):
            raise UnreadableError(f"a derivative by {node.by.name} is not read here")
        if node.by.indices:
            return _slope(self._varied(name, self._position(node.by, len(dimensions))).evaluate(node.of))
        entries = [_slope(self._varied(name, at).evaluate(node.of)) for at in places(dimensions)]
        if len(dimensions) == 2:
            if not all(isinstance(entry, Number) for entry in entries):
                raise UnreadableError("the derivative of a vector by a matrix has three indices, so it is no matrix")
            wide = dimensions[1]
            grid: Grid = tuple(tuple(entries[k : k + wide]) for k in range(0, len(entries), wide))  # type: ignore[arg-type]
            return transposed(grid) if self.layout.transposed else grid
        if isinstance(entries[0], Number):
            row = (self.layout.b if name == "b" else self.layout.y) == "row" and self.theory == "affine"
            stood = column(entries)  # type: ignore[arg-type]
            return transposed(stood) if row else stood
        if any(isinstance(entry, Number) or len(entry[0]) != 1 for entry in entries):
            raise UnreadableError("the derivative of a matrix by a vector is no matrix")
        # Row i: the slopes of y_i.
        return tuple(
            zip(*(tuple(line[0] for line in entry) for entry in entries if isinstance(entry, tuple)), strict=True)
        )

    def _varied(self, name: str, position: tuple[int, ...]) -> World:
        if (name, position) not in self.numbers:
            raise UnreadableError(f"{name} has no entry {','.join(str(at + 1) for at in position)} here")
        return replace(self, varied=(name, position))

    def _total(self, node: t.Total) -> Value:
        if node.index in self.letters:
            raise UnreadableError(f"the index {node.index} of a sum is used outside of it too")
        skipped = {self._at(index) for index in node.skipped}
        chosen = [k for k in range(self._start(node), self._end(node)) if k not in skipped]
        found = [replace(self, letters={**self.letters, node.index: k}).evaluate(node.body) for k in chosen]
        return reduce(plus, found) if found else ZERO

    def _start(self, node: t.Total) -> int:
        return 0 if node.lower is None else self._limit(node.lower) - 1

    def _end(self, node: t.Total) -> int:
        named = isinstance(node.upper, t.Symbol) and not node.upper.indices and node.upper.name not in self.letters
        if node.upper is None or named:
            return extents(node.body, node.index, self.sizes, (self.rows, self.columns))
        return self._limit(node.upper)

    def _limit(self, node: t.Node) -> int:
        value = self._number(node, "a sum's limit").value
        if value != int(value) or not 0 <= value <= 64:
            raise UnreadableError("a sum's limits must be whole numbers, or the size")
        return int(value)


def extents(node: t.Node, letter: str, sizes: Mapping[str, tuple[int, ...]], all_sizes: Sequence[int]) -> int:
    """Say how far a letter runs, from what it is an index of.

    Parameters
    ----------
    node : Node
        Where it is used.
    letter : str
        The index.
    sizes : Mapping
        The shape of each letter with entries.
    all_sizes : sequence of int
        Sizes there are, for a letter that is on nothing known.

    Returns
    -------
    int
        How many values it takes.
    """
    found = [
        sizes[name][place]
        for symbol in _symbols(node)
        for place, index in enumerate(symbol.indices)
        if index == letter and (name := {"w": "W"}.get(symbol.name, symbol.name)) in sizes and place < len(sizes[name])
    ]
    return min(found or all_sizes)


def _symbols(node: t.Node) -> list[t.Symbol]:
    found = [below for below in t.walk(node) if isinstance(below, t.Symbol)]
    return found + [below.by for below in t.walk(node) if isinstance(below, t.Partial)]


def places(dimensions: tuple[int, ...]) -> list[tuple[int, ...]]:
    """List the positions of an array's entries.

    Parameters
    ----------
    dimensions : tuple of int
        Its shape.

    Returns
    -------
    list of tuple of int
        From 0, row by row.
    """
    return list(product(*map(range, dimensions)))


def _slope(value: Value) -> Value:
    if isinstance(value, Number):
        return Number(value.slope)
    return tuple(tuple(Number(entry.slope) for entry in row) for row in value)
