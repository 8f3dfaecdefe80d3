"""A homework of one part with two outputs, small enough to see through: the engine knows no question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.grading import Grader
from autograder.grading.diagnosis import call
from autograder.loading import module_submission
from autograder.model import (
    Array,
    Assignment,
    Criterion,
    Draw,
    Family,
    Inputs,
    Misconception,
    Output,
    Part,
    Question,
    Region,
)
from autograder.results import Case, Cases, Grade, Run

DIAGONAL = Region(name="diagonal", mask=lambda truth: np.eye(*truth.shape, dtype=bool))
OFF = Region(name="off-diagonal", mask=lambda truth: ~np.eye(*truth.shape, dtype=bool))


def products(x: Array, scale: float = 2.0) -> tuple[Array, Array]:
    """Return all products, and the vector times the scale."""
    return np.outer(x, x) * scale, np.asarray(x) * scale


def _size(n: int) -> Callable[[np.random.Generator], Draw]:
    return lambda rng: Draw(inputs={"x": rng.uniform(1, 2, n), "scale": float(rng.uniform(3, 4))})


def _magnitude(inputs: Inputs, truth: Array) -> Array:
    return np.abs(truth)


def wrong_scale(x: Array, scale: float = 2.0) -> Any:
    return np.outer(x, x), x * scale


def wrong_diagonal(x: Array, scale: float = 2.0) -> Any:
    first = np.outer(x, x) * scale
    np.fill_diagonal(first, x)
    return first, x * scale


def wrong_vector(x: Array, scale: float = 2.0) -> Any:
    return np.outer(x, x) * scale, x + scale


def raising(x: Array, scale: float = 2.0) -> Any:
    if len(x) > 2:
        raise ValueError(x)
    return np.outer(x, x) * scale, x * scale


def shaped(x: Array, scale: float = 2.0) -> Any:
    return (np.outer(x, x) * scale).sum(axis=0), x * scale


def mutating(x: Array, scale: float = 2.0) -> Any:
    x *= scale
    return np.outer(x, x) / scale, x.copy()


PART = Part(
    reference=products,
    outputs=(
        Output(name="all", kind="value", magnitude=_magnitude),
        Output(name="vector", kind="value", magnitude=_magnitude),
    ),
    forward=lambda torch, tensors: None,
    families=(
        Family(name="shown", title="a public case", draw=_size(2), hidden=False, draws=1),
        Family(name="two", title="two elements", draw=_size(2)),
        Family(name="many", title="three or more elements", draw=_size(4)),
    ),
    criteria=(
        Criterion(id="t.diagonal", title="all, diagonal", points=4, output="all", families=("two",), region=DIAGONAL),
        Criterion(id="t.off", title="all, off the diagonal", points=3, output="all", families=("two",), region=OFF),
        Criterion(id="t.general", title="all, in general", points=2, output="all", families=("many",)),
        Criterion(id="t.vector", title="vector", points=1, output="vector", families=("two", "many")),
    ),
    misconceptions=(
        Misconception(name="no-scale", function=wrong_scale, hint="Where is the scale?"),
        Misconception(name="diagonal", function=wrong_diagonal, hint="Look at the diagonal."),
        Misconception(name="sum", function=wrong_vector, hint="Times, not plus."),
        Misconception(name="raises", function=raising, hint="More than two?"),
        Misconception(name="summed", function=shaped, hint="A matrix was asked for."),
        Misconception(name="in-place", function=mutating, hint="Leave the inputs alone."),
    ),
)
QUESTION = Question(id="t", title="Products", prompt="", parts=(PART,), derivations=(), gradient_check=lambda f, i: [])
ASSIGNMENT = Assignment(
    id="toy", title="Toy homework", course="C", term="T", due="D", questions=(QUESTION,), source_sha256="0" * 64
)


def toy_cases(seed: int = 0) -> Cases:
    """Draw the toy's cases; the reference is its own truth."""
    rng = np.random.default_rng(seed)
    cases = tuple(
        Case(
            id=f"products.{family.name}.{draw}",
            part="products",
            family=family.name,
            hidden=family.hidden,
            layout=family.layout,
            inputs=family.draw(rng).inputs,
        )
        for family in PART.families
        for draw in range(family.draws)
    )
    truths = {case.id: dict(zip(("all", "vector"), products(**case.inputs), strict=True)) for case in cases}
    return Cases(cases=cases, truths=truths, cases_id="c" * 32, torch_version="0")


def grade_function(function: Callable[..., Any], cases: Cases | None = None, student: str = "s") -> Grade:
    """Grade a function in this process: no sandbox, for tests of what follows it."""
    cases = cases or toy_cases()
    outcomes = {case.id: call(function, case, ("all", "vector")) for case in cases.cases}
    run = Run(notes=(), outcomes=outcomes, seconds=0.0)
    return Grader(ASSIGNMENT, cases, "bubblewrap").grade(module_submission(student, ""), run)
