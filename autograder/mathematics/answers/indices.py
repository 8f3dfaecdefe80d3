"""Index letters of a side: which no sum binds, and sums that nobody wrote over those that stand twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.mathematics.answers.scanner import ANY, letters_of
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.chains import Chain


UPPER = frozenset("abcijklmpqrs")
"""Letters that are indices where they are raised above an array."""
INDICES = frozenset("ijkl")
"""Letters that are indices wherever they stand, also as the limit of a sum."""


def free_letters(node: t.Node) -> set[str]:
    """Index letters of a side that no sum in it binds."""
    match node:
        case t.Symbol():
            return _letters_in(node.indices)
        case t.Total():
            limits = {one.name for one in (node.lower, node.upper) if isinstance(one, t.Symbol)} & INDICES
            return limits | (free_letters(node.body) - {node.index}) | {one for one in node.skipped if is_index(one)}
        case t.Cases():
            whens = [when for _, when in node.rows if isinstance(when, t.Condition)]
            letters = {index for when in whens for index in (when.left, when.right)}
            return {one for one in letters if is_index(one)}.union(*map(free_letters, t.children(node)))
        case t.Operation(name="array"):
            return set()
        case t.Operation(name="general"):
            return free_letters(node.of[0]) - {*node.indices}
        case t.Operation(name="norm" | "sized"):
            return free_letters(node.of[0])
        case t.Operation():
            return _letters_in(node.indices).union(*map(free_letters, node.of))
    return set[str]().union(*map(free_letters, t.children(node)))


def _letters_in(indices: Sequence[str]) -> set[str]:
    return {letter for index in filter(is_index, indices) for letter in letters_of(index)}


def is_index(index: str) -> bool:
    """Whether an index is a letter."""
    return not index.isdecimal() and index not in {ANY, "vec", ""}


def summed(chain: Chain, left: t.Node, right: t.Node) -> tuple[t.Node, t.Node] | None:
    """The sides with a sum over every letter that stands twice in a product, and not in what a chain begins with."""
    found: tuple[t.Node, t.Node] | None = None
    first = chain.sides[0].node
    both = free_letters(left) & free_letters(right) - (free_letters(first) if first else set())
    for letter in sorted((free_letters(left) ^ free_letters(right)) | both):
        if chain.condition and letter in chain.condition[:2]:
            continue
        over = tuple(_over(side, letter) if letter in free_letters(side) else side for side in found or (left, right))
        if all(one is not None for one in over):
            found = over  # type: ignore[assignment]
    return found


def indexed(chain: Chain, left: t.Node, right: t.Node) -> tuple[t.Node, t.Node] | None:
    """The sides with an index at every letter of the student's own that was defined with one, where that is theirs."""
    free = free_letters(left) | free_letters(right)
    defined = {name: one.indices for (name, count), one in chain.definitions.items() if count == 1}

    def change(node: t.Node) -> t.Node | None:
        if not isinstance(node, t.Symbol) or node.indices or (node.name, 0) in chain.definitions:
            return None
        indices = defined.get(node.name, ())
        return replace(node, indices=indices) if {*indices} & free else None

    changed = t.changed(left, change), t.changed(right, change)
    return changed if changed != (left, right) else None


def _summed_product(node: t.Node) -> t.Node:
    """What sums over other letters add up."""
    while isinstance(node, t.Total):
        node = node.body
    return node


def _inside(product: t.Times, factor: t.Node, letter: str) -> t.Node | None:
    """A product with such a sum in one of its factors."""
    over = _over(factor, letter)
    return replace(product, factors=tuple(over if one is factor else one for one in product.factors)) if over else None


def _over(side: t.Node, letter: str) -> t.Node | None:
    """A side whose products are summed over a letter that stands in two of their factors."""
    if isinstance(side, t.Partial) and letter not in _letters_in(side.by.indices):
        inside = _over(side.of, letter)
        return replace(side, of=inside) if inside is not None else None
    terms = side.terms if isinstance(side, t.Plus) else (side,)
    found: list[t.Node] = []
    for term in terms:
        inner = term.of if isinstance(term, t.Negative) else term
        product = _summed_product(inner)
        with_it = (
            [one for one in product.factors if letter in free_letters(one)] if isinstance(product, t.Times) else []
        )
        if not with_it:
            found.append(term)
            continue
        total: t.Node | None = t.Total(index=letter, body=inner) if len(with_it) == 2 else None
        if len(with_it) == 1 and isinstance(inner, t.Times) and isinstance(with_it[0], t.Plus):
            total = _inside(inner, with_it[0], letter)
        if total is None:
            return None
        found.append(t.Negative(of=total) if isinstance(term, t.Negative) else total)
    return found[0] if len(found) == 1 else t.Plus(terms=tuple(found))
