"""The size that a line is about where entries are written out in it, and all that stands in it."""

from collections.abc import Iterator, Sequence
from itertools import product

from autograder.mathematics.answers.chains import Chain
from autograder.mathematics.answers.known import Size
from autograder.mathematics.formulas import tree as t

_LARGEST_WRITTEN_OUT = 5


def with_definitions(nodes: Sequence[t.Node], chain: Chain) -> Sequence[t.Node]:
    """Give some sides, and what the student's own letters in them stand for."""
    names = t.letters(*nodes)
    return [*nodes, *(one.body for (name, _), one in chain.definitions.items() if name in names)]


def written_size(nodes: Sequence[t.Node], chain: Chain) -> Size | None:
    """The size that components written out ask for."""
    known, sizes = chain.asking.known, [0]
    bodies = with_definitions(nodes, chain)
    for node in (below for side in bodies for below in _outside_of_dots(side)):
        match node:
            case t.Symbol() if known.shapes.get(known.name(node)) != ():
                numbers = (index for index in node.indices if index.isdecimal())
                more = 1 - chain.aside.base
                sizes += [int(digits) + more for index in numbers for digits in (index if len(index) == 2 else [index])]
            case t.Matrix():
                sizes.append(max(len(node.rows), len(node.rows[0])))
            case t.Total(upper=t.Number(digits=digits)) if digits.isdecimal():
                sizes.append(int(digits))
    largest = max(sizes)
    own = _by_dimension(bodies, chain)
    if chosen := {name: int(value) for name, value in chain.under.items() if name in known.dimensions}:
        return {**known.telling, **dict.fromkeys(known.dimensions if largest else (), max(2, largest)), **chosen}
    if not 0 < largest <= _LARGEST_WRITTEN_OUT:
        return None
    apart = set(own) == {*known.dimensions}
    return {name: max(2, own[name] if apart else largest) for name in known.dimensions}


def sizes_of_matrices(nodes: Sequence[t.Node], chain: Chain) -> list[Size]:
    """All sizes whose dimensions are as long as some row or column of a matrix that is written out."""
    known = chain.asking.known
    matrices = [one for side in nodes for one in t.walk(side) if isinstance(one, t.Matrix)]
    lengths = {len(one.rows) for one in matrices} | {len(one.rows[0]) for one in matrices}
    lengths = {one for one in lengths if 1 < one <= _LARGEST_WRITTEN_OUT} | {2}
    if not matrices or len(lengths) < 2:
        return []
    own = _by_dimension(with_definitions(nodes, chain), chain)
    ways = product(sorted(lengths), repeat=len(known.dimensions))
    sizes = (dict(zip(known.dimensions, way, strict=True)) for way in ways)
    return [size for size in sizes if all(size[name] >= least for name, least in own.items())]


def _by_dimension(bodies: Sequence[t.Node], chain: Chain) -> dict[str, int]:
    """How large each dimension must be for the entries of known letters that stand in some sides, and for a matrix."""
    known, found = chain.asking.known, dict[str, int]()
    more = 1 - chain.aside.base

    def add(dimensions: Sequence[str], numbers: Sequence[str]) -> None:
        for dimension, number in zip(dimensions, numbers, strict=False):
            if number.isdecimal():
                found[dimension] = max(found.get(dimension, 0), int(number) + more)

    for node in (below for side in bodies for below in _outside_of_dots(side)):
        if isinstance(node, t.Symbol) and (shape := known.shapes.get(known.name(node))):
            one = len(node.indices) == 1 and len(shape) == 2
            add(shape, tuple(node.indices[0]) if one else node.indices)
    for matrix, other in ((bodies[0], bodies[1]), (bodies[1], bodies[0])) if len(bodies) > 1 else ():
        whole = other.by if isinstance(other, t.Partial) else other
        if isinstance(matrix, t.Matrix) and isinstance(whole, t.Symbol) and not whole.indices:
            shape = known.shapes.get(known.name(whole)) or ()
            if len(shape) == 2:
                lengths = str(len(matrix.rows) - more), str(len(matrix.rows[0]) - more)
                turned = any(found.get(name, 0) > int(length) for name, length in zip(shape, lengths, strict=True))
                add(shape, lengths[::-1] if turned else lengths)
    return found


def _outside_of_dots(side: t.Node) -> Iterator[t.Node]:
    """Nodes of a side, without those of matrices with dots: such are of any size."""
    waiting = [side]
    while waiting:
        node = waiting.pop()
        if not (isinstance(node, t.Operation) and node.name == "array"):
            yield node
            waiting += t.children(node)
