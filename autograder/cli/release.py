"""``hw1 release``: what is given out to students."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import NamedPath, assignment_option, course_option, loaded, notify, same_for_all, say
from autograder.errors import InputError
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.model import Assignment
    from autograder.release import Release

_force_option = click.option("--force", is_flag=True, help="Replace files that somebody edited, too.")


@click.group()
def release() -> None:
    """Build what students get: an nbgrader course, or a plain folder."""


@release.command(short_help="A course directory for nbgrader.")
@click.option(
    "--course",
    type=NamedPath(file_okay=False),
    required=True,
    is_eager=True,  # the homework may depend on it
    help="The course directory; created if it does not exist. Submissions and the gradebook in it are not touched.",
)
@click.option(
    "--course-id",
    help="The course's name in nbgrader's exchange. Default: the homework's course up to its number, such as cs-101.",
)
@assignment_option
@_force_option
def nbgrader(course: Path, course_id: str | None, assignment_path: Path, force: bool) -> None:
    """Write an nbgrader course directory: source notebook, self-check, configuration, and what to type next."""
    from autograder.release import course_id_of, nbgrader_course

    assignment = same_for_all(loaded(assignment_path), "nbgrader")
    built = nbgrader_course(assignment, assignment_path, course_id or course_id_of(assignment))
    _release(assignment, built, course, secrets=course, force=force)
    enter = "" if course == Path() else f"cd {shlex.quote(str(course))} && "
    say(
        f"\nNext: {enter}nbgrader generate_assignment {assignment.id}\n"
        f"then: nbgrader release_assignment {assignment.id}   (all commands: {course / 'README.md'})"
    )


@release.command(short_help="A plain folder for students.")
@click.option(
    "--output",
    type=NamedPath(file_okay=False),
    required=True,
    help="Folder for the release; created if it does not exist.",
)
@click.option(
    "--roster",
    type=NamedPath(),
    help="CSV of the class (column student, else id), for a homework that has variants: one folder per student.",
)
@course_option
@assignment_option
@_force_option
def student(output: Path, roster: Path | None, course: Path, assignment_path: Path, force: bool) -> None:
    """Write a plain folder for students: notebook, module, self-check and handout.

    Where the homework has variants, a folder for each student of the ROSTER. Which variant somebody has the course's
    secret decides: grade under the same one.
    """
    assignment = loaded(assignment_path)
    if assignment.variants:
        _release_each(assignment, roster, output, course=course, force=force)
        return
    if roster:
        raise InputError(
            f"--roster {roster} goes with a homework that has variants; {assignment.id} is the same for all"
        )
    _release(assignment, _plain(assignment), output, secrets=course, force=force)
    say(f"\nNext: give students the folder {output}; grade what comes back with hw1 grade SUBMISSIONS")


def _plain(assignment: Assignment) -> Release:
    from autograder.loading import part_stub
    from autograder.release import student_release
    from reports.handout import handout
    from reports.latex import compile_pdf

    stubs = {part.name: part_stub(part) for part in assignment.parts}
    return student_release(assignment, compile_pdf(handout(assignment, stubs).dumps()))


def _release_each(assignment: Assignment, roster: Path | None, folder: Path, *, course: Path, force: bool) -> None:
    """Build every variant that somebody has once, and write it for whoever has it."""
    from autograder import truth
    from autograder.gradebook.regrade import new_secret
    from autograder.release import for_each, refuse_leaks, write

    students = _students(assignment, roster)
    secret = new_secret(course, notify) or truth.read_secret(course, create=False)
    mine = truth.variants_for(assignment, course, secret, students)
    built = {}
    for number in sorted({*mine.values()}):
        one = assignment.of(number)
        built[number] = _plain(one)
        cases = truth.load(one, course, secret, notify)
        refuse_leaks(built[number].students, one, secret=secret, cases=cases)
    whole = for_each({student: built[number] for student, number in mine.items()})
    truth.give_out(assignment, course, mine)
    became: dict[str, set[str]] = {student: set() for student in mine}
    for written in write(whole, folder, force=force):
        became[written.path.partition("/")[0]].add(written.what)
    for student, number in mine.items():
        what = next(word for word in ("replaced", "written", "unchanged") if word in became[student])
        say(f"{what:9}  variant {number:2}  {folder / student}")
    say(
        f"\nNext: give each student the folder of that name in {folder}, and no other; grade what comes back with "
        "hw1 grade SUBMISSIONS, each named after its student as here"
    )


def _students(assignment: Assignment, path: Path | None) -> list[str]:
    """Read who is in the class, as their grades will be kept."""
    from autograder.cli.attending import read_roster_file
    from autograder.loading import student_id

    roster = read_roster_file(path)
    if roster is None:
        raise InputError(
            f"{assignment.id} has {counted(len(assignment.variants), 'variant')}, so one folder per student: give "
            "--roster CSV, whose column student names everybody"
        )
    return [student_id(one.student) for one in roster.people]


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
        say(f"{one.what:9}  {who:8}  {folder / one.path}{note}")
