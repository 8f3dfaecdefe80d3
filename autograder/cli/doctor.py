"""``hw1 doctor``: what this machine has, what each missing piece would give, and the command for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.common import course_option, say

if TYPE_CHECKING:
    from autograder.cli.examined import Piece

_NAME = 17


@click.command(short_help="What this machine has, and what is missing.")
@course_option
def doctor(course: Path) -> None:
    """Look what grading and everything else needs, and say of each missing piece what it gives and how to get it.

    The sandbox is started for it. Exit code 0 when grading works here, 1 when it does not.
    """
    from autograder.cli.examined import pieces

    found = list(pieces(course))
    for piece in found:
        _show(piece)
    stops = [piece.name for piece in found if piece.needed and not piece.found]
    if stops:
        say(f"\ngrading does not work here: see {', '.join(stops)}")
        sys.exit(1)
    level = next(piece.found.partition(":")[0] for piece in found if piece.name == "isolation")
    say(f"\ngrading works{'' if level == 'bubblewrap' else f', with --isolation {level}'}")


def _show(piece: Piece) -> None:
    if piece.found:
        say(f"ok       {piece.name:{_NAME}} {piece.found}")
    else:
        say(f"{'STOPS' if piece.needed else 'missing':8} {piece.name:{_NAME}} {piece.gives}")
    if piece.advice:
        say(f"{'':8} {'':{_NAME}} {'' if piece.found else '-> '}{piece.advice}")
