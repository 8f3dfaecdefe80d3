"""Gradescope: ``results.json`` of one submission (its autograder specification, *Output format*).

Every criterion is a visible test: one hidden test would hide the total. What a student reads of hidden cases is what
feedback says of them, their status.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from autograder.exports.records import Line, Report
from autograder.words import number

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]
LONGEST_OUTPUT: Final = 100_000  #: Characters of a text; Gradescope cuts a longer one in its middle.

_FAULT = "fault"


def results(report: Report, visibility: Visibility = "visible") -> dict[str, Any]:
    """Lay out one student's results; after a fault of ours there is a message and no score."""
    if report.earned is None:
        return failed("The autograder failed.")
    return {
        "score": number(report.earned),
        "output": cut(report.markdown or "\n\n".join(report.notes)),
        "output_format": "md",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {"isolation": report.isolation},
        "tests": [_test(line, str(place)) for place, line in enumerate(report.lines, 1)],
    }


def failed(why: str) -> dict[str, Any]:
    """Lay out what a student reads after a fault of ours."""
    return {
        "score": 0,
        "output": f"{why} This says nothing about your submission. Please tell the course staff.",
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {_FAULT: True},
    }


def is_fault(results: Any) -> bool:
    """Whether results are what `failed` laid out."""
    extra = results.get("extra_data") if isinstance(results, Mapping) else None
    return isinstance(extra, Mapping) and bool(extra.get(_FAULT))


def _test(line: Line, place: str) -> dict[str, Any]:
    return {
        "name": f"{line.question}: {line.title}",
        "name_format": "text",
        "number": place,
        "score": number(line.earned),
        "max_score": number(line.possible),
        "status": "passed" if line.passed else "failed",
        "output": cut(line.feedback),
        "output_format": "md",
        "tags": [line.id],
    }


def cut(text: str) -> str:
    """Cut a text at its end, with a word, before Gradescope cuts its middle; it has no NUL either."""
    plain = text.replace("\0", "\ufffd")
    return plain if len(plain) <= LONGEST_OUTPUT else plain[: LONGEST_OUTPUT - 20].rstrip() + "\n\n(cut here)"
