"""What `hw1 grade` left in its folder, read back into records: one bad file costs one line, not the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, overload

from autograder.errors import InputError
from autograder.gradebook.adjustments import Adjustments, adjusted, possible_points, read_adjustments, refuse_strangers
from autograder.gradebook.attendance import Class, Enrolled, in_class, read_enrolled, with_lateness
from autograder.gradebook.files import (
    FEEDBACK,
    GRADE,
    grade_bytes,
    is_foreign,
    not_ours,
    read_grade,
    read_in,
    students_in,
)
from autograder.gradebook.journal import LOG, LogEntry, lines_of
from autograder.gradebook.record import SCHEMA, Damage, GradeRecord, ScoreRecord, WrittenRecord, grade_of, head
from autograder.gradebook.results import Result, ScoreResult, WrittenResult, read_results, result_of, sha256
from autograder.gradebook.table import written_column
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Adjustment, Grade
from autograder.words import counted

_AGAIN = "give the --output folder of hw1 grade"
_Read = TypeVar("_Read")


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that cannot be read: where below the folder of grades, and why in a few words."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassGrades:
    """Everybody's grades, sorted by student, and files that tell nothing."""

    #: Each is read when it is asked for, and not kept: ten thousand with all their cases would be more than a gigabyte.
    grades: Sequence[Grade]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassResults:
    """Everybody's results, sorted by student: files that tell nothing, at most one line of the log each."""

    results: tuple[Result, ...]  #: As adjusted.
    unread: tuple[Unread, ...]
    log: tuple[LogEntry, ...]
    adjustments: tuple[Adjustment, ...] = ()  #: Sorted by student.
    enrolled: tuple[Enrolled, ...] = ()  #: Sorted by student; nobody without a roster.


def read_grades(folder: Path, assignment: Assignment) -> ClassGrades:
    """Read the grades in the folder that ``hw1 grade --output`` wrote, with all their cases.

    A grade.json that is damaged, or is not of the student its folder names, is listed as unread.

    Raises `InputError` if there is no grade at all, or one of another schema, assignment or rubric, or in the place of
    the folder, a grade or the log there is a link, no file, or what belongs to another user; if adjustments cannot be
    applied; later, if a grade that could be read is gone or has changed for the worse.
    """
    with _open(folder) as ours:
        more = _adjustments(ours, assignment, read_enrolled(ours))
        students, unread = _everybody(ours, lambda student: (_record(ours, student, assignment), student)[1])
        _, damaged = _log(ours)
    return ClassGrades(grades=_Grades(folder, assignment, students, more), unread=(*unread, *damaged))


class _Grades(Sequence[Grade]):
    """Grades that stand in a folder, each read anew."""

    def __init__(self, folder: Path, assignment: Assignment, students: Sequence[str], more: Adjustments) -> None:
        self._folder, self._assignment, self._students, self._more = folder, assignment, students, more

    def __len__(self) -> int:
        return len(self._students)

    @overload
    def __getitem__(self, place: int) -> Grade: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Grade]: ...
    def __getitem__(self, place: int | slice) -> Grade | Sequence[Grade]:
        if isinstance(place, slice):
            return _Grades(self._folder, self._assignment, self._students[place], self._more)
        student = self._students[place]
        try:
            with _open(self._folder) as ours:
                record, _ = _record(ours, student, self._assignment)
        except (OSError, Damage) as error:
            path = self._folder / student / GRADE
            raise InputError(f"{path} was there and cannot be read any more ({error}); run this again") from error
        return replace(grade_of(record), adjustments=self._more.get(student, ()))


def read_class(folder: Path, assignment: Assignment) -> ClassResults:
    """Read the results there, without their cases: from ``results.jsonl`` where it is of the grade.json that stands.

    Raises `InputError` as from `read_grades`.
    """
    with _open(folder) as ours:
        lines = read_results(ours)
        enrolled = read_enrolled(ours)
        more = _adjustments(ours, assignment, enrolled)

        def one(student: str) -> Result:
            line = lines.pop(student, None)
            if line is not None and _holds(line, grade_bytes(ours, student), student, assignment):
                return adjusted(line, more.get(student, ()))
            record, digest = _record(ours, student, assignment)
            return adjusted(result_of(record, digest), more.get(student, ()))

        results, unread = _everybody(ours, one)
        log, damaged = _log(ours)
    listed = tuple(one for student in sorted(more) for one in more[student])
    return ClassResults(
        results=results,
        unread=(*unread, *damaged),
        log=log,
        adjustments=listed,
        enrolled=tuple(one for _, one in sorted(in_class(enrolled).items())),
    )


def read_roster(folder: Path) -> Class:
    """Read who is in the class, as the folder that ``hw1 grade --output`` wrote has it: also whom a download named.

    Raises `InputError` if the folder or its roster cannot be read.
    """
    with _open(folder) as ours:
        return read_enrolled(ours)


def _adjustments(ours: OurFolder, assignment: Assignment, enrolled: Class) -> Adjustments:
    """Read what is adjusted for students who are there."""
    found = read_adjustments(ours, assignment)
    if found:
        refuse_strangers(found, {*students_in(ours)}, ours.path)
    return with_lateness(found, enrolled, assignment)


def read_each(
    folder: Path, assignment: Assignment, take: Callable[[GradeRecord, str], _Read]
) -> tuple[tuple[_Read, ...], tuple[Unread, ...]]:
    """Read each grade with what its student may read, in Markdown, and keep of both what `take` makes of them.

    Raises `InputError` as from `read_grades`.
    """
    with _open(folder) as ours:
        more = _adjustments(ours, assignment, read_enrolled(ours))

        def one(student: str) -> _Read:
            record = adjusted(_record(ours, student, assignment)[0], more.get(student, ()))
            with ours.folder(student) as home:
                markdown = read_in(home, FEEDBACK).decode("utf-8", "replace") if FEEDBACK in home.names() else ""
            return take(record, markdown)

        return _everybody(ours, one)


def _everybody(ours: OurFolder, read: Callable[[str], _Read]) -> tuple[tuple[_Read, ...], tuple[Unread, ...]]:
    """Read what stands of each student; whose file tells nothing is unread."""
    found, unread = [], []
    for student in students_in(ours):
        try:
            found.append(read(student))
        except FileNotFoundError:
            continue
        except OSError as error:
            if is_foreign(error):
                raise not_ours(ours.path / student / GRADE, error, "move it away") from error
            unread.append(_cannot_be_read(f"{student}/{GRADE}", error))
        except Damage as damage:
            unread.append(Unread(path=f"{student}/{GRADE}", reason=str(damage)))
    if not found:
        first = f" (first: {unread[0].path}: {unread[0].reason})" if unread else ""
        raise InputError(f"grades {ours.path}: no STUDENT/grade.json that can be read{first}; {_AGAIN}")
    return tuple(found), tuple(unread)


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


def _holds(line: Result, data: bytes, student: str, assignment: Assignment) -> bool:
    """Whether a line tells what would be read from the file; a file that would be refused is left to say so."""
    return (
        line.grade_sha256 == sha256(data)
        and (line.assignment, line.student) == (assignment.id, student)
        and (line.status == "grader_fault" or _by_rubric(line.scores, line.written, assignment))
    )


def _record(ours: OurFolder, student: str, assignment: Assignment) -> tuple[GradeRecord, str]:
    """Read a grade and its hash."""
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
    if record.status != "grader_fault" and not _by_rubric(record.scores, record.written, assignment):
        raise InputError(f"{path} was graded by another rubric than the present {assignment.id}; grade everybody again")
    return record, sha256(data)


def _by_rubric(
    scores: Sequence[ScoreRecord | ScoreResult],
    written: Sequence[WrittenRecord | WrittenResult],
    assignment: Assignment,
) -> bool:
    """Whether a grade has the criteria and the points of the present questions."""
    mine = {score.criterion: score.possible for score in scores}
    mine |= {written_column(answer.question): answer.possible for answer in written if answer.possible}
    return mine == _rubric(assignment)


_rubric = lru_cache(maxsize=1)(possible_points)


def _log(ours: OurFolder) -> tuple[tuple[LogEntry, ...], tuple[Unread, ...]]:
    """Read the last line about each student; a run that was killed may have left half a line."""
    latest: dict[str, LogEntry] = {}
    bad = 0
    try:
        for entry in lines_of(ours):
            if entry is None:
                bad += 1
            else:
                latest[entry.student] = entry
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        if is_foreign(error):
            raise InputError(f"{ours.path / LOG} is not a log of ours ({error.strerror}); move it away") from error
        return (), (_cannot_be_read(LOG, error),)
    damaged = (Unread(path=LOG, reason=f"has {counted(bad, 'damaged line')}, passed over"),) if bad else ()
    return tuple(latest[student] for student in sorted(latest)), damaged
