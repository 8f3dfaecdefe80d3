"""Letters of which nothing says what they stand for: the only things of a question with which most lines hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from autograder.mathematics.answers.aliases import unknown_letters, with_sides
from autograder.mathematics.answers.chains import Chain, Reading, Side, nodes_in, symbols_in
from autograder.mathematics.answers.conditions import conditioned
from autograder.mathematics.answers.definitions import Defined, all_definitions, attached, scaled
from autograder.mathematics.answers.general import as_rule
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.letters import APPLIED
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.answers.sayings import Saying
from autograder.mathematics.answers.trying import agree, equalities, tried
from autograder.mathematics.answers.worded import Worded, stands, with_words
from autograder.mathematics.formulas import tree as t

_MOST_LETTERS = 3
_MOST_CHAINS = 6
_MOST_WAYS = 400
_TRIAL_STEPS = 30_000
_WITH_AN_INDEX = (Saying(kind="gradient"), Saying(kind="exponential"), Saying(kind="argument"), Saying(kind="others"))
_ROWS = Layout(given="row", rows="row")
_PARTS = {"exponential": "numerator", "exponentials": "numerator", "argument": "exponent", "others": "other terms"}
_ALONE = (
    Saying(kind="gradient"),
    Saying(kind="denominator"),
    Saying(kind="denominator", inverse=True),
    Saying(kind="numerator"),
    Saying(kind="exponentials"),
    Saying(kind="argument"),
    Saying(kind="diagonal"),
)


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What letters of which nothing says it stand for: things of a question, and letters of its setting."""

    things: Mapping[str, Saying] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def supposed(
    chains: Sequence[Chain], defined: Sequence[Defined], words: Worded, usual: str, reading: Reading
) -> Supposed:
    """Find what letters stand for with which more equalities hold than with anything else, each of them needed."""
    known = chains[0].asking.known
    given = {one.key[0] for one in defined} | {*words.said} | {*words.names}
    given |= {one.name for chain in chains for one in reading.sayings.get(chain.piece, ())}
    given |= {one.name for chain in chains for node in nodes_in(chain.sides) for one in _arguments(node)}
    # In a rule of differentiation letters may be anything.
    given |= {one.name for chain in chains if _is_a_rule(chain) for one in symbols_in(chain.sides)}
    letters = [one for one in unknown_letters(chains, known, defined) if one.name not in given]
    # Words say of them what nobody has read.
    given |= {one.name for each in reading.mentions.values() for one in each if one.other}
    letters = [one for one in letters if one.name not in given]
    indices = {index for chain in chains for one in symbols_in(chain.sides) for index in one.indices}
    letters = [one for one in letters if one.name not in indices]
    inputs = _unused_inputs(chains, known)
    trial = reading.trial(_TRIAL_STEPS, fresh=True)
    found = Supposed()
    for together in _side_by_side(letters, chains):
        names = {one.name for one in together}
        telling = [chain for chain in conditioned(chains) if _has(chain, names)][:_MOST_CHAINS]
        scores: list[tuple[int, int, Supposed]] = []
        for way in _ways(together, inputs, known) if len(together) <= _MOST_LETTERS else ():
            seen = [_score(one, names, trial) for one in _with(telling, way, defined, words, usual)]
            needed, held, failed = (sum(one[k] for one in seen) for k in range(3))
            if needed > failed or not (needed or failed):
                scores.append((needed, held, way))
        best = _best(scores)
        found = Supposed(things={**found.things, **best.things}, names={**found.names, **best.names})
    return found


def _is_a_rule(chain: Chain) -> bool:
    """Whether a chain differentiates any functions by a letter."""
    return any(isinstance(one, t.Partial) for one in nodes_in(chain.sides)) and as_rule(chain) != chain


def _best(scores: Sequence[tuple[int, int, Supposed]]) -> Supposed:
    """The only way in which most holds that needs it; where nothing needs any, one of several in which most holds."""
    needed = max((score[0] for score in scores), default=0)
    best = [way for most, _, way in scores if most == needed]
    if needed:
        return best[0] if len(best) == 1 else Supposed()
    held = max((score[1] for score in scores), default=0)
    best = [way for _, most, way in scores if most == held]
    # What holds with more than one of them holds whatever the letters are.
    return best[0] if held and len(best) > 1 else Supposed()


def _ways(letters: Sequence[t.Symbol], inputs: Sequence[str], known: Known) -> Iterator[Supposed]:
    """What some letters may stand for together."""
    for way in islice(product(*(list(_things(one, inputs, known)) for one in letters)), _MOST_WAYS):
        pairs = [(one.name, it) for one, it in zip(letters, way, strict=True)]
        yield Supposed(
            things={name: replace(it, name=name) for name, it in pairs if isinstance(it, Saying)},
            names={name: it for name, it in pairs if isinstance(it, str)},
        )


def _arguments(node: t.Node) -> Iterator[t.Symbol]:
    """Letters of which a function of the student's own is taken: they may be any."""
    if isinstance(node, t.Operation) and node.name == APPLIED:
        yield from (one for one in t.walk(node.of[1]) if isinstance(one, t.Symbol))


def _side_by_side(letters: Sequence[t.Symbol], chains: Sequence[Chain]) -> list[list[t.Symbol]]:
    """Letters apart that never stand in one line."""
    groups: list[list[t.Symbol]] = [[one] for one in letters]
    for chain in chains:
        touched = [group for group in groups if _has(chain, {one.name for one in group})]
        if len(touched) > 1:
            groups = [group for group in groups if group not in touched]
            groups.append([one for group in touched for one in group])
    return groups


def with_supposed(
    chains: Sequence[Chain], found: Supposed, words: Worded, usual: str
) -> tuple[list[Chain], list[Defined], Worded]:
    """Give chains with what letters stand for, their definitions, and the words with these letters among them."""
    renamed = [with_sides(chain, found.names, inferred=True) for chain in chains]
    defined = all_definitions(renamed)
    words = replace(words, said={**words.said, **found.things})
    return [with_words(attached(chain, defined), words, usual, defined) for chain in renamed], defined, words


def told_of(found: Supposed, known: Known) -> str:
    """What is to be told of letters that were found to stand for something."""
    words = {**found.names, **{name: _told(one, known) for name, one in found.things.items()}}
    return ", ".join(f"{name} as {what}" for name, what in words.items())


def _told(one: Saying, known: Known) -> str:
    if one.kind == "gradient":
        return next(iter(known.given.values()))
    part = _PARTS.get(one.kind, one.kind)
    return f"{'one over ' * one.inverse}the {part} of {known.output}"


def _has(chain: Chain, names: set[str]) -> bool:
    return any(side.has(names) for side in chain.sides)


def _unused_inputs(chains: Sequence[Chain], known: Known) -> list[str]:
    """Vectors of a setting that stand in no line."""
    written = (side.node for chain in chains for side in chain.sides if side.node and not side.renamed)
    used = {known.name(one) for node in written for one in t.walk(node) if isinstance(one, t.Symbol)}
    return [name for name, shape in known.setting.symbols.items() if len(shape) == 1 and name not in used]


def _things(letter: t.Symbol, inputs: Sequence[str], known: Known) -> Iterator[Saying | str]:
    """What a letter may be by how many indices it has."""
    if len(letter.indices) == 2:
        yield "delta"
    if not letter.indices and letter.name.isupper():
        yield "I"
    if len(letter.indices) < 2:
        yield from inputs
    for one in _WITH_AN_INDEX if letter.indices else _ALONE:
        thing = replace(one, index=letter.indices[0]) if letter.indices else one
        if len(letter.indices) < 2 and stands(thing, known):
            yield thing


def _with(chains: Sequence[Chain], way: Supposed, defined: Sequence[Defined], words: Worded, usual: str) -> list[Chain]:
    if way.names:
        return with_supposed(chains, way, words, usual)[0]
    said = replace(words, said={**words.said, **way.things})
    return [with_words(chain, said, usual, defined) for chain in chains]


def _score(chain: Chain, names: set[str], trial: Reading) -> tuple[int, int, int]:
    """How many equalities of a chain hold only because of what some letters are, how many hold, and how many do not."""
    others = [scaled(chain, name) for name in sorted(names) if any(key[0] == name for key in chain.definitions)]

    def decided(seen: Chain, left: Side, right: Side) -> str:
        mark = tried(seen, left.nodes, right.nodes, trial).mark
        # Who lays a number's derivative as a row says so nowhere yet.
        return "holds" if mark == "fails" and agree(seen, left.nodes, right.nodes, trial, _ROWS) else mark

    read = list(equalities(chain))
    marks = [decided(chain, *pair) for pair in read]
    holding = [pair for pair, mark in zip(read, marks, strict=True) if mark == "holds"]
    idle = sum(bool(others) and all(decided(one, *pair) == "holds" for one in others) for pair in holding)
    return len(holding) - idle, len(holding), marks.count("fails")
