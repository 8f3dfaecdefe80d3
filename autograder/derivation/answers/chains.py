"""From a student's text to chains of equalities, parsed, each with the question it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.derivation import tree as t
from autograder.derivation.answers.dialect import statements
from autograder.derivation.answers.document import read_document
from autograder.derivation.answers.macros import DialectError, find_macros
from autograder.derivation.answers.records import Finding, Question, Target, Text, printable
from autograder.derivation.answers.worlds import Budget, Definition
from autograder.derivation.parsing import ParseError, parse

_TAKEN = frozenset("xyWwbCKijklmnNMRT") | {"beta"}
"""Letters that the homework or its usual notation has taken."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a chain.

    Attributes
    ----------
    latex : str
        In the grammar's words.
    row : int
        Its row in the display, from 0.
    node : Node, optional
        Its tree; None when it cannot be read.
    problem : str
        Why; else empty.
    """

    latex: str
    row: int
    node: t.Node | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A statement whose question is known.

    Attributes
    ----------
    question : Question
        The question.
    target : tuple of Target
        Which of its answers the first side asks for.
    piece, line : int
        Where the display begins.
    sides : tuple of Side
        At least two.
    condition : tuple of (str, str, bool), optional
        Two indices and whether they agree.
    asked : bool
        Whether that is a case of the question's, and not only what some words nearby say.
    """

    question: Question
    target: tuple[Target, ...]
    piece: int
    line: int
    sides: tuple[Side, ...]
    condition: tuple[str, str, bool] | None
    asked: bool = False


@dataclass(kw_only=True)
class Reading:
    """What one reading of a document gathers.

    Attributes
    ----------
    budget : Budget
        Steps that are left.
    definitions : dict
        The student's abbreviations so far.
    findings : list of Finding
        So far.
    """

    budget: Budget = field(default_factory=Budget)
    definitions: dict[tuple[str, int], Definition] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def chains_of(number: int, text: Text, questions: Sequence[Question], reading: Reading) -> Iterator[Chain]:
    """Find the chains of one piece of a written part.

    Parameters
    ----------
    number : int
        Index of the piece.
    text : Text
        The piece.
    questions : sequence of Question
        What was asked.
    reading : Reading
        Takes a finding for each formula that does not come apart.

    Yields
    ------
    Chain
        In order, each with its question: by what is derived, else by its heading, else as the chain before.
    """
    """Chains of one piece, each with its question."""
    macros = find_macros(text.text)
    before: Question | None = None
    for block in read_document(text.text, text.form, text.question, [question.id for question in questions]):
        try:
            if block.problem:
                raise DialectError(block.problem)
            found = list(statements(block.latex, macros if text.form == "latex" or "command" in text.text else {}))
        except DialectError as error:
            reading.findings.append(
                Finding(
                    kind="line",
                    question=block.question,
                    mark="unread",
                    piece=number,
                    line=block.line,
                    latex=printable(block.latex[:100]),
                    detail=str(error),
                )
            )
            continue
        for statement in found:
            sides = tuple(map(_side, statement.sides, statement.rows))
            targets = [(q, target) for q in questions for target in q.targets if matches(sides[0].node, target)]
            if block.inline and not targets and not _abbreviates(sides):
                continue
            question = next((q for q in questions if q.id == block.question), None)
            if targets and (question is None or question not in {q for q, _ in targets}):
                question = targets[0][0]
            spoken = _by_symbols(sides, questions)
            question = question or before or spoken
            if spoken and spoken.theory == "softmax" and not targets and not text.question:
                # A heading in words, such as "Softmax", has ended the question before.
                question = spoken
            if question is None:
                continue
            before = question
            yield Chain(
                question=question,
                target=tuple(target for q, target in targets if q is question),
                piece=number,
                line=block.line,
                sides=sides,
                condition=statement.condition or block.condition,
            )


def _side(latex: str, row: int) -> Side:
    try:
        return Side(latex=latex, row=row, node=parse(latex))
    except ParseError as error:
        near = latex[max(0, error.position - 15) : error.position + 25]
        found = f"'{error.found}' " if error.found else ""
        problem = f"{found}in '{near}': {error.hint}" if latex else "what is no formula"
        return Side(latex=latex, row=row, problem=printable(problem))


def matches(node: t.Node | None, target: Target) -> bool:
    """Say whether a side is the derivative that a target asks for, whole or by one entry.

    Parameters
    ----------
    node : Node, optional
        The side.
    target : Target
        What is asked for.

    Returns
    -------
    bool
        Whether it is.
    """
    if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol | t.Applied):
        return False
    of = node.of.function if isinstance(node.of, t.Applied) else node.of
    left = target.left.of
    if not isinstance(left, t.Symbol) or of.name != left.name or node.by.name.upper() != target.left.by.name.upper():
        return False
    return bool(target.condition) or of.indices == left.indices


def _abbreviates(sides: Sequence[Side]) -> bool:
    """Whether a statement in running text defines a letter of the student's own, rather than says what a size is."""
    left, right = sides[0].node, sides[1].node
    own = isinstance(left, t.Symbol) and left.name not in _TAKEN and not any(map(str.isdecimal, left.indices))
    return own and not (
        right is None or isinstance(right, t.Number) or (isinstance(right, t.Symbol) and not right.indices)
    )


def _by_symbols(sides: Sequence[Side], questions: Sequence[Question]) -> Question | None:
    names = {below.name for side in sides if side.node for below in t.walk(side.node) if isinstance(below, t.Symbol)}
    functions = any(isinstance(below, t.Function) for side in sides if side.node for below in t.walk(side.node))
    theory = "softmax" if "beta" in names or functions else "affine" if names & {"W", "w", "C", "b"} else None
    return next((question for question in questions if question.theory == theory), None)
