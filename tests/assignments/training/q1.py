"""Question 1: the gradient through a layer norm."""

from typing import Any

import numpy as np

from autograder.model import between, derivations, family, gradient, notation, part, question, setting, usual

PROMPT = r"""
A layer norm centers a vector $\mathbf{x} \in \mathbb{R}^n$ and divides it by its spread: with the mean and the spread

$$a = \frac{1}{n} \sum_{k=1}^n x_k$$

$$s = \sqrt{\frac{1}{n} \sum_{k=1}^n (x_k - a)^2 + \epsilon}$$

it answers

$$z_i = \frac{x_i - a}{s}$$

where $\epsilon > 0$ is a constant. A cost $L(\mathbf{z})$ follows, of which you know only
$\frac{\partial L}{\partial \mathbf{z}}$. Write the function `layer_norm_backward(x, dL_dz, eps)` that computes
$\frac{\partial L}{\partial \mathbf{x}}$.
"""


def layer_norm(xp: Any, x: Any, eps: Any) -> Any:
    """Compute the layer norm."""
    centered = x - x.sum() / len(x)
    return centered / xp.sqrt((centered**2).sum() / len(x) + eps)


def layer_norm_backward(x: np.ndarray, dL_dz: np.ndarray, eps: float) -> np.ndarray:
    """Carry the gradient of a cost back through a layer norm.

    Parameters
    ----------
    x : numpy.ndarray, shape (n,)
        What went in; floats or integers.
    dL_dz : numpy.ndarray, shape (n,)
        Gradient of the cost with respect to what came out.
    eps : float
        What is added below the root.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Gradient of the cost with respect to x.

    Examples
    --------
    The numbers 1 and -1 have the mean 0 and, with 3 added below the root, the spread 2:

    >>> layer_norm_backward(np.array([1.0, -1.0]), np.array([8.0, 0.0]), 3.0)
    array([ 1.5, -1.5])
    """
    s = np.sqrt(x.var() + eps)
    z = (x - x.mean()) / s
    return (dL_dz - dL_dz.mean() - z * (dL_dz * z).mean()) / s


def _z(x: np.ndarray, eps: float) -> Any:
    return layer_norm(np, x, eps)


def _s(x: np.ndarray, eps: float) -> Any:
    return np.sqrt(x.var() + eps)


EPS = between(0.2, 0.9)
CASES = {
    "asked": (family("four", "n = 4", n=4, eps=EPS), family("five", "n = 5", n=5, eps=EPS)),
    "general": (
        family("three", "n = 3, an arbitrary cost", n=3, cost="quartic", eps=EPS),
        family("large_eps", "a large constant below the root", n=4, eps=between(20, 40)),
    ),
    "shown": (family("public", "n = 3", n=3, eps=EPS),),
}
ANSWER = gradient(
    "dL_dx",
    of="x",
    criterion="layer_norm",
    points={"asked": 4, "general": 3},
    sums=0,
    # The three terms cancel: for n = 1 altogether.
    magnitude=lambda inputs, truth: np.full(
        truth.shape, 4 * np.abs(inputs["dL_dz"]).max() / _s(np.asarray(inputs["x"], float), inputs["eps"])
    ),
    mistakes={
        **usual("layer_norm_backward", "negated sorted"),
        "scale_only": (lambda x, g, e: g / _s(x, e), "Only the division is there. Mean and spread depend on x too."),
        "no_mean": (lambda x, g, e: (g - _z(x, e) * (g * _z(x, e)).mean()) / _s(x, e), "The mean depends on x too."),
        "no_spread": (lambda x, g, e: (g - g.mean()) / _s(x, e), "The spread is taken for a constant. What is in it?"),
        "no_division": (
            lambda x, g, e: g - g.mean() - _z(x, e) * (g * _z(x, e)).mean(),
            "Nothing is divided by the spread. How fast does z move when x does?",
        ),
        "sums": (
            lambda x, g, e: (g - g.sum() - _z(x, e) * (g * _z(x, e)).sum()) / _s(x, e),
            "There are sums where means belong. Where is the n of the mean?",
        ),
        "no_eps": (
            lambda x, g, _: layer_norm_backward(x, g, 0.0),
            "The constant below the root is left out. Does z not depend on it?",
        ),
        "eps_outside": (
            lambda x, g, e: layer_norm_backward(x, g, e**2 + 2 * e * x.std()),
            "The constant is added to the root, not below it.",
        ),
    },
)

DERIVATIONS = derivations(r"""
# The mean
\pdv{a}{x_i}
= \frac{1}{n}  % differentiation: each number is in the mean once.

# The spread
\pdv{s}{x_i}
= \frac{1}{n} \frac{x_i - a}{s}  % differentiation: of the root; the deviations sum to 0, so the mean's slope drops out.
= \frac{z_i}{n}  % substitution: the definition of $z_i$.

# The output
\pdv{z_k}{x_i}
= \frac{1}{s} \left( \delta_{ki} - \frac{1}{n} - \frac{1}{n} z_k z_i \right)
  % quotient rule: of the numerator the first two terms, of the spread the third.

#! The gradient
\pdv{L}{x_i}
= \sum_{k=1}^n \pdv{L}{z_k} \pdv{z_k}{x_i}  % chain rule: every output depends on every input.
= \sum_{k=1}^n \pdv{L}{z_k} \frac{1}{s} \left( \delta_{ki} - \frac{1}{n} - \frac{1}{n} z_k z_i \right)
  % quotient rule: as above, for each output.
= \frac{1}{s} \left( \pdv{L}{z_i} - \frac{1}{n} \sum_{k=1}^n \pdv{L}{z_k}
  - \frac{z_i}{n} \sum_{k=1}^n \pdv{L}{z_k} z_k \right)
  % algebra: of the first sum one term is left; what does not depend on $k$ comes out of the others.
""")

QUESTION = question(
    "q1",
    title="1: back through a layer norm",
    section="Normalization",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{x} | the input | \mathbb{R}^n | `x`
        \mathbf{z} | the output | \mathbb{R}^n
        a, s | mean and spread of the input
        \epsilon | a constant | | `eps`
        \pdv{L}{\mathbf{z}} | given | \mathbb{R}^n | `dL_dz`
    """),
    setting=setting(
        PROMPT,
        {"x": "n", "epsilon": ""},
        defines={"a": "", "s": "", "z_i": "n"},
        functions={"L": "z"},
        sizes=[{"n": 3}, {"n": 2}],
    ),
    derivations=DERIVATIONS,
    parts=[
        part(layer_norm_backward, layer_norm, [ANSWER], CASES, shapes={"x": "n", "dL_dz": "n"}, upstream="dL_dz"),
    ],
)
