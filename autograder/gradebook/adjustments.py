"""``adjustments.csv``: points that a person gives or takes, beside the grades and never in them.

A row is ``student, criterion, points, reason``; the points are added to what was graded, whenever it is graded. Grades
are shown with them, and grade.json stays what was graded. No criterion leaves 0 to its points in the rubric.
"""

import csv
import hashlib
import io
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from autograder.errors import InputError
from autograder.gradebook.files import read_in, read_ours
from autograder.gradebook.record import GradeRecord
from autograder.gradebook.results import Result
from autograder.gradebook.table import written_column
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Adjustment, Grade

ADJUSTMENTS = "adjustments.csv"
COLUMNS = ("student", "criterion", "points", "reason")
LATE = "late"
"""In the place of a criterion: points off the total, made from the roster and never from this file."""
LONGEST_REASON = 500  #: Characters.
Adjustments = Mapping[str, tuple[Adjustment, ...]]  #: By student, each in the order of the rows.
_Graded = TypeVar("_Graded", bound=GradeRecord | Result)


def read_adjustments(folder: OurFolder, assignment: Assignment) -> Adjustments:
    """Read those in a folder of grades; none when it has no such file.

    Raises `InputError` if the file cannot be read, or a row cannot be applied: the text names the line.
    """
    try:
        data = read_in(folder, ADJUSTMENTS)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(
            f"{folder.path / ADJUSTMENTS} cannot be read ({error.strerror}); correct or remove it"
        ) from None
    return parse(data, assignment, str(folder.path / ADJUSTMENTS))


def adjustments_file(path: Path) -> bytes:
    """Read a file of them that somebody names; an `InputError` when it cannot be read."""
    try:
        return read_ours(path.resolve())
    except OSError as error:
        raise InputError(f"--adjustments {path}: cannot be read ({error.strerror})") from None


def parse(data: bytes, assignment: Assignment, path: str) -> Adjustments:
    """Read rows; `path` is how messages name the file."""
    possible = possible_points(assignment)
    found: dict[str, list[Adjustment]] = {}
    seen: dict[tuple[str, str], int] = {}
    for line, row in _rows(data, path):
        one = _adjustment(row, possible, f"{path}, line {line}")
        before = seen.setdefault((one.student, one.criterion), line)
        if before != line:
            raise InputError(
                f"{path}, line {line}: {one.criterion} of {one.student} is already in line {before}; merge the rows"
            )
        found.setdefault(one.student, []).append(one)
    return {student: tuple(some) for student, some in found.items()}


def possible_points(assignment: Assignment) -> dict[str, float]:
    """Say what there are points for, in the order of the table's columns, and how many."""
    points = {c.id: c.points for part in assignment.parts for c in part.criteria}
    return points | {written_column(q.id): q.written_points for q in assignment.questions if q.written_points}


def refuse_strangers(adjustments: Adjustments, known: Collection[str], path: Path) -> None:
    """Refuse a row about somebody who has no grade here, which would be lost in silence."""
    for student in adjustments:
        if student not in known and any(one.criterion != LATE for one in adjustments[student]):
            raise InputError(f"{path / ADJUSTMENTS}: {student!a} was not graded there; write the id as in grades.csv")


def digest(adjustments: Sequence[Adjustment]) -> str:
    """Tell one student's adjustments from others; empty where there are none."""
    if not adjustments:
        return ""
    told = repr([(one.criterion, one.points, one.reason) for one in adjustments])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def adjusted(graded: _Graded, adjustments: Sequence[Adjustment]) -> _Graded:
    """Apply one student's adjustments; whom we failed to grade has nothing to add to."""
    if graded.earned is None or not adjustments:
        return graded
    more = {one.criterion: one.points for one in adjustments}
    replace = msgspec.structs.replace
    scores = tuple(
        replace(one, earned=_within(one.earned + more.get(one.criterion, 0.0), one.possible)) for one in graded.scores
    )
    written = tuple(
        replace(one, earned=_within(one.earned + more.get(written_column(one.question), 0.0), one.possible))
        for one in graded.written
    )
    step = sum(one.earned for one in (*scores, *written)) - sum(one.earned for one in (*graded.scores, *graded.written))
    earned = max(graded.earned + step + more.get(LATE, 0.0), 0.0)
    return replace(graded, scores=scores, written=written, earned=earned)


def counted(grade: Grade) -> dict[str, float]:
    """Say what each adjustment of a grade comes to, by criterion: less than its points where a bound is in the way."""
    parts = {score.criterion: (score.earned, score.possible) for score in grade.scores}
    parts |= {written_column(one.question): (one.earned, one.possible) for one in grade.written}
    found = {
        one.criterion: _within(earned + one.points, possible) - earned
        for one in grade.adjustments
        if one.criterion in parts
        for earned, possible in (parts[one.criterion],)
    }
    late = [one.points for one in grade.adjustments if one.criterion == LATE]
    return found | ({LATE: max(late[0], -grade.earned - sum(found.values()))} if late else {})


def _within(points: float, possible: float) -> float:
    return min(max(points, 0.0), possible)


def _rows(data: bytes, path: str) -> Iterator[tuple[int, list[str]]]:
    """Read the rows below the heading that hold anything, with their lines."""
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        heading = [cell.strip().lower() for cell in next(reader, [])]
        if heading != list(COLUMNS):
            raise InputError(
                f"{path}: the first line is {','.join(heading)[:80]!a}, and it must be {','.join(COLUMNS)}; correct it"
            )
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}; save it as CSV anew") from None


def _adjustment(row: list[str], possible: Mapping[str, float], where: str) -> Adjustment:
    if len(row) != len(COLUMNS):
        raise InputError(f"{where}: {len(row)} cells, not {', '.join(COLUMNS)}; a reason with a comma needs quotes")
    student, criterion, points, reason = (" ".join(cell.split()) for cell in row)
    # The table of the class has an apostrophe before what a spreadsheet would compute.
    student = student.removeprefix("'")
    if criterion not in possible:
        raise InputError(f"{where}: there is no criterion {criterion[:60]!a}; there are {', '.join(possible)}")
    try:
        step = float(points)
    except ValueError:
        step = math.nan
    most = possible[criterion]
    if not -most <= step <= most:
        raise InputError(
            f"{where}: points {points[:20]!a}; write a number from {-most:g} to {most:g}, as {criterion} has {most:g}"
        )
    if not reason or len(reason) > LONGEST_REASON:
        raise InputError(
            f"{where}: {'no reason' if not reason else 'the reason is too long'}; say why in 1 to 500 characters"
        )
    return Adjustment(student=student, criterion=criterion, points=step, reason=reason)
