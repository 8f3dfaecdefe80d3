"""What only students write, at one point: logarithms, matrices with dots, own letters, modules of something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

from autograder.mathematics.answers import dots, entries, limits, nearby, totals
from autograder.mathematics.answers.numbers import (
    ONE,
    ZERO,
    Grid,
    MisfitError,
    Number,
    Place,
    UnreadableError,
    Value,
    column,
    entries_of,
    entrywise,
    is_scalar,
    is_vector,
    kronecker,
    number_in,
    same,
    stacked,
    times,
    without_tensor,
)
from autograder.mathematics.answers.records import MOVING, OWN, PRIME, SMALL, Definition, Layout, without
from autograder.mathematics.answers.totals import extent
from autograder.mathematics.answers.unsized import is_ones, ones, sized
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World


def compute(world: World, node: t.Operation) -> Value:
    """Compute what only students write."""
    if node.name in _OF_VALUES:
        return _OF_VALUES[node.name](*map(world.evaluate, node.of))
    if node.name in entries.NAMED:
        return entries.each(world.evaluate(node.of[0]), entries.NAMED[node.name])
    match node.name:
        case "entrywise":
            return _entrywise(world, *node.of)
        case "norm":
            return entries.norm(world.evaluate(node.of[0]), node.indices)
        case "power":
            return entries.power(world.evaluate(node.of[0]), world.number(node.of[1], "an exponent"))
        case "above":
            left, right = map(world.evaluate, node.of)
            return entries.above(left, right, strict=bool(node.indices))
        case "largest":
            return entries.largest([number_in(one) for one in totals.terms(world, node.of[0])])
        case "entry":
            return _entry(world, node)
        case "general":
            return _general(world, node.of[0], node.indices)
        case "prime":
            return _prime(world, node.of[0])
        case "differential":
            return _differential(world, node.of[0])
        case "gradient":
            return _gradient(world, node.of[0])
        case "call":
            return _call(world, node.of[0], node.of[1])
        case "module":
            return _module(world, node.of[0], node.of[1])
        case "array":
            return dots.matrix(world, node)
        case "slope":
            return _slope(world, *node.of)
        case nearby.FIRST_ORDER:
            return nearby.first_order(world, node.of[0])
        case nearby.VANISHING if world.varied and world.varied[0] == SMALL:
            return ZERO
        case "limit":
            return limits.compute(world, *node.of)
        case "ones":
            return ones(world)
        case "sized":
            return sized(world, node.of[0], *(world.point.size[index] for index in node.indices))
    raise UnreadableError("dots stand for entries of a matrix only")


def _gradient(world: World, partial: t.Node) -> Value:
    """The derivative of a number with the shape of what it is taken by, in a text whose derivatives lie otherwise."""
    if world.layout == Layout():
        raise UnreadableError("a gradient is a derivative there")
    return replace(world, layout=Layout()).evaluate(partial)


def _max(*values: Value) -> Value:
    if len(values) == 1:
        return entries.largest(entries_of(values[0]))
    return reduce(entries.larger, values)


_OF_VALUES: dict[str, Callable[..., Value]] = {
    "max": _max,
    "abs": entries.size,
    "mean": entries.mean,
    "sum": entries.total,
    "trace": entries.trace,
    "vec": stacked,
    "inner": entries.inner,
    "outer": entries.outer,
    "kronecker": kronecker,
}
"""What needs nothing but what it is taken of."""


def _entrywise(world: World, left: t.Node, right: t.Node) -> Value:
    """A product by entries; ones of no size have that of what they meet."""
    if is_ones(left) or is_ones(right):
        return world.evaluate(left if is_ones(right) else right)
    one, other = world.evaluate(left), world.evaluate(right)
    if is_scalar(one) or is_scalar(other):
        return times(one, other)
    return entrywise(one, other, Number.__mul__, "by entries times")


def entry(value: Value, place: Place) -> Value:
    """One entry of a value."""
    if not isinstance(value, tuple):
        raise UnreadableError("a number has no entries")
    if len(place) == 1 and is_vector(value):
        numbers = entries_of(value)
        if 0 <= place[0] < len(numbers):
            return numbers[place[0]]
    elif len(place) == 2 and 0 <= place[0] < len(value) and 0 <= place[1] < len(value[0]):
        return value[place[0]][place[1]]
    raise UnreadableError("it has no such entry")


def _entry(world: World, node: t.Operation) -> Value:
    indices = node.indices
    if len(indices) == 1 and len(indices[0]) == 2 and indices[0].isdecimal():
        indices = tuple(indices[0])
    value = world.evaluate(node.of[0])
    if ":" in indices and isinstance(value, tuple) and len(indices) == 2:
        rows = value if indices[0] == ":" else (value[world.place(indices[0])],)
        return rows if indices[1] == ":" else tuple((row[world.place(indices[1])],) for row in rows)
    return entry(value, tuple(map(world.place, indices)))


def _general(world: World, of: t.Node, letters: tuple[str, ...]) -> Value:
    """The column or matrix whose entry at any place is given."""
    sizes = [range(extent(world, [of], letter)) for letter in letters]
    rows = [
        [
            world.seeing({**world.letters, **dict(zip(letters, (i, j), strict=False))}, varied=world.varied).number(
                of, "an entry"
            )
            for j in (sizes[1] if len(sizes) == 2 else (0,))
        ]
        for i in sizes[0]
    ]
    return tuple(map(tuple, rows))


def _prime(world: World, of: t.Node) -> Value:
    by = world.aside.prime
    if by is None and world.aside.any_number and world.varied is None:
        return entries.each(world.seeing(varied=(PRIME, ())).evaluate(of), lambda number: Number(number.slope))
    if by is None:
        raise UnreadableError("nothing says what a prime differentiates with respect to")
    return world.evaluate(t.Partial(of=of, by=by))


def _slope(world: World, body: t.Node, letter: t.Node, argument: t.Node) -> Value:
    """How fast a function of the student's own changes with its argument."""
    assert isinstance(letter, t.Symbol)
    if world.varied is not None:
        raise UnreadableError("second derivatives of this are not read")
    definitions = {**world.definitions, (letter.name, 0): Definition(indices=(), body=argument)}
    value = world.seeing(definitions=definitions, varied=(OWN + letter.name, ())).evaluate(body)
    of_a_number = is_scalar(world.seeing().evaluate(argument))
    if not isinstance(value, Number) and not of_a_number and any(isinstance(one, _MIXING) for one in t.walk(body)):
        raise UnreadableError("a prime stands behind functions of numbers only")
    return entries.each(value, lambda number: Number(number.slope))


_MIXING = (t.Total, t.Transpose, t.Matrix)
"""What a function of a number, taken of every entry of a vector, has none of."""


# ------------------------------------------------------------ differentials


def direction(world: World, name: str, place: Place) -> Decimal:
    """How a letter moves when all do: no two alike; a number that is constant does not."""
    shape = world.known.setting.symbols.get(name, ())
    if not shape or (world.aside.moving and name not in world.aside.moving):
        return Decimal(0)
    number = world.point.numbers[name, place]
    return 1 / (number * number + Decimal(sum(place) + 3).sqrt())


def _differential(world: World, of: t.Node) -> Value:
    if world.varied is not None:
        raise UnreadableError("second derivatives are not read")
    return entries.each(world.seeing(varied=(MOVING, ())).evaluate(of), lambda entry: Number(entry.slope))


# ------------------------------------------------------------ costs and modules of something


def _call(world: World, function: t.Node, argument: t.Node) -> Value:
    """A cost of what equals the vector it depends on; of anything else it is not known."""
    assert isinstance(function, t.Symbol)
    name = world.known.name(function)
    costs = world.known.costs(name)
    if len(costs) != 1:
        raise UnreadableError(f"nothing says what {function.name} is")
    of = world.known.setting.functions[costs[0]]
    value, usual = world.evaluate(argument), world.evaluate(t.Symbol(name=of))
    try:
        agree = same(value, usual)
    except MisfitError:
        agree = False
    if not agree or not isinstance(value, tuple):
        raise UnreadableError(f"{function.name} is known as a function of {of} only")
    if world.varied is None or world.varied[0] in world.known.setting.functions:
        return world.evaluate(function)
    gradient = world.known.given[costs[0]]
    through = sum(
        (world.point.numbers[gradient, (k,)] * one.slope for k, one in enumerate(entries_of(value))), Decimal(0)
    )
    # What is made of a cost changes with it at a rate of its own.
    rate = number_in(world.seeing(varied=(costs[0], ())).evaluate(function)).slope
    return Number(number_in(world.seeing().evaluate(function)).value, through * rate)


def _module(world: World, symbol: t.Node, argument: t.Node) -> Value:
    """What the module gives for another input; where its constants are in that already, they are 1.

    Of a number it may be the logistic function, which has the same letter.
    """
    assert isinstance(symbol, t.Symbol)
    name = world.known.name(symbol)
    definition = world.known.definitions.get(name)
    inputs = [one for one, shape in world.known.setting.symbols.items() if len(shape) == 1]
    if definition is None or len(inputs) != 1:
        raise UnreadableError(f"nothing says what {symbol.name} of something else is")
    value = world.evaluate(argument)
    if world.aside.logistic and isinstance(value, Number):
        return value.logistic()
    if not isinstance(value, tuple) or len(value) != world.point.shapes[inputs[0]][0] or len(value[0]) != 1:
        raise UnreadableError("the argument of a function of vectors must be such a vector")
    ones: dict[str, Value] = dict.fromkeys(world.known.constants, ONE)
    usual = world.seeing().evaluate(t.Symbol(name=symbol.name))
    size = world.point.shapes[name][0]

    def given(bound: dict[str, Value]) -> Value:
        found: list[Number] = []
        for k in range(size):
            letters = dict(zip(definition.left.indices, (k,), strict=False))
            whole = world.seeing(letters, {}, world.varied, bound, setting=True).evaluate(definition.right)
            found.append(number_in(whole if is_scalar(whole) else entry(whole, (k,))))
        return column(found)

    other = given({**ones, inputs[0]: value})
    chosen = other if same(other, usual) else given({inputs[0]: value})
    return entry(chosen, tuple(map(world.place, symbol.indices))) if symbol.indices else chosen


# ------------------------------------------------------------ letters of the student's own


def own(world: World, symbol: t.Symbol) -> Definition | None:
    """The student's definition of a letter, whole or by its entries."""
    for count in (len(symbol.indices), 0, 1, 2):
        found = world.definitions.get((symbol.name, count))
        if found is not None:
            return found
    return None


def defined(world: World, symbol: t.Symbol, own: Definition, count: int) -> Value:
    """What a letter of the student's own is worth."""
    varied = bool(world.varied) and world.varied is not None and world.varied[0] == OWN + symbol.name
    # It knows the others only, so it cannot go round in circles.
    others = without(world.point, world.definitions, (symbol.name, count))
    stays = world.aside.fixed and world.varied is not None and world.varied[0][:1] == OWN
    inner = None if varied or stays else world.varied
    if count == len(symbol.indices):
        letters = {**world.letters, **dict(zip(own.indices, map(world.place, symbol.indices), strict=True))}
        value = world.seeing(letters, others, inner).evaluate(own.body)
    elif symbol.indices:
        # Defined as a whole, and one entry is meant.
        whole = world.seeing(definitions=others, varied=inner).evaluate(own.body)
        if is_scalar(whole) and any(map(str.isdecimal, symbol.indices)):
            raise UnreadableError(f"nothing says what {symbol.name}_{''.join(symbol.indices)} is")
        value = whole if is_scalar(whole) else entry(whole, tuple(map(world.place, _apart(symbol.indices, whole))))
    else:
        size = extent(world, [own.body], own.indices[0])
        rows = [
            world.seeing({**world.letters, own.indices[0]: k}, others, inner).number(own.body, "an entry")
            for k in range(size)
        ]
        value = column(rows)
    return _varied(world, symbol, value) if varied else value


def _apart(indices: tuple[str, ...], value: Value) -> tuple[str, ...]:
    """Two digits below a letter for a matrix are a row and a column."""
    wide = isinstance(value, tuple) and len(value[0]) > 1
    return (
        tuple(indices[0]) if wide and len(indices) == 1 and len(indices[0]) == 2 and indices[0].isdecimal() else indices
    )


def _varied(world: World, symbol: t.Symbol, value: Value) -> Value:
    """A letter that is varied itself: its slope is 1 where it is the one."""
    assert world.varied is not None
    place = world.varied[1]
    plain = without_tensor(value)
    if isinstance(plain, Number):
        here = tuple(map(world.place, symbol.indices))
        return Number(plain.value, Decimal(not place or here == place or not here))
    return tuple(
        tuple(
            Number(e.value, Decimal(place in {(), (i,), (i, j)} if len(row) == 1 else place in {(), (i, j)}))
            for j, e in enumerate(row)
        )
        for i, row in enumerate(plain)
    )


def stands_in(world: World, name: str, node: t.Node) -> bool:
    """Whether a letter of the student's own stands in something, or in what that stands for."""
    seen: set[tuple[str, ...]] = set()
    waiting = [node]
    while waiting:
        for below in t.walk(waiting.pop()):
            if not isinstance(below, t.Symbol):
                continue
            if below.name == name:
                return True
            if (below.name, *below.indices) in seen:
                continue
            seen.add((below.name, *below.indices))
            if (definition := own(world, below)) is not None:
                waiting.append(definition.body)
            elif letter := world.known.name(below):
                waiting += _stated_bodies(world, letter)
                of = world.known.setting.functions.get(letter)
                waiting += [t.Symbol(name=of)] if of else []
                if letter in world.known.definitions:
                    waiting.append(world.known.definitions[letter].right)
    return False


def _stated_bodies(world: World, letter: str) -> Iterator[t.Node]:
    return (one.body for (name, _), one in world.aside.outputs.items() if name == letter)


def stated(world: World, symbol: t.Symbol, name: str) -> Value | None:
    """What the student says that an entry of an output is, while a letter of the student's own is varied."""
    for count in (len(symbol.indices), 1, 0):
        found = world.aside.outputs.get((name, count))
        if found is None:
            continue
        if count == len(symbol.indices):
            letters = {**world.letters, **dict(zip(found.indices, map(world.place, symbol.indices), strict=True))}
            return world.seeing(letters, varied=world.varied).evaluate(found.body)
        if symbol.indices:
            return entry(
                stated(world, replace(symbol, indices=()), name) or ZERO, tuple(map(world.place, symbol.indices))
            )
        return stated_whole(world, name)
    return None


def stated_whole(world: World, name: str) -> Grid | None:
    """The same of a whole output."""
    if (name, 0) in world.aside.outputs:
        value = world.seeing(varied=world.varied).evaluate(world.aside.outputs[name, 0].body)
        return value if isinstance(value, tuple) else None
    found = world.aside.outputs.get((name, 1))
    if found is None or len(world.point.shapes[name]) != 1:
        return None
    rows = range(world.point.shapes[name][0])
    return column(
        [
            world.seeing({**world.letters, found.indices[0]: k}, varied=world.varied).number(found.body, "an entry")
            for k in rows
        ]
    )
