"""Grading where grades stand already: with which cases, and what changes for whom."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import truth
from autograder.course import has_secret
from autograder.errors import InputError, SecretError
from autograder.gradebook import GRADE, Gradebook, grades_in, not_ours
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Cases, Grade


def cases_for(
    assignment: Assignment,
    course: Path,
    book: Gradebook | None,
    students: Collection[str],
    notify: Callable[[str], None],
    *,
    new_cases: bool = False,
    keep: bool = True,
) -> Cases:
    """Find a run's cases, and refuse to mix them with another secret's.

    Parameters
    ----------
    assignment : Assignment
        The homework.
    course : Path
        Holds the secret and the cache of truths.
    book : Gradebook, optional
        Where the grades go; None when there is no such folder yet.
    students : Collection[str]
        Everybody this run grades.
    notify : Callable[[str], None]
        Called with one line when truths have to be computed.
    new_cases : bool
        Whether grades made with other cases may be replaced.
    keep : bool
        Whether a new secret and computed truths may be written.

    Returns
    -------
    Cases
        The same for everybody in the folder.

    Raises
    ------
    InputError
        If grades of other cases stand there, and either nobody asked for new ones or this run leaves some of them.
    SecretError
        If there is no secret and none may be made.
    """
    before = book.earlier() if book else {}
    where = book.folder if book else None
    try:
        secret = truth.read_secret(course, create=keep and (not before or new_cases))
    except SecretError as error:
        if not before or "HW1_SECRET" in os.environ or has_secret(course):
            raise
        raise SecretError(
            f"{error}. {where} holds grades made with it: put it back, or pass --new-cases to use new cases"
        ) from error
    cases = truth.load(assignment, course, secret, notify, keep=keep)
    others = {student for student, cases_id in before.items() if cases_id != cases.cases_id}
    if others and not new_cases:
        raise InputError(
            f"{where} was graded with other cases (another secret, or the questions changed): choose another "
            "--output, or pass --new-cases to hw1 grade to grade everybody with the present ones"
        )
    left = sorted(others.difference(students))
    if left:
        raise InputError(
            f"{where} holds {len(left)} grades under other cases that this run does not replace "
            f"(first: {left[0]}): grade everybody, or move those folders away"
        )
    return cases


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A grade as it stands in the folder.

    Attributes
    ----------
    submission_sha256 : str
        What was graded.
    earned, possible : float
        Points.
    criteria : Mapping[str, float]
        Earned points by criterion.
    """

    submission_sha256: str
    earned: float
    possible: float
    criteria: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What grading again changes for one student.

    Attributes
    ----------
    student : str
        Who.
    before, after : tuple of (float, float)
        Earned and possible points.
    criteria : tuple of (str, float | None, float | None)
        Criterion, points before and after; None where the rubric does not have it.
    resubmitted : bool
        Whether another submission was graded before.
    """

    student: str
    before: tuple[float, float]
    after: tuple[float, float]
    criteria: tuple[tuple[str, float | None, float | None], ...]
    resubmitted: bool

    @property
    def drops(self) -> bool:
        """Whether the student has fewer points than before."""
        return self.after[0] < self.before[0]


def standing(folder: Path) -> dict[str, Standing]:
    """Read the grades that stand in a folder; a student whom we failed to grade has none.

    Parameters
    ----------
    folder : Path
        Where ``hw1 grade`` wrote.

    Returns
    -------
    dict
        By student.

    Raises
    ------
    InputError
        If a grade.json there cannot be read.
    """
    found: dict[str, Standing] = {}
    try:
        ours = OurFolder(folder, named=True)
    except FileNotFoundError:
        return found
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}; choose another --output") from error
    with ours:
        for student, record in grades_in(ours):
            try:
                if record["earned"] is not None:
                    found[student] = Standing(
                        submission_sha256=str(record["submission_sha256"]),
                        earned=float(record["earned"]),
                        possible=float(record["possible"]),
                        criteria={str(score["criterion"]): float(score["earned"]) for score in record["scores"]},
                    )
            except (ValueError, KeyError, TypeError) as error:
                raise not_ours(folder / student / GRADE, error) from error
    return found


def change(before: Standing, grade: Grade) -> Change | None:
    """Compare a grade with the one that stands.

    Parameters
    ----------
    before : Standing
        The one that stands.
    grade : Grade
        The new one.

    Returns
    -------
    Change or None
        None when not a point differs.
    """
    now = {score.criterion: score.earned for score in grade.scores}
    names = dict.fromkeys((*before.criteria, *now))
    pairs = [(name, before.criteria.get(name), now.get(name)) for name in names]
    criteria = tuple((name, old, new) for name, old, new in pairs if old != new)
    was, is_ = (before.earned, before.possible), (grade.earned, grade.possible)
    if not criteria and was == is_:
        return None
    return Change(
        student=grade.student,
        before=was,
        after=is_,
        criteria=criteria,
        resubmitted=before.submission_sha256 != grade.submission_sha256,
    )
