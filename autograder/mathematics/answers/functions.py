"""Functions of the student's own, such as ``f(t) = e^{2 t}``: written out wherever they are taken of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.mathematics.answers.chains import Chain, Side
from autograder.mathematics.answers.letters import APPLIED
from autograder.mathematics.formulas import tree as t

Functions = Mapping[str, tuple[t.Symbol, t.Node]]
"""By name: the letter that stands for the argument, and what the function gives."""


def written_out(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with every function of the student's own written out."""
    functions: dict[str, tuple[t.Symbol, t.Node]] = {}
    defining: set[int] = set()
    for chain in chains:
        second = chain.sides[1].node
        match chain.sides[0].node:
            case t.Operation(name="apply", of=(t.Symbol(name=name), t.Symbol(indices=()) as argument), indices=()):
                if second is not None and name not in functions:
                    functions[name] = argument, second
                    defining.add(chain.number)
    if not functions:
        return list(chains)
    return [
        replace(chain, defines=True, sides=(chain.sides[0], *(_side(side, functions) for side in chain.sides[1:])))
        if chain.number in defining
        else replace(chain, sides=tuple(_side(side, functions) for side in chain.sides))
        for chain in chains
    ]


def _side(side: Side, functions: Functions) -> Side:
    if side.node is None:
        return side
    node = _inlined(side.node, functions)
    others = tuple(_inlined(one, functions) for one in side.others)
    return replace(side, node=node, others=others, renamed=side.renamed or node is not side.node)


def _inlined(node: t.Node, functions: Functions) -> t.Node:
    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Operation) or below.name != APPLIED:
            return None
        function, argument = below.of
        assert isinstance(function, t.Symbol)
        if function.name not in functions:
            return None
        letter, body = functions[function.name]
        argument = t.changed(argument, change)
        if below.indices:
            return t.Operation(name="slope", of=(body, letter, argument))
        return t.changed(body, lambda one: argument if one == letter else None)

    return t.changed(node, change)
