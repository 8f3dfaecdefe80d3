"""The handout and the solution: complete, proved, the same on every engine and at every time."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from click.testing import Result

from autograder.derivation.proving import prove
from autograder.derivation.records import Proof
from autograder.errors import ReportError
from autograder.loading import load_assignment, part_stub
from autograder.model import Assignment
from reports.handout import handout
from reports.latex import Engine, compile_pdf, find_engine, from_markdown
from reports.solution import solution

HEADINGS = ("Affine Module", "Question 1a)", "Question 1b)", "Softmax Module", "Question 2")


@pytest.fixture(scope="module")
def proof() -> Proof:
    return prove(load_assignment(Path("solutions")))


@pytest.fixture(scope="module")
def documents(assignment: Assignment, proof: Proof) -> dict[str, str]:
    """Return the LaTeX of both."""
    stubs = {part.name: part_stub(part) for part in assignment.parts}
    return {
        "handout": handout(assignment, stubs).dumps(),
        "solution": solution(assignment, proof, []).dumps(),
    }


def engines() -> list[Engine]:
    found = [find_engine()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")
        patch.delenv("HW1_PDFLATEX", raising=False)
        try:
            found.append(find_engine())
        except ReportError:
            return found
    return found


def text_of(pdf: bytes, tmp_path: Path) -> str:
    (tmp_path / "read.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(tmp_path / "read.pdf"), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.origin)
@pytest.mark.parametrize("name", ["handout", "solution"])
def test_a_document_compiles_on_every_engine_to_the_same_bytes_each_time(
    documents: dict[str, str], name: str, engine: Engine
) -> None:
    first, second = (compile_pdf(documents[name], engine=engine) for _ in range(2))
    assert first == second


def test_a_pdf_says_what_it_is(documents: dict[str, str], assignment: Assignment, tmp_path: Path) -> None:
    (tmp_path / "solution.pdf").write_bytes(compile_pdf(documents["solution"]))
    with pikepdf.open(tmp_path / "solution.pdf") as pdf, pdf.open_outline() as outline:
        assert str(pdf.Root.Lang) == "en-US"
        assert str(pdf.docinfo["/Title"]).endswith(": solution")
        assert str(pdf.docinfo["/Author"]) == assignment.author
        titles = [str(item.title) for item in outline.root]
        inner = [str(below.title) for item in outline.root for below in item.children]
    named = [title.lstrip("0123456789. ") for title in titles + inner]
    assert [title for title in named if title in HEADINGS] == sorted(HEADINGS, key=lambda h: h.startswith("Question"))


def test_every_question_is_a_bookmark_of_the_handout(
    documents: dict[str, str], assignment: Assignment, tmp_path: Path
) -> None:
    (tmp_path / "handout.pdf").write_bytes(compile_pdf(documents["handout"]))
    with pikepdf.open(tmp_path / "handout.pdf") as pdf, pdf.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
    assert titles[: len(assignment.questions)] == [question.title for question in assignment.questions]


def test_the_solution_has_every_heading_in_the_homeworks_order(documents: dict[str, str]) -> None:
    places = [documents["solution"].index(heading) for heading in HEADINGS]
    assert places == sorted(places)


def test_every_equality_that_is_printed_is_in_the_proof(documents: dict[str, str], proof: Proof) -> None:
    row = r"^\{(.*?)\} & \{\}=\{\} (?:\\def\\arraystretch\{[\d.]+\})?(.*) & [^&]* \\\\ \\noalign"
    lines = re.findall(row, documents["solution"], re.MULTILINE)
    assert [side for _, side in lines] == [step.latex for step in proof.equalities]
    assert [left for left, _ in lines if left] == [derivation.left for derivation in proof.derivations]


def test_every_result_is_boxed_and_numbered_once(documents: dict[str, str], proof: Proof) -> None:
    numbers = re.findall(r"\\resulttag\{(\d+)\}", documents["solution"])
    assert numbers == [str(number + 1) for number in range(sum(bool(d.result) for d in proof.derivations))]


def test_nothing_unproved_is_printed(assignment: Assignment, proof: Proof) -> None:
    first, *others = proof.derivations
    broken = dataclasses.replace(first.steps[0], holds=False, complaint="it differs")
    wrong = Proof(derivations=(dataclasses.replace(first, steps=(broken, *first.steps[1:])), *others))
    with pytest.raises(ReportError, match="is not proved"):
        solution(assignment, wrong, [])


def test_one_prompt_serves_handout_solution_and_notebook(documents: dict[str, str], assignment: Assignment) -> None:
    from autograder.release import student_release

    notebook = student_release(assignment, b"").students["hw1.ipynb"].decode()
    for question in assignment.questions:
        words = str(from_markdown(question.prompt))
        assert words in documents["handout"]
        assert words in documents["solution"]
        assert all(line.strip().replace("\\", "\\\\") in notebook for line in question.prompt.strip().splitlines())


def test_the_handout_gives_contracts_points_and_no_answer(
    documents: dict[str, str], assignment: Assignment, proof: Proof, tmp_path: Path
) -> None:
    text = text_of(compile_pdf(documents["handout"]), tmp_path)
    for part in assignment.parts:
        assert f"def {part.name}(" in text
        assert all(criterion.title in text for criterion in part.criteria)
    assert "Hidden cases" in text
    # What the prompt itself defines is no answer.
    given = " ".join(question.prompt for question in assignment.questions)
    for derivation in proof.derivations:
        answer = derivation.steps[-1].latex
        assert answer not in documents["handout"] or not derivation.result or answer in given


def test_the_command_writes_both_and_says_where(hw1: Callable[..., Result], tmp_path: Path) -> None:
    done = hw1("report", "solution", "--output", tmp_path / "s.pdf", "--author", "Ada L. & co", "--date", "May 1")
    assert done.exit_code == 0, done.output
    text = text_of((tmp_path / "s.pdf").read_bytes(), tmp_path)
    assert "Ada L. & co" in text
    assert "May 1" in text
    # Worked numbers come from PyTorch, and the reference agrees to rounding.
    apart = re.findall(r"\$([\d.]+ \\cdot 10\^\{(-\d+)\}|0)\$", _tex(hw1, tmp_path))
    assert apart
    assert all(not power or int(power) <= -15 for _, power in apart)
    done = hw1("report", "handout", "--output", tmp_path / "h.docx")
    assert done.exit_code == 2
    assert done.output.count("\n") == 1


def _tex(hw1: Callable[..., Result], folder: Path) -> str:
    done = hw1("report", "solution", "--output", folder / "s.tex")
    assert done.exit_code == 0, done.output
    return (folder / "s.tex").read_text(encoding="utf-8").partition("Worked numbers")[2]
