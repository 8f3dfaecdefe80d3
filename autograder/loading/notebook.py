"""The one reader of notebooks: from a file to typed cells.

The rules stand in `autograder.sandbox._worker.text`, whose text is in every self-check: a size, a number of cells and
a number of values, counted before anything is parsed.
"""

import json
from collections.abc import Sequence

from autograder.loading.files import Unreadable, decoded
from autograder.loading.packed import File
from autograder.results import Cell
from autograder.sandbox._worker import text
from autograder.sandbox._worker.text import NotebookCell


def read_cells(file: File) -> list[NotebookCell]:
    """Read the cells of a version 4 notebook."""
    return parse_cells(file.whole(), file)


def parse_cells(data: bytes, file: File) -> list[NotebookCell]:
    """Parse what was read of a file, as `read_cells` does."""
    try:
        return text.notebook_cells(decoded(data, file.shown))
    except text.UnreadableError as error:
        if file.name.unfinished and isinstance(error.__context__, json.JSONDecodeError):
            raise Unreadable(f"{file.shown} is an unfinished download; hand in the whole file") from None
        raise Unreadable(f"{file.shown} {error}") from None


def code_of(cells: Sequence[NotebookCell], name: str) -> tuple[Cell, ...]:
    """Take the code in order, labeled as Jupyter shows it, without nbgrader's test cells."""
    try:
        return tuple(Cell(label=label, source=source) for label, source in text.code_cells(cells))
    except text.UnreadableError as error:
        raise Unreadable(f"{name} {error}") from None
