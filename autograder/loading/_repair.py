"""What is done to a notebook's cells before they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Repair = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
"""From cells as JSON has them to as many cells; it raises nothing a student caused."""


def by_own_marks(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make code of the answers to which nbgrader's marks say that they were code: "m" in Jupyter makes Markdown.

    Parameters
    ----------
    cells : list of dict
        Cells as JSON has them.

    Returns
    -------
    list of dict
        The same but for these.
    """
    return [cell | {"cell_type": "code"} if _was_code(cell) else cell for cell in cells]


def _was_code(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(marks, dict) and marks.get("solution") is True and marks.get("cell_type") == "code"
