"""Question 3: a linear layer on a batch, in code only."""

from typing import Any

import numpy as np

from autograder.model import award, family, gradient, part, question

PROMPT = r"""
A linear layer takes a batch, one row of $\mathbf{X}$ for each of $B$ examples, and answers

$$\mathbf{Y} = \mathbf{X} \mathbf{W}^\top + \mathbf{1} \mathbf{b}^\top$$

where $\mathbf{1}$ is a column of ones. Given $\frac{\partial L}{\partial \mathbf{Y}}$, write the function
`linear_backward(X, W, dL_dY)` that computes the gradients with respect to $\mathbf{X}$, $\mathbf{W}$ and $\mathbf{b}$,
and returns them in a dict with the keys `"dL_dX"`, `"dL_dW"` and `"dL_db"`.
"""


def linear(xp: Any, X: Any, W: Any, b: Any) -> Any:
    """Compute the layer."""
    return X @ W.T + b


def linear_backward(X: np.ndarray, W: np.ndarray, dL_dY: np.ndarray) -> dict[str, np.ndarray]:
    """Carry the gradient of a cost back through a linear layer.

    Parameters
    ----------
    X : numpy.ndarray, shape (B, n)
        The batch.
    W : numpy.ndarray, shape (m, n)
        The weights.
    dL_dY : numpy.ndarray, shape (B, m)
        Gradient of the cost with respect to what came out.

    Returns
    -------
    dict of numpy.ndarray
        "dL_dX", shape (B, n), "dL_dW", shape (m, n), and "dL_db", shape (m,): gradients with respect to the batch, the
        weights and the bias.

    Examples
    --------
    Two examples, one number in, one number out:

    >>> found = linear_backward(np.array([[1.0], [2.0]]), np.array([[3.0]]), np.array([[1.0], [10.0]]))
    >>> {name: gradient.tolist() for name, gradient in found.items()}
    {'dL_dX': [[3.0], [30.0]], 'dL_dW': [[21.0]], 'dL_db': [11.0]}
    """
    return {"dL_dX": dL_dY @ W, "dL_dW": dL_dY.T @ X, "dL_db": dL_dY.sum(axis=0)}


SHAPES = {"X": "B n", "W": "m n", "b": "m", "dL_dY": "B m"}
SIZES = {"B": 3, "n": 2, "m": 2}
CASES = {
    "asked": (
        family("small", "3 examples", m=4),
        family("quadratic", "3 examples, an arbitrary cost", cost="quadratic"),
    ),
    "general": (family("wide", "more features than examples", B=2, n=5, m=3, cost="quartic"),),
    "shown": (family("public", "2 examples, 3 features", B=2, n=3, m=2),),
}
ANSWERS = [
    gradient(
        "dL_dX",
        of="X",
        points={"asked": award(1, "the batch's gradient"), "general": 1},
        mistakes={
            "weights_turned": (lambda _, W, G: G @ W.T, "W is turned the wrong way round. Which of its sides meets Y?"),
            "dX_negated": (lambda _, W, G: -G @ W, "The batch's gradient has the opposite sign."),
        },
    ),
    gradient(
        "dL_dW",
        of="W",
        points={"asked": award(1, "the weights' gradient"), "general": 1},
        mistakes={
            "dW_turned": (lambda X, _, G: X.T @ G, "The weights' gradient comes out transposed. Which shape has W?"),
            "dW_mean": (lambda X, _, G: G.T @ X / len(X), "The weights' gradient is averaged. Is the cost a mean?"),
        },
    ),
    gradient(
        "dL_db",
        of="b",
        points={"asked": award(1, "the bias's gradient"), "general": 1},
        mistakes={
            "db_mean": (lambda _, __, G: G.mean(axis=0), "The bias's gradient is averaged. Is the cost a mean?"),
            "db_features": (lambda _, __, G: G.sum(axis=1), "The sum runs over outputs. One bias meets every example."),
            "db_unsummed": (lambda _, __, G: G.copy(), "There is a gradient for each example. The bias is shared."),
        },
    ),
]

QUESTION = question(
    "q3",
    title="3: back through a linear layer",
    section="Batches",
    prompt=PROMPT,
    parts=[part(linear_backward, linear, ANSWERS, CASES, shapes=SHAPES, sizes=SIZES, upstream="dL_dY", as_dict=True)],
)
