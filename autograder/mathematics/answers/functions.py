"""Functions of the student's own, such as ``f(t) = e^{2 t}``: written out wherever they are taken of something."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.mathematics.answers.chains import Chain, Side
from autograder.mathematics.answers.letters import APPLIED
from autograder.mathematics.formulas import tree as t

_ANY = t.Symbol(name="any")
Functions = Mapping[str, tuple[t.Symbol, t.Node]]
"""By name: the letter that stands for the argument, and what the function gives."""


def written_out(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with every function of the student's own written out."""
    defining: dict[str, _Defined] = {}
    numbers: set[int] = set()
    for chain in chains:
        if (found := _defined(chain)) is not None and found[0].name not in defining:
            defining[found[0].name] = found
            numbers.add(chain.number)
    functions = _arbitrary(chains, defining)
    general = {*functions}
    for name, (_, argument, body) in defining.items():
        if {symbol.name for symbol in _applied(body)} & general:
            general.add(name)
        functions[name] = argument, _inlined(body, functions)
    if not functions:
        return list(chains)
    return [
        replace(chain, defines=True, sides=(chain.sides[0], *(_side(side, functions) for side in chain.sides[1:])))
        if chain.number in numbers
        else replace(
            chain,
            sides=tuple(_side(side, functions, functions if _is_a_rule(chain) else general) for side in chain.sides),
        )
        for chain in chains
    ]


def _is_a_rule(chain: Chain) -> bool:
    """Whether nothing stands in a chain but functions of the student's own, of one letter, and numbers."""
    whole: list[t.Node] = []
    for node in (node for side in chain.sides for node in side.nodes):
        rest = t.changed(node, lambda one: t.Number(digits="0") if _of_a_letter(one) else None)
        whole += (one for one in t.walk(rest) if isinstance(one, t.Symbol))
    return not whole


def _of_a_letter(node: t.Node) -> bool:
    match node:
        case t.Operation(name="apply", of=(_, t.Symbol(indices=()))):
            return True
    return False


_Defined = tuple[t.Symbol, t.Symbol, t.Node]
"""A function, its argument and what it gives."""


def _defined(chain: Chain) -> _Defined | None:
    """What a chain says that a function is."""
    body = chain.sides[1].node
    match chain.sides[0].node:
        case t.Operation(name="apply", of=(t.Symbol() as function, t.Symbol(indices=()) as argument), indices=()):
            return (function, argument, body) if body is not None else None
    return None


def _applied(node: t.Node) -> Iterator[t.Symbol]:
    for below in t.walk(node):
        if isinstance(below, t.Operation) and below.name == APPLIED and isinstance(below.of[0], t.Symbol):
            yield below.of[0]


def _arbitrary(chains: Sequence[Chain], defined: Container[str]) -> dict[str, tuple[t.Symbol, t.Node]]:
    """Functions that nothing defines, as in a rule for any: polynomials, no two alike."""
    nodes = (node for chain in chains for side in chain.sides for node in side.nodes)
    return arbitrary({symbol.name: None for node in nodes for symbol in _applied(node) if symbol.name not in defined})


def arbitrary(names: Iterable[str]) -> dict[str, tuple[t.Symbol, t.Node]]:
    """Give some function for each of some names: polynomials, no two alike."""
    found: dict[str, tuple[t.Symbol, t.Node]] = {}
    for name in names:
        size = sum(map(ord, name[:4]))
        factors = [t.Number(digits=f"{k}.{size * (k + 2)}") for k in (1, 2, 3)]
        powers: tuple[t.Node, ...] = (_ANY, t.Power(base=_ANY, exponent=t.Number(digits="2")))
        terms = (t.Times(factors=(one, power), dots=(False,)) for one, power in zip(factors, powers, strict=False))
        found[name] = _ANY, t.Plus(terms=(*terms, factors[2]))
    return found


def _side(side: Side, functions: Functions, general: Container[str] = ()) -> Side:
    changed = side.mapped(lambda node: _inlined(_somewhere(node, general), functions))
    return replace(changed, renamed=side.renamed or changed.node is not side.node)


def _somewhere(node: t.Node, general: Container[str]) -> t.Node:
    """A rule for any functions at one number: whatever letter its argument is, it is no vector of a setting."""

    def change(below: t.Node) -> t.Node | None:
        match below:
            case t.Operation(name="apply", of=(t.Symbol(name=name) as function, t.Symbol(indices=()))) if (
                name in general
            ):
                return replace(below, of=(function, t.Number(digits="0.7")))
        return None

    return t.changed(node, change)


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
