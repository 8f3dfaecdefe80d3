"""What is handed out where there is no nbgrader: a notebook, a module to fill in instead, a self-check, the handout."""

from __future__ import annotations

from autograder.loading import stub_source
from autograder.model import Assignment
from autograder.release.files import Release
from autograder.release.notebooks import notebook, prompt
from autograder.release.selfcheck import build_selfcheck
from autograder.words import counted


def student_release(assignment: Assignment, handout: bytes) -> Release:
    """Build the plain release, all of it for students, with the handout's PDF."""
    name = assignment.id
    return Release(
        files={
            f"{name}.ipynb": notebook(assignment, nbgrader=False),
            f"{name}.py": stub_source(assignment).encode(),
            f"{assignment.check_module}.py": build_selfcheck(assignment).encode(),
            "handout.md": _handout(assignment).encode(),
            "handout.pdf": handout,
        },
        kept={},
        recorded=False,
    )


def _handout(assignment: Assignment) -> str:
    name = assignment.id
    questions = "\n".join(f"{prompt(question)}\n" for question in assignment.questions)
    return f"""# {assignment.title}

{assignment.course}, {assignment.term}. {counted(assignment.possible, "point")}. Due {assignment.due}.

Fill in either the notebook `{name}.ipynb` or the module `{name}.py`, and hand in that one file. Check it with

    python {assignment.check_module}.py {name}.ipynb

This runs public cases only: hidden cases, of other sizes and values, decide the grade. numpy and the standard library
are there when your work is graded; torch is not, nor is any other package. Modules of your own that your code imports
are there if you hand them in beside it.

{questions}"""
