"""What every command shares: options, one-line errors, a console."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.errors import AutograderError

if TYPE_CHECKING:
    from rich.console import Console

assignment_option = click.option(
    "--assignment",
    "assignment_path",
    type=click.Path(path_type=Path),
    default=Path("solutions"),
    show_default=True,
    help="The homework's package, a folder.",
)
course_option = click.option(
    "--course",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Course directory: holds .hw1/secret and the cache of truths. Default: the current one.",
)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn our faults into one line on stderr and exit code 2."""
    try:
        yield
    except AutograderError as error:
        notify(" ".join(str(error).split()))
        sys.exit(2)


class OneLineGroup(click.Group):
    """Commands whose misuse takes one line like any other error, instead of click's three."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        with _one_line_usage():
            return super().make_context(*arguments, **extra)

    def invoke(self, context: click.Context) -> Any:
        with _one_line_usage():
            return super().invoke(context)


@contextmanager
def _one_line_usage() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        # Without arguments the help is shown, which newer versions of click call an error.
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
            raise
        command = error.ctx.command_path if error.ctx else "hw1"
        notify(f"{' '.join(error.format_message().split()).rstrip('.')}. Try '{command} --help'.")
        sys.exit(2)


def console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    # A path may well hold what rich takes for markup or for the name of a picture.
    return Console(stderr=stderr, highlight=False, soft_wrap=False, markup=False, emoji=False)


def notify(line: str) -> None:
    # A terminal obeys control characters, and names of files may hold them.
    seen = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in line)
    click.echo(f"hw1: {seen}", err=True)
