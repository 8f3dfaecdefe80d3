"""``hw1 preview``: a question as it will look, while it is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.common import (
    NamedPath,
    assignment_option,
    loaded,
    notify,
    question_of,
    say,
    variant_of,
    variant_option,
    write_file,
)
from autograder.errors import AutograderError, InputError

if TYPE_CHECKING:
    from autograder.model import Assignment, Derivation, Part, Question

_EVERY = 0.25  #: Seconds between two looks at the files.


@click.command(short_help="Show a question as it will look.")
@click.argument("question")
@click.option("--pdf", type=NamedPath(), help="Write its page of the handout, and beside it the solution's.")
@click.option("--notebook", type=NamedPath(), help="Write its part of the notebook, an .ipynb file.")
@click.option("--watch", is_flag=True, help="Show it again whenever a file of the homework changes; Ctrl-C ends.")
@variant_option
@assignment_option
def preview(  # noqa: PLR0917 - click passes them by name
    question: str, pdf: Path | None, notebook: Path | None, watch: bool, variant: int | None, assignment_path: Path
) -> None:
    """Show QUESTION as it will look: prompt, stub, points, cases, mistakes, derivations.

    Nothing is graded, and proved only where a PDF shows the solution.
    """
    for name, file, suffix in (("pdf", pdf, ".pdf"), ("notebook", notebook, ".ipynb")):
        if file is not None and file.suffix != suffix:
            raise click.UsageError(f"--{name} {file}: name a {suffix} file")
    if not watch:
        _show(question, pdf, notebook, assignment_path, variant)
        return
    with suppress(KeyboardInterrupt):
        while True:
            before = _state(assignment_path)
            click.clear()
            try:
                _show(question, pdf, notebook, assignment_path, variant)
            except AutograderError as error:
                notify(" ".join(str(error).split()))
            while _state(assignment_path) == before:
                time.sleep(_EVERY)


def _state(folder: Path) -> dict[Path, tuple[int, int]]:
    """What tells whether a file was changed; one that is just being replaced counts as gone."""
    found = {}
    for file in sorted(folder.rglob("*.py")):
        try:
            status = file.stat()
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size)
    return found


def _show(wanted: str, pdf: Path | None, notebook: Path | None, folder: Path, variant: int | None) -> None:
    whole = loaded(folder)
    assignment = variant_of(whole, variant or (1 if whole.variants else None))
    if not wanted:
        raise InputError("QUESTION is empty; name one")
    (question,) = question_of(assignment, wanted)
    alone = replace(assignment, questions=(question,))
    for line in _lines(alone, question):
        say(line)
    if notebook is not None:
        from autograder.release import notebook as build

        _write(notebook, build(alone, nbgrader=False))
    if pdf is not None:
        _write_pdfs(assignment, alone, pdf)


def _lines(alone: Assignment, question: Question) -> Iterator[str]:
    from autograder.loading import part_stub
    from reports.plain import plain

    yield f"Question {question.title}"
    yield from ("", *(f"  {plain(line)}".rstrip() for line in _displays(question.prompt.strip())))
    for part in question.parts:
        yield from ("", *(f"  {line}".rstrip() for line in part_stub(part).splitlines()))
        yield from ("", *_rubric(part), "", *_cases(alone, part), "", *_mistakes(part))
    for derivation in question.derivations:
        yield from ("", *_derivation(derivation))


def _displays(prompt: str) -> Iterator[str]:
    """Lines of a prompt, each display on one that looks like a formula."""
    for place, piece in enumerate(prompt.split("$$")):
        yield from [f"    ${' '.join(piece.split())}$"] if place % 2 else piece.strip("\n").splitlines()


def _rubric(part: Part) -> Iterator[str]:
    for criterion in part.criteria:
        yield f"  {criterion.points:4g}  {criterion.title} ({', '.join(criterion.families)})"


def _cases(alone: Assignment, part: Part) -> Iterator[str]:
    """Families with what they draw, under a secret of our own; public ones with their numbers."""
    from autograder.truth import draw_all

    only = replace(alone, questions=(replace(alone.questions[0], parts=(part,)),))
    seen = set()
    for drawn in draw_all(only, b"preview"):
        if drawn.family.name not in seen:
            seen.add(drawn.family.name)
            public = not drawn.family.hidden
            given = ", ".join(f"{name} {_value(value, public)}" for name, value in drawn.inputs.items())
            kind = "public" if public else f"{drawn.family.draws}x"
            layout = "" if drawn.family.layout == "plain" else f" [{drawn.family.layout}]"
            yield f"  {kind:>6}  {drawn.family.name}: {drawn.family.title}: {given}{layout}"


def _value(value: Any, public: bool) -> str:
    import numpy as np

    if not isinstance(value, np.ndarray):
        return f"= {value:.3g}" if isinstance(value, float) else f"= {value!r}"
    kind = " of integers" if value.dtype.kind == "i" else ""
    return (
        f"= {np.array2string(value, precision=3, separator=', ').replace(chr(10), '')}"
        if public
        else (f"{value.shape}{kind}")
    )


def _mistakes(part: Part) -> Iterator[str]:
    for wrong in part.misconceptions:
        yield f"  mistake {wrong.name}: {wrong.hint}"


def _derivation(derivation: Derivation) -> Iterator[str]:
    from reports.plain import plain

    boxed = " (result)" if derivation.result else ""
    yield f"  {plain(derivation.title)}{boxed}"
    for assumed in derivation.assumes:
        yield f"    {plain(assumed)}"
    yield f"    {plain(f'${derivation.left}$')}"
    for step in derivation.steps:
        yield f"      = {plain(f'${step.latex}$')}    {plain(step.reason)}"
    for remark in derivation.remarks:
        yield f"    {plain(remark)}"


def _write(file: Path, content: bytes) -> None:
    write_file(file, content)
    say(f"wrote {file}")


def _write_pdfs(assignment: Assignment, alone: Assignment, pdf: Path) -> None:
    """Write the handout's page, and where there are derivations the solution's, whose equalities have to hold."""
    from autograder.loading import part_codes, part_stub
    from reports.handout import handout
    from reports.latex import compile_pdf

    stubs = {part.name: part_stub(part) for part in alone.parts}
    _write(pdf, compile_pdf(handout(alone, stubs).dumps()))
    if alone.questions[0].derivations:
        from autograder.mathematics.proof.proving import each
        from autograder.mathematics.proof.records import Proof
        from reports.solution import solution

        proof = Proof(derivations=tuple(each(assignment, question=alone.questions[0].id)))
        codes = part_codes(alone)
        document = solution(alone, proof, codes, ())
        _write(pdf.with_name(f"{pdf.stem}-solution.pdf"), compile_pdf(document.dumps()))
