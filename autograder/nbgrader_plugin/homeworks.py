"""Which assignments of a course are ours to grade. All others are the instructor's own, and left as they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError, InputError
from autograder.loading import load_assignment
from autograder.model import Assignment
from autograder.nbgrader_plugin.source import read_texts
from autograder.release import NOT_GRADED


def homework_of(config: Any, directory: Any) -> tuple[Assignment, Path] | None:
    """Find the homework for the assignment that nbgrader is about to process.

    It comes with its course directory; None when the assignment is none of ours.

    Raises `AutograderError` if it is ours, or may be, and there is no package that loads: nbgrader would run students'
    code itself.
    """
    homeworks: Sequence[tuple[str, str]] = config.GradingExporter.get("homeworks", [])
    unknown: AutograderError | None = None
    for package, course in homeworks:
        try:
            assignment = load_assignment(Path(package))
        except AutograderError as error:
            unknown = unknown or error
            continue
        if assignment.id == directory.assignment_id:
            if assignment.variants:
                raise InputError(
                    f"{assignment.id} has variants, and nbgrader has one homework for everybody; take its line out of "
                    "nbgrader_config.py, and grade with hw1 grade SUBMISSIONS"
                )
            return assignment, Path(course)
    released = _released_by_us(directory.db_url, directory.assignment_id)
    if released is not False and unknown is not None:
        raise unknown
    if released:
        raise InputError(
            f"{directory.assignment_id} was made by hw1 release, and nbgrader_config.py has no homework package for it "
            f"(only {', '.join(package for package, _ in homeworks)}); add its line, as hw1 release nbgrader writes it"
        )
    return None


def _released_by_us(db_url: str, assignment_id: str) -> bool | None:
    """Whether a gradebook's test cells are ours; None when it does not say."""
    try:
        texts = read_texts(db_url, assignment_id)
    except InputError:
        return None  # nbgrader does not get further with it, and has words of its own
    return any(NOT_GRADED in text for text in texts) if texts else None
