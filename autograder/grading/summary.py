"""A grade in one line: what the table of a class shows."""

from dataclasses import dataclass

from autograder.results import Grade
from autograder.words import GradeStatus


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One student's line in the summary, small enough to keep for a large class."""

    student: str
    status: GradeStatus
    #: 0 after a fault.
    earned: float
    possible: float
    #: Question id, earned and possible points.
    questions: tuple[tuple[str, float, float], ...] = ()
    #: What is not right, each thing once: a misconception's name in words, else a status as it is spelled.
    findings: tuple[str, ...] = ()
    #: Id of a question and points of its written answer that a person has to decide about.
    open: tuple[tuple[str, float], ...] = ()
    #: For ``grader_fault``: what went wrong on our side.
    fault: str = ""


def summarize(grade: Grade) -> Summary:
    """Take from a grade what the summary table shows."""
    questions: dict[str, tuple[float, float]] = {}
    for score in grade.scores:
        earned, possible = questions.get(score.question, (0.0, 0.0))
        questions[score.question] = (earned + score.earned, possible + score.possible)
    for answer in grade.written:
        if answer.possible:
            earned, possible = questions.get(answer.question, (0.0, 0.0))
            questions[answer.question] = (earned + answer.earned, possible + answer.possible)
    findings = dict.fromkeys(
        "not written"
        if score.not_written
        else score.misconception.replace("_", " ")
        if score.misconception
        else score.status
        for score in grade.scores
        if score.status != "passed"
    )
    return Summary(
        student=grade.student,
        status=grade.status,
        earned=grade.earned,
        possible=grade.possible,
        questions=tuple((id_, earned, possible) for id_, (earned, possible) in questions.items()),
        open=tuple((answer.question, answer.open) for answer in grade.written if answer.open),
        findings=(f"unreadable: {grade.notes[0]}",) if grade.status == "unreadable" else tuple(findings),
    )
