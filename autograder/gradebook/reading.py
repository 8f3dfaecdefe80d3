"""What `hw1 grade` left in its folder, read back into records: one bad file costs one line, not the report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from autograder.errors import InputError
from autograder.gradebook.files import GRADE, LOG, grades_in, is_foreign, not_ours, read_grade, students_in
from autograder.gradebook.record import SCHEMA, Damage, GradeRecord, grade_of, head
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Grade
from autograder.words import GradeStatus

_AGAIN = "give the --output folder of hw1 grade"
_LONGEST_LINE = 100_000


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that cannot be read: where below the folder of grades, and why in a few words."""

    path: str
    reason: str


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The last line of ``run.jsonl`` about a student."""

    student: str
    #: Empty in a log from before runs had an id.
    run: str = ""
    #: As in grade.json; a fault beside a grade that stands means that the last run kept an older grade.
    status: GradeStatus
    #: Wall time; None after a fault.
    seconds: Annotated[float, msgspec.Meta(ge=0, le=1e6)] | None = None
    #: Of a fault, else empty.
    reason: str = ""


class _Evidence(msgspec.Struct):
    """A line about the run, and nobody in it."""

    evidence: dict[str, str]


_entries = msgspec.json.Decoder(LogEntry)
_evidence = msgspec.json.Decoder(_Evidence)


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassGrades:
    """Everybody's results, sorted by student: grades, files that tell nothing, at most one line of the log each."""

    grades: tuple[Grade, ...]
    unread: tuple[Unread, ...]
    log: tuple[LogEntry, ...]


def read_grades(folder: Path, assignment: Assignment) -> ClassGrades:
    """Read the folder that ``hw1 grade --output`` wrote.

    A grade.json that is damaged, or is not of the student its folder names, is listed as unread.

    Raises
    ------
    InputError
        If there is no grade at all, or one of another schema, assignment or rubric, or in the place of the folder, a
        grade or the log there is a link, no file, or what belongs to another user.
    """
    with _open(folder) as ours:
        grades, unread = [], []
        for student in students_in(ours):
            try:
                grades.append(_grade(ours, student, assignment))
            except FileNotFoundError:
                continue
            except OSError as error:
                if is_foreign(error):
                    raise not_ours(folder / student / GRADE, error, "move it away") from error
                unread.append(_cannot_be_read(f"{student}/{GRADE}", error))
            except Damage as damage:
                unread.append(Unread(path=f"{student}/{GRADE}", reason=str(damage)))
        if not grades:
            first = f" (first: {unread[0].path}: {unread[0].reason})" if unread else ""
            raise InputError(f"grades {folder}: no STUDENT/grade.json that can be read{first}; {_AGAIN}")
        log, damaged = _log(ours)
    return ClassGrades(grades=tuple(grades), unread=(*unread, *damaged), log=log)


def _open(folder: Path) -> OurFolder:
    try:
        return OurFolder(folder, named=True)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"grades {folder}: no such folder; {_AGAIN}") from None
    except OSError as error:
        advice = _AGAIN if is_foreign(error) else "make the folder readable"
        raise InputError(f"grades {folder}: cannot be listed ({error.strerror}); {advice}") from error


def _cannot_be_read(path: str, error: OSError) -> Unread:
    return Unread(path=path, reason=f"cannot be read ({error.strerror or error})")


def _grade(ours: OurFolder, student: str, assignment: Assignment) -> Grade:
    path = ours.path / student / GRADE
    data, record = read_grade(ours, student)
    schema, named = head(data) if isinstance(record, Damage) else (record.schema, record.assignment)
    if schema != SCHEMA:
        raise InputError(f"{path} has the schema {schema!r:.40}, not {SCHEMA!r}; grade again with this hw1")
    if isinstance(record, Damage) and named is None:
        raise record
    if named != assignment.id:
        raise InputError(
            f"{path} is a grade of the assignment {named!r:.40}, not of {assignment.id!r}: "
            "move it away, or name its package with --assignment"
        )
    if isinstance(record, Damage):
        raise record
    # A folder's name may hold bytes that are no text.
    if record.student != student.encode("utf-8", "replace").decode("utf-8"):
        raise Damage("names another student than its folder")
    if record.status != "grader_fault" and not _by_rubric(record, assignment):
        raise InputError(f"{path} was graded by another rubric than the present {assignment.id}; grade everybody again")
    return grade_of(record)


def _by_rubric(record: GradeRecord, assignment: Assignment) -> bool:
    """Whether a grade has the criteria and the points of the present questions."""
    rubric = {criterion.id: criterion.points for part in assignment.parts for criterion in part.criteria}
    paid = {question.id: question.written_points for question in assignment.questions if question.written_points}
    mine = {score.criterion: score.possible for score in record.scores}
    mine_written = {answer.question: answer.possible for answer in record.written if answer.possible}
    return (mine, mine_written) == (rubric, paid)


def _log(ours: OurFolder) -> tuple[tuple[LogEntry, ...], tuple[Unread, ...]]:
    """Read the last line about each student; a run that was killed may have left half a line."""
    latest: dict[str, LogEntry] = {}
    bad = 0
    try:
        with os.fdopen(ours.open(LOG), "rb") as file:
            while line := file.readline(_LONGEST_LINE):
                if not line.isspace():
                    try:
                        entry = _entries.decode(line)
                    except (ValueError, RecursionError):
                        bad += not _is_evidence(line)
                    else:
                        latest[entry.student] = entry
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        if is_foreign(error):
            raise InputError(f"{ours.path / LOG} is not a log of ours ({error.strerror}); move it away") from error
        return (), (_cannot_be_read(LOG, error),)
    damaged = (Unread(path=LOG, reason=f"has {bad} damaged lines, passed over"),) if bad else ()
    return tuple(latest[student] for student in sorted(latest)), damaged


def _is_evidence(line: bytes) -> bool:
    try:
        _evidence.decode(line)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A grade as it stands in the folder, small enough to keep for a large class."""

    submission_sha256: str
    earned: float
    possible: float
    #: Earned points by criterion.
    criteria: Mapping[str, float]


def standing(folder: Path) -> dict[str, Standing]:
    """Read by student the grades that stand where ``hw1 grade`` writes; whom we failed to grade has none.

    Raises
    ------
    InputError
        If a grade.json there cannot be read.
    """
    try:
        ours = OurFolder(folder, named=True)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}; choose another --output") from error
    with ours:
        return {
            student: Standing(
                submission_sha256=record.submission_sha256,
                earned=record.earned,
                possible=record.possible,
                criteria={score.criterion: score.earned for score in record.scores},
            )
            for student, record in grades_in(ours)
            if record.earned is not None
        }
