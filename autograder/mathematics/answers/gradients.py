"""Derivatives with a letter of their own: those that a setting names, and gradients in short."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.chains import Chain, matches, nodes_in
from autograder.mathematics.answers.indices import is_index
from autograder.mathematics.answers.limits import LIMIT
from autograder.mathematics.answers.scanner import bare_of
from autograder.mathematics.formulas import tree as t


def named_derivatives(chain: Chain) -> Chain:
    """A chain with the letters written out that the setting has for derivatives."""
    names = chain.asking.known.named if chain.question else {}
    if not names:
        return chain

    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Symbol) or below.name not in names:
            return None
        left, derivative = names[below.name]
        if not below.indices and isinstance(derivative.of, t.Symbol):
            return t.Partial(of=replace(derivative.of, indices=()), by=replace(derivative.by, indices=()))
        indices = below.indices
        if len(indices) == 1 and len(indices[0]) == len(left.indices) and indices[0].isdecimal():
            indices = tuple(indices[0])
        if len(indices) != len(left.indices):
            return None
        letters = dict(zip(left.indices, indices, strict=True))
        if not isinstance(derivative.of, t.Symbol):
            return None
        return t.Partial(of=derivative.of.reindexed(letters), by=derivative.by.reindexed(letters))

    changed = chain.changed(change, names)
    return replace(changed, target=targets_of(changed.sides[0].node, chain.asking))


def with_adjoints(chains: Sequence[Chain], everything: Sequence[Chain]) -> list[Chain]:
    """Put derivatives in place of letters whose accent makes one, by the definition of another with it anywhere."""
    known = chains[0].asking.known
    costs: dict[str, t.Symbol] = {}
    for left, right in ((chain.sides[0].node, chain.sides[1].node) for chain in everything):
        if isinstance(left, t.Symbol) and isinstance(right, t.Partial) and isinstance(right.of, t.Symbol):
            bare = bare_of(left.name)
            if bare and known.costs(known.name(right.of)) and known.name(right.by) == known.name(t.Symbol(name=bare)):
                costs.setdefault(left.name.partition("{")[0], right.of)
    if not costs:
        return list(chains)

    def change(below: t.Node) -> t.Node | None:
        accent, bare = (below.name.partition("{")[0], bare_of(below.name)) if isinstance(below, t.Symbol) else ("", "")
        if accent not in costs or not isinstance(below, t.Symbol) or not known.find(t.Symbol(name=bare)):
            return None
        return t.Partial(of=costs[accent], by=t.Symbol(name=bare, indices=below.indices))

    return [
        chain
        if isinstance(chain.sides[1].node, t.Partial) and change(chain.sides[0].node or t.Number(digits="0"))
        else chain.changed(change)
        for chain in chains
    ]


def primed_letters(chains: Sequence[Chain]) -> list[Chain]:
    """Give chains with a letter in place of one with a prime that a text has for a derivative of something else."""
    names = {name for chain in chains if (name := _primed(chain))}
    if not names:
        return list(chains)

    def change(below: t.Node) -> t.Node | None:
        match below:
            case t.Operation(name="prime", of=(t.Symbol(name=name) as letter,)) if name in names:
                return replace(letter, name=f"{name}'")
        return None

    return [chain.changed(change) for chain in chains]


def is_by_place(node: t.Node, places: Container[str]) -> bool:
    """Whether it is a derivative by an entry that is told by its index alone."""
    return isinstance(node, t.Partial) and not node.by.indices and node.by.name in places


def by_entries(chains: Sequence[Chain], own: Container[str]) -> list[Chain]:
    """Put the letter of a question's only input where a derivative tells by which entry alone."""
    known = chains[0].asking.known
    inputs = [name for name, shape in known.setting.symbols.items() if len(shape) == 1]
    places = {one for one in places_in(chains) if one not in own and not known.find(t.Symbol(name=one))}
    if len(inputs) != 1 or not places:
        return list(chains)

    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Partial) or not is_by_place(below, places):
            return None
        return t.Partial(of=t.changed(below.of, change), by=t.Symbol(name=inputs[0], indices=(below.by.name,)))

    return [chain.changed(change) for chain in chains]


def places_in(chains: Sequence[Chain]) -> set[str]:
    """Find the letters that are indices anywhere."""
    nodes = (node for chain in chains for node in nodes_in(chain.sides))
    return {index for one in nodes if isinstance(one, t.Symbol) for index in one.indices if is_index(index)}


def upper_limits(chains: Iterable[Chain]) -> set[str]:
    """Find the letters up to which sums run."""
    totals = (node for chain in chains for node in nodes_in(chain.sides) if isinstance(node, t.Total))
    return {one.upper.name for one in totals if isinstance(one.upper, t.Symbol)}


def of_limits(chains: Iterable[Chain]) -> Iterator[t.Symbol]:
    """Find the letters of which limits are taken."""
    for node in (node for chain in chains for node in nodes_in(chain.sides)):
        if isinstance(node, t.Operation) and node.name == LIMIT and isinstance(node.of[0], t.Symbol):
            yield node.of[0]


def _primed(chain: Chain) -> str:
    """The letter that has a prime where a chain says that it is a derivative, and not of that letter."""
    match chain.sides[0].node, chain.sides[1].node:
        case t.Operation(name="prime", of=(t.Symbol(name=name),)), t.Partial() as derivative:
            letters = t.letters(derivative)
            return "" if name in letters else name
        case t.Operation(name="prime", of=(t.Symbol(name=name) as letter,)), _ if chain.question:
            # Costs and inputs are differentiated by nothing: another one has the prime as a part of its name.
            known, right = chain.question.known, chain.sides[1].node
            if right is None or name not in t.letters(right):
                return ""
            return name if known.costs(known.name(letter)) or known.name(letter) in known.setting.symbols else ""
    return ""


def targets_of(first: t.Node | None, question: Question) -> tuple[Target, ...]:
    """Which answers of a question a side asks for."""
    return tuple(target for target in question.targets if matches(first, target, question))


def short_gradients(chain: Chain) -> Chain:
    """A chain about dA, where A is what the question differentiates by: the gradient by A in short."""
    first = chain.sides[0].node
    if chain.question is None or not isinstance(first, t.Operation) or first.name != "differential":
        return chain
    if chain.sides[1].node == t.Number(digits="0"):
        # It is chosen not to move.
        return chain
    known, by = chain.asking.known, first.of[0]
    target = next(
        (one for one in chain.asking.targets if isinstance(by, t.Symbol) and known.name(by) == known.name(one.left.by)),
        None,
    )
    if target is None or not known.has_cost or not known.name(target.of):
        return chain
    of = target.of

    def change(below: t.Node) -> t.Node | None:
        if isinstance(below, t.Operation) and below.name == "differential" and isinstance(below.of[0], t.Symbol):
            return t.Partial(of=of, by=below.of[0])
        return None

    sides = tuple(replace(side, node=t.changed(side.node, change) if side.node else None) for side in chain.sides)
    return replace(chain, sides=sides)
