"""The notebook students fill in, as plain JSON: importing nbformat would cost more than building it."""

import json
from typing import Any

from autograder.loading import METADATA, part_stub
from autograder.model import Assignment, Part, Question
from autograder.results import VERSIONS
from autograder.templates import filled
from autograder.words import counted, number

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
NOT_WRITTEN = "raise NotImplementedError"
MAY_RAISE = "raises-exception"  #: The tag of a cell whose error stops nothing.
NOT_GRADED = "not graded by hw1"  #: Stands in the test cells of every release for nbgrader, and nowhere else.
# In the cell itself, which nbgrader restores, and not in the module, which a student could hand in changed:
# a test cell that runs without an error earns full marks.
_RAISES = (
    "import os",
    "",
    'if os.environ.get("NBGRADER_EXECUTION") == "autograde":',
    f'    raise RuntimeError("{NOT_GRADED}: nbgrader_config.py was not read")',
)


def notebook(assignment: Assignment, *, nbgrader: bool) -> bytes:
    """Build the notebook.

    Prompts, signatures, docstrings and rubric go in; references and hidden cases do not. It is of version 4.5, UTF-8,
    and the same at every build. In an nbgrader source notebook the body of each stub stands between nbgrader's solution
    marks (an answer cell without them would be replaced whole), and a test cell raises when nbgrader grades it.
    """
    cells = [
        _markdown("instructions", _instructions(assignment, nbgrader=nbgrader), nbgrader=_locked("instructions")),
        _code("imports", "import numpy as np"),
    ]
    for question in assignment.questions:
        name = f"prompt-{question.id}"
        cells.append(_markdown(name, prompt(question), nbgrader=_locked(name)))
        for part in question.parts:
            cells += [
                _answer_cell(part, nbgrader=nbgrader),
                _test_cell(part, assignment.check_module, nbgrader=nbgrader),
            ]
        if question.written:
            cells.append(_markdown(question.written_cell, _written(question), **{METADATA: {"written": question.id}}))
            if nbgrader and question.written_points:
                cells.append(_points_cell(question))
    content = {
        "cells": cells,
        "metadata": {
            METADATA: {"assignment": assignment.id},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def prompt(question: Question) -> str:
    """Write a question under its heading."""
    return f"## Question {question.title} ({counted(question.possible, 'point')})\n\n{question.prompt.strip()}"


def _instructions(assignment: Assignment, *, nbgrader: bool) -> str:
    worth = counted(assignment.possible, "point")
    return filled(
        __package__, "instructions.md.j2", assignment=assignment, worth=worth, versions=VERSIONS, nbgrader=nbgrader
    ).rstrip("\n")


def _written(question: Question) -> str:
    label = question.title.partition(":")[0]
    worth = counted(question.written_points, "point") if question.written_points else "optional"
    return f"**Question {label}, your derivation** ({worth})\n\n*Write here.*"


def _answer_cell(part: Part, *, nbgrader: bool) -> dict[str, Any]:
    stub = part_stub(part)
    if nbgrader:
        head, raising, rest = stub.rpartition(f"    {NOT_WRITTEN}")
        if not raising or rest:
            raise AssertionError(f"the stub of {part.name} does not end in {NOT_WRITTEN}")
        stub = f"{head}    {BEGIN}\n{raising}\n    {END}"
    metadata = {"schema_version": 3, "grade": False, "locked": False, "solution": True, "grade_id": part.name}
    return _code(part.name, stub, nbgrader=metadata)


def _test_cell(part: Part, check: str, *, nbgrader: bool) -> dict[str, Any]:
    width = max(len(f"{criterion.points:g}") for criterion in part.criteria)
    lines = [
        f"# hw1: {part.name}, {counted(part.possible, 'point')} from hidden cases; these are public",
        *(f"#   {criterion.points:{width}g}  {criterion.title}" for criterion in part.criteria),
    ]
    if nbgrader:
        lines += [*_RAISES, ""]
    lines += [f"import {check}", "", f'{check}.part("{part.name}", globals())']
    # Whoever runs all cells gets to the end although one of ours says that a case is wrong; nbgrader looks at outputs.
    return _graded(part.name, lines, part.possible, tags=[MAY_RAISE])


def _points_cell(question: Question) -> dict[str, Any]:
    """Where nbgrader stores what a written answer earns: a Markdown cell's points would wait for a person."""
    worth = counted(question.written_points, "point")
    head = f"# hw1: your derivation above, {worth}; it is read when your work is graded"
    return _graded(question.written_cell, [head, *_RAISES], question.written_points)


def _graded(name: str, lines: list[str], worth: float, **more: Any) -> dict[str, Any]:
    name = f"grade-{name}"
    metadata = {"schema_version": 3, "grade": True, "locked": True, "solution": False, "grade_id": name}
    return _code(name, "\n".join(lines), nbgrader=metadata | {"points": number(worth)}, **more)


def _locked(grade_id: str) -> dict[str, Any]:
    return {"schema_version": 3, "grade": False, "locked": True, "solution": False, "grade_id": grade_id}


def _markdown(cell_id: str, text: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": metadata, "source": text.splitlines(keepends=True)}


def _code(cell_id: str, text: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": metadata,
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }
