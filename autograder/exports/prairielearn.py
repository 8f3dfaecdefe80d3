"""PrairieLearn: ``results.json`` of an external grader (its documentation, *External grading*)."""

from typing import Any

from autograder.exports.records import Report
from autograder.words import number


def results(report: Report) -> dict[str, Any]:
    """Lay out one student's results; after a fault of ours, or an unreadable file, it is not gradable."""
    if report.earned is None:
        return failed()
    return {
        "gradable": True,
        "score": report.earned / report.possible,
        "message": "\n".join(report.notes),
        "output": "",
        "tests": [
            {
                "name": f"{line.question}: {line.title}",
                "description": line.id,
                "points": number(line.earned),
                "max_points": number(line.possible),
                "message": line.feedback,
            }
            for line in report.lines
        ],
    }


def failed() -> dict[str, Any]:
    """Lay out what a student reads after a fault of ours: no attempt is used up."""
    told = "The autograder failed; this says nothing about your answer. Please tell the course staff."
    return {"gradable": False, "format_errors": [told]}
