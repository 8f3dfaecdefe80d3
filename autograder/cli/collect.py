"""``hw1 collect``: a platform's download as a folder of submissions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

import click

from autograder.cli.attending import read_roster_file
from autograder.cli.common import NamedPath, notify, notify_names, refuse_used, say, write_file
from autograder.errors import InputError, OutputError
from autograder.words import counted

if TYPE_CHECKING:
    from autograder.imports.collect import Handed, Plan

_LISTED = 10


@click.command(short_help="A download from Canvas, Moodle, Gradescope, ... as a folder to grade.")
@click.argument("download", type=NamedPath())
@click.option("--output", "-o", type=NamedPath(), required=True, help="Folder for STUDENT/ folders.")
@click.option(
    "--roster",
    type=NamedPath(),
    help="CSV with a column 'student'; other columns (name, email, ids of platforms) say who is meant.",
)
def collect(download: Path, output: Path, roster: Path | None) -> None:
    """Turn DOWNLOAD into OUTPUT, a folder that `hw1 grade OUTPUT` takes: the newest attempt of each student.

    DOWNLOAD is the zip of submissions of Canvas, Gradescope, Moodle, Blackboard or Brightspace, the folder it was
    unpacked into, a folder of git clones, or a folder of students' folders. A group's files go to each of its members.

    Every file is accounted for in OUTPUT/.collected.csv. Exit code 1 when somebody is not on the roster, or a file is
    nobody's that may be somebody's work.
    """
    from autograder.imports.collect import plan
    from autograder.imports.members import members_of

    known = read_roster_file(roster)
    _refuse_output(output, download)
    with members_of(download) as members:
        planned = plan(members, known, download)
        _write(planned, output)
    _tell(planned, output)
    if planned.numbers_of_groups and known is None:
        notify(
            f"{planned.platform} gives a group's work the group's number, which may be a student's, too: if groups "
            "handed in, collect with --roster, with columns name and group"
        )
    if planned.strangers or planned.unclaimed:
        sys.exit(1)


def _refuse_output(output: Path, download: Path) -> None:
    refuse_used(output)
    if download.is_dir() and output.resolve().is_relative_to(download.resolve()):
        raise InputError(f"{output} lies in {download}; choose another --output, outside it")


@contextmanager
def unpacked(submissions: Path) -> Iterator[Path]:
    """Unpack a platform's download for as long as it is graded; whatever else is given stays as it is."""
    from autograder.imports.collect import plan
    from autograder.imports.members import members_of, quoted
    from autograder.imports.platforms import is_download

    if not is_download(submissions):
        yield submissions
        return
    with TemporaryDirectory(prefix="hw1-") as name:
        folder = Path(name) / submissions.stem
        with members_of(submissions) as members:
            planned = plan(members, None, submissions)
            if planned.unclaimed:
                raise InputError(
                    f"{submissions}: {quoted(planned.unclaimed[0])} may be somebody's work, and is no student's "
                    f"({counted(len(planned.unclaimed), 'such file')}); collect it with hw1 collect, then grade that"
                )
            try:
                _write(planned, folder)
            except OutputError as error:
                why = error.__cause__.strerror if isinstance(error.__cause__, OSError) else error
                raise InputError(
                    f"{submissions} cannot be unpacked in {gettempdir()} ({why}); make room there, or let $TMPDIR name "
                    "another folder"
                ) from error
        _tell(planned, None)
        yield folder


def _write(planned: Plan, output: Path) -> None:
    """Write all of it, or nothing: a file may prove to be damaged when it is its turn."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as name:
            whole = Path(name) / output.name
            _write_into(whole, planned)
            if output.exists():
                output.rmdir()
            whole.rename(output)
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}; choose another --output") from error


def _write_into(output: Path, planned: Plan) -> None:
    from autograder.cli.tables import progress_bar
    from autograder.gradebook.table import plain_table
    from autograder.loading.names import COLLECTED

    with progress_bar(len(planned.handed), "collecting") as advance:
        for one in planned.handed:
            for name, member in one.files:
                write_file(output / one.student / name, member.read())
            advance(one.student)
    heading = ("student", "file", "from", "late", "group", "why not", "name")
    write_file(output / COLLECTED, plain_table(heading, _rows(planned)))


def _rows(planned: Plan) -> Iterator[tuple[str, ...]]:
    for one in planned.handed:
        for name, member in one.files:
            yield (one.student, name, member.path, "late" if one.late else "", " ".join(one.group), "", one.called)
    for path, why in planned.left:
        yield ("", "", path, "", "", why, "")


def _tell(planned: Plan, output: Path | None) -> None:
    """Say what was found; without an output, what is graded at once."""
    from autograder.imports.members import quoted
    from autograder.imports.records import GIT_FILES, PAPERS
    from autograder.loading.names import COLLECTED

    handed = planned.handed
    files = sum(len(one.files) for one in handed)
    where, then = (f" in {output}", f"; next: hw1 grade {output}") if output else ("", "")
    say(
        f"{counted(len(handed), 'student')}{where}, {counted(files, 'file')}, from {planned.platform}; "
        f"late: {_count(handed, 'late')}, in groups: {_count(handed, 'group')}{then}"
    )
    told = [(path, why) for path, why in planned.left if why != GIT_FILES]
    told.sort(key=lambda one: (one[0] not in planned.unclaimed, one[1] in PAPERS))
    for path, why in told[:_LISTED]:
        notify(f"not kept: {quoted(path)}, {why}")
    if len(told) > _LISTED:
        listed = f", in {output / COLLECTED}" if output else "; hw1 collect lists them all"
        notify(f"not kept: {len(told) - _LISTED} more{listed}")
    notify_names("not kept that may be somebody's work", [quoted(path) for path in planned.unclaimed])
    notify_names("handed in nothing", planned.absent)
    notify_names("not on the roster", planned.strangers)


def _count(handed: tuple[Handed, ...], what: str) -> int:
    return sum(bool(getattr(one, what)) for one in handed)
