"""Question 1a: gradients of an arbitrary cost through an affine module."""

from typing import Any

import numpy as np

from autograder.model import Array, award, derivations, family, gradient, notation, part, question, setting

PROMPT = r"""
An affine module takes a vector $\mathbf{x}$ and outputs

$$\mathbf{y} = \mathbf{W}\mathbf{x} + \mathbf{b}$$

On paper, let $\mathbf{x} \in \mathbb{R}^2$, $\mathbf{W} \in \mathbb{R}^{2 \times 2}$ and $\mathbf{b} \in \mathbb{R}^2$.
Some cost $C(\mathbf{y})$ is computed from the module's output. You are not told which one: all you know is its gradient
$\frac{\partial C}{\partial \mathbf{y}}$.

Express $\frac{\partial C}{\partial \mathbf{W}}$ and $\frac{\partial C}{\partial \mathbf{b}}$ in terms of
$\frac{\partial C}{\partial \mathbf{y}}$ and $\mathbf{x}$, and write the function `affine_gradients(x, dC_dy)` that
computes both. It should work for every size: $\mathbf{W}$ may have $m$ rows and $n$ columns. Vectors are 1-D arrays,
and a gradient has the shape of what it is taken with respect to. Inputs may be floats or integers; do not modify
them.
"""


def affine_gradients(x: np.ndarray, dC_dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r"""Gradients of a cost with respect to the parameters of the affine module y = Wx + b.

    Parameters
    ----------
    x : numpy.ndarray, shape (n,)
        Input of the module; floats or integers.
    dC_dy : numpy.ndarray, shape (m,)
        Gradient of the cost with respect to the module's output; floats or integers.

    Returns
    -------
    dC_dW : numpy.ndarray, shape (m, n)
        Gradient of the cost with respect to W.
    dC_db : numpy.ndarray, shape (m,)
        Gradient of the cost with respect to b.

    Notes
    -----
    Only y_i depends on row i of W and on b_i, with dy_i/dw_ij = x_j and dy_i/db_i = 1, so

    .. math:: \frac{\partial C}{\partial w_{ij}} = \frac{\partial C}{\partial y_i} x_j, \qquad
              \frac{\partial C}{\partial b_i} = \frac{\partial C}{\partial y_i}

    that is, dC/dW = (dC/dy) x^T, and dC/db holds the numbers of dC/dy.

    Examples
    --------
    With one output, W has one row. For C = 4 y the derivative of C is 4 times that of
    y = 5 w_1 - 2 w_2 + b:

    >>> dC_dW, dC_db = affine_gradients(np.array([5.0, -2.0]), np.array([4.0]))
    >>> dC_dW
    array([[20., -8.]])
    >>> dC_db
    array([4.])
    """
    return np.outer(dC_dy, x), np.array(dC_dy)


def affine(xp: Any, W: Any, x: Any, b: Any) -> Any:  # noqa: ARG001 - in PyTorch as in numpy
    """Compute the affine module itself."""
    return W @ x + b


SHAPES = {"x": "n", "W": "m n", "b": "m", "dC_dy": "m"}
CASES = {
    "asked": (
        family("quadratic_cost", "2 x 2, quadratic cost", cost="quadratic"),
        family("log_sum_exp_cost", "2 x 2, log-sum-exp cost", cost="log_sum_exp"),
        family("quartic_cost", "2 x 2, quartic cost", cost="quartic"),
        family("network_cost", "2 x 2, a small network as cost", cost="network"),
    ),
    "general": (
        family("wide", "W with more columns than rows", m=3, n=5, cost="quadratic"),
        family("tall", "W with more rows than columns", m=4, n=2, cost="network"),
        family("one_output", "W with one row", m=1, n=4, cost="quartic"),
        family("one_input", "W with one column", m=3, n=1, cost="quadratic"),
        family("large", "W with dozens of rows and columns", m=23, n=37),
        family("integer_x", "integers in x, floats in dC_dy", m=2, n=3, whole="x"),
        family("integer_dC_dy", "floats in x, integers in dC_dy", m=3, whole="dC_dy"),
        family("integers", "integers in both", m=4, n=3, whole="x dC_dy"),
        family("zeros", "zeros among the inputs", m=3, n=3, zeros=True),
        family("strided", "non-contiguous inputs", m=3, n=4, layout="strided"),
        family("read_only", "read-only inputs", m=2, n=4, layout="read_only"),
        family("again", "repeated inputs", same_as="wide"),
    ),
    "shown": (family("public_2x2", "the homework's 2 x 2"), family("public_3x2", "W with three rows", m=3)),
}


def _filled(dC_dy: Array, x: Array, buffer: Array) -> Array:
    """Write the products into a buffer, as a loop does."""
    for i in range(len(dC_dy)):
        for j in range(len(x)):
            buffer[i, j] = dC_dy[i] * x[j]
    return buffer


def _zeroed(x: Array, dC_dy: Array) -> tuple[Array, Array]:
    """Reset the upstream gradient after use, as optimisers do."""
    answer = np.outer(dC_dy, x), dC_dy.copy()
    dC_dy[:] = 0
    return answer


# Tables read better by rows.
# fmt: off
ANSWERS = [
    gradient("dC_dW", of="W", title="dC/dW", points={"asked": award(8, "dC/dW of the 2 x 2 module"), "general": 4},
        mistakes={
        "transposed": (np.outer, "dC_dW comes out transposed. Ask which index of W goes with y and which with x."),
        "no_transpose": (lambda x, g: g @ x,
            "dC_dW is a single number, as if a transpose were missing: W has a derivative for each of its elements."),
        "elementwise": (lambda x, g: g * x,
            "dC_dW multiplies element by element, and so loses a dimension. Every y_i meets every x_j in W."),
        "on_a_diagonal": (lambda x, g: np.diag(g * x),
            "dC_dW is filled in only on its diagonal. Does y_1 not depend on w_12?"),
        "without_upstream": (lambda x, g: np.outer(np.ones(len(g)), x),
            "dC_dW is the derivative of y, not of the cost: the last link of the chain rule is missing."),
        "without_x": (lambda x, g: np.outer(g, np.ones(len(x))),
            "dC_dW does not depend on the input. How fast does y_i move when w_ij moves?"),
        "x_twice": (lambda x, _: np.outer(x, x), "dC_dW is built from x alone. Where does the cost come in?"),
        "upstream_twice": (lambda _, g: np.outer(g, g),
            "dC_dW is built from dC_dy alone. Where does the module's input come in?"),
        "flattened": (lambda x, g: np.outer(g, x).ravel(),
            "dC_dW holds the right numbers in one long row; a gradient has the shape of its parameter."),
        "summed_rows": (lambda x, g: np.outer(g, x).sum(axis=0),
            "dC_dW is summed over the outputs. Each row of W feeds an output of its own."),
        "negated": (lambda x, g: -np.outer(g, x),
            "dC_dW has the opposite sign. The gradient points uphill; going downhill is the optimizer's job."),
        "doubled": (lambda x, g: 2 * np.outer(g, x),
            "dC_dW is twice as large as it should be. A 2 belongs to one particular cost, and is in dC_dy already."),
        "averaged": (lambda x, g: np.outer(g, x) / len(g),
            "dC_dW is divided by the number of outputs. Nothing is averaged here: there is one input, not a batch."),
        "only_two_by_two": (lambda x, g: _filled(g[:2], x[:2], np.zeros((2, 2))),
            "dC_dW is right for a 2 x 2 matrix W and for no other. Take the sizes from the inputs."),
        "made_square": (lambda x, g: _filled(g, x, np.zeros((len(x), len(x)))),
            "dC_dW is made square. W has a row for each output and a column for each input."),
        "dtype_of_x": (lambda x, g: _filled(g, x, np.zeros((g.size, x.size), x.dtype)),
            "dC_dW is written into an array of x's type. When x holds integers, fractions are cut off."),
        "dtype_of_dC_dy": (lambda x, g: _filled(g, x, np.zeros((g.size, x.size), g.dtype)),
            "dC_dW is written into an array of dC_dy's type. When dC_dy holds integers, fractions are cut off."),
        "rounded": (lambda x, g: np.round(np.outer(g, x), 3),
            "dC_dW is rounded. Return the numbers as they are, and round when you print."),
        "single_precision": (lambda x, g: np.float32(np.outer(g, x)),
            "dC_dW is computed in single precision and loses half of its digits."),
        }),
    gradient("dC_db", of="b", title="dC/db", points={"asked": award(5, "dC/db of the 2 x 2 module"), "general": 3},
        mistakes={
        "db_only_ones": (lambda _, g: np.ones(len(g)),
            "dC_db is the derivative of y with respect to b. The cost's own derivative is missing from the chain."),
        "db_always_zero": (lambda _, g: np.zeros(len(g)),
            "dC_db is zero. b stands alone in y, but y moves when b moves."),
        "db_just_x": (lambda x, _: x,
            "dC_db is x. Does the derivative of y with respect to b depend on the input at all?"),
        "db_times_x": (lambda x, g: np.outer(g, x).sum(axis=1),
            "dC_db is multiplied by the input. b is added to Wx, and x does not touch it."),
        "db_summed": (lambda _, g: g.sum(),
            "dC_db is summed to one number. That is for batches; here each output has a bias of its own."),
        "db_averaged": (lambda _, g: np.full(len(g), g.mean()),
            "dC_db holds the mean of dC_dy everywhere. Each output has a bias of its own."),
        "db_as_a_matrix": (lambda _, g: np.diag(g),
            "dC_db is a matrix. The chain rule still wants the sum over the outputs."),
        "db_negated": (lambda _, g: -g, "dC_db has the opposite sign. The gradient points uphill."),
        "db_only_two_numbers": (lambda _, g: np.array([g[0], g[1]]),
            "dC_db always has two numbers. Take its size from the inputs."),
        }),
]
MISTAKES = {
    "zeroed_afterwards": (_zeroed,
        "An input is set to zero afterwards. Look for an assignment to it, or to a part of it."),
    "swapped": (lambda x, dC_dy: (dC_dy, np.outer(dC_dy, x)),
        "The two gradients come back in the wrong order. Return dC_dW first, then dC_db."),
}
# fmt: on

# dC/db is laid out as a row, as in the homework's own text.
SETTING = setting(
    PROMPT,
    {"W": "m n", "x": "n", "b": "m"},
    defines={r"\mathbf{y}": "m"},
    functions={"C": "y"},
    sizes=[{"m": m, "n": n} for m, n in ((2, 2), (1, 1), (3, 1), (2, 3), (1, 3), (3, 2))],
    written_out={"m": 2, "n": 2},
    rows=("b",),
)

DERIVATIONS = derivations(r"""
# The affine module
\mathbf{y}
= \mathbf{W}\mathbf{x} + \mathbf{b}  % Definition of the module.
= \begin{pmatrix} w_{11} & w_{12} \\ w_{21} & w_{22} \end{pmatrix}
  \begin{pmatrix} x_1 \\ x_2 \end{pmatrix} + \begin{pmatrix} b_1 \\ b_2 \end{pmatrix}
  % Components: two inputs and two outputs.

# The gradient with respect to $\mathbf{W}$
% assume: $C$ is (totally) differentiable, and depends on $\mathbf{W}$ and $\mathbf{b}$ only through
%   $\mathbf{y}$.
\pdv{C}{\mathbf{W}}
= \begin{pmatrix} \pdv{C}{w_{11}} & \pdv{C}{w_{12}} \\ \pdv{C}{w_{21}} & \pdv{C}{w_{22}} \end{pmatrix}
  % Layout: a gradient has the shape of what it is taken with respect to.
= \begin{pmatrix} \pdv{C}{y_1} \cdot \pdv{y_1}{w_{11}} + \pdv{C}{y_2} \cdot \pdv{y_2}{w_{11}}
  & \pdv{C}{y_1} \cdot \pdv{y_1}{w_{12}} + \pdv{C}{y_2} \cdot \pdv{y_2}{w_{12}} \\
  \pdv{C}{y_1} \cdot \pdv{y_1}{w_{21}} + \pdv{C}{y_2} \cdot \pdv{y_2}{w_{21}}
  & \pdv{C}{y_1} \cdot \pdv{y_1}{w_{22}} + \pdv{C}{y_2} \cdot \pdv{y_2}{w_{22}} \end{pmatrix}
  % Chain rule: $C$ is differentiable and depends on $\mathbf{W}$ only through $\mathbf{y}$.
= \begin{pmatrix} \pdv{C}{y_1} \cdot x_1 + \pdv{C}{y_2} \cdot 0
  & \pdv{C}{y_1} \cdot x_2 + \pdv{C}{y_2} \cdot 0 \\
  \pdv{C}{y_1} \cdot 0 + \pdv{C}{y_2} \cdot x_1 & \pdv{C}{y_1} \cdot 0 + \pdv{C}{y_2} \cdot x_2 \end{pmatrix}
  % Substitution: the derivative of $y_k$ with respect to $w_{ij}$ is $x_j$ for $k = i$, and 0 otherwise.
= \begin{pmatrix} \pdv{C}{y_1} x_1 & \pdv{C}{y_1} x_2 \\ \pdv{C}{y_2} x_1 & \pdv{C}{y_2} x_2 \end{pmatrix}
  % Algebra: the terms with a 0 drop out.
= \begin{pmatrix} \pdv{C}{y_1} \\ \pdv{C}{y_2} \end{pmatrix} \begin{pmatrix} x_1 & x_2 \end{pmatrix}
  % Factoring: a column times a row.
= \pdv{C}{\mathbf{y}} \mathbf{x}^\top
  % Matrix form: the column is $\pdv{C}{\mathbf{y}}$, the row is $\mathbf{x}$ transposed.

# The gradient with respect to $\mathbf{b}$
% column: b
% remark: The homework sets a gradient with respect to $\mathbf{b}$ as a row beside a column
%   $\pdv{C}{\mathbf{y}}$. Both cannot be one symbol: without weights $\mathbf{y}$ would be $\mathbf{b}$. Here
%   $\pdv{C}{\mathbf{b}}$ is the column, as in PyTorch's `.grad`, and the homework's row is its transpose; in code a
%   vector has one dimension and no transpose.
\left( \pdv{C}{\mathbf{b}} \right)^\top
= \begin{pmatrix} \pdv{C}{b_1} & \pdv{C}{b_2} \end{pmatrix}  % Layout: the transpose of a column is a row.
= \begin{pmatrix} \pdv{C}{y_1} \cdot \pdv{y_1}{b_1} + \pdv{C}{y_2} \cdot \pdv{y_2}{b_1}
  & \pdv{C}{y_1} \cdot \pdv{y_1}{b_2} + \pdv{C}{y_2} \cdot \pdv{y_2}{b_2} \end{pmatrix}
  % Chain rule: $C$ depends on $\mathbf{b}$ only through $\mathbf{y}$.
= \begin{pmatrix} \pdv{C}{y_1} \cdot 1 + \pdv{C}{y_2} \cdot 0
  & \pdv{C}{y_1} \cdot 0 + \pdv{C}{y_2} \cdot 1 \end{pmatrix}
  % Substitution: the derivative of $y_k$ with respect to $b_i$ is 1 for $k = i$, and 0 otherwise.
= \begin{pmatrix} \pdv{C}{y_1} & \pdv{C}{y_2} \end{pmatrix}
  % Algebra: the factors 1 and the terms with a 0 drop out.
= \left( \pdv{C}{\mathbf{y}} \right)^\top  % Matrix form: the row is $\pdv{C}{\mathbf{y}}$ transposed.

## One output
y_k
= \sum_{l=1}^n w_{kl} x_l + b_k  % Components: row $k$ of $\mathbf{W}$ times $\mathbf{x}$, plus a bias.

## Its derivative with respect to $\mathbf{W}$
\pdv{y_k}{w_{ij}}
= \delta_{ki} x_j  % Differentiation: $w_{ij}$ is in $y_k$ only for $k = i$, and $x_j$ is its factor.

## Its derivative with respect to $\mathbf{b}$
\pdv{y_k}{b_i}
= \delta_{ki}  % Differentiation: $b_i$ is in $y_k$ only for $k = i$.

## An element of the gradient with respect to $\mathbf{W}$
\pdv{C}{w_{ij}}
= \sum_{k=1}^m \pdv{C}{y_k} \pdv{y_k}{w_{ij}}  % Chain rule: over all outputs, since each might depend on $w_{ij}$.
= \sum_{k=1}^m \pdv{C}{y_k} \delta_{ki} x_j  % Substitution: the derivative found above.
= \pdv{C}{y_i} x_j  % Algebra: only the term with $k = i$ is left.

##! The gradient with respect to $\mathbf{W}$, for $m \times n$
\pdv{C}{\mathbf{W}}
= \pdv{C}{\mathbf{y}} \mathbf{x}^\top  % Matrix form: a column of $m$ times a row of $n$ has these elements.

## An element of the gradient with respect to $\mathbf{b}$
\pdv{C}{b_i}
= \sum_{k=1}^m \pdv{C}{y_k} \pdv{y_k}{b_i}  % Chain rule: as for $\mathbf{W}$.
= \sum_{k=1}^m \pdv{C}{y_k} \delta_{ki}  % Substitution: the derivative found above.
= \pdv{C}{y_i}  % Algebra: only the term with $k = i$ is left.

##! The gradient with respect to $\mathbf{b}$, for $m$ outputs
% column: b
\pdv{C}{\mathbf{b}}
= \pdv{C}{\mathbf{y}}  % Matrix form: the column of these elements; the homework's row is its transpose.
""")

NOTATION = notation(r"""
    \mathbf{x} | the input | \mathbb{R}^n | `x`, shape `(n,)`
    \mathbf{W} | the weights, $w_{ij}$ in row $i$ and column $j$ | \mathbb{R}^{m \times n}
    \mathbf{b} | the bias | \mathbb{R}^m
    \mathbf{y} | the output | \mathbb{R}^m
    C(\mathbf{y}) | a differentiable cost
    \pdv{C}{\mathbf{y}} | its gradient, given as a column | \mathbb{R}^m | `dC_dy`, shape `(m,)`
    \pdv{C}{\mathbf{W}} | sought | \mathbb{R}^{m \times n} | `dC_dW`, shape `(m, n)`
    \pdv{C}{\mathbf{b}} | sought, a column | \mathbb{R}^m | `dC_db`, shape `(m,)`
    \delta_{ki} | 1 for $k = i$, else 0
""")

QUESTION = question(
    "q1a",
    title="1a: gradients of an affine module",
    section="Affine Module",
    heading="Question 1a)",
    prompt=PROMPT,
    notation=NOTATION,
    setting=SETTING,
    derivations=DERIVATIONS,
    parts=[part(affine_gradients, affine, ANSWERS, CASES, shapes=SHAPES, upstream="dC_dy", mistakes=MISTAKES)],
)
