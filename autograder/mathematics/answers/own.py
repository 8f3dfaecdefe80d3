"""All that is said of the student's own letters, brought to the chains in which they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from autograder.mathematics.answers.aliases import aliases, assigned, unknown_letters, with_sides
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading, is_prime, nodes_in, symbols_in
from autograder.mathematics.answers.conditions import conditioned, pair_of
from autograder.mathematics.answers.definitions import Defined, Key, all_definitions, attached
from autograder.mathematics.answers.directions import with_directions
from autograder.mathematics.answers.expansions import with_expansions
from autograder.mathematics.answers.functions import written_out
from autograder.mathematics.answers.general import as_rule
from autograder.mathematics.answers.gradients import (
    by_entries,
    named_derivatives,
    primed_letters,
    short_gradients,
    targets_of,
    with_adjoints,
)
from autograder.mathematics.answers.identities import as_identity
from autograder.mathematics.answers.indices import free_letters
from autograder.mathematics.answers.records import Definition
from autograder.mathematics.answers.scanner import name_of
from autograder.mathematics.answers.stacking import stacked_letters
from autograder.mathematics.answers.supposed import supposed, told_of, with_supposed
from autograder.mathematics.answers.worded import Worded, entry, with_words, worded
from autograder.mathematics.formulas import tree as t

_NEAR = 30
"""Chains around one in which its letters are looked for."""


def settled(chains: Sequence[Chain], reading: Reading) -> tuple[list[Chain], list[str]]:
    """Give chains with all that is said of their letters, and what is to be told of that."""
    chains = stacked_letters(written_out(primed_letters(chains)))
    done: dict[int, Chain] = {}
    told: list[str] = []
    questions = list(dict.fromkeys(chain.question for chain in chains if chain.question))
    everywhere = all_definitions(chains)
    taken = {one.key[0] for one in everywhere} | {one.name for each in reading.sayings.values() for one in each}
    chains = [as_identity(chain, taken) for chain in chains]
    renamed_before: dict[str, str] = {}
    said: dict[Question, tuple[Worded, str]] = {}
    sayings = with_expansions(chains, reading.sayings)
    for question in questions:
        mine = [chain for chain in chains if chain.question is question]
        words_ = Worded() if question.known.problem else worded(mine, sayings, question.known)
        for name, letter in words_.names.items():
            mine = [with_sides(chain, {name: letter}, inferred=name not in words_.certain) for chain in mine]
        mine = with_adjoints([short_gradients(named_derivatives(chain)) for chain in mine], chains)
        change: dict[str, str] = {**words_.names}
        if not question.known.problem:
            said[question] = words_, entry(mine, question.known)
            defined = all_definitions(mine, words_.said)
            mine = [with_words(attached(chain, defined), *said[question], defined) for chain in mine]
            elsewhere = [one for one in everywhere if one.question is not question]
            if carried := _carried(mine, defined, renamed_before):
                mine = [with_sides(chain, carried) for chain in mine]
                change |= carried
                defined = all_definitions(mine)
                mine = [with_words(attached(chain, defined), *said[question], defined) for chain in mine]
            read = assigned(mine, defined, elsewhere, renamed_before, reading)
            if read:
                mine = [with_sides(chain, read, inferred=True) for chain in mine]
                defined = all_definitions(mine)
                mine = [with_words(attached(chain, defined), *said[question], defined) for chain in mine]
            change |= read
            more = supposed(mine, [*defined, *elsewhere], words_, said[question][1], reading)
            if more.things or more.names:
                told.append(f"read with {told_of(more, question.known)}")
                mine, defined, words_ = with_supposed(mine, more, words_, said[question][1])
                said[question] = words_, said[question][1]
            alias = aliases(mine, defined, elsewhere, reading)
            inside = _letters_inside(alias, defined)
            for mine_, theirs in read.items():
                if theirs in inside:
                    reading.confirm(question.place, mine_)
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
    taken = {one.key[0] for one in defined}.union(*({*words_.said, *words_.names} for words_, _ in said.values()))
    for question in said:
        mine = [chain for chain in everything if chain.question is question]
        done = {chain.number: chain for chain in with_directions(mine, taken, reading)} if mine else {}
        everything = [done.get(chain.number, chain) for chain in everything]
    return [_placed(as_rule(chain), everything) for chain in conditioned(everything)], told


def _called(chains: Sequence[Chain]) -> dict[str, str]:
    """Names of functions of a setting that stand before brackets in some lines: elsewhere they are what these give."""
    spoken = chains[0].asking.known.setting.spoken
    latex = " ".join(side.latex for chain in chains for side in chain.sides)
    return {name_of(word): output for word, output in spoken.items() if f"{word}(" in latex.replace(" ", "")}


def _carried(chains: Sequence[Chain], defined: Sequence[Defined], before: Mapping[str, str]) -> dict[str, str]:
    """Letters of a question that an earlier one has for letters of the setting that it does not use, or functions."""
    known = chains[0].asking.known
    used = {known.name(one) for one in symbols_in(side for chain in chains for side in chain.sides)}
    names = {one.name for one in unknown_letters(chains, known, defined)} - {one.key[0] for one in defined}
    free = {name: before[name] for name in sorted(names & before.keys()) if before[name] in {*known.shapes} - used}
    return free | {name: output for name, output in _called(chains).items() if name in names}


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
    if any(map(is_prime, nodes_in(chain.sides))):
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
            if right.has(own):
                found.setdefault(
                    (known.name(node), len(node.indices)), Definition(indices=node.indices, body=right.node)
                )
    return found


def _primes(chain: Chain, chains: Sequence[Chain]) -> tuple[t.Symbol, ...]:
    """By what a prime may differentiate: as the chain's first side does, or by what the question asks about."""
    first = chain.sides[0].node
    if isinstance(first, t.Partial):
        return (first.by,)
    asked = chain.asking.targets[0].left.by if chain.asking.targets else None
    if asked is not None and len(asked.indices) == 1 and chain.condition and not chain.condition[2]:
        # Where the indices differ, it is that of what derivatives are taken by.
        letters = {*chain.condition[:2]}
        pairs = (pair_of(one) for one in chains if one.question is chain.question)
        by = next((pair[1] for pair in pairs if pair and {*pair} == letters), None)
        return tuple(replace(asked, indices=(letter,)) for letter in ([by] if by else sorted(letters)))
    close = (one for one in chains if abs(one.number - chain.number) < _NEAR and one.question is chain.question)
    near = sorted(close, key=lambda one: abs(one.number - chain.number))
    found = [one.sides[0].node.by for one in near if isinstance(one.sides[0].node, t.Partial)]
    letters = set[str]().union(*(free_letters(node) for side in chain.sides for node in side.nodes))
    for definition in chain.definitions.values():
        letters |= free_letters(definition.body)
    if asked is not None and len(asked.indices) == 1:
        found += [replace(asked, indices=(letter,)) for letter in sorted(letters)]
    return tuple(dict.fromkeys(found))[:4]
