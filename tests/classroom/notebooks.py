"""Notebooks as students leave them: answers filled in, cells deleted, duplicated, edited, renamed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.classroom.people import ROOT

Notebook = dict[str, Any]
CLASS = ROOT / "tests" / "submissions" / "class"


def functions(path: Path) -> dict[str, str]:
    """Split a module into its functions' sources; imports go in front of each."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    imports = [
        ast.get_source_segment(text, node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    head = "\n".join(filter(None, imports)) + "\n\n\n"
    return {
        node.name: head + (ast.get_source_segment(text, node) or "")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


RIGHT = functions(CLASS / "student-01.py")
TRANSPOSED = functions(CLASS / "student-05.py")
LISTS = functions(CLASS / "student-07.py")
#: The class's functions, in the notebook's order.
FIRST, SECOND, *_, THIRD, LAST = RIGHT


def grade_id(cell: Mapping[str, Any]) -> str:
    """Name of a cell that nbgrader knows, else nothing."""
    marks = cell["metadata"].get("nbgrader", {})
    return str(marks.get("grade_id", ""))


def find(notebook: Notebook, name: str) -> Notebook:
    """The first cell of a name."""
    cell: Notebook = next(cell for cell in notebook["cells"] if grade_id(cell) == name)
    return cell


def prompts(notebook: Notebook) -> list[Notebook]:
    """The cells that ask."""
    return [cell for cell in notebook["cells"] if grade_id(cell).startswith("prompt-")]


def code(source: str) -> Notebook:
    """A student's own cell."""
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def answered(notebook: Mapping[str, Any], answers: Mapping[str, str]) -> Notebook:
    """Fill in answer cells; those without an answer stay stubs."""
    mine: Notebook = copy.deepcopy(dict(notebook))
    for cell in mine["cells"]:
        if grade_id(cell) in answers:
            cell["source"] = answers[grade_id(cell)]
    return mine


def deleted(notebook: Notebook) -> Notebook:
    """Lose one test cell, and another with the answer before it, whose function stands in a cell of the student's."""
    moved = find(notebook, LAST)["source"]
    lost = {f"grade-{THIRD}", LAST, f"grade-{LAST}", grade_id(prompts(notebook)[-1])}
    notebook["cells"] = [cell for cell in notebook["cells"] if grade_id(cell) not in lost] + [code(moved)]
    return notebook


def duplicated(notebook: Notebook) -> Notebook:
    """Copy and paste an answer, a test and a prompt, as splitting and pasting in Jupyter does."""
    for name in (FIRST, f"grade-{FIRST}", grade_id(prompts(notebook)[-1])):
        place = notebook["cells"].index(find(notebook, name))
        notebook["cells"].insert(place, copy.deepcopy(notebook["cells"][place]))
    return notebook


def edited(notebook: Notebook) -> Notebook:
    """Rewrite a test cell to print full marks, worth more than it was, and unlock it."""
    test = find(notebook, f"grade-{FIRST}")
    test["source"] = "20.0"
    test["metadata"]["nbgrader"].update(points=1000, locked=False)
    test["outputs"] = [
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": ["1000.0"]}}
    ]
    prompts(notebook)[-1]["source"] = "The question was too long."
    return notebook


def renamed(notebook: Notebook) -> Notebook:
    """Give an answer and a test other names, and make Markdown of another test."""
    find(notebook, SECOND)["metadata"]["nbgrader"]["grade_id"] = "mine"
    find(notebook, f"grade-{SECOND}")["metadata"]["nbgrader"]["grade_id"] = "my-test"
    test = find(notebook, f"grade-{THIRD}")
    test["cell_type"] = "markdown"
    del test["outputs"], test["execution_count"]
    return notebook


def regraded(notebook: Notebook) -> Notebook:
    """Turn an answer into a graded cell, a prompt into an answer, and put nonsense where the marks belong."""
    find(notebook, THIRD)["metadata"]["nbgrader"].update(grade=True, points=1000)
    *_, other, last = prompts(notebook)
    other["metadata"]["nbgrader"].update(solution=True, grade=True, points=3)
    last["metadata"]["nbgrader"] = "none"
    notebook["cells"].append({**code("1"), "metadata": {"nbgrader": ["x"]}})
    return notebook


def old_marks(notebook: Notebook) -> Notebook:
    """Marks of nbgrader's first format, which stop a stock run for the whole class."""
    find(notebook, THIRD)["metadata"]["nbgrader"]["schema_version"] = 1
    return notebook


def new_marks(notebook: Notebook) -> Notebook:
    """Marks of a format that does not exist yet."""
    find(notebook, THIRD)["metadata"]["nbgrader"]["schema_version"] = 9
    return notebook


TALKATIVE = """\
import numpy as np

def _tell(*values):
    np.set_printoptions(precision=17)
    for value in values:
        print(repr(value), getattr(value, "tolist", lambda: value)())
    try:
        open("seen.txt", "a").write(repr(values))
    except OSError:
        pass
    raise ValueError(repr([getattr(value, "tolist", lambda: value)() for value in values]))

def {name}({parameters}):
    _tell({parameters})
"""


def talkative(assignment: Any) -> dict[str, str]:
    """Answers that print, write and raise whatever they are given."""
    return {
        part.name: TALKATIVE.format(name=part.name, parameters=", ".join(part.parameters)) for part in assignment.parts
    }


SHAPES: dict[str, Callable[[Notebook], Notebook]] = {
    "deleted": deleted,
    "duplicated": duplicated,
    "edited": edited,
    "renamed": renamed,
    "regraded": regraded,
    "old-marks": old_marks,
    "new-marks": new_marks,
}
"""What may happen to a notebook's cells without its code being any worse."""
