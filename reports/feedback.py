"""A student's feedback in Markdown: the only text of ours that a student may read about a graded submission.

Hidden cases show as a criterion's status, the misconception's hint and the words of the rubric. Public cases, which the
student has anyway, show their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.model import Assignment
from autograder.results import Grade, Score, Verdict

WORDS: Mapping[str, str] = {
    "unreadable": "unreadable",
    "missing": "not there",
    "forbidden": "not allowed",
    "crashed": "crashed",
    "out_of_memory": "out of memory",
    "timed_out": "too slow",
    "output_limit": "too much data",
    "raised": "exception",
    "mutated": "inputs changed",
    "wrong": "wrong",
    "approx": "approximate",
    "passed": "right",
}
"""What a student reads for a status."""

SHOWN_NUMBERS = 60
"""Longest run of numbers printed for a public case."""


def points(value: float) -> str:
    """Print points without needless zeros.

    Parameters
    ----------
    value : float
        Points.

    Returns
    -------
    str
        ``"8"``, ``"2.5"``.
    """
    return f"{value:g}"


def _numbers(value: Any) -> str:
    """A value of a public case, short enough to read."""
    if isinstance(value, list):
        text = "[" + ", ".join(_numbers(v) for v in value) + "]"
    elif isinstance(value, float):
        text = f"{value:.6g}"
    else:
        text = str(value)
    return text if len(text) <= 40 * SHOWN_NUMBERS else text[: 40 * SHOWN_NUMBERS] + " ..."


def _code(text: str) -> str:
    """Text of a student's making inside a code span: nothing in it can end the span."""
    return "`" + text.replace("`", "'").replace("\n", " ") + "`"


def _public(verdict: Verdict, part: str) -> list[str]:
    assert verdict.shown is not None, "public verdicts show their numbers"
    shown = verdict.shown
    arguments = ", ".join(f"{name}={_numbers(value)}" for name, value in shown["inputs"].items())
    came = WORDS[verdict.status] if shown["actual"] is None else _numbers(shown["actual"])
    if verdict.status == "raised" and verdict.exception:
        came = f"{verdict.exception} was raised"
    return [
        f"  - public case `{part}({arguments})`",
        f"    - yours: `{came}`",
        f"    - right: `{_numbers(shown['truth'])}`",
    ]


def _criterion(score: Score, title: str) -> list[str]:
    lines = [
        f"- **{title}** (`{score.criterion}`): {points(score.earned)} of {points(score.possible)}, "
        f"{WORDS[score.status]}",
        f"  {score.feedback}",
    ]
    for verdict in score.verdicts:
        if not verdict.hidden and verdict.status != "passed":
            lines += ["", *_public(verdict, score.part)]
    return lines


def _table(grade: Grade, titles: Mapping[str, str]) -> list[str]:
    rows = [
        f"| {score.question} | {titles[score.criterion]} | {WORDS[score.status]} "
        f"| {points(score.earned)} / {points(score.possible)} |"
        for score in grade.scores
    ]
    total = f"| | **Total** | | **{points(grade.earned)} / {points(grade.possible)}** |"
    return ["| question | criterion | result | points |", "|---|---|---|---:|", *rows, total]


def _notes(notes: Sequence[str]) -> list[str]:
    return ["", "## While your code was loaded", "", *(f"- {note}" for note in notes)] if notes else []


def feedback(assignment: Assignment, grade: Grade) -> str:
    """Write a student's feedback.

    Parameters
    ----------
    assignment : Assignment
        For titles.
    grade : Grade
        The student's scores.

    Returns
    -------
    str
        Markdown. Two grades with the same statuses, names of mistakes and public numbers give the same text.
    """
    titles = {criterion.id: criterion.title for part in assignment.parts for criterion in part.criteria}
    lines = [
        f"# {assignment.title}: feedback for {_code(grade.student)}",
        "",
        f"**{points(grade.earned)} of {points(grade.possible)} points**",
        "",
        *_table(grade, titles),
        *_notes(grade.notes),
    ]
    for question in assignment.questions:
        mine = [s for s in grade.scores if s.question == question.id and s.status != "passed"]
        noted = [s for s in grade.scores if s.question == question.id and s.status == "passed" and " " in s.feedback]
        remarks = [s for s in noted if s.feedback != "Right on all hidden cases."]
        if mine or remarks:
            lines += ["", f"## {question.title}", ""]
            for score in (*mine, *remarks):
                lines += [*_criterion(score, titles[score.criterion]), ""]
            lines.pop()
    lines += [
        "",
        "Points come from hidden cases only. Public cases are shown with their numbers; hidden ones never are.",
        "",
    ]
    return "\n".join(lines)
