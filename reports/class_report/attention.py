"""Whom a person should look at, and who handed in the same code."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from autograder.gradebook.journal import LogEntry
from autograder.gradebook.results import Result
from autograder.words import Status, counted
from reports.class_report.records import Attention, Identical
from reports.feedback.words import WORDS

_STATUSES: tuple[Status, ...] = ("forbidden", "crashed")
_COPIED = "another variant"
_OPEN = "written answer for a person to read"
_STOPPED = tuple(WORDS[status] for status in _STATUSES)
KINDS = ("fault of the grader", "older grade stands", "unreadable", *_STOPPED, _COPIED, _OPEN)
"""Why a person should look at a grade, the most urgent first."""


def identical(graded: Sequence[Result]) -> tuple[Identical, ...]:
    """Group submissions with the same code, the largest group first."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for grade in graded:
        if grade.submission_sha256:
            groups[grade.submission_sha256].append(grade)
    found = [
        Identical(students=tuple(sorted(grade.student for grade in group)), earned=group[0].points)
        for group in groups.values()
        if len(group) > 1
    ]
    return tuple(sorted(found, key=lambda same: (-len(same.students), same.students)))


def attention(everybody: Sequence[Result], log: Sequence[LogEntry]) -> tuple[Attention, ...]:
    """List whose grade needs a person, the most urgent first, each student once."""
    last = {entry.student: entry for entry in log}
    found = []
    for grade in everybody:
        reasons = list(_reasons(grade, last.get(grade.student)))
        if reasons:
            why = "; ".join(reason for _, reason in reasons)
            kinds = tuple(kind for kind, _ in reasons)
            found.append(Attention(student=grade.student, why=why, kinds=kinds))
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kinds[0]), one.student)))


def _reasons(grade: Result, entry: LogEntry | None) -> Iterator[tuple[str, str]]:
    """Say of which kind it is and what is to be looked at, the most urgent first."""
    fault, older, unreadable, *stopped, copied, opened = KINDS
    if grade.status == "grader_fault":
        yield fault, _because(f"{fault}, no points known", " ".join(grade.notes))
        return
    if entry is not None and entry.status == "grader_fault":
        yield older, _because("the last run failed on our side and an older grade stands", entry.reason)
    if grade.status == "unreadable":
        yield unreadable, _because(f"{unreadable}, 0 points", " ".join(grade.notes))
        return
    for kind, status in zip(stopped, _STATUSES, strict=True):
        parts = dict.fromkeys(score.part for score in grade.scores if score.status == status)
        if parts:
            yield kind, f"{kind}: {', '.join(parts)}"
    if grade.copied:
        yield copied, f"has variant {grade.variant}, and signs of {copied}: {'; '.join(grade.copied)}"
    for answer in grade.written:
        if answer.open:
            yield opened, f"{answer.question}: {opened}, {counted(answer.open, 'point')} open"


def _because(what: str, why: str) -> str:
    return f"{what}: {why}" if why else what
