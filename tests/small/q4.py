"""Question 4: a gradient, and how it is found."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.model import (
    Array,
    Criterion,
    Definition,
    Derivation,
    Draw,
    Family,
    Inputs,
    Misconception,
    Output,
    Part,
    Question,
    Setting,
    Step,
)

PROMPT = r"""
The numbers $\mathbf{x}$ should be $\mathbf{t}$; how far they are from it says

$$E = \sum_{i=1}^K (x_i - t_i)^2$$

Write `error_gradient(x, target)`: the gradient of $E$ with respect to $\mathbf{x}$.
"""


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
        Family(name="single", title="one number", draw=partial(_draw, n=1)),
    ),
    criteria=(Criterion(id="q4.dE_dx", title="the gradient", points=5, output="dE_dx", families=("three", "single")),),
    misconceptions=(
        Misconception(name="sign", function=lambda x, target: 2 * (target - x), hint="Which way does the error grow?"),
        Misconception(name="no_two", function=lambda x, target: x - target, hint="The derivative of a square?"),
    ),
)
DERIVATION = Derivation(
    title="The gradient of the error",
    left=r"\frac{\partial E}{\partial x_j}",
    result=True,
    steps=(
        Step(
            latex=r"\frac{\partial}{\partial x_j} \left( \sum_{i=1}^K (x_i - t_i)^2 \right)",
            rule="substitution",
            reason="Substitution: the definition of the error.",
        ),
        Step(
            latex="2 (x_j - t_j)",
            rule="differentiation",
            reason="Differentiation: one square depends on each number, and no other does.",
        ),
    ),
)
SETTING = Setting(
    symbols={"x": ("K",), "t": ("K",)},
    definitions=(Definition(left="E", right=r"\sum_{i=1}^K (x_i - t_i)^2"),),
    sizes=({"K": 2}, {"K": 1}, {"K": 3}),
)
QUESTION = Question(
    id="q4",
    title="Squared error",
    prompt=PROMPT,
    parts=(PART,),
    derivations=(DERIVATION,),
    setting=SETTING,
    gradient_check=gradient_check,
)
