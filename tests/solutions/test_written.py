"""Written answers to this homework: each fixture is judged as recorded, each mistake is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import Result

from autograder import wire
from autograder.grading.written import asked
from autograder.loading import read_written
from autograder.model import Assignment
from autograder.results import Finding, Written
from autograder.sandbox._prover import job
from autograder.sandbox.prover import Prover
from tests.grading.test_written import FOLDER, answers, handed_in, markdown

FOUND = json.loads((FOLDER / "findings.json").read_text(encoding="utf-8"))
DIAGONAL = r"\frac{\partial y_i}{\partial x_i}"


@pytest.fixture(scope="module")
def prover(assignment: Assignment) -> Iterator[Prover]:
    with Prover(asked(assignment)) as made:
        yield made


def marks(findings: tuple[Finding, ...], kind: str) -> list[str]:
    return [one.mark for one in findings if one.kind == kind]


@pytest.mark.parametrize("name", sorted(FOUND))
def test_each_fixture_is_judged_as_recorded(name: str, prover: Prover) -> None:
    found = prover.judge(handed_in(*read_written(FOLDER / name)[0]))
    recorded = FOUND[name]
    assert answers(found) == recorded["answers"]
    assert " ".join(marks(found, "line")) == recorded["lines"]
    first = next((one.line for one in found if one.kind == "line" and one.mark == "fails"), None)
    assert first == recorded["first_failing_line"]
    assert next((one.detail for one in found if one.name == "layout"), "") == recorded["layout"]
    assert any(one.detail.startswith(recorded["hint"]) for one in found if one.kind == "answer")


@pytest.mark.parametrize("name", sorted(FOUND))
def test_what_comes_out_of_the_sandbox_is_what_was_said_inside(
    name: str, prover: Prover, assignment: Assignment
) -> None:
    pieces, _ = read_written(FOLDER / name)
    frames: list[bytes] = []
    asked_for = wire.Paper(
        questions=asked(assignment),
        pieces=tuple(wire.Piece(question=one.question, form=one.format, text=one.text) for one in pieces),
    )
    job.run(wire.encode_paper(asked_for), frames.append)
    inside = wire.decode_findings(frames[-1][4:]).findings
    outside = prover.judge(handed_in(*pieces))
    assert [(one.mark, one.line, one.name, one.latex, one.detail) for one in outside] == [
        (one.mark, one.line, one.name, one.latex, one.detail) for one in inside
    ]


def test_every_fixture_is_recorded_and_named_for_what_it_is() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*FOUND, "findings.json"}
    for name, recorded in FOUND.items():
        assert ("wrong" in recorded["answers"].values()) is name.startswith("wrong")
        assert (recorded["first_failing_line"] is not None) is name.startswith("wrong")


WRONG = {
    "missing beta": (f"$${DIAGONAL} = y_i (1 - y_i)$$", "a factor beta is missing"),
    "wrong sign": (rf"$${DIAGONAL} = -\beta y_i (1 - y_i)$$", "the sign is wrong"),
    "squared beta": (rf"$${DIAGONAL} = \beta^2 y_i (1 - y_i)$$", "there is one factor beta too many"),
    "transposed": (
        r"$$\frac{\partial C}{\partial W} = \frac{\partial C}{\partial y} x^T$$"
        r"$$\frac{\partial C}{\partial b} = \frac{\partial C}{\partial y}$$"
        r"$$\frac{\partial C_2}{\partial W} = 3 x \left(\frac{\partial C}{\partial y}\right)^T$$",
        "its shape is that of the transpose",
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_mistake_is_named(name: str, prover: Prover) -> None:
    text, hint = WRONG[name]
    wrong = [one for one in prover.judge(markdown(text)) if one.kind == "answer" and one.mark == "wrong"]
    assert [one.detail.split(":")[0] for one in wrong] == [hint]


def test_a_counterexample_is_right_as_it_stands(prover: Prover) -> None:
    (line,) = [one for one in prover.judge(markdown("$$y_i = 2 x_i$$", "q2")) if one.kind == "line"]
    assert line.mark == "fails"
    assert line.detail == "for K = 1, i = 1, beta = 0.5, x = 0.3: left 1, right 0.6"


def test_a_condition_decides_what_a_formula_is_about(prover: Prover) -> None:
    off = r"\frac{\partial y_i}{\partial x_j} = -\beta y_i y_j"
    for text in (
        f"If $i \\neq j$: $${off}$$",
        f"$${off}, \\quad i \\ne j$$",
        rf"$${off} \quad \text{{for }} i \neq j$$",
    ):
        assert answers(prover.judge(markdown(text))) == {"dy_i/dx_j, i != j": "right"}
    assert marks(prover.judge(markdown(f"$${off}$$")), "line") == ["fails"]


def test_a_diagonal_entry_by_itself_says_what_the_others_are(prover: Prover) -> None:
    diagonal = rf"$${DIAGONAL} = \beta y_i (1 - y_i)$$"
    for off, mark in ((r"-\beta y_i y_j", "right"), (r"\beta y_i (\delta_{ij} - y_j)", "right"), ("-y_i y_j", "wrong")):
        found = prover.judge(markdown(rf"{diagonal} $$\frac{{\partial y_i}}{{\partial x_j}} = {off}$$"))
        assert answers(found) == {"dy_i/dx_i": "right", "dy_i/dx_j, i != j": mark}


def test_a_letter_that_is_not_the_output_answers_nothing(prover: Prover) -> None:
    text = r"$$p_i = \exp(\beta x_i)$$ $$\frac{\partial p_i}{\partial x_i} = \beta p_i$$"
    found = prover.judge(markdown(text))
    assert answers(found) == {}
    assert marks(found, "line") == ["defined", "holds"]


def test_prove_tells_each_line_and_its_exit_code_says_how_it_went(hw1: Callable[..., Result]) -> None:
    right = hw1("prove", FOLDER / "right_rows.tex")
    assert right.exit_code == 0
    assert "line 8: holds:" in right.output
    assert "read with dC/dy as a row" in right.output
    wrong = hw1("prove", FOLDER / "wrong_1b.tex")
    assert wrong.exit_code == 1
    assert "line 4: DOES NOT HOLD:" in wrong.output
    assert "the shapes do not fit: 2x1 times 2x1" in wrong.output
    unread = hw1("prove", FOLDER / "unread_words.md")
    assert unread.exit_code == 3
    assert unread.output.count("What is read:") == 1
    assert "2 formulas, 2 equalities: 0 hold, 0 do not, 2 not read, 0 outside any question" in unread.output
    for bad in ("nowhere.md", FOLDER / "findings.json"):
        result = hw1("prove", bad)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1


def test_the_assignment_and_its_answers_agree(assignment: Assignment, prover: Prover) -> None:
    """The solution's own lines, handed in as a student would, all hold, and every answer is right."""
    text = ""
    for derivation in (one for question in assignment.questions for one in question.derivations if one.result):
        condition = f"For ${derivation.condition}$: " if derivation.condition else ""
        sides = " = ".join([derivation.left, *(step.latex for step in derivation.steps)])
        text += rf"{condition}\[ {sides} \]" + "\n"
    found = prover.judge(handed_in(Written(label="s.tex", question="", format="latex", text=text)))
    assert set(marks(found, "line")) <= {"holds", "defined"}
    assert set(marks(found, "answer")) == {"right"}
