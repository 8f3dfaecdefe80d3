"""Grading for nbgrader: what is not stored yet is graded in the pool, before nbgrader begins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.batch import Batch, Write
from autograder.course import grades_folder
from autograder.errors import AutograderError
from autograder.gradebook import Gradebook
from autograder.gradebook.fingerprint import fingerprint
from autograder.gradebook.regrade import cases_for
from autograder.loading import Found, read_submission
from autograder.model import Assignment
from autograder.naming import Library
from autograder.nbgrader_plugin.source import with_points
from autograder.nbgrader_plugin.store import keep, kept
from autograder.results import Cases, Durations, Grade, PartFeedback, Submission
from autograder.words import counted
from reports.feedback.adjusted import adjusted_parts
from reports.feedback.cells import part_feedback
from reports.feedback.markdown import feedback


@dataclass(frozen=True, kw_only=True)
class Results:
    """What nbgrader's pass needs of a class."""

    submissions: Mapping[str, Submission]  #: As handed in, by student.
    #: By student, then by name of the part; only of those whom we could grade.
    parts: Mapping[str, Mapping[str, PartFeedback]]
    faults: Mapping[str, str]  #: Why we could not grade a student.


def grade_for_nbgrader(
    assignment: Assignment,
    course: Path,
    found: Sequence[Found],
    *,
    say: Callable[[str], None],
    warn: Callable[[str], None],
) -> Results:
    """Take stored results where they are of these very submissions, and grade the others.

    Raises `AutograderError` if nobody can be graded: no sandbox, other cases than those that graded, a failed canary, a
    full disk.
    """
    book = Gradebook(grades_folder(course, assignment.id), assignment)
    # Two may press the button at once, each for a student of theirs.
    book.lock(waiting=lambda: warn(f"another run is writing to {book.folder}; this one waits until it has ended"))
    try:
        for remark in book.remarks:
            warn(remark)
        return _results(assignment, course, book, found, say=say, warn=warn)
    finally:
        book.release()


def _results(
    assignment: Assignment,
    course: Path,
    book: Gradebook,
    found: Sequence[Found],
    *,
    say: Callable[[str], None],
    warn: Callable[[str], None],
) -> Results:
    (sitting,) = cases_for(assignment, course, book, [one.student for one in found], warn)
    cases = sitting.cases
    book.settle_adjustments({one.student for one in found}, keep=False)
    submissions, faults = _read(found)
    marks = {student: fingerprint(one, cases.cases_id, assignment) for student, one in submissions.items()}
    stored = {student: kept(book.folder / student, mark) for student, mark in marks.items()}
    names = with_points(assignment).keys()
    parts: dict[str, Mapping[str, PartFeedback]] = {
        who: one for who, one in stored.items() if one and one.keys() == names
    }
    missing = [one for student, one in submissions.items() if student not in parts]
    were = "was" if len(found) == 1 else "were"
    say(f"{len(parts)} of {counted(len(found), 'result')} {were} graded before; {len(missing)} to grade")

    def write(grade: Grade, durations: Durations) -> None:
        mine = part_feedback(assignment, grade)
        book.write(grade, feedback(assignment, book.with_adjustments(grade)), durations)
        keep(book.folder / grade.student, marks[grade.student], mine)
        parts[grade.student] = mine

    library = Library(assignment, cases, course, warn)
    if missing:
        for student, fault in _grade(assignment, cases, library, book, missing, write=write, warn=warn).items():
            faults[student] = fault
            parts.pop(student, None)
    for student in parts.keys() & book.adjustments.keys():
        parts[student] = adjusted_parts(assignment, book.grade(student), parts[student])
    return Results(submissions=submissions, parts=parts, faults=faults)


def _read(found: Sequence[Found]) -> tuple[dict[str, Submission], dict[str, str]]:
    """Read the class once: submissions, and why one cannot be read through no fault of the student's."""
    submissions: dict[str, Submission] = {}
    faults: dict[str, str] = {}
    for one in found:
        try:
            submissions[one.student] = read_submission(one)
        except AutograderError as error:
            faults[one.student] = str(error)
    return submissions, faults


def _grade(
    assignment: Assignment,
    cases: Cases,
    library: Library,
    book: Gradebook,
    missing: Sequence[Submission],
    *,
    write: Write,
    warn: Callable[[str], None],
) -> dict[str, str]:
    """Grade those who have no result yet; returns our faults by student."""
    faults: dict[str, str] = {}
    with Batch(assignment, cases, submissions=len(missing), library=library) as batch:
        if batch.remark:
            warn(batch.remark)
        for summary in batch.run(missing, lambda _: write, book.proved):
            if summary.status == "grader_fault":
                faults[summary.student] = summary.fault
                book.fault(summary.student, cases.cases_id, batch.isolation, summary.fault)
    book.write_csv()
    return faults
