"""``hw1 prove``: every equality of the derivations, decided."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from autograder.cli.common import (
    NamedPath,
    Span,
    assignment_option,
    console,
    loaded,
    question_of,
    say,
    variant_of,
    variant_option,
)
from autograder.words import counted, out_of

if TYPE_CHECKING:
    from autograder.mathematics.proof.records import Proof, ProvedDerivation, ProvedStep
    from autograder.model import Assignment

_SILENT_FOR = 2.0
_DAY = 24 * 60 * 60.0
#: What an equality is called that was not found to be wrong.
_FAILED = {"stopped": "stopped", "untried": "not tried"}


@click.command(short_help="Decide every equality of the written solution.")
@click.argument("file", type=NamedPath(), required=False)
@click.option("--question", default="", help="The id of one question, such as q2, whose equalities alone are decided.")
@click.option("--seconds", type=Span(_DAY), help="CPU time for each equality.  [default: 20]")
@variant_option
@assignment_option
def prove(file: Path | None, question: str, seconds: float | None, variant: int | None, assignment_path: Path) -> None:
    """Prove the solution: decide every equality of its derivations, and say how.

    An equality that takes longer than --seconds is stopped, and the others go on.

    With FILE (.md, .tex, .ipynb, or a LaTeX project's .zip): judge a student's written answer instead, line by line, in
    the sandbox. Files that a .tex file includes from its own folder are read where it includes them.

    Exit code 0 when all hold, 1 when a line does not, 2 when a line of the solution, or FILE, cannot be read. Of a
    written answer: 1 when something does not hold or an answer is wrong; else 3 when something was not read, when a
    question that the text addresses has no whole answer, or when it has no equality; else 0.
    """
    if file is not None:
        from autograder.cli.prove_file import prove_file

        if question:
            raise click.UsageError("--question is for the solution; FILE is judged whole")
        prove_file(file, assignment_path, variant)

    assignment = loaded(assignment_path)
    every = variant is None and assignment.variants
    proofs = [(one, _proof(one, question, seconds)) for one in every or (variant_of(assignment, variant),)]
    for one, proof in proofs:
        if one.variant:
            say(one.title)
        for derivation in proof.derivations:
            _show(derivation)
        say(_summary(proof))
    sys.exit(0 if all(proof.holds for _, proof in proofs) else 1)


def _proof(assignment: Assignment, question: str, seconds: float | None) -> Proof:
    from autograder.mathematics.proof.bounded import STEP_SECONDS
    from autograder.mathematics.proof.proving import each
    from autograder.mathematics.proof.records import Proof

    chosen = question_of(assignment, question)
    proved = []
    with _progress(sum(len(one.derivations) for one in chosen), f"proving {assignment.id}") as advance:
        for derivation in each(assignment, question=question, seconds=seconds or STEP_SECONDS):
            proved.append(derivation)
            advance()
    return Proof(derivations=tuple(proved))


@contextmanager
def _progress(total: int, label: str) -> Iterator[Callable[[], None]]:
    """Give a function to call after each piece of work; a bar appears when it takes longer than a moment."""
    from rich.progress import Progress

    terminal = console(stderr=True)
    # Without a thread that redraws: proving forks.
    bar = Progress(console=terminal, transient=True, disable=not terminal.is_terminal, auto_refresh=False)
    task = bar.add_task(label, total=total)
    began, shown = monotonic(), False

    def advance() -> None:
        nonlocal shown
        bar.advance(task)
        if not shown and monotonic() - began > _SILENT_FOR:
            bar.start()
            shown = True
        bar.refresh()

    try:
        yield advance
    finally:
        if shown:
            bar.stop()


def _show(derivation: ProvedDerivation) -> None:
    """Print a line for each equality, and of one that does not hold its two sides too."""
    from reports.plain import plain

    result = f" (result {derivation.result})" if derivation.result else ""
    say(f"{derivation.question}: {plain(derivation.title)}{result}")
    before = derivation.left
    for step in derivation.steps:
        how = _FAILED.get(step.verdict, "does not hold")
        if step.holds:
            say(f"  {step.number:3}  {step.rule}: {_ways(step)}")
        else:
            say(f"  {step.number:3}  {how}, by {step.rule}: {step.complaint}")
        if how == "does not hold" and not step.holds:
            say(f"       {before}\n       = {step.latex}")
        before = step.latex


def _summary(proof: Proof) -> str:
    """Count what holds, and name again what does not."""
    if proof.holds:
        count = len(proof.equalities)
        held = f"hold, {out_of(proof.for_all_sizes, count)} of them for all sizes"
        if count == 1:
            held = "holds, for all sizes" if proof.for_all_sizes else "holds"
        return f"{counted(count, 'equality', 'equalities')} in {counted(len(proof.derivations), 'derivation')} {held}"
    failed = [
        f"{step.number} ({derivation.question}{', ' + _FAILED[step.verdict] if step.verdict in _FAILED else ''})"
        for derivation in proof.derivations
        for step in derivation.steps
        if not step.holds
    ]
    count = len(proof.equalities)
    return f"{count - len(failed)} of {counted(count, 'equality', 'equalities')} hold; not proved: {', '.join(failed)}"


def _ways(step: ProvedStep) -> str:
    """How an equality was decided: against the side before, and when that is another, against the first."""
    from reports.plain import plain

    ways = [one.words for one in step.decisions if not one.first]
    first = [one.words for one in step.decisions if one.first]
    if first:
        ways.append(
            "the same against the first side" if first == ways[: len(first)] else f"first side {'; '.join(first)}"
        )
    return plain("; ".join(ways))
