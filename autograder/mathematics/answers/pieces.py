"""One piece of a written part, from its text to chains of equalities, each with the question it belongs to."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder import wire
from autograder.mathematics.answers import dashed, markup
from autograder.mathematics.answers.accents import accented_letters
from autograder.mathematics.answers.asked import Question, Target
from autograder.mathematics.answers.asking import Asking
from autograder.mathematics.answers.blocks import Block, Found
from autograder.mathematics.answers.chains import Chain, Reading, Side
from autograder.mathematics.answers.choices import is_counted
from autograder.mathematics.answers.cleaning import cleaned
from autograder.mathematics.answers.conventions import is_about_them
from autograder.mathematics.answers.dialect import statements
from autograder.mathematics.answers.habits import (
    always_of_one,
    as_outputs,
    clear_calls,
    costs_called,
    counts_from_zero,
    factors_in,
    is_a_range,
    labels,
    outputs_called,
    own_functions,
    own_letters,
    own_signs,
    without_calls,
)
from autograder.mathematics.answers.layouts import is_shaped, is_turned
from autograder.mathematics.answers.letters import Letters, letters_of
from autograder.mathematics.answers.macros import DialectError, find_macros
from autograder.mathematics.answers.marks import Mark, marks_of, source
from autograder.mathematics.answers.mentions import spaces_in
from autograder.mathematics.answers.notations import A_FACTOR, DRESSED, RAISED, UNSAID, Manner
from autograder.mathematics.answers.openings import without, without_comments
from autograder.mathematics.answers.prose import Case, is_about_cases
from autograder.mathematics.answers.records import Aside
from autograder.mathematics.answers.rejected import LEFT_OUT, REJECTED
from autograder.mathematics.answers.rows import rows_of
from autograder.mathematics.answers.sayings import LONE
from autograder.mathematics.answers.scanner import bare_of, is_letter, name_of
from autograder.mathematics.answers.sides import read_side
from autograder.mathematics.answers.single import is_single
from autograder.mathematics.answers.spelled import spelled_names
from autograder.mathematics.answers.spoken_of import Placed, is_a_matrix, last_derivative, went_on
from autograder.mathematics.answers.taking import Statement
from autograder.mathematics.answers.values import Value
from autograder.mathematics.answers.walking import read_document
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError
from autograder.mathematics.formulas.printing import to_latex

_FOR_ONE = 100
"""What a formula costs beside its characters."""
_EQUALITY = re.compile(r"(?<![!<>=\\])=|[≡≔]|\\(?:equiv|triangleq|coloneqq?)(?![A-Za-z])")
_TURNING = re.compile(
    r"\bprimes? (?:is|are|denotes?|means?|stands? for|marks?|for)(?: the| a)? transpos|\btranspos\w{0,6}(?: is| are)? "
    r"(?:denoted|written|marked)(?: by| with| as)?(?: a| the)? primes?",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"ommand|\\def|Operator|Delimiter")
_LOGISTIC = re.compile(r"\b(?:sigmoid|logistic)", re.IGNORECASE)
_COLUMN = re.compile(r"\bcolumns?\b[^.\n]{0,40}\bof\b|\bas columns\b", re.IGNORECASE)
_OWN_DELTA = re.compile(
    r"\\delta\s?(?:_\w(?!\w)|_\{\s?\w\s?\}|\^\s?\{?(?:T|\\top)(?![A-Za-z]))|=\s{0,3}\\delta\s{0,3}(?:[.,;]|\Z)"
)
"""A delta that is no Kronecker's, nor how something moves."""
_ROW = re.compile(r"\brows?\b[^.\n]{0,40}\bof\b", re.IGNORECASE)


class Piece:
    """One piece of a written part while its chains are found, each with its question."""

    def __init__(
        self, number: int, piece: wire.Piece, questions: Sequence[Question], reading: Reading, first: int
    ) -> None:
        self._number, self._piece, self._questions, self._reading = number, piece, questions, reading
        text = without(without_comments(piece.text) if piece.form == "latex" else piece.text, "<!--", "-->")
        self._text, names = dashed.plain(markup.plain(text))
        reading.dashed |= names
        self._known = [question.known for question in questions]
        self._named = {name for known in self._known for name in known.named}
        self._letters = letters_of(self._known)
        self._asking = Asking(questions, first, whole=bool(piece.question))
        self._next = first

    def chains(self) -> list[Chain]:
        """Find the chains in order; a formula that does not come apart is a finding of the reading."""
        found = list(self._in_order())
        return [replace(one, question=self._asking.settled.get(one.number, one.question)) for one in found]

    def _in_order(self) -> Iterator[Chain]:
        text = self._text
        self._reading.lines[self._number] = [0, *(k + 1 for k, c in enumerate(text) if c == "\n")]
        ids = [question.id for question in self._questions]
        form, question, before = self._piece.form, self._piece.question, self._reading.heading
        found = read_document(text, form, question, ids, self._letters.functions, before=before)
        self._reading.heading = found.last
        self._reading.lying |= is_about_them(text)
        self._reading.shaped |= is_shaped(text)
        self._reading.turned |= is_turned(text)
        self._reading.counted |= is_counted(text)
        self._reading.cased |= is_about_cases(text)
        self._reading.single |= is_single(text)
        self._reading.mentions[self._number] = found.mentions
        self._reading.spaces = {**spaces_in(text), **self._reading.spaces}
        self._reading.sayings[self._number] = (*found.sayings, LONE)
        self._reading.formulas += found.formulas
        placed = self._placed(found)
        written = [one.statement for one in placed]
        if calls_of_one := always_of_one(written, self._letters):
            for statement in written:
                statement.sides = [without_calls(side, calls_of_one) for side in statement.sides]
        called = outputs_called(written, self._letters)
        for statement in written if called else ():
            statement.sides = [as_outputs(side, called, self._letters) for side in statement.sides]
        alone, calls = own_letters(written, self._letters)
        self._reading.calls |= clear_calls(written, calls)
        said = frozenset(one.name for one in found.sayings) - self._letters.names
        said |= _with_accents(alone, self._letters)
        said |= {"delta"} if found.delta or any(_OWN_DELTA.search(one.latex) for one in found.blocks) else set()
        letters = self._letters.with_own(alone | said, calls, labels(written, self._letters))
        columns = bool(_COLUMN.search(text)) and not _ROW.search(text)
        letters = replace(
            letters,
            applied=own_functions(written, self._letters),
            columns=columns,
            costs_called=costs_called(written, self._letters),
            own_signs=own_signs(written),
            primes_turn=bool(_TURNING.search(text)),
        )
        factors = factors_in(written)
        aside = Aside(base=0 if counts_from_zero(written, letters) else 1, logistic=bool(_LOGISTIC.search(text)))
        case: Case | None = None
        for one in placed:
            if len(one.statement.sides) < 2 or is_a_range(one.statement, letters, factors):
                continue
            own = one.statement.case
            if own is not None and own.kind == "otherwise":
                own = own.after(case)
            case = own or one.block.case
            mine = self._letters_of(one.block, letters)
            if sum(mark.text == r"\nabla" for marks in one.statement.sides for mark in marks) == 1:
                mine = replace(mine, lone_nabla=True)
            sides = tuple(_surrounded(_side(marks, mine), found.blocks) for marks in one.statement.sides)
            if one.statement.behind:
                problem = wire.printable(f"what '{one.statement.behind[:40]}' behind it does to it")
                sides = (*sides[:-1], replace(sides[-1], node=None, others=(), problem=problem))
            if one.statement.loose:
                sides = (*sides[:-1], replace(sides[-1], loose=True))
            if one.supposed:
                sides = (sides[0], *(replace(side, joined=True) for side in sides[1:]))
            yield self._chain(one.block, sides, case, aside, letters)

    def _letters_of(self, block: Block, letters: Letters) -> Letters:
        """A named question's letters alone, where there is one."""
        named = next((question for question in self._questions if question.id == block.question), None)
        if named is None:
            return letters
        # Another cost of the same letters means what it does there.
        alike = [one.known for one in self._questions if one.known.setting.symbols == named.known.setting.symbols]
        return replace(letters, known=(named.known, *(one for one in alike if one is not named.known)))

    def _placed(self, found: Found) -> list[Placed]:
        """Statements in order; one that goes on in the next formula is one."""
        text = self._text
        if self._piece.form == "latex" or _DEFINES.search(text):
            self._reading.macros = {**self._reading.macros, **find_macros(text)}
        macros = self._reading.macros
        accented = accented_letters(block.latex for block in found.blocks)
        placed: list[Placed] = []
        functions, names = self._letters.functions, self._letters.names
        spelled = spelled_names((block.latex for block in found.blocks), text, functions)
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
                found_ = statements(block.latex, block.at, macros, functions, names, accented=accented, spelled=spelled)
            except DialectError as error:
                self._reading.findings.append(self._unread(block, str(error)))
                continue
            if block.parts:
                for statement in found_.statements:
                    statement.sides = [
                        [mark._replace(at=block.place(mark.at)) for mark in side] for side in statement.sides
                    ]
            for at in found_.lost:
                problem = "an equals sign after another relation is not read"
                self._reading.findings.append(self._unread(replace(block, at=block.place(at)), problem))
            for k, statement in enumerate(found_.statements):
                before = placed[-1].statement if placed and not (block.fresh and not k) else None
                if before and not k and before.open and statement.sides[0]:
                    before.sides += statement.sides
                    before.open = statement.open
                elif block.about:
                    placed += self._again(block, statement, placed)
                elif not statement.sides[0] and block.subject and len(statement.sides) > 1:
                    placed += self._said_of_words(block, statement)
                elif not statement.sides[0]:
                    before = before and went_on(block, placed)
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

    def _again(self, block: Block, statement: Statement, placed: Sequence[Placed]) -> list[Placed]:
        """Another value of the derivative that is spoken of: of the last chain, of one before, or what is asked for."""
        before = placed[-1] if placed and not block.fresh else None
        spoken_of = last_derivative(placed, self._named)
        last = spoken_of if spoken_of and spoken_of.block.question == block.question else None
        cased = block.about == "case" or bool(block.case)
        # A case is of an entry.
        last = None if last and cased and is_a_matrix(last.statement, self._named) else last
        supposed = not (before and spoken_of is before)
        if before and before.block.is_of_a_delta and cased:
            first, supposed = before.statement.sides[0], False
        elif last:
            first = last.statement.sides[0]
        elif cased and (block.question or spoken_of) and (target := self._only_target(block.question)):
            first = cleaned(marks_of(to_latex(target.left), block.at))
        else:
            return []
        statement = replace(statement, sides=[first, *statement.sides[1:]])
        return [Placed(block=block, statement=statement, supposed=supposed)]

    def _only_target(self, question: str) -> Target | None:
        """The only answer that a question asks for; of two cases the one with two letters."""
        targets = [one for each in self._questions if question in {"", each.id} for one in each.targets]
        return next((one for one in targets if one.condition == "!"), targets[0] if len(targets) == 1 else None)

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

    def _chain(self, block: Block, sides: tuple[Side, ...], case: Case | None, aside: Aside, letters: Letters) -> Chain:
        question, target = self._asking.next(block, sides, letters.own)
        self._next += 1
        return Chain(
            question=question,
            target=target,
            piece=self._number,
            number=self._next - 1,
            sides=sides,
            case=case,
            aside=aside,
            plain=block.plain,
            section=self._asking.section,
            supposed=block.supposed,
            single=block.single,
            trails=block.trails,
            gives=block.gives,
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


def _with_accents(own: frozenset[str], letters: Letters) -> set[str]:
    """All letters of settings with an accent that a student has explained for a letter that may be any."""
    free = (one for one in own if (bare := bare_of(one)) and name_of(bare) not in letters.names)
    accents = {one.partition("{")[0] for one in free}
    return {f"{accent}{{{name}}}" for accent in accents for name in letters.names if len(name) == 1}


def _surrounded(side: Side, blocks: Sequence[Block]) -> Side:
    """A side with what the words around the formula in which it stands may do to it."""
    place = bisect_right(blocks, side.at, key=lambda block: block.at) - 1
    if place < 0:
        return side
    block = blocks[place]
    first = not block.latex[: side.at - block.at].strip(" \n&=:")
    last = "=" not in block.latex[side.at - block.at :]
    if words := (block.changing[0] if first else "") or (block.changing[1] if last else ""):
        return replace(
            side, node=None, others=(), problem=wire.printable(f"what the words '{words}' beside it do to it")
        )
    around = block.around if last else replace(block.around, denied="")
    return replace(side, around=around, joined=block.joined and first, struck="cancel{" in block.latex)


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
    for manner in _manners(doubts - {DRESSED, RAISED, UNSAID}):
        try:
            others.append(read_side(marks, letters, manner)[0])
        except ParseError:
            continue
    others_ = tuple(one for one in others if one != node)
    rows, taken = rows_of(marks), doubts & {RAISED, UNSAID}
    as_written = A_FACTOR in doubts
    return Side(
        latex=latex,
        at=at,
        node=node,
        others=others_,
        renamed=as_written,
        rows=rows,
        dressed=DRESSED in doubts,
        borrowed=taken,
    )


def _manners(doubts: frozenset[str]) -> list[Manner]:
    """Ways to read what may be read in several, each doubt by itself and all together."""
    alone = [frozenset({doubt}) for doubt in sorted(doubts)]
    return [*alone, doubts] if len(alone) > 1 else alone
