"""Seconds for documents: the solution beside a bare pdflatex run and PyLaTeX's own, and the feedback of 100 students.

Run as ``python -m tests.benchmarks.documents``. Medians of `REPEATS`; every figure is of a process that has imported
what it needs.
"""

from __future__ import annotations

import dataclasses
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.cli.report_documents import _examples
from autograder.gradebook.reading import read_grades
from autograder.loading import load_assignment, part_codes
from autograder.mathematics.proof.proving import prove
from autograder.model import Assignment
from reports.feedback.typeset import typeset_class
from reports.latex import compile_pdf, find_engine
from reports.solution import solution

REPEATS = 3
STUDENTS = 100


def median(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """Measure a call."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def bare(tex: str, folder: Path) -> None:
    """Run pdflatex once, as a person would who has the .tex."""
    (folder / "bare.tex").write_text(tex, encoding="utf-8")
    command = [str(find_engine().path), "-interaction=batchmode", "bare.tex"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def solutions(assignment: Assignment, folder: Path) -> list[tuple[str, float]]:
    """The solution, from the proof on."""
    start = time.perf_counter()
    proof = prove(assignment)
    proved = time.perf_counter() - start
    codes = part_codes(assignment)
    document = solution(assignment, proof, codes, _examples(assignment, folder))
    tex = document.dumps()
    rows = [
        ("solution: proving every equality, once", proved),
        ("solution: PyLaTeX builds and dumps", median(lambda: solution(assignment, proof, codes, ()).dumps())),
        ("solution: hw1 compiles (settled, gated, fresh folder)", median(lambda: compile_pdf(tex))),
        ("solution: one bare pdflatex run of the same .tex", median(lambda: bare(tex, folder))),
    ]
    if shutil.which("pdflatex"):
        own = folder / "own"
        run = median(lambda: document.generate_pdf(str(own), compiler="pdflatex"))
        rows.append(("solution: PyLaTeX's generate_pdf, compiler pdflatex", run))
    if shutil.which("latexmk"):
        rows.append(("solution: PyLaTeX's generate_pdf, as it comes", median(lambda: document.generate_pdf(str(own)))))
    return rows


def feedback(assignment: Assignment, folder: Path) -> list[tuple[str, float]]:
    """Everybody's feedback, together and (a few) one by one; the bundled class, over and over."""
    command = [Path(sys.executable).with_name("hw1"), "grade", "tests/submissions/class", "--course", folder]
    subprocess.run([*command, "--output", folder / "grades"], check=True, capture_output=True)
    real = read_grades(folder / "grades", assignment).grades
    grades = [
        dataclasses.replace(real[number % len(real)], student=f"student-{number:03d}") for number in range(STUDENTS)
    ]
    few = grades[: len(real)]
    apart = median(lambda: [list(typeset_class(assignment, [one])) for one in few], 1) / len(few)
    return [
        (f"feedback: {STUDENTS} PDFs, fifty in a run", median(lambda: list(typeset_class(assignment, grades)))),
        (f"feedback: {STUDENTS} PDFs, each in a run of its own (from {len(few)})", apart * STUDENTS),
    ]


def main() -> None:
    """Print the table."""
    assignment = load_assignment(Path("solutions"))
    with tempfile.TemporaryDirectory() as name:
        rows = solutions(assignment, Path(name)) + feedback(assignment, Path(name))
    width = max(len(what) for what, _ in rows)
    for what, seconds in rows:
        sys.stdout.write(f"{what:{width}}  {seconds:7.2f} s\n")


if __name__ == "__main__":
    main()
