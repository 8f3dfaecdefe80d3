"""What every command shares: options, one-line errors, a console."""

from __future__ import annotations

import codecs
import errno
import io
import math
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.errors import AutograderError, InputError
from autograder.shown import harmless, visible
from autograder.words import counted, few

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.model import Assignment, Question


class NamedPath(click.Path):
    """A path that a person names; what no command could use, whatever stands there, is refused as misuse."""

    def __init__(self, *, file_okay: bool = True) -> None:
        super().__init__(path_type=Path, file_okay=file_okay)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take the path; one that is empty, too long, in a closed folder or a loop of links is misuse."""
        if value == "":
            self.fail("it is empty; name a path, '.' for the current directory", param, ctx)
        try:
            os.stat(value)  # noqa: PTH116 - a Path would tell of some of these as if nothing were there
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):
                self.fail(f"{value} cannot be reached ({error.strerror}); name another path", param, ctx)
        return super().convert(value, param, ctx)


class Span(click.FloatRange):
    """A time above 0 and up to `most`, in whatever unit; no range of click's refuses what is no number."""

    def __init__(self, most: float) -> None:
        super().__init__(min=0, min_open=True, max=most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Take the number."""
        span: float = super().convert(value, param, ctx)
        if math.isnan(span):
            self.fail(f"{value} is not a number; give one up to {self.max:g}", param, ctx)
        return span


def _chosen_assignment(context: click.Context, _: click.Parameter, given: Path | None) -> Path | None:
    if context.resilient_parsing:
        return given
    from autograder.cli.choosing import assignment_folder

    return assignment_folder(given, context.params.get("course", Path()))


assignment_option = click.option(
    "--assignment",
    "assignment_path",
    type=NamedPath(),
    callback=_chosen_assignment,
    help="The assignment's folder, or the name of one that is installed. Default: what the course's nbgrader_config.py "
    "names, else ./solutions, else the one that is installed.",
)
question_option = click.option("--question", default="", help="Look only at the question with this id, such as q2.")
paper_option = click.option(
    "--paper", type=click.Choice(["letter", "a4"]), default="letter", show_default=True, help="The pages' size."
)
course_option = click.option(
    "--course",
    type=NamedPath(),
    default=Path(),
    is_eager=True,  # the homework may depend on it
    help="Course directory: holds .autograder/secret and the cache of truths. Default: the current one.",
)


def loaded(path: Path) -> Assignment:
    """Load the homework; what does so is imported when somebody needs it."""
    from autograder.loading import load_assignment

    return load_assignment(path)


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file that is there whole or not at all, for its owner alone."""
    from autograder.gradebook import write_atomically

    write_atomically(path, content)


def refuse_used(output: Path) -> None:
    """Refuse an output folder with files in it: those of students who are gone would stand among the new ones."""
    try:
        used = output.exists() and any(output.iterdir())
    except NotADirectoryError:
        raise InputError(f"{output} is a file; choose another --output, for a folder") from None
    except OSError as error:
        raise InputError(f"{output}: cannot be listed ({error.strerror}); choose another --output") from error
    if used:
        raise InputError(f"{output} is not empty; choose another --output, so that old files stay apart from new ones")


def spreadsheet(path: Path, advice: str) -> bytes:
    """Read a spreadsheet that a person names, and no more of it than `autograder.sheet` takes."""
    from autograder.paths import read_named
    from autograder.sheet import MAX_BYTES

    try:
        return read_named(path, MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {advice}") from error


def question_of(assignment: Assignment, wanted: str) -> tuple[Question, ...]:
    """Find the question that was asked for; all when none was."""
    chosen = tuple(one for one in assignment.questions if wanted in ("", one.id))
    if not chosen:
        ids = ", ".join(one.id for one in assignment.questions)
        raise InputError(f"--question {wanted}: there is no such question; there are {ids}")
    return chosen


def same_for_all(assignment: Assignment, what: str) -> Assignment:
    """Take a homework that is the same for everybody; InputError where it has variants, unlike `what`."""
    if assignment.variants:
        raise InputError(
            f"{assignment.id} has {counted(len(assignment.variants), 'variant')}, and {what} has one homework for "
            "everybody: give it out with hw1 release student --roster, and grade it with hw1 grade SUBMISSIONS"
        )
    return assignment


variant_option = click.option(
    "--variant", type=click.IntRange(1), metavar="N", help="The number of a variant, where the homework has some."
)


def variant_of(assignment: Assignment, number: int | None) -> Assignment:
    """Choose a variant by its number; InputError where there are some and none was asked for, or not that one."""
    count = len(assignment.variants)
    if number is None and count:
        raise InputError(
            f"{assignment.id} has {counted(count, 'variant')}; say which: --variant 1 to --variant {count}"
        )
    if number is not None and number > count:
        there = f"there are {count}" if count else f"{assignment.id} is the same for everybody"
        raise InputError(f"--variant {number}: no such variant; {there}")
    return assignment.of(number or 0)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn our faults into one line on stderr and exit code 2."""
    try:
        yield
    except AutograderError as error:
        notify(" ".join(str(error).split()))
        sys.exit(2)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


class OneLineGroup(click.Group):
    """Commands whose every error takes one line: ours, misuse (click has three for it), a full disk."""

    def main(self, *arguments: Any, **extra: Any) -> Any:
        """Run the command; a full disk takes one line, and so does a file or folder that is not as it has to be."""
        with _one_line_where_output_ends(), _printing_whatever_comes():
            return super().main(*arguments, **extra)

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Read the arguments; misuse takes one line."""
        with _one_line_usage():
            return super().make_context(*arguments, **extra)

    def invoke(self, context: click.Context) -> Any:
        """Call the command; what an author's function divides by 0 takes no line."""
        with _one_line_usage(), _one_line_files(), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return super().invoke(context)


@contextmanager
def _one_line_where_output_ends() -> Iterator[None]:
    """End in one line when what is printed finds no room, even if that shows only as the last of it is written out."""
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        # An error of a file names the file; one of a stream does not.
        if error.errno not in _FULL or error.filename is not None:
            raise
        with suppress(OSError):
            notify(f"what is printed cannot be written ({error.strerror}); make room, or print it elsewhere")
        # What is left of the output goes nowhere: Python would try again at its end, and fail.
        with suppress(OSError, ValueError):
            lead_nowhere(sys.stdout.fileno())
        sys.exit(2)


def lead_nowhere(descriptor: int) -> None:
    """Let what is written to a descriptor be lost from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


_PLAINLY = "hw1-plainly"


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Write what a terminal has no character for as its number, and the rule of a table as hyphens."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    rest = error.object[error.start : error.end]
    return "".join("-" if one == "─" else one.encode("ascii", "backslashreplace").decode() for one in rest), error.end


codecs.register_error(_PLAINLY, _plainly)


@contextmanager
def _printing_whatever_comes() -> Iterator[None]:
    """Let a terminal that lacks a character show its number, instead of an error amid a table."""
    streams = [(one, one.errors) for one in (sys.stdout, sys.stderr) if isinstance(one, io.TextIOWrapper)]
    for stream, errors in streams:
        if errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors=_PLAINLY)
    try:
        yield
    finally:
        for stream, errors in streams:
            stream.reconfigure(errors=errors)


@contextmanager
def _one_line_files() -> Iterator[None]:
    """End in one line at an error of ours, or where the system refuses a path that no command looks at carefully."""
    with one_line_errors():
        try:
            os.getcwd()  # noqa: PTH109
        except OSError:
            gone = "the current directory is gone: it was removed or replaced; change to one that is there"
            raise InputError(gone) from None
        try:
            yield
        except OSError as error:
            if error.filename is None:
                raise
            path = os.fsdecode(error.filename)
            raise InputError(
                f"{path} cannot be used ({error.strerror}); check what is there, and who may use it"
            ) from error


@contextmanager
def _one_line_usage() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        # Without arguments the help is shown, which newer versions of click call an error.
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
            raise
        command = error.ctx.command_path if error.ctx else "hw1"
        known = getattr(error.ctx.command, "commands", {}) if error.ctx else {}
        near = [one for one in getattr(error, "possibilities", None) or () if one not in known or not known[one].hidden]
        meant = f"{error.message} Did you mean {' or '.join(map(repr, near))}?" if near else error.format_message()
        told = " ".join(meant.split())
        end = "" if told.endswith((".", "?")) else "."
        notify(f"{told}{end} Try '{command} --help'.")
        sys.exit(2)


def console(*, stderr: bool = False) -> Console:
    """Open the terminal for tables and bars, without Rich's own colors for numbers and paths."""
    from rich.console import Console

    # A path may well hold what rich takes for markup or for the name of a picture. Only bars, on stderr, are cut.
    return Console(stderr=stderr, highlight=False, soft_wrap=not stderr, markup=False, emoji=False)


def say(text: object = "") -> None:
    """Print lines; a terminal obeys control characters, and names of files may hold them."""
    click.echo(harmless(str(text)))  # noqa: TID251


def notify(line: str) -> None:
    """Say something in one line on stderr."""
    click.echo(f"hw1: {visible(line)}", err=True)  # noqa: TID251


def raise_faults(faults: Mapping[str, str], total: int, kept: str) -> None:
    """End with an error where we failed on some students: it names the first of them."""
    if faults:
        student, fault = min(faults.items())
        raise AutograderError(
            f"{len(faults)} of {total} could not be graded, through no fault of theirs "
            f"(first: {student}: {fault}); {kept}"
        )


_NAMED = 10


def notify_names(what: str, names: Sequence[str]) -> None:
    """Say of how many something is true, and name the first of them; nothing when it is of nobody."""
    if names:
        notify(f"{len(names)} {what}: {few(names, _NAMED)}")
