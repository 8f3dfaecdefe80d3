"""What a submission may cost: CPU time beside the floor, measured in turn, so that a slow machine slows down both."""

from __future__ import annotations

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
    pairs = list(ratio.pairs(folder, tmp_path / "grades", assignment, cases, number=5, each=5))
    # The least of each: what else runs on the machine only adds.
    assert min(pair.ours for pair in pairs) / min(pair.floor for pair in pairs) < BUDGET
