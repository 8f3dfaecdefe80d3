"""A whole submission: the scores of all parts, and what a student is told besides."""

from collections.abc import Sequence

from autograder.grading.copied import Signs
from autograder.grading.library import Library
from autograder.grading.part import PartGrader
from autograder.grading.sentences import loading
from autograder.grading.written import grade_written
from autograder.model import Assignment
from autograder.results import Cases, Finding, Grade, Outcome, Run, Submission
from autograder.words import Isolation


class Grader:
    """Turns runs into grades, for one assignment and one set of cases; a library names mistakes that nobody listed.

    Raises `AssignmentError` if a question's magnitude breaks its contract.
    """

    def __init__(
        self, assignment: Assignment, cases: Cases, isolation: Isolation, library: Library | None = None
    ) -> None:
        self._assignment = assignment
        self._cases = cases
        self._isolation = isolation
        self._signs = Signs(assignment) if assignment.variant else None
        self._parts = tuple(
            PartGrader(question, part, cases, assignment.limits, library)
            for question in assignment.questions
            for part in question.parts
        )

    def prepare(self) -> None:
        """Lay out now what the first answer that does not pass asks for."""
        for part in self._parts:
            part.prepare()

    def grade(self, submission: Submission, run: Run | None, findings: Sequence[Finding] = ()) -> Grade:
        """Grade one submission by what came back from the sandbox: no run means that it is unreadable.

        The findings are those about its written part.
        """
        if run is None:
            outcomes = {c.id: Outcome(case=c.id, status="unreadable") for c in self._cases.cases}
            notes: tuple[str, ...] = (submission.problem or "The file could not be read.",)
        else:
            outcomes = dict(run.outcomes)
            notes = loading(run.notes, self._assignment.limits)
        scores = tuple(score for part in self._parts for score in part.scores(outcomes))
        return Grade(
            assignment=self._assignment.id,
            student=submission.student,
            submission_sha256=submission.sha256,
            cases_id=self._cases.cases_id,
            status="unreadable" if run is None else "graded",
            isolation=self._isolation,
            notes=notes,
            scores=scores,
            written=grade_written(self._assignment, submission, findings),
            variant=self._assignment.variant,
            copied=self._signs.of(submission, scores) if self._signs else (),
        )
