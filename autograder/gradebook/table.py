"""The class as a table: a row for each student, a column for each criterion."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from autograder.sheet import inert

COLUMNS = ("student", "status", "earned", "possible")


def written_column(question: str) -> str:
    """Name the column of a written answer's points, such as ``q1a.written``."""
    return f"{question}.written"


def table(criteria: Iterable[str], rows: Iterable[list[Any]]) -> str:
    """Lay rows out as CSV, lines ended by a newline, without a cell that a spreadsheet would compute.

    A row is ``student, status, earned, possible``, then one cell for each criterion.
    """
    return plain_table((*COLUMNS, *criteria), rows)


def plain_table(heading: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Lay out any rows under a heading, as `table` does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()
