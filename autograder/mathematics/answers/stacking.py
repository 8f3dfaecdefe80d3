"""A letter of the student's own for the columns of a matrix, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.mathematics.answers.chains import Chain
from autograder.mathematics.answers.gradients import has_letters
from autograder.mathematics.formulas import tree as t

_VEC = ("vec",)
Stacked = Mapping[str, t.Symbol]
"""By letter: the matrix."""


def stacked_letters(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with the columns themselves in place of letters for them, of which derivatives may be taken, too."""
    found: dict[int, tuple[str, t.Symbol]] = {}
    for chain in chains:
        if (one := _stacked(chain)) is not None:
            found[chain.number] = one
    if not found:
        return list(chains)
    letters = dict(found.values())
    return [
        replace(_written_out(chain, letters), defines=chain.defines or chain.number in found)
        if chain.question
        else chain
        for chain in chains
    ]


def _stacked(chain: Chain) -> tuple[str, t.Symbol] | None:
    match chain.sides[0].node, chain.sides[1].node:
        case t.Symbol(name=name, indices=()), t.Operation(name="vec", of=(t.Symbol(indices=()) as of,)) if (
            chain.question and name not in chain.asking.known.shapes and chain.asking.known.name(of)
        ):
            return name, of
    return None


def _written_out(chain: Chain, letters: Stacked) -> Chain:
    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(of=of, by=t.Symbol(name=name, indices=()) as by) if name in letters:
                return t.Partial(of=t.changed(of, change), by=replace(by, name=letters[name].name, indices=_VEC))
            case t.Symbol(name=name, indices=()) if name in letters:
                return t.Operation(name="vec", of=(letters[name],))
        return None

    sides = tuple(
        replace(
            side,
            node=t.changed(side.node, change) if side.node else None,
            others=tuple(t.changed(one, change) for one in side.others),
            renamed=side.renamed or has_letters(side, letters),
        )
        for side in chain.sides
    )
    return replace(chain, sides=sides)


def by_columns(side: t.Node) -> t.Node:
    """A side with derivatives by a whole letter taken by its columns, one below the other."""

    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(by=t.Symbol(indices=()) as by):
                return replace(node, by=replace(by, indices=_VEC))
        return None

    return t.changed(side, change)
