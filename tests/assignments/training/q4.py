"""Question 4: one step of gradient descent with momentum, two values; with points for the written answer."""

from typing import Any

import numpy as np

from autograder.model import derivations, family, notation, part, positive, question, setting, usual, value

PROMPT = r"""
Gradient descent with momentum keeps a velocity $\mathbf{v} \in \mathbb{R}^n$ beside the weights
$\mathbf{w} \in \mathbb{R}^n$. Given a gradient $\mathbf{g} \in \mathbb{R}^n$, a rate $\eta$ and a momentum $\mu$, the
new velocity and then the new weights are

$$p_i = \mu v_i + g_i$$

$$u_i = w_i - \eta p_i$$

Write `momentum_step(w, v, g, rate, momentum)` that computes the new weights and the new velocity, in this order. On
paper, find $\frac{\partial u_i}{\partial g_j}$ and $\frac{\partial u_i}{\partial v_j}$.
"""


def step(xp: Any, w: Any, v: Any, g: Any, rate: Any, momentum: Any) -> Any:
    """Make one step."""
    velocity = momentum * v + g
    return w - rate * velocity, velocity


def momentum_step(
    w: np.ndarray, v: np.ndarray, g: np.ndarray, rate: float, momentum: float
) -> tuple[np.ndarray, np.ndarray]:
    """Make one step of gradient descent with momentum.

    Parameters
    ----------
    w : numpy.ndarray, shape (n,)
        The weights.
    v : numpy.ndarray, shape (n,)
        The velocity.
    g : numpy.ndarray, shape (n,)
        The gradient.
    rate, momentum : float
        What the step and the old velocity are multiplied by.

    Returns
    -------
    weights : numpy.ndarray, shape (n,)
        The new weights.
    velocity : numpy.ndarray, shape (n,)
        The new velocity.

    Examples
    --------
    >>> weights, velocity = momentum_step(np.array([1.0]), np.array([4.0]), np.array([2.0]), 0.5, 0.25)
    >>> weights.tolist(), velocity.tolist()
    ([-0.5], [3.0])
    """
    velocity = momentum * v + g
    return w - rate * velocity, velocity


CASES = {
    "asked": (family("three", "n = 3", n=3), family("five", "n = 5", n=5)),
    "shown": (family("public", "n = 2", n=2),),
}
ANSWERS = [
    value(
        "weights",
        points={"asked": 1, "general": 1},
        mistakes={
            **usual("momentum_step", "no_rate no_momentum"),
            "uphill": (lambda w, v, g, r, m: w + r * (m * v + g), "The step goes uphill."),
            "old_velocity": (lambda w, v, g, r, m: w - r * v, "The step uses the old velocity."),
            "plain": (lambda w, v, g, r, m: w - r * g, "The step leaves the velocity out."),
            "damped": (lambda w, v, g, r, m: w - r * (m * v + (1 - m) * g), "The gradient enters the velocity whole."),
        },
    ),
    value(
        "velocity",
        points={"asked": 1, "general": 1},
        mistakes={
            "v_gradient": (lambda w, v, g, r, m: g.copy(), "The new velocity is the gradient alone."),
            "v_undamped": (lambda w, v, g, r, m: v + g, "The old velocity is not multiplied by the momentum."),
            "v_rate": (lambda w, v, g, r, m: m * v + r * g, "The rate belongs to the weights, not to the velocity."),
            "v_average": (lambda w, v, g, r, m: m * v + (1 - m) * g, "The gradient enters the velocity whole."),
        },
    ),
]

DERIVATIONS = derivations(r"""
# The new weights
u_i
= w_i - \eta (\mu v_i + g_i)  % substitution: the new velocity.
= w_i - \eta \mu v_i - \eta g_i  % algebra: multiplied out.

#! By the gradient
\pdv{u_i}{g_j}
= -\eta \delta_{ij}  % differentiation: $g_j$ is in $u_i$ only for $j = i$.

#! By the old velocity
\pdv{u_i}{v_j}
= -\eta \mu \delta_{ij}  % differentiation: $v_j$ is in $u_i$ only for $j = i$.
""")

QUESTION = question(
    "q4",
    title="4: a step with momentum",
    section="Descent",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{w}, \mathbf{v}, \mathbf{g} | weights, velocity, gradient | \mathbb{R}^n | `w`, `v`, `g`
        \eta, \mu | rate and momentum | | `rate`, `momentum`
        \mathbf{u}, \mathbf{p} | new weights, new velocity | \mathbb{R}^n
    """),
    setting=setting(
        PROMPT,
        {"w": "n", "v": "n", "g": "n", "eta": "", "mu": ""},
        defines={"p_i": "n", "u_i": "n"},
        sizes=[{"n": 2}, {"n": 1}, {"n": 3}],
    ),
    derivations=DERIVATIONS,
    written_points=1,
    parts=[
        part(
            momentum_step,
            step,
            ANSWERS,
            CASES,
            shapes={"w": "n", "v": "n", "g": "n", "rate": positive(""), "momentum": positive("")},
        )
    ],
)
