"""Question 4: softmax with cross-entropy on labels: a value and a gradient, with a switch."""

from typing import Any

import numpy as np

from autograder.model import choice, family, gradient, labels, part, question, then, value

PROMPT = r"""
Each row of $\mathbf{Z}$ holds the scores of one of $B$ examples, and $t_b$ is the class it belongs to. The loss of an
example is the negative logarithm of the share that the softmax of its row gives to its class; `mean` says whether the
losses are averaged or added up.

Write `cross_entropy(Z, t, mean)` that computes the loss and its gradient with respect to $\mathbf{Z}$.
"""


def loss(xp: Any, Z: Any, t: Any, mean: bool) -> Any:
    """Compute the loss."""
    losses = xp.log(xp.exp(Z).sum(1)) - Z[xp.arange(len(Z)), t]
    return losses.mean() if mean else losses.sum()


def cross_entropy(Z: np.ndarray, t: np.ndarray, mean: bool) -> tuple[np.ndarray, np.ndarray]:
    """Compute the cross-entropy and its gradient.

    Parameters
    ----------
    Z : numpy.ndarray, shape (B, K)
        Scores.
    t : numpy.ndarray, shape (B,)
        Classes, from 0.
    mean : bool
        Whether losses are averaged or added up.

    Returns
    -------
    loss : float
        The loss of all examples.
    dL_dZ : numpy.ndarray, shape (B, K)
        Its gradient.

    Examples
    --------
    One example, two classes with the same score:

    >>> loss, dL_dZ = cross_entropy(np.array([[0.0, 0.0]]), np.array([1]), True)
    >>> float(round(loss, 6)), dL_dZ.tolist()
    (0.693147, [[0.5, -0.5]])
    """
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    Y = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(Z))
    losses = -np.log(Y[rows, t])
    Y[rows, t] -= 1
    return (losses.mean(), Y / len(Z)) if mean else (losses.sum(), Y)


def _softmax(Z: np.ndarray) -> Any:
    return np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def _gradient(Z: np.ndarray, t: np.ndarray, share: float) -> Any:
    return (_softmax(Z) - np.eye(Z.shape[1])[t]) * share


def _size(inputs: Any, truth: np.ndarray) -> Any:
    """Whoever computes 1 - y loses what cancels."""
    return np.full(truth.shape, 1.0 if not inputs["mean"] else 1 / len(inputs["Z"]))


CASES = {
    "asked": (family("four", "4 examples, 3 classes", B=4, K=3), family("more", "5 examples, 4 classes", B=5, K=4)),
    "general": (family("two", "two classes", B=3, K=2, draws=3),),
    "shown": (family("public", "2 examples, 3 classes", B=2, K=3),),
}
ANSWERS = [
    value(
        "loss",
        points={"asked": 1, "general": 1},
        magnitude=lambda inputs, truth: np.full(truth.shape, np.abs(inputs["Z"]).sum()),  # scores cancel
        mistakes={
            "always_added": (
                lambda Z, t, _: -np.log(_softmax(Z)[np.arange(len(Z)), t]).sum(),
                "The losses are added up whatever the switch says.",
            ),
            "loss_sign": (then(np.negative), "The loss has the wrong sign. Can the logarithm of a share be positive?"),
        },
    ),
    gradient(
        "dL_dZ",
        of="Z",
        points={"asked": 1, "general": 1},
        magnitude=_size,
        mistakes={
            "no_target": (lambda Z, _, mean: _softmax(Z) / (len(Z) if mean else 1), "Where does the class come in?"),
            "never_averaged": (lambda Z, t, _: _gradient(Z, t, 1.0), "The gradient does not look at the switch."),
            "gradient_sign": (then(np.negative), "The gradient has the opposite sign. It points uphill."),
        },
    ),
]

QUESTION = question(
    "q4",
    title="4: cross-entropy",
    section="Batches",
    prompt=PROMPT,
    parts=[
        part(
            cross_entropy,
            loss,
            ANSWERS,
            CASES,
            shapes={"Z": "B K", "t": labels("B", below="K"), "mean": choice(True, False)},
        )
    ],
)
