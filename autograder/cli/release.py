"""``hw1 release``: what is given out to students."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import assignment_option, course_option, notify, one_line_errors

if TYPE_CHECKING:
    from autograder.model import Assignment
    from autograder.release import Release

_force_option = click.option("--force", is_flag=True, help="Replace files that somebody edited, too.")


@click.group()
def release() -> None:
    """Build what students get: an nbgrader course, or a plain folder."""


@release.command()
@click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    is_eager=True,  # the homework may depend on it
    help="The course directory; made when it is not there. Submissions and the gradebook in it are not touched.",
)
@click.option(
    "--course-id",
    help="The course's name in nbgrader's exchange. Default: the homework's course up to its number, such as cs-101.",
)
@assignment_option
@_force_option
def nbgrader(course: Path, course_id: str | None, assignment_path: Path, force: bool) -> None:
    """Write an nbgrader course directory: source notebook, self-check, configuration, and what to type next."""
    with one_line_errors():
        from autograder.loading import load_assignment
        from autograder.release import course_id_of, nbgrader_course

        assignment = load_assignment(assignment_path)
        built = nbgrader_course(assignment, assignment_path, course_id or course_id_of(assignment))
        _release(assignment, built, course, secrets=course, force=force)
        enter = "" if course == Path() else f"cd {shlex.quote(str(course))} && "
        click.echo(
            f"\nNext: {enter}nbgrader generate_assignment {assignment.id}\n"
            f"then: nbgrader release_assignment {assignment.id}   (all commands: {course / 'README.md'})"
        )


@release.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the release; made when it is not there.",
)
@course_option
@assignment_option
@_force_option
def student(output: Path, course: Path, assignment_path: Path, force: bool) -> None:
    """Write a plain folder for students: notebook, module, self-check and handout."""
    with one_line_errors():
        from autograder.loading import load_assignment, part_stub
        from autograder.release import student_release
        from reports.handout import handout
        from reports.latex import compile_pdf

        assignment = load_assignment(assignment_path)
        stubs = {part.name: part_stub(part) for part in assignment.parts}
        pdf = compile_pdf(handout(assignment, stubs).dumps())
        _release(assignment, student_release(assignment, pdf), output, secrets=course, force=force)
        click.echo(f"\nNext: give students the folder {output}; grade what comes back with hw1 grade SUBMISSIONS")


def _release(assignment: Assignment, built: Release, folder: Path, *, secrets: Path, force: bool) -> None:
    """Search, write and list a release; `secrets` is the course directory whose hidden cases may not be in it."""
    from autograder import truth
    from autograder.course import has_secret
    from autograder.release import beside, refuse_leaks, write

    secret = cases = None
    if has_secret(secrets):
        secret = truth.read_secret(secrets, create=False)
        cases = truth.load(assignment, secrets, secret, notify)
    refuse_leaks({**built.students, **beside(built, folder)}, assignment, secret=secret, cases=cases)
    for one in write(built, folder, force=force):
        who = "students" if one.path in built.students else "yours"
        note = "   you edited it; --force replaces it" if one.what == "kept" else ""
        click.echo(f"{one.what:9}  {who:8}  {folder / one.path}{note}")
