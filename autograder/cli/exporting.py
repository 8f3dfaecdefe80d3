"""What every export does beside its format: it names whoever is on one side alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autograder.cli.common import notify_names

if TYPE_CHECKING:
    from autograder.exports.records import Points, Report
    from autograder.gradebook.attendance import Class

Absent = Mapping[str, Sequence[str]]  #: Students without a grade, with the ids that are theirs alone.


def absent_of(points: Sequence[Points], enrolled: Class) -> Absent:
    """Find who is on the roster without a grade."""
    from autograder.gradebook.attendance import ids_alone, in_class

    students = {one.student for one in points}
    return {student: ids for student, ids in sorted(ids_alone(in_class(enrolled)).items()) if student not in students}


def name_elsewhere(absent: Absent, known: frozenset[str], where: str) -> bool:
    """Name who is on the roster without a grade and not there either; whether there is anybody."""
    from autograder.sheet import key
    from autograder.shown import decoded

    names = [
        decoded(student)
        for student, ids in absent.items()
        if known.isdisjoint(map(key, (student, decoded(student), *ids)))
    ]
    notify_names(f"on the roster without a grade, and not in {where}", names)
    return bool(names)


def name_missing(reports: Sequence[Report], enrolled: Class) -> None:
    """Name who has no grade, and who is graded but on no row of the roster; exit code 1 if there is anybody."""
    from autograder.gradebook.attendance import in_class
    from autograder.shown import decoded

    enrolled = in_class(enrolled)
    students = {one.student for one in reports}
    faults = [one.name for one in reports if one.earned is None]
    absent = [decoded(student) for student in enrolled if student not in students]
    rostered = {student for student, one in enrolled.items() if one.ids}
    strangers = [one.name for one in reports if rostered and one.student not in rostered]
    notify_names("have no grade after a fault of the grader", faults)
    notify_names("on the roster without a grade", absent)
    notify_names("graded, but not on the roster", strangers)
    if faults or absent or strangers:
        sys.exit(1)
