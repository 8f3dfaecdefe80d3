"""Question 1b: the same gradients for a cost that was multiplied by a number."""

from typing import Any

import numpy as np

from autograder.model import Array, award, between, derivations, family, gradient, notation, part, question, setting

from .q1a import SETTING, SHAPES, affine

PROMPT = r"""
Take the affine module of question 1a and a new cost that is three times the old one,

$$C_2(\mathbf{y}) = 3\, C(\mathbf{y})$$

Do you know how the gradients with respect to $\mathbf{W}$ and $\mathbf{b}$ change, although you know neither
$C(\mathbf{y})$ nor $\frac{\partial C}{\partial \mathbf{y}}$? Express $\frac{\partial C_2}{\partial \mathbf{W}}$ and
$\frac{\partial C_2}{\partial \mathbf{b}}$ in terms of $\frac{\partial C}{\partial \mathbf{y}}$ and $\mathbf{x}$.

Write the function `scaled_cost_gradients(x, dC_dy, scale=3.0)` that computes both whatever number the scale is,
$C_2 = \text{scale} \cdot C$; when it is not given, it is the 3 from above. `dC_dy` is still the gradient of $C$, not of
$C_2$.
"""


def scaled_cost_gradients(x: np.ndarray, dC_dy: np.ndarray, scale: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    r"""Gradients of the cost C2 = scale * C with respect to W and b of the affine module y = Wx + b.

    Parameters
    ----------
    x : numpy.ndarray, shape (n,)
        Input of the module; floats or integers.
    dC_dy : numpy.ndarray, shape (m,)
        Gradient of the cost C (not C2) with respect to the module's output; floats or integers.
    scale : float, optional
        What C is multiplied by; any number.

    Returns
    -------
    dC2_dW : numpy.ndarray, shape (m, n)
        Gradient of C2 with respect to W.
    dC2_db : numpy.ndarray, shape (m,)
        Gradient of C2 with respect to b.

    Notes
    -----
    Differentiation is linear, whatever C is:

    .. math:: \frac{\partial C_2}{\partial w_{ij}} = s \frac{\partial C}{\partial y_i} x_j, \qquad
              \frac{\partial C_2}{\partial b_i} = s \frac{\partial C}{\partial y_i}

    Examples
    --------
    With one output and C = 4 y, where y = 5 w_1 - 2 w_2 + b, the new cost is
    C2 = 60 w_1 - 24 w_2 + 12 b:

    >>> dC2_dW, dC2_db = scaled_cost_gradients(np.array([5.0, -2.0]), np.array([4.0]))
    >>> dC2_dW
    array([[ 60., -24.]])
    >>> dC2_db
    array([12.])
    """
    return scale * np.outer(dC_dy, x), scale * np.asarray(dC_dy)


def scaled_cost(C: Any, scale: Any) -> Any:
    """Compute C2."""
    return scale * C


NEGATIVE, FRACTION, LARGE = between(-4.7, -1.6), between(0.2, 0.8), between(3.3, 9.7)
CASES = {
    "asked": (
        family("quadratic_cost", "2 x 2, quadratic cost", cost="quadratic"),
        family("log_sum_exp_cost", "2 x 2, log-sum-exp cost", cost="log_sum_exp"),
        family("quartic_cost", "2 x 2, quartic cost", cost="quartic"),
        family("network_cost", "2 x 2, a small network as cost", cost="network"),
    ),
    "general": (
        family("default_scale", "W not square, scale left out", m=2, n=4, cost="quartic"),
        family("negative", "a negative scale", m=3, cost="quadratic", scale=NEGATIVE),
        family("fraction", "a scale between 0 and 1", n=3, cost="log_sum_exp", scale=FRACTION),
        family("zero", "scale 0", m=3, cost="network", scale=lambda _: 0.0),
        family("whole", "a whole number as scale", scale=lambda rng: int(rng.integers(4, 9))),
        family("one_output", "W with one row", m=1, n=4, cost="quartic", scale=LARGE),
        family("one_input", "W with one column", m=3, n=1, cost="quadratic", scale=LARGE),
        family("large", "W with dozens of rows and columns", m=31, n=17, scale=LARGE),
        family("integer_x", "integers in x only", n=3, whole="x", scale=FRACTION),
        family("integer_dC_dy", "integers in dC_dy only", m=3, whole="dC_dy", scale=LARGE),
        family("strided", "non-contiguous inputs", n=4, layout="strided", scale=NEGATIVE),
        family("read_only", "read-only inputs", m=4, layout="read_only", scale=LARGE),
        family("again", "repeated inputs", same_as="negative"),
    ),
    "shown": (
        family("public_2x2", "the homework's 2 x 2"),
        family("public_3x2", "W with three rows, another scale", m=3, scale=FRACTION),
    ),
}


def _in_place(x: Array, dC_dy: Array, scale: float = 3.0) -> tuple[Array, Array]:
    """Scale the upstream gradient where it lies."""
    dC_dy *= scale
    return np.outer(dC_dy, x), dC_dy


# Tables read better by rows.
# fmt: off
ANSWERS = [
    gradient("dC2_dW", of="W",
        points={
            "asked": award(3, "dC2/dW of the 2 x 2 module, three times the cost"),
            "general": award(2, "dC2/dW for other sizes, scales and kinds of input"),
        },
        mistakes={
        "unscaled": (lambda x, g, _: np.outer(g, x),
            "dC2_dW is the gradient of C. How does a derivative change when the cost is multiplied by a number?"),
        "zero_scale_ignored": (lambda x, g, s: (s or 3.0) * np.outer(g, x),
            "dC2_dW treats a scale of 0 as if none was given. Python counts 0 as false."),
        "positive_only": (lambda x, g, s: max(s, 0.0) * np.outer(g, x),
            "dC2_dW is zero for negative scales. Nothing restricts the scale."),
        "divided": (lambda x, g, s: np.outer(g, x) / np.float64(s),
            "dC2_dW divides by the scale. Does a larger cost have smaller derivatives?"),
        "added": (lambda x, g, s: np.outer(g, x) + s,
            "dC2_dW has the scale added to it. C2 is a multiple of C; the derivative of an added constant is 0."),
        "transposed": (lambda x, g, s: s * np.outer(x, g),
            "dC2_dW comes out transposed. Ask which index of W goes with y and which with x."),
        "no_transpose": (lambda x, g, s: s * (g @ x),
            "dC2_dW is a single number, as if a transpose were missing: W has a derivative for each of its elements."),
        "only_x": (lambda x, g, s: s * np.outer(np.ones(len(g)), x),
            "dC2_dW does not contain the gradient of C. Not knowing C does not make its derivative 1."),
        "single_precision": (lambda x, g, s: np.float32(s * np.outer(g, x)),
            "dC2_dW is computed in single precision and loses half of its digits."),
        }),
    gradient("dC2_db", of="b",
        points={
            "asked": award(3, "dC2/db of the 2 x 2 module, three times the cost"),
            "general": award(2, "dC2/db for other sizes, scales and kinds of input"),
        },
        mistakes={
        "db_unscaled": (lambda _, g, __: g,
            "dC2_db is the gradient of C. How does a derivative change when the cost is multiplied by a number?"),
        "db_zero_scale_ignored": (lambda _, g, s: (s or 3.0) * g,
            "dC2_db treats a scale of 0 as if none was given. Python counts 0 as false."),
        "db_divided": (lambda _, g, s: g / np.float64(s),
            "dC2_db divides by the scale. Does a larger cost have smaller derivatives?"),
        "db_times_x": (lambda x, g, s: s * np.outer(g, x),
            "dC2_db is multiplied by x. b is added to Wx, and x does not touch it."),
        "db_only_scale": (lambda _, g, s: s * np.ones(len(g)),
            "dC2_db holds nothing but the scale. The derivative of C belongs in the chain as well."),
        "db_summed": (lambda _, g, s: s * g.sum(),
            "dC2_db is summed to one number. Each output has a bias of its own."),
        }),
]
MISTAKES = {
    "default_changed": (lambda x, dC_dy, scale=1.0: (scale * np.outer(dC_dy, x), scale * dC_dy),
        "The default of scale was changed. When it is left out, it should be the homework's number."),
    "in_place": (_in_place, "An input itself is multiplied. Look for *= or out=."),
    "swapped": (lambda x, dC_dy, scale=3.0: (scale * dC_dy, scale * np.outer(dC_dy, x)),
        "The two gradients come back in the wrong order. Return dC2_dW first, then dC2_db."),
}
# fmt: on

DERIVATIONS = derivations(r"""
# The new cost
C_2
= 3 C  % Definition of the new cost.

# The gradient with respect to $\mathbf{W}$
\pdv{C_2}{\mathbf{W}}
= \begin{pmatrix} \pdv{C_2}{w_{11}} & \pdv{C_2}{w_{12}} \\ \pdv{C_2}{w_{21}} & \pdv{C_2}{w_{22}} \end{pmatrix}
  % Layout: a gradient has the shape of what it is taken with respect to.
= \begin{pmatrix} 3 \pdv{C}{w_{11}} & 3 \pdv{C}{w_{12}} \\ 3 \pdv{C}{w_{21}} & 3 \pdv{C}{w_{22}} \end{pmatrix}
  % Linearity: the derivative of $3C$ is 3 times the derivative of $C$, whatever $C$ is.
= 3 \begin{pmatrix} \pdv{C}{w_{11}} & \pdv{C}{w_{12}} \\ \pdv{C}{w_{21}} & \pdv{C}{w_{22}} \end{pmatrix}
  % Factoring: 3 is common to all elements.
= 3 \pdv{C}{\mathbf{y}} \mathbf{x}^\top  % Question 1a: the matrix is the gradient found there.

# The gradient with respect to $\mathbf{b}$
% column: b
\left( \pdv{C_2}{\mathbf{b}} \right)^\top
= \begin{pmatrix} \pdv{C_2}{b_1} & \pdv{C_2}{b_2} \end{pmatrix}  % Layout: a row, as in question 1a.
= 3 \begin{pmatrix} \pdv{C}{b_1} & \pdv{C}{b_2} \end{pmatrix}
  % Linearity: 3 comes out of each derivative, and then out of the row.
= 3 \left( \pdv{C}{\mathbf{y}} \right)^\top  % Question 1a: the row is the gradient found there.

##! The gradient with respect to $\mathbf{W}$, for $m \times n$
% in words: Yes, we know: both gradients are multiplied by 3, whatever the cost is.
\pdv{C_2}{\mathbf{W}}
= 3 \pdv{C}{\mathbf{W}}  % Linearity: the factor comes out of every element.
= 3 \pdv{C}{\mathbf{y}} \mathbf{x}^\top  % Question 1a: the gradient found there.

##! The gradient with respect to $\mathbf{b}$, for $m$ outputs
% column: b
\pdv{C_2}{\mathbf{b}}
= 3 \pdv{C}{\mathbf{b}}  % Linearity: as for the weights.
= 3 \pdv{C}{\mathbf{y}}  % Question 1a: the gradient found there.
""")

NOTATION = notation(r"""
    C_2(\mathbf{y}) | the new cost; in code the factor is an argument | | `scale`
    \pdv{C_2}{\mathbf{W}}, \pdv{C_2}{\mathbf{b}} | sought; laid out as those of $C$ | | `dC2_dW`, `dC2_db`
""")

QUESTION = question(
    "q1b",
    title="1b: gradients when the cost is multiplied",
    section="Affine Module",
    heading="Question 1b)",
    prompt=PROMPT,
    notation=NOTATION,
    setting=setting(PROMPT, defines={"C_2": ""}, also=SETTING),
    derivations=DERIVATIONS,
    parts=[
        part(
            scaled_cost_gradients,
            affine,
            ANSWERS,
            CASES,
            shapes=SHAPES,
            upstream="dC_dy",
            objective=scaled_cost,
            mistakes=MISTAKES,
        )
    ],
)
