"""Whether a text takes matrices the other way round than its question, or vectors as rows, and keeps to that."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from autograder.mathematics.answers.chains import Chain, Reading
from autograder.mathematics.answers.known import Known
from autograder.mathematics.answers.records import Convention
from autograder.mathematics.answers.scanner import ANY
from autograder.mathematics.answers.trying import agree
from autograder.mathematics.formulas import tree as t

_MOST_CHAINS = 40
_TRIAL_STEPS = 20_000
_MANY = 5
"""So many lines have to need a convention for each that is lost with it."""
_SAID = re.compile(
    r"\bconventions?\b|\bconnects?\b|\brow[- ]vectors?\b|\bas rows\b|\bare rows\b|\bin rows\b|\bindex(?:ed|ing)\b"
    r"|行向量|行ベクトル|\b(?:vecteurs?[- ]lignes?|zeilenvektor(?:en)?|vector(?:es)? fila|vettor[ei] riga)\b",
    re.IGNORECASE,
)
"""Words about how things lie."""


def is_about_them(text: str) -> bool:
    """Whether a text says how things lie."""
    return _SAID.search(text) is not None


_CONVENTIONS = tuple(
    Convention(matrices=matrices, vectors=vectors) for matrices, vectors in ((True, False), (True, True), (False, True))
)


def adopted(chains: Sequence[Chain], reading: Reading, *, said: bool) -> Convention | None:
    """The convention under which a text's claim of what the output is holds.

    With words about conventions more lines have to need it than are lost with it; without any a second line has to, and
    few may be lost. Of several the one is taken that most lines need.
    """
    mine = [chain for chain in chains if chain.question is not None and not chain.defines][:_MOST_CHAINS]
    trial = reading.trial(_TRIAL_STEPS)
    stating = [chain for chain in mine if _states_output(chain) and not _held(chain, trial)[0]]
    if not stating:
        return None
    gains: dict[Convention, int] = {}
    for convention in _CONVENTIONS:
        others = [other_way(chain, convention) for chain in mine]
        if not any(_held(other_way(chain, convention), trial)[0] for chain in stating):
            continue
        pairs = [
            pair
            for chain, other in zip(mine, others, strict=True)
            for pair in zip(_held(chain, trial), _held(other, trial), strict=True)
        ]
        needing = sum(other and not usual for usual, other in pairs)
        lost = sum(usual and not other for usual, other in pairs)
        if needing > (lost if said else 1) and (said or lost * _MANY <= needing):
            gains[convention] = needing - lost
    return max(gains, key=lambda one: gains[one], default=None)


def suspected(chains: Sequence[Chain], reading: Reading) -> Convention | None:
    """The convention that a text's claim of what the output is needs, whether or not its other lines keep to it."""
    trial = reading.trial(_TRIAL_STEPS)
    stating = [chain for chain in chains if _states_output(chain) and not _held(chain, trial)[0]]
    return next((one for one in _CONVENTIONS if any(_held(other_way(chain, one), trial)[0] for chain in stating)), None)


def _states_output(chain: Chain) -> bool:
    left, known = chain.sides[0].node, chain.asking.known
    return isinstance(left, t.Symbol) and known.name(left) in known.definitions and bool(known.shapes[known.name(left)])


def _held(chain: Chain, trial: Reading) -> list[bool]:
    """Which equalities of a chain hold, where both sides can be read."""
    return [
        bool(left.nodes and right.nodes) and agree(chain, left.nodes, right.nodes, trial)
        for left, right in pairwise(chain.sides)
    ]


def other_way(chain: Chain, convention: Convention) -> Chain:
    """A chain as a convention means it, in those of the setting."""
    known = chain.asking.known
    sides = tuple(side.mapped(lambda node: turned(node, known, convention)) for side in chain.sides)
    definitions = {
        key: replace(one, body=turned(one.body, known, convention)) for key, one in chain.definitions.items()
    }
    return replace(chain, sides=sides, definitions=definitions)


def turned(node: t.Node, known: Known, convention: Convention) -> t.Node:
    """A formula with what lies the other way round there."""

    def is_turned(symbol: t.Node) -> bool:
        if not isinstance(symbol, t.Symbol):
            return False
        return (_is_matrix(symbol, known) and convention.matrices) or (known.is_vector(symbol) and convention.vectors)

    def change(below: t.Node) -> t.Node | None:
        match below:
            case t.Partial(of=of, by=by) if is_turned(by):
                inner = replace(below, of=t.changed(of, change), by=_swapped(by, known))
                return inner if by.indices else t.Transpose(of=inner)
            case t.Partial(of=of):
                return replace(below, of=t.changed(of, change))
            case t.Operation(name="differential", of=(t.Symbol(indices=()) as moved, *_)) if is_turned(moved):
                return t.Transpose(of=below)
            case t.Operation(name="module", of=(t.Symbol(indices=()) as function, argument)) if is_turned(function):
                return t.Transpose(of=replace(below, of=(function, t.changed(argument, change))))
            case t.Operation(name="module", of=(function, argument)):
                return replace(below, of=(function, t.changed(argument, change)))
            case t.Applied():
                return below
            case t.Transpose(of=t.Symbol(indices=()) as whole) if is_turned(whole):
                return whole
            case t.Symbol() if is_turned(below):
                return _swapped(below, known) if below.indices else t.Transpose(of=below)
        return None

    return t.changed(node, change)


def as_rows(node: t.Node, known: Known) -> t.Node:
    """A formula with the setting's vectors as rows, but for what is differentiated."""
    return transposed(node, known.is_vector)


def transposed(node: t.Node, lies: Callable[[t.Symbol], bool]) -> t.Node:
    """A formula in which some whole vectors lie the other way, but for what is differentiated."""

    def change(below: t.Node) -> t.Node | None:
        match below:
            case t.Partial():
                return below
            case t.Function(name="diag", argument=t.Symbol()):
                return below
            case t.Transpose(of=t.Symbol(indices=()) as whole) if lies(whole):
                return whole
            case t.Symbol(indices=()) if lies(below):
                return t.Transpose(of=below)
        return None

    return t.changed(node, change)


def _swapped(symbol: t.Symbol, known: Known) -> t.Symbol:
    if not _is_matrix(symbol, known):
        return symbol
    match symbol.indices:
        case (digits,) if digits.isdecimal() and len(digits) == 2:
            return replace(symbol, indices=(digits[::-1],))
        case (_,):
            return lined(symbol)
        case indices:
            return replace(symbol, indices=indices[::-1])


def lined(symbol: t.Symbol) -> t.Symbol:
    """A column of a matrix in place of its row, where one index is written."""
    one = len(symbol.indices) == 1 and len(symbol.indices[0]) == 1
    return replace(symbol, indices=(ANY, *symbol.indices)) if one else symbol


def by_columns(node: t.Node, known: Known) -> t.Node:
    """A formula in which a matrix with one index is a column of it, and not a row."""

    def change(below: t.Node) -> t.Node | None:
        match below:
            case t.Partial(of=of, by=by) if _is_matrix(by, known):
                return replace(below, of=t.changed(of, change), by=lined(by))
            case t.Symbol() if _is_matrix(below, known):
                return lined(below)
        return None

    return t.changed(node, change)


def _is_matrix(symbol: t.Symbol, known: Known) -> bool:
    return len(known.shapes.get(known.name(symbol), ())) == 2


def letters_with_one_index(nodes: Sequence[t.Node], known: Known) -> Iterator[str]:
    """Find the names of matrices with one index in some formulas, as in $w_1$."""
    for node in nodes:
        for below in t.walk(node):
            if isinstance(below, t.Symbol) and _is_matrix(below, known) and len(below.indices) == 1:
                yield below.name
