"""The tree a line of a derivation is read into: small, frozen, without brackets (the printer puts them where needed).

``left``/``right`` order is kept as written: products of matrices do not commute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import is_
from typing import Any, TypeAlias


class _Parent:
    """What every node can do."""

    @cached_property
    def below(self) -> tuple[Node, ...]:
        """Give the nodes right below it, in the order they are printed."""
        return tuple(child for name in _BELOW[type(self)] for child in _nodes(getattr(self, name)))

    @cached_property
    def everything(self) -> tuple[Node, ...]:
        """Give it and all nodes below it, parents first, found without recursion."""
        found: list[Any] = []
        waiting: list[Any] = [self]
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting.extend(reversed(node.below))
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Number(_Parent):
    """A number as it was written."""

    #: ``"3"`` or ``"0.5"``; a sign is a `Negative` around it.
    digits: str


@dataclass(frozen=True, kw_only=True)
class Symbol(_Parent):
    """A letter, perhaps bold, perhaps with indices."""

    #: One letter, or a Greek letter's command without its backslash.
    name: str
    bold: bool = False
    #: Letters, Greek letters and whole numbers; ``w_{11}`` has the one index ``"11"``, ``w_{1,2}`` has two.
    indices: tuple[str, ...] = ()

    def reindexed(self, letters: Mapping[str, str]) -> Symbol:
        """Write other letters for some of its indices."""
        return replace(self, indices=tuple(letters.get(index, index) for index in self.indices))


@dataclass(frozen=True, kw_only=True)
class Applied(_Parent):
    """A function of a bold vector, such as C(y)."""

    function: Symbol
    argument: Symbol


@dataclass(frozen=True, kw_only=True)
class Negative(_Parent):
    """A term with a minus."""

    of: Node


@dataclass(frozen=True, kw_only=True)
class Plus(_Parent):
    """Terms that are added."""

    #: At least two; a difference has a `Negative` among them.
    terms: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Times(_Parent):
    """Factors side by side, at least two."""

    factors: tuple[Node, ...]
    #: For each factor but the first, whether a ``\cdot`` stands before it.
    dots: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class Fraction(_Parent):
    """One thing over another."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True, kw_only=True)
class Partial(_Parent):
    """A derivative."""

    of: Node
    by: Symbol


@dataclass(frozen=True, kw_only=True)
class Power(_Parent):
    """Something to a power."""

    base: Node
    exponent: Node


@dataclass(frozen=True, kw_only=True)
class Transpose(_Parent):
    """Something transposed."""

    of: Node


@dataclass(frozen=True, kw_only=True)
class Function(_Parent):
    """A function with a name of its own."""

    #: ``"exp"`` or ``"diag"``.
    name: str
    argument: Node


@dataclass(frozen=True, kw_only=True)
class Total(_Parent):
    """A sum over an index; its body reaches to the next plus or minus."""

    index: str
    body: Node
    #: The limits; all there are when None.
    lower: Node | None = None
    upper: Node | None = None
    #: Indices the bound letter leaves out, as in n != i.
    skipped: tuple[str, ...] = ()
    #: Whether its terms are multiplied, which only students write.
    product: bool = False


@dataclass(frozen=True, kw_only=True)
class Matrix(_Parent):
    """Elements written out."""

    #: All of one length.
    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Two indices that agree or differ."""

    left: str
    right: str
    equal: bool


@dataclass(frozen=True, kw_only=True)
class Above(_Parent):
    """One number above another."""

    left: Node
    right: Node
    #: Whether they may not be equal.
    strict: bool


When: TypeAlias = "Condition | Above | None"


@dataclass(frozen=True, kw_only=True)
class Cases(_Parent):
    """One value or another."""

    #: Values and when they hold; None is "otherwise", and the last.
    rows: tuple[tuple[Node, When], ...]


@dataclass(frozen=True, kw_only=True)
class Operation(_Parent):
    """What has a name of its own: a logarithm, a root, the larger of two; and what only students write."""

    name: str
    of: tuple[Node, ...] = ()
    indices: tuple[str, ...] = ()


Node: TypeAlias = (
    Number
    | Symbol
    | Applied
    | Negative
    | Plus
    | Times
    | Fraction
    | Partial
    | Power
    | Transpose
    | Function
    | Total
    | Matrix
    | Cases
    | Above
    | Operation
)
NODES = (
    Number,
    Symbol,
    Applied,
    Negative,
    Plus,
    Times,
    Fraction,
    Partial,
    Power,
    Transpose,
    Function,
    Total,
    Matrix,
    Cases,
    Above,
    Operation,
)


_BELOW: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.type not in {"str", "bool", "tuple[str, ...]"})
    for kind in NODES
}
"""Fields in which nodes may stand."""


def relation(left: Node, sign: str, right: Node) -> Above:
    r"""Read ``>``, ``<``, ``\ge`` or ``\le``."""
    if sign == "<" or sign.startswith(r"\l"):
        left, right = right, left
    return Above(left=left, right=right, strict=sign in {"<", ">"})


def children(node: Node) -> tuple[Node, ...]:
    """Give the nodes right below one, in the order they are printed."""
    return node.below


def _nodes(value: object) -> Iterator[Node]:
    if type(value) in _BELOW:
        yield value  # type: ignore[misc]
    elif isinstance(value, tuple):
        for piece in value:
            yield from _nodes(piece)


def walk(node: Node) -> Iterator[Node]:
    """Iterate over a node and everything below it, parents first."""
    return iter(node.everything)


def letters(*nodes: Node) -> set[str]:
    """Collect the names of all symbols in some trees."""
    return {one.name for node in nodes for one in walk(node) if isinstance(one, Symbol)}


def depth(node: Node) -> int:
    """Count the levels of a tree, 1 for a leaf, without recursion."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [below for above in level for below in children(above)]
    return deepest


def changed(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """Copy a tree with some nodes replaced: `change` answers what takes a node's place, or None to look below it."""
    new = change(node)
    if new is not None:
        return new
    changes: dict[str, Any] = {}
    for name in _BELOW[type(node)]:
        below = getattr(node, name)
        if (other := _changed(below, change)) is not below:
            changes[name] = other
    if not changes:
        return node
    copy: Node = replace(node, **changes)
    return copy


def with_below(node: Node, nodes: Iterable[Node]) -> Node:
    """Copy a node with others right below it, in the order in which they are printed."""
    following = iter(nodes)
    return changed(node, lambda one: None if one is node else next(following))


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """Copy a tree with other letters for some."""
    return changed(
        node,
        lambda one: replace(one, name=names[one.name]) if isinstance(one, Symbol) and one.name in names else None,
    )


def reindexed(node: Node, letters: Mapping[str, str]) -> Node:
    """Copy a tree with other letters for some indices."""

    def change(below: Node) -> Node | None:
        if not isinstance(below, Symbol) or letters.keys().isdisjoint(below.indices):
            return None
        return below.reindexed(letters)

    return changed(node, change)


def _changed(value: object, change: Callable[[Node], Node | None]) -> object:
    if type(value) in _BELOW:
        return changed(value, change)  # type: ignore[arg-type]
    if isinstance(value, tuple):
        pieces = tuple(_changed(piece, change) for piece in value)
        return value if all(map(is_, pieces, value)) else pieces
    return value
