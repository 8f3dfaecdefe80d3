"""One piece of a written part, from its text to chains of equalities, each with the question it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder import wire
from autograder.mathematics.answers.accents import accented_letters
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading, Side, matches
from autograder.mathematics.answers.conventions import is_about_them
from autograder.mathematics.answers.dialect import statements
from autograder.mathematics.answers.document import Block, Found, read_document
from autograder.mathematics.answers.habits import (
    counts_from_zero,
    factors_in,
    is_a_range,
    labels,
    own_functions,
    own_letters,
)
from autograder.mathematics.answers.known import words_of
from autograder.mathematics.answers.layouts import is_shaped
from autograder.mathematics.answers.letters import Letters, letters_of
from autograder.mathematics.answers.macros import DialectError, find_macros
from autograder.mathematics.answers.marks import Mark, cleaned, marks_of, source
from autograder.mathematics.answers.notations import DRESSED, Manner
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.answers.records import Aside
from autograder.mathematics.answers.rejected import LEFT_OUT, REJECTED
from autograder.mathematics.answers.rows import rows_of
from autograder.mathematics.answers.scanner import is_letter, name_of
from autograder.mathematics.answers.sides import read_side
from autograder.mathematics.answers.taking import Statement
from autograder.mathematics.answers.values import Value
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError

_FOR_ONE = 100
"""What a formula costs beside its characters."""
_EQUALITY = re.compile(r"(?<![!<>=\\])=|[≡≔]|\\(?:equiv|triangleq|coloneqq?)(?![A-Za-z])")
_COLUMN = re.compile(r"\bcolumns?\b[^.\n]{0,40}\bof\b|\bas columns\b", re.IGNORECASE)
_OWN_DELTA = re.compile(
    r"\\delta\s?(?:_\w(?!\w)|_\{\s?\w\s?\}|\^\s?\{?(?:T|\\top)(?![A-Za-z]))|=\s{0,3}\\delta\s{0,3}(?:[.,;]|\Z)"
)
"""A delta that is no Kronecker's, nor how something moves."""
_ROW = re.compile(r"\brows?\b[^.\n]{0,40}\bof\b", re.IGNORECASE)


@dataclass(kw_only=True)
class Placed:
    """A statement and the formula that it stands in."""

    block: Block
    statement: Statement


class Piece:
    """One piece of a written part while its chains are found, each with its question."""

    def __init__(
        self, number: int, piece: wire.Piece, questions: Sequence[Question], reading: Reading, first: int
    ) -> None:
        self._number, self._piece, self._questions, self._reading = number, piece, questions, reading
        self._known = [question.known for question in questions]
        self._letters = letters_of(self._known)
        self._before: Question | None = None
        #: What the last line below a heading says by itself, whatever the heading says.
        self._told: Question | None = None
        #: Whether a heading that names no question stands above, and nothing below it has told which one is meant.
        self._open = not piece.question
        #: Numbers of the chains since then, and the questions of those before which something told it.
        self._loose: list[int] = []
        self._settled: dict[int, Question] = {}
        self._next = first
        self._section = 0
        self._block: Block | None = None

    def chains(self) -> list[Chain]:
        """Find the chains in order; a formula that does not come apart is a finding of the reading."""
        found = list(self._in_order())
        return [replace(one, question=self._settled.get(one.number, one.question)) for one in found]

    def _in_order(self) -> Iterator[Chain]:
        text = self._piece.text
        self._reading.lines[self._number] = [0, *(k + 1 for k, c in enumerate(text) if c == "\n")]
        ids = [question.id for question in self._questions]
        found = read_document(
            text,
            self._piece.form,
            self._piece.question,
            ids,
            self._letters.functions,
            before=self._reading.heading,
        )
        self._reading.heading = found.last
        self._reading.lying |= is_about_them(text)
        self._reading.shaped |= is_shaped(text)
        self._reading.mentions[self._number] = found.mentions
        self._reading.sayings[self._number] = found.sayings
        self._reading.formulas += found.formulas
        placed = self._placed(found)
        written = [one.statement for one in placed]
        alone, calls = own_letters(written, self._letters)
        said = frozenset(one.name for one in found.sayings) - self._letters.names
        said |= {"delta"} if found.delta or any(_OWN_DELTA.search(one.latex) for one in found.blocks) else set()
        letters = self._letters.with_own(alone | said, calls, labels(written, self._letters))
        columns = bool(_COLUMN.search(text)) and not _ROW.search(text)
        letters = replace(letters, applied=own_functions(written, self._letters), columns=columns)
        factors = factors_in(written)
        aside = Aside(base=0 if counts_from_zero(written, letters) else 1)
        case: Case | None = None
        for one in placed:
            if len(one.statement.sides) < 2 or is_a_range(one.statement, letters, factors):
                continue
            own = one.statement.case
            if own is not None and own.kind == "otherwise":
                own = own.after(case)
            case = own or one.block.case
            mine = self._letters_of(one.block, letters)
            sides = tuple(_surrounded(_side(marks, mine), found.blocks) for marks in one.statement.sides)
            yield self._chain(one.block, sides, case, aside)

    def _letters_of(self, block: Block, letters: Letters) -> Letters:
        """A named question's letters alone, where there is one."""
        named = next((question for question in self._questions if question.id == block.question), None)
        return replace(letters, known=(named.known,)) if named else letters

    def _placed(self, found: Found) -> list[Placed]:
        """Statements in order; one that goes on in the next formula is one."""
        text = self._piece.text
        if self._piece.form == "latex" or "ommand" in text or r"\def" in text or "Operator" in text:
            self._reading.macros = {**self._reading.macros, **find_macros(text)}
        macros = self._reading.macros
        accented = accented_letters(block.latex for block in found.blocks)
        placed: list[Placed] = []
        functions, names = self._letters.functions, self._letters.names
        for block in found.blocks:
            self._reading.characters -= len(block.latex) + _FOR_ONE
            if self._reading.characters < 0:
                self._reading.passed += 1
                self._reading.passed_equalities += len(_EQUALITY.findall(block.latex))
                continue
            if block.rejected:
                self._reading.findings.append(self._rejected(block))
                continue
            try:
                if block.problem:
                    raise DialectError(block.problem)
                found_ = statements(block.latex, block.at, macros, functions, names, accented=accented)
            except DialectError as error:
                self._reading.findings.append(self._unread(block, str(error)))
                continue
            for at in found_.lost:
                problem = "an equals sign after another relation is not read"
                self._reading.findings.append(self._unread(replace(block, at=at), problem))
            for k, statement in enumerate(found_.statements):
                before = placed[-1].statement if placed and not (block.fresh and not k) else None
                if before and not k and before.open and statement.sides[0]:
                    before.sides += statement.sides
                    before.open = statement.open
                elif not statement.sides[0] and block.subject and len(statement.sides) > 1:
                    placed += self._said_of_words(block, statement)
                elif not statement.sides[0]:
                    if before is not None:
                        before.sides += statement.sides[1:]
                        before.open = statement.open
                        before.case = before.case or statement.case
                    elif placed and placed[-1].block.question == block.question:
                        # Another case of what the last chain begins with.
                        sides = [placed[-1].statement.sides[0], *statement.sides[1:]]
                        placed.append(Placed(block=block, statement=replace(statement, sides=sides)))
                    elif len(statement.sides) > 2:
                        self._reading.findings.append(self._unread(block, "nothing comes before its equals sign"))
                        placed.append(Placed(block=block, statement=replace(statement, sides=statement.sides[1:])))
                    elif len(statement.sides) == 2:
                        self._reading.findings.append(self._unread(block, "nothing comes before its equals sign"))
                else:
                    placed.append(Placed(block=block, statement=statement))
        for one in placed:
            if one.statement.open:
                self._reading.findings.append(self._unread(one.block, "nothing comes after its equals sign"))
        return placed

    def _said_of_words(self, block: Block, statement: Statement) -> list[Placed]:
        """What stands behind words that a formula goes on with; a letter right behind them is a name."""
        first = statement.sides[1]
        named = bool(first) and is_letter(first[0].text) and (len(first) == 1 or first[1].text == "_")
        finding = self._unread(block, "words stand before its equals sign")
        named = named and not self._letters_of(block, self._letters).knows(name_of(first[0].text))
        if named or block.latex.lstrip().startswith(":"):
            finding = replace(finding, mark="defined", detail="taken as a definition of yours")
        self._reading.findings.append(
            replace(finding, latex=wire.printable(f"{block.subject} = {source(first)}"[:100]))
        )
        rest = replace(statement, sides=statement.sides[1:])
        return [Placed(block=block, statement=rest)] if len(rest.sides) > 1 else []

    def _rejected(self, block: Block) -> wire.Finding:
        """What the text itself does not claim, so that nothing is passed over in silence."""
        finding = self._unread(block, block.rejected)
        if block.rejected != REJECTED:
            return finding
        self._reading.rejected += 1
        detail = f"line {finding.line}: {finding.latex} is {REJECTED}"
        return replace(finding, kind="remark", mark="note", name=LEFT_OUT, latex="", detail=wire.printable(detail))

    def _unread(self, block: Block, problem: str) -> wire.Finding:
        return wire.Finding(
            kind="line",
            mark="unread",
            question=next((question.place for question in self._questions if question.id == block.question), None),
            piece=self._number,
            line=self._reading.line(self._number, block.at),
            latex=wire.printable(block.latex[:100]),
            detail=wire.printable(problem),
        )

    def _chain(self, block: Block, sides: tuple[Side, ...], case: Case | None, aside: Aside) -> Chain:
        first = sides[0].node
        if block.fresh and block is not self._block:
            self._section += 1
            self._told = None
            self._open, self._loose = not block.question, []
        self._block = block
        targets = [(q, target) for q in self._questions for target in q.targets if matches(first, target, q)]
        named = next((question for question in self._questions if question.id == block.question), None)
        question: Question | None
        if targets:
            asking = [question for question, _ in targets]
            question = named if named in asking or (named and self._belongs(sides, named, asking[0])) else asking[0]
        else:
            question = self._spoken_of(sides, named or self._before)
        if targets or (question and question is not named and question is not self._before):
            self._told = question
        if self._open:
            self._loose.append(self._next)
        if self._open and question and self._told:
            self._settled |= dict.fromkeys(self._loose, question)
            self._open = False
        self._before = question or self._before
        self._next += 1
        return Chain(
            question=question,
            target=tuple(target for q, target in targets if q is question),
            piece=self._number,
            number=self._next - 1,
            sides=sides,
            case=case,
            aside=aside,
            plain=block.plain,
            section=self._section,
            supposed=block.supposed,
            general=block.general,
            above=self._above(block, block.value),
            near=self._above(block, block.near),
        )

    def _above(self, block: Block, value: Value | None) -> t.Above | None:
        """What words say of the values of letters."""
        if value is None:
            return None
        letters = self._letters_of(block, self._letters)
        left, right = (_side(cleaned(marks_of(text)), letters).node for text in (value.left, value.right))
        return t.relation(left, value.sign, right) if left and right else None

    def _belongs(self, sides: Sequence[Side], named: Question, other: Question) -> bool:
        """Whether a line holds letters that one question knows and another does not."""
        names = words_of([side.node for side in sides if side.node], self._known)
        first = words_of([sides[0].node] if sides[0].node else [], self._known)
        return bool(names & (named.known.words - other.known.words)) and first <= named.known.words

    def _spoken_of(self, sides: Sequence[Side], usual: Question | None) -> Question | None:
        """The question whose words a line holds; what one question alone knows ends another, but not a whole cell's."""
        names = words_of([side.node for side in sides if side.node], self._known)
        by_word = {name: [q for q in self._questions if name in q.known.words] for name in names}
        telling = {
            knowing[0]
            for name, knowing in by_word.items()
            if len(knowing) == 1 and name not in knowing[0].known.setting.functions
        }
        first = sides[0].node
        own = isinstance(first, t.Symbol) and not any(known.find(first) for known in self._known)
        if own and (renaming := self._renaming(sides)) is not None and usual in {None, self._before}:
            return renaming
        if usual is not None:
            if own and self._told is not None:
                return self._told
            elsewhere = len(telling) == 1 and not self._piece.question and (not own or self._open)
            return telling.pop() if elsewhere else usual
        if telling:
            return min(telling, key=lambda question: question.place)
        some = (knowing[0] for knowing in by_word.values() if 0 < len(knowing) < len(self._questions))
        return min(some, key=lambda question: question.place, default=None)

    def _renaming(self, sides: Sequence[Side]) -> Question | None:
        """The only question that has a number made of a cost for which a line has another letter."""
        bodies = [side.node for side in sides[1:]]
        made = [
            question
            for question in self._questions
            if any(
                one.right in bodies and question.known.costs(name) for name, one in question.known.definitions.items()
            )
        ]
        return made[0] if len(made) == 1 else None


def _surrounded(side: Side, blocks: Sequence[Block]) -> Side:
    """A side with what the words around the formula in which it stands may do to it."""
    place = bisect_right(blocks, side.at, key=lambda block: block.at) - 1
    if place < 0:
        return side
    block = blocks[place]
    first = block.joined and block.latex.lstrip(" \n&=").startswith(side.latex[:8])
    return replace(side, around=block.around, joined=first)


def _side(marks: Sequence[Mark], letters: Letters) -> Side:
    marks = list(marks)
    while marks and marks[-1].text in {".", ",", ";", r"\quad", ":"}:
        marks.pop()
    at = marks[0].at if marks else 0
    latex = source(marks)
    try:
        node, doubts = read_side(marks, letters)
    except ParseError as error:
        near = source([mark for mark in marks if mark.at >= error.position][:12])
        found = f"'{error.found}' " if error.found else ""
        problem = f"{found}in '{near}': {error.hint}" if latex else "something that is not a formula"
        return Side(latex=latex, at=at, problem=wire.printable(problem))
    others: list[t.Node] = []
    for manner in _manners(doubts - {DRESSED}):
        try:
            others.append(read_side(marks, letters, manner)[0])
        except ParseError:
            continue
    others_ = tuple(one for one in others if one != node)
    return Side(latex=latex, at=at, node=node, others=others_, rows=rows_of(marks), dressed=DRESSED in doubts)


def _manners(doubts: frozenset[str]) -> list[Manner]:
    """Ways to read what may be read in several, each doubt by itself and all together."""
    alone = [frozenset({doubt}) for doubt in sorted(doubts)]
    return [*alone, doubts] if len(alone) > 1 else alone
