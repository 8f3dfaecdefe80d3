"""What a submission may cost: CPU time beside the floor, measured in turn, so that a slow machine slows down both."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from autograder import truth
from autograder.model import Assignment
from tests.benchmarks import ratio
from tests.benchmarks.__main__ import sources

BUDGET = 4.5
"""Times the floor: about 3 are needed, and 5.6 were when every submission had two children."""


@pytest.mark.no_cover
def test_a_submission_keeps_to_its_budget(assignment: Assignment, course: Path, tmp_path: Path) -> None:
    cases = truth.load(assignment, course, truth.read_secret(course, create=False), lambda _: None)
    folder = tmp_path / "class"
    folder.mkdir()
    for number, text in enumerate(sources(25, hostile=False)):
        (folder / f"s{number:02}.py").write_text(text, encoding="utf-8")
    ours = floor = math.inf
    # The least of each, as many pairs as that takes: what else runs on the machine only adds.
    for pair in ratio.pairs(folder, tmp_path / "grades", assignment, cases, number=20, each=5):
        ours, floor = min(ours, pair.ours), min(floor, pair.floor)
        if ours < BUDGET * floor:
            return
    pytest.fail(f"{ours:.1f} ms a submission, {ours / floor:.1f} times the floor")
