"""Statements while a formula comes apart into them: sides, the cases beside them, rows that go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autograder.mathematics.answers.marks import Mark, source
from autograder.mathematics.answers.prose import Case

_OF_A_FORMULA = frozenset({r"\frac", r"\partial", r"\nabla", r"\sum", r"\exp", "_", "^"})


def _both(before: Case | None, case: Case | None) -> Case | None:
    """A case, of which is known whether it stands beside another one."""
    if before is None or case is None or before.kind != "letters" or case.kind != "letters":
        return case
    return replace(case, several=case.several or {before.left, before.right} != {case.left, case.right})


@dataclass(kw_only=True)
class Statement:
    """A chain of equalities."""

    #: The marks of each side; the first is empty where it goes on with what stood before.
    sides: list[list[Mark]]
    #: From what stands beside it.
    case: Case | None = None
    #: Whether an equality sign stands at its end, so that its last side comes next.
    open: bool = False
    #: Whether "or" stands before it: without an equality of its own it is another spelling of the side before.
    other: bool = False
    #: Its row, and what stands behind it there of which nothing says what that does to it.
    row: int = 0
    behind: str = ""
    #: The same behind words or a comma: it may be another thing.
    loose: bool = False
    #: What separates it from the one before.
    apart: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a formula comes apart into."""

    statements: list[Statement]
    #: Where signs of equality stand behind another relation, and belong to nothing.
    lost: list[int]


@dataclass(kw_only=True)
class Taking:
    """What has been taken apart so far."""

    #: Words that are names of functions, so that they belong to a formula.
    functions: frozenset[str]
    statements: list[Statement] = field(default_factory=list)
    piece: list[Mark] = field(default_factory=list)
    kind: str = "start"
    #: Whether a statement has begun in this row, and what case was said before one did.
    begun: bool = False
    row_case: Case | None = None
    #: A case that stood in a row by itself.
    kept: Case | None = None
    last_case: Case | None = None
    #: Where signs of equality stand behind another relation.
    lost: list[int] = field(default_factory=list)
    #: Whether the relation before what is passed over stands between things of one kind.
    compares: bool = False
    #: The statement that rows go on with, and whether what follows in this row is a remark on it.
    main: int = -1
    remark: bool = False
    #: Whether a mark between columns stands right before.
    column: bool = False
    #: Whether the word "or" does.
    other: bool = False
    #: Whether words say that another value of the same side follows, and in which case.
    again: bool = False
    case_again: Case | None = None
    rows: int = 0
    #: What separates the next statement from the last.
    apart: str = ""

    def flush(self) -> None:
        """End the piece at hand."""
        piece, kind = self.piece, self.kind
        self.piece, self.kind = [], "start"
        if kind == "drop":
            return
        if kind == "side":
            if not self.statements:
                self.statements.append(Statement(sides=[[]], case=self.row_case or self.kept, row=self.rows))
            elif not self.begun and self.main < len(self.statements) - 1:
                # A row goes on with what it is about, whatever was remarked in the row above.
                self.statements.append(self.statements.pop(self.main))
            if piece:
                self.statements[-1].sides.append(piece)
            else:
                self.statements[-1].open = True
            self._begin()
        elif piece and self.again and self.statements and len(self.statements[-1].sides) > 1:
            first = self.statements[-1].sides[0]
            self.statements.append(Statement(sides=[first, piece], case=self.case_again, row=self.rows))
            self.again, self.case_again = False, None
            self._begin()
        elif piece and kind == "more" and self.statements:
            self.statements[-1].sides[-1] = [*self.statements[-1].sides[-1], *piece]
        elif piece:
            case = self.row_case or self.kept
            one = Statement(sides=[piece], case=case, other=self.other, row=self.rows, apart=self.apart)
            self.statements.append(one)
            self._begin()
        self.other = self.other and not piece

    def _begin(self) -> None:
        self.begun = True
        if not self.remark:
            self.main = len(self.statements) - 1

    def ended(self) -> list[Statement]:
        """All statements, the last that may go on behind all remarks."""
        if 0 <= self.main < len(self.statements) - 1:
            self.statements.append(self.statements.pop(self.main))
        found: list[Statement] = []
        for one in self.statements:
            alone = len(one.sides) == 1 and bool(found) and len(found[-1].sides) > 1
            if alone and one.other:
                found[-1].sides += one.sides
                continue
            if alone and one.row == found[-1].row and not one.open and _says_something(one.sides[0]):
                spaced = one.apart == r"\quad"
                found[-1].behind = found[-1].behind or (source(one.sides[0]) if spaced else "")
                found[-1].loose |= not spaced
            found.append(one)
        return found

    def said(self, case: Case) -> None:
        """A case stands here: it belongs to the statement before it in its row, or to what follows."""
        told = case.after(self.last_case)
        if told is not None:
            self.last_case = told
        elif case.kind == "otherwise":
            told = case
        if self.begun and self.statements:
            self.statements[-1].case = _both(self.statements[-1].case, told)
        else:
            self.row_case = told

    def follows(self, case: Case | None) -> None:
        """Another value of the last side follows behind words, perhaps with the case that they name."""
        self.again, self.case_again = True, case.after(self.statements[-1].case) if case else None

    def beside(self, case: Case) -> None:
        """A case stands at a side that goes on."""
        self.last_case = case
        if self.kind == "start":
            self.row_case = case
        elif self.statements:
            self.statements[-1].case = case

    def row(self) -> None:
        """End a row."""
        if self.row_case is not None and not self.begun:
            self.kept = self.row_case
        self.begun, self.row_case, self.remark, self.again = False, None, False, False
        self.rows += 1


def _says_something(piece: Sequence[Mark]) -> bool:
    """Whether a piece without an equality may be a factor or a term: it is no index, number or size."""
    return any(mark.text in _OF_A_FORMULA for mark in piece)
