"""The homework's questions: nothing for lint to complain of, and what this homework alone promises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from autograder import truth
from autograder.lint import Page, lint
from autograder.lint.selfchecks import compiled
from autograder.loading import load_assignment
from autograder.mathematics.formulas.parsing import parse
from autograder.model import Inputs, Part, Question
from autograder.results import Case, Cases

FOLDER = Path(__file__).parents[2] / "solutions"
ASSIGNMENT = load_assignment(FOLDER)
SECRETS = (b"one", b"two", b"three")
EPS, TINY = 2.0**-52, 2.0**-1022

PARTS = [(question, part) for question in ASSIGNMENT.questions for part in question.parts]
each_question = pytest.mark.parametrize("question", ASSIGNMENT.questions, ids=lambda q: q.id)
each_part = pytest.mark.parametrize(("question", "part"), PARTS, ids=[part.name for _, part in PARTS])
each_secret = pytest.mark.parametrize("secret", SECRETS, ids=lambda s: s.decode())

_computed: dict[bytes, Cases] = {}


def cases_under(secret: bytes) -> Cases:
    if secret not in _computed:
        _computed[secret] = truth.compute(ASSIGNMENT, secret)
    return _computed[secret]


def of_part(part: Part, secret: bytes) -> list[Case]:
    return [case for case in cases_under(secret).cases if case.part == part.name]


@pytest.mark.no_cover  # the rules are broken one by one in tests/lint
@each_question
def test_lint_has_nothing_to_complain_of(question: Question) -> None:
    assert [str(one) for one in lint(ASSIGNMENT, FOLDER, question=question.id)] == []


# ---------------------------------------------------------------- rubric

POINTS = {
    "q1a.dC_dW": 8,
    "q1a.dC_dW.general": 4,
    "q1a.dC_db": 5,
    "q1a.dC_db.general": 3,
    "q1b.dC2_dW": 3,
    "q1b.dC2_dW.general": 2,
    "q1b.dC2_db": 3,
    "q1b.dC2_db.general": 2,
    "q2.softmax": 3,
    "q2.softmax.stability": 1,
    "q2.jacobian.diagonal": 6,
    "q2.jacobian.off_diagonal": 6,
    "q2.jacobian.general": 3,
    "q2.jacobian.stability": 1,
}


def test_points_are_the_homeworks() -> None:
    assert {c.id: c.points for part in ASSIGNMENT.parts for c in part.criteria} == POINTS
    assert ASSIGNMENT.possible == 50
    assert [sum(c.points for c in part.criteria) for part in ASSIGNMENT.parts] == [20, 10, 4, 16]


def test_signatures_are_the_homeworks() -> None:
    assert [part.name + str(list(part.parameters)) + str(part.defaults) for part in ASSIGNMENT.parts] == [
        "affine_gradients['x', 'dC_dy']{}",
        "scaled_cost_gradients['x', 'dC_dy', 'scale']{'scale': 3.0}",
        "softmax['x', 'beta']{}",
        "softmax_jacobian['x', 'beta']{}",
    ]


def test_regions_of_the_jacobian_make_up_the_whole() -> None:
    *_, part = ASSIGNMENT.parts
    square = np.zeros((4, 4))
    masks = [c.region.mask(square) for c in part.criteria if c.region is not None]
    assert (np.sum(masks, axis=0) == 1).all()


# ---------------------------------------------------------------- cases


@each_secret
def test_as_asked_is_the_homeworks_own_size(secret: bytes) -> None:
    for _, part in PARTS:
        plain = [c for c in part.criteria if (c.id in POINTS and c.id.count(".") == 1) or c.region is not None]
        families = {family for c in plain if c.id != "q2.softmax" for family in c.families}
        inputs = [case.inputs for case in of_part(part, secret) if case.family in families]
        if part.upstream:
            assert all(given["x"].shape == given["dC_dy"].shape == (2,) for given in inputs)
            assert not any("scale" in given for given in inputs)
        else:
            assert {len(given["x"]) for given in inputs} <= {3, 4, 5}
            assert all(0.3 < abs(given["beta"]) < 3 and abs(abs(given["beta"]) - 1) > 0.1 for given in inputs)
            assert not families or {np.sign(given["beta"]) for given in inputs} == {-1, 1}


@each_secret
def test_affine_cases_go_beyond_the_homework(secret: bytes) -> None:
    for part in ASSIGNMENT.parts[:2]:
        given = [case.inputs for case in of_part(part, secret) if case.hidden]
        shapes = {(len(i["dC_dy"]), len(i["x"])) for i in given}
        assert any(m > n > 1 for m, n in shapes)
        assert any(1 < m < n for m, n in shapes)
        assert {1} < {m for m, _ in shapes}
        assert {1} < {n for _, n in shapes}
        assert any(m > 20 for m, _ in shapes)
        kinds = {(i["x"].dtype.kind, i["dC_dy"].dtype.kind) for i in given}
        assert {("i", "f"), ("f", "i"), ("f", "f")} <= kinds
        for i in given:
            for values in (i["x"], i["dC_dy"]):
                assert len(set(np.abs(values))) >= len(set(values)), "no two alike but for 0"
    scales = [i["scale"] for i in given if "scale" in i]
    assert min(scales) < 0 < max(scales)
    assert 0.0 in scales
    assert any(0 < scale < 1 for scale in scales)
    assert any(isinstance(scale, int) for scale in scales)
    assert any(len(i["x"]) != len(i["dC_dy"]) and "scale" not in i for i in given)


@each_secret
def test_softmax_cases_go_beyond_the_homework(secret: bytes) -> None:
    for part in ASSIGNMENT.parts[2:]:
        stable = {family for c in part.criteria if c.id.endswith("stability") for family in c.families}
        tame = [case for case in of_part(part, secret) if case.hidden and case.family not in stable]
        reach = [float(np.abs(case.inputs["beta"] * case.inputs["x"]).max()) for case in tame]
        assert max(reach) <= 150
        assert 3 * max(reach) < 700
        assert {1, 2, 3, 5} <= {len(case.inputs["x"]) for case in tame}
        assert max(len(case.inputs["x"]) for case in tame) > 20
        betas = [case.inputs["beta"] for case in tame]
        assert 0.0 in betas
        assert any(isinstance(beta, int) for beta in betas)
        assert {case.inputs["x"].dtype.kind for case in tame} == {"i", "f"}
        far = [case.inputs["beta"] * case.inputs["x"] for case in of_part(part, secret) if case.family in stable]
        assert all(np.abs(z).max() > 750 for z in far)
        assert any(z.max() > 9000 for z in far)
        assert any(z.max() < -750 for z in far)
        assert any(z.max() - z.min() > 9000 for z in far)
        assert any(case.inputs["beta"] < 0 for case in of_part(part, secret) if case.family in stable)
        known = cases_under(secret).truths
        saturated = [np.sum(known[case.id][part.outputs[0].name] > 1e-6) < 2 for case in of_part(part, secret)]
        assert sum(saturated) < len(saturated) / 3, "a saturated softmax tells few mistakes apart"


# ---------------------------------------------------------------- truths


def exact_softmax(x: Any, beta: Any) -> list[Any]:
    powers = [mpmath.exp(mpmath.mpf(float(beta)) * mpmath.mpf(float(number))) for number in x]
    total = mpmath.fsum(powers)
    return [power / total for power in powers]


@each_part
def test_truths_at_fifty_digits(question: Question, part: Part) -> None:
    with mpmath.workdps(50):
        for case in of_part(part, b"one"):
            given = {**part.defaults, **case.inputs}
            if part.upstream:
                g = [mpmath.mpf(float(v)) * mpmath.mpf(given.get("scale", 1)) for v in given["dC_dy"]]
                x = [mpmath.mpf(float(v)) for v in given["x"]]
                exact: list[Any] = [[[a * b for b in x] for a in g], g]
            else:
                y = exact_softmax(given["x"], given["beta"])
                beta = mpmath.mpf(float(given["beta"]))
                J = [[beta * a * ((i == j) - b) for j, b in enumerate(y)] for i, a in enumerate(y)]
                exact = [y] if part.name == "softmax" else [J]
            for output, numbers in zip(part.outputs, exact, strict=True):
                known = cases_under(b"one").truths[case.id][output.name]
                error = np.abs(np.array(np.array(numbers, dtype=object) - known, dtype=float))
                bound = 16 * EPS * output.magnitude(given, known) + 4 * TINY
                assert error.shape == bound.shape
                assert (error <= bound).all(), case.id


# ---------------------------------------------------------------- misconceptions


def test_there_are_enough_misconceptions() -> None:
    assert sum(len(part.misconceptions) for part in ASSIGNMENT.parts) >= 60


# ---------------------------------------------------------------- the check a student runs


def check_of(question: Question) -> Callable[..., list[str]]:
    return compiled(Page(assignment=ASSIGNMENT, question=question, file=FOLDER / f"{question.id}.py", typeset=None))


def public_inputs(question: Question) -> list[tuple[str, Inputs]]:
    names = {part.name for part in question.parts}
    return [(case.part, case.inputs) for case, _ in truth.public_cases(ASSIGNMENT) if case.part in names]


@each_question
def test_gradient_check_skips_what_is_not_there(question: Question) -> None:
    for _, inputs in public_inputs(question):
        assert check_of(question)({}, inputs) == []


@each_part
def test_gradient_check_answers_anything_a_student_returns(question: Question, part: Part) -> None:
    def failing(**_: object) -> object:
        raise ZeroDivisionError("oops")

    others = {p.name: p.reference for p in question.parts if p is not part}
    for odd in (lambda *_, **__: None, lambda *_, **__: "text", lambda *_, **__: 1.0, failing):
        for _, inputs in public_inputs(question):
            complaints = check_of(question)({**others, part.name: odd}, inputs)
            assert complaints
            assert all(isinstance(line, str) and "\n" not in line for line in complaints)


@pytest.mark.parametrize(
    ("part_name", "misconception", "word"),
    [
        ("affine_gradients", "transposed", "dC_dW"),
        ("affine_gradients", "flattened", "shape"),
        ("affine_gradients", "db_negated", "dC_db"),
        ("scaled_cost_gradients", "unscaled", "dC2_dW"),
        ("scaled_cost_gradients", "db_divided", "dC2_db"),
        ("scaled_cost_gradients", "db_times_x", "shape"),
        ("softmax", "not_normalized", "sum to"),
        ("softmax", "logarithm", "negative"),
        ("softmax_jacobian", "no_beta", "rate"),
        ("softmax_jacobian", "diagonal_only", "Row 0"),
        ("softmax_jacobian", "diagonal_as_vector", "shape"),
    ],
)
def test_gradient_check_finds_the_mistake(part_name: str, misconception: str, word: str) -> None:
    question, part = next((q, p) for q, p in PARTS if p.name == part_name)
    wrong = next(m for m in part.misconceptions if m.name == misconception)
    functions = {p.name: p.reference for p in question.parts} | {part.name: wrong.function}
    found = [check_of(question)(functions, inputs) for name, inputs in public_inputs(question) if name == part_name]
    assert any(word in line for lines in found for line in lines)


# ---------------------------------------------------------------- text


# The homework's eight displays, its slips put right.
def _d(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def _rows(*rows: str) -> str:
    return r"\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}"


def _square(element: Callable[[str, str], str]) -> str:
    return _rows(*(f"{element(i, '1')} & {element(i, '2')}" for i in "12"))


def _row(element: Callable[[str], str]) -> str:
    return _rows(f"{element('1')} & {element('2')}")


def _dot(one: tuple[str, str], two: tuple[str, str]) -> str:
    return " + ".join(rf"{a} \cdot {b}" for a, b in (one, two))


_C1, _C2, _S = _d("C", "y_1"), _d("C", "y_2"), r"\sum_{n=1}^K \exp(\beta x_n)"
_CY, _D2 = _d("C", r"\mathbf{y}"), rf"\left({_S}\right)^2"
DISPLAYS = (
    (
        r"\mathbf{y}",
        r"\mathbf{W}\mathbf{x} + \mathbf{b}",
        _square(lambda i, j: f"w_{{{i}{j}}}") + _rows("x_1", "x_2") + "+" + _rows("b_1", "b_2"),
    ),
    (
        _d("C", r"\mathbf{W}"),
        _square(lambda i, j: _d("C", f"w_{{{i}{j}}}")),
        _square(lambda i, j: _dot((_C1, _d("y_1", f"w_{{{i}{j}}}")), (_C2, _d("y_2", f"w_{{{i}{j}}}")))),
        _square(lambda i, j: _dot((_C1, f"x_{j}" if i == "1" else "0"), (_C2, f"x_{j}" if i == "2" else "0"))),
        _square(lambda i, j: _d("C", f"y_{i}") + f"x_{j}"),
        _rows(_C1, _C2) + _rows("x_1 & x_2"),
        _CY + r"\mathbf{x}^\top",
    ),
    (
        f"({_d('C', chr(92) + 'mathbf{b}')})" + r"^\top",
        _row(lambda i: _d("C", f"b_{i}")),
        _row(lambda i: _dot((_C1, _d("y_1", f"b_{i}")), (_C2, _d("y_2", f"b_{i}")))),
        _row(lambda i: _dot((_C1, "1" if i == "1" else "0"), (_C2, "1" if i == "2" else "0"))),
        _row(lambda i: _d("C", f"y_{i}")),
        f"({_CY})" + r"^\top",
    ),
    (
        _d("C_2", r"\mathbf{W}"),
        _square(lambda i, j: _d("C_2", f"w_{{{i}{j}}}")),
        _square(lambda i, j: "3" + _d("C", f"w_{{{i}{j}}}")),
        "3" + _square(lambda i, j: _d("C", f"w_{{{i}{j}}}")),
        "3" + _CY + r"\mathbf{x}^\top",
    ),
    (
        f"({_d('C_2', chr(92) + 'mathbf{b}')})" + r"^\top",
        _row(lambda i: _d("C_2", f"b_{i}")),
        "3" + _row(lambda i: _d("C", f"b_{i}")),
        f"3({_CY})" + r"^\top",
    ),
    ("y_i", rf"\frac{{\exp(\beta x_i)}}{{{_S}}}"),
    (
        _d("y_i", "x_i"),
        rf"\frac{{\beta\exp(\beta x_i) {_S} - \beta\exp(\beta x_i)\exp(\beta x_i)}}{{{_D2}}}",
        rf"\beta\exp(\beta x_i) \frac{{\sum_{{n=1, n\neq i}}^K \exp(\beta x_n)}}{{{_D2}}}",
    ),
    (
        _d("y_i", "x_j"),
        rf"\frac{{-\exp(\beta x_i)}}{{{_D2}}} \beta\exp(\beta x_j)",
        rf"\frac{{-\beta\exp(\beta(x_i + x_j))}}{{{_D2}}}",
    ),
)


def test_derivations_hold_the_homeworks_eight_displays() -> None:
    chains = [
        tuple(parse(side) for side in (d.left, *(step.latex for step in d.steps)))
        for question in ASSIGNMENT.questions
        for d in question.derivations
    ]
    sought = [tuple(map(parse, display)) for display in DISPLAYS]
    assert sum(len(display) for display in sought) == 33
    # What closes a display may follow it in the same chain.
    begun = [chain[: len(display)] for chain in chains for display in sought if chain[: len(display)] == display]
    assert begun == sought


def test_what_the_homework_asks_for_are_results() -> None:
    lefts = {d.left for question in ASSIGNMENT.questions for d in question.derivations if d.result}
    gradients = {rf"\frac{{\partial {c}}}{{\partial \mathbf{{{by}}}}}" for c in ("C", "C_2") for by in "Wb"}
    slopes = {rf"\frac{{\partial y_i}}{{\partial x_{index}}}" for index in "ij"}
    assert gradients | slopes == lefts


@each_question
def test_derivations_are_whole_latex_with_reasons(question: Question) -> None:
    for derivation in question.derivations:
        for latex in (derivation.left, *(step.latex for step in derivation.steps)):
            assert latex.count("{") == latex.count("}")
            assert latex.count(r"\left") == latex.count(r"\right")
            assert latex.count(r"\begin{pmatrix}") == latex.count(r"\end{pmatrix}")
            assert r"\partial b}" not in latex, "b is a vector: bold"
            assert "^T" not in latex
        assert all(
            (step.reason.endswith(".") and ": " in step.reason) or "Definition" in step.reason
            for step in derivation.steps
        )
        assert len({step.latex for step in derivation.steps}) == len(derivation.steps)
