"""Question 1: a loss with a kink, a penalty and a word as a switch: a cost and its gradient."""

from typing import Any

import numpy as np

from autograder.model import between, choice, family, gradient, part, question, value

PROMPT = r"""
Predictions $\mathbf{p} = \mathbf{X} \mathbf{w}$ of $n$ targets $\mathbf{t}$ are scored by the Huber loss of the
residuals $r_i = p_i - t_i$,

$$h(r) = \frac{r^2}{2} \text{ if } |r| \le \delta, \text{ else } \delta \left( |r| - \frac{\delta}{2} \right)$$

and an $L_2$ penalty $\frac{\lambda}{2} \sum_j w_j^2$ is added to their sum or, with `reduction="mean"`, to their mean.
Write the function `huber(w, X, t, delta=1.0, penalty=0.0, reduction="sum")` that returns
the cost and its gradient with respect to $\mathbf{w}$.
"""


def module(xp: Any, w: Any, X: Any, t: Any, delta: Any, penalty: Any, reduction: str) -> Any:
    """Compute the cost."""
    r = X @ w - t
    a = abs(r)
    h = xp.where(a <= delta, 0.5 * r * r, delta * (a - 0.5 * delta))
    return (h.mean() if reduction == "mean" else h.sum()) + 0.5 * penalty * (w * w).sum()


def huber(
    w: np.ndarray, X: np.ndarray, t: np.ndarray, delta: float = 1.0, penalty: float = 0.0, reduction: str = "sum"
) -> tuple[float, np.ndarray]:
    """Compute the Huber loss and its gradient.

    Parameters
    ----------
    w : numpy.ndarray, shape (d,)
        Weights.
    X : numpy.ndarray, shape (n, d)
        An example in each row.
    t : numpy.ndarray, shape (n,)
        Targets.
    delta : float, optional
        Where the loss turns into a line; above 0.
    penalty : float, optional
        What the penalty is multiplied by.
    reduction : str, optional
        ``"sum"`` or ``"mean"``.

    Returns
    -------
    cost : float
        The cost.
    dC_dw : numpy.ndarray, shape (d,)
        Its gradient.

    Examples
    --------
    >>> cost, slope = huber(np.array([2.0]), np.array([[1.0], [0.5]]), np.array([0.0, 0.5]))
    >>> float(cost), slope.tolist()
    (1.625, [1.25])
    """
    r = X @ w - t
    a = np.abs(r)
    h = np.where(a <= delta, 0.5 * r**2, delta * (a - 0.5 * delta))
    g = np.clip(r, -delta, delta)
    n = len(r) if reduction == "mean" else 1
    return h.sum() / n + 0.5 * penalty * (w @ w), X.T @ g / n + penalty * w


CASES = {
    "asked": (
        family(
            "sum", "5 examples, added up", n=5, d=3, delta=between(1, 2), penalty=between(0.2, 0.9), reduction="sum"
        ),
        family(
            "mean", "4 examples, averaged", n=4, d=2, delta=between(1, 2), penalty=between(0.2, 0.9), reduction="mean"
        ),
    ),
    "general": (
        family("defaults", "all defaults", n=5, d=2),
        family("narrow", "a small delta", n=4, d=3, delta=0.25, penalty=2, reduction="mean"),
    ),
    "shown": (
        family("public", "3 examples", n=3, d=2, delta=1.5, penalty=0.5, reduction="sum"),
        family("public_mean", "3 examples, averaged", n=3, d=2, delta=1.5, penalty=0.5, reduction="mean"),
    ),
}


def _unclipped(w: Any, X: Any, t: Any, delta: float = 1.0, penalty: float = 0.0, reduction: str = "sum") -> Any:
    r = X @ w - t
    return X.T @ r / (len(r) if reduction == "mean" else 1) + penalty * w


def _summed(w: Any, X: Any, t: Any, delta: float = 1.0, penalty: float = 0.0, reduction: str = "sum") -> Any:
    return huber(w, X, t, delta, penalty, "sum")[1]


COST = value("cost", points={"asked": 4, "general": 2})
SLOPE = gradient(
    "dC_dw",
    of="w",
    points={"asked": 4, "general": 4},
    mistakes={
        "unclipped": (_unclipped, "Outside delta the loss is a line."),
        "summed": (_summed, "What does reduction change?"),
    },
)
QUESTION = question(
    "q1",
    title="1: a loss with a kink",
    prompt=PROMPT,
    parts=[
        part(
            huber,
            module,
            [COST, SLOPE],
            CASES,
            shapes={"w": "d", "X": "n d", "t": "n", "reduction": choice("sum", "mean")},
        )
    ],
)
