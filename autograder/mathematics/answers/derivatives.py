"""Derivatives at one point: by a letter of the setting, by one of the student's own, and chains of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from autograder.mathematics.answers import operations, seconds
from autograder.mathematics.answers.entries import each
from autograder.mathematics.answers.numbers import (
    ONE,
    THREE,
    Grid,
    Number,
    Place,
    Tensor,
    UnreadableError,
    Value,
    column,
    entries_of,
    is_vector,
    number_in,
    places,
    plus,
    times,
    transposed,
)
from autograder.mathematics.answers.powers import inverted
from autograder.mathematics.answers.records import OWN, SMALL, Stand, names_in
from autograder.mathematics.answers.scanner import ANY, is_a_row
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

_VEC = ("vec",)


def partial(world: World, node: t.Partial) -> Value:
    """Compute a derivative, laid out as the world's layout says."""
    if world.varied is not None:
        return seconds.nested(world, node) if _moves(world, node) else _at_rest(world, node)
    by = node.by
    if operations.own(world, by) is not None:
        return _by_own(world, node)
    found = world.known.find(replace(by, indices=()) if by.indices == _VEC else by)
    if found is None:
        raise UnreadableError(f"a derivative with respect to {by.name} is not read here")
    name, indices = found
    if len(world.known.costs(name)) == 1 and name in world.known.definitions:
        return _by_defined(world, node, name)
    if name in world.known.definitions and not operations.stands_in(world, name, node.of):
        raise UnreadableError(f"nothing says how this changes with {by.name}")
    shape = world.point.shapes[name]
    if by.indices == _VEC:
        order = [(i, j) for j in range(shape[1]) for i in range(shape[0])] if len(shape) == 2 else places(shape)
        entries = [slope(world, node.of, name, place) for place in order]
        as_a_row = world.layout.given == "row" and isinstance(entries[0], Number)
        return transposed(_flat(entries)) if as_a_row else _flat(entries)
    if len(shape) == 2 and (ANY in indices or is_a_row(indices)):
        along = 0 if indices[0] == ANY else 1
        fixed = world.place(indices[1 - along])
        line = [(fixed, k) if along else (k, fixed) for k in range(shape[along])]
        flat = _flat([slope(world, node.of, name, place) for place in line])
        return transposed(flat) if along else flat
    if indices or not shape:
        return slope(world, node.of, name, world.position(by, name, indices))
    return arranged(world, name, [slope(world, node.of, name, place) for place in places(shape)])


def _moves(world: World, node: t.Partial) -> bool:
    """Whether a derivative may change with what is varied: it does not with letters that do not stand in it."""
    assert world.varied is not None
    name = world.varied[0]
    if name[:1] == OWN:
        return operations.stands_in(world, name[1:], node)
    names = names_in(world.point, node, world.definitions, world.aside.outputs)
    return name != SMALL or not names or bool(world.aside.small & {*names})


def _at_rest(world: World, node: t.Partial) -> Value:
    return each(world.seeing().evaluate(node), lambda entry: Number(entry.value))


def _flat(entries: list[Value]) -> Value:
    if all(isinstance(entry, Number) for entry in entries):
        return column([number_in(entry) for entry in entries])
    return _jacobian(entries)


def _jacobian(entries: Sequence[Value]) -> Value:
    """Row i: the slopes of entry i."""
    if any(not isinstance(entry, tuple) or len(entry[0]) != 1 for entry in entries):
        raise UnreadableError("the derivative of a matrix with respect to a vector is not a matrix")
    return tuple(zip(*(tuple(line[0] for line in entry) for entry in entries if isinstance(entry, tuple)), strict=True))


def arranged(world: World, name: str, entries: list[Value]) -> Value:
    """Lay out the derivatives by all entries of a letter of the setting."""
    shape = world.point.shapes[name]
    if len(shape) == 2:
        if all(isinstance(entry, Number) for entry in entries):
            return _wide([number_in(entry) for entry in entries], shape[1], turned=world.layout.transposed)
        if not all(map(is_vector, entries)):
            raise UnreadableError(THREE)
        lines = [entries_of(entry) for entry in entries]
        return Tensor(
            tuple(
                _wide([line[k] for line in lines], shape[1], turned=world.layout.transposed)
                for k in range(len(lines[0]))
            )
        )
    if isinstance(entries[0], Number):
        return _laid(entries, world.layout.rows if name in world.known.setting.rows else world.layout.given)
    return _jacobian(entries)


def _laid(entries: Sequence[Value], stand: Stand) -> Value:
    """Numbers as a column or as a row."""
    stood = column(list(map(number_in, entries)))
    return transposed(stood) if stand == "row" else stood


def _wide(numbers: list[Number], wide: int, *, turned: bool) -> Grid:
    grid = tuple(tuple(numbers[k : k + wide]) for k in range(0, len(numbers), wide))
    return tuple(zip(*grid, strict=True)) if turned else grid


def slope(world: World, node: t.Node, name: str, place: Place) -> Value:
    """How fast something changes with one entry of a letter."""
    return slopes_of(world.seeing(varied=(name, place)).evaluate(node))


def slopes_of(value: Value) -> Value:
    """The slopes that a value carries."""
    return each(value, lambda entry: Number(entry.slope))


def _by_defined(world: World, node: t.Partial, name: str) -> Value:
    """By a number that is made of one cost: the slopes of both by that cost."""
    (cost,) = world.known.costs(name)
    below = slope(world, node.by, cost, ())
    return times(slope(world, node.of, cost, ()), ONE / number_in(below))


# ------------------------------------------------------------ by a letter of the student's own


def _by_own(world: World, node: t.Partial) -> Value:
    """By a letter of the student's own: where it stands in what is differentiated, else by change of variables."""
    by = node.by
    definition = operations.own(world, by)
    assert definition is not None
    whole = world.seeing().evaluate(replace(by, indices=()) if by.indices else by)
    if by.indices:
        at = tuple(map(world.place, by.indices))
        return _own_slope(world, node.of, by.name, at)
    if isinstance(whole, Number):
        return _own_slope(world, node.of, by.name, ())
    if not isinstance(whole, tuple) or len(whole[0]) != 1:
        raise UnreadableError(f"a derivative with respect to {by.name} is not read here")
    entries = [_own_slope(world, node.of, by.name, (k,)) for k in range(len(whole))]
    return _laid(entries, world.layout.given) if isinstance(entries[0], Number) else _jacobian(entries)


def _own_slope(world: World, of: t.Node, name: str, place: Place) -> Value:
    if operations.stands_in(world, name, of):
        return slope(world, of, OWN + name, place)
    if not place:
        raise UnreadableError(f"a derivative with respect to {name} is not read here")
    return _changed(world, of, name, place)


def _changed(world: World, of: t.Node, name: str, place: Place) -> Value:
    """With a letter that stands for as many numbers as one input: the slopes by that input, divided by its own."""
    for letter, shape in world.point.shapes.items():
        if letter not in world.known.setting.symbols or len(shape) != 1:
            continue
        own = [slope(world, t.Symbol(name=name), letter, q) for q in places(shape)]
        if any(not isinstance(one, tuple) or len(one) != shape[0] or len(one[0]) != 1 for one in own):
            continue
        # Column q: how all entries change with entry q.
        matrix = [[one[p][0].value for one in own if isinstance(one, tuple)] for p in range(shape[0])]
        if (inverse := inverted(matrix)) is None:
            continue
        by_input = [slope(world, of, letter, q) for q in places(shape)]
        weights = [Number(inverse[q][place[0]]) for q in range(shape[0])]
        total = times(weights[0], by_input[0])
        for weight, value in zip(weights[1:], by_input[1:], strict=True):
            total = plus(total, times(weight, value))
        return total
    raise UnreadableError(f"a derivative with respect to {name} is not read here")


# ------------------------------------------------------------ chains


def chains_in(world: World, factors: Sequence[t.Node]) -> Iterator[tuple[int, int]]:
    """Where neighboring derivatives form a chain, each by what the next is of, or the other way round."""
    if sum(isinstance(factor, t.Partial) for factor in factors) < 2:
        return
    at = 0
    while at < len(factors):
        end = at + 1
        while end < len(factors) and _linked(world, factors[end - 1], factors[end]):
            end += 1
        if end == at + 1:
            while end < len(factors) and _linked(world, factors[end], factors[end - 1]):
                end += 1
        if end > at + 1:
            yield at, end
        at = end


def _linked(world: World, left: t.Node, right: t.Node) -> bool:
    if not isinstance(left, t.Partial) or not isinstance(right, t.Partial) or not isinstance(right.of, t.Symbol):
        return False
    between = left.by
    if ANY in right.by.indices or between.indices or right.of.indices or not isinstance(left.of, t.Symbol):
        return False
    one, other = world.known.name(between), world.known.name(right.of)
    if one or other:
        return one == other and bool(world.point.shapes[one])
    return between.name == right.of.name and operations.own(world, between) is not None


def chained(world: World, factors: Sequence[t.Node]) -> Value:
    """The chain rule: summed over what stands between the derivatives, and laid out as the whole derivative is."""
    links = [factor for factor in factors if isinstance(factor, t.Partial)]
    if not _linked(world, links[0], links[1]):
        links.reverse()
    of, by = links[0].of, links[-1].by
    assert isinstance(of, t.Symbol)
    between = [_places(world, link.by) for link in links[:-1]]

    def entry(above: t.Symbol, below: t.Symbol, at: World, k: int = 0) -> Number:
        """The sum over the k-th letter between and those after it."""
        if k == len(links) - 1:
            return number_in(partial(at, t.Partial(of=above, by=below)))
        total = Number(Decimal(0))
        names = tuple(f"#{k}{axis}" for axis in range(2))
        for place in between[k]:
            inner = at.seeing({**at.letters, **dict(zip(names, place, strict=False))})
            middle = replace(links[k].by, indices=names[: len(place)])
            factor = number_in(partial(inner, t.Partial(of=above, by=middle)))
            total = total + factor * entry(middle, below, inner, k + 1)
        return total

    return _laid_out(world, of, by, entry)


Entry = Callable[[t.Symbol, t.Symbol, "World"], Number]


def _laid_out(world: World, of: t.Symbol, by: t.Symbol, entry: Entry) -> Value:
    name = world.known.name(by)
    above = [()] if of.indices else _places(world, of)
    below = [()] if by.indices else _places(world, by)
    upper, lower = ("#a", "#b"), ("#c", "#d")

    def one(p: Place, q: Place) -> Number:
        letters = {**world.letters, **dict(zip(upper, p, strict=False)), **dict(zip(lower, q, strict=False))}
        left = replace(of, indices=upper[: len(p)]) if p else of
        right = replace(by, indices=lower[: len(q)]) if q else by
        return entry(left, right, world.seeing(letters))

    def value(q: Place) -> Value:
        return one((), q) if above == [()] else column([one(p, q) for p in above])

    if below == [()]:
        return value(())
    entries = [value(q) for q in below]
    if name and world.point.shapes[name]:
        return arranged(world, name, entries)
    numbers = all(isinstance(one, Number) for one in entries)
    return _laid(entries, world.layout.given) if numbers else _jacobian(entries)


def _places(world: World, symbol: t.Symbol) -> list[Place]:
    """The positions of all entries of a letter; one without indices for a number."""
    name = world.known.name(symbol)
    if name and operations.own(world, symbol) is None:
        return places(world.point.shapes[name])
    value = world.evaluate(replace(symbol, indices=()))
    return places((len(value),)) if isinstance(value, tuple) else [()]
