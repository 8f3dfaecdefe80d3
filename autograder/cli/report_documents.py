"""``hw1 report handout`` and ``hw1 report solution``: what an instructor gives out before and after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import (
    NamedPath,
    assignment_option,
    course_option,
    loaded,
    notify,
    paper_option,
    say,
    variant_of,
    variant_option,
    write_file,
)
from autograder.errors import InputError

if TYPE_CHECKING:
    from autograder.model import Assignment
    from reports.latex import Paper
    from reports.worked import Example


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--output", "-o", type=NamedPath(), required=True, help="FILE.pdf, or FILE.tex."),
        click.option("--author", default="", help="Instead of the assignment's author."),
        paper_option,
        click.option("--date", default="", help="Instead of the date it is due, in any words."),
        variant_option,
        assignment_option,
    ):
        command = option(command)
    return command


@click.command(short_help="What is asked, what it is worth, how to hand it in.")
@_options
def handout(  # noqa: PLR0917 - click passes them by name
    output: Path, author: str, date: str, paper: Paper, variant: int | None, assignment_path: Path
) -> None:
    """Write the handout: questions, functions, points, how to hand it in."""
    _refuse_other_files(output)
    from autograder.loading import part_stub
    from reports.handout import handout as lay_out

    assignment = variant_of(loaded(assignment_path), variant)
    stubs = {part.name: part_stub(part) for part in assignment.parts}
    _write(lay_out(assignment, stubs, author=author, date=date, paper=paper), output)


@click.command(short_help="Every equality proved, with its reason, and worked numbers.")
@_options
@course_option
def solution(  # noqa: PLR0917 - click passes them by name
    output: Path, author: str, date: str, paper: Paper, variant: int | None, assignment_path: Path, course: Path
) -> None:
    """Write the solution: every equality proved, with its reason, and worked numbers. For after the deadline."""
    _refuse_other_files(output)
    from autograder.loading import part_codes
    from autograder.mathematics.proof.proving import prove
    from reports.solution import solution as lay_out

    assignment = variant_of(loaded(assignment_path), variant)
    notify("proving every equality")
    # Proving forks, and PyTorch starts threads.
    proof = prove(assignment)
    codes = part_codes(assignment)
    document = lay_out(assignment, proof, codes, _examples(assignment, course), author=author, date=date, paper=paper)
    _write(document, output)


def _examples(assignment: Assignment, course: Path) -> list[Example]:
    """Let the reference and PyTorch answer the first public case of each part."""
    from autograder.truth import public_cases, public_truths
    from reports.worked import Example

    computed = public_truths(assignment, course, notify)
    answers = {case.id: answer for case, answer in public_cases(assignment)}
    first = {case.part: case for case in reversed(computed.cases)}
    return [
        Example(
            part=part.name,
            inputs=first[part.name].inputs,
            reference=answers[first[part.name].id],
            truth=computed.truths[first[part.name].id],
        )
        for part in assignment.parts
        if part.name in first
    ]


def _refuse_other_files(output: Path) -> None:
    if output.suffix not in (".pdf", ".tex"):
        raise InputError(
            f"--output {output}: a document is a .pdf file, or the .tex it is made from; name one of these"
        )


def _write(document: Any, output: Path) -> None:
    """Write a PDF, or its LaTeX."""
    from reports.latex import compile_pdf

    tex = document.dumps()
    write_file(output, compile_pdf(tex) if output.suffix == ".pdf" else tex)
    say(f"wrote {output}")
