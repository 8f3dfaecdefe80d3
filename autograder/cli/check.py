"""``hw1 check``: what a student can find out alone."""

import sys
from pathlib import Path

import click

from autograder.cli.common import NamedPath, assignment_option, loaded, variant_of, variant_option


@click.command(short_help="Public cases and finite differences, as a student can see them.")
@click.argument("file", type=NamedPath())
@variant_option
@assignment_option
def check(file: Path, variant: int | None, assignment_path: Path) -> None:
    """Check FILE as a student can: public cases and finite differences, no grade. Hidden cases decide the grade.

    Runs FILE on this machine without a sandbox: for your own code. The self-check of a release says the same.
    """
    from autograder.release import build_selfcheck, run_selfcheck

    program = build_selfcheck(variant_of(loaded(assignment_path), variant))
    sys.exit(run_selfcheck(program, file))
