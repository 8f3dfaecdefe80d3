"""``hw1 grade``: a folder of submissions, a progress bar, a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import assignment_option, console, course_option, notify, one_line_errors
from autograder.cli.ending import ended_by_signals, exit_code
from autograder.cli.tables import isolation_line, print_adjustments, print_changes, progress_bar, summary_table
from autograder.errors import AutograderError, DiskError, InputError, IsolationError

if TYPE_CHECKING:
    from autograder.batch import Batch
    from autograder.gradebook import Gradebook
    from autograder.gradebook.adjustments import Adjustments
    from autograder.gradebook.regrade import Change
    from autograder.gradebook.results import Standing
    from autograder.grading import Summary
    from autograder.loading import Found, LeftOut
    from autograder.model import Assignment
    from autograder.nbgrader_plugin.course import Course
    from autograder.results import Cases, Durations, Grade, Submission
    from autograder.words import Isolation

_WAYS_OUT = {
    "bubblewrap": "or ask for less, where namespaces cannot be had: --isolation nested",
    "nested": "or, on a machine of your own and for code that you trust: --isolation none",
}


@click.command(short_help="Grade a folder of submissions, or what a course has collected.")
@click.argument("submissions", type=click.Path(path_type=Path), required=False)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Folder for grades and feedback.")
@course_option
@assignment_option
@click.option(
    "--isolation",
    type=click.Choice(["bubblewrap", "nested", "none"]),
    default="bubblewrap",
    show_default=True,
    help="How submissions are kept apart. nested: without namespaces, as in a container that forbids them. "
    "none: not at all, for code that you trust.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Sandboxes at a time. Default: one per core.")
@click.option(
    "--new-cases",
    is_flag=True,
    help="Grade again although OUTPUT was graded with other cases (another secret, or changed questions).",
)
@click.option("--force", is_flag=True, help="Grade everybody again, also who was graded before and did not change.")
@click.option(
    "--adjustments",
    type=click.Path(path_type=Path),
    help="CSV of student, criterion, points to add, reason; kept as adjustments.csv beside the grades, and applied "
    "from then on wherever grades are shown.",
)
@click.option("--dry-run", is_flag=True, help="Grade, list what would change for whom, and write nothing.")
def grade(  # noqa: PLR0917 - click passes them by name
    submissions: Path | None,
    output: Path | None,
    course: Path,
    assignment_path: Path,
    isolation: Isolation,
    workers: int | None,
    new_cases: bool,
    force: bool,
    adjustments: Path | None,
    dry_run: bool,
) -> None:
    """Grade SUBMISSIONS: a folder of STUDENT.py or STUDENT.ipynb, a folder of STUDENT/ folders, or one file.

    Every name in it is a student's row, or a line that says why it is not graded.

    A run that was ended, by whatever, goes on with the same command; who was graded and did not change stays as is.

    Without SUBMISSIONS: grade what nbgrader has collected in the course directory, so that nbgrader autograde need not.

    Exit code 0 when grading worked, whatever the grades; 2 with one line when it did not.
    """
    with one_line_errors(), _ends_in_one_line(), ended_by_signals():
        from autograder.loading import load_assignment

        nbgrader_course = _read_nbgrader_course(course) if submissions is None else None
        assignment = load_assignment(assignment_path)
        if submissions is None and isolation != "bubblewrap":
            raise InputError(
                f"--isolation {isolation} goes with a folder of SUBMISSIONS and --output; "
                "nbgrader's pass takes no result that bubblewrap did not isolate"
            )
        found, left_out, folder = _what(submissions, output, course, assignment, nbgrader_course)
        with _opened(folder, assignment, adjustments, dry_run=dry_run) as book:
            cases = _cases(assignment, course, book, found, new_cases=new_cases, keep=not dry_run)
            if book:
                book.settle_adjustments({one.student for one in found}, keep=not dry_run)
            if book and not (dry_run or force):
                book.resume()
            run = _Run(
                assignment=assignment,
                cases=cases,
                found={one.student: one for one in found},
                book=None if dry_run else book,
                before=book.before if book else {},
                adjustments=book.adjustments if book else {},
                isolation=isolation,
                nbgrader_course=nbgrader_course,
            )
            if isolation == "none":
                notify("isolation none: every submission runs with your rights, over your files, grades and network")
            for one in left_out:
                notify(str(one))
            summaries = _graded(run, workers)
            _tell(run, summaries, left_out, folder, course)
            _raise_faults(
                summaries, "nothing was written" if dry_run else f"the others are in {folder}. Grade these again"
            )


@contextmanager
def _opened(
    folder: Path, assignment: Assignment, adjustments: Path | None, *, dry_run: bool
) -> Iterator[Gradebook | None]:
    """Open the gradebook, for this run alone; a dry run makes none."""
    from autograder.gradebook import Gradebook

    if dry_run and not folder.is_dir():
        if adjustments:
            raise InputError(f"--adjustments {adjustments}: there are no grades in {folder} yet; leave out --dry-run")
        yield None
        return
    book = Gradebook(folder, assignment, adjustments)
    if not dry_run:
        book.lock()
    try:
        for remark in book.remarks:
            notify(remark)
        yield book
    finally:
        book.release()


def _cases(
    assignment: Assignment, course: Path, book: Gradebook | None, found: Sequence[Found], *, new_cases: bool, keep: bool
) -> Cases:
    from autograder.gradebook.regrade import cases_for

    return cases_for(assignment, course, book, [one.student for one in found], notify, new_cases=new_cases, keep=keep)


def _graded(run: _Run, workers: int | None) -> list[Summary]:
    """Grade everybody, and say on stderr what isolated them."""
    from autograder.batch import Batch

    with Batch(run.assignment, run.cases, isolation=run.isolation, workers=workers) as batch:
        if batch.remark:
            notify(batch.remark)
        try:
            return run(batch)
        except IsolationError as error:
            raise IsolationError("; ".join(filter(None, (str(error), _WAYS_OUT.get(run.isolation))))) from error
        finally:
            if batch.evidence:
                notify(isolation_line(batch.evidence))


def _raise_faults(summaries: Sequence[Summary], kept: str) -> None:
    faults = [one for one in summaries if one.status == "grader_fault"]
    if faults:
        raise AutograderError(
            f"{len(faults)} of {len(summaries)} could not be graded, through no fault of theirs "
            f"(first: {faults[0].student}: {faults[0].fault}); {kept}"
        )


@contextmanager
def _ends_in_one_line() -> Iterator[None]:
    """End in one line outside of the run itself: before it, or when all is written."""
    try:
        yield
    except KeyboardInterrupt as end:
        notify("interrupted: nothing more is graded or written")
        sys.exit(exit_code(end))


def _read_nbgrader_course(course: Path) -> Course:
    from autograder.nbgrader_plugin.course import read_course

    return read_course(course)


def _what(
    submissions: Path | None, output: Path | None, course: Path, assignment: Assignment, nbgrader_course: Course | None
) -> tuple[tuple[Found, ...], tuple[LeftOut, ...], Path]:
    """Find the submissions, what is none, and the folder that the grades go to."""
    from autograder.course import grades_folder
    from autograder.loading import list_submissions

    if nbgrader_course:
        if output is not None:
            raise InputError(
                f"--output {output} goes with a folder of SUBMISSIONS; a course's grades go to "
                f"{grades_folder(course, assignment.id)}, where nbgrader's pass finds them"
            )
        collected = nbgrader_course.submissions(assignment.id)
        return collected.found, collected.left_out, grades_folder(course, assignment.id)
    if submissions is None or output is None:
        raise InputError(f"no --output: give a folder for the grades of {submissions}, such as --output grades")
    if submissions.is_dir() and output.resolve().is_relative_to(submissions.resolve()):
        raise InputError(f"--output {output} lies in the folder of submissions {submissions}; choose one outside it")
    listing = list_submissions(submissions, assignment.check_module)
    return listing.found, listing.left_out, output


def _tell(run: _Run, summaries: list[Summary], left_out: Sequence[LeftOut], folder: Path, course: Path) -> None:
    """Print what was found, who is missing, what changed, and where it is."""
    terminal = console()
    assignment = run.assignment
    counted = f"{len(summaries)} submissions" if len(summaries) != 1 else "1 submission"
    besides = f", {len(left_out)} not graded" if left_out else ""
    terminal.print(f"{assignment.title} - {counted}{besides}", style="italic", soft_wrap=True)
    if run.book or not run.before:
        terminal.print(summary_table(assignment, summaries, terminal.width), soft_wrap=True)
    for one in left_out:
        terminal.print(str(one), soft_wrap=True)
    if run.before:
        print_changes(terminal, run.changes, graded=run.found, before=run.before, written=run.book is not None)
    print_adjustments(terminal, run.adjustments, listed=run.book is None)
    if run.stood:
        told = f"{len(run.stood)} were graded before and did not change: their grades stand (--force grades them again)"
        terminal.print(told, soft_wrap=True)
    if not run.book:
        terminal.print("dry run: nothing was written", soft_wrap=True)
        return
    terminal.print(f"grades      {folder / 'grades.csv'}", soft_wrap=True)
    terminal.print(f"per student {folder}/STUDENT/grade.json (yours), feedback.md (theirs)", soft_wrap=True)
    if run.nbgrader_course:
        again = " --force" if run.nbgrader_course.was_autograded(assignment.id) else ""
        where = "" if course == Path() else f"   (in {course})"
        terminal.print(f"next        nbgrader autograde {assignment.id}{again}{where}", soft_wrap=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Run:
    """One run over a class; without a `book` it writes nothing."""

    assignment: Assignment
    cases: Cases
    found: Mapping[str, Found]
    book: Gradebook | None
    before: Mapping[str, Standing]
    adjustments: Adjustments
    isolation: Isolation
    nbgrader_course: Course | None
    changes: list[Change] = field(default_factory=list)
    stood: list[str] = field(default_factory=list)  #: Who was not graded again.

    def __call__(self, batch: Batch) -> list[Summary]:
        """Grade with a progress bar; on Ctrl-C or a full disk keep what is there."""
        summaries: list[Summary] = []
        try:
            with progress_bar(len(self.found), f"grading {self.assignment.id}") as advance:
                for summary in batch.run(tuple(self.found.values()), self._write, self._proved, self._stands):
                    summaries.append(summary)
                    if self.book and summary.status == "grader_fault":
                        self.book.fault(summary.student, self.cases.cases_id, batch.isolation, summary.fault)
                    advance(summary.student, fault=summary.status == "grader_fault")
            if self.book:
                self.book.write_csv()
        except KeyboardInterrupt as end:
            batch.close()
            kept = "nothing was written"
            if self.book:
                self.book.write_csv()
                kept = f"and kept in {self.book.folder}. The same command goes on with the others"
            notify(f"interrupted: {len(summaries)} of {len(self.found)} graded, {kept}")
            sys.exit(exit_code(end))
        except DiskError:
            # The table may fit where a grade did not; the first error is the one to report.
            with suppress(DiskError):
                if self.book:
                    self.book.write_csv()
            raise
        return sorted(summaries, key=lambda s: s.student)

    def _proved(self, evidence: Mapping[str, str]) -> None:
        if self.book:
            self.book.proved(evidence)

    def _mark(self, submission: Submission) -> str:
        from autograder.gradebook.fingerprint import fingerprint

        return fingerprint(submission, self.cases.cases_id, self.assignment)

    def _stands(self, submission: Submission) -> Summary | None:
        """Take the grade that an earlier run made of the very same."""
        from autograder.grading import summarise

        if self.book is None:
            return None
        mark = self._mark(submission)
        grade = self.book.graded(submission.student, f"{self.isolation}-{mark}")
        if grade is None:
            return None
        if self.nbgrader_course:
            from autograder.nbgrader_plugin.store import kept

            if kept(self.book.folder / grade.student, mark) is None:
                return None
        self.stood.append(grade.student)
        return summarise(grade)

    def _write(self, submission: Submission, graded: Grade, durations: Durations) -> None:
        from autograder.gradebook.regrade import change
        from reports.feedback.markdown import feedback

        if graded.student in self.before:
            changed = change(self.before[graded.student], graded)
            if changed:
                self.changes.append(changed)
        if self.book:
            mark = self._mark(submission)
            self.book.write(
                graded,
                feedback(self.assignment, self.book.with_adjustments(graded)),
                durations,
                f"{self.isolation}-{mark}",
            )
            if self.nbgrader_course:
                from autograder.nbgrader_plugin.store import keep
                from reports.feedback.cells import part_feedback

                keep(self.book.folder / graded.student, mark, part_feedback(self.assignment, graded))
