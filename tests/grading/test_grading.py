"""Outcomes become verdicts, scores, names of mistakes, feedback."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.errors import AssignmentError
from autograder.grading import Grader, sentences
from autograder.grading.diagnosis import call
from autograder.loading import module_submission
from autograder.model import Misconception
from autograder.results import Case, Outcome, Run
from reports.feedback.markdown import feedback
from tests import toy


def summary(function):
    grade = toy.grade_function(function)
    return {s.criterion: (s.earned, s.status, s.misconception) for s in grade.scores}


ALL_RIGHT = {
    "t.diagonal": (4, "passed", None),
    "t.off": (3, "passed", None),
    "t.general": (2, "passed", None),
    "t.vector": (1, "passed", None),
}


def test_the_reference_earns_everything():
    assert summary(toy.products) == ALL_RIGHT


@pytest.mark.parametrize("known", toy.PART.misconceptions, ids=lambda m: m.name)
def test_every_misconception_is_called_by_its_name(known: Misconception):
    found = summary(known.function)
    lost = {id_: score for id_, score in found.items() if score[1] != "passed"}
    assert lost
    assert {score[2] for score in lost.values()} == {known.name}


def test_another_style_of_the_same_mistake_is_named():
    def loops(x, scale=2.0):
        return [[a * b for b in x] for a in x], [[a * scale] for a in x]

    found = summary(loops)
    assert found["t.diagonal"] == (0, "wrong", "no-scale")
    assert found["t.general"] == (0, "wrong", "no-scale")
    assert found["t.vector"] == (1, "passed", None)


def test_what_only_code_is_called_is_marked_in_a_hint_as_elsewhere():
    hint = "dv_dx is not x, nor $dv_dx$, `dv_dx` or dv_dxx: take max_n."
    marked = "`dv_dx` is not x, nor $dv_dx$, `dv_dx` or dv_dxx: take `max_n`."

    def total(x, max_n):
        return x

    one = Misconception(name="other", function=toy.wrong_scale, hint=hint)
    outputs = tuple(replace(output, name="dv_dx") for output in toy.PART.outputs[:1])
    part = replace(
        toy.PART,
        reference=total,
        outputs=outputs,
        criteria=tuple(replace(one, output="dv_dx", region=None) for one in toy.PART.criteria[:1]),
        misconceptions=(one,),
    )
    assert sentences.hint(part, "dv_dx", "other") == marked


def test_float32_of_a_known_mistake_is_named_too():
    def single(x, scale=2.0):
        return np.outer(x, x).astype(np.float32), x * scale

    assert summary(single)["t.off"] == (0, "wrong", "no-scale")


def test_two_mistakes_at_once_are_named_each_on_its_own_output():
    def both(x, scale=2.0):
        return toy.wrong_diagonal(x, scale)[0], toy.wrong_vector(x, scale)[1]

    found = summary(both)
    assert found["t.diagonal"][2] == "diagonal"
    assert found["t.off"] == (3, "passed", None)
    assert found["t.vector"][2] == "sum"


def test_an_unknown_mistake_is_not_given_a_name():
    found = summary(lambda x, scale=2.0: (np.outer(x, x) * scale + 1, x * scale))
    assert found["t.diagonal"] == (0, "wrong", None)


def test_right_on_one_size_only_keeps_what_it_answered():
    def two_only(x, scale=2.0):
        a, b = x[:2]
        return np.array([[a * a, a * b], [a * b, b * b]]) * scale, x * scale

    found = summary(two_only)
    assert found["t.diagonal"] == (4, "passed", None)
    assert found["t.general"][:2] == (0, "wrong")


def test_an_approximate_answer_earns_its_share():
    found = summary(lambda x, scale=2.0: (np.outer(x, x) * scale * (1 + 1e-8), x * scale))
    assert [found[c][:2] for c in ("t.diagonal", "t.general", "t.vector")] == [
        (2, "approx"),
        (1, "approx"),
        (1, "passed"),
    ]


@pytest.mark.parametrize(
    ("returned", "status"),
    [
        (lambda x, scale=2.0: None, "wrong"),
        (lambda x, scale=2.0: (np.outer(x, x) * scale * 1j, x * scale), "wrong"),
        (lambda x, scale=2.0: (np.outer(x, x) * np.nan, x * scale), "wrong"),
        (lambda x, scale=2.0: 1 // 0, "raised"),
    ],
)
def test_no_evidence_no_points(returned, status):
    found = summary(returned)
    assert found["t.diagonal"][:2] == (0, status)


@pytest.mark.parametrize(
    "status", ["missing", "forbidden", "crashed", "out_of_memory", "timed_out", "output_limit", "raised"]
)
def test_one_bad_call_costs_its_own_criteria_only(status):
    cases = toy.toy_cases()
    outcomes = {case.id: call(toy.products, case, ("all", "vector")) for case in cases.cases}
    victim = next(case.id for case in cases.cases if case.family == "many")
    outcomes[victim] = Outcome(case=victim, status=status)
    grade = Grader(toy.ASSIGNMENT, cases, "bubblewrap").grade(
        module_submission("s", ""), Run(notes=(), outcomes=outcomes, seconds=0)
    )
    assert {s.criterion: s.status for s in grade.scores} == {
        "t.diagonal": "passed",
        "t.off": "passed",
        "t.general": status,
        "t.vector": status,
    }
    assert grade.earned == 7


def test_a_call_without_an_outcome_is_no_evidence():
    cases = toy.toy_cases()
    grade = Grader(toy.ASSIGNMENT, cases, "bubblewrap").grade(
        module_submission("s", ""), Run(notes=(), outcomes={}, seconds=0)
    )
    assert grade.earned == 0
    assert {s.status for s in grade.scores} == {"crashed"}


def test_unreadable_submissions_earn_nothing_and_say_why():
    submission = module_submission("s", "")
    object.__setattr__(submission, "problem", "not UTF-8")
    grade = Grader(toy.ASSIGNMENT, toy.toy_cases(), "bubblewrap").grade(submission, None)
    assert (grade.status, grade.earned, grade.notes) == ("unreadable", 0, ("not UTF-8",))


def test_feedback_is_the_same_under_two_secrets():
    for function in (toy.products, toy.wrong_scale, toy.raising, lambda x, scale=2.0: (x, x)):
        texts = [[s.feedback for s in toy.grade_function(function, toy.toy_cases(seed)).scores] for seed in (1, 2)]
        assert texts[0] == texts[1]


def test_feedback_names_the_family_that_fails():
    text = {
        s.criterion: s.feedback
        for s in toy.grade_function(
            lambda x, scale=2.0: (np.outer(x, x) * scale, x * scale if len(x) < 3 else x)
        ).scores
    }
    assert "three or more elements" in text["t.vector"]
    assert "two elements" not in text["t.vector"]


def test_hidden_numbers_are_never_shown_and_public_ones_are():
    grade = toy.grade_function(toy.wrong_scale)
    for score in grade.scores:
        for verdict in score.verdicts:
            assert (verdict.shown is None) == verdict.hidden
    shown = grade.scores[0].verdicts[-1].shown
    assert shown is not None
    assert np.allclose(np.array(shown["truth"]), np.array(shown["actual"]) * shown["inputs"]["scale"])


def test_a_row_vector_is_accepted_with_a_note():
    score = toy.grade_function(lambda x, scale=2.0: (np.outer(x, x) * scale, (x * scale)[None])).scores[-1]
    assert score.earned == score.possible
    assert "row or a column" in score.feedback


def test_a_read_only_input_is_read_only_for_authors_functions_too():
    case = Case(id="c", part="p", family="f", hidden=True, layout="read_only", inputs={"x": np.ones(2), "scale": 2.0})
    outcome = call(toy.mutating, case, ("all", "vector"))
    assert (outcome.status, outcome.exception) == ("raised", "ValueError")


@pytest.mark.parametrize(
    "magnitude", [lambda i, t: np.ones(1), lambda i, t: np.full(t.shape, np.inf), lambda i, t: -np.ones(t.shape)]
)
def test_a_magnitude_that_breaks_its_contract_stops_the_run(magnitude):
    outputs = tuple(replace(output, magnitude=magnitude) for output in toy.PART.outputs)
    question = replace(toy.QUESTION, parts=(replace(toy.PART, outputs=outputs),))
    assignment = replace(toy.ASSIGNMENT, questions=(question,))
    with pytest.raises(AssignmentError, match="magnitude of 'all'"):
        Grader(assignment, toy.toy_cases(), "bubblewrap")


@pytest.mark.parametrize("shape", [(1 << 24, 0), (1 << 20, 1, 1), (30, 30)])
def test_a_far_too_large_answer_to_a_public_case_is_not_written_out(shape):
    grade = toy.grade_function(lambda x, scale=2.0: (np.zeros(shape, dtype=np.int8), x * scale))
    assert grade.scores[0].verdicts[-1].shown is not None
    assert grade.scores[0].verdicts[-1].shown["actual"] is None
    assert "far larger shape" in feedback(toy.ASSIGNMENT, grade)
