"""The notebook that nbgrader gets to see: a student's cells as plain text, in the source notebook's frame.

A submitted notebook is never given to nbgrader as it is. One cell with an old or a future metadata version would stop
the whole class, a missing answer cell its own student, and outputs, ids and metadata are the student's to forge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.nbgrader_plugin._source import SourceCell, repair, text_of

_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_KINDS = ("code", "markdown", "raw")


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
    rebuilt = [_cell(cell) for cell in repair(cells, source)]
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


def _cell(cell: Mapping[str, Any]) -> NotebookNode:
    """Take from a repaired cell what may be shown."""
    kind, theirs = cell.get("cell_type"), cell["metadata"]
    metadata: dict[str, Any] = {}
    if "grade_id" in theirs.get("nbgrader", ()):
        metadata["nbgrader"] = theirs["nbgrader"]
    ours = theirs.get("hw1")
    if isinstance(ours, dict) and isinstance(ours.get("written"), str):
        metadata["hw1"] = {"written": ours["written"]}
    node = _node(kind if isinstance(kind, str) and kind in _KINDS else "raw", text_of(cell), metadata)
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
