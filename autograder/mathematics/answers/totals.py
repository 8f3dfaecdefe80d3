"""Sums at one point: where their letters begin and end, and how far letters run."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

from autograder.mathematics.answers.indices import INDICES
from autograder.mathematics.answers.known import MOST
from autograder.mathematics.answers.numbers import ONE, ZERO, MisfitError, UnreadableError, Value, plus, times
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World


_LESS_ONE = t.Negative(of=t.Number(digits="1"))


def terms(world: World, node: t.Node) -> list[Value]:
    """Compute what a sum adds up."""
    assert isinstance(node, t.Total)
    skipped = {world.place(index) for index in node.skipped}
    chosen = [k for k in range(_start(world, node), _end(world, node)) if k not in skipped]
    inside = ({**world.letters, node.index: k} for k in chosen)
    return [world.seeing(at, varied=world.varied).evaluate(node.body) for at in inside]


def total(world: World, node: t.Total) -> Value:
    """Add up what a sum stands for."""
    found = terms(world, node)
    if node.product:
        whole: Value = ONE
        return reduce(times, found, whole)
    return reduce(plus, found) if found else ZERO


def _start(world: World, node: t.Total) -> int:
    if node.lower is None:
        return 0
    lower = _limit(world, node.lower)
    return 0 if node.lower == t.Number(digits="0") else lower - world.aside.base


def _end(world: World, node: t.Total) -> int:
    upper = node.upper
    if isinstance(upper, t.Symbol) and upper.name in world.letters and not upper.indices:
        return world.letters[upper.name] + 1
    if isinstance(upper, t.Symbol) and (upper.name in INDICES or world.known.find(upper)):
        raise UnreadableError("nothing says how far this sum runs")
    own = world.definitions.get((upper.name, 0)) if isinstance(upper, t.Symbol) else None
    if own is not None and upper is not None and not isinstance(own.body, t.Number):
        # A number is one that the size has in an example.
        return _limit(world, upper)
    if node.lower == t.Number(digits="0") and isinstance(upper, t.Plus) and upper.terms[1:] == (_LESS_ONE,):
        upper = None
    named = isinstance(upper, t.Symbol) and not upper.indices and upper.name not in world.letters
    from_zero = node.lower == t.Number(digits="0")
    if upper is None or named:
        if from_zero and named:
            raise UnreadableError("a sum from 0 up to the size has one term too many")
        if id(node) not in world.point.extents:
            stated = world.point.size.get(upper.name) if isinstance(upper, t.Symbol) else None
            world.point.extents[id(node)] = node, extent(world, [node.body], node.index, usual=stated)
        return world.point.extents[id(node)][1]
    return _limit(world, upper) + (1 if from_zero or not world.aside.base else 0)


def _limit(world: World, node: t.Node) -> int:
    named = t.letters(node)
    known = named <= {*world.point.size, *world.letters, *(name for name, count in world.definitions if not count)}
    if not known and isinstance(node, t.Plus):
        # A size by another letter, less one.
        rest = [term for term in node.terms if isinstance(term, t.Number | t.Negative)]
        if len(rest) == len(node.terms) - 1 and len(world.point.size) == 1:
            value = Decimal(next(iter(world.point.size.values()))) + sum(
                (world.number(term, "a limit").value for term in rest), Decimal(0)
            )
            return int(value)
    value = world.number(node, "a sum's limit").value
    if value != int(value) or not 0 <= value <= MOST:
        raise UnreadableError("a sum's limits must be whole numbers, or the size")
    return int(value)


def extent(world: World, nodes: Sequence[t.Node], letter: str, *, usual: int | None = None) -> int:
    """How far a letter runs, from what it is an index of; the usual or smallest size when it is on nothing known."""
    found: list[int] = []
    waiting = [(node, letter) for node in nodes]
    seen: set[tuple[str, int, str]] = set()
    while waiting:
        side, sought = waiting.pop()
        for below in t.walk(side):
            if not isinstance(below, t.Symbol) or sought not in below.indices:
                continue
            own = world.definitions.get((below.name, len(below.indices)))
            if own is not None:
                for index, inner in zip(below.indices, own.indices, strict=True):
                    key = (below.name, len(below.indices), inner)
                    if index == sought and key not in seen:
                        seen.add(key)
                        waiting.append((own.body, inner))
            else:
                found += [
                    size for size, index in zip(_shape(world, below), below.indices, strict=False) if index == sought
                ]
    return min(found or ([usual] if usual else world.point.size.values()))


def _shape(world: World, entry: t.Symbol) -> tuple[int, ...]:
    """How far the indices of an entry run; nothing where it is one of nothing known."""
    if (entry.name, 0) not in world.definitions:
        known = world.known.find(entry)
        if known is None and entry.name in world.aside.free:
            return tuple(world.point.size[dimension] for dimension in world.aside.free[entry.name])
        return tuple(world.point.shapes[known[0]]) if known else ()
    try:
        whole = world.seeing().evaluate(t.Symbol(name=entry.name))
    except (UnreadableError, MisfitError):
        return ()
    if not isinstance(whole, tuple):
        return ()
    return (len(whole) * len(whole[0]),) if len(entry.indices) == 1 else (len(whole), len(whole[0]))
