"""``hw1 grade``: a folder of submissions, a progress bar, a table."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli._common import assignment_option, console, course_option, notify, one_line_errors
from autograder.errors import AutograderError, InputError, OutputError, SecretError

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.batch import Batch, Summary
    from autograder.gradebook import Gradebook
    from autograder.loading import Found
    from autograder.model import Assignment
    from autograder.results import Cases, Grade


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, help="Folder for grades and feedback.")
@course_option
@assignment_option
@click.option("--workers", type=click.IntRange(1, 256), help="Sandboxes at a time. Default: one per core.")
@click.option(
    "--new-cases",
    is_flag=True,
    help="Grade again although OUTPUT was graded with other cases (another secret, or changed questions).",
)
def grade(  # noqa: PLR0917 - click passes them by name
    submissions: Path, output: Path, course: Path, assignment_path: Path, workers: int | None, new_cases: bool
) -> None:
    """Grade SUBMISSIONS: a folder of STUDENT.py or STUDENT.ipynb, a folder of STUDENT/ folders, or one file.

    Exit code 0 when grading worked, whatever the grades; 2 with one line when it did not.
    """
    with one_line_errors():
        from autograder.batch import Batch
        from autograder.gradebook import Gradebook
        from autograder.loading import find_submissions, load_assignment

        if submissions.is_dir() and output.resolve().is_relative_to(submissions.resolve()):
            raise InputError(
                f"--output {output} lies in the folder of submissions {submissions}; choose one outside it"
            )
        found = find_submissions(submissions)
        assignment = load_assignment(assignment_path)
        book = Gradebook(output, assignment)
        cases = _cases(assignment, course, book, found, new_cases=new_cases)
        with Batch(assignment, cases, workers=workers) as batch:
            summaries = _run(batch, found, book, assignment, cases.cases_id)
        terminal = console()
        terminal.print(f"{assignment.title} - {len(summaries)} submissions", style="italic", soft_wrap=True)
        terminal.print(_summary_table(assignment, summaries))
        terminal.print(f"grades      {book.folder / 'grades.csv'}", soft_wrap=True)
        terminal.print(f"per student {book.folder}/STUDENT/grade.json (yours), feedback.md (theirs)", soft_wrap=True)
        faults = [s for s in summaries if s.status == "grader_fault"]
        if faults:
            raise AutograderError(
                f"{len(faults)} of {len(found)} could not be graded, through no fault of theirs "
                f"(first: {faults[0].student}: {faults[0].fault}); the others are in {book.folder}. Grade these again"
            )


def _cases(
    assignment: Assignment, course: Path, book: Gradebook, found: tuple[Found, ...], *, new_cases: bool
) -> Cases:
    """Find the run's cases, and refuse to mix them with another secret's."""
    from autograder import truth

    before = book.earlier()
    try:
        secret = truth.read_secret(course, create=not before or new_cases)
    except SecretError as error:
        if not before or "HW1_SECRET" in os.environ or (course / ".hw1" / "secret").exists():
            raise
        raise SecretError(
            f"{error}. {book.folder} holds grades made with it: put it back, or pass --new-cases to use new cases"
        ) from error
    cases = truth.load(assignment, course, secret, notify)
    others = {student for student, cases_id in before.items() if cases_id != cases.cases_id}
    if others and not new_cases:
        raise InputError(
            f"{book.folder} was graded with other cases (another secret, or the questions changed): choose another "
            "--output, or pass --new-cases to grade everybody with the present ones"
        )
    left = sorted(others - {one.student for one in found})
    if left:
        raise InputError(
            f"{book.folder} holds {len(left)} grades under other cases that this run does not replace "
            f"(first: {left[0]}): grade everybody, or choose another --output"
        )
    return cases


def _run(
    batch: Batch, found: tuple[Found, ...], book: Gradebook, assignment: Assignment, cases_id: str
) -> list[Summary]:
    """Grade with a progress bar; on Ctrl-C or a full disk keep what is there."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from reports.feedback import feedback

    def write(graded: Grade, seconds: float) -> None:
        book.write(graded, feedback(assignment, graded), seconds)

    summaries: list[Summary] = []
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[last]}"),
    )
    terminal = console(stderr=True)
    try:
        with Progress(*columns, console=terminal, disable=not terminal.is_terminal, transient=True) as progress:
            task = progress.add_task("grading", total=len(found), last="")
            for summary in batch.run(found, write):
                summaries.append(summary)
                if summary.status == "grader_fault":
                    book.fault(summary.student, cases_id, batch.isolation, summary.fault)
                progress.update(task, advance=1, last=summary.student)
    except KeyboardInterrupt:
        batch.close()
        book.write_csv()
        notify(
            f"interrupted: {len(summaries)} of {len(found)} graded, and kept in {book.folder}. "
            "The same command grades all of them again"
        )
        sys.exit(128 + signal.SIGINT)
    except OutputError:
        # The table may fit where a grade did not; the first error is the one to report.
        with suppress(OutputError):
            book.write_csv()
        raise
    book.write_csv()
    return sorted(summaries, key=lambda s: s.student)


def _summary_table(assignment: Assignment, summaries: list[Summary]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("student", no_wrap=True)
    for question in assignment.questions:
        table.add_column(question.id, justify="right")
    table.add_column("points", justify="right", style="bold")
    table.add_column("of", justify="right")
    table.add_column("what was found", overflow="fold")
    for summary in summaries:
        share = summary.earned / summary.possible
        colour = "green" if share == 1 else "yellow" if share >= 0.5 else "red"
        cells = [f"{earned:g}" for _, earned, _ in summary.questions] or [""] * len(assignment.questions)
        found = summary.fault if summary.status == "grader_fault" else ", ".join(summary.mistakes) or "all right"
        earned = "?" if summary.status == "grader_fault" else f"{summary.earned:g}"
        table.add_row(summary.student, *cells, Text(earned, style=colour), f"{summary.possible:g}", Text(found))
    graded = [s for s in summaries if s.status != "grader_fault"]
    if graded:
        columns = zip(*([earned for _, earned, _ in s.questions] for s in graded), strict=True)
        means = [f"{sum(column) / len(graded):.1f}" for column in columns]
        table.add_section()
        table.add_row(
            "mean", *means, f"{sum(s.earned for s in graded) / len(graded):.1f}", f"{assignment.possible:g}", ""
        )
    return table
