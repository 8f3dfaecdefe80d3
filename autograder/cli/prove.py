"""``hw1 prove``: every equality of the derivations, decided."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from autograder.cli._common import assignment_option, console, one_line_errors

if TYPE_CHECKING:
    from autograder.derivation.records import ProvedDerivation, ProvedStep

_SILENT_FOR = 2.0


@click.command(short_help="Decide every equality of the written solution.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@assignment_option
def prove(file: Path | None, assignment_path: Path) -> None:
    """Prove the solution: decide every equality of its derivations, and say how.

    With FILE (.md, .tex or .ipynb): judge a student's written answer instead, line by line, in the sandbox.

    Exit code 0 when all hold, 1 when a line does not, 2 when a line of the solution, or FILE, cannot be read.
    """
    if file is not None:
        from autograder.cli.prove_file import prove_file

        prove_file(file, assignment_path)
    with one_line_errors():
        from autograder.derivation.proving import each
        from autograder.loading import load_assignment

        assignment = load_assignment(assignment_path)
        total = sum(len(question.derivations) for question in assignment.questions)
        proved = []
        with _progress(total) as advance:
            for derivation in each(assignment):
                proved.append(derivation)
                if not derivation.holds:
                    break
                advance()
    sys.exit(0 if _show(proved) else 1)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call after each piece of work; a bar appears when it takes longer than a moment."""
    from rich.progress import Progress

    terminal = console(stderr=True)
    bar = Progress(console=terminal, transient=True, disable=not terminal.is_terminal)
    task = bar.add_task("proving", total=total)
    began, shown = monotonic(), False

    def advance() -> None:
        nonlocal shown
        bar.advance(task)
        if not shown and monotonic() - began > _SILENT_FOR:
            bar.start()
            shown = True

    try:
        yield advance
    finally:
        if shown:
            bar.stop()


def _show(proved: Sequence[ProvedDerivation]) -> bool:
    """Print the equalities up to the first that does not hold; whether all do."""
    from autograder.derivation.records import Proof
    from reports.plain import plain

    for derivation in proved:
        result = f" (result {derivation.result})" if derivation.result else ""
        click.echo(f"{derivation.question}: {plain(derivation.title)}{result}")
        before = derivation.left
        for step in derivation.steps:
            if not step.holds:
                click.echo(f"  {step.number:3}  does not hold, by {step.rule}: {step.complaint}")
                click.echo(f"       {before}\n       = {step.latex}")
                return False
            click.echo(f"  {step.number:3}  {step.rule}: {plain(_ways(step))}")
            before = step.latex
    proof = Proof(derivations=tuple(proved))
    click.echo(
        f"{len(proof.equalities)} equalities in {len(proved)} derivations hold, "
        f"{proof.for_all_sizes} of them for all sizes"
    )
    return True


def _ways(step: ProvedStep) -> str:
    """How an equality was decided: against the side before, and when that is another, against the first."""
    ways = [one.words for one in step.decisions if not one.first]
    first = [one.words for one in step.decisions if one.first]
    if first:
        ways.append(
            "the same against the first side" if first == ways[: len(first)] else f"first side {'; '.join(first)}"
        )
    return "; ".join(ways)
