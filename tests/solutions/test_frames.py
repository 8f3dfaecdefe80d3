"""Both cases of a Jacobian in every arrangement that notes have, without marks, in Unicode, and in LaTeX."""

from __future__ import annotations

import pytest

from autograder import wire
from autograder.grading.written import asked
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.judging import findings_of
from autograder.model import Assignment

PAIRS = {
    "letters": ("i == j", "i != j", "dy_i/dx_j = beta y_i (1 - y_i)", "dy_i/dx_j = -beta y_i y_j"),
    "signs": ("i=j", "i≠j", "∂y_i/∂x_j = β y_i (1 − y_i)", "∂y_i/∂x_j = −β y_i y_j"),
    "LaTeX": (
        "$i = j$",
        r"$i \neq j$",
        r"$\frac{\partial y_i}{\partial x_j} = \beta y_i (1-y_i)$",
        r"$\frac{\partial y_i}{\partial x_j} = -\beta y_i y_j$",
    ),
}
FRAMES = [
    "if {e}: {on}\nif {n}: {off}",
    "{e}: {on}\n{n}: {off}",
    "For {e}, {on}\n\nFor {n}, {off}",
    "for {e}, {on}\nfor {n}, {off}",
    "for {e}: {on}, for {n}: {off}",
    "{on} if {e}\n{off} if {n}",
    "{on} for {e}, and {off} for {n}.",
    "{on} ({e}), {off} ({n})",
    "{on}   [{e}]\n{off}   [{n}]",
    "({e}) {on}\n({n}) {off}",
    "- {e}: {on}\n- {n}: {off}",
    "1. {e}\n   {on}\n2. {n}\n   {off}",
    "a) {e}\n{on}\nb) {n}\n{off}",
    "{e}\n{on}\n{n}\n{off}",
    "{e} => {on}\n{n} => {off}",
    "Case {e}:\n{on}\n\nCase {n}:\n{off}",
    "case 1: {e}. {on}\ncase 2: {n}. {off}",
    "When {e} we get {on}. When {n} we get {off}.",
    "{on} when {e}; {off} otherwise",
    "if {e} then {on} else {off}",
    "Suppose {e}. Then {on}. Now suppose {n}. Then {off}.",
    "| case | result |\n|---|---|\n| {e} | {on} |\n| {n} | {off} |",
    "diagonal: {on}\noff-diagonal: {off}",
    "For the diagonal terms ({e}), {on}; off the diagonal ({n}), {off}.",
]


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


@pytest.mark.parametrize("written", PAIRS)
@pytest.mark.parametrize("frame", FRAMES)
def test_each_case_is_that_of_the_formula_beside_it(frame: str, written: str, questions: list[Question]) -> None:
    equal, other, on, off = PAIRS[written]

    def marks(first: str, second: str) -> list[str]:
        text = f"# 2\n{frame.format(e=equal, n=other, on=first, off=second)}\n"
        found = findings_of([wire.Piece(question="", form="markdown", text=text)], questions)
        return [one.mark for one in found if one.kind == "line"]

    assert marks(on, off) == ["holds", "holds"]
    assert not {"holds", "defined"} & {*marks(off, on)}
