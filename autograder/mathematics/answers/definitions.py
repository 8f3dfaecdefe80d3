"""What letters of the student's own stand for: their definitions, and which of these counts where."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain
from autograder.mathematics.answers.implied import put_in
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.records import Definition
from autograder.mathematics.formulas import tree as t

_OF_A_DEFINITION = 2
"""Sides of what gives one letter to something."""
USUAL = frozenset({"delta", "I", "e"})
Key = tuple[str, int]
_FEWEST_ENTRIES = 2
ANYTHING = t.Number(digits="1.7320508")


@dataclass(frozen=True, kw_only=True)
class Defined:
    """A definition of the student's, and where it stands."""

    number: int
    question: Question
    key: Key
    definition: Definition
    #: Whether a chain only puts the letter in the place of something.
    implied: bool = False
    #: The chain from which on it counts.
    since: int = -1

    @property
    def begins(self) -> int:
        """The number of the chain from which on it counts."""
        return self.number if self.since < 0 else self.since


def definition_of(chain: Chain) -> tuple[Key, Definition] | None:
    """What a chain's first side abbreviates: a letter that no setting explains."""
    left, right, *others = (side.node for side in chain.sides)
    if isinstance(left, t.Symbol) and right and left.name in t.letters(right):
        # What its own entries are written out of comes next.
        right = next((one for one in others if one and left.name not in t.letters(one)), right)
        if _is_written_out(right.of if isinstance(right, t.Transpose) else right, left.name):
            return None
    return _defined(chain, left, right)


def _is_written_out(node: t.Node, name: str) -> bool:
    """Whether a vector is nothing but the entries of a letter."""
    entries = isinstance(node, t.Matrix) or (isinstance(node, t.Operation) and node.name == "array")
    return entries and t.letters(node) == {name}


def _turned(chain: Chain) -> tuple[Key, Definition] | None:
    """What the last side of two abbreviates."""
    left, right = chain.sides[0].node, chain.sides[1].node
    match right:
        case t.Fraction(numerator=t.Number() as above, denominator=t.Symbol() as below) if len(chain.sides) == 2:
            # One number is so many times the other turned upside down.
            return _defined(chain, below, t.Fraction(numerator=above, denominator=left)) if left else None
    if len(chain.sides) != 2 or (isinstance(left, t.Symbol | t.Partial | t.Operation) and chain.target):
        return None
    usual = isinstance(right, t.Symbol) and right.name in USUAL
    return None if usual or isinstance(left, t.Symbol) else _defined(chain, right, left)


def _defined(chain: Chain, left: t.Node | None, right: t.Node | None) -> tuple[Key, Definition] | None:
    match left:
        case t.Power(base=t.Symbol() as base, exponent=t.Number(digits="2")):
            # What is above 0, by its square.
            left, right = base, t.Operation(name="sqrt", of=(right,)) if right else None
        case t.Transpose(of=t.Symbol() as of):
            left, right = of, t.Transpose(of=right) if right else None
    if chain.question is None or chain.asking.known.problem or not isinstance(left, t.Symbol) or right is None:
        return None
    known = chain.asking.known
    if known.find(left) or any(index.isdecimal() for index in left.indices) or left.name in known.dimensions:
        return None
    if (left.name in {"delta", "I"} and len(left.indices) == 2) or any(
        isinstance(one, t.Symbol) and one.name == left.name and len(one.indices) == len(left.indices)
        for one in t.walk(right)
    ):
        return None
    return (left.name, len(left.indices)), Definition(indices=left.indices, body=right)


def _entries_of(chain: Chain) -> tuple[Key, Definition] | None:
    """What a letter of the student's own is by the entries of a vector, where a chain writes one as a row or column."""
    left, right = chain.sides[0].node, chain.sides[1].node
    known = chain.asking.known if chain.question else None
    if known is None or left is None or isinstance(left, t.Matrix):
        return None
    if isinstance(left, t.Symbol) and len(known.shapes.get(known.name(left), ())) == 2:
        # What stands side by side there are columns.
        return None
    match right:
        case t.Matrix(rows=rows) if 1 in {len(rows), len(rows[0])}:
            entries = [entry for row in rows for entry in row]
        case t.Operation(name="array", of=of, indices=shape) if "1" in shape:
            entries = [entry for entry in of if entry != t.Operation(name="dots")]
        case _:
            return None
    first = entries[0]
    if not isinstance(first, t.Symbol) or len(entries) < _FEWEST_ENTRIES or chain.asking.known.find(first):
        return None
    numbered = all(isinstance(one, t.Symbol) and (one.name, len(one.indices)) == (first.name, 1) for one in entries)
    if not numbered or first.indices != ("1",):
        return None
    return (first.name, 1), Definition(indices=("i",), body=_entry(left))


def _entry(whole: t.Node) -> t.Node:
    match whole:
        case t.Symbol(indices=()):
            return replace(whole, indices=("i",))
        case t.Partial(by=t.Symbol(indices=()) as by):
            return replace(whole, by=replace(by, indices=("i",)))
    return t.Operation(name="entry", of=(whole,), indices=("i",))


def all_definitions(chains: Sequence[Chain], worded: Container[str] = ()) -> list[Defined]:
    """Find definitions in order; what is said of a letter again in one section and case is a claim.

    A letter that words define is not what a last side abbreviates.
    """
    found: list[Defined] = []
    seen: set[object] = set()
    said = {
        own[0][0]
        for chain in chains
        if chain.question and (own := definition_of(chain)) and not _is_a_value(own, chain)
    }
    for chain in chains:
        if chain.question is None:
            continue
        own = definition_of(chain)
        if own is not None and _is_a_value(own, chain):
            continue
        if own is None and (turned := _turned(chain)) is not None and turned[0][0] not in said:
            own = None if turned[0][0] in worded or turned[0][0] in chain.worded else turned
        if own is None and (entries := _entries_of(chain)) is not None and entries[0][0] not in said:
            own = entries
        if own is None:
            continue
        if _is_named_parameter(own, chain, chains):
            continue
        place = (chain.question.place, chain.section, chain.case, own[0])
        # What is said for all holds in a case, too.
        again = any(
            one.key == own[0] and all(_is_chosen(body, chain) for body in (own[1].body, one.definition.body))
            for one in found
        )
        given = chain.trails or chain.gives
        if again or given or (place not in seen and (chain.question.place, chain.section, None, own[0]) not in seen):
            since = chain.number - chain.trails
            found.append(
                Defined(number=chain.number, question=chain.question, key=own[0], definition=own[1], since=since)
            )
        seen.add(place)
    return [*found, *_implied(chains, said | {one.key[0] for one in found})]


def _is_a_value(own: tuple[Key, Definition], chain: Chain) -> bool:
    """Whether a number only tells at which value of a letter something is."""
    return chain.supposed and isinstance(own[1].body, t.Number)


def _is_chosen(body: t.Node, chain: Chain) -> bool:
    """Whether a letter may stand for it and then for another: a number, or one of the parameters."""
    symbols = chain.asking.known.setting.symbols
    return isinstance(body, t.Number) or (isinstance(body, t.Symbol) and chain.asking.known.name(body) in symbols)


def _implied(chains: Sequence[Chain], said: set[str]) -> Iterator[Defined]:
    """Letters that no line defines, where a chain puts them in the place of something: in the first one that does."""
    done = set(said)
    for chain in chains:
        if chain.question is None or chain.asking.known.problem:
            continue
        known = chain.asking.known

        def is_free(symbol: t.Symbol, known: Known = known) -> bool:
            own = not known.find(symbol) and symbol.name not in {*known.dimensions, *USUAL}
            return own and not any(index.isdecimal() for index in symbol.indices)

        last, own = chain.sides[-1].node, definition_of(chain)
        if own and len(chain.sides) > _OF_A_DEFINITION and isinstance(last, t.Symbol) and is_free(last):
            # Whoever gives a letter to something may give it another one.
            key = (last.name, len(last.indices))
            if last.name not in done and last.indices == own[1].indices:
                done.add(last.name)
                yield Defined(number=chain.number, question=chain.question, key=key, definition=own[1], implied=True)
        for left, right in pairwise(side.node for side in chain.sides):
            found = left and right and (put_in(left, right, is_free) or put_in(right, left, is_free))
            for key, definition in (found or {}).items():
                if key[0] in done:
                    continue
                done.add(key[0])
                yield Defined(
                    number=chain.number, question=chain.question, key=key, definition=definition, implied=True
                )


def _is_named_parameter(own: tuple[Key, Definition], chain: Chain, chains: Sequence[Chain]) -> bool:
    """Whether a line says which parameter a letter is by which derivatives were taken before, for whichever it is."""
    known, body = chain.asking.known, own[1].body
    if not isinstance(body, t.Symbol) or body.indices or known.name(body) not in known.setting.symbols:
        return False
    nodes = (node for one in chains if one.number < chain.number for side in one.sides for node in side.nodes)
    return any(isinstance(one, t.Partial) and one.by.name == own[0][0] for node in nodes for one in t.walk(node))


def scaled(chain: Chain, letter: str) -> Chain:
    """A chain in which a letter of the student's own stands for so many times what it does."""
    definitions = {
        key: replace(one, body=t.Times(factors=(ANYTHING, one.body), dots=(False,))) if key[0] == letter else one
        for key, one in chain.definitions.items()
    }
    return replace(chain, definitions=definitions)


def attached(chain: Chain, defined: Sequence[Defined]) -> Chain:
    """A chain with what letters mean there: by the last definition before it, else by the first behind."""
    chosen: dict[Key, Defined] = {}
    for one in defined:
        before = chosen.get(one.key)
        same = one.question is chain.question
        if (
            before is None
            or (same and before.question is not chain.question)
            or (same == (before.question is chain.question) and one.begins <= chain.number)
        ):
            chosen[one.key] = one
    numbers = Counter(one.key for one in defined if isinstance(one.definition.body, t.Number))
    definitions = {key: one.definition for key, one in chosen.items()}
    for key, one in chosen.items():
        if numbers[key] > 1 and one.number > chain.number:
            # A number that is chosen again was any before it was chosen.
            definitions[key] = replace(one.definition, body=ANYTHING)
    entries = {name for (name, count), one in chosen.items() if count and one.number <= chain.number}
    # A whole that is chosen later is not yet what entries before are of.
    later = {key for key, one in chosen.items() if not key[1] and one.number > chain.number and key[0] in entries}
    return replace(chain, definitions={key: one for key, one in definitions.items() if key not in later})
