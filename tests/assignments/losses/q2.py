"""Question 2: a convolution with a stride."""

from typing import Any

import numpy as np

from autograder.model import family, gradient, part, question

PROMPT = r"""
A convolution moves a kernel $\mathbf{k}$ of $K$ numbers over $\mathbf{x}$ of $N$ numbers by steps of `stride` $s$:

$$y_i = \sum_{j=0}^{K-1} k_j x_{i s + j}, \qquad i = 0, \dots, \left\lfloor \frac{N - K}{s} \right\rfloor$$

Write `conv_gradients(x, k, dC_dy, stride)` that returns
$\frac{\partial C}{\partial \mathbf{x}}$ and $\frac{\partial C}{\partial \mathbf{k}}$ for a cost $C(\mathbf{y})$.
"""


def module(xp: Any, x: Any, k: Any, stride: int) -> Any:
    """Compute the convolution."""
    s, K = int(stride), len(k)
    return xp.stack([(x[i : i + K] * k).sum() for i in range(0, len(x) - K + 1, s)])


def conv_gradients(x: np.ndarray, k: np.ndarray, dC_dy: np.ndarray, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Gradients through a convolution.

    Parameters
    ----------
    x : numpy.ndarray, shape (N,)
        Input.
    k : numpy.ndarray, shape (K,)
        Kernel.
    dC_dy : numpy.ndarray, shape (M,)
        Gradient of the cost with respect to the output.
    stride : int
        The step, 1 or more.

    Returns
    -------
    dC_dx : numpy.ndarray, shape (N,)
        Gradient with respect to the input.
    dC_dk : numpy.ndarray, shape (K,)
        Gradient with respect to the kernel.

    Examples
    --------
    >>> dx, dk = conv_gradients(np.array([1.0, 2.0, 3.0]), np.array([5.0, 7.0]), np.array([1.0, 10.0]), 1)
    >>> dx.tolist(), dk.tolist()
    ([5.0, 57.0, 70.0], [21.0, 32.0])
    """
    dx, dk = np.zeros(len(x)), np.zeros(len(k))
    for i, g in enumerate(dC_dy):
        dx[i * stride : i * stride + len(k)] += g * k
        dk += g * x[i * stride : i * stride + len(k)]
    return dx, dk


CASES = {
    "asked": (
        family("one", "stride 1", N=7, K=3, stride=1),
        family("two", "stride 2, a number is left over", N=8, K=3, stride=2, cost="quadratic"),
    ),
    "general": (
        family("three", "stride 3", N=11, K=2, stride=3),
        family("gaps", "a stride larger than the kernel", N=9, K=2, stride=4),
    ),
    "shown": (family("public", "stride 2", N=6, K=2, stride=2),),
}


def _no_stride(x: Any, k: Any, dC_dy: Any, stride: int) -> Any:
    dx, dk = np.zeros(len(x)), np.zeros(len(k))
    for i, one in enumerate(dC_dy):
        dx[i : i + len(k)] += one * k
        dk += one * x[i : i + len(k)]
    return dx, dk


def _flipped(x: Any, k: Any, dC_dy: Any, stride: int) -> Any:
    dx, dk = conv_gradients(x, k[::-1], dC_dy, stride)
    return dx, dk[::-1]


X = gradient("dC_dx", of="x", points={"asked": 3, "general": 1})
K = gradient("dC_dk", of="k", points={"asked": 3, "general": 1})
QUESTION = question(
    "q2",
    title="2: a convolution with a stride",
    prompt=PROMPT,
    parts=[
        part(
            conv_gradients,
            module,
            [X, K],
            CASES,
            shapes={"x": "N", "k": "K", "dC_dy": "(N-K)//stride+1"},
            sizes={"N": 6, "K": 3, "stride": 1},
            upstream="dC_dy",
            mistakes={
                "no_stride": (_no_stride, "Where does the stride come in?"),
                "flipped": (_flipped, "In this convolution the kernel is not turned around."),
            },
        )
    ],
)
