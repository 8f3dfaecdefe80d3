"""The student's own letters: what they define, and which of them are a setting's under another name."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, permutations

from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading
from autograder.mathematics.answers.comparing import settle
from autograder.mathematics.answers.conditions import conditioned
from autograder.mathematics.answers.definitions import USUAL, Defined, Key, all_definitions, attached
from autograder.mathematics.answers.functions import written_out
from autograder.mathematics.answers.general import as_rule
from autograder.mathematics.answers.gradients import (
    by_entries,
    has_letters,
    is_by_place,
    named_derivatives,
    places_in,
    primed_letters,
    short_gradients,
    targets_of,
    with_adjoints,
)
from autograder.mathematics.answers.indices import free_letters
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.limits import LIMIT
from autograder.mathematics.answers.records import Budget, Definition, Layout
from autograder.mathematics.answers.stacking import stacked_letters
from autograder.mathematics.answers.worded import Worded, entry, with_words, worded
from autograder.mathematics.formulas import tree as t

_MOST_ASSIGNMENTS = 130
_MOST_TRIED = 6
_MOST_IN_A_LINE = 3
_NEAR = 30
"""Chains around one in which its letters are looked for."""
_TRIAL_STEPS = 20_000


def renamed(node: t.Node, names: Mapping[str, str]) -> t.Node:
    """Write other letters for some."""

    def change(below: t.Node) -> t.Node | None:
        if isinstance(below, t.Symbol) and below.name in names:
            return replace(below, name=names[below.name])
        return None

    return t.changed(node, change)


def with_sides(chain: Chain, change: Mapping[str, str], *, inferred: bool = False) -> Chain:
    """A chain in other letters; those that nothing says are borrowed."""
    sides = tuple(
        replace(
            side,
            node=renamed(side.node, change) if side.node else None,
            others=tuple(renamed(one, change) for one in side.others),
            renamed=side.renamed or has_letters(side, change),
            borrowed=side.borrowed | frozenset(name for name in change if inferred and has_letters(side, {name})),
        )
        for side in chain.sides
    )
    return replace(chain, sides=sides)


def _nodes(chain: Chain) -> Iterator[t.Node]:
    return (below for side in chain.sides for node in side.nodes for below in t.walk(node))


def _symbols(chain: Chain) -> Iterator[t.Symbol]:
    return (node for node in _nodes(chain) if isinstance(node, t.Symbol))


# ------------------------------------------------------------ letters under another name


def _trial(reading: Reading) -> Reading:
    return replace(reading, budget=Budget(steps=min(_TRIAL_STEPS, reading.budget.steps // 8)), findings=[])


def _holds(chain: Chain, reading: Reading) -> bool:
    telling = (chain.asking.known.telling,)
    return settle(chain, chain.sides[0].nodes, chain.sides[1].nodes, Layout(), reading, sizes=telling).mark == "holds"


def _aliases(chains: Sequence[Chain], defined: Sequence[Defined], reading: Reading) -> dict[str, str]:
    """Letters that are defined as an output is."""
    found: dict[str, str] = {}
    for one in defined:
        known = one.question.known
        chain = next(chain for chain in chains if chain.number == one.number)
        left = t.Symbol(name=one.key[0], indices=one.definition.indices)
        body = one.definition.body
        body = body.function if isinstance(body, t.Applied) else body
        if isinstance(body, t.Symbol) and not left.indices and known.name(body) in known.setting.functions:
            found[left.name] = known.name(body)
        for name in known.definitions:
            if len(left.indices) not in {0, len(known.shapes[name])} or left.name in found:
                continue
            if not known.shapes[name] and not known.costs(name):
                continue
            turned = chain.sides[1].node is not one.definition.body
            right = replace(chain.sides[1], node=one.definition.body, others=()) if turned else chain.sides[1]
            sides = (replace(chain.sides[0], node=replace(left, name=name), others=()), right)
            if _holds(replace(chain, sides=sides, condition=None), _trial(reading)):
                found[left.name] = name
    return found


def _unknown(chains: Sequence[Chain], known: Known, defined: Sequence[Defined]) -> list[t.Symbol]:
    """Letters that nothing explains, with as many indices as they ever have; what is defined by them is one of them."""
    own = {one.key[0] for one in defined}.union(*(chain.worded for chain in chains))
    own |= {
        node.upper.name
        for chain in chains
        for node in _nodes(chain)
        if isinstance(node, t.Total) and isinstance(node.upper, t.Symbol)
    }
    own |= {
        node.of[0].name
        for chain in chains
        for node in _nodes(chain)
        if isinstance(node, t.Operation) and node.name == LIMIT and isinstance(node.of[0], t.Symbol)
    }
    found: dict[str, t.Symbol] = {}

    def add(symbol: t.Symbol) -> None:
        before = found.get(symbol.name)
        if before is None or len(symbol.indices) > len(before.indices):
            found[symbol.name] = symbol

    own |= _idle(chains, known)
    places = places_in(chains)
    own |= {node.by.name for chain in chains for node in _nodes(chain) if is_by_place(node, places)}  # type: ignore[union-attr]
    for chain in chains:
        for symbol in _symbols(chain):
            if not known.find(symbol) and symbol.name not in {*own, *known.dimensions, *USUAL} and len(symbol.name) < 9:
                add(symbol)
    if not found:
        return []
    for one in defined:
        body = one.definition.body
        # A derivative is no letter of a setting.
        if (
            not isinstance(body, t.Partial)
            and not one.implied
            and any(isinstance(below, t.Symbol) and below.name in found for below in t.walk(body))
        ):
            add(t.Symbol(name=one.key[0], indices=one.definition.indices))
    return list(found.values())


def _is_generic(chain: Chain, known: Known) -> bool:
    """Whether a chain is about any letters: nothing in it has an index, and one vector at most is known."""
    symbols = set(_symbols(chain))
    told = {symbol for symbol in symbols if known.find(symbol) or symbol.name in known.dimensions}
    return len(told) < 2 and not any(symbol.indices for symbol in symbols) and all(map(_is_a_vector(known), told))


def _is_a_vector(known: Known) -> Callable[[t.Symbol], bool]:
    return lambda symbol: len(known.setting.symbols.get(known.name(symbol), ())) == 1


def _idle(chains: Sequence[Chain], known: Known) -> set[str]:
    """Letters that stand in nothing but chains about any letters."""
    alike = [_is_generic(chain, known) for chain in chains]
    names = [{symbol.name for symbol in _symbols(chain)} for chain in chains]
    busy = set[str]().union(*(one for one, generic in zip(names, alike, strict=True) if not generic))
    return set[str]().union(*(one for one, generic in zip(names, alike, strict=True) if generic)) - busy


def _by_lines(
    chains: Sequence[Chain], unknown: Sequence[t.Symbol], free: Sequence[str], reading: Reading
) -> dict[str, str]:
    """The only way to read the letters of a line that says what an output is, under which it holds."""
    known = chains[0].asking.known
    for chain in chains:
        first = chain.sides[0].node
        if not isinstance(first, t.Symbol) or known.name(first) not in known.definitions or not chain.sides[1].node:
            continue
        names = {symbol.name for symbol in _symbols(chain)}
        mine = [symbol for symbol in unknown if symbol.name in names]
        if not 0 < len(mine) <= min(len(free), _MOST_IN_A_LINE):
            continue
        found = []
        for chosen in islice(permutations(free, len(mine)), _MOST_ASSIGNMENTS):
            change = {one.name: name for one, name in zip(mine, chosen, strict=True)}
            if all(len(one.indices) in {0, len(known.shapes[change[one.name]])} for one in mine):
                tried = with_sides(chain, change)
                found += [change] if _holds(replace(tried, sides=tried.sides[:2]), reading) else []
        if len(found) == 1:
            return found[0]
    return {}


def _assigned(
    chains: Sequence[Chain],
    defined: Sequence[Defined],
    elsewhere: Sequence[Defined],
    before: Mapping[str, str],
    reading: Reading,
) -> dict[str, str]:
    """The only way to read unknown letters as a setting's that makes the first lines hold.

    Letters that other questions define are not unknown, where they make as many hold; some are a setting's there.
    """
    known = chains[0].asking.known
    unknown = _unknown(chains, known, defined)
    told = [chain for chain in chains if not _is_generic(chain, known)]
    first = (side.node for chain in told for side in chain.sides if side.node)
    used = {known.name(one) for node in first for one in t.walk(node) if isinstance(one, t.Symbol)}
    free = [name for name in known.shapes if name not in used and "_" not in name]
    given = {one.key[0] for one in defined}
    bare = [one for one in unknown if one.name not in given]
    if change := _by_lines(chains, bare, free, _trial(reading)):
        reading.confirmed |= {(chains[0].asking.place, name) for name in change}
        changed = [with_sides(chain, change) for chain in chains]
        rest = _assigned(changed, all_definitions(changed), elsewhere, before, reading)
        return {**change, **rest}
    names = {one.name for one in unknown}
    telling = [chain for chain in chains if any(symbol.name in names for symbol in _symbols(chain))]
    readable = [chain for chain in telling if all(side.node for side in chain.sides[:2])][:_MOST_TRIED]
    trial = _trial(reading)
    if not unknown or len(unknown) > len(free) or len(unknown) > 4:
        return _by_definitions(chains, bare, free, trial) if 0 < len(bare) <= min(len(free), 3) else {}
    scores: list[tuple[int, dict[str, str]]] = []
    made = {*known.definitions, *known.setting.functions}
    for names in islice(permutations(free, len(unknown)), _MOST_ASSIGNMENTS):
        pairs = list(zip(unknown, names, strict=True))
        if any(one.name in given and name not in made for one, name in pairs):
            continue
        if any(
            len(one.indices) not in {0, len(known.shapes[name])} and len(one.indices[0]) != 2 for one, name in pairs
        ):
            continue
        change = {one.name: name for one, name in pairs}
        tried = [with_sides(chain, change) for chain in readable]
        tried = [attached(chain, all_definitions(tried)) for chain in tried]
        scores.append((_score(tried, {*change.values()}, trial), change))
    best = max((score for score, _ in scores), default=0)
    given = {one.key[0] for one in elsewhere}
    if given & {one.name for one in unknown}:
        usual = [attached(chain, [*elsewhere, *defined]) for chain in readable]
        if _score(usual, {one.name for one in unknown}, trial) >= best:
            return {name: before[name] for one in unknown if (name := one.name) in before and before[name] in free}
    winners = [change for score, change in scores if score == best]
    if len(winners) > 1:
        # What is differentiated by a matrix is a number.
        costs = {name for name in _by_matrices(chains, known) if name in winners[0]}
        winners = [one for one in winners if costs and all(one[name] in known.setting.functions for name in costs)]
    if best and len(winners) == 1:
        return winners[0]
    return {} if best else _by_definitions(chains, bare, free, trial)


def _by_definitions(
    chains: Sequence[Chain], unknown: Sequence[t.Symbol], free: Sequence[str], reading: Reading
) -> dict[str, str]:
    """The way to read the letters that nothing defines under which most of what is defined by them is an output."""
    known = chains[0].asking.known if chains else None
    if known is None or not unknown:
        return {}
    scores: list[tuple[int, dict[str, str]]] = []
    for names in islice(permutations(free, len(unknown)), _MOST_ASSIGNMENTS):
        change = {one.name: name for one, name in zip(unknown, names, strict=True)}
        if any(len(one.indices) not in {0, len(known.shapes[change[one.name]])} for one in unknown):
            continue
        tried = [with_sides(chain, change) for chain in chains]
        defined = all_definitions(tried)
        tried = [attached(chain, defined) for chain in tried]
        readable = [chain for chain in tried if all(side.node for side in chain.sides[:2])][:_MOST_TRIED]
        score = len(_aliases(tried, defined, reading)) + _score(readable, {*change.values()}, reading)
        scores.append((score, change))
    best = max((score for score, _ in scores), default=0)
    winners = [change for score, change in scores if score == best]
    return winners[0] if best and len(winners) == 1 else {}


def _score(chains: Sequence[Chain], names: Container[str], reading: Reading) -> int:
    """How many chains hold in which some letters stand, as far as the first side with one of them."""
    score = 0
    for chain in chains:
        places = [k for k, side in enumerate(chain.sides) if has_letters(side, names)]
        if places and all(side.node for side in chain.sides[: places[0] + 1]):
            score += _holds(replace(chain, sides=chain.sides[max(places[0] - 1, 0) :]), reading)
    return score


def _by_matrices(chains: Sequence[Chain], known: Known) -> set[str]:
    """Letters whose derivatives by a whole matrix stand in some chains."""
    partials = (node for chain in chains for node in _nodes(chain) if isinstance(node, t.Partial))
    return {
        one.of.name
        for one in partials
        if isinstance(one.of, t.Symbol) and not one.by.indices and len(known.shapes.get(known.name(one.by), ())) == 2
    }


# ------------------------------------------------------------ all of it


def settled(chains: Sequence[Chain], reading: Reading) -> tuple[list[Chain], list[str]]:
    """Give chains with all that is said of their letters, and what is to be told of that."""
    chains = stacked_letters(written_out(primed_letters(chains)))
    done: dict[int, Chain] = {}
    told: list[str] = []
    questions = list(dict.fromkeys(chain.question for chain in chains if chain.question))
    everywhere = all_definitions(chains)
    renamed_before: dict[str, str] = {}
    said: dict[Question, tuple[Worded, str]] = {}
    for question in questions:
        mine = [chain for chain in chains if chain.question is question]
        words_ = Worded() if question.known.problem else worded(mine, reading.sayings, question.known)
        for name, letter in words_.names.items():
            mine = [with_sides(chain, {name: letter}, inferred=name not in words_.certain) for chain in mine]
        mine = with_adjoints([short_gradients(named_derivatives(chain)) for chain in mine])
        change: dict[str, str] = {**words_.names}
        if not question.known.problem:
            said[question] = words_, entry(mine, question.known)
            defined = all_definitions(mine, words_.said)
            mine = [with_words(attached(chain, defined), *said[question], defined) for chain in mine]
            elsewhere = [one for one in everywhere if one.question is not question]
            assigned = _assigned(mine, defined, elsewhere, renamed_before, reading)
            if assigned:
                mine = [with_sides(chain, assigned, inferred=True) for chain in mine]
                defined = all_definitions(mine)
                mine = [with_words(attached(chain, defined), *said[question], defined) for chain in mine]
            change |= assigned
            alias = _aliases(mine, defined, reading)
            inside = _letters_inside(alias, defined)
            reading.confirmed |= {(question.place, mine_) for mine_, theirs in assigned.items() if theirs in inside}
            numbers = {one.number for one in defined if one.key[0] in alias}
            mine = [
                replace(with_sides(chain, alias), defines=chain.defines or chain.number in numbers) if alias else chain
                for chain in mine
            ]
            mine = by_entries(mine, {one.key[0] for one in defined}) if mine else mine
            change |= alias
            renamed_before |= change
        if change:
            words = ", ".join(f"{mine_} as {theirs}" for mine_, theirs in change.items())
            told.append(f"read with {words}")
        done |= {chain.number: replace(chain, target=targets_of(chain.sides[0].node, question)) for chain in mine}
    everything = [done.get(chain.number, chain) for chain in chains]
    defined = all_definitions(everything)
    numbers = {one.number for one in defined if not one.implied}
    everything = [
        replace(_meant(chain, defined, said), defines=chain.defines or chain.number in numbers)
        if chain.question
        else chain
        for chain in everything
    ]
    return [_placed(as_rule(chain), everything) for chain in conditioned(everything)], told


def _letters_inside(names: Iterable[str], defined: Sequence[Defined]) -> set[str]:
    """Letters in what some letters stand for, and in what these stand for in turn."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            bodies = (one.definition.body for one in defined if one.key[0] == name)
            waiting += [below.name for body in bodies for below in t.walk(body) if isinstance(below, t.Symbol)]
    return found


def _meant(chain: Chain, defined: Sequence[Defined], said: Mapping[Question, tuple[Worded, str]]) -> Chain:
    chain = attached(chain, defined)
    return with_words(chain, *said[chain.asking], defined) if chain.asking in said else chain


def _placed(chain: Chain, chains: Sequence[Chain]) -> Chain:
    """A chain with what its surroundings say: stated outputs, primes, what moves."""
    if chain.question is None:
        return chain
    known = chain.asking.known
    nodes = [node for side in chain.sides for node in side.nodes]
    partials = [below for node in nodes for below in t.walk(node) if isinstance(below, t.Partial)]
    outputs: dict[Key, Definition] = {}
    if any(not known.find(one.by) for one in partials):
        outputs = _outputs(chain, chains)
    moving = frozenset(
        name
        for node in nodes
        for below in t.walk(node)
        if isinstance(below, t.Operation) and below.name == "differential" and isinstance(below.of[0], t.Symbol)
        if (name := known.name(below.of[0])) in known.setting.symbols
    )
    primes: tuple[t.Symbol, ...] = ()
    if any(isinstance(below, t.Operation) and below.name == "prime" for node in nodes for below in t.walk(node)):
        primes = _primes(chain, chains)
    aside = replace(chain.aside, outputs=outputs, moving=moving, prime=primes[0] if primes else None)
    return replace(chain, aside=aside, primes=primes)


def _outputs(chain: Chain, chains: Sequence[Chain]) -> dict[Key, Definition]:
    """What the student says that outputs are, by letters of the student's own."""
    found: dict[Key, Definition] = {}
    known = chain.asking.known
    own = {name for name, _ in chain.definitions}
    for one in chains:
        if one.question is not chain.question or abs(one.number - chain.number) >= _NEAR:
            continue
        for left, right in zip(one.sides, one.sides[1:], strict=False):
            node = one.sides[0].node
            if not isinstance(node, t.Symbol) or known.name(node) not in known.definitions or right.node is None:
                continue
            if any(index.isdecimal() for index in node.indices) or left is right:
                continue
            if any(isinstance(below, t.Symbol) and below.name in own for below in t.walk(right.node)):
                found.setdefault(
                    (known.name(node), len(node.indices)), Definition(indices=node.indices, body=right.node)
                )
    return found


def _primes(chain: Chain, chains: Sequence[Chain]) -> tuple[t.Symbol, ...]:
    """By what a prime may differentiate: as the chain's first side does, or by what the question asks about."""
    first = chain.sides[0].node
    if isinstance(first, t.Partial):
        return (first.by,)
    close = (one for one in chains if abs(one.number - chain.number) < _NEAR and one.question is chain.question)
    near = sorted(close, key=lambda one: abs(one.number - chain.number))
    found = [one.sides[0].node.by for one in near if isinstance(one.sides[0].node, t.Partial)]
    asked = chain.asking.targets[0].left.by if chain.asking.targets else None
    letters = set[str]().union(*(free_letters(node) for side in chain.sides for node in side.nodes))
    for definition in chain.definitions.values():
        letters |= free_letters(definition.body)
    if asked is not None and len(asked.indices) == 1:
        found += [replace(asked, indices=(letter,)) for letter in sorted(letters)]
    return tuple(dict.fromkeys(found))[:4]
