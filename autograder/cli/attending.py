"""Who is in the class that ``hw1 grade`` grades: a roster's students, and what `hw1 collect` noted of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.common import notify_names, spreadsheet
from autograder.errors import InputError

if TYPE_CHECKING:
    from autograder.gradebook.attendance import Enrolled, News
    from autograder.imports.roster import Roster


def read_roster_file(path: Path | None) -> Roster | None:
    """Read a roster that a person names."""
    if path is None:
        return None
    from autograder.imports.roster import read_roster

    return read_roster(spreadsheet(path, "give a CSV file"), str(path))


def news_of(roster_path: Path | None, submissions: Path | None, students: Sequence[str], *, by_id: bool) -> News:
    """Put together what a roster and a collected folder say of the class, and who is missing in either.

    With `by_id` a submission is called after nothing but the student's id, as where a variant goes by it.

    Raises `InputError` if a file cannot be read, two submissions are one student's of the roster, or one is called
    otherwise.
    """
    from autograder.gradebook.attendance import News

    roster = read_roster_file(roster_path)
    noted = collected(submissions) if submissions else {}
    marks = {one: noted[one] for one in students if one in noted}
    if roster is None:
        return News(roster=None, marks=marks)
    if by_id:
        _refuse_other_names(roster, students)
    everybody = _enrolled(roster, students)
    notify_names("not on the roster", [one for one in students if one not in everybody])
    notify_names("handed in nothing", sorted(everybody.keys() - {*students}))
    return News(roster=everybody, marks=marks)


def _enrolled(roster: Roster, students: Sequence[str]) -> dict[str, Enrolled]:
    """Find each submission's row, by whatever cell of it the submission is called after."""
    from autograder.gradebook.attendance import AS_ENROLLED
    from autograder.loading import student_id
    from autograder.shown import decoded

    known: dict[str, str] = {}
    for student in students:
        one = roster.find((decoded(student),))
        if one is not None and known.setdefault(one, student) != student:
            raise InputError(
                f"{roster.path}: both {known[one]!a} and {student!a} belong to the row of {one!a}; grade one of the two"
            )
    everybody = {known.get(one.student, student_id(one.student)): one for one in roster.people}
    return {
        student: replace(one, student=student, ids={AS_ENROLLED: one.student, **one.ids})
        for student, one in everybody.items()
    }


def _refuse_other_names(roster: Roster, students: Sequence[str]) -> None:
    from autograder.loading import student_id
    from autograder.shown import decoded

    for student in students:
        one = roster.find((decoded(student),))
        if one is not None and student_id(one) != student:
            raise InputError(
                f"{roster.path}: the submission {student!a} is {one!a} there; rename it to {student_id(one)}, for a "
                "student's variant goes by that name"
            )


def collected(submissions: Path) -> Mapping[str, Enrolled]:
    """Read who was late, in which group, and what a number's owner is called, where `hw1 collect` says so."""
    from autograder.gradebook.attendance import Enrolled
    from autograder.loading.names import COLLECTED
    from autograder.sheet import read_sheet

    path = submissions / COLLECTED
    if not path.is_file():
        return {}
    sheet = read_sheet(spreadsheet(path, "collect again"), str(path))
    places = [sheet.column(name) for name in ("student", "late", "group", "name")]
    found = {}
    for row in sheet.rows:
        student, late, group, name = ("" if place is None else row[place].removeprefix("'") for place in places)
        if student:
            found[student] = Enrolled(student=student, late=bool(late), group=group, name=name)
    return found
