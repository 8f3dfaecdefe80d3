"""``roster.csv`` beside the grades: who is in the class, in which group, and how late each one handed in.

It is told wherever the class is shown. Points depend on it only if the assignment says what a day late costs.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.errors import InputError
from autograder.gradebook.adjustments import LATE, Adjustments
from autograder.gradebook.files import read_in
from autograder.gradebook.record import GradeRecord
from autograder.gradebook.results import Result
from autograder.gradebook.table import plain_table, table, written_column
from autograder.model import Assignment
from autograder.paths import OurFolder
from autograder.results import Adjustment
from autograder.sheet import inert, key, read_sheet
from autograder.words import counted, number

ROSTER = "roster.csv"
COLUMNS = ("student", "name", "group", "late", "late_days")
AS_ENROLLED = "roster"
"""Heading of what the roster calls a student: whoever has none is known from a download's marks alone."""

MOST_DAYS = 10_000
ABSENT = "absent"  #: Stands in the table where a grade's status would.


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """One student of the class."""

    #: As grades are kept.
    student: str
    name: str = ""
    group: str = ""
    late: bool = False
    late_days: float | None = None  #: None when nobody said.
    #: What else the roster calls this student, by its headings; nothing for whom it has not.
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def lateness(self) -> str:
        """How late it was, as far as anybody said; empty in time. Days count more than a platform's mark."""
        if self.late_days is None:
            return "late" if self.late else ""
        return f"late, {counted(self.late_days, 'day')}" if self.late_days else ""

    @property
    def told(self) -> tuple[str, ...]:
        """What there is to say beside the grade."""
        return tuple(filter(None, (self.lateness, f"group {self.group}" if self.group else "")))

    @property
    def is_only_named(self) -> bool:
        """Whether nothing is known but what a download calls the student: an export asks for it, no list shows it."""
        return bool(self.name) and not (self.ids or self.told)

    @property
    def cells(self) -> tuple[object, ...]:
        """What stands behind a row of the table, in the columns `TOLD`."""
        days = "" if self.late_days is None else number(self.late_days)
        return ("late" if self.lateness else "", days, self.group)


TOLD = ("late", "late_days", "group")
Class = Mapping[str, Enrolled]  #: By student.


@dataclass(frozen=True, kw_only=True)
class News:
    """What a run is told of the class."""

    roster: Class | None  #: None when no roster was given: then the one that is kept beside the grades holds.
    marks: Class  #: Who was late, and in which group, as the download of this run has it.

    def after(self, before: Class) -> Class:
        """Put it over what was known before; the roster's groups come before the download's."""
        everybody = dict(before if self.roster is None else self.roster)
        for student, mark in self.marks.items():
            if student in everybody or mark.told or mark.name:
                one = everybody.get(student, mark)
                everybody[student] = replace(
                    one, late=mark.late, group=one.group or mark.group, name=one.name or mark.name
                )
        return {student: everybody[student] for student in sorted(everybody)}


NO_NEWS = News(roster=None, marks={})


def in_class(everybody: Class) -> Class:
    """Leave out whom nothing but a name is known of: it takes a roster, or a mark, to be listed."""
    return {student: one for student, one in everybody.items() if not one.is_only_named}


def class_to_csv(everybody: Iterable[Enrolled]) -> str:
    """Write the file: behind our columns stand the roster's others."""
    people = [*everybody]
    titles = [*dict.fromkeys(title for one in people for title in one.ids)]
    rows = (
        (one.student, one.name, one.group, *one.cells[:2], *(one.ids.get(title, "") for title in titles))
        for one in people
    )
    return plain_table((*COLUMNS, *map(inert, titles)), rows)


def ids_alone(everybody: Class) -> Mapping[str, tuple[str, ...]]:
    """Find what the roster calls each student, and nobody else, besides the name; by student."""
    owners: dict[str, set[str]] = {}
    for one in everybody.values():
        for cell in one.ids.values():
            owners.setdefault(key(cell), set()).add(one.student)
    return {
        student: tuple(cell for cell in dict.fromkeys(one.ids.values()) if cell and len(owners[key(cell)]) == 1)
        for student, one in everybody.items()
    }


def class_row(student: str, record: GradeRecord | Result, criteria: Sequence[str]) -> list[Any]:
    """Lay out one student's row of ``grades.csv``."""
    earned: dict[str, float] = {score.criterion: score.earned for score in record.scores}
    # Grades made before written parts were judged have none.
    earned |= {written_column(answer.question): answer.earned for answer in record.written}
    points = (record.earned, record.possible, *(earned.get(criterion) for criterion in criteria))
    return [student, record.status, *("" if one is None else number(one) for one in points)]


def class_table(criteria: Sequence[str], rows: Mapping[str, list[Any]], everybody: Class, possible: float) -> str:
    """Lay out ``grades.csv``: with a roster there are rows for the absent, and the columns `TOLD` behind all others."""
    if not everybody:
        return table(criteria, (rows[student] for student in sorted(rows)))
    absent = [ABSENT, "", possible, *("" for _ in criteria)]
    whole = []
    for student in sorted({*rows, *everybody}):
        one = everybody.get(student, Enrolled(student=student))
        whole.append([*(rows.get(student) or [student, *absent]), *one.cells])
    return table((*criteria, *TOLD), whole)


def read_enrolled(folder: OurFolder) -> Class:
    """Read the file in a folder of grades; nobody where there is none.

    Raises `InputError` if it cannot be read, or is no such file.
    """
    path = folder.path / ROSTER
    try:
        data = read_in(folder, ROSTER)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); remove it, and grade with --roster") from None
    sheet = read_sheet(data, str(path))
    if sheet.heading[: len(COLUMNS)] != COLUMNS:
        raise InputError(f"{path}: the first line is not {','.join(COLUMNS)}; remove it, and grade with --roster")
    titles = [title.removeprefix("'") for title in sheet.heading[len(COLUMNS) :]]
    found = {}
    for row in sheet.rows:
        student, name, group, late, days, *others = (cell.removeprefix("'") for cell in row)
        try:
            late_days = float(days) if days else None
        except ValueError:
            late_days = -1.0
        if late_days is not None and not 0 <= late_days < MOST_DAYS:
            raise InputError(f"{path}: {days!a} late days of {student!a}; write a number, 0 or more")
        found[student] = Enrolled(
            student=student,
            name=name,
            group=group,
            late=bool(late),
            late_days=late_days,
            ids=dict(zip(titles, others, strict=True)) if any(others) else {},
        )
    return found


def with_lateness(adjustments: Adjustments, everybody: Class, assignment: Assignment) -> Adjustments:
    """Add to what persons adjusted the points that days late cost, where the assignment says so; a day begun is one."""
    cost = assignment.late_points_per_day
    late = {
        one.student: Adjustment(
            student=one.student,
            criterion=LATE,
            points=-cost * math.ceil(one.late_days),
            reason=f"{one.lateness}: each day begun costs {counted(cost, 'point')}",
        )
        for one in everybody.values()
        if cost and one.late_days
    }
    return {**adjustments, **{student: (*adjustments.get(student, ()), one) for student, one in late.items()}}
