"""Question 2: the gradients of a one-dimensional convolution."""

from typing import Any

import numpy as np

from autograder.model import family, gradient, part, question, usual

PROMPT = r"""
A convolution slides a kernel $\mathbf{w} \in \mathbb{R}^k$ along a signal $\mathbf{x} \in \mathbb{R}^n$: at place $i$
it answers the sum of $w_l$ times the number that stands $l - 1$ places to the right of $x_i$, for all $l$ from 1 to
$k$. It stops where it would reach beyond the signal, so there are $n - k + 1$ outputs $y_i$.

A cost $L(\mathbf{y})$ follows, of which you know only $\frac{\partial L}{\partial \mathbf{y}}$. Write the function
`convolution_backward(x, w, dL_dy)` that computes $\frac{\partial L}{\partial \mathbf{x}}$ and
$\frac{\partial L}{\partial \mathbf{w}}$.
"""


def convolution(xp: Any, x: Any, w: Any) -> Any:
    """Slide the kernel along the signal."""
    size = len(x) - len(w) + 1
    return sum(w[place] * x[place : place + size] for place in range(len(w)))


def convolution_backward(x: np.ndarray, w: np.ndarray, dL_dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Carry the gradient of a cost back through a convolution.

    Parameters
    ----------
    x : numpy.ndarray, shape (n,)
        The signal; floats or integers.
    w : numpy.ndarray, shape (k,)
        The kernel, not longer than the signal.
    dL_dy : numpy.ndarray, shape (n - k + 1,)
        Gradient of the cost with respect to what came out.

    Returns
    -------
    dL_dx : numpy.ndarray, shape (n,)
        Gradient with respect to the signal.
    dL_dw : numpy.ndarray, shape (k,)
        Gradient with respect to the kernel.

    Examples
    --------
    Two outputs, each of three neighbors:

    >>> dL_dx, dL_dw = convolution_backward(np.arange(1.0, 5.0), np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]))
    >>> dL_dx.tolist(), dL_dw.tolist()
    ([1.0, 12.0, 23.0, 30.0], [21.0, 32.0, 43.0])
    """
    return np.convolve(dL_dy, w), np.correlate(x, dL_dy)[: len(w)]


CASES = {
    "asked": (family("three", "a kernel of 3"), family("two", "a kernel of 2", n=5, k=2, cost="quartic")),
    "general": (
        family("one_output", "a kernel as long as the signal", n=4, k=4),
        family("long", "a long signal", n=41, k=5),
    ),
    "shown": (family("public", "a kernel of 3", n=5),),
}
ANSWERS = [
    gradient(
        "dL_dx",
        of="x",
        points={"asked": 2, "general": 2},
        mistakes={
            "turned": (
                lambda _, w, g: np.convolve(g, w[::-1]),
                "The kernel is turned around. Which output does the last number of the signal reach, by which weight?",
            ),
            "valid_only": (
                lambda _, w, g: np.correlate(g, w, "same"),
                "The gradient is as long as the outputs. Which shape has the signal?",
            ),
            "x_negated": (lambda _, w, g: -np.convolve(g, w), "The signal's gradient has the opposite sign."),
        },
    ),
    gradient(
        "dL_dw",
        of="w",
        points={"asked": 2, "general": 2},
        mistakes={
            **usual("dL_dw", "dtype_of_x"),
            "w_turned": (
                lambda x, _, g: np.correlate(x, g, "valid")[::-1],
                "The kernel's gradient comes out from back to front.",
            ),
            "w_averaged": (
                lambda x, _, g: np.correlate(x, g, "valid") / len(g),
                "The kernel's gradient is averaged over the places. Is the cost a mean?",
            ),
            "w_flipped": (
                lambda x, _, g: np.convolve(x, g, "valid"),
                "One of the two is turned around before it slides. Which number meets which?",
            ),
        },
    ),
]

QUESTION = question(
    "q2",
    title="2: back through a convolution",
    section="Convolution",
    prompt=PROMPT,
    parts=[
        part(
            convolution_backward,
            convolution,
            ANSWERS,
            CASES,
            shapes={"x": "n", "w": "k", "dL_dy": "n-k+1"},
            sizes={"n": 6, "k": 3},
            upstream="dL_dy",
        )
    ],
)
