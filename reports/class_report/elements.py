"""What the class report is made of, for the page and the PDF alike: cells, tables, sections, and how numbers look."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from autograder.shown import decoded, visible

LONGEST = 300  #: Most characters that are printed of one text from a file.
FEW = 6  #: As many students are listed at once in a cell; more are folded.
SHORT = 8  #: As many rows of a long table are seen at once; the others are folded.


@dataclass(frozen=True, kw_only=True)
class Named:
    """A cell: a title and the identifier under it."""

    #: In words, and as the files have it.
    title: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Student:
    """A cell: one student, whose name leads to the folder of the grade."""

    student: str

    @property
    def text(self) -> str:
        """The name."""
        return called(self.student)


@dataclass(frozen=True, kw_only=True)
class People:
    """A cell: students."""

    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Share:
    """A cell: a share, to be drawn as a bar beside its number."""

    share: float  #: From 0 to 1.
    text: str


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A cell: how the students of one criterion divide, to be drawn as one bar."""

    right: int
    approximate: int
    wrong: int
    no_answer: int

    @property
    def pieces(self) -> tuple[tuple[str, int], ...]:
        """Names and numbers of the pieces that are there, in their fixed order."""
        whole = (
            ("right", self.right),
            ("approximate", self.approximate),
            ("wrong", self.wrong),
            ("no answer", self.no_answer),
        )
        return tuple((name, number) for name, number in whole if number)

    @property
    def text(self) -> str:
        """The same in words."""
        return ", ".join(f"{number} {name}" for name, number in self.pieces)


Cell = str | Named | Student | People | Share | Stack
Row = tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table."""

    title: str
    width: float  #: Its part of a printed line, of 1.
    kind: Literal["text", "number"] = "text"  #: How it is set.


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    #: How many rows are seen at once and printed, the others being folded; None for all.
    short: int | None = None

    @property
    def seen(self) -> tuple[Row, ...]:
        """The rows that are seen at once and printed."""
        return self.rows[: self.short]

    @property
    def folded(self) -> tuple[Row, ...]:
        """The rows that the page shows on demand."""
        return () if self.short is None else self.rows[self.short :]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the report."""

    #: Its anchor and its title.
    id: str
    heading: str
    #: Paragraphs above and below its tables.
    before: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    after: tuple[str, ...] = ()
    figure: bool = False  #: Whether the distribution is drawn above the tables.
    legend: bool = False  #: Whether the pieces of a `Stack` are explained.


def excerpt(text: str) -> str:
    """Make a text from a file printable in one line, and keep `LONGEST` characters of it."""
    kept = visible(text[:LONGEST])
    return kept + "..." if len(text) > LONGEST else kept


@cache
def called(student: str) -> str:
    """Call a student as the one who handed in is called."""
    return excerpt(decoded(student))


def percent(share: float) -> str:
    """Print a share of 1, such as ``62%``; 0 and 100 only for none and all."""
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return f"{whole}%"


def decimal(value: float | None, places: int = 2) -> str:
    """Print a measure with so many decimals, such as ``−0.05``, or ``–`` where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
