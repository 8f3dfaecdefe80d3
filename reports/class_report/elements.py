"""What the class report is made of, for the page and the PDF alike: cells, tables, sections, and how numbers look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from autograder import shown

LONGEST = 300
"""Most characters that are printed of one text from a file."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A cell: a title and the identifier under it.

    Attributes
    ----------
    title, code : str
        In words, and as the files have it.
    """

    title: str
    code: str


@dataclass(frozen=True, kw_only=True)
class People:
    """A cell: students.

    Attributes
    ----------
    students : tuple of str
        Their ids.
    """

    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Share:
    """A cell: a share, to be drawn as a bar beside its number.

    Attributes
    ----------
    share : float
        From 0 to 1.
    text : str
        The number.
    """

    share: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A cell: how the students of one criterion divide, to be drawn as one bar.

    Attributes
    ----------
    right, approximate, wrong, no_answer : int
        Students.
    """

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


Cell = str | Named | People | Share | Stack


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    title : str
        Its head.
    width : float
        Its part of a printed line, of 1.
    kind : {"text", "number"}
        How it is set.
    """

    title: str
    width: float
    kind: Literal["text", "number"] = "text"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table.

    Attributes
    ----------
    caption : str
        What it shows.
    columns : tuple of Column
        From the left.
    rows : tuple of tuple
        Their cells.
    folded : bool
        Whether the page shows it on demand only.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the report.

    Attributes
    ----------
    id, heading : str
        Its anchor and its title.
    before, after : tuple of str
        Paragraphs above and below its tables.
    tables : tuple of Table
        Its tables.
    figure : bool
        Whether the distribution is drawn above the tables.
    legend : bool
        Whether the pieces of a `Stack` are explained.
    """

    id: str
    heading: str
    before: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    after: tuple[str, ...] = ()
    figure: bool = False
    legend: bool = False


def visible(text: str, most: int = LONGEST) -> str:
    """Make a text from a file printable in one line, and keep so many characters of it."""
    kept = shown.visible(text[:most])
    return kept + "..." if len(text) > most else kept


def percent(share: float) -> str:
    """Print a share.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str
        ``"62 %"``; 0 and 100 only for none and all.
    """
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return f"{whole} %"


def decimal(value: float | None, places: int = 2) -> str:
    """Print a measure.

    Parameters
    ----------
    value : float, optional
        The measure.
    places : int
        Decimals.

    Returns
    -------
    str
        ``"0.31"``, ``"-0.05"``, or ``"-"`` where there is none.
    """
    if value is None:
        return "-"
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text
