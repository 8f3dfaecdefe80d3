"""``hw1 export``: grades as other platforms read them."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import (
    NamedPath,
    assignment_option,
    loaded,
    notify,
    notify_names,
    refuse_used,
    say,
    spreadsheet,
    write_file,
)
from autograder.cli.exporting import Absent, absent_of, name_elsewhere, name_missing
from autograder.errors import InputError
from autograder.exports.downloads import DOWNLOADS, download_from
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.exports.gradescope import Visibility
    from autograder.exports.records import Filled, Points, Report
    from autograder.gradebook.attendance import Class
    from autograder.model import Assignment


@click.group(short_help="Grades for Canvas, Moodle, Gradescope and others.")
def export() -> None:
    """Write GRADES, the folder that `hw1 grade --output GRADES` wrote, as another platform reads them.

    canvas, moodle, brightspace and blackboard fill in the file that you download from the platform, by exact ids.

    Exit code 1 when somebody who was graded is not in that file, or somebody in it or on the roster has no grade: they
    are listed.
    """


def _of_a_class(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its GRADES, --output and --assignment."""

    @click.argument("grades", type=NamedPath())
    @click.option("--output", "-o", type=NamedPath(), required=True, help="What to write.")
    @assignment_option
    @functools.wraps(command)
    def run(grades: Path, output: Path, assignment_path: Path, **options: Any) -> None:
        command(grades, output, loaded(assignment_path), **options)

    return run


def _filled_in(platform: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--fill", type=NamedPath(), help=f"What you downloaded. In {platform.capitalize()}: {DOWNLOADS[platform]}."
    )


visibility_option = click.option(
    "--visibility",
    type=click.Choice(["visible", "hidden", "after_due_date", "after_published"]),
    default="visible",
    show_default=True,
    help="When a student sees the results.",
)
column_option = click.option("--column", help="Name of the assignment's column there.  [default: the homework's title]")


@export.command(short_help="Canvas's gradebook, filled in.")
@_filled_in("canvas")
@column_option
@_of_a_class
def canvas(grades: Path, output: Path, assignment: Assignment, fill: Path | None, column: str | None) -> None:
    """Fill in the gradebook that was exported from Canvas, to be imported there."""
    from autograder.exports import canvas as form

    data, path = _downloaded(fill, "canvas")
    points, absent = _totals(grades, assignment)
    filled = form.fill(data, path, points, column or assignment.title)
    _finish(filled, absent, output, "Canvas: Grades, Import")


@export.command("canvas-api", short_help="Grades to Canvas over its API.")
@click.argument("grades", type=NamedPath())
@click.option("--url", required=True, help="Where Canvas is, e.g. https://canvas.example.edu.")
@click.option("--course-id", type=int, required=True, help="Number in the address of the course.")
@click.option("--assignment-id", type=int, required=True, help="Number in the address of the assignment.")
@click.option("--feedback", type=NamedPath(), help="Folder of `hw1 report feedback`: PDFs to attach.")
@click.option("--send", is_flag=True, help="Send. Without it only what would be sent is listed.")
@assignment_option
def canvas_api(  # noqa: PLR0917 - click passes them by name
    grades: Path, url: str, course_id: int, assignment_id: int, feedback: Path | None, send: bool, assignment_path: Path
) -> None:
    """Send grades to Canvas, with the access token in the variable CANVAS_TOKEN. Needs the extra [canvas]."""
    from autograder.cli.tables import progress_bar
    from autograder.exports.canvas_api import Canvas

    token = os.environ.get("CANVAS_TOKEN", "")
    if not token:
        raise InputError("CANVAS_TOKEN is not set; make a token in Canvas: Account, Settings, New Access Token")
    points, absent = _totals(grades, loaded(assignment_path))
    pdfs = {} if feedback is None else _pdfs(feedback, [one.student for one in points])
    platform = Canvas(url, token, course_id, assignment_id)
    sending = platform.prepare(points)
    if send:
        platform.send(sending)
        if pdfs:
            with progress_bar(len(sending.students), "feedback") as advance:
                for student in platform.attach(sending, pdfs):
                    advance(student)
        say(f"{counted(len(sending.grades), 'grade')} sent to {url}")
    else:
        for user, student in sending.students.items():
            say(f"{student}: {sending.grades[user]:g} (user {user})")
        say(f"{counted(len(sending.grades), 'grade')} would be sent to {url}; nothing was. Use --send to send")
    notify_names("graded, but not in the course", sending.unmatched)
    notify_names("in the course without a grade", sending.without)
    if name_elsewhere(absent, sending.known, "the course") or sending.unmatched or sending.without:
        sys.exit(1)


@export.command(short_help="Moodle's grading worksheet, filled in.")
@_filled_in("moodle")
@click.option(
    "--decimal",
    type=click.Choice([".", ","]),
    default=".",
    show_default=True,
    help="Decimal mark in the file that you upload.",
)
@click.option("--pdfs", type=NamedPath(), help="Folder of `hw1 report feedback`: PDFs to pack.")
@click.option("--zip", "packed", type=NamedPath(), help="Archive to write, for Upload multiple feedback files.")
@_of_a_class
def moodle(  # noqa: PLR0917 - click passes them by name
    grades: Path,
    output: Path,
    assignment: Assignment,
    fill: Path | None,
    decimal: str,
    pdfs: Path | None,
    packed: Path | None,
) -> None:
    """Fill in the grading worksheet that was downloaded from Moodle, feedback too, to be uploaded there."""
    from autograder.exports import moodle as form
    from autograder.exports.markup import to_html
    from autograder.exports.records import points_of
    from autograder.gradebook.attendance import ids_alone

    data, path = _downloaded(fill, "moodle")
    if (pdfs is None) != (packed is None):
        raise InputError("--pdfs and --zip go together: the folder of PDFs, and the archive to make of it")
    reports, enrolled = _reports(grades, assignment)
    comments = {one.student: to_html(one.markdown) for one in reports}
    ids = ids_alone(enrolled)
    points = [points_of(one, ids.get(one.student, ())) for one in reports]
    called = {student: one.name for student, one in enrolled.items() if one.name and not one.ids}
    filled = form.fill(data, path, points, comments, decimal, called=called)
    if pdfs is not None and packed is not None:
        found = _pdfs(pdfs, [one.student for one in reports])
        contents = {student: pdf.read_bytes() for student, pdf in found.items()}
        write_file(packed, form.feedback_zip(data, path, points, contents, called=called))
        say(f"{counted(len(found), 'PDF')} in {packed}; next: Moodle: Upload multiple feedback files in a zip")
    _finish(
        filled, absent_of(points, enrolled), output, "Moodle: the assignment, Submissions, Upload grading worksheet"
    )


def _pdfs(folder: Path, students: Sequence[str]) -> dict[str, Path]:
    """Find each student's PDF; who has none is named."""
    paths = {student: folder / f"{student}.pdf" for student in students}
    found = {student: path for student, path in paths.items() if path.is_file()}
    if not found:
        raise InputError(
            f"{folder}: no student's PDF is in it; make them with hw1 report feedback, or give their folder"
        )
    notify_names("without a PDF", [student for student in students if student not in found])
    return found


@export.command(short_help="Brightspace's grades, filled in.")
@_filled_in("brightspace")
@column_option
@_of_a_class
def brightspace(grades: Path, output: Path, assignment: Assignment, fill: Path | None, column: str | None) -> None:
    """Fill in the grades that were exported from Brightspace, to be imported there."""
    from autograder.exports import brightspace as form

    data, path = _downloaded(fill, "brightspace")
    points, absent = _totals(grades, assignment)
    filled = form.fill(data, path, points, column or assignment.title)
    _finish(filled, absent, output, "Brightspace: Grades, Enter Grades, Import")


@export.command(short_help="Blackboard's grades, filled in.")
@_filled_in("blackboard")
@column_option
@_of_a_class
def blackboard(grades: Path, output: Path, assignment: Assignment, fill: Path | None, column: str | None) -> None:
    """Fill in the grades that were downloaded from Blackboard, to be uploaded there."""
    from autograder.exports import blackboard as form

    data, path = _downloaded(fill, "blackboard")
    points, absent = _totals(grades, assignment)
    filled = form.fill(data, path, points, column or assignment.title)
    _finish(filled, absent, output, "Blackboard: Grade Center, Work Offline, Upload")


@export.command(short_help="One results.json per student, for Gradescope.")
@visibility_option
@_of_a_class
def gradescope(grades: Path, output: Path, assignment: Assignment, visibility: Visibility) -> None:
    """Write OUTPUT/STUDENT/results.json as Gradescope's autograders do."""
    from autograder.exports import gradescope as form

    _each(grades, output, assignment, lambda one, _: form.results(one, visibility), "results.json")


@export.command(short_help="One results.json per student, for PrairieLearn.")
@_of_a_class
def prairielearn(grades: Path, output: Path, assignment: Assignment) -> None:
    """Write OUTPUT/STUDENT/results.json as PrairieLearn's external graders do."""
    from autograder.exports import prairielearn as form

    _each(grades, output, assignment, lambda one, _: form.results(one), "results.json")


@export.command(short_help="One result.json per student, for Classroom 50.")
@_of_a_class
def classroom50(grades: Path, output: Path, assignment: Assignment) -> None:
    """Write OUTPUT/STUDENT/result.json for Classroom 50, all points doubled, since it has whole ones only."""
    from autograder.exports import classroom50 as form

    _each(
        grades, output, assignment, lambda one, everybody: form.results(one, form.factor_of(everybody)), "result.json"
    )


@export.command(short_help="JUnit's XML, for any CI.")
@_of_a_class
def junit(grades: Path, output: Path, assignment: Assignment) -> None:
    """Write OUTPUT, a JUnit XML file: one suite per student, one case per criterion, points as properties."""
    from autograder.exports import junit as form

    _whole(grades, output, assignment, lambda reports, _: form.document(reports))


@export.command(short_help="A CSV file of the class.")
@_of_a_class
def csv(grades: Path, output: Path, assignment: Assignment) -> None:
    """Write OUTPUT, a CSV file: one row per student, one column per criterion."""
    from autograder.exports import tables

    _whole(grades, output, assignment, tables.csv_document)


@export.command(short_help="A Parquet file of the class.")
@_of_a_class
def parquet(grades: Path, output: Path, assignment: Assignment) -> None:
    """Write OUTPUT, a Parquet file: one row per student, one column per criterion. Needs the extra [parquet]."""
    from autograder.exports import tables

    _whole(grades, output, assignment, tables.parquet_document)


def _downloaded(fill: Path | None, platform: str) -> tuple[bytes, str]:
    if fill is None:
        raise InputError(
            f"{platform} knows its students by ids that only it has: {download_from(platform)}, then give that file "
            "with --fill"
        )
    return spreadsheet(fill, "give the file you downloaded"), str(fill)


def _totals(grades: Path, assignment: Assignment) -> tuple[list[Points], Absent]:
    """Read everybody's total, and who is on the roster without one."""
    from autograder.exports.records import points_of
    from autograder.gradebook.attendance import ids_alone
    from autograder.gradebook.reading import read_class

    found = read_class(grades, assignment)
    _refuse_unread([one.path for one in found.unread if one.path.endswith("grade.json")], grades)
    enrolled = {one.student: one for one in found.enrolled}
    ids = ids_alone(enrolled)
    points = [points_of(result, ids.get(result.student, ())) for result in found.results]
    return points, absent_of(points, enrolled)


def _reports(grades: Path, assignment: Assignment) -> tuple[tuple[Report, ...], Class]:
    """Read everybody's grade, and who is in the class."""
    from autograder.exports.records import report_of
    from autograder.gradebook.reading import read_each, read_roster

    reports, unread = read_each(grades, assignment, lambda record, text: report_of(record, assignment, text))
    _refuse_unread([one.path for one in unread], grades)
    return reports, read_roster(grades)


def _refuse_unread(paths: Sequence[str], grades: Path) -> None:
    """Export all or nothing: who is left out in silence has no grade on the platform."""
    if paths:
        raise InputError(
            f"{grades}: {len(paths)} grades cannot be read (first: {paths[0]!a}); grade again before the export"
        )


def _finish(filled: Filled, absent: Absent, output: Path, where: str) -> None:
    write_file(output, filled.data)
    say(f"{counted(filled.filled, 'grade')} in {output}; next: {where}")
    notify_names("graded, but not in the download", filled.unmatched)
    notify_names("in the download without a grade", filled.without)
    notify_names("locked there, so the grade would not be taken", filled.locked)
    notify_names("excused there, so left out", filled.excused)
    notify_names("not asked for it there (N/A), so left out", filled.unassigned)
    if filled.remark:
        notify(filled.remark)
    elsewhere = name_elsewhere(absent, filled.known, "the download")
    if elsewhere or filled.unmatched or filled.without or filled.locked or filled.excused or filled.unassigned:
        sys.exit(1)


def _each(
    grades: Path,
    output: Path,
    assignment: Assignment,
    lay_out: Callable[[Report, tuple[Report, ...]], Mapping[str, Any]],
    name: str,
) -> None:
    refuse_used(output)
    reports, enrolled = _reports(grades, assignment)
    laid_out = {one.student: lay_out(one, reports) for one in reports}
    for student, document in laid_out.items():
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
        write_file(output / student / name, text + "\n")
    say(f"{counted(len(reports), 'file')} in {output}/STUDENT/{name}")
    name_missing(reports, enrolled)


def _whole(
    grades: Path, output: Path, assignment: Assignment, lay_out: Callable[[tuple[Report, ...], tuple[str, ...]], bytes]
) -> None:
    from autograder.gradebook.adjustments import possible_points

    reports, enrolled = _reports(grades, assignment)
    write_file(output, lay_out(reports, tuple(possible_points(assignment))))
    say(f"{counted(len(reports), 'student')} in {output}")
    name_missing(reports, enrolled)
