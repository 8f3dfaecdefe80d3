"""The notebook that nbgrader gets to see: a student's cells as plain text, in the source notebook's frame.

A submitted notebook is never given to nbgrader as it is. One cell with an old or a future metadata version would stop
the whole class, a missing answer cell its own student, and outputs, ids and metadata are the student's to forge.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.loading import METADATA, NotebookCell
from autograder.nbgrader_plugin.source import SourceCell

_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_KINDS = ("code", "markdown", "raw")


def rebuild(cells: Sequence[NotebookCell], source: Mapping[str, SourceCell]) -> NotebookNode:
    """Put a student's repaired cells into the frame, with their texts and without outputs.

    Test cells that are missing are added after their answer cell or at the end.
    """
    rebuilt = [_cell(cell, source) for cell in cells]
    present = {cell.metadata.nbgrader.grade_id for cell in rebuilt if "nbgrader" in cell.metadata}
    for id_, one in source.items():
        if one.is_test and id_ not in present:
            rebuilt.insert(_after(rebuilt, id_), _node(one.cell_type, one.source, {"nbgrader": one.metadata()}))
    for number, cell in enumerate(rebuilt):
        cell["id"] = f"cell-{number}"
    metadata = {"language_info": {"name": "python"}}
    notebook: NotebookNode = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": rebuilt})
    return notebook


def unreadable(problem: str) -> list[NotebookCell]:
    """Make the one cell of a notebook that cannot be read; it says why."""
    return [NotebookCell(cell_type="markdown", text=f"**This submission could not be read.** {problem}")]


def _cell(cell: NotebookCell, source: Mapping[str, SourceCell]) -> NotebookNode:
    """Take from a repaired cell what may be shown."""
    metadata: dict[str, Any] = {}
    if cell.marks is not None and cell.marks.grade_id:
        metadata["nbgrader"] = source[cell.marks.grade_id].metadata()
    if cell.written is not None:
        metadata[METADATA] = {"written": cell.written}
    node = _node(cell.cell_type if cell.cell_type in _KINDS else "raw", cell.text or "", metadata)
    pictures = _pictures(cell.attachments) if cell.cell_type == "markdown" else {}
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
    """Name the test cell of a part."""
    return f"grade-{part}"
