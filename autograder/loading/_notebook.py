"""A notebook's cells, read as JSON."""

from __future__ import annotations

import json
from typing import Any

from autograder._worker import text
from autograder.loading._files import Unreadable
from autograder.results import Cell


def code_cells(raw: list[dict[str, Any]], name: str) -> tuple[Cell, ...]:
    """Take the code cells in order, labelled as Jupyter shows them, without nbgrader's test cells.

    Raises
    ------
    Unreadable
        If one has no text.
    """
    try:
        return tuple(Cell(label=label, source=source) for label, source in text.code_cells(raw))
    except text.UnreadableError as error:
        raise Unreadable(f"{name} {error}") from None


def raw_cells(content: str, name: str, *, unfinished: bool = False) -> list[dict[str, Any]]:
    """Read the cells of a version 4 notebook as JSON has them.

    Parameters
    ----------
    content : str
        The file's text.
    name : str
        How messages name it.
    unfinished : bool
        Whether its name says that a browser was still loading it.

    Returns
    -------
    list of dict
        At most `autograder._worker.text.MAX_CELLS`.

    Raises
    ------
    Unreadable
        If it is no such notebook.
    """
    try:
        return text.notebook_cells(content)
    except text.UnreadableError as error:
        if unfinished and isinstance(error.__context__, json.JSONDecodeError):
            raise Unreadable(f"{name} is a download that was not finished; hand in the whole file") from None
        raise Unreadable(f"{name} {error}") from None
