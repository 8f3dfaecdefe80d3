"""Letters of the student's own that are a setting's under another name."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from itertools import islice, permutations

from autograder.mathematics.answers.chains import Chain, Reading, nodes_in, symbols_in
from autograder.mathematics.answers.definitions import USUAL, Defined, all_definitions, attached
from autograder.mathematics.answers.gradients import is_by_place, of_limits, places_in, upper_limits
from autograder.mathematics.answers.habits import OF_CHANCE
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.trying import agree
from autograder.mathematics.formulas import tree as t

_MOST_ASSIGNMENTS = 130
_MOST_TRIED = 6
_MOST_IN_A_LINE = 3
_TRIAL_STEPS = 20_000
_LONGEST = 9


def with_sides(chain: Chain, change: Mapping[str, str], *, inferred: bool = False) -> Chain:
    """A chain in other letters; those that nothing says are borrowed."""
    sides = tuple(
        replace(
            side.mapped(lambda node: t.renamed(node, change)),
            renamed=side.renamed or side.has(change),
            borrowed=side.borrowed | frozenset(name for name in change if inferred and side.has({name})),
        )
        for side in chain.sides
    )
    return replace(chain, sides=sides)


# ------------------------------------------------------------ letters under another name


def _holds(chain: Chain, trial: Reading) -> bool:
    return agree(chain, chain.sides[0].nodes, chain.sides[1].nodes, trial)


def aliases(
    chains: Sequence[Chain], defined: Sequence[Defined], elsewhere: Sequence[Defined], reading: Reading
) -> dict[str, str]:
    """Find the letters that are defined as an output is."""
    found: dict[str, str] = {}
    for one in defined:
        known = one.question.known
        chain = next(chain for chain in chains if chain.number == one.number)
        left = t.Symbol(name=one.key[0], indices=one.definition.indices)
        body = one.definition.body
        if any(two.key[0] == one.key[0] and two.number < one.number for two in (*elsewhere, *defined)):
            # What it was before is what it is; another value is an example's.
            continue
        later = {two.key[0] for two in defined if two.number > one.number and isinstance(two.definition.body, t.Number)}
        if later & t.letters(body):
            # A number that is chosen later may be any.
            continue
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
            if _holds(replace(chain, sides=sides, condition=None), reading.trial(_TRIAL_STEPS)):
                found[left.name] = name
    return found


def unknown_letters(chains: Sequence[Chain], known: Known, defined: Sequence[Defined]) -> list[t.Symbol]:
    """Find letters that nothing explains, with as many indices as they ever have, and those that they define."""
    own = {one.key[0] for one in defined}.union(*(chain.worded for chain in chains))
    own |= upper_limits(chains) | {one.name for one in of_limits(chains)}
    found: dict[str, t.Symbol] = {}

    def add(symbol: t.Symbol) -> None:
        before = found.get(symbol.name)
        if before is None or len(symbol.indices) > len(before.indices):
            found[symbol.name] = symbol

    own |= _idle(chains, known)
    places = places_in(chains)
    own |= {node.by.name for chain in chains for node in nodes_in(chain.sides) if is_by_place(node, places)}  # type: ignore[union-attr]
    for chain in chains:
        for symbol in symbols_in(chain.sides):
            if (
                not known.find(symbol)
                and symbol.name not in OF_CHANCE
                and symbol.name not in {*own, *known.dimensions, *USUAL}
                and _is_short(symbol.name)
            ):
                add(symbol)
    if not found:
        return []
    for one in defined:
        body = one.definition.body
        # A derivative is no letter of a setting.
        if not isinstance(body, t.Partial) and not one.implied and found.keys() & t.letters(body):
            add(t.Symbol(name=one.key[0], indices=one.definition.indices))
    return list(found.values())


def _is_generic(chain: Chain, known: Known) -> bool:
    """Whether a chain is about any letters: nothing in it has an index, and one vector at most is known."""
    symbols = set(symbols_in(chain.sides))
    told = {symbol for symbol in symbols if known.find(symbol) or symbol.name in known.dimensions}
    renames = all(isinstance(side.node, t.Symbol) for side in chain.sides)
    unlike = renames or len(told) > 1 or bool(told and any(symbol.indices for symbol in symbols))
    return not unlike and all(map(_is_a_vector(known), told))


def _is_a_vector(known: Known) -> Callable[[t.Symbol], bool]:
    return lambda symbol: len(known.setting.symbols.get(known.name(symbol), ())) == 1


def _idle(chains: Sequence[Chain], known: Known) -> set[str]:
    """Letters that stand in nothing but chains about any letters."""
    alike = [_is_generic(chain, known) for chain in chains]
    if all(alike):
        return set()
    names = [{symbol.name for symbol in symbols_in(chain.sides)} for chain in chains]
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
        names = {symbol.name for symbol in symbols_in(chain.sides)}
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


def assigned(
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
    unknown = unknown_letters(chains, known, defined)
    told = [chain for chain in chains if not _is_generic(chain, known)] or chains
    first = (side.node for chain in told for side in chain.sides if side.node)
    used = {known.name(one) for node in first for one in t.walk(node) if isinstance(one, t.Symbol)}
    free = [name for name in known.shapes if name not in used and "_" not in name]
    given = {one.key[0] for one in defined}
    bare = [one for one in unknown if one.name not in given]
    if change := _by_lines(chains, bare, free, reading.trial(_TRIAL_STEPS)):
        for name in change:
            reading.confirm(chains[0].asking.place, name)
        changed = [with_sides(chain, change) for chain in chains]
        rest = assigned(changed, all_definitions(changed), elsewhere, before, reading)
        return {**change, **rest}
    sought = {one.name for one in unknown}
    telling = [chain for chain in chains if any(symbol.name in sought for symbol in symbols_in(chain.sides))]
    readable = [chain for chain in telling if all(side.node for side in chain.sides[:2])][:_MOST_TRIED]
    trial = reading.trial(_TRIAL_STEPS)
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
    return _winner(scores, chains) if best else _by_definitions(chains, bare, free, trial)


def _winner(scores: Sequence[tuple[int, dict[str, str]]], chains: Sequence[Chain]) -> dict[str, str]:
    """The only way to read letters under which most holds; among such, that under which a cost is one."""
    best = max((score for score, _ in scores), default=0)
    winners = [change for score, change in scores if score == best]
    if len(winners) > 1:
        # What is differentiated by a matrix is a number.
        known = chains[0].asking.known
        costs = {name for name in _by_matrices(chains, known) if name in winners[0]}
        winners = [one for one in winners if costs and all(one[name] in known.setting.functions for name in costs)]
    return winners[0] if best and len(winners) == 1 else {}


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
        score = len(aliases(tried, defined, (), reading)) + _score(readable, {*change.values()}, reading)
        scores.append((score, change))
    return _winner(scores, chains)


def _score(chains: Sequence[Chain], names: Container[str], reading: Reading) -> int:
    """How many chains hold in which some letters stand, as far as the first side with one of them."""
    score = 0
    for chain in chains:
        places = [k for k, side in enumerate(chain.sides) if side.has(names)]
        if places and all(side.node for side in chain.sides[: places[0] + 1]):
            score += _holds(replace(chain, sides=chain.sides[max(places[0] - 1, 0) :]), reading)
    return score


def _by_matrices(chains: Sequence[Chain], known: Known) -> set[str]:
    """Letters whose derivatives by a whole matrix stand in some chains."""
    partials = (node for chain in chains for node in nodes_in(chain.sides) if isinstance(node, t.Partial))
    return {
        one.of.name
        for one in partials
        if isinstance(one.of, t.Symbol) and not one.by.indices and len(known.shapes.get(known.name(one.by), ())) == 2
    }


def _is_short(name: str) -> bool:
    """Whether it is a letter, perhaps with an accent, or a name of several that a text has for one."""
    return len(name) < _LONGEST or name.startswith(r"\mathrm")
