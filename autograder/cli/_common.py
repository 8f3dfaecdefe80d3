"""What every command shares: options, one-line errors, a console."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
        click.echo(f"hw1: {' '.join(str(error).split())}", err=True)
        sys.exit(2)


def console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def notify(line: str) -> None:
    click.echo(f"hw1: {line}", err=True)
