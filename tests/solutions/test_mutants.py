"""Mutants of the references: the grader has to notice every one that computes something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from autograder.model import Assignment
from tests.catalogue._pipeline import _Makers, pipelines
from tests.equivalent_mutants import EQUIVALENT
from tests.mutants import Mutant, all_mutants, mutants_of, normalized, run, stale

# One sandbox, and the mutants once: on one worker.
pytestmark = pytest.mark.xdist_group("mutants")

EVERY = 7
"""CI grades every seventh mutant."""


@pytest.fixture(scope="module")
def make() -> Iterator[_Makers]:
    with pipelines() as makers:
        yield makers


@pytest.fixture(scope="module")
def mutants(assignment: Assignment) -> tuple[Mutant, ...]:
    return all_mutants(assignment)


STARTS = [0, *(pytest.param(start, marks=pytest.mark.long) for start in range(1, EVERY))]


@pytest.mark.no_cover  # it takes no way through the code that others do not take, and takes it hundreds of times
@pytest.mark.parametrize("start", STARTS)
def test_every_mutant_that_computes_something_else_loses_points(
    make: _Makers, mutants: tuple[Mutant, ...], start: int
) -> None:
    result = run(make(start), mutants[start::EVERY])
    assert [f"{m.part}, {m.change}\n{m.source}" for m in result.survived] == []
    assert [f"{m.part}, {m.change}\n{m.source}" for m in result.told_apart] == []
    assert result.killed


def test_equivalent_mutants_still_arise_and_have_a_reason(mutants: tuple[Mutant, ...]) -> None:
    assert stale(mutants) == ()
    assert all(len(reason.split()) >= 3 for reason in EQUIVALENT.values())
    assert len(mutants) >= 300
    assert len(EQUIVALENT) <= len(mutants) / 5


def test_mutants_are_distinct_and_made_for_every_part(assignment: Assignment, mutants: tuple[Mutant, ...]) -> None:
    assert len({(m.part, m.source) for m in mutants}) == len(mutants)
    assert {m.part for m in mutants} == {part.name for part in assignment.parts}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a"),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return a + b"),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return a"),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return a - a"),
        ("def f(a, s=3.0):\n    return s * a", "def f(a, s=4.0):\n    return s * a"),
        ("def f(a):\n    return np.exp(a)", "def f(a):\n    return np.expm1(a)"),
        ("def f(a):\n    return np.exp(a)", "def f(a):\n    return a"),
        ("def f(a):\n    return a.sum()", "def f(a):\n    return a.prod()"),
        ("def f(a):\n    return a.sum(axis=0)", "def f(a):\n    return a.sum(axis=1)"),
        ("def f(a):\n    return a.T", "def f(a):\n    return a"),
        ("def f(a, i):\n    return a[i]", "def f(a, i):\n    return a[i - 1]"),
        ("def f(a, i, j):\n    return a[i, j]", "def f(a, i, j):\n    return a[j, i]"),
        ("def f(a):\n    a = a + 1\n    return a", "def f(a):\n    return a"),
        ("def f(a, b):\n    return (a, b)", "def f(a, b):\n    return (b, a)"),
        ("def f(a, b):\n    return a if a < b else b", "def f(a, b):\n    return a if a > b else b"),
        ("def f(a, b):\n    return np.outer(a, b)", "def f(a, b):\n    return np.outer(b, a)"),
    ],
)
def test_a_kind_of_change_is_made(text: str, changed: str) -> None:
    assert changed in {m.source for m in mutants_of("f", text)}


def test_the_normal_form_drops_what_does_not_run() -> None:
    text = 'def f(a: int) -> int:\n    """Say."""\n    return (a)  # really\n'
    assert ast.unparse(normalized(text)) == "def f(a):\n    return a"
