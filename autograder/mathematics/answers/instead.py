"""What sides may be about that cannot be compared as they stand: identities for ones, any cost, any numbers."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.chains import Chain, has_prime
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.unsized import ONES, is_ones, is_unsized
from autograder.mathematics.answers.written_sizes import with_definitions
from autograder.mathematics.formulas import tree as t


def with_identities(left: t.Node, right: t.Node) -> tuple[t.Node, t.Node] | None:
    """Two sides with the identity in place of a bold 1: where ones do not fit, it may be what is meant."""
    if not any(is_ones(below) for side in (left, right) for below in t.walk(side)):
        return None
    changed = (t.changed(side, lambda one: t.Symbol(name="I") if is_ones(one) else None) for side in (left, right))
    return next(changed), next(changed)


def with_ones(left: t.Node, right: t.Node) -> tuple[t.Node, t.Node] | None:
    """Two sides with the vector of ones in the place of each 1 that is a factor, where a transposed 1 is one, too."""
    if not any(is_ones(below) for side in (left, right) for below in t.walk(side)):
        return None

    def change(node: t.Node) -> t.Node | None:
        if not isinstance(node, t.Times) or t.Number(digits="1") not in node.factors:
            return None
        factors = (t.Operation(name=ONES) if one == t.Number(digits="1") else one for one in node.factors)
        return replace(node, factors=tuple(factors))

    changed = t.changed(left, change), t.changed(right, change)
    return changed if changed != (left, right) else None


def with_an_entry(known: Known, left: t.Node, right: t.Node, letters: Sequence[str]) -> tuple[t.Node, t.Node] | None:
    """Two sides with the one entry of an output that the other is about, where one is nothing but its letter."""
    whole = [isinstance(one, t.Symbol) and known.name(one) in known.definitions for one in (left, right)]
    if len(letters) != 1 or whole[0] is whole[1]:
        return None
    first, second = (
        replace(one, indices=(*letters,)) if isinstance(one, t.Symbol) and not one.indices else one
        for one in (left, right)
    )
    return (first, second) if (first, second) != (left, right) else None


def with_a_cost(chain: Chain, sides: tuple[t.Node, t.Node]) -> Chain | None:
    """A chain of a question without a cost, with the letter that it differentiates for any function of the output."""
    known = chain.asking.known
    if known.setting.functions or not known.output:
        return None
    partials = (n for side in with_definitions(sides, chain) for n in t.walk(side) if isinstance(n, t.Partial))
    costs = {one.of.name for one in partials if isinstance(one.of, t.Symbol) and _is_a_cost(one.of, chain)}
    if len(costs) != 1:
        return None
    setting = replace(known.setting, functions={costs.pop(): known.output})
    return replace(chain, question=replace(chain.asking, known=Known(setting)))


def _is_a_cost(symbol: t.Symbol, chain: Chain) -> bool:
    own = {name for name, _ in chain.definitions}
    return not (symbol.indices or symbol.name in own or chain.asking.known.find(symbol))


def for_any_number(chain: Chain, sides: tuple[t.Node, t.Node]) -> bool:
    """Whether sides have letters that nothing explains, and nothing in them could depend on what is varied."""
    known = chain.asking.known
    unknown = False
    primes = has_prime(sides)
    if primes and len(t.letters(*sides)) > 1:
        # A rule for functions holds for more than numbers.
        return False
    for below in (node for side in with_definitions(sides, chain) for node in t.walk(side)):
        if isinstance(below, t.Partial) or (isinstance(below, t.Operation) and below.name == "differential"):
            return False
        if primes and isinstance(below, t.Symbol) and (below.indices or known.find(below)):
            return False
        if isinstance(below, t.Transpose) and isinstance(below.of, t.Symbol) and not known.find(below.of):
            return False
        if isinstance(below, t.Symbol) and not below.indices and not known.find(below) and not is_unsized(below):
            own = any(name == below.name for name, _ in chain.definitions) or below.name in known.dimensions
            if not own and (below.bold or not below.name.islower()):
                return False
            unknown = unknown or not own
    return unknown
