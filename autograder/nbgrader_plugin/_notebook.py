"""The notebook that nbgrader gets to see: a student's cells as plain text, in the source notebook's frame.

A submitted notebook is never given to nbgrader as it is. One cell with an old or a future metadata version would stop
the whole class, a missing answer cell its own student, and outputs, ids and metadata are the student's to forge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_KINDS = ("code", "markdown", "raw")


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """A cell of the instructor's notebook, as the gradebook keeps it.

    Attributes
    ----------
    grade_id, cell_type, source : str
        What it is called, of which type it is, its text.
    checksum : str, optional
        nbgrader's, of type, text and metadata.
    grade, solution, locked : bool
        Whether it is graded, answered, restored.
    points : float
        For a graded cell.
    """

    grade_id: str
    cell_type: str
    source: str
    checksum: str | None
    grade: bool
    solution: bool
    locked: bool
    points: float

    @property
    def is_test(self) -> bool:
        """Whether its points come from its outputs."""
        return self.grade and not self.solution and self.cell_type == "code"

    def metadata(self) -> dict[str, Any]:
        """Metadata of nbgrader's version 3."""
        points = {"points": self.points} if self.grade else {}
        return {
            "schema_version": 3,
            "grade_id": self.grade_id,
            "grade": self.grade,
            "solution": self.solution,
            "locked": self.locked,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "task": False,
            **points,
        }


def rebuild(cells: Sequence[Mapping[str, Any]], source: Mapping[str, SourceCell]) -> NotebookNode:
    """Put a student's cells into the frame.

    Parameters
    ----------
    cells : Sequence[Mapping[str, Any]]
        Cells as JSON has them; anything may be in them.
    source : Mapping[str, SourceCell]
        The instructor's cells by grade id.

    Returns
    -------
    NotebookNode
        Every cell of the student's with its text and without outputs. Of cells of the instructor's that are there
        twice the last counts, as in nbgrader; test cells that are missing are added after their answer cell or at the
        end.
    """
    ids = [_grade_id(cell, source) for cell in cells]
    last = {id_: position for position, id_ in enumerate(ids)}
    rebuilt: list[NotebookNode] = []
    for position, (cell, id_) in enumerate(zip(cells, ids, strict=True)):
        rebuilt.append(_cell(cell, source[id_] if id_ and last[id_] == position else None))
    present = {cell.metadata.nbgrader.grade_id for cell in rebuilt if "nbgrader" in cell.metadata}
    for id_, one in source.items():
        if one.is_test and id_ not in present:
            rebuilt.insert(_after(rebuilt, id_), _node(one.cell_type, one.source, {"nbgrader": one.metadata()}))
    for number, cell in enumerate(rebuilt):
        cell["id"] = f"cell-{number}"
    metadata = {"language_info": {"name": "python"}}
    notebook: NotebookNode = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": rebuilt})
    return notebook


def unreadable(problem: str) -> list[dict[str, Any]]:
    """Make the cells of a notebook that cannot be read.

    Parameters
    ----------
    problem : str
        Why; one line.

    Returns
    -------
    list of dict
        One cell that says so.
    """
    return [{"cell_type": "markdown", "source": f"**This submission could not be read.** {problem}"}]


def _grade_id(cell: Mapping[str, Any], source: Mapping[str, SourceCell]) -> str:
    """Which of the instructor's cells this is; empty for a cell of the student's own."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    id_ = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return id_ if isinstance(id_, str) and id_ in source else ""


def _cell(cell: Mapping[str, Any], one: SourceCell | None) -> NotebookNode:
    kind = cell.get("cell_type")
    text = cell.get("source")
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    text = text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else ""
    metadata: dict[str, Any] = {}
    if one is not None:
        # As nbgrader would have it, which warns of each difference; after a new release everybody has some.
        kind, metadata = one.cell_type, {"nbgrader": one.metadata()}
        text = one.source if one.locked else text
    theirs = cell.get("metadata")
    ours = theirs.get("hw1") if isinstance(theirs, dict) else None
    if isinstance(ours, dict) and isinstance(ours.get("written"), str):
        metadata["hw1"] = {"written": ours["written"]}
    node = _node(kind if isinstance(kind, str) and kind in _KINDS else "raw", text, metadata)
    pictures = _pictures(cell.get("attachments")) if kind == "markdown" else {}
    if pictures:
        node["attachments"] = pictures
    return node


def _node(kind: str, text: str, metadata: dict[str, Any]) -> NotebookNode:
    code: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    # nbconvert validates the whole; nbformat's own makers would do so for each cell, too.
    node: NotebookNode = from_dict({"cell_type": kind, "metadata": metadata, "source": text, **code})
    return node


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Pictures pasted into a derivation, in formats that run nothing."""
    if not isinstance(attachments, dict):
        return {}
    found = {
        str(name): {
            kind: data
            for kind, data in bundle.items()
            if kind in _PICTURES and isinstance(data, str) and _BASE64.fullmatch(data)
        }
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
    }
    return {name: bundle for name, bundle in found.items() if bundle}


def _after(cells: Sequence[NotebookNode], test_id: str) -> int:
    """Place for a missing test cell."""
    for position, cell in enumerate(cells):
        if "nbgrader" in cell.metadata and test_id == test_cell_id(cell.metadata.nbgrader.grade_id):
            return position + 1
    return len(cells)


def test_cell_id(part: str) -> str:
    """Name the test cell of a part.

    Parameters
    ----------
    part : str
        Name of the part, which is also its answer cell's.

    Returns
    -------
    str
        A grade id.
    """
    return f"grade-{part}"
