"""A share of the points for an answer that is one change away, where the rubric has it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder import truth
from autograder.errors import AssignmentError
from autograder.grading import PartGrader
from autograder.grading.diagnosis import call
from autograder.grading.sentences import NEAR
from autograder.naming import Library
from tests.catalogue._pipeline import secret

SMALL = Path(__file__).parents[1] / "small"


@pytest.fixture(scope="module")
def earned(small):
    """Say what a function earns on the criteria of the first part, of which half is given to near answers."""
    question = small.questions[0]
    (whole,) = question.parts
    part = replace(whole, criteria=tuple(replace(one, near_share=0.5) for one in whole.criteria))
    cases = truth.compute(small, secret(3))
    library = Library(small, cases, None, lambda _: None)
    graders = {
        True: PartGrader(question, part, cases, library=library),
        False: PartGrader(question, part, cases),
        None: PartGrader(question, whole, cases, library=library),
    }

    def scores(function, known=True):
        outcomes = {c.id: call(function, c, part.names) for c in cases.cases if c.part == part.name}
        found = graders[known].scores(outcomes)
        for score in found:
            assert (NEAR in score.feedback) == (score.status == "wrong" and score.earned > 0)
        return [score.earned for score in found]

    return scores


def sums(x, step=2.0):
    return step * np.cumsum(x)


def mutating(x, step=2.0):
    x *= 1.5
    return step * x


@pytest.mark.parametrize(
    ("function", "points"),
    [
        (sums, [4, 2]),
        (lambda x, step=2.0: step * x, [2, 1]),
        # The author has a name for it, and the search one change.
        (lambda x, step=2.0: np.cumsum(x), [2, 1]),
        (lambda x, step=2.0: sums(x, step) if len(x) > 1 else -x, [4, 0]),
        # Two changes, no change that is known, numbers of no formula.
        (lambda x, step=2.0: -np.cumsum(x), [0, 0]),
        (lambda x, step=2.0: np.sin(x) + step, [0, 0]),
        (lambda x, step=2.0: np.zeros(len(x)), [0, 0]),
        # Not an answer in every call.
        (lambda x, step=2.0: step * x if len(x) > 1 else 1 / 0, [0, 0]),
        (lambda x, step=2.0: step * x if len(x) > 1 else step * x * np.nan, [0, 0]),
        (lambda x, step=2.0: step * x if len(x) > 1 else "text", [0, 0]),
        (lambda x, step=2.0: (step * x)[None, :, None], [0, 0]),
        (mutating, [0, 0]),
    ],
)
def test_a_share_is_for_one_change_in_every_number(earned, function, points):
    assert earned(function) == points


def test_without_the_switch_or_the_formulas_it_earns_nothing(earned):
    for known in (False, None):
        assert earned(lambda x, step=2.0: step * x, known) == [0, 0]


def test_a_share_is_below_one(small):
    (part,) = small.questions[0].parts
    for share in (1.0, -0.5, float("nan")):
        with pytest.raises(AssignmentError, match="near share"):
            replace(part, criteria=tuple(replace(one, near_share=share) for one in part.criteria))


def test_a_share_is_in_every_place_where_points_are(hw1, small_course, tmp_path):
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    page = folder / "q3.py"
    text = page.read_text()
    assert text.count("points=4,") == 1
    page.write_text(text.replace("points=4,", "points=4, near_share=0.25,"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.py").write_text("def running_sums(x, step=2.0):\n    return step * x\n")
    shutil.copytree(small_course, tmp_path / "course")
    words = ["--course", tmp_path / "course", "--assignment", folder]
    result = hw1("grade", tmp_path / "in", "--output", tmp_path / "out", *words)
    assert result.exit_code == 0
    first, *others = json.loads((tmp_path / "out/ada/grade.json").read_text())["scores"]
    assert (first["earned"], first["status"], first["misconception"]) == (1, "wrong", "one term")
    assert not any(score["earned"] for score in others)
    assert NEAR in (tmp_path / "out/ada/feedback.md").read_text()
    (row,) = [line for line in (tmp_path / "out/grades.csv").read_text().splitlines() if line.startswith("ada,")]
    assert ",1," in row
    assert any(
        line.split()[:2] == ["ada", "1"] or " 1 " in line for line in result.output.splitlines() if "ada" in line
    )
    assert hw1("report", "feedback", tmp_path / "out", "--output", tmp_path / "pages", *words[2:]).exit_code == 0
