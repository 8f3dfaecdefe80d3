"""Rules of differentiation for any functions of one number, such as ``d/dt (u v)``, and for a power of one."""

from collections.abc import Container
from dataclasses import replace
from itertools import pairwise

from autograder.mathematics.answers.chains import Chain, Side, has_prime
from autograder.mathematics.answers.definitions import USUAL
from autograder.mathematics.answers.functions import arbitrary
from autograder.mathematics.formulas import tree as t

_LETTER = t.Symbol(name="any")
_AT = t.Number(digits="0.7")


def as_rule(chain: Chain) -> Chain:
    """A chain that says something of any functions of one letter, with some at some number in their place.

    Where the letter is one of the setting's, that is what its sides may mean besides.
    """
    nodes = [node for side in chain.sides for node in side.nodes]
    by = {below.by for node in nodes for below in t.walk(node) if isinstance(below, t.Partial)}
    if not by and has_prime(nodes) and len(t.letters(*nodes)) > 1:
        by = {_LETTER}
    if chain.question is None or chain.defines or len(by) != 1:
        return chain
    (letter,) = by
    known = chain.asking.known
    symbols = {below for node in nodes for below in t.walk(node) if isinstance(below, t.Symbol)} - {letter}
    given = {one for one in symbols if known.name(one) in known.constants}
    own = {name for name, _ in chain.definitions} | USUAL
    found = known.find(letter)
    if letter.indices or letter.name in own or any(one.indices or one.name in own for one in symbols - given):
        return chain
    if any(known.find(one) or one.name in known.dimensions for one in symbols - given):
        return chain
    if found and (len(known.shapes[found[0]]) != 1 or found[0] in known.definitions):
        return chain
    names = frozenset(one.name for one in symbols - given)
    # No term may be lost to a derivative.
    functions = {
        name: replace(body, terms=body.terms[:-1])
        for name, (_, body) in arbitrary(names).items()
        if isinstance(body, t.Plus)
    }

    def at(node: t.Node, place: t.Node) -> t.Node:
        def change(below: t.Node) -> t.Node | None:
            match below:
                case t.Partial(of=of):
                    return t.Operation(name="slope", of=(at(of, _LETTER), _LETTER, place))
                case t.Operation(name="prime", of=(of,)):
                    return t.Operation(name="slope", of=(at(of, _LETTER), _LETTER, place))
                case t.Symbol() if below == letter:
                    return place
                case t.Symbol() if below.name in functions:
                    return t.changed(functions[below.name], lambda one: place if one == _LETTER else None)
            return None

        return t.changed(node, change)

    called = bool(found and names) and all(_is_called(side.node, names, letter) for side in chain.sides if side.node)

    def side_of(side: Side) -> Side:
        if side.node is None:
            return side
        ruled = at(_without_arguments(side.node, letter) if called else side.node, _AT)
        if found and not names:
            return replace(side, others=(*side.others, ruled), renamed=True)
        return replace(side, node=ruled, others=(), renamed=True, borrowed=side.borrowed | names)

    return replace(chain, sides=tuple(map(side_of, chain.sides)))


def _argument(node: t.Node, letter: t.Symbol) -> bool:
    """Whether it is what a function is taken of, perhaps with the power of that."""
    return node == letter or (isinstance(node, t.Power) and node.base == letter)


def _is_called(node: t.Node, names: Container[str], letter: t.Symbol) -> bool:
    """Whether every function, or its derivative, stands before the letter, as in f(x)."""
    products = (below.factors for below in t.walk(node) if isinstance(below, t.Times))
    heads = (a for factors in products for a, b in pairwise(factors) if _argument(b, letter))
    return sum(_count(head, names) for head in heads) == _count(node, names)


def _count(node: t.Node, names: Container[str]) -> int:
    return sum(isinstance(one, t.Symbol) and one.name in names for one in t.walk(node))


def _without_arguments(node: t.Node, letter: t.Symbol) -> t.Node:
    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Times):
            return None
        factors: list[t.Node] = []
        for one in below.factors:
            if factors and one == letter:
                continue
            if factors and isinstance(one, t.Power) and one.base == letter:
                factors[-1] = replace(one, base=factors[-1])
            else:
                factors.append(t.changed(one, change))
        return factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=(False,) * (len(factors) - 1))

    return t.changed(node, change)
