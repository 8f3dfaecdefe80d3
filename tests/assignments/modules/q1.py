"""Question 1: the gradient through an elementwise sigmoid."""

from typing import Any

import numpy as np

from autograder.model import derivations, family, gradient, notation, part, question, setting

PROMPT = r"""
The sigmoid squashes each number of a vector $\mathbf{u} \in \mathbb{R}^n$ between 0 and 1,

$$s_i = \frac{1}{1 + \exp(-u_i)}$$

A cost $L(\mathbf{s})$ follows, of which you know only $\frac{\partial L}{\partial \mathbf{s}}$. Write the function
`sigmoid_backward(u, dL_ds)` that computes $\frac{\partial L}{\partial \mathbf{u}}$.
"""


def sigmoid(xp: Any, u: Any) -> Any:
    """Squash."""
    return 1 / (1 + xp.exp(-u))


def sigmoid_backward(u: np.ndarray, dL_ds: np.ndarray) -> np.ndarray:
    """Carry the gradient of a cost back through a sigmoid.

    Parameters
    ----------
    u : numpy.ndarray, shape (n,)
        What went in; floats or integers.
    dL_ds : numpy.ndarray, shape (n,)
        Gradient of the cost with respect to what came out.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Gradient of the cost with respect to u.

    Examples
    --------
    At 0 the slope is a quarter:

    >>> sigmoid_backward(np.array([0.0, 0.0]), np.array([8.0, -2.0]))
    array([ 2. , -0.5])
    """
    e = np.exp(-np.abs(u))
    return dL_ds * e / (1 + e) ** 2


def _s(u: np.ndarray) -> Any:
    return sigmoid(np, u)


SHAPES = {"u": "n", "dL_ds": "n"}
CASES = {
    "asked": (family("three", "n = 3", n=3), family("quartic", "n = 4, an arbitrary cost", n=4, cost="quartic")),
    "general": (family("two", "n = 2", n=2),),
    "shown": (family("public", "n = 2", n=2),),
}
ANSWER = gradient(
    "dL_du",
    of="u",
    points={"asked": 3, "general": 2},
    mistakes={
        "no_upstream": (lambda u, _: _s(u) * (1 - _s(u)), "That is the slope of s. Where does the cost come in?"),
        "value_for_slope": (lambda u, g: g * _s(u), "The cost's gradient meets s itself. Which slope belongs there?"),
        "input_for_output": (lambda u, g: g * u * (1 - u), "s (1 - s) is written with the input. What is s?"),
        "matrix": (lambda u, g: np.diag(g * _s(u) * (1 - _s(u))), "A matrix comes back. What shape has u?"),
        "sign": (lambda u, g: -g * _s(u) * (1 - _s(u)), "The sign is lost: s grows with u."),
    },
    # Whoever writes s (1 - s) loses what cancels in 1 - s.
    magnitude=lambda inputs, truth: np.abs(inputs["dL_ds"]) * _s(inputs["u"]),
)

DERIVATIONS = derivations(r"""
# The slope of the sigmoid
\pdv{s_i}{u_i}
= \frac{\exp(-u_i)}{(1 + \exp(-u_i))^2}  % quotient rule: the numerator is constant.
= s_i (1 - s_i)  % substitution: $1 - s_i$ is what $\exp(-u_i)$ leaves of the whole.

#! The gradient
\pdv{L}{u_i}
= \sum_{k=1}^n \pdv{L}{s_k} \pdv{s_k}{u_i}  % chain rule: over all outputs.
= \sum_{k=1}^n \pdv{L}{s_k} \delta_{ki} \pdv{s_i}{u_i}  % substitution: $s_k$ depends on $u_i$ only for $k = i$.
= \pdv{L}{s_i} \pdv{s_i}{u_i}  % algebra: of the sum one term is left.
= \pdv{L}{s_i} s_i (1 - s_i)  % substitution: the slope found above.
""")

QUESTION = question(
    "q1",
    title="1: back through a sigmoid",
    section="Elementwise",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{u} | the input | \mathbb{R}^n | `u`
        \mathbf{s} | the output | \mathbb{R}^n
        \pdv{L}{\mathbf{s}} | given | \mathbb{R}^n | `dL_ds`
    """),
    setting=setting(
        PROMPT, {"u": "n"}, defines={"s_i": "n"}, functions={"L": "s"}, sizes=[{"n": 2}, {"n": 1}, {"n": 3}]
    ),
    derivations=DERIVATIONS,
    parts=[part(sigmoid_backward, sigmoid, [ANSWER], CASES, shapes=SHAPES, upstream="dL_ds")],
)
