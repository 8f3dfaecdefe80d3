"""Classroom 50: the score, its maximum and the tests of ``result.json`` (schema ``classroom50/result/v1``).

What says which submission it is (classroom, owner, commit, times) is left to its runner, which stamps it. Scores there
are whole: ours are all multiplied by the same number, 2 where there are halves.
"""

from fractions import Fraction
from math import lcm
from typing import Any

from autograder.errors import InputError
from autograder.exports.records import Report

SCHEMA = "classroom50/result/v1"
_FINEST = 1000


def results(report: Report, factor: int) -> dict[str, Any]:
    """Lay out one student's score and tests, all points times `factor`.

    Raises `InputError` if nobody knows the score: after a fault of ours.
    """
    if report.earned is None:
        raise InputError(f"{report.student!a} has no grade (a fault of the grader); grade again before the export")
    return {
        "schema": SCHEMA,
        "score": _whole(report.earned, factor),
        "max-score": _whole(report.possible, factor),
        "tests": [
            {
                "test-name": f"{line.question}: {line.title}",
                "passed": line.passed,
                "score": _whole(line.earned, factor),
                "max-score": _whole(line.possible, factor),
            }
            for line in report.lines
        ],
    }


def factor_of(reports: tuple[Report, ...]) -> int:
    """Find what all points of a class are multiplied by so that they are whole: an even number, 2 in general."""
    points = {value for one in reports for line in one.lines for value in (line.earned, line.possible)}
    points |= {one.earned for one in reports if one.earned is not None}
    return lcm(2, *(Fraction(value).limit_denominator(_FINEST).denominator for value in points))


def _whole(points: float, factor: int) -> int:
    return round(points * factor)
