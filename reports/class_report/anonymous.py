"""A class without names: students are numbered, and nothing that a file says in its own words is kept."""

from typing import Any

from autograder.gradebook.journal import LOG, LogEntry
from autograder.gradebook.reading import ClassResults, Unread
from autograder.gradebook.results import Result, ScoreResult
from autograder.model import Assignment
from autograder.results import found as kinds

UNKNOWN = "unknown"  #: A misconception that the present questions do not have.


def without_names(assignment: Assignment, found: ClassResults) -> ClassResults:
    """Number the students by what the report shows of them, the most points first.

    Names have no part in the order, nor has anything that is made from a name: whom only the name tells apart, the
    report does not tell apart either.
    """
    log = {entry.student: entry for entry in found.log}
    students = sorted(
        ((result, _scores(assignment, result), log.get(result.student)) for result in found.results),
        key=lambda one: _key(*one),
    )
    width = len(str(len(students)))
    results, entries = [], []
    for number, (result, scores, entry) in enumerate(students, 1):
        student = f"Student {number:0{width}}"
        results.append(_result(assignment, result, scores, student))
        if entry is not None:
            entries.append(LogEntry(student=student, status=entry.status, seconds=entry.seconds))
    return ClassResults(results=tuple(results), unread=tuple(map(_unread, found.unread)), log=tuple(entries))


def _scores(assignment: Assignment, result: Result) -> tuple[ScoreResult, ...]:
    """Keep points and words of ours, in the rubric's order; functions are called as the rubric calls them."""
    mine = {score.criterion: score for score in result.scores}
    return tuple(
        ScoreResult(
            part=part.name,
            criterion=criterion.id,
            earned=score.earned,
            possible=score.possible,
            status=score.status,
            misconception=score.misconception
            and (
                score.misconception if kinds.is_found(score.misconception) else known.get(score.misconception, UNKNOWN)
            ),
            right=tuple(family for family in criterion.families if family in score.right),
            possibly=tuple(filter(kinds.is_found, score.possibly)),
            not_written=score.not_written,
        )
        for part in assignment.parts
        for known in ({one.name: one.name for one in part.misconceptions},)
        for criterion in part.criteria
        if (score := mine.get(criterion.id))
    )


def _key(result: Result, scores: tuple[ScoreResult, ...], entry: LogEntry | None) -> tuple[Any, ...]:
    """Order by what is shown, then by the code, so that those who handed in the same stand together."""
    return (
        -result.points,
        result.status,
        [(score.earned, score.status, score.misconception or "", score.right) for score in scores],
        sorted((answer.question, answer.earned, answer.word) for answer in result.written),
        result.isolation,
        result.cases_id,
        result.submission_sha256,
        () if entry is None else (entry.status, -1 if entry.seconds is None else entry.seconds),
    )


def _result(assignment: Assignment, result: Result, scores: tuple[ScoreResult, ...], student: str) -> Result:
    questions = {question.id for question in assignment.questions}
    return Result(
        assignment=assignment.id,
        student=student,
        grade_sha256="",
        submission_sha256=result.submission_sha256,
        cases_id=result.cases_id,
        status=result.status,
        earned=result.earned,
        possible=result.possible,
        isolation=result.isolation,
        notes=(),
        scores=scores,
        written=tuple(answer for answer in result.written if answer.question in questions),
        variant=result.variant,
    )


def _unread(unread: Unread) -> Unread:
    return unread if unread.path == LOG else Unread(path="a student's grade.json", reason="cannot be read")
