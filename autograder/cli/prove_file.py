"""``hw1 prove FILE``: a student's written answer, line by line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.common import loaded, say, variant_of
from autograder.errors import InputError

if TYPE_CHECKING:
    from autograder.results import Finding, WrittenQuestion

_WORDS = {
    "holds": "holds",
    "fails": "DOES NOT HOLD",
    "unread": "cannot read it",
    "defined": "definition",
    "right": "right",
    "wrong": "WRONG",
    "missing": "not found",
    "note": "note",
}
READABLE = (
    "letters with indices, derivatives, fractions, sums, exponentials and logarithms, roots, tanh and max, powers and "
    "primes, products of matrices, matrices with dots, cases by indices or by sign, traces, differentials, and letters "
    "that you define"
)


def prove_file(file: Path, assignment_path: Path, variant: int | None) -> None:
    """Judge a written answer and end: 1 when something is wrong, 3 when something is open, 0; 2 for a bad file."""
    from autograder.grading.written import COUNT, asked, grade_written
    from autograder.loading import read_written
    from autograder.results import Submission
    from autograder.sandbox.prover import Prover

    if file.suffix.lower() == ".pdf":
        raise InputError(f"{file}: a PDF is not read; give the .tex or .md file that it was made from")
    if file.suffix.lower() not in {".md", ".tex", ".ipynb", ".zip"}:
        raise InputError(f"{file}: no written answer; give a .md, .tex or .ipynb file, or a LaTeX project's .zip")
    assignment = variant_of(loaded(assignment_path), variant)
    written, problem = read_written(file)
    if not written:
        why = f"{file}: no written answer in it; write formulas under headings that name the questions"
        raise InputError(problem or why)
    submission = Submission(
        student=file.stem, kind="module", cells=(), sha256="", written=written, written_problem=problem
    )
    with Prover(asked(assignment)) as prover:
        findings = prover.judge(submission)
    titles = {question.id: question.title for question in assignment.questions}
    for answer in grade_written(assignment, submission, findings):
        say(titles.get(answer.question, "all of it"))
        _show(answer)
    for one in findings:
        if one.name == COUNT:
            say(one.detail)
    if not any(one.kind == "line" for one in findings):
        say("No equality was found: nothing in it is judged.")
    if any(one.mark == "unread" and one.kind == "line" for one in findings):
        say(f"What is read: {READABLE}")
    sys.exit(_exit_code(findings, whole=not problem))


def _exit_code(findings: Sequence[Finding], *, whole: bool) -> int:
    """1 for what is wrong, before 3 for what was not read or has no whole answer, before 0."""
    if any(one.mark in {"fails", "wrong"} for one in findings):
        return 1
    answers = [one for one in findings if one.kind == "answer"]
    begun = {one.question for one in findings if one.kind == "line" and one.question}
    answered = {one.question for one in answers if one.mark == "right"}
    incomplete = any(one.mark == "missing" and one.detail for one in answers)
    judged = any(one.kind == "line" for one in findings)
    unread = not whole or not judged or any(one.mark == "unread" for one in findings)
    return 3 if unread or incomplete or begun - answered else 0


def _show(answer: WrittenQuestion) -> None:
    """Print a question: remarks, a line for each equality, the answers, a summary."""
    many = len({one.label for one in answer.findings if one.label}) > 1
    for one in answer.findings:
        if one.kind == "remark":
            say(f"  {_WORDS[one.mark]}: {one.detail}")
        elif one.kind == "line":
            say(f"  {_where(one, many)}: {_WORDS[one.mark]}: {one.latex}{f' - {one.detail}' if one.detail else ''}")
    for one in answer.findings:
        if one.kind == "answer" and one.mark == "missing" and one.detail:
            say(f"  answer {one.name} ({_where(one, many)}): {one.detail}: {one.latex}")
        elif one.kind == "answer":
            what = f" ({_where(one, many)}): {one.latex}" if one.latex else ""
            why = f" - {one.detail}" if one.detail and one.mark != "right" else ""
            say(f"  answer {one.name}: {_WORDS[one.mark]}{what}{why}")


def _where(one: Finding, many: bool) -> str:
    return f"{one.label}, line {one.line}" if many else f"line {one.line}"
