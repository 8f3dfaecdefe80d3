"""Question 1: the gradient of a scaled error; the scale is each student's own."""

from typing import Any

import numpy as np

from autograder.model import derivations, family, gradient, notation, part, question, setting

SCALE = 3.5
SIZE = 2

PROMPT = r"""
How far the numbers $\mathbf{x} \in \mathbb{R}^n$ are from $\mathbf{t}$ says

$$E = <SCALE> \sum_{i=1}^n (x_i - t_i)^2$$

Write the function `error_gradient(x, target)` that computes $\frac{\partial E}{\partial \mathbf{x}}$; on paper,
let $n = <SIZE>$.
"""


def error(xp: Any, x: Any, target: Any) -> Any:
    """Compute the error itself."""
    return SCALE * ((x - target) ** 2).sum()


def error_gradient(x: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Gradient of <SCALE> times the squared error.

    Parameters
    ----------
    x : numpy.ndarray, shape (n,)
        Numbers; floats or integers.
    target : numpy.ndarray, shape (n,)
        What they should be.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Gradient with respect to x.

    Examples
    --------
    Where a number is what it should be, the slope is 0:

    >>> error_gradient(np.array([1.0, 2.0]), np.array([0.5, 2.0]))
    array([<SCALE>, 0. ])
    """
    return 2 * SCALE * (x - target)


CASES = {
    "asked": (family("asked", "as on paper", n=SIZE), family("five", "n = 5", n=5)),
    "general": (family("three", "n = 3", n=3),),
    "shown": (family("public", "as on paper", n=SIZE),),
}
ANSWER = gradient(
    "dE_dx",
    of="x",
    points={"asked": 3, "general": 2},
    mistakes={
        "no_scale": (lambda x, t: 2 * (x - t), "The factor before the sum is lost."),
        "no_two": (lambda x, t: SCALE * (x - t), "The derivative of a square has a 2."),
        "sign": (lambda x, t: 2 * SCALE * (t - x), "The sign is lost: the error grows with x above the target."),
    },
)

DERIVATIONS = derivations(r"""
#! The gradient
\pdv{E}{x_j}
= <SCALE> \pdv{}{x_j} \left( \sum_{i=1}^n (x_i - t_i)^2 \right)  % linearity: the factor comes out.
= <TWICE> (x_j - t_j)  % differentiation: one square depends on each number, and no other does.
""")

QUESTION = question(
    "q1",
    title="1: a scaled error",
    section="Errors",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{x} | the numbers | \mathbb{R}^n | `x`
        \mathbf{t} | what they should be | \mathbb{R}^n | `target`
    """),
    setting=setting(PROMPT, {"x": "n", "t": "n"}, defines={"E": ""}, sizes=[{"n": 2}, {"n": 1}, {"n": 3}]),
    derivations=DERIVATIONS,
    written_points=2,
    parts=[part(error_gradient, error, [ANSWER], CASES, shapes={"x": "n", "target": "n"})],
    variants={"SCALE": (3.5, 4.5, 6.5), "TWICE": ("7", "9", "13"), "SIZE": (2, 4, 3)},
)
