"""What is handed out where there is no nbgrader: a notebook, a module to fill in instead, a self-check, the handout."""

from autograder.loading import stub_source
from autograder.model import Assignment
from autograder.release.files import Release
from autograder.release.notebooks import notebook, prompt
from autograder.release.selfcheck import build_selfcheck
from autograder.templates import filled
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
    return filled(
        __package__,
        "handout.md.j2",
        assignment=assignment,
        worth=counted(assignment.possible, "point"),
        questions=map(prompt, assignment.questions),
    )
