"""A course directory that stock nbgrader works in."""

import re
import shlex
from pathlib import Path

from autograder.course import PRIVATE
from autograder.errors import InputError
from autograder.model import Assignment
from autograder.release.files import Release
from autograder.release.notebooks import notebook
from autograder.release.selfcheck import build_selfcheck
from autograder.templates import filled

_IGNORED = (f"{PRIVATE}/", "gradebook.db*", "autograded/", "feedback/", "submitted/")
_CONFIGURE = "autograder.nbgrader_plugin.configure("


def nbgrader_course(assignment: Assignment, package: Path, course_id: str) -> Release:
    """Build an nbgrader course directory.

    The source notebook and the self-check nbgrader hands on to students; configuration and instructions are the
    instructor's. The assignment's package, which grading reads, stays where it is. The course id is the course's name
    in nbgrader's exchange: part of a path there.

    Raises `InputError` if the course id cannot be part of a path.
    """
    if not course_id or course_id in (".", "..") or not all(c.isalnum() or c in "._-" for c in course_id):
        raise InputError(
            f"--course-id {course_id!r}: nbgrader makes a folder of it; use letters, digits, '.', '_', '-'"
        )
    source = f"source/{assignment.id}"
    gaps = {
        "assignment": assignment,
        "course_id": course_id,
        "package": repr(str(package.resolve())),
        "folder": shlex.quote(str(package.resolve())),
        "private": PRIVATE,
    }
    own = {
        "nbgrader_config.py": filled(__package__, "nbgrader_config.py.j2", **gaps),
        "README.md": filled(__package__, "README.md.j2", **gaps),
        ".gitignore": "".join(f"{name}\n" for name in _IGNORED),
    }
    return Release(
        files={
            f"{source}/{assignment.id}.ipynb": notebook(assignment, nbgrader=True),
            f"{source}/{assignment.check_module}.py": build_selfcheck(assignment).encode(),
            **{path: text.encode() for path, text in own.items()},
        },
        kept={"nbgrader_config.py": _CONFIGURE, "README.md": "", ".gitignore": ""},
        recorded=True,
    )


def course_id_of(assignment: Assignment) -> str:
    """Make a course id of a course's name: all of it up to its number."""
    words = re.findall(r"[\w-]+", assignment.course.lower())
    numbered = next((count for count, word in enumerate(words, 1) if any(map(str.isdigit, word))), len(words))
    return "-".join(words[:numbered])
