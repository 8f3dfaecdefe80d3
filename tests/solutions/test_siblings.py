"""Wrong formulas that several changes may be behind, or none that is known: what is said is true, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder import truth
from autograder.grading import PartGrader
from autograder.grading.diagnosis import call
from autograder.grading.sheets import sheets
from autograder.loading import load_assignment
from autograder.model import Assignment
from autograder.naming import Library
from autograder.naming.book import inputs_of
from autograder.naming.following import traced
from autograder.naming.forms import Canon, candidates
from autograder.naming.terms import walk
from autograder.naming.values import Evaluation, answer, stacks
from autograder.results import Cases
from autograder.results.found import name_of
from tests.catalogue import ENTRIES
from tests.catalogue._formulas import formulas
from tests.catalogue._found import agrees
from tests.catalogue._pipeline import secret

TRAINING = Path(__file__).parents[1] / "assignments" / "training"
MISSING = "missing factor"


class Teller:
    """Says what is found behind functions of one homework, whose list of mistakes is not looked at unless asked to."""

    def __init__(self, assignment: Assignment, cases: Cases, course: Path | None):
        library = Library(assignment, cases, course, lambda _: None)
        self._cases = cases.cases
        self._graders = {
            (part.name, listed): (
                part,
                PartGrader(question, part if listed else replace(part, misconceptions=()), cases, library=library),
            )
            for question in assignment.questions
            for part in question.parts
            for listed in (True, False)
        }

    def named(self, name, function, *, listed=False):
        """By criterion, without the question's id: the name."""
        part, grader = self._graders[name, listed]
        with np.errstate(all="ignore"):
            outcomes = {case.id: call(function, case, part.names) for case in self._cases if case.part == name}
        scores = grader.scores(outcomes)
        return {s.criterion.split(".", 1)[1]: s.misconception for s in scores if s.status != "passed"}


@pytest.fixture(scope="module")
def ours(assignment, course):
    return Teller(assignment, truth.load(assignment, course, truth.read_secret(course, create=False), print), course)


@pytest.fixture(scope="module")
def training():
    assignment = load_assignment(TRAINING)
    return Teller(assignment, truth.compute(assignment, secret(5)), None)


def test_every_answer_has_formulas_from_its_function_and_from_its_derivations(assignment, course):
    cases = truth.load(assignment, course, truth.read_secret(course, create=False), print)
    for question in assignment.questions:
        for part in question.parts:
            for place, sheet in enumerate(sheets(part, cases).values()):
                given = inputs_of(part, sheet)
                of_the_function = len(traced(part.reference, given, part.names)[place : place + 1])
                forms = list(candidates(question, part, place, given, sheet.truths[0].ndim))
                assert len(forms) > 2 * of_the_function > 0, part.names[place]
                assert {len(form.axes) for form in forms} == {sheet.truths[0].ndim}


def jacobian(diagonal=None, beside=None):
    """Make a Jacobian that is right but for one of its regions, each given e, its sum, y, beta and x."""

    def wrong(x, beta):
        e = np.exp(beta * x)
        y = e / e.sum()
        parts = [beta * np.outer(y, 1 - y), -beta * np.outer(y, y)]
        given = [
            np.ones((len(x), len(x))) * change(e, e.sum(), y, beta, x) if change else part
            for change, part in zip((diagonal, beside), parts, strict=True)
        ]
        return np.where(np.eye(len(x)) > 0, *given)

    return wrong


@pytest.mark.xdist_group("feedback-bits")  # where the formulas of the Jacobian are made for another test
@pytest.mark.parametrize(
    ("change", "name"),
    [
        # A sign, a difference, a quotient: one number for all.
        (lambda e, S, y, b, x: -b * np.exp(b * (x[:, None] - x[None, :])) / S**2, "wrong operation"),
        (lambda e, S, y, b, x: -b * e[:, None] / e[None, :] / S**2, "wrong operation"),
        # A term of an exponent is a factor of the power.
        (lambda e, S, y, b, x: -b * e[None, :] / S**2, MISSING),
        (lambda e, S, y, b, x: -b * y[:, None], name_of(MISSING, "y")),
        (lambda e, S, y, b, x: b * np.outer(y, y), "wrong sign"),
        (lambda e, S, y, b, x: np.zeros(e.shape), "zero where different"),
        (lambda e, S, y, b, x: -b * y[:, None] * (x[:, None] - x[None, :]), None),
    ],
)
def test_what_several_changes_explain_is_told_in_words_that_are_true_of_all(ours, change, name):
    said = ours.named("softmax_jacobian", jacobian(beside=change))
    assert said["jacobian.off_diagonal"] == name
    assert "jacobian.diagonal" not in said


@pytest.mark.xdist_group("feedback-bits")
@pytest.mark.parametrize(
    ("diagonal", "beside", "names"),
    [
        # Neither is the answer zero, nor has it the opposite sign: part of it is.
        (lambda e, S, y, b, x: b * x, lambda e, S, y, b, x: 0 * x, [None, "zero where different"]),
        (lambda e, S, y, b, x: b * x, lambda e, S, y, b, x: b * np.outer(y, y), [None, "wrong sign"]),
        # The sum of one factor too few: not a term of it.
        (lambda e, S, y, b, x: b * e * (S - 1) / S**2, None, [MISSING]),
    ],
)
def test_what_is_true_of_a_part_is_not_said_of_the_whole(ours, diagonal, beside, names):
    said = ours.named("softmax_jacobian", jacobian(diagonal, beside))
    assert [said[one] for one in ("jacobian.diagonal", "jacobian.off_diagonal") if one in said] == names


@pytest.mark.xdist_group("feedback-bits")
@pytest.mark.parametrize(
    ("part", "function", "name"),
    [
        ("affine_gradients", lambda x, g: (np.outer(g, x + 1), g), "wrong operation"),
        ("affine_gradients", lambda x, g: (np.outer(g, x) * (np.arange(len(g)) > 0)[:, None], g), None),
        (
            "scaled_cost_gradients",
            lambda x, g, s=3.0: (max(s, 0) * np.outer(g, x), s * g),
            name_of("lost sign", "scale"),
        ),
        ("softmax", lambda x, b: np.exp(2 * b * x) / np.exp(2 * b * x).sum(), "other number"),
        ("softmax", lambda x, b: np.exp(b * x) / (1 + np.exp(b * x)), "wrong function"),
        ("softmax", lambda x, b: np.exp(b * x) / len(x), None),
        ("softmax_jacobian", lambda x, b: np.zeros(len(x)), "wrong extent"),
        ("scaled_cost_gradients", lambda x, g, s=3.0: (np.repeat(g[:, None], len(x), axis=1), s * g), None),
    ],
)
def test_a_name_says_what_is_true(ours, part, function, name):
    assert set(ours.named(part, function).values()) == {name}


@pytest.mark.xdist_group("feedback-bits")
def test_what_authors_leave_to_the_search_is_named_beside_their_lists(ours):
    entries = [entry for entry in ENTRIES if entry.is_found]
    assert len(entries) > 15
    for entry in entries:
        said = set(ours.named(entry.part, entry.function, listed=True).values()) - {None}
        assert said == set(entry.misconceptions), entry.id


def _normed(change):
    def wrong(x, g, eps):
        s = np.sqrt(x.var() + eps)
        return change(g, (x - x.mean()) / s, s, x)

    return wrong


def _whole(g, z, s, x):
    return (g - g.mean() - z * (g * z).mean()) / s


@pytest.mark.parametrize(
    ("part", "function", "name"),
    [
        ("layer_norm_backward", _normed(lambda g, z, s, x: (g - g.mean() + z * (g * z).mean()) / s), "wrong sign"),
        ("layer_norm_backward", _normed(lambda g, z, s, x: (g - z * (g * z).mean()) / s), "missing term"),
        ("layer_norm_backward", _normed(lambda g, z, s, x: (g - g.mean() - (g * z).mean()) / s), name_of(MISSING, "z")),
        ("layer_norm_backward", _normed(lambda g, z, s, x: (g - g.mean() - x * (g * x).mean()) / s),
         name_of("other symbol", "z")),
        ("layer_norm_backward", lambda x, g, eps: _normed(_whole)(x, g, 0.0), "missing term"),
        ("layer_norm_backward", _normed(lambda g, z, s, x: g / s), "missing term"),
        ("convolution_backward", lambda x, w, g: (-np.convolve(g, w), np.correlate(x, g)[: len(w)]), "opposite sign"),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w), np.correlate(x, g)[: len(w)] / len(g)),
         "averaged or not"),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w[::-1]), np.correlate(x, g)[: len(w)]),
         name_of("turned around", "w")),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w), np.correlate(x, g)[: len(w)][::-1]),
         "turned around"),
        ("convolution_backward", lambda x, w, g: (np.roll(np.convolve(g, w), 1), np.correlate(x, g)[: len(w)]),
         "shifted by one"),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w), g[0] * x[: len(w)]), "one term"),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w, "same"), np.correlate(x, g, "full")),
         "wrong extent"),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w) * np.convolve(g, w), np.correlate(x, g)[: len(w)]),
         "wrong power"),
        ("convolution_backward", lambda x, w, g: (np.convolve(g, w) + x**2, np.correlate(x, g)[: len(w)] + 7 * w**2),
         None),
        ("momentum_step", lambda w, v, g, r, m: (w - r * (m * v + g), v), "only an argument"),
        ("momentum_step", lambda w, v, g, r, m: (w - r * (m * v + g), m * v + r * g), name_of("extra factor", "rate")),
    ],
)  # fmt: skip
def test_variances_and_convolutions(training, part, function, name):
    assert set(training.named(part, function).values()) == {name}


def test_convolutions_that_were_written_down_before_are_told(training):
    entries = [one for one in formulas("tests/assignments/training", load_assignment(TRAINING)) if one.changes == 1]
    entries = [one for one in entries if one.part == "convolution_backward"]
    told = 0
    for entry in entries:
        names = {"np": np}
        exec(entry.source, names)
        said = {name for name in training.named(entry.part, names[entry.part]).values() if name}
        told += bool(said)
        assert all(any(agrees(name, way) for ways in entry.kinds for way in ways) for name in said), entry.line
    assert told >= 0.9 * len(entries)


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w, g: np.convolve(g, w),
        lambda x, w, g: np.convolve(w, g),
        lambda x, w, g: np.correlate(g, w[::-1], "full"),
        lambda x, w, g: np.correlate(x, g),
        lambda x, w, g: np.convolve(x, np.flip(g), "valid"),
        lambda x, w, g: np.convolve(w[::-1], x, mode="valid"),
        lambda x, w, g: sum(w[at] * x[at : at + len(g)] for at in range(len(w))),
        lambda x, w, g: sum(w[-1 - at] * x[len(w) - 1 - at : len(x) - at] for at in range(len(w))),
        lambda x, w, g: np.array([g @ x[at : at + len(g)] for at in range(len(w))]),
        lambda x, w, g: x[np.arange(len(g))[:, None] + np.arange(len(w))] @ w,
        lambda x, w, g: np.lib.stride_tricks.sliding_window_view(x, len(w)).T @ g,
        lambda x, w, g: x[np.arange(len(x))[::-1]],
        lambda x, w, g: x[None, 0] * w,
    ],
)
def test_what_slides_is_followed(function):
    sizes = [(5, 3), (6, 2), (7, 7)]
    cases = [{"x": np.cos(np.arange(n)), "w": np.sin(np.arange(2.0, k + 2)), "g": np.exp(np.arange(n - k + 1) / 3)}
             for n, k in sizes]  # fmt: skip
    canon = Canon()
    form = canon.form(traced(function, cases, ["y"])[0])
    for case, (stack,) in [(case, stacks([case], [0])) for case in cases]:
        letters = {letter: place for place, letter in enumerate(canon.ranges)}
        found = answer(form, Evaluation(stack, letters, canon.ranges))
        np.testing.assert_allclose(found[0], function(**case), rtol=1e-12, atol=1e-12)


def test_roots_of_sizes_are_followed():
    cases = [{"x": np.arange(1.0, size)} for size in (3, 5)]
    for exponent in (0.5, -0.5, -1):
        (form,) = traced(lambda x, exponent=exponent: -(len(x) ** exponent) * x, cases, ["y"])
        assert [one.name for one in walk(form.term) if one.op == "count"] == ["x.0"]
        assert not any(one.op == "number" and one.value not in {0, 1} for one in walk(form.term))
