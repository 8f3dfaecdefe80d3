"""What a released notebook may consist of; whatever else is in one has no business there."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.loading import METADATA
from autograder.release.notebooks import BEGIN, END, MAY_RAISE, NOT_WRITTEN
from autograder.release.texts import as_notebook

_NOTEBOOK_METADATA = {
    METADATA: {"assignment"},
    "kernelspec": {"display_name", "language", "name"},
    "language_info": {"name"},
}
_CELL_METADATA = {
    METADATA: {"written"},
    "tags": {MAY_RAISE},
    "nbgrader": {"schema_version", "grade", "locked", "solution", "grade_id", "points"},
}
_CELL = {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}
_MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME", "AUTOTEST")


def misshapen(content: bytes) -> Iterator[tuple[str, str]]:
    """Find what does not belong into a notebook that is given out.

    One that does not say that it is ours may hold anything.
    """
    notebook = as_notebook(content)
    if notebook is None or METADATA not in notebook.get("metadata", {}):
        return
    for key in _unknown(notebook["metadata"], _NOTEBOOK_METADATA):
        yield "metadata", f"metadata that nobody asked for ({key})"
    for number, cell in enumerate(notebook["cells"], 1):
        place = f"cell {number}"
        source = "".join(cell["source"])
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield place, "outputs or a count of executions"
        for key in (*sorted(set(cell) - _CELL), *_unknown(cell["metadata"], _CELL_METADATA)):
            yield place, f"metadata that nobody asked for ({key})"
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            if not _is_stub(source):
                yield place, "an answer cell that is more than a stub"
        elif any(mark in source for mark in _MARKS):
            yield place, "a solution cell"


def _unknown(metadata: Mapping[str, Any], known: Mapping[str, set[str]]) -> list[str]:
    inside = [f"{key}.{inner}" for key in known if key in metadata for inner in sorted(set(metadata[key]) - known[key])]
    return [*sorted(set(metadata) - set(known)), *inside]


def _is_stub(source: str) -> bool:
    """Tell whether a cell is one function with a docstring that only says it is not written."""
    try:
        functions = ast.parse(source).body
    except SyntaxError:
        return False
    if len(functions) != 1 or not isinstance(functions[0], ast.FunctionDef):
        return False
    said = [ast.unparse(statement) for statement in functions[0].body[1:]]
    body = source.rpartition('"""')[2].split("\n")
    return said == [NOT_WRITTEN] and [line.strip() for line in body if line.strip()] in (
        [NOT_WRITTEN],
        [BEGIN, NOT_WRITTEN, END],
    )
