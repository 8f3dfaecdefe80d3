"""Question 3: one step of a recurrent cell."""

from typing import Any

import numpy as np

from autograder.model import derivations, family, jacobian, part, question, setting, usual

PROMPT = r"""
A recurrent cell makes of a state $\mathbf{h} \in \mathbb{R}^n$ the next one,
with a matrix $\mathbf{U} \in \mathbb{R}^{n \times n}$ and a drive $\mathbf{a} \in \mathbb{R}^n$:

$$g_i = \tanh\left(\sum_{k=1}^n U_{ik} h_k + a_i\right)$$

Write `cell_jacobian(h, U, a)`, the matrix $J_{ij} = \frac{\partial g_i}{\partial h_j}$.
"""


def module(xp: Any, h: Any, U: Any, a: Any) -> Any:
    """Step."""
    return xp.tanh(U @ h + a)


def cell_jacobian(h: np.ndarray, U: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Compute the derivatives of the next state.

    Parameters
    ----------
    h : numpy.ndarray, shape (n,)
        The state.
    U : numpy.ndarray, shape (n, n)
        The matrix.
    a : numpy.ndarray, shape (n,)
        The drive.

    Returns
    -------
    numpy.ndarray, shape (n, n)
        J[i, j] is the derivative of g_i with respect to h_j.

    Examples
    --------
    >>> cell_jacobian(np.array([0.0]), np.array([[3.0]]), np.array([0.0]))
    array([[3.]])
    """
    return (1 - np.tanh(U @ h + a) ** 2)[:, None] * U


CASES = {
    "asked": (family("three", "n = 3", n=3), family("four", "n = 4", n=4)),
    "shown": (family("public", "n = 2", n=2),),
}
J = jacobian(
    "J",
    of="h",
    points={"asked": 3, "general": 1},
    mistakes={"no_slope": (lambda h, U, a: U, "The tanh has a slope, too."), **usual("J", "negated")},
)
DERIVATIONS = derivations(r"""
#! The Jacobian of the cell
\pdv{g_i}{h_j}
= (1 - g_i^2) U_{ij}  % differentiation: the slope of $\tanh$ is $1 - \tanh^2$.
""")
QUESTION = question(
    "q3",
    title="3: one step of an RNN",
    prompt=PROMPT,
    setting=setting(
        PROMPT, {"h": "n", "U": "n n", "a": "n"}, defines={"g_i": "n"}, sizes=[{"n": 2}, {"n": 1}, {"n": 3}]
    ),
    derivations=DERIVATIONS,
    parts=[part(cell_jacobian, module, [J], CASES, shapes={"h": "n", "U": "n n", "a": "n"})],
)
