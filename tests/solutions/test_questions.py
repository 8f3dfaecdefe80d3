"""Every question found: its references, rubric, cases and misconceptions keep what the design promises."""

from __future__ import annotations

import doctest
import inspect
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from autograder import truth
from autograder.grading import PartGrader
from autograder.grading.diagnosis import call
from autograder.loading import load_assignment
from autograder.mathematics.formulas.parsing import parse
from autograder.mathematics.proof.proving import each
from autograder.model import Array, Criterion, Inputs, Misconception, Part, Question
from autograder.results import Case, Cases, Outcome, Score

ASSIGNMENT = load_assignment(Path(__file__).parents[2] / "solutions")
SECRETS = (b"one", b"two", b"three")
EPS, TINY = 2.0**-52, 2.0**-1022

PARTS = [(question, part) for question in ASSIGNMENT.questions for part in question.parts]
each_question = pytest.mark.parametrize("question", ASSIGNMENT.questions, ids=lambda q: q.id)
each_part = pytest.mark.parametrize(("question", "part"), PARTS, ids=[part.name for _, part in PARTS])
each_secret = pytest.mark.parametrize("secret", SECRETS, ids=lambda s: s.decode())
each_criterion = pytest.mark.parametrize(
    ("part", "criterion"),
    [(part, criterion) for _, part in PARTS for criterion in part.criteria],
    ids=lambda value: getattr(value, "id", ""),
)
each_misconception = pytest.mark.parametrize(
    ("question", "part", "wrong"),
    [(question, part, wrong) for question, part in PARTS for wrong in part.misconceptions],
    ids=lambda value: getattr(value, "name", ""),
)

_computed: dict[bytes, Cases] = {}
_graders: dict[tuple[bytes, str], PartGrader] = {}


def cases_under(secret: bytes) -> Cases:
    if secret not in _computed:
        _computed[secret] = truth.compute(ASSIGNMENT, secret)
    return _computed[secret]


def of_part(part: Part, secret: bytes) -> list[Case]:
    return [case for case in cases_under(secret).cases if case.part == part.name]


def outcomes(part: Part, function: Callable[..., Any], secret: bytes) -> dict[str, Outcome]:
    names = [output.name for output in part.outputs]
    return {case.id: call(function, case, names) for case in of_part(part, secret)}


def scores(question: Question, part: Part, function: Callable[..., Any], secret: bytes) -> tuple[Score, ...]:
    key = (secret, part.name)
    if key not in _graders:
        _graders[key] = PartGrader(question, part, cases_under(secret))
    return _graders[key].scores(outcomes(part, function, secret))


def filled(part: Part, case: Case) -> dict[str, Any]:
    return {**part.defaults, **case.inputs}


# ---------------------------------------------------------------- references


@each_secret
@each_part
def test_reference_is_the_truth_within_the_tolerance(question: Question, part: Part, secret: bytes) -> None:
    for case in of_part(part, secret):
        returned = part.reference(**case.inputs)
        values = (returned,) if len(part.outputs) == 1 else returned
        for output, value in zip(part.outputs, values, strict=True):
            known = cases_under(secret).truths[case.id][output.name]
            assert value.shape == known.shape, case.id
            size = output.magnitude(filled(part, case), known)
            assert size.shape == known.shape, case.id
            assert (size >= 0).all(), case.id
            assert (np.abs(value - known) <= 16 * EPS * size + 4 * TINY).all(), case.id


@each_secret
@each_part
def test_reference_earns_everything_and_the_stub_nothing(question: Question, part: Part, secret: bytes) -> None:
    def stub(*_: object) -> None:
        raise NotImplementedError

    assert all(score.earned == score.possible for score in scores(question, part, part.reference, secret))
    assert all(score.earned == 0 for score in scores(question, part, stub, secret))


@each_secret
@each_part
def test_what_raises_everywhere_has_no_name(question: Question, part: Part, secret: bytes) -> None:
    def raises(*_: object) -> None:
        raise ValueError("as some misconceptions do, on some cases")

    assert all(score.misconception is None for score in scores(question, part, raises, secret))


@each_part
def test_docstring_example_holds(question: Question, part: Part) -> None:
    text = inspect.getdoc(part.reference)
    assert text is not None
    example = doctest.DocTestParser().get_doctest(text, {"np": np, part.name: part.reference}, part.name, None, 0)
    assert example.examples
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


@each_part
def test_reference_leaves_its_inputs_and_needs_numpy_only(question: Question, part: Part) -> None:
    source = textwrap.dedent(inspect.getsource(part.reference))
    names: dict[str, Any] = {"np": np}
    exec(source, names)
    case = next(case for case in of_part(part, b"one") if not case.hidden)
    before = {name: np.copy(value) for name, value in case.inputs.items()}
    writable = {name: np.copy(value)[()] for name, value in case.inputs.items()}
    names[part.name](**writable)
    assert all(np.array_equal(before[name], value) for name, value in writable.items())


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


@each_criterion
def test_criterion_is_about_something(part: Part, criterion: Criterion) -> None:
    drawn = [case for case in of_part(part, b"one") if case.family in criterion.families]
    assert len(drawn) >= 2
    assert all(case.hidden for case in drawn)
    if criterion.region is not None:
        masks = [criterion.region.mask(cases_under(b"one").truths[case.id][criterion.output]) for case in drawn]
        assert all(mask.any() for mask in masks)


@each_part
def test_every_hidden_family_decides_something_for_each_output(question: Question, part: Part) -> None:
    for output in part.outputs:
        judged = {family for c in part.criteria if c.output == output.name for family in c.families}
        assert judged == {family.name for family in part.families if family.hidden}


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


@each_part
def test_layouts_and_repetition(question: Question, part: Part) -> None:
    drawn = of_part(part, b"one")
    assert {case.layout for case in drawn if case.hidden} == {"plain", "strided", "read_only"}
    repeats = [family for family in part.families if family.same_as is not None]
    assert repeats
    for family in repeats:
        again = [case.inputs for case in drawn if case.family == family.name]
        first = [case.inputs for case in drawn if case.family == family.same_as]
        for one, other in zip(first, again, strict=True):
            assert all(np.array_equal(one[name], other[name]) for name in one)


@each_part
def test_public_cases_are_few_and_small(question: Question, part: Part) -> None:
    public = [case for case in of_part(part, b"one") if not case.hidden]
    assert 1 <= len(public) <= 2
    assert all(np.size(value) <= 6 for case in public for value in case.inputs.values())


# ---------------------------------------------------------------- truths


def exact_softmax(x: Any, beta: Any) -> list[Any]:
    powers = [mpmath.exp(mpmath.mpf(float(beta)) * mpmath.mpf(float(number))) for number in x]
    total = mpmath.fsum(powers)
    return [power / total for power in powers]


@each_part
def test_truths_at_fifty_digits(question: Question, part: Part) -> None:
    with mpmath.workdps(50):
        for case in of_part(part, b"one"):
            given = filled(part, case)
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


@each_misconception
def test_misconception_loses_points_and_is_named(question: Question, part: Part, wrong: Misconception) -> None:
    for secret in SECRETS:
        lost = [score for score in scores(question, part, wrong.function, secret) if score.earned < score.possible]
        assert lost
        for score in lost:
            assert score.earned in (0, score.possible / 2)
            assert score.misconception == wrong.name, (secret, score.criterion)


@each_misconception
def test_hint_is_short_and_kind(question: Question, part: Part, wrong: Misconception) -> None:
    assert wrong.hint.endswith((".", "?"))
    assert 10 < len(wrong.hint) < 140
    assert not {"stupid", "obviously", "simply", "just"} & set(wrong.hint.lower().split())


def _signature(part: Part, function: Callable[..., Any], output: str) -> tuple[object, ...]:
    """What a function answers to every hidden case, rounded: exceptions, shapes and mutation count too."""
    answers: list[object] = []
    found = outcomes(part, function, b"one")
    for case in of_part(part, b"one"):
        if not case.hidden:
            continue
        outcome = found[case.id]
        value = outcome.values.get(output)
        if isinstance(value, np.ndarray):
            known = cases_under(b"one").truths[case.id][output]
            rounded: object = tuple(f"{number:.15g}" for number in value.ravel().astype(float))
            if value.shape == known.shape and np.allclose(value, known, rtol=1e-12, atol=0):
                rounded = "right"
            answers.append((value.shape, rounded, outcome.mutated))
        else:
            answers.append((outcome.status, value, outcome.exception))
    return tuple(answers)


@each_part
def test_no_two_misconceptions_answer_alike(question: Question, part: Part) -> None:
    for output in part.outputs:
        right = _signature(part, part.reference, output.name)
        raising = {"no_transpose", "elementwise", "diagonal", "square", "db_two", "db_x"}
        seen: dict[tuple[object, ...], str] = {}
        for wrong in part.misconceptions:
            signature = _signature(part, wrong.function, output.name)
            # Right wherever it does not raise: the mistake is in the other output, which tells them apart.
            elsewhere = all(
                mine == yours or (isinstance(mine, tuple) and mine[0] == "raised")
                for mine, yours in zip(signature, right, strict=True)
            )
            if elsewhere:
                assert signature == right or wrong.name in raising
                continue
            if len(part.outputs) > 1 and wrong.name == "swapped":
                continue  # each of its outputs is another's mistake; only both together are its own
            assert signature not in seen, f"{wrong.name} answers {output.name} as {seen.get(signature)} does"
            seen[signature] = wrong.name
        assert seen
    whole = [tuple(_signature(part, m.function, o.name) for o in part.outputs) for m in part.misconceptions]
    assert len(set(whole)) == len(whole)


# ---------------------------------------------------------------- the check a student runs


def standalone(question: Question) -> Callable[..., list[str]]:
    """Compile the check's text alone, as a release holds it, at its own lines: so coverage sees it."""
    names: dict[str, Any] = {"np": np}
    lines, first = inspect.getsourcelines(question.gradient_check)
    text = "\n" * (first - 1) + textwrap.dedent("".join(lines))
    exec(compile(text, inspect.getfile(question.gradient_check), "exec"), names)
    check: Callable[..., list[str]] = names["gradient_check"]
    return check


def public_inputs(question: Question) -> list[tuple[str, Inputs]]:
    names = {part.name for part in question.parts}
    return [(case.part, case.inputs) for case, _ in truth.public_cases(ASSIGNMENT) if case.part in names]


@each_question
def test_gradient_check_accepts_the_references(question: Question) -> None:
    functions = {part.name: part.reference for part in question.parts}
    for _, inputs in public_inputs(question):
        assert standalone(question)(functions, inputs) == []


@each_question
def test_gradient_check_skips_what_is_not_there(question: Question) -> None:
    for _, inputs in public_inputs(question):
        assert standalone(question)({}, inputs) == []


@each_part
def test_gradient_check_answers_anything_a_student_returns(question: Question, part: Part) -> None:
    def failing(**_: object) -> object:
        raise ZeroDivisionError("oops")

    others = {p.name: p.reference for p in question.parts if p is not part}
    for odd in (lambda *_, **__: None, lambda *_, **__: "text", lambda *_, **__: 1.0, failing):
        for _, inputs in public_inputs(question):
            complaints = standalone(question)({**others, part.name: odd}, inputs)
            assert complaints
            assert all(isinstance(line, str) and "\n" not in line for line in complaints)


@pytest.mark.parametrize(
    ("part_name", "misconception", "word"),
    [
        ("affine_gradients", "transposed", "dC_dW"),
        ("affine_gradients", "flattened", "shape"),
        ("affine_gradients", "db_negated", "dC_db"),
        ("scaled_cost_gradients", "unscaled", "dC2_dW"),
        ("scaled_cost_gradients", "db_squared", "dC2_db"),
        ("scaled_cost_gradients", "db_times_x", "shape"),
        ("softmax", "not_normalised", "sum to"),
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
    found = [standalone(question)(functions, inputs) for name, inputs in public_inputs(question) if name == part_name]
    assert any(word in line for lines in found for line in lines)


@each_question
def test_gradient_check_accepts_rows_and_columns_for_vectors(question: Question) -> None:
    def columns(function: Callable[..., Any]) -> Callable[..., Any]:
        def turned(*args: Any, **named: Any) -> Any:
            answer = function(*args, **named)
            as_column: Callable[[Array], Array] = lambda v: v[:, None] if v.ndim == 1 else v  # noqa: E731
            return tuple(map(as_column, answer)) if isinstance(answer, tuple) else as_column(answer)

        return turned

    functions = {part.name: columns(part.reference) for part in question.parts}
    for _, inputs in public_inputs(question):
        assert standalone(question)(functions, inputs) == []


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


@each_question
def test_each_derivation_step_verifies(question: Question) -> None:
    for proved in each(ASSIGNMENT, question=question.id):
        assert [step.complaint for step in proved.steps if not step.holds] == []


@each_question
def test_each_definition_stands_in_a_prompt(question: Question) -> None:
    stated = "".join("".join(q.prompt.split()) for q in ASSIGNMENT.questions)
    assert question.setting is not None
    for definition in question.setting.definitions:
        left, right = (re.sub(r"\s", "", side) for side in (definition.left, definition.right))
        applied = f"{left}(\\mathbf{{y}})={right[:-1]}\\,C(\\mathbf{{y}})"
        assert f"{left}={right}" in stated or applied in stated


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


@each_question
def test_prompt_names_the_functions(question: Question) -> None:
    assert question.prompt.count("$") % 2 == 0
    for part in question.parts:
        assert f"`{part.name}(" in question.prompt
