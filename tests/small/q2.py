"""Question 2: a gradient."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.model import Array, Criterion, Draw, Family, Inputs, Misconception, Output, Part, Question

PROMPT = r"Write `error_gradient(x, target)`: the gradient of $\sum_i (x_i - t_i)^2$ with respect to $x$."


def error_gradient(x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Gradient of the squared error.

    Parameters
    ----------
    x : numpy.ndarray, shape (K,)
        Numbers.
    target : numpy.ndarray, shape (K,)
        What they should be.

    Returns
    -------
    numpy.ndarray, shape (K,)
        Gradient with respect to x.

    Examples
    --------
    >>> error_gradient(np.array([3.0, 1.0]), np.array([1.0, 1.5]))
    array([ 4., -1.])
    """
    return 2 * (x - target)


def _draw(rng: np.random.Generator, n: int) -> Draw:
    return Draw(inputs={"x": rng.uniform(1, 2, n), "target": rng.uniform(3, 4, n)}, cost=lambda torch, y: (y * y).sum())


def _magnitude(inputs: Inputs, truth: Array) -> Array:
    size: Array = 2 * (np.abs(inputs["x"]) + np.abs(inputs["target"]))
    return size


def gradient_check(functions: "Mapping[str, Callable[..., Any]]", inputs: "Mapping[str, Any]") -> list[str]:
    """Complain of nothing."""
    return []


PART = Part(
    reference=error_gradient,
    outputs=(Output(name="dE_dx", kind="gradient", of="x", magnitude=_magnitude),),
    forward=lambda torch, tensors: tensors["x"] - tensors["target"],
    families=(
        Family(name="shown", title="two numbers", draw=partial(_draw, n=2), hidden=False, draws=1),
        Family(name="three", title="three numbers", draw=partial(_draw, n=3)),
        Family(name="one", title="one number", draw=partial(_draw, n=1)),
    ),
    criteria=(Criterion(id="q2.dE_dx", title="the gradient", points=5, output="dE_dx", families=("three", "one")),),
    misconceptions=(
        Misconception(name="sign", function=lambda x, target: 2 * (target - x), hint="Which way does the error grow?"),
        Misconception(name="no_two", function=lambda x, target: x - target, hint="The derivative of a square?"),
    ),
)
QUESTION = Question(
    id="q2", title="Squared error", prompt=PROMPT, parts=(PART,), derivations=(), gradient_check=gradient_check
)
