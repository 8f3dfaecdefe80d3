"""Question 5: the gradient through a rectifier, whose kink is stated."""

from typing import Any

import numpy as np

from autograder.model import derivations, family, gradient, notation, part, question, setting, usual

PROMPT = r"""
A rectifier lets a number of a vector $\mathbf{u} \in \mathbb{R}^n$ pass when it is positive,

$$r_i = \max(u_i, 0)$$

It has a kink at 0, where no derivative exists; take 0 for it there. A cost $L(\mathbf{r})$ follows, of which you know
only $\frac{\partial L}{\partial \mathbf{r}}$. Write the function `rectifier_backward(u, dL_dr)` that computes
$\frac{\partial L}{\partial \mathbf{u}}$.
"""


def rectifier(xp: Any, u: Any) -> Any:
    """Rectify; autograd takes 0 for the slope at 0."""
    return u * (u > 0)


def rectifier_backward(u: np.ndarray, dL_dr: np.ndarray) -> np.ndarray:
    """Carry the gradient of a cost back through a rectifier.

    Parameters
    ----------
    u : numpy.ndarray, shape (n,)
        What went in; floats or integers.
    dL_dr : numpy.ndarray, shape (n,)
        Gradient of the cost with respect to what came out.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Gradient of the cost with respect to u.

    Examples
    --------
    >>> rectifier_backward(np.array([2.0, -3.0, 0.0]), np.array([5.0, 7.0, 1.0]))
    array([5., 0., 0.])
    """
    return np.where(u > 0, dL_dr, 0)


CASES = {
    "asked": (family("four", "n = 4", n=4), family("quartic", "n = 5, an arbitrary cost", n=5, cost="quartic")),
    "general": (family("kink", "a number at the kink", n=4, zeros=True),),
    "shown": (family("public", "n = 3", n=3),),
}
ANSWER = gradient(
    "dL_du",
    of="u",
    criterion="rectifier",
    points={"asked": 2, "general": 2},
    mistakes={
        **usual("rectifier_backward", "dtype_of_u sorted"),
        "slope_alone": (lambda u, _: np.where(u > 0, 1.0, 0.0), "That is the slope of r. Where does the cost come in?"),
        "value": (lambda u, g: g * np.maximum(u, 0), "The cost's gradient meets r itself. Which slope belongs there?"),
        "all_pass": (lambda _, g: g.copy(), "Everything passes. Does r move with u where u is negative?"),
        "signs": (lambda u, g: g * np.sign(u), "The slope is -1 for negative numbers. That is the absolute value's."),
        "kink": (lambda u, g: np.where(u >= 0, g, 0), "At the kink the gradient passes. What does the question say?"),
        "half": (lambda u, g: g * (np.sign(u) + 1) / 2, "At the kink half of it passes. What does the question say?"),
    },
)

DERIVATIONS = derivations(r"""
# The slope of the rectifier
% assume: At the kink, $u_i = 0$, the slope is taken as 0.
\pdv{r_i}{u_i}
= \begin{cases} 1 & u_i > 0 \\ 0 & u_i \le 0 \end{cases}
  % differentiation: above 0 the rectifier is $u_i$ itself, below it is constant.

#! The gradient
\pdv{L}{u_i}
= \sum_{k=1}^n \pdv{L}{r_k} \pdv{r_k}{u_i}  % chain rule: over all outputs.
= \sum_{k=1}^n \pdv{L}{r_k} \delta_{ki} \pdv{r_i}{u_i}  % substitution: $r_k$ depends on $u_i$ only for $k = i$.
= \pdv{L}{r_i} \pdv{r_i}{u_i}  % algebra: of the sum one term is left.
= \begin{cases} \pdv{L}{r_i} & u_i > 0 \\ 0 & u_i \le 0 \end{cases}  % substitution: the slope found above.
""")

QUESTION = question(
    "q5",
    title="5: back through a rectifier",
    section="A Kink",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{u} | the input | \mathbb{R}^n | `u`
        \mathbf{r} | the output | \mathbb{R}^n
        \pdv{L}{\mathbf{r}} | given | \mathbb{R}^n | `dL_dr`
    """),
    setting=setting(
        PROMPT, {"u": "n"}, defines={"r_i": "n"}, functions={"L": "r"}, sizes=[{"n": 2}, {"n": 1}, {"n": 3}]
    ),
    derivations=DERIVATIONS,
    parts=[part(rectifier_backward, rectifier, [ANSWER], CASES, shapes={"u": "n", "dL_dr": "n"}, upstream="dL_dr")],
)
