"""Letters that are taken for others: which lines confirm that, and which rest on it alone."""

import re
from collections.abc import Sequence
from dataclasses import replace

from autograder import wire
from autograder.mathematics.answers.chains import Reading, Side, is_prime, nodes_in
from autograder.mathematics.answers.claims import Claim
from autograder.mathematics.answers.conventions import other_way
from autograder.mathematics.answers.definitions import scaled
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.limits import LIMIT
from autograder.mathematics.answers.restricting import TWO_CASES
from autograder.mathematics.formulas import tree as t

ALONE = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])")
_CALLED = re.compile(r"'\s?(?:\\left)?\s?\(")
"""A prime of a function of something."""
_PRIME = "a prime"
STRUCK = "nothing says whether what is struck out still counts"


def borrow(finding: wire.Finding, claim: Claim) -> None:
    """Keep which letters that are taken for others a line confirms, or needs."""
    chain, confirmed = claim.chain, claim.reading.confirmed
    letters = inferred(claim)
    left, right = claim.ends
    if finding.mark == "holds" and left.node != right.node:
        place = chain.asking.place
        letters |= {_PRIME} if any(map(is_prime, nodes_in(claim.sides))) else set()
        new = {one for one in letters if (place, one) not in confirmed}
        idle = {one for one in new & chain.worded if _is_idle(one, claim)}
        for one in letters - idle:
            claim.reading.confirm(place, one, (chain.number, right.at))
    elif finding.mark == "fails" and letters:
        claim.reading.borrowing.append((finding, letters))


def unfounded(claim: Claim) -> str:
    """Why sides that agree are no answer: nothing else says what a letter is, or words say it is another."""
    chain, reading = claim.chain, claim.reading
    own = {name for name, _ in chain.definitions}
    known = chain.asking.known
    first, last = claim.ends
    confirmed = _confirmed_beside(claim)
    named = {name for name in ALONE.findall(first.latex) if first.latex.lstrip("\\{").startswith(name)}
    names = (names_in(claim.ends) | named) - own - chain.worded - confirmed
    for one in reading.mentions.get(chain.piece, ()):
        if one.other and one.name in names and not known.find(t.Symbol(name=one.name)):
            return f"words say of {one.name} that it is something else"
    if last.around.denied:
        return denied(last)
    if last.around.restricting == TWO_CASES and chain.case is None:
        return "nothing says for which of two cases it is meant"
    convention = reading.suspected.get(chain.asking.place)
    if convention and not claim.under(other_way(chain, convention)).holds():
        return convention.words
    if last.struck:
        return STRUCK
    said = {one.name for one in reading.sayings.get(chain.piece, ())}
    letters = sorted(frozenset[str]().union(*(side.borrowed for side in claim.sides)) - confirmed - said)
    return f"nothing but this line says what is meant by {' and '.join(letters)}" if letters else ""


def denied(side: Side) -> str:
    """What is told of a side where words take something from what it says."""
    return f'the words around it ("{side.around.denied}") take something from it'


def _confirmed_beside(claim: Claim) -> set[str]:
    """Letters that something beside some sides confirms."""
    alone = {(claim.chain.number, claim.ends[1].at)}
    return {letter for (_, letter), places in claim.reading.confirmed.items() if places != alone}


def _is_idle(letter: str, claim: Claim) -> bool:
    """Whether sides agree whatever a letter stands for, or not at all, so that they say nothing of it."""
    return not claim.holds() or claim.under(scaled(claim.chain, letter)).holds()


def certain(lines: Sequence[wire.Finding], reading: Reading) -> list[wire.Finding]:
    """Leave lines open that do not hold only by what no line confirms."""
    needed = {id(finding): letters for finding, letters in reading.borrowing}
    return [
        replace(one, mark="unread", detail=wire.printable(f"{why}: {one.detail}"))
        if (why := unconfirmed(needed.get(id(one), frozenset()), one.question, reading))
        else one
        for one in lines
    ]


def inferred(claim: Claim) -> frozenset[str]:
    """What in some sides is taken for something of which nothing says that it is."""
    chain, sides = claim.chain, claim.sides
    found = frozenset[str]().union(*(side.borrowed for side in sides))
    nodes = [*nodes_in(sides)]
    symbols = [one for one in nodes if isinstance(one, t.Symbol)]
    if any(map(is_prime, nodes)):
        called = any(_CALLED.search(side.latex) for side in sides)
        found |= {_PRIME} if called or not isinstance(chain.sides[0].node, t.Partial) else frozenset()
    known = chain.asking.known
    found |= {
        f"{one.name} with one index" if one.indices else one.name
        for one in symbols
        if len(one.indices) < 2 and is_small(one, known)
    }
    units = (one for one in symbols if one.name == "e" and len(one.indices) == 1)
    own = {name for name, _ in chain.definitions}
    own |= {one.name for one in claim.reading.sayings.get(chain.piece, ()) if one.kind == "unit"}
    limits = any(isinstance(one, t.Operation) and one.name == LIMIT for one in nodes)
    if "e" not in own and not limits and any(not known.find(one) for one in units):
        found |= {"e"}
    return found


def is_small(symbol: t.Symbol, known: Known) -> bool:
    """Whether it is a matrix's letter, written small."""
    return symbol.name not in known.shapes and known.matrix_of(symbol)


def unconfirmed(letters: frozenset[str], place: int | None, reading: Reading) -> str:
    """What is told of letters that nothing confirms; empty where all are confirmed."""
    unknown = sorted(one for one in letters if (place, one) not in reading.confirmed)
    return f"nothing says for certain what is meant by {' and '.join(unknown)}" if unknown else ""


def names_in(sides: Sequence[Side]) -> set[str]:
    """Find the names of the letters in some sides."""
    return t.letters(*(side.node for side in sides if side.node))
