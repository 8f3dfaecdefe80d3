"""From a student's text to chains of equalities, parsed, each with the question it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder import wire
from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.dialect import statements
from autograder.mathematics.answers.document import Block, Condition, read_document
from autograder.mathematics.answers.known import words_of
from autograder.mathematics.answers.macros import DialectError, find_macros
from autograder.mathematics.answers.spelling import Spelling
from autograder.mathematics.answers.worlds import Budget, Definition, Point
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError, parse

_USUAL = frozenset("ijklmnNMRT")
"""Letters that usual notation has taken: indices, sizes, the real numbers, a transpose."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a chain."""

    #: In the grammar's words.
    latex: str
    #: Its row in the display, from 0.
    row: int
    #: None when it cannot be read; then there is a problem.
    node: t.Node | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A statement whose question is known."""

    question: Question
    #: Which of its answers the first side asks for.
    target: tuple[Target, ...]
    #: Where the display begins.
    piece: int
    line: int
    #: At least two.
    sides: tuple[Side, ...]
    #: Two indices and whether they agree.
    condition: Condition | None
    #: Whether that is a case of the question's, and not only what some words nearby say.
    asked: bool = False


@dataclass(kw_only=True)
class Reading:
    """What one reading of a document gathers."""

    budget: Budget = field(default_factory=Budget)
    #: The student's abbreviations so far.
    definitions: dict[tuple[str, int], Definition] = field(default_factory=dict)
    findings: list[wire.Finding] = field(default_factory=list)
    #: By question, size and seed.
    points: dict[tuple[int, tuple[int, ...], int], Point] = field(default_factory=dict)


class Piece:
    """One piece of a written part while its chains are found, each with its question."""

    def __init__(
        self, number: int, piece: wire.Piece, questions: Sequence[Question], spelling: Spelling, reading: Reading
    ) -> None:
        self._number, self._piece, self._questions = number, piece, questions
        self._spelling, self._reading = spelling, reading
        self._known = [question.known for question in questions]
        self._taken = _USUAL.union(*(known.words for known in self._known), *(k.dimensions for k in self._known))
        self._before: Question | None = None
        #: Letters of the student's own: they stood alone on a left side.
        self._own: set[str] = set()

    def chains(self) -> Iterator[Chain]:
        """Find the chains in order; a formula that does not come apart is a finding of the reading."""
        text = self._piece.text
        macros = find_macros(text)
        if self._piece.form == "markdown" and "command" not in text:
            macros = {}
        ids = [question.id for question in self._questions]
        for block in read_document(text, self._piece.form, self._piece.question, ids):
            try:
                if block.problem:
                    raise DialectError(block.problem)
                found = list(statements(block.latex, macros, self._spelling))
            except DialectError as error:
                self._reading.findings.append(self._unread(block, str(error)))
                continue
            for statement in found:
                sides = tuple(map(_side, statement.sides, statement.rows))
                chain = self._chain(block, sides, statement.condition or block.condition)
                if chain is not None:
                    yield chain

    def _unread(self, block: Block, problem: str) -> wire.Finding:
        return wire.Finding(
            kind="line",
            mark="unread",
            question=next((question.place for question in self._questions if question.id == block.question), None),
            piece=self._number,
            line=block.line,
            latex=wire.printable(block.latex[:100]),
            detail=problem,
        )

    def _chain(self, block: Block, sides: tuple[Side, ...], condition: Condition | None) -> Chain | None:
        first = sides[0].node
        targets = [(q, target) for q in self._questions for target in q.targets if matches(first, target, q)]
        if block.inline and not targets and not self._abbreviates(sides):
            return None
        named = next((question for question in self._questions if question.id == block.question), None)
        if targets:
            asking = [question for question, _ in targets]
            question: Question | None = named if named in asking else asking[0]
        else:
            question = self._spoken_of(sides, named or self._before)
        if question is None:
            return None
        self._before = question
        return Chain(
            question=question,
            target=tuple(target for q, target in targets if q is question),
            piece=self._number,
            line=block.line,
            sides=sides,
            condition=condition,
        )

    def _spoken_of(self, sides: Sequence[Side], usual: Question | None) -> Question | None:
        """The question whose words a line holds; what one question alone knows ends another, but not a whole cell's."""
        names = words_of([side.node for side in sides if side.node], self._known)
        if usual is not None:
            names -= self._newly_own(sides[0].node, usual)
        by_word = {name: [q for q in self._questions if name in q.known.words] for name in names}
        telling = {
            knowing[0]
            for name, knowing in by_word.items()
            if len(knowing) == 1 and name not in knowing[0].known.setting.functions
        }
        if usual is not None:
            return telling.pop() if len(telling) == 1 and not self._piece.question else usual
        if telling:
            return min(telling, key=lambda question: question.place)
        some = (knowing[0] for knowing in by_word.values() if 0 < len(knowing) < len(self._questions))
        return min(some, key=lambda question: question.place, default=None)

    def _newly_own(self, first: t.Node | None, usual: Question) -> set[str]:
        """The student's own letters; one that stands alone on the left, where nothing explains it, joins them."""
        if isinstance(first, t.Symbol) and not usual.known.find(first) and not any(map(str.isdecimal, first.indices)):
            self._own.add(first.name)
        return self._own

    def _abbreviates(self, sides: Sequence[Side]) -> bool:
        """Whether a statement in running text defines a letter of the student's own, and does not say a size."""
        left, right = sides[0].node, sides[1].node
        own = isinstance(left, t.Symbol) and left.name not in self._taken and not any(map(str.isdecimal, left.indices))
        return own and not (
            right is None or isinstance(right, t.Number) or (isinstance(right, t.Symbol) and not right.indices)
        )


def _side(latex: str, row: int) -> Side:
    try:
        return Side(latex=latex, row=row, node=parse(latex))
    except ParseError as error:
        near = latex[max(0, error.position - 15) : error.position + 25]
        found = f"'{error.found}' " if error.found else ""
        problem = f"{found}in '{near}': {error.hint}" if latex else "what is no formula"
        return Side(latex=latex, row=row, problem=wire.printable(problem))


def matches(node: t.Node | None, target: Target, question: Question) -> bool:
    """Whether a side is the derivative that a target asks for, whole or by one entry."""
    if not isinstance(node, t.Partial) or not isinstance(node.of, t.Symbol | t.Applied):
        return False
    of = node.of.function if isinstance(node.of, t.Applied) else node.of
    name = question.known.name(of)
    return bool(name) and name == question.known.name(target.of) and _same_letter(node.by, target.left.by, question)


def _same_letter(mine: t.Symbol, asked: t.Symbol, question: Question) -> bool:
    """Whether two symbols are one, small or large where only one of the two letters means something."""
    name = question.known.name(mine)
    return name == question.known.name(asked) if name else mine.name.upper() == asked.name.upper()
