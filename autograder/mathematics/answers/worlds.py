"""A question's symbols at one point: numbers for every letter, from which any line can be computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial, reduce
from typing import Any, TypeVar

from autograder.mathematics.answers import derivatives, entries, operations, totals
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.matrices import blocks, widened
from autograder.mathematics.answers.numbers import (
    ONE,
    ElsewhereError,
    Grid,
    Number,
    Place,
    UnreadableError,
    Value,
    beside,
    column,
    is_column,
    is_scalar,
    loosely_plus,
    number_in,
    places,
    plus,
    times,
    transposed,
)
from autograder.mathematics.answers.powers import raised
from autograder.mathematics.answers.records import (
    MOST_KEPT,
    MOVING,
    OWN,
    Aside,
    Budget,
    Definitions,
    Kept,
    Layout,
    Point,
    names_in,
)
from autograder.mathematics.answers.scanner import ANY, is_a_row, terms_of
from autograder.mathematics.answers.unnamed import unnamed
from autograder.mathematics.formulas import tree as t

Kind = TypeVar("Kind", bound=t.Node)
_NOTHING = t.Number(digits="0")
_COSTLY = frozenset({t.Total, t.Partial})


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
    aside: Aside = field(default_factory=Aside)
    #: Other values for some letters, where a module is taken of something else.
    bound: Mapping[str, Value] = field(default_factory=dict)

    def evaluate(self, node: t.Node) -> Value:
        """Compute one side of an equality, of bounded depth."""
        if type(node) in _COSTLY and not self.bound:
            return self._kept(node, self._computed)
        return self._computed(node)

    def _kept(self, node: Kind, compute: Callable[[Kind], Value]) -> Value:
        """Compute what is often the same: at other places, in other lines; only letters that matter are looked at."""
        kept = self.point.kept
        names = names_in(self.point, node, self.definitions, self.aside.outputs)
        key = (id(node), self.varied, *(map(self.letters.get, names) if names else self.letters.items()))
        before = kept.get(key)
        if (
            before is not None
            and before.definitions is self.definitions
            and before.aside is self.aside
            and before.layout == self.layout
        ):
            return before.value
        value = compute(node)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = Kept(node, self.definitions, self.aside, self.layout, value)
        return value

    def _computed(self, node: t.Node) -> Value:
        self.budget.spend()
        return _WORTH[type(node)](self, node)

    def _sum(self, node: t.Plus) -> Value:
        return reduce(loosely_plus if self.aside.by_entries else plus, map(self.evaluate, node.terms))

    def _fraction(self, node: t.Fraction) -> Value:
        return entries.divided(self.evaluate(node.numerator), self.evaluate(node.denominator))

    def _power(self, node: t.Power) -> Value:
        base, exponent = self.evaluate(node.base), self.number(node.exponent, "an exponent")
        return raised(base, exponent, matrix=self._is_matrix(node.base))

    def _is_matrix(self, node: t.Node) -> bool:
        symbols = (self.known.find(below) for below in t.walk(node) if isinstance(below, t.Symbol))
        return any(found and len(self.point.shapes[found[0]]) == 2 and not found[1] for found in symbols)

    def _matrix(self, node: t.Matrix) -> Value:
        rows = [[self.evaluate(entry) for entry in row] for row in node.rows]
        return blocks(widened(rows, [[entry == _NOTHING for entry in row] for row in node.rows]))

    def _relation(self, _: t.Above) -> Value:
        raise UnreadableError("a relation is not a number")

    def number(self, node: t.Node, what: str) -> Number:
        """Compute what must be a number."""
        value = self.evaluate(node)
        if not is_scalar(value):
            raise UnreadableError(f"{what} must be a number, not a vector or matrix")
        return number_in(value)

    def _product(self, node: t.Times) -> Value:
        """Factors in order; derivatives that form a chain are summed over what stands between them."""
        if sum(type(factor) is t.Partial for factor in node.factors) < 2:
            whole = self.evaluate(node.factors[0])
            for dot, factor in zip(node.dots, node.factors[1:], strict=True):
                whole = self._times(whole, self.evaluate(factor), dot=dot)
            return whole
        values: list[tuple[bool, Value]] = []
        at = 0
        for first, last in derivatives.chains_in(self, node.factors):
            for k in range(at, first):
                values.append((bool(k) and node.dots[k - 1], self.evaluate(node.factors[k])))
            values.append((bool(first) and node.dots[first - 1], derivatives.chained(self, node.factors[first:last])))
            at = last
        for k in range(at, len(node.factors)):
            values.append((bool(k) and node.dots[k - 1], self.evaluate(node.factors[k])))
        whole = values[0][1]
        for dot, value in values[1:]:
            whole = self._times(whole, value, dot=dot)
        return whole

    def _times(self, left: Value, right: Value, *, dot: bool) -> Value:
        loose = self.aside.by_entries and self.known.by_entries and is_column(left) and is_column(right)
        return beside(left, right, Number.__mul__, "times") if loose else times(left, right, dot=dot)

    def _function(self, node: t.Function) -> Value:
        if node.name == "exp":
            return entries.each(self.evaluate(node.argument), Number.exp)
        return entries.diagonal(self.evaluate(node.argument))

    def _cases(self, node: t.Cases) -> Value:
        for value, condition in node.rows:
            if condition is None or self.holds(condition):
                return self.evaluate(value)
        raise UnreadableError("its cases do not cover every index")

    def holds(self, condition: t.Condition | t.Above) -> bool:
        """Whether a case is there."""
        if isinstance(condition, t.Condition):
            return (self.place(condition.left) == self.place(condition.right)) is condition.equal
        pair = [one.name for one in (condition.left, condition.right) if isinstance(one, t.Symbol) and not one.indices]
        if len(pair) == 2 and {*pair} <= {*self.letters}:
            one, other = map(self.place, pair)
            return one > other or (one == other and not condition.strict)
        left, right = (self.number(one, "what is compared").value for one in (condition.left, condition.right))
        return left > right or (left == right and not condition.strict)

    # ------------------------------------------------------------ symbols

    def seeing(
        self,
        letters: Mapping[str, int] | None = None,
        definitions: Definitions | None = None,
        varied: tuple[str, Place] | None = None,
        bound: Mapping[str, Value] | None = None,
        *,
        setting: bool = False,
    ) -> World:
        """Change what a part of a line sees; `dataclasses.replace` takes several times as long."""
        return World(
            known=self.known,
            point=self.point,
            layout=self.layout,
            definitions=self.definitions if definitions is None else definitions,
            budget=self.budget,
            letters=self.letters if letters is None else letters,
            varied=varied,
            # A setting counts from 1.
            aside=replace(self.aside, base=1) if setting and self.aside.base != 1 else self.aside,
            bound=self.bound if bound is None else bound,
        )

    def at(self, point: Point) -> World:
        """See the same elsewhere, nothing varied."""
        return replace(self, point=point, varied=None)

    def place(self, index: str) -> int:
        """The value of an index, from 0."""
        if index in self.letters:
            return self.letters[index]
        if index in self.point.size:
            # The last one.
            return self.point.size[index] - 1
        if "+" in index or "-" in index:
            base = self.aside.base
            values = (sign * (self.place(one) + base if one.isalpha() else int(one)) for sign, one in terms_of(index))
            return sum(values) - base
        if not index.isdecimal():
            raise UnreadableError(f"nothing says what the index {index} is")
        return int(index) - self.aside.base

    def position(self, symbol: t.Symbol, name: str, indices: tuple[str, ...]) -> Place:
        """Where an entry of a letter of the setting stands."""
        shape = self.point.shapes[name]
        dimensions = len(shape)
        if dimensions == 2 and len(indices) == 1 and len(indices[0]) == 2 and indices[0].isdecimal():
            indices = tuple(indices[0])
        if len(indices) != dimensions:
            raise UnreadableError(f"{symbol.name} has {dimensions} ind{'ex' if dimensions == 1 else 'ices'} here")
        place = tuple(map(self.place, indices))
        if any(not 0 <= at < size for at, size in zip(place, shape, strict=True)):
            kind = UnreadableError if all(map(str.isdecimal, indices)) else ElsewhereError
            raise kind(f"{name} has no entry {','.join(str(at + self.aside.base) for at in place)} here")
        return place

    def _symbol(self, symbol: t.Symbol) -> Value:
        if self.definitions and (own := self._own(symbol)) is not None:
            return own
        found = self.known.find(symbol)
        if found is None:
            return unnamed(self, symbol)
        name, indices = found
        if self.varied and self.varied[0][:1] == OWN and (stated := operations.stated(self, symbol, name)) is not None:
            return stated
        shape = self.point.shapes[name]
        if name in self.bound:
            return operations.entry(self.bound[name], tuple(map(self.place, indices))) if indices else self.bound[name]
        if len(shape) == 2 and (ANY in indices or is_a_row(indices)):
            return self._line(name, indices, shape)
        if indices or not shape:
            return self.given(name, self.position(symbol, name, indices))
        entries = [[self.given(name, (*i, j)) for j in range(shape[-1])] for i in places(shape[:-1])]
        return tuple(map(tuple, entries)) if len(shape) == 2 else column(entries[0])

    def _own(self, symbol: t.Symbol) -> Value | None:
        """What a letter of the student's own is worth; with two indices, a delta that is a vector is Kronecker's."""
        whole = self.definitions.get(("delta", 0)) if symbol.name == "delta" and len(symbol.indices) == 2 else None
        if whole and self.known.is_vector(whole.body):
            return None
        for count in (len(symbol.indices), 1, 0):
            own = self.definitions.get((symbol.name, count))
            if own is None or not (count == len(symbol.indices) or not symbol.indices or count == 0):
                continue
            if self.bound:
                return operations.defined(self, symbol, own, count)
            return self._kept(symbol, partial(operations.defined, self, own=own, count=count))
        return None

    def _line(self, name: str, indices: tuple[str, ...], shape: tuple[int, ...]) -> Grid:
        """A row or a column of a matrix."""
        indices = indices if len(indices) == 2 else (indices[0], ANY)
        rows, columns = (
            range(size) if index == ANY else (self.place(index),) for index, size in zip(indices, shape, strict=True)
        )
        if any(not 0 <= i < shape[0] for i in rows) or any(not 0 <= j < shape[1] for j in columns):
            raise UnreadableError(f"{name} has no such row or column here")
        return tuple(tuple(self.given(name, (i, j)) for j in columns) for i in rows)

    @property
    def usual_size(self) -> int:
        """How large an identity is where nothing else is said: as large as the output."""
        shape = self.point.shapes.get(self.known.output)
        return shape[0] if shape else 0

    def given(self, name: str, place: Place) -> Number:
        """One number of a letter, with its slope where something is varied."""
        self.budget.spend()
        if self.varied and self.varied[0] == name:
            here = self.point.numbers.get((name, place))
            value = self.seeing()._output(name, place).value if here is None else here
            return Number(value, Decimal(self.varied[1] == place))
        if name in self.known.setting.functions:
            return Number(self.point.numbers[name, ()], self._cost_slope(name))
        if name in self.known.definitions:
            return self._output(name, place)
        if self.varied and self.varied[0] == MOVING:
            return Number(self.point.numbers[name, place], operations.direction(self, name, place))
        return Number(self.point.numbers[name, place])

    def _output(self, name: str, place: Place) -> Number:
        """An entry of what the setting defines; nothing of the student's has a part in it."""
        definition = self.known.definitions[name]
        whole = bool(definition.shape) and not definition.left.indices
        moving = ("".join(sorted(self.aside.moving)),) if self.varied and self.varied[0] == MOVING else ()
        key = (name + "".join(moving), () if whole else place, self.varied)
        if key not in self.point.defined:
            letters = {} if whole else dict(zip(definition.left.indices, place, strict=bool(definition.shape)))
            self.point.defined[key] = self.seeing(letters, {}, self.varied, {}, setting=True).evaluate(definition.right)
        value = self.point.defined[key]
        if isinstance(value, Number) and not whole:
            return value
        fits = isinstance(value, tuple) and (len(value), len(value[0])) == (*self.point.shapes[name], 1)[:2]
        if not isinstance(value, tuple) or not whole or not fits:
            raise UnreadableError(f"the definition of {name} does not have its shape")
        return value[place[0]][place[1] if len(place) == 2 else 0]

    def _cost_slope(self, cost: str) -> Decimal:
        """A cost is any function of what it depends on: its slope is the sum of its given gradient times theirs."""
        if not self.varied or self.varied[0] in self.known.setting.functions:
            return Decimal(0)
        of, gradient = self.known.setting.functions[cost], self.known.given[cost]
        if (
            self.varied[0][:1] == OWN
            and self.known.shapes[of]
            and (found := operations.stated_whole(self, of)) is not None
        ):
            entries = [entry for row in found for entry in row]
        else:
            entries = [self.given(of, k) for k in places(self.point.shapes[of])]
        through = (
            self.point.numbers[gradient, k] * entry.slope
            for k, entry in zip(places(self.point.shapes[of]), entries, strict=True)
        )
        return sum(through, Decimal(0))


_WORTH: dict[type, Callable[[World, Any], Value]] = {  # what each kind of node is worth
    t.Number: lambda _, node: Number(Decimal(node.digits)),
    t.Symbol: World._symbol,
    t.Applied: lambda world, node: world._symbol(node.function),
    t.Negative: lambda world, node: times(-ONE, world.evaluate(node.of)),
    t.Plus: World._sum,
    t.Times: World._product,
    t.Fraction: World._fraction,
    t.Power: World._power,
    t.Transpose: lambda world, node: transposed(world.evaluate(node.of)),
    t.Function: World._function,
    t.Partial: derivatives.partial,
    t.Total: totals.total,
    t.Matrix: World._matrix,
    t.Cases: World._cases,
    t.Operation: operations.compute,
    t.Above: World._relation,
}
