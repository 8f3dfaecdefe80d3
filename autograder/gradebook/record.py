"""A grade as ``grade.json`` has it, and the class as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from autograder.results import Grade, Verdict

SCHEMA = "grade-1"
LARGE = "large"
"""The reason why an answer to a public case has no numbers: they are too many."""
COLUMNS = ("student", "status", "earned", "possible")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def number(points: float) -> float | int:
    """Write whole points without a decimal point.

    Parameters
    ----------
    points : float
        Points.

    Returns
    -------
    float or int
        The same number.
    """
    return int(points) if float(points).is_integer() else points


def _verdict(verdict: Verdict) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "case": verdict.case,
        "family": verdict.family,
        "hidden": verdict.hidden,
        "status": verdict.status,
    }
    if verdict.shown is None:
        return plain
    reason = _reason(verdict) if verdict.shown["actual"] is None else ""
    return {**plain, **verdict.shown} | ({"reason": reason} if reason else {})


def _reason(verdict: Verdict) -> str:
    """Why a public case has no numbers, in one word; nothing where the status says it."""
    if verdict.difference is None:
        return verdict.exception
    return verdict.difference.reason if verdict.difference.kind == "refused" else LARGE


def grade_to_json(grade: Grade) -> dict[str, Any]:
    """Lay a grade out as ``grade.json`` has it (``schemas/grade-1.json``).

    Parameters
    ----------
    grade : Grade
        One student's scores.

    Returns
    -------
    dict
        Plain values only.
    """
    return {
        "schema": SCHEMA,
        "assignment": grade.assignment,
        "student": grade.student,
        "submission_sha256": grade.submission_sha256,
        "cases_id": grade.cases_id,
        "status": grade.status,
        "earned": number(grade.earned),
        "possible": number(grade.possible),
        "isolation": grade.isolation,
        "notes": list(grade.notes),
        "scores": [
            {
                "question": score.question,
                "part": score.part,
                "criterion": score.criterion,
                "earned": number(score.earned),
                "possible": number(score.possible),
                "status": score.status,
                "misconception": score.misconception,
                "feedback": score.feedback,
                "verdicts": [_verdict(verdict) for verdict in score.verdicts],
            }
            for score in grade.scores
        ],
        "written": [
            {
                "question": answer.question,
                "earned": number(answer.earned),
                "possible": number(answer.possible),
                "findings": [asdict(one) for one in answer.findings],
            }
            for answer in grade.written
        ],
    }


def written_column(question: str) -> str:
    """Name the column of a written answer's points.

    Parameters
    ----------
    question : str
        Its question's id.

    Returns
    -------
    str
        ``"q1a.written"``.
    """
    return f"{question}.written"


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def table(criteria: Iterable[str], rows: Iterable[list[Any]]) -> str:
    """Lay rows out as CSV under the contract's header.

    Parameters
    ----------
    criteria : Iterable[str]
        Criterion ids, in order.
    rows : Iterable of list
        ``student, status, earned, possible``, then one cell per criterion.

    Returns
    -------
    str
        The file's text, lines ended by a newline, without a cell that a spreadsheet would compute.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *criteria])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue()
