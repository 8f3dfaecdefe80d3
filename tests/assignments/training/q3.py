"""Question 3: the gradients of one row of attention, in a dict."""

from typing import Any

import numpy as np

from autograder.model import derivations, family, gradient, notation, part, question, setting

PROMPT = r"""
In attention a query $\mathbf{q} \in \mathbb{R}^m$ is held against the $n$ rows of a matrix of keys $\mathbf{K}$; what
comes out is an average of the rows of a matrix of values $\mathbf{V}$. The scores, the weights and the output are

$$s_j = \frac{1}{\sqrt{m}} \sum_{l=1}^m K_{jl} q_l$$

$$a_j = \frac{\exp(s_j)}{\sum_{k=1}^n \exp(s_k)}$$

$$o_i = \sum_{j=1}^n a_j V_{ji}$$

A cost $L(\mathbf{o})$ follows, of which you know only $\frac{\partial L}{\partial \mathbf{o}}$. Write the function
`attention_backward(q, K, V, dL_do)` that computes the gradients with respect to $\mathbf{q}$, $\mathbf{K}$ and
$\mathbf{V}$, in a dict with the keys `"dL_dq"`, `"dL_dK"` and `"dL_dV"`. On paper, find the last.
"""


def attention(xp: Any, q: Any, K: Any, V: Any) -> Any:
    """Compute one row of attention."""
    e = xp.exp(K @ q / len(q) ** 0.5)
    return e / e.sum() @ V


def attention_backward(q: np.ndarray, K: np.ndarray, V: np.ndarray, dL_do: np.ndarray) -> dict[str, np.ndarray]:
    """Carry the gradient of a cost back through one row of attention.

    Parameters
    ----------
    q : numpy.ndarray, shape (m,)
        The query.
    K : numpy.ndarray, shape (n, m)
        The keys, a row each.
    V : numpy.ndarray, shape (n, m)
        The values, a row each.
    dL_do : numpy.ndarray, shape (m,)
        Gradient of the cost with respect to what came out.

    Returns
    -------
    dict of numpy.ndarray
        "dL_dq", shape (m,), "dL_dK" and "dL_dV", shape (n, m).

    Examples
    --------
    Two keys with the same score share the weight; the query has one number:

    >>> found = attention_backward(np.array([1.0]), np.zeros((2, 1)), np.array([[6.0], [2.0]]), np.array([1.0]))
    >>> {name: gradient.tolist() for name, gradient in found.items()}
    {'dL_dq': [0.0], 'dL_dK': [[1.0], [-1.0]], 'dL_dV': [[0.5], [0.5]]}
    """
    scale = len(q) ** -0.5
    s = K @ q * scale
    e = np.exp(s - s.max())
    a = e / e.sum()
    by_weight = V @ dL_do
    by_score = a * (by_weight - a @ by_weight) * scale
    return {"dL_dq": by_score @ K, "dL_dK": np.outer(by_score, q), "dL_dV": np.outer(a, dL_do)}


def _weights(q: np.ndarray, K: np.ndarray, scale: float) -> Any:
    e = np.exp(K @ q * scale)
    return e / e.sum()


def _by_score(q: np.ndarray, K: np.ndarray, V: np.ndarray, g: np.ndarray) -> Any:
    a = _weights(q, K, len(q) ** -0.5)
    return a * (V @ g - a @ V @ g)


def _size(inputs: Any, truth: np.ndarray) -> Any:
    """Differences of averages cancel."""
    q, K, V, g = (np.abs(inputs[name]) for name in ("q", "K", "V", "dL_do"))
    return np.full(truth.shape, (V @ g).max() * (1 + (K @ q).max()) * max(K.max(), q.max()))


CASES = {
    "asked": (family("three", "3 keys of 2 numbers"), family("four", "4 keys of 3 numbers", n=4, m=3, cost="network")),
    "general": (
        family("dozen", "a dozen keys", n=12, m=3),
        family("cost", "2 keys, an arbitrary cost", n=2, m=4, cost="quartic"),
    ),
    "shown": (family("public", "3 keys of 2 numbers"),),
}
ANSWERS = [
    gradient(
        "dL_dq",
        of="q",
        magnitude=_size,
        points={"asked": 1, "general": 1},
        mistakes={
            "q_unscaled": (lambda q, K, V, g: _by_score(q, K, V, g) @ K, "The root of m is lost on the way to q."),
            "q_weights_fixed": (
                lambda q, K, V, g: (_weights(q, K, len(q) ** -0.5) * (V @ g)) @ K * len(q) ** -0.5,
                "One score changes its own weight alone. What do the others do when one grows?",
            ),
        },
    ),
    gradient(
        "dL_dK",
        of="K",
        magnitude=_size,
        points={"asked": 1, "general": 1},
        mistakes={
            "K_unscaled": (
                lambda q, K, V, g: np.outer(_by_score(q, K, V, g), q),
                "The root of m is lost on the way to K.",
            ),
            "K_negated": (
                lambda q, K, V, g: -np.outer(_by_score(q, K, V, g), q) * len(q) ** -0.5,
                "The gradient of the keys has the opposite sign.",
            ),
        },
    ),
    gradient(
        "dL_dV",
        of="V",
        points={"asked": 1, "general": 1},
        mistakes={
            "V_scores": (
                lambda q, K, V, g: np.outer(K @ q * len(q) ** -0.5, g),
                "The scores stand where the weights belong.",
            ),
            "V_unscaled": (
                lambda q, K, V, g: np.outer(_weights(q, K, 1.0), g),
                "The weights are computed without the root of m.",
            ),
            "V_even": (
                lambda q, K, V, g: np.outer(np.full(len(K), 1 / len(K)), g),
                "All values have the same weight. Where do the keys come in?",
            ),
        },
    ),
]

DERIVATIONS = derivations(r"""
# The slope of the output
\pdv{o_l}{V_{ji}}
= a_j \delta_{li}  % differentiation: $V_{ji}$ is in $o_l$ only for $l = i$, and the weights do not depend on it.

#! The gradient with respect to the values
\pdv{L}{V_{ji}}
= \sum_{l=1}^m \pdv{L}{o_l} \pdv{o_l}{V_{ji}}  % chain rule: over all outputs.
= \sum_{l=1}^m \pdv{L}{o_l} a_j \delta_{li}  % substitution: the slope found above.
= a_j \pdv{L}{o_i}  % algebra: of the sum one term is left.

## The weights
\sum_{j=1}^n a_j
= \frac{\sum_{j=1}^n \exp(s_j)}{\sum_{k=1}^n \exp(s_k)}  % substitution: the definition of $a_j$.
= 1  % algebra: both sums are the same.
""")

QUESTION = question(
    "q3",
    title="3: back through one row of attention",
    section="Attention",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{q} | the query | \mathbb{R}^m | `q`
        \mathbf{K}, \mathbf{V} | the keys and the values, a row each | \mathbb{R}^{n \times m} | `K`, `V`
        \mathbf{s}, \mathbf{a} | scores and weights | \mathbb{R}^n
        \mathbf{o} | the output | \mathbb{R}^m
        \pdv{L}{\mathbf{o}} | given | \mathbb{R}^m | `dL_do`
    """),
    setting=setting(
        PROMPT,
        {"q": "m", "K": "n m", "V": "n m"},
        defines={"s_j": "n", "a_j": "n", "o_i": "m"},
        functions={"L": "o"},
        sizes=[{"n": 3, "m": 2}, {"n": 1, "m": 1}, {"n": 2, "m": 3}],
    ),
    derivations=DERIVATIONS,
    parts=[
        part(
            attention_backward,
            attention,
            ANSWERS,
            CASES,
            shapes={"q": "m", "K": "n m", "V": "n m", "dL_do": "m"},
            sizes={"n": 3, "m": 2},
            upstream="dL_do",
            as_dict=True,
        )
    ],
)
