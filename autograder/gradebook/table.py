"""The class as a table: a row for each student, a column for each criterion."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

COLUMNS = ("student", "status", "earned", "possible")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def number(points: float) -> float | int:
    """Write whole points without a decimal point."""
    return int(points) if float(points).is_integer() else points


def written_column(question: str) -> str:
    """Name the column of a written answer's points, such as ``q1a.written``."""
    return f"{question}.written"


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def table(criteria: Iterable[str], rows: Iterable[list[Any]]) -> str:
    """Lay rows out as CSV, lines ended by a newline, without a cell that a spreadsheet would compute.

    A row is ``student, status, earned, possible``, then one cell for each criterion.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *criteria])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue()
