"""Letters that may be any number, vector or matrix, such as a direction: what holds for all of them holds."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product

from autograder.mathematics.answers.chains import Chain, Reading, Side, nodes_in, symbols_in
from autograder.mathematics.answers.conditions import conditioned
from autograder.mathematics.answers.definitions import USUAL
from autograder.mathematics.answers.gradients import of_limits, upper_limits
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.records import Shape
from autograder.mathematics.answers.trying import agree, equalities
from autograder.mathematics.formulas import tree as t

_MOST_LETTERS = 3
_MOST_CHAINS = 8
_MOST_WAYS = 60
_TRIAL_STEPS = 30_000
_LONGEST = 9
_UNIT = "E"
_FOR_OTHERS = ("differential", "prime")


def with_directions(chains: Sequence[Chain], taken: Container[str], reading: Reading) -> list[Chain]:
    """Give chains of one question with the letters that may be anything: of the shapes with which most lines hold."""
    known = chains[0].asking.known
    chains = [_with_units(chain) for chain in chains] if known.matrix and _UNIT not in taken else chains
    trial = reading.trial(_TRIAL_STEPS, fresh=True)
    shapes: dict[str, Shape] = {}
    for names in _together(chains, _letters(chains, taken, known, reading)):
        telling = [chain for chain in conditioned(chains) if _names(chain) & {*names}][:_MOST_CHAINS]
        best, most = {}, 0
        for way in islice(product(*(_shapes(one, reading, known) for one in names.values())), _MOST_WAYS):
            tried = dict(zip(names, way, strict=True))
            held = sum(_held(_with(chain, tried), trial) for chain in telling)
            if held > most:
                best, most = tried, held
        shapes |= best
    return [_with(chain, shapes) for chain in chains] if shapes else list(chains)


def _with_units(chain: Chain) -> Chain:
    """A chain with products of two unit vectors in place of matrices of which one entry is 1, and no other."""
    if any(name == _UNIT for name, _ in chain.definitions) or chain.asking.known.find(t.Symbol(name=_UNIT)):
        return chain

    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Symbol(name="E", indices=(row, at)):
                return _unit(row, at)
            case t.Power(
                base=t.Symbol(name="E", indices=()),
                exponent=t.Times(factors=(t.Symbol(name=row, indices=()), t.Symbol(name=at, indices=()))),
            ):
                return _unit(row, at)
        return None

    def side_of(side: Side) -> Side:
        changed = side.mapped(lambda node: t.changed(node, change))
        if changed.node == side.node:
            return side
        return replace(changed, renamed=True, borrowed=side.borrowed | {_UNIT})

    return replace(chain, sides=tuple(map(side_of, chain.sides)))


def _unit(row: str, at: str) -> t.Node:
    first, second = (t.Symbol(name="e", indices=(index,)) for index in (row, at))
    return t.Times(factors=(first, t.Transpose(of=second)), dots=(False,))


def _with(chain: Chain, shapes: Mapping[str, Shape]) -> Chain:
    mine = {name: shape for name, shape in shapes.items() if name in _names(chain)}
    return replace(chain, aside=replace(chain.aside, free={**chain.aside.free, **mine})) if mine else chain


def _held(chain: Chain, trial: Reading) -> int:
    """How many equalities of a chain hold."""
    return sum(agree(chain, left.nodes, right.nodes, trial) for left, right in equalities(chain))


def _letters(chains: Sequence[Chain], taken: Container[str], known: Known, reading: Reading) -> dict[str, t.Symbol]:
    """Letters that nothing explains, and of which no line takes a derivative as if they depended on something."""
    others = {
        symbol.name
        for chain in chains
        for node in nodes_in(chain.sides)
        if (isinstance(node, t.Partial) and known.find(node.by))
        or (isinstance(node, t.Operation) and node.name in _FOR_OTHERS)
        for symbol in t.walk(node.of if isinstance(node, t.Partial) else node.of[0])
        if isinstance(symbol, t.Symbol)
    }
    others |= {node.by.name for chain in chains for node in nodes_in(chain.sides) if isinstance(node, t.Partial)}
    others -= {name for name, space in reading.spaces.items() if space.constant}
    own = {name for chain in chains for name, _ in chain.definitions}
    named = {*own, *others, *upper_limits(chains), *known.dimensions, *USUAL}
    found: dict[str, t.Symbol] = {}
    # In other lines what a limit is taken of may be any number.
    for one in [*(one for chain in chains for one in symbols_in(chain.sides)), *of_limits(chains)]:
        strange = not known.find(one) and one.name not in taken and one.name not in named
        if strange and len(one.name) <= _LONGEST and len(one.indices) >= len(found.get(one.name, one).indices):
            found[one.name] = one
    return found


def _names(chain: Chain) -> set[str]:
    """All letters of a chain, and of what the student's own in it stand for."""
    found: set[str] = set()
    waiting = [node for side in chain.sides for node in side.nodes]
    while waiting:
        for below in t.walk(waiting.pop()):
            if isinstance(below, t.Symbol) and below.name not in found:
                found.add(below.name)
                waiting += [one.body for (name, _), one in chain.definitions.items() if name == below.name]
    return found


def _together(chains: Sequence[Chain], letters: Mapping[str, t.Symbol]) -> Iterator[dict[str, t.Symbol]]:
    """Letters that stand in the same lines."""
    groups: list[set[str]] = []
    for chain in chains:
        names = _names(chain) & {*letters}
        if names:
            names = names.union(*(group for group in groups if group & names))
            groups = [group for group in groups if not group & names] + [names]
    yield from ({name: letters[name] for name in sorted(group)} for group in groups if len(group) <= _MOST_LETTERS)


def _shapes(letter: t.Symbol, reading: Reading, known: Known) -> list[Shape]:
    """What a letter may be: where the text says that it lives, else anything like a thing of the question."""
    output = known.shapes.get(known.output, ())
    shapes = dict.fromkeys([*known.shapes.values(), *([(*output, *output)] if output else [])])
    said = reading.spaces.get(letter.name)
    axes = {said.axes} if said else {0, 1} if letter.name.islower() else {2}
    return [one for one in shapes if len(one) in axes and len(letter.indices) in {0, len(one)}]
