"""Under which condition on its indices each chain is meant: what words say, in the letters of its derivative."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Condition, Side, is_prime, nodes_in
from autograder.mathematics.answers.comparing import tells_apart
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.formulas import tree as t

Pair = tuple[str, str]


_PAIR = 2
"""Indices of what has one for the output and one for the input."""


def pair_of(chain: Chain) -> Pair | None:
    """The two letters of a derivative in a chain, its first side before the others, or of the delta it explains."""
    for side in chain.sides:
        for below in t.walk(side.node) if side.node else ():
            if isinstance(below, t.Partial) and isinstance(below.of, t.Symbol):
                letters = (*below.of.indices, *below.by.indices)
                if len(letters) == 2 and not any(map(str.isdecimal, letters)):
                    return letters[0], letters[1]
    left = chain.sides[0].node
    if not isinstance(left, t.Symbol) or len({*left.indices}) != _PAIR or any(map(str.isdecimal, left.indices)):
        return None
    own = chain.definitions.get((left.name, _PAIR))
    return (
        (left.indices[0], left.indices[1]) if is_kronecker(left) or (own and isinstance(own.body, t.Partial)) else None
    )


@dataclass(frozen=True, kw_only=True)
class Slope:
    """A derivative by an entry of what has one index: that is a sign in it, so that it is the same for any."""

    of: t.Node
    index: str
    by: str


def slope_of(chain: Chain) -> Slope | None:
    """The derivative that a chain begins with, where its question tells equal indices from others."""
    first = chain.sides[0].node
    if chain.question is None or not chain.asking.by_cases:
        return None
    if not isinstance(first, t.Partial) or len(first.by.indices) != 1 or _has_a_sum(first.of):
        return None
    letters = {index for one in t.walk(first.of) if isinstance(one, t.Symbol) for index in one.indices}
    if len(letters) != 1:
        return None

    def change(node: t.Node) -> t.Node | None:
        indexed = isinstance(node, t.Symbol) and bool(node.indices)
        return replace(node, indices=("#",) * len(node.indices)) if indexed and isinstance(node, t.Symbol) else None

    return Slope(of=t.changed(first.of, change), index=letters.pop(), by=first.by.indices[0])


def _has_a_sum(node: t.Node) -> bool:
    return any(isinstance(one, t.Total) for one in t.walk(node))


def is_kronecker(node: t.Node | None) -> bool:
    """Whether it is Kronecker's delta of two letters, or that entry of the identity."""
    return isinstance(node, t.Symbol) and node.name in {"delta", "I"} and len({*node.indices}) == 2 == len(node.indices)


def conditioned(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with the case that their surroundings give them, in their own letters."""
    done: list[Chain] = []
    last: Condition | None = None
    pairs = [pair_of(chain) for chain in chains]
    for chain, pair, beside in zip(chains, pairs, _pairs_beside(chains, pairs), strict=True):
        alone = pair is None and chain.case is not None and chain.case.kind == "indices" and _differentiates(chain)
        condition = _condition(chain.case, beside if alone else pair, last)
        last = condition or last
        done.append(replace(chain, condition=condition, sides=tuple(_lettered(side, pair) for side in chain.sides)))
    return done


def _differentiates(chain: Chain) -> bool:
    return any(isinstance(one, t.Partial) or is_prime(one) for one in nodes_in(chain.sides))


def _pairs_beside(chains: Sequence[Chain], pairs: Sequence[Pair | None]) -> list[Pair | None]:
    """By chain, two different letters of a derivative of the same question: of one before, of one behind, as asked."""
    before = _nearest(chains, pairs)
    behind = _nearest(chains[::-1], pairs[::-1])[::-1]
    return [one or other or _asked(chain) for chain, one, other in zip(chains, before, behind, strict=True)]


def _nearest(chains: Sequence[Chain], pairs: Sequence[Pair | None]) -> list[Pair | None]:
    last: dict[Question | None, Pair] = {}
    found = []
    for chain, pair in zip(chains, pairs, strict=True):
        if pair and pair[0] != pair[1]:
            last[chain.question] = pair
        found.append(last.get(chain.question))
    return found


def _asked(chain: Chain) -> Pair | None:
    letters = [(*one.of.indices, *one.left.by.indices) for one in chain.asking.targets] if chain.question else []
    return next(((one[0], one[1]) for one in letters if len(one) == 2 and one[0] != one[1]), None)


def _condition(case: Case | None, pair: Pair | None, last: Condition | None) -> Condition | None:
    if case is None or case.kind == "all":
        return None
    if case.kind == "letters":
        return (case.left, case.right, case.equal)
    if pair is None or pair[0] == pair[1]:
        return None
    if case.kind == "indices":
        return (*pair, case.equal)
    return (*pair, not last[2]) if last else None


def _lettered(side: Side, pair: Pair | None) -> Side:
    """Cases that name no letters are about those of the derivative."""
    if side.node is None or pair is None or not any(isinstance(one, t.Cases) for one in t.walk(side.node)):
        return side

    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Cases):
            return None
        rows = [(value, _named(when, pair)) for value, when in below.rows]
        return replace(below, rows=tuple(rows))

    return replace(side, node=t.changed(side.node, change))


def _named(when: t.When, pair: Pair) -> t.When:
    return replace(when, left=pair[0], right=pair[1]) if isinstance(when, t.Condition) and not when.left else when


def told_apart(chains: Sequence[Chain]) -> list[Chain]:
    """Who treats dv_i/du_i by itself means i != j by dv_i/du_j, unless a delta or cases say otherwise."""
    pairs = [pair_of(chain) if chain.target and chain.asking.by_cases else None for chain in chains]
    own = {pair[0] for pair in pairs if pair and pair[0] == pair[1]}
    slopes = [slope_of(chain) if not chain.target else None for chain in chains]
    alone = {one.of for one in slopes if one and one.index == one.by}

    def condition(chain: Chain, pair: Pair | None, slope: Slope | None) -> Condition | None:
        apart = pair if pair and own & {*pair} else (slope.index, slope.by) if slope and slope.of in alone else None
        free = chain.condition is None and not _says_both(chain)
        return (*apart, False) if apart and apart[0] != apart[1] and free else chain.condition

    told_ = zip(chains, pairs, slopes, strict=True)
    return [replace(chain, condition=condition(chain, pair, slope)) for chain, pair, slope in told_]


def _says_both(chain: Chain) -> bool:
    return any(tells_apart(node) for side in chain.sides for node in side.nodes)
