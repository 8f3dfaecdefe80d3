"""``hw1 grade``: a folder of submissions, a progress bar, a table."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.attending import collected, news_of
from autograder.cli.collect import unpacked
from autograder.cli.common import (
    NamedPath,
    assignment_option,
    console,
    course_option,
    loaded,
    notify,
    raise_faults,
    same_for_all,
)
from autograder.cli.ending import ended_by_signals
from autograder.cli.tables import print_adjustments, print_changes, print_lines, print_open, summary_table
from autograder.errors import InputError
from autograder.shown import visible
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.cli.run import Engine, Run
    from autograder.gradebook import Gradebook
    from autograder.gradebook.attendance import News
    from autograder.gradebook.shards import Shard
    from autograder.grading import Summary
    from autograder.loading import Found, LeftOut
    from autograder.model import Assignment
    from autograder.nbgrader_plugin.course import Course
    from autograder.words import Isolation


def _shard(_: click.Context, __: click.Parameter, text: str | None) -> Shard | None:
    if text is None:
        return None
    from autograder.gradebook.shards import MOST, shard_named

    shard = shard_named(text)
    if shard is None:
        raise click.BadParameter(f"{text!r} is not a shard: give K/N such as 3/16, K from 1 to N, N at most {MOST}")
    return shard


@click.command(short_help="Grade a folder of submissions, or what a course has collected.")
@click.argument("submissions", type=NamedPath(), required=False)
@click.option("--output", "-o", type=NamedPath(), help="Folder for grades and feedback.")
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
@click.option("--force", is_flag=True, help="Grade everybody again, including those graded before who did not change.")
@click.option(
    "--shard",
    metavar="K/N",
    callback=_shard,
    help="Grade one of N shares of the class, into a folder in OUTPUT; hw1 merge joins them. It uses the "
    "secret and truths that are there, and makes none.",
)
@click.option(
    "--adjustments",
    type=NamedPath(),
    help="CSV of student, criterion, points to add, reason; kept as adjustments.csv beside the grades, and applied "
    "from then on wherever grades are shown.",
)
@click.option(
    "--roster",
    type=NamedPath(),
    help="CSV of the class (student, and name, email, group, late_days, ...); kept as roster.csv beside the grades: "
    "who handed in nothing, who was late, and groups are then shown with them.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where submissions run: here, or on the workers of a Dask cluster.",
)
@click.option("--scheduler", metavar="tls://HOST:PORT", help="The cluster's scheduler, with --engine dask.")
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
    shard: Shard | None,
    adjustments: Path | None,
    roster: Path | None,
    engine: str,
    scheduler: str | None,
    dry_run: bool,
) -> None:
    """Grade SUBMISSIONS: a folder of STUDENT.py or STUDENT.ipynb, a folder of STUDENT/ folders, or one file.

    Or a class's submissions as Canvas, Gradescope, Moodle, Blackboard or Brightspace hand them out, a zip.

    Every name in it is a student's row, or a line that says why it is not graded.

    A run that was ended, by whatever, goes on with the same command; who was graded and did not change stays as is.

    Without SUBMISSIONS: grade what nbgrader has collected in the course directory, so that nbgrader autograde need not.

    Exit code 0 when grading worked, whatever the grades; 2 with one line when it did not.
    """
    with ended_by_signals(), ExitStack() as doors:
        from autograder.cli.run import Engine

        chosen = Engine.chosen(engine, scheduler, workers, assignment_path)
        doors.enter_context(chosen.ahead(isolation))
        gc.disable()  # until somebody is graded: what is imported is no garbage
        doors.callback(gc.enable)

        from autograder.cli.choosing import course_in

        asked = _Asked(
            course=course,
            isolation=isolation,
            new_cases=new_cases,
            force=force,
            shard=shard,
            adjustments=adjustments,
            dry_run=dry_run,
        )
        nbgrader_course = course_in(course) if submissions is None else None
        assignment = loaded(assignment_path)
        if submissions is None:
            _refuse_for_nbgrader(isolation, shard)
            same_for_all(assignment, "an nbgrader course")
        if shard:
            same_for_all(assignment, "a shard")
        if scheduler:
            same_for_all(assignment, "a cluster")
        for option, given in (("adjustments", adjustments), ("roster", roster)):
            if shard and given:
                raise InputError(f"--{option} {given} goes with a whole class; give it to hw1 grade after hw1 merge")
        folder = doors.enter_context(unpacked(submissions)) if submissions else None
        listed = _what(folder, output, course, assignment, nbgrader_course)
        students = [one.student for one in listed[0]]
        if shard and folder and any(one.name or one.group or one.late for one in collected(folder).values()):
            notify(
                f"names, groups and lateness are not in a shard; after hw1 merge, hw1 grade {submissions} --output "
                "MERGED adds them, and grades nobody again"
            )
        news = news_of(roster, None if shard else folder, students, by_id=bool(assignment.variants))
        _grade(assignment, asked, chosen, nbgrader_course, news, *listed)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a person asked for, beside who is graded and where."""

    course: Path
    isolation: Isolation
    new_cases: bool
    force: bool
    shard: Shard | None
    adjustments: Path | None
    dry_run: bool


def _grade(  # noqa: PLR0917 - the last three are one listing
    assignment: Assignment,
    asked: _Asked,
    engine: Engine,
    nbgrader_course: Course | None,
    news: News,
    everybody: tuple[Found, ...],
    left_out: tuple[LeftOut, ...],
    folder: Path,
) -> None:
    from autograder.cli.run import Run, graded
    from autograder.gradebook.attendance import in_class
    from autograder.gradebook.regrade import cases_for
    from autograder.naming import Library

    found = everybody
    if asked.shard:
        found, left_out, folder = _share(asked.shard, found, left_out, folder)
    with _opened(folder, assignment, asked.adjustments, news, dry_run=asked.dry_run) as book:
        sittings = cases_for(
            assignment,
            asked.course,
            book,
            [one.student for one in found],
            notify,
            new_cases=asked.new_cases,
            keep=not asked.dry_run,
            only_stored=asked.shard is not None,
        )
        if book:
            book.settle_adjustments({one.student for one in everybody}, keep=not asked.dry_run)
        if book and not (asked.dry_run or asked.force):
            book.resume()
        run = Run(
            assignment=assignment,
            sittings=sittings,
            library=lambda one: Library(one.assignment, one.cases, asked.course, notify, keep=not asked.dry_run),
            found={one.student: one for one in found},
            book=None if asked.dry_run else book,
            before=book.before if book else {},
            adjustments=book.adjustments if book else {},
            enrolled=book.enrolled if book else in_class(news.after({})),
            isolation=asked.isolation,
            engine=engine,
            nbgrader_course=nbgrader_course,
            shard=asked.shard,
            everybody=[one.student for one in everybody],
        )
        if asked.isolation == "none":
            notify("isolation none: every submission runs with your rights, over your files, grades and network")
        for one in left_out:
            notify(str(one))
        summaries = graded(run)
        _tell(run, summaries, left_out, folder, asked.course)
        kept = "nothing was written" if asked.dry_run else f"the others are in {folder}. Grade the failed ones again"
        faults = {one.student: one.fault for one in summaries if one.status == "grader_fault"}
        raise_faults(faults, len(summaries), kept)


@contextmanager
def _opened(
    folder: Path, assignment: Assignment, adjustments: Path | None, news: News, *, dry_run: bool
) -> Iterator[Gradebook | None]:
    """Open the gradebook, for this run alone; a dry run makes none."""
    from autograder.gradebook import Gradebook

    if dry_run and not folder.is_dir():
        if adjustments:
            raise InputError(f"--adjustments {adjustments}: there are no grades in {folder} yet; leave out --dry-run")
        yield None
        return
    book = Gradebook(folder, assignment, adjustments, news)
    if not dry_run:
        book.lock()
    try:
        for remark in book.remarks:
            notify(remark)
        yield book
    finally:
        book.release()


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
        listing = nbgrader_course.submissions(assignment.id, assignment.check_module)
        return listing.found, listing.left_out, grades_folder(course, assignment.id)
    if submissions is None or output is None:
        raise InputError(f"no --output: give a folder for the grades of {submissions}, such as --output grades")
    if submissions.is_dir() and output.resolve().is_relative_to(submissions.resolve()):
        raise InputError(f"--output {output} lies in the folder of submissions {submissions}; choose one outside it")
    if submissions.is_file() and output.resolve() == submissions.parent.resolve():
        raise InputError(
            f"--output {output} is the folder of {submissions}: grades would lie among submissions; choose another"
        )
    listing = list_submissions(submissions, assignment.check_module)
    if listing.remark:
        notify(listing.remark)
    return listing.found, listing.left_out, output


def _refuse_for_nbgrader(isolation: Isolation, shard: Shard | None) -> None:
    if isolation != "bubblewrap":
        raise InputError(
            f"--isolation {isolation} goes with a folder of SUBMISSIONS and --output; "
            "nbgrader's pass takes no result that bubblewrap did not isolate"
        )
    if shard:
        raise InputError(f"--shard {shard} goes with a folder of SUBMISSIONS and --output")


def _share(
    shard: Shard, found: Sequence[Found], left_out: Sequence[LeftOut], output: Path
) -> tuple[tuple[Found, ...], tuple[LeftOut, ...], Path]:
    """Take of a class who belongs to a shard; a name that is nobody's is told of by one shard, too."""
    mine = tuple(one for one in found if shard.holds(one.student))
    return mine, tuple(one for one in left_out if shard.holds(one.name)), shard.folder(output)


def _tell(run: Run, summaries: list[Summary], left_out: Sequence[LeftOut], folder: Path, course: Path) -> None:
    """Print what was found, who is missing, what changed, and where it is."""
    terminal = console()
    assignment = run.assignment
    besides = f", {len(left_out)} not graded" if left_out else ""
    terminal.print(f"{assignment.title} - {counted(len(summaries), 'submission')}{besides}", style="italic")
    if run.book or not run.before:
        print_lines(terminal, summary_table(assignment, summaries, terminal.width, run.enrolled))
    for one in left_out:
        terminal.print(visible(str(one)))
    if run.before and (run.changes or len(run.stood) < len(summaries)):
        print_changes(terminal, run.changes, graded=run.found, before=run.before, written=run.book is not None)
    print_open(terminal, summaries, run.adjustments)
    print_adjustments(terminal, run.adjustments, listed=run.book is None)
    if run.stood:
        terminal.print(f"{len(run.stood)} unchanged since last graded, so the grade stands (--force grades them again)")
    if not run.book:
        terminal.print("dry run: nothing was written")
        return
    terminal.print(f"grades      {visible(str(folder / 'grades.csv'))}")
    terminal.print(f"per student {visible(str(folder))}/STUDENT/grade.json (yours), feedback.md (theirs)")
    if run.nbgrader_course:
        again = " --force" if run.nbgrader_course.was_autograded(assignment.id) else ""
        where = "" if course == Path() else f"   (in {visible(str(course))})"
        terminal.print(f"next        nbgrader autograde {assignment.id}{again}{where}")
