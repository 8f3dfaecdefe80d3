"""Under which condition on its indices each chain is meant: what words say, in the letters of its derivative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.chains import Chain, Condition, Side
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.formulas import tree as t


def pair_of(chain: Chain) -> tuple[str, str] | None:
    """The two letters of a derivative in a chain, its first side before the others, or of the delta it explains."""
    for side in chain.sides:
        for below in t.walk(side.node) if side.node else ():
            if isinstance(below, t.Partial) and isinstance(below.of, t.Symbol):
                letters = (*below.of.indices, *below.by.indices)
                if len(letters) == 2 and not any(map(str.isdecimal, letters)):
                    return letters[0], letters[1]
    left = chain.sides[0].node
    return (left.indices[0], left.indices[1]) if is_kronecker(left) and isinstance(left, t.Symbol) else None


def is_kronecker(node: t.Node | None) -> bool:
    """Whether it is Kronecker's delta of two letters."""
    return isinstance(node, t.Symbol) and node.name == "delta" and len({*node.indices}) == 2 == len(node.indices)


def conditioned(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with the case that their surroundings give them, in their own letters."""
    done: list[Chain] = []
    last: Condition | None = None
    for chain in chains:
        condition = _condition(chain.case, pair_of(chain), last)
        last = condition or last
        done.append(
            replace(chain, condition=condition, sides=tuple(_lettered(side, pair_of(chain)) for side in chain.sides))
        )
    return done


def _condition(case: Case | None, pair: tuple[str, str] | None, last: Condition | None) -> Condition | None:
    if case is None or case.kind == "all":
        return None
    if case.kind == "letters":
        return (case.left, case.right, case.equal)
    if pair is None or pair[0] == pair[1]:
        return None
    if case.kind == "indices":
        return (*pair, case.equal)
    return (*pair, not last[2]) if last else None


def _lettered(side: Side, pair: tuple[str, str] | None) -> Side:
    """Cases that name no letters are about those of the derivative."""
    if side.node is None or pair is None or not any(isinstance(one, t.Cases) for one in t.walk(side.node)):
        return side

    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Cases):
            return None
        rows = [(value, _named(when, pair)) for value, when in below.rows]
        return replace(below, rows=tuple(rows))

    return replace(side, node=t.changed(side.node, change))


def _named(when: t.When, pair: tuple[str, str]) -> t.When:
    return replace(when, left=pair[0], right=pair[1]) if isinstance(when, t.Condition) and not when.left else when
