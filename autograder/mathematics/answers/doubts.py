"""Whether it is certain what a side that does not hold says: what is doubtful is for a person, and not wrong."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TypeGuard

from autograder.mathematics.answers.borrowed import ALONE, STRUCK, denied, inferred, is_small, names_in, unconfirmed
from autograder.mathematics.answers.chains import Chain, Reading, Side, nodes_in, symbols_in
from autograder.mathematics.answers.claims import Claim
from autograder.mathematics.answers.comparing import decide, tells_apart
from autograder.mathematics.answers.conditions import is_kronecker
from autograder.mathematics.answers.conventions import (
    as_rows,
    by_columns,
    letters_with_one_index,
    other_way,
    transposed,
)
from autograder.mathematics.answers.examples import has_entries, has_numbers, is_sized
from autograder.mathematics.answers.indices import free_letters
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.limits import LIMIT
from autograder.mathematics.answers.records import PRIME, Layout
from autograder.mathematics.answers.restricting import TWO_CASES
from autograder.mathematics.answers.scanner import name_of
from autograder.mathematics.formulas import tree as t

_SPOKEN = re.compile(r"(\\[A-Za-z]++|(?<![A-Za-z\\])[A-Za-z]{3,}+)\}?(?!\s?[_(\[{])(?!\s?\\left)")
_BRACKET = re.compile(
    r"(?<![A-Za-z\\])(\\?[A-Za-z]+)\s{0,2}(?:\\left)?\s{0,2}\((?P<inside>[^()]{0,60}(?:\([^()]{0,60}\)[^()]{0,60})?)\)"
)
DELTAS = frozenset({"delta", "I"})
OTHER_DELTA = "the text says of its delta what is not so of Kronecker's"
OF_ONE = "it holds for one input and one output, and the text speaks of these"


def doubt(claim: Claim, *, answer: bool = False) -> str:
    """Why it is not certain that the first and the last of some sides do not agree; empty where it is.

    An answer is judged behind all lines: by then it is known which letters these confirm.
    """
    return next((why for why in _doubts(claim, answer=answer) if why), "")


def _doubts(claim: Claim, *, answer: bool) -> Iterator[str]:
    chain, sides, reading = claim.chain, claim.sides, claim.reading
    yield unconfirmed(inferred(claim), chain.asking.place, reading) if answer else ""
    if any(_is_of_the_input(side, chain, reading.calls) for side in claim.ends):
        yield "nothing says whether a bracket behind a letter is what that is a function of"
    if reading.other_delta and not is_kronecker(sides[0].node) and any(side.has(DELTAS) for side in sides):
        yield OTHER_DELTA
    if _speaks_alone(chain, sides):
        yield "nothing says what a function is without what it is taken of"
    if _leaves_out_an_entry(chain, sides):
        yield "nothing says which entry of the function is meant"
    if sides[-1].joined:
        yield "nothing says whether it goes on with what stands before the words"
    if any(side.struck for side in sides):
        yield STRUCK
    if sides[-1].loose:
        yield "nothing says whether what stands behind it belongs to it"
    if _moves(chain, sides):
        yield "nothing says whether a letter before another says how that moves, or is a factor"
    if not {("e", 0), ("e", 1)} & chain.definitions.keys() and any(map(_is_a_dyad, nodes_in(sides))):
        yield "nothing says what unit vectors side by side are"
    example = any(side.around.example for side in sides)
    by_letters = len(_free(claim.ends[1:]) - _free(claim.ends[:1])) > 1
    example = example and (by_letters or has_entries(sides, chain.asking.known))
    if (example and not is_sized(chain)) or has_numbers(chain, sides):
        yield "it may be about an example"
    bound = {node.of[0 if node.name == LIMIT else 1] for node in nodes_in(chain.sides) if _binds(node)}
    unsaid = {name for name in chain.aside.free if name not in reading.spaces or not reading.spaces[name].any}
    if unsaid := unsaid - {one.name for one in bound if isinstance(one, t.Symbol)}:
        yield f"nothing says what {min(unsaid)} is"
    if any(side.dressed for side in sides):
        yield "nothing says what a letter with an accent in it is"
    words = next(filter(None, (side.around.restricting for side in sides)), "")
    if words and not (words == TWO_CASES and chain.case):
        yield f'the words around it ("{words}") may say that it is not meant for all'
    if sides[-1].around.denied:
        yield denied(sides[-1])
    if name := _renamed(chain, sides, reading):
        yield f"nothing says for certain what {name} means: words say what it is"
    if word := next((side.around.unusual for side in sides if side.around.beside), ""):
        yield f'nothing says what the words around it ("{word}") make of it'
    word = next(filter(None, (side.around.unusual for side in sides)), "")
    if special := _special(claim, strange=bool(word)):
        yield f"it holds for {special}, and the words around it may say so"
    if (word or (reading.cased and chain.case is None)) and _is_for_different(claim):
        said = f'the words around it ("{word}") may say so' if word else "nothing says for which it is meant"
        yield f"it holds for different indices only, and {said}"
    case = chain.case if chain.case and chain.case.kind != "all" else None
    if case and chain.condition is None and len(_free(sides)) > 1:
        yield "nothing says of which indices the case beside it is"
    if case and case.several:
        yield "the words around it name several pairs of indices"
    if case and case.kind != "letters" and chain.condition and _is_the_other_case(claim):
        yield "it is right in the other case, and only words say which is meant"
    if any(_is_primed_by_place(one, chain) for one in symbols_in(sides)):
        yield "nothing says what a prime differentiates with respect to"
    yield from _readings(claim)


def _is_primed_by_place(symbol: t.Symbol, chain: Chain) -> bool:
    """Whether it has a prime that the text explains for a derivative by the very entry it stands at."""
    own = chain.definitions.get((symbol.name, 1)) if symbol.name.endswith(PRIME) and symbol.indices else None
    partials = (one for one in t.walk(own.body) if isinstance(one, t.Partial)) if own else ()
    return own is not None and symbol.indices != own.indices and any(one.by.indices == own.indices for one in partials)


def of_one(claim: Claim) -> bool:
    """Whether sides agree where there is one of everything, or one output, of which a matrix is a column then."""
    known = claim.chain.asking.known
    if claim.holds([dict.fromkeys(known.dimensions, 1)]):
        return True
    (output,) = known.shapes.get(known.output, ("",))[:1] or ("",)
    one = {name: 1 if name == output else value for name, value in known.telling.items()}

    def change(node: t.Node) -> t.Node | None:
        match node:
            case t.Partial(by=t.Symbol(indices=()) as by, of=of) if is_small(by, known):
                return t.Transpose(of=replace(node, of=t.changed(of, change)))
            case t.Symbol(indices=()) if is_small(node, known):
                return t.Transpose(of=node)
            case t.Symbol(indices=(index,)) if is_small(node, known):
                return replace(node, indices=("1", index))
        return None

    return claim.read_as(lambda node: t.changed(node, change)).holds([one])


def _readings(claim: Claim) -> Iterator[str]:
    """What else sides may mean, so that they agree."""
    chain, sides, reading = claim.chain, claim.sides, claim.reading
    known = chain.asking.known
    small = any(is_small(one, known) for one in symbols_in(sides))
    if reading.single and (small or not chain.target) and of_one(claim):
        yield OF_ONE
    if convention := reading.conventions.get(chain.asking.place):
        other = other_way(replace(chain, sides=tuple(sides)), convention)
        if Claim(chain=other, sides=other.sides, layout=Layout(), reading=reading).holds():
            yield convention.words
    if reading.lying and claim.read_as(lambda node: as_rows(node, known)).holds():
        yield "the text may take vectors as rows, and its question does not"
    name = next(letters_with_one_index([node for side in sides for node in side.nodes], known), "")
    if name and claim.read_as(lambda node: by_columns(node, known)).holds():
        yield f"nothing says whether {name} with one index is a row or a column"
    jacobians = any(_is_a_jacobian(one, known) for one in nodes_in(sides))
    if jacobians and claim.read_as(lambda node: _laid(node, known)).holds():
        yield "the text may lay derivatives of vectors by vectors the other way"
    lists = {name for name, rank in chain.definitions if rank == 1}
    told = any(one.name in lists and not one.indices for one in symbols_in(sides))
    if told and claim.read_as(lambda node: transposed(node, lambda symbol: symbol.name in lists)).holds():
        yield "nothing says whether what is told by its entries is a row or a column"
    by_entries = replace(chain, aside=replace(chain.aside, by_entries=True))
    if not chain.aside.by_entries and claim.under(by_entries).holds():
        yield "it holds with vectors side by side multiplied by entries"
    if _is_by_products(claim):
        yield "it holds with a product of matrices in place of one by entries"
    if _holds_from(base := 1 - chain.aside.base, claim):
        yield f"it holds where indices begin at {base}"


def _is_of_the_input(side: Side, chain: Chain, calls: Container[str]) -> bool:
    """Whether a letter for the output, or one of the student's own, stands before what it may be a function of."""
    known = chain.asking.known
    inputs = {name for name, shape in known.setting.symbols.items() if shape}
    own = {name for name, _ in chain.definitions}
    called = [(name_of(found[1]), found["inside"]) for found in _BRACKET.finditer(side.latex)]
    if any(name in own and name not in calls and inside.strip() in inputs for name, inside in called):
        return True
    whole = (
        {one.name for one in t.walk(side.node) if isinstance(one, t.Symbol) and not one.indices} if side.node else {}
    )
    if known.output not in whole:
        return False
    return any(
        name not in known.named
        and inputs.intersection(ALONE.findall(inside))
        and (name == known.output or (side.renamed and not known.shapes.get(name)))
        for name, inside in called
    )


def _binds(node: t.Node) -> TypeGuard[t.Operation]:
    """Whether it is a limit or a slope, in which a letter stands for no number of its own."""
    return isinstance(node, t.Operation) and node.name in {LIMIT, "slope"}


def _is_a_jacobian(node: t.Node, known: Known) -> bool:
    """Whether it is the derivative of a vector by one."""
    if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol) or node.of.indices or node.by.indices:
        return False
    shapes = [known.shapes.get(known.name(one), ("",)) for one in (node.of, node.by)]
    return all(len(shape) == 1 for shape in shapes)


def _laid(node: t.Node, known: Known) -> t.Node:
    """A side with the transposes of all derivatives of vectors by vectors."""
    return t.changed(node, lambda one: t.Transpose(of=one) if _is_a_jacobian(one, known) else None)


def _moves(chain: Chain, sides: Sequence[Side]) -> bool:
    """Whether something moves by a letter that the text has for something else."""
    if not {("d", 0), ("delta", 0), ("Delta", 0)} & chain.definitions.keys():
        return False
    return any(side.node is not None and all(map(_is_moved, side.nodes)) for side in sides)


def _is_a_dyad(node: t.Node) -> bool:
    """Whether unit vectors stand side by side."""
    factors = node.factors if isinstance(node, t.Times) else ()
    units = [isinstance(one, t.Symbol) and one.name == "e" and len(one.indices) == 1 for one in factors]
    return any(one and other for one, other in pairwise(units))


def _is_moved(node: t.Node) -> bool:
    return any(isinstance(one, t.Operation) and one.name == "differential" for one in t.walk(node))


def _speaks_alone(chain: Chain, sides: Sequence[Side]) -> bool:
    """Whether a command for a function of the setting stands before nothing that it is taken of."""
    spoken = chain.asking.known.setting.spoken
    return any(found[1] in spoken for side in sides for found in _SPOKEN.finditer(side.latex))


def _leaves_out_an_entry(chain: Chain, sides: Sequence[Side]) -> bool:
    """Whether a function of the setting is written for one of its entries."""
    known = chain.asking.known
    whole = (isinstance(side.node, t.Symbol) and not side.node.indices and known.is_vector(side.node) for side in sides)
    called = [
        is_whole and any(name in side.latex for name in known.setting.spoken)
        for is_whole, side in zip(whole, sides, strict=True)
    ]
    return any(called) and not all(called) and bool(_free(sides))


def _renamed(chain: Chain, sides: Sequence[Side], reading: Reading) -> str:
    """A letter of which words say what it is, behind the last formula that does, or against the setting."""
    names, own = names_in(sides), {name for name, _ in chain.definitions}
    for one in reading.mentions.get(chain.piece, ()):
        if one.name not in names or one.at > sides[-1].at or one.name in chain.worded:
            continue
        if one.given and one.at > reading.defined.get((chain.piece, one.name), -1):
            doubtful = one.name in own or one.strange
        else:
            doubtful = one.strange and one.name not in own
        if doubtful and (one.name in own or chain.asking.known.shapes.get(one.name) is not None):
            return one.name
    return ""


def _free(sides: Sequence[Side]) -> set[str]:
    return set[str]().union(*(free_letters(side.node) for side in sides if side.node))


def _is_the_other_case(claim: Claim) -> bool:
    """Whether sides agree in the opposite of the case that words without letters name."""
    assert claim.chain.condition is not None
    left, right, equal = claim.chain.condition
    return claim.under(replace(claim.chain, condition=(left, right, not equal))).holds()


def _is_by_products(claim: Claim) -> bool:
    """Whether sides agree where a product by entries stretches its factors, a column and a row."""

    def change(below: t.Node) -> t.Node | None:
        if not isinstance(below, t.Operation) or below.name != "entrywise" or len(below.of) != 2:
            return None
        return t.Times(factors=below.of, dots=(False,))

    other = claim.read_as(lambda node: t.changed(node, change))
    return any(side != before for side, before in zip(other.ends, claim.ends, strict=True)) and other.holds()


def _is_for_different(claim: Claim) -> bool:
    """Whether sides agree wherever their indices differ, and none of them tells these cases apart itself."""
    apart = any(tells_apart(node) for side in claim.sides for node in side.nodes)
    if claim.chain.condition or len(_free(claim.ends)) < 2 or apart:
        return False
    return claim.under(replace(claim.chain, apart=True)).holds()


def _special(claim: Claim, *, strange: bool) -> str:
    """For which letter a number that words may mean makes sides agree, none of them 0: for all its entries."""
    chain, sides = claim.chain, claim.sides
    nothing = t.Number(digits="0")
    level = sorted(frozenset().union(*(side.around.level for side in sides)))
    symbols = {} if chain.given else chain.asking.known.setting.symbols
    for name, shape in symbols.items():
        for number in level if shape else (0, 1) if strange else ():
            under, pair = replace(chain, under={name: Decimal(number)}), (sides[-1].nodes[0], nothing)
            there = claim.under(under).holds()
            if there and decide(under, pair, claim.layout, claim.reading).mark == "fails":
                return f"{name} = {number}"
    return ""


def _holds_from(base: int, claim: Claim) -> bool:
    """Whether sides with numbers for indices agree where these begin elsewhere."""
    if not any(any(map(str.isdecimal, one.indices)) for one in symbols_in(claim.sides)):
        return False
    return claim.under(replace(claim.chain, aside=replace(claim.chain.aside, base=base))).holds()
