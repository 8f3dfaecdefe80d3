"""Which of the statements before it a formula goes on with, or speaks of."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from autograder.mathematics.answers.blocks import Block
from autograder.mathematics.answers.marks import BOLD, source
from autograder.mathematics.answers.scanner import is_letter
from autograder.mathematics.answers.spoken import is_a_derivative
from autograder.mathematics.answers.taking import Statement

_LETTER_AND_NAME = (1, 3)
"""Marks of a letter alone, and with what it is the derivative of."""
_GIVEN = 2
"""Sides of what gives a letter to something."""
_LONGEST_NAME = 4
"""Marks of a letter and its index."""


@dataclass(kw_only=True)
class Placed:
    """A statement and the formula that it stands in."""

    block: Block
    statement: Statement
    #: Whether its first side is only supposed to be what words speak of.
    supposed: bool = False


def last_derivative(placed: Sequence[Placed], letters: Container[str]) -> Placed | None:
    """Find the last statement that begins with a derivative, a letter that stands for one, or one of some letters."""
    named = {_first(one.statement) for one in placed if _names_a_derivative(one.statement)}
    for one in reversed(placed):
        first = _first(one.statement)
        if is_a_derivative(first) or first in named or is_a_matrix(one.statement, letters):
            return one
    return None


def _first(statement: Statement) -> str:
    return source(statement.sides[0]).strip()


def is_a_matrix(statement: Statement, letters: Container[str]) -> bool:
    """Whether a statement begins with a derivative of no entry, or one of some letters for these."""
    texts = [mark.text for mark in statement.sides[0] if mark.text not in {"{", "}", *BOLD}]
    if "_" not in texts and is_a_derivative(source(statement.sides[0])):
        return True
    return bool(texts) and texts[0] in letters and len(texts) in _LETTER_AND_NAME


def _names_a_derivative(statement: Statement) -> bool:
    """Whether nothing but a letter with its indices stands before a derivative."""
    if len(statement.sides) < _GIVEN:
        return False
    texts, second = [mark.text for mark in statement.sides[0]], source(statement.sides[1]).strip()
    alone = bool(texts) and is_letter(texts[0]) and {*texts[1:]}.isdisjoint({"(", "+", "-", "="})
    return alone and (len(texts) == 1 or texts[1] == "_") and is_a_derivative(second)


def went_on(block: Block, placed: Sequence[Placed]) -> Statement:
    """The statement that a block goes on with: a display with the last one, whatever letters were given in between."""
    for one in () if block.inline else reversed(placed):
        if not one.block.inline:
            return one.statement
        if len(one.statement.sides) != _GIVEN or len(one.statement.sides[0]) > _LONGEST_NAME or one.block.fresh:
            break
    return placed[-1].statement
