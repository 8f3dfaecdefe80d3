"""Proofs without a bound on time, which are made in this process."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from autograder.loading import load_assignment
from autograder.mathematics.proof.proving import each

HOMEWORKS = Path(__file__).parents[1] / "assignments"


@pytest.mark.parametrize("name", ["modules", "training"])
def test_without_a_bound_the_same_is_decided(name: str) -> None:
    assignment = load_assignment(HOMEWORKS / name)
    found = list(each(assignment, seconds=math.inf))
    assert found == list(each(assignment))
    assert [one for one in found if not one.holds] == []
