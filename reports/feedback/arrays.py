"""Arrays of a public case: a table of numbers where they fit the page, lines of text where they do not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pylatex import Command, Tabular
from pylatex.utils import NoEscape

from autograder.results import plain_shape
from reports.feedback.cases import numbers
from reports.latex import escape

PANEL, PAGE = 78.0, 160.0  #: Millimeters: half of the page's width, and all of it.
_NUMBER = 1.5  #: Millimeters that a character of a matrix takes; `_BETWEEN` columns there is this much more.
_BETWEEN = 3.2
_MAX_ROWS = 12


def size(value: Any) -> str:
    """Name the shape of an array for a heading, such as ``, shape (2, 3)``; nothing for a number."""
    shape = plain_shape(value)
    if not shape:
        return ""
    return rf", shape ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """An array, set."""

    latex: NoEscape  #: For a cell of a table.
    width: float  #: At most, in millimeters.
    marked: bool = False  #: Whether a number in it has a frame.


def _cells(value: Any) -> list[list[str]] | None:
    """The printed numbers of a vector or matrix, row by row; None for anything else."""
    rows = value if len(plain_shape(value)) == 2 else [value]
    if not isinstance(value, list) or not all(isinstance(row, list) and row for row in rows):
        return None
    if any(isinstance(one, (list, dict)) for row in rows for one in row) or len({len(row) for row in rows}) > 1:
        return None
    return [[numbers(one) for one in row] for row in rows]


def panel(value: Any, truth: Any = None) -> Panel:
    """Set an array of numbers, bounded in height and width; anything else is set as text.

    Where the truth has the same shape, numbers that are printed otherwise there get a frame.
    """
    cells = _cells(value)
    longest = max((len(one) for row in cells or [] for one in row), default=0)
    width = (longest * _NUMBER + _BETWEEN) * len(cells[0]) if cells else PAGE
    if cells is None or len(cells) > _MAX_ROWS or width > PAGE:
        return Panel(latex=_text(value), width=PAGE)
    others = _cells(truth) if plain_shape(value) == plain_shape(truth) else None
    table = Tabular(NoEscape("@{}" + "r" * len(cells[0]) + "@{}"), pos="t", width=len(cells[0]), col_space="1mm")
    for row, right in zip(cells, others or cells, strict=True):
        pairs = zip(row, right, strict=True)
        table.add_row([escape(one) if one == other else Command("otherwise", escape(one)) for one, other in pairs])
    return Panel(latex=NoEscape(table.dumps()), width=width, marked=others is not None and others != cells)


def _text(value: Any) -> NoEscape:
    """An array that is too large or too odd for a table: a line a row."""
    rows: Iterable[Any] = value if isinstance(value, list) and len(plain_shape(value)) > 1 else [value]
    lines = [numbers(row) for row in rows]
    left = len(lines) - _MAX_ROWS
    kept = [str(escape(line, limit=400)) for line in lines[:_MAX_ROWS]]
    return NoEscape(r"\newline ".join([*kept, f"and {left} more rows"] if left > 0 else kept))
