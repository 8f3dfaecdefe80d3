"""Grading where grades stand already: with which cases, and what changes for whom."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import truth
from autograder.course import PRIVATE, has_secret, private
from autograder.errors import InputError, SecretError
from autograder.gradebook.folder import Gradebook
from autograder.gradebook.results import Standing
from autograder.model import Assignment
from autograder.results import Cases, Grade


@dataclass(frozen=True, kw_only=True, eq=False)
class Sitting:
    """Students who are graded by the same questions on the same cases: all, or those of one variant."""

    assignment: Assignment
    cases: Cases
    students: frozenset[str]


def cases_for(
    assignment: Assignment,
    course: Path,
    book: Gradebook | None,
    students: Collection[str],
    notify: Callable[[str], None],
    *,
    new_cases: bool = False,
    keep: bool = True,
    only_stored: bool = False,
) -> tuple[Sitting, ...]:
    """Find a run's cases, the same for everybody in the folder, and refuse to mix them with another secret's.

    Where the homework has variants, there is a sitting for each that somebody has. Without a book there is no folder of
    grades yet. With `new_cases` grades that other cases gave may be replaced; `keep` lets a new secret and computed
    truths be written; with `only_stored` both must be there already, as for one of several machines.

    Raises `InputError` if grades of other cases stand there, and either nobody asked for new ones or this run leaves
    some of them; if there are no truths and none may be computed. Raises `SecretError` if there is no secret and none
    may be made.
    """
    before = book.earlier(students) if book else {}
    where = book.folder if book else None
    everybody = {*students, *before}
    if only_stored:
        cases = _stored(assignment, course)
        sittings: tuple[Sitting, ...] = (Sitting(assignment=assignment, cases=cases, students=frozenset(everybody)),)
    else:
        create = keep and (not before or new_cases)
        secret = new_secret(course, notify) if create else None
        secret = secret or _secret(course, where if before else None)
        variants = truth.variants_for(assignment, course, secret, sorted(everybody))
        sittings = _sittings(assignment, variants, lambda one: truth.load(one, course, secret, notify, keep=keep))
    now = {student: one.cases.cases_id for one in sittings for student in one.students}
    others = {student for student, cases_id in before.items() if cases_id != now[student]}
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
    return sittings


def _sittings(
    assignment: Assignment, variants: Mapping[str, int], load: Callable[[Assignment], Cases]
) -> tuple[Sitting, ...]:
    """Put together who has the same variant, in the variants' order."""
    return tuple(
        Sitting(assignment=one, cases=load(one), students=frozenset(who for who in variants if variants[who] == number))
        for number in (sorted({*variants.values()}) if assignment.variants else (0,))
        for one in (assignment.of(number),)
    )


def _stored(assignment: Assignment, course: Path) -> Cases:
    """Take secret and truths as they are; where one is missing, say what to copy."""
    try:
        return truth.stored(assignment, course, truth.read_secret(course, create=False))
    except InputError as error:
        raise InputError(
            f"{error}; a shard makes none: run hw1 truths once, and copy the {PRIVATE} folder that it filled to "
            f"{private(course)}"
        ) from error


def new_secret(course: Path, notify: Callable[[str], None]) -> bytes | None:
    """Make the course's folder and a secret in it, and say so; None where there is one already."""
    if has_secret(course):
        return None
    try:
        course.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SecretError(f"{course} cannot be made: {error.strerror}; use another --course") from error
    secret = truth.read_secret(course, create=True)
    notify(f"new secret made in {private(course)}: keep a copy with the grades, which cannot be made again without it")
    return secret


def _secret(course: Path, graded: Path | None) -> bytes:
    """Read the secret; where it is gone, say which folder of grades was made with it."""
    try:
        return truth.read_secret(course, create=False)
    except SecretError as error:
        if graded is None or has_secret(course):
            raise
        raise SecretError(
            f"{error}. {graded} holds grades made with it: put it back, or pass --new-cases to use new cases"
        ) from error


@dataclass(frozen=True, kw_only=True)
class Change:
    """What grading again changes for one student."""

    student: str
    #: Earned and possible points.
    before: tuple[float, float]
    after: tuple[float, float]
    #: Criterion, points before and after; None where the rubric does not have it.
    criteria: tuple[tuple[str, float | None, float | None], ...]
    resubmitted: bool  #: Whether another submission was graded before.

    @property
    def drops(self) -> bool:
        """Whether the student has fewer points than before."""
        return self.after[0] < self.before[0]


def change(before: Standing, grade: Grade) -> Change | None:
    """Compare a grade with the one that stands; None when not a point differs."""
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
