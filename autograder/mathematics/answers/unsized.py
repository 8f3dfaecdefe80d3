"""Identities, ones and unit vectors whose size nobody writes: it is what fits beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING

from autograder.mathematics.answers.numbers import ONE, ZERO, Grid, UnreadableError, column
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

ONES = "ones"
_MOST = 4
"""Letters of one line whose size is looked for."""
Pair = tuple[t.Node, t.Node]


def is_ones(node: t.Node) -> bool:
    """Whether a node is ones of no size."""
    return isinstance(node, t.Operation) and node.name == ONES and not node.indices


def is_unsized(node: t.Node) -> bool:
    """Whether a node is an identity, a vector of ones or a unit vector, of no size."""
    return is_ones(node) or (
        isinstance(node, t.Symbol)
        and ((node.name == "I" and not node.indices) or (node.name == "e" and len(node.indices) == 1))
    )


def with_sizes(sides: Pair, dimensions: Sequence[str]) -> Iterator[Pair]:
    """Give two sides with every size that these may have, the usual one of all first."""
    yield sides
    count = sum(is_unsized(below) for side in sides for below in t.walk(side))
    if not 0 < count <= _MOST or len(dimensions) < 2:
        return
    for chosen in islice(product(dimensions, repeat=count), 1, None):
        yield _sized(sides, iter(chosen))


def _sized(sides: Pair, names: Iterator[str]) -> Pair:
    def change(node: t.Node) -> t.Node | None:
        return t.Operation(name="sized", of=(node,), indices=(next(names),)) if is_unsized(node) else None

    left, right = sides
    return t.changed(left, change), t.changed(right, change)


def sized(world: World, node: t.Node, size: int, wide: int = 1) -> Grid:
    """An identity, ones or a unit vector of one size; a matrix of ones has two."""
    if isinstance(node, t.Operation):
        return ((ONE,) * wide,) * size
    assert isinstance(node, t.Symbol)
    if node.name == "I":
        return tuple(tuple(ONE if i == j else ZERO for j in range(size)) for i in range(size))
    at = world.place(node.indices[0])
    return column([ONE if k == at else ZERO for k in range(size)])


def ones(world: World) -> Grid:
    """Make ones whose size nobody writes: as many as the output has, or as the only dimension there is."""
    sizes = [*world.point.size.values()]
    size = world.usual_size or (sizes[0] if len(sizes) == 1 else 0)
    if not size:
        raise UnreadableError("nothing says how large the vector of ones is")
    return column([ONE] * size)
