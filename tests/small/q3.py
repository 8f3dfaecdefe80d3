"""Question 3: a value, with a default."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.model import Array, Criterion, Draw, Family, Inputs, Misconception, Output, Part, Question

PROMPT = r"Write `running_sums(x, step=2.0)`: the sums of the first numbers of $x$, each times the step."


def running_sums(x: np.ndarray, step: float = 2.0) -> np.ndarray:
    r"""Sum the first numbers, and multiply.

    Parameters
    ----------
    x : numpy.ndarray, shape (K,)
        Numbers.
    step : float, optional
        What each sum is multiplied by.

    Returns
    -------
    numpy.ndarray, shape (K,)
        One sum for each number.

    Notes
    -----
    Each sum is the one before it and one term more:

    .. math:: v_k = v_{k-1} + \text{step} \cdot x_k, \qquad v_0 = 0

    Examples
    --------
    >>> running_sums(np.array([1.0, 2.0, 4.0]))
    array([ 2.,  6., 14.])
    """
    return step * np.cumsum(x)


def _draw(rng: np.random.Generator, n: int, step: bool = True) -> Draw:
    given = {"step": float(rng.uniform(3, 4))} if step else {}
    return Draw(inputs={"x": rng.uniform(1, 2, n), **given})


def _magnitude(inputs: Inputs, truth: Array) -> Array:
    size: Array = abs(inputs["step"]) * np.cumsum(np.abs(inputs["x"]))
    return size


def gradient_check(functions: "Mapping[str, Callable[..., Any]]", inputs: "Mapping[str, Any]") -> list[str]:
    """Complain of nothing."""
    return []


FAMILIES = (
    Family(name="shown", title="three numbers", draw=partial(_draw, n=3), hidden=False, draws=1),
    Family(name="four", title="four numbers", draw=partial(_draw, n=4)),
    Family(name="step_left_out", title="the step left out", draw=partial(_draw, n=5, step=False)),
    Family(name="single", title="one number", draw=partial(_draw, n=1)),
)
PART = Part(
    reference=running_sums,
    outputs=(Output(name="sums", kind="value", magnitude=_magnitude),),
    forward=lambda torch, tensors: tensors["step"] * torch.cumsum(tensors["x"], 0),
    families=FAMILIES,
    criteria=(
        Criterion(id="q3.sums", title="the sums", points=4, output="sums", families=("four",)),
        Criterion(
            id="q3.sums.general",
            title="the sums, in general",
            points=2,
            output="sums",
            families=("step_left_out", "single"),
        ),
    ),
    misconceptions=(
        Misconception(name="no_step", function=lambda x, step=2.0: np.cumsum(x), hint="Where is the step?"),
        Misconception(name="total", function=lambda x, step=2.0: step * np.sum(x), hint="One sum for each number."),
    ),
)
QUESTION = Question(
    id="q3", title="Running sums", prompt=PROMPT, parts=(PART,), derivations=(), gradient_check=gradient_check
)
