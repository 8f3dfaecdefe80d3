"""Question 1a: gradients of an arbitrary cost through an affine module."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.model import (
    Array,
    Criterion,
    Definition,
    Derivation,
    Draw,
    Family,
    Inputs,
    Misconception,
    Output,
    Part,
    Question,
    Setting,
    Step,
    Symbol,
)

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
    With one output, W has one row. For C = 4 y the derivative of C is 4 times that of y = 5 w_1 - 2 w_2 + b:

    >>> dC_dW, dC_db = affine_gradients(np.array([5.0, -2.0]), np.array([4.0]))
    >>> dC_dW
    array([[20., -8.]])
    >>> dC_db
    array([4.])
    """
    return np.outer(dC_dy, x), np.array(dC_dy)


def forward(torch: Any, tensors: Mapping[str, Any]) -> Any:  # noqa: ARG001 - every forward pass is handed torch
    """Compute the affine module itself.

    Parameters
    ----------
    torch : module
        PyTorch.
    tensors : Mapping[str, torch.Tensor]
        ``W`` of shape (m, n), ``x`` of shape (n,), ``b`` of shape (m,).

    Returns
    -------
    torch.Tensor, shape (m,)
        The output y.
    """
    return tensors["W"] @ tensors["x"] + tensors["b"]


def _signs(rng: np.random.Generator, size: int) -> Array:
    """Both signs, whenever there is room for both."""
    return np.where(rng.permutation(size) % 2 == rng.integers(2), 1, -1)


def _numbers(rng: np.random.Generator, size: int, *, whole: bool = False) -> Array:
    """Numbers in general position: both signs, none zero, no two alike."""
    sizes = rng.choice(np.arange(2, 2 + 3 * size), size, replace=False) if whole else rng.uniform(0.3, 3.0, size)
    numbers: Array = _signs(rng, size) * sizes
    return numbers


def _linear(dC_dy: Array) -> Callable[[Any, Any], Any]:
    """C = g.y, whose gradient is g exactly."""
    return lambda torch, y: torch.tensor(dC_dy, dtype=torch.float64) @ y


# The costs keep each component of dC/dy a sum of terms of one sign. Where terms cancel, the rounding of 3C's gradient
# differs from 3 times the rounding of C's by more than a tolerance made for the student's own few operations.


def _quadratic(rng: np.random.Generator, y: Array) -> Callable[[Any, Any], Any]:
    """C = (y - t)^T Q (y - t) / 2, with Q full and not symmetric."""
    signs = _signs(rng, y.size)
    target = y - signs * rng.uniform(0.3, 1.5, y.size)
    form = np.outer(signs, signs) * rng.uniform(0.2, 1.0, (y.size, y.size))

    def cost(torch: Any, y: Any) -> Any:
        d = y - torch.tensor(target)
        return d @ torch.tensor(form) @ d / 2

    return cost


def _log_sum_exp(rng: np.random.Generator, y: Array) -> Callable[[Any, Any], Any]:
    """C = c log sum exp(+-(y - t))."""
    signs, height = _signs(rng, y.size).astype(float), float(rng.uniform(3.0, 6.0))
    target = y - rng.uniform(-1.0, 1.0, y.size)
    return lambda torch, y: height * torch.logsumexp(torch.tensor(signs) * (y - torch.tensor(target)), dim=0)


def _quartic(rng: np.random.Generator, y: Array) -> Callable[[Any, Any], Any]:
    """C = sum c (y - t)^4."""
    weights, target = _numbers(rng, y.size), y - rng.uniform(0.5, 1.2, y.size)
    return lambda torch, y: torch.sum(torch.tensor(weights) * (y - torch.tensor(target)) ** 4)


def _network(rng: np.random.Generator, y: Array) -> Callable[[Any, Any], Any]:
    """C = v.tanh(A (y - t)), a network with one hidden layer of five."""
    hidden = rng.uniform(0.1, 0.6, (5, y.size)) * _signs(rng, y.size)
    target, readout = y - rng.uniform(-0.5, 0.5, y.size), rng.uniform(0.5, 2.0, 5)
    return lambda torch, y: torch.tensor(readout) @ torch.tanh(torch.tensor(hidden) @ (y - torch.tensor(target)))


COSTS = {"quadratic": _quadratic, "log_sum_exp": _log_sum_exp, "quartic": _quartic, "network": _network}


def affine_draw(
    rng: np.random.Generator, *, m: int = 2, n: int = 2, cost: str = "linear", whole: str = "", zeros: bool = False
) -> Draw:
    """Draw an affine module, its input and a cost.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    m, n : int
        Shape of W.
    cost : str
        ``"linear"``, or a key of `COSTS`: then dC/dy is left for autograd to find.
    whole : str
        Names of the inputs that hold integers, separated by spaces.
    zeros : bool
        Whether the last number of x and the first of dC/dy are 0; with a linear cost only.

    Returns
    -------
    Draw
        Inputs, leaves ``W`` and ``b``, cost.
    """
    x = _numbers(rng, n, whole="x" in whole.split())
    leaves = {"W": _numbers(rng, m * n).reshape(m, n), "b": _numbers(rng, m)}
    if cost != "linear":
        return Draw(inputs={"x": x}, leaves=leaves, cost=COSTS[cost](rng, leaves["W"] @ x + leaves["b"]))
    dC_dy = _numbers(rng, m, whole="dC_dy" in whole.split())
    if zeros:
        x[-1] = dC_dy[0] = 0
    return Draw(inputs={"x": x, "dC_dy": dC_dy}, leaves=leaves, cost=_linear(dC_dy))


AS_ASKED = (
    Family(name="quadratic_cost", title="2 x 2, quadratic cost", draw=partial(affine_draw, cost="quadratic")),
    Family(name="log_sum_exp_cost", title="2 x 2, log-sum-exp cost", draw=partial(affine_draw, cost="log_sum_exp")),
    Family(name="quartic_cost", title="2 x 2, quartic cost", draw=partial(affine_draw, cost="quartic")),
    Family(name="network_cost", title="2 x 2, a small network as cost", draw=partial(affine_draw, cost="network")),
)
GENERAL = (
    Family(name="wide", title="W with more columns than rows", draw=partial(affine_draw, m=3, n=5, cost="quadratic")),
    Family(name="tall", title="W with more rows than columns", draw=partial(affine_draw, m=4, n=2, cost="network")),
    Family(name="one_output", title="W with one row", draw=partial(affine_draw, m=1, n=4, cost="quartic")),
    Family(name="one_input", title="W with one column", draw=partial(affine_draw, m=3, n=1, cost="quadratic")),
    Family(name="large", title="W with dozens of rows and columns", draw=partial(affine_draw, m=23, n=37)),
    Family(name="integer_x", title="integers in x, floats in dC_dy", draw=partial(affine_draw, m=2, n=3, whole="x")),
    Family(name="integer_dC_dy", title="floats in x, integers in dC_dy", draw=partial(affine_draw, m=3, whole="dC_dy")),
    Family(name="integers", title="integers in both", draw=partial(affine_draw, m=4, n=3, whole="x dC_dy")),
    Family(name="zeros", title="zeros among the inputs", draw=partial(affine_draw, m=3, n=3, zeros=True)),
    Family(name="strided", title="non-contiguous inputs", draw=partial(affine_draw, m=3, n=4), layout="strided"),
    Family(name="read_only", title="read-only inputs", draw=partial(affine_draw, m=2, n=4), layout="read_only"),
    Family(
        name="again",
        title="repeated inputs",
        same_as="wide",
        draw=partial(affine_draw, m=3, n=5, cost="quadratic"),
    ),
)
PUBLIC = (
    Family(name="public_2x2", title="the homework's 2 x 2", draw=affine_draw, hidden=False, draws=1),
    Family(name="public_3x2", title="W with three rows", draw=partial(affine_draw, m=3), hidden=False, draws=1),
)


def gradient_check(
    functions: "Mapping[str, Callable[..., Any]]", inputs: "Mapping[str, Any]", compared: "list[Any] | None" = None
) -> list[str]:
    """Compare `affine_gradients` with finite differences of a linear cost.

    Parameters
    ----------
    functions : Mapping[str, Callable[..., Any]]
        What the student wrote, by name; what is not there is skipped.
    inputs : Mapping[str, Any]
        Inputs of one public case.
    compared : list, optional
        Gets the output's name, the student's numbers and those of finite differences.

    Returns
    -------
    list of str
        Complaints in plain words; empty when there is nothing to complain about.
    """
    if "affine_gradients" not in functions:
        return []
    x, dC_dy = np.array(inputs["x"], dtype=float), np.array(inputs["dC_dy"], dtype=float)
    try:
        dC_dW, dC_db = functions["affine_gradients"](np.array(inputs["x"]), np.array(inputs["dC_dy"]))
        answers = {"dC_dW": np.array(dC_dW, dtype=float), "dC_db": np.array(dC_db, dtype=float)}
    except Exception as error:
        return [f"affine_gradients does not return two arrays, dC_dW and dC_db: {type(error).__name__}: {error}"]
    W = np.cos(np.arange(1.0, dC_dy.size * x.size + 1)).reshape(dC_dy.size, x.size)
    b = np.sin(np.arange(1.0, dC_dy.size + 1))
    complaints = []
    for name, parameter in (("dC_dW", W), ("dC_db", b)):
        slopes = np.empty_like(parameter)
        for index in np.ndindex(*parameter.shape):
            costs = []
            for shift in (1e-3, -2e-3):
                parameter[index] += shift
                costs.append(dC_dy @ (W @ x + b))
            parameter[index] += 1e-3
            slopes[index] = (costs[0] - costs[1]) / 2e-3
        answer = answers[name]
        if slopes.ndim == 1 and answer.shape in ((slopes.size, 1), (1, slopes.size)):
            answer = answer.ravel()
        if answer.shape != slopes.shape:
            complaints.append(f"{name} has the shape {answer.shape}; what it is the gradient of has {slopes.shape}.")
            continue
        if compared is not None:
            compared.append((name, answer, slopes))
        wrong = ~np.isclose(answer, slopes, rtol=1e-6, atol=1e-8)
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            complaints.append(
                f"{name}{list(index)} is {answer[index]:.6g}, but when only that parameter is nudged, "
                f"C = dC_dy . y changes at the rate {slopes[index]:.6g}."
            )
    return complaints


def _weight_magnitude(inputs: Inputs, truth: Array) -> Array:  # noqa: ARG001 - the signature is the model's
    """Size of the one product in each element of dC_dW."""
    size: Array = np.abs(np.outer(inputs["dC_dy"], inputs["x"]).astype(float))
    return size


def _bias_magnitude(inputs: Inputs, truth: Array) -> Array:  # noqa: ARG001 - the signature is the model's
    """Size of each element of dC_db."""
    size: Array = np.abs(np.asarray(inputs["dC_dy"], dtype=float))
    return size


def _criterion(name: str, title: str, points: float, families: tuple[Family, ...]) -> Criterion:
    """Judge the output a criterion is named after."""
    return Criterion(
        id=f"q1a.{name}",
        title=title,
        points=points,
        output=name.removesuffix(".general"),
        families=tuple(family.name for family in families),
    )


CRITERIA = (
    _criterion("dC_dW", "dC/dW of the 2 x 2 module", 8, AS_ASKED),
    _criterion("dC_dW.general", "dC/dW for other sizes and kinds of input", 4, GENERAL),
    _criterion("dC_db", "dC/db of the 2 x 2 module", 5, AS_ASKED),
    _criterion("dC_db.general", "dC/db for other sizes and kinds of input", 3, GENERAL),
)


def _dW(wrong: Callable[[Array, Array], Any]) -> Callable[..., Any]:
    """Get dC_dW wrong and dC_db right."""
    return lambda x, dC_dy: (wrong(x, dC_dy), dC_dy.copy())


def _db(wrong: Callable[[Array, Array], Any]) -> Callable[..., Any]:
    """Get dC_dW right and dC_db wrong."""
    return lambda x, dC_dy: (np.outer(dC_dy, x), wrong(x, dC_dy))


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


# A table reads better by rows.
# fmt: off
MISCONCEPTIONS = (
    Misconception(name="transposed", function=_dW(np.outer),
        hint="dC_dW comes out transposed. Ask which index of W goes with y and which with x."),
    Misconception(name="no_transpose", function=_dW(lambda x, g: g @ x),
        hint="dC_dW is a single number, as if a transpose were missing: W has a derivative for each of its elements."),
    Misconception(name="elementwise", function=_dW(lambda x, g: g * x),
        hint="dC_dW multiplies element by element, and so loses a dimension. Every y_i meets every x_j in W."),
    Misconception(name="diagonal", function=_dW(lambda x, g: np.diag(g * x)),
        hint="dC_dW is filled on its diagonal only. Does y_1 not depend on w_12?"),
    Misconception(name="without_upstream", function=_dW(lambda x, g: np.outer(np.ones(len(g)), x)),
        hint="dC_dW is the derivative of y, not of the cost: the last link of the chain rule is missing."),
    Misconception(name="without_x", function=_dW(lambda x, g: np.outer(g, np.ones(len(x)))),
        hint="dC_dW does not depend on the input. How fast does y_i move when w_ij moves?"),
    Misconception(name="x_twice", function=_dW(lambda x, _: np.outer(x, x)),
        hint="dC_dW is built from x alone. Where does the cost come in?"),
    Misconception(name="upstream_twice", function=_dW(lambda _, g: np.outer(g, g)),
        hint="dC_dW is built from dC_dy alone. Where does the module's input come in?"),
    Misconception(name="flattened", function=_dW(lambda x, g: np.outer(g, x).ravel()),
        hint="dC_dW holds the right numbers in one long row; a gradient has the shape of its parameter."),
    Misconception(name="summed_rows", function=_dW(lambda x, g: np.outer(g, x).sum(axis=0)),
        hint="dC_dW is summed over the outputs. Each row of W feeds an output of its own."),
    Misconception(name="negated", function=_dW(lambda x, g: -np.outer(g, x)),
        hint="dC_dW has the opposite sign. The gradient points uphill; going downhill is the optimizer's job."),
    Misconception(name="doubled", function=_dW(lambda x, g: 2 * np.outer(g, x)),
        hint="dC_dW is twice too large. A 2 belongs to one particular cost, and is in dC_dy already."),
    Misconception(name="averaged", function=_dW(lambda x, g: np.outer(g, x) / len(g)),
        hint="dC_dW is divided by the number of outputs. Nothing is averaged here: there is one input, not a batch."),
    Misconception(name="absolute_x", function=_dW(lambda x, g: np.outer(g, np.abs(x))),
        hint="dC_dW ignores the sign of x."),
    Misconception(name="two_by_two", function=_dW(lambda x, g: _filled(g[:2], x[:2], np.zeros((2, 2)))),
        hint="dC_dW is right for a 2 x 2 matrix W and for no other. Take the sizes from the inputs."),
    Misconception(name="square", function=_dW(lambda x, g: _filled(g, x, np.zeros((len(x), len(x))))),
        hint="dC_dW is made square. W has a row for each output and a column for each input."),
    Misconception(name="dtype_of_x", function=_dW(lambda x, g: _filled(g, x, np.zeros((g.size, x.size), x.dtype))),
        hint="dC_dW is written into an array of x's type. When x holds integers, fractions are cut off."),
    Misconception(name="dtype_of_dC_dy", function=_dW(lambda x, g: _filled(g, x, np.zeros((g.size, x.size), g.dtype))),
        hint="dC_dW is written into an array of dC_dy's type. When dC_dy holds integers, fractions are cut off."),
    Misconception(name="rounded", function=_dW(lambda x, g: np.round(np.outer(g, x), 3)),
        hint="dC_dW is rounded. Return the numbers as they are, and round when you print."),
    Misconception(name="single_precision", function=_dW(lambda x, g: np.float32(np.outer(g, x))),
        hint="dC_dW is computed in single precision and loses half of its digits."),
    Misconception(name="zeroed_afterwards", function=_zeroed,
        hint="An input is modified in place, so the caller's array changes. Do not modify the inputs."),
    Misconception(name="swapped", function=lambda x, dC_dy: (dC_dy, np.outer(dC_dy, x)),
        hint="The two gradients come back in the wrong order: dC_dW first, then dC_db."),
    Misconception(name="db_ones", function=_db(lambda _, g: np.ones(len(g))),
        hint="dC_db is the derivative of y with respect to b. The cost's own derivative is missing from the chain."),
    Misconception(name="db_zero", function=_db(lambda _, g: np.zeros(len(g))),
        hint="dC_db is zero. b stands alone in y, but y moves when b moves."),
    Misconception(name="db_x", function=_db(lambda x, _: x),
        hint="dC_db is x. Does the derivative of y with respect to b depend on the input at all?"),
    Misconception(name="db_times_x", function=_db(lambda x, g: np.outer(g, x).sum(axis=1)),
        hint="dC_db is multiplied by the input. b is added to Wx, and x does not touch it."),
    Misconception(name="db_summed", function=_db(lambda _, g: g.sum()),
        hint="dC_db is summed to one number. That is for batches; here each output has a bias of its own."),
    Misconception(name="db_averaged", function=_db(lambda _, g: np.full(len(g), g.mean())),
        hint="dC_db holds the mean of dC_dy everywhere. Each output has a bias of its own."),
    Misconception(name="db_matrix", function=_db(lambda _, g: np.diag(g)),
        hint="dC_db is a matrix. The chain rule still wants the sum over the outputs."),
    Misconception(name="db_negated", function=_db(lambda _, g: -g),
        hint="dC_db has the opposite sign. The gradient points uphill."),
    Misconception(name="db_two", function=_db(lambda _, g: np.array([g[0], g[1]])),
        hint="dC_db always has two numbers. Take its size from the inputs."),
)
# fmt: on

# dC/db is laid out as a row, as in the homework's own text.
SETTING = Setting(
    symbols={"W": ("m", "n"), "x": ("n",), "b": ("m",)},
    functions={"C": "y"},
    definitions=(Definition(left=r"\mathbf{y}", right=r"\mathbf{W}\mathbf{x} + \mathbf{b}", shape=("m",)),),
    sizes=tuple({"m": m, "n": n} for m, n in ((2, 2), (1, 1), (3, 1), (2, 3), (1, 3), (3, 2))),
    written_out={"m": 2, "n": 2},
    rows=("b",),
)

DERIVATIONS = (
    Derivation(
        title="The affine module",
        left=r"\mathbf{y}",
        steps=(
            Step(latex=r"\mathbf{W}\mathbf{x} + \mathbf{b}", rule="definition", reason="Definition of the module."),
            Step(
                latex=r"""\begin{pmatrix} w_{11} & w_{12} \\ w_{21} & w_{22} \end{pmatrix}
                    \begin{pmatrix} x_1 \\ x_2 \end{pmatrix} + \begin{pmatrix} b_1 \\ b_2 \end{pmatrix}""",
                rule="components",
                reason="Components: two inputs and two outputs.",
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{W}$",
        assumes=(
            r"$C$ is (totally) differentiable, and depends on $\mathbf{W}$ and $\mathbf{b}$ only through $\mathbf{y}$.",
        ),
        left=r"\frac{\partial C}{\partial \mathbf{W}}",
        steps=(
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial w_{11}} & \frac{\partial C}{\partial w_{12}} \\
                    \frac{\partial C}{\partial w_{21}} & \frac{\partial C}{\partial w_{22}}
                    \end{pmatrix}""",
                rule="layout",
                reason="Layout: a gradient has the shape of what it is taken with respect to.",
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} \cdot \frac{\partial y_1}{\partial w_{11}}
                    + \frac{\partial C}{\partial y_2} \cdot \frac{\partial y_2}{\partial w_{11}}
                    & \frac{\partial C}{\partial y_1} \cdot \frac{\partial y_1}{\partial w_{12}}
                    + \frac{\partial C}{\partial y_2} \cdot \frac{\partial y_2}{\partial w_{12}} \\
                    \frac{\partial C}{\partial y_1} \cdot \frac{\partial y_1}{\partial w_{21}}
                    + \frac{\partial C}{\partial y_2} \cdot \frac{\partial y_2}{\partial w_{21}}
                    & \frac{\partial C}{\partial y_1} \cdot \frac{\partial y_1}{\partial w_{22}}
                    + \frac{\partial C}{\partial y_2} \cdot \frac{\partial y_2}{\partial w_{22}}
                    \end{pmatrix}""",
                rule="chain rule",
                reason=r"Chain rule: $C$ is differentiable and depends on $\mathbf{W}$ only through $\mathbf{y}$.",
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} \cdot x_1 + \frac{\partial C}{\partial y_2} \cdot 0
                    & \frac{\partial C}{\partial y_1} \cdot x_2 + \frac{\partial C}{\partial y_2} \cdot 0 \\
                    \frac{\partial C}{\partial y_1} \cdot 0 + \frac{\partial C}{\partial y_2} \cdot x_1
                    & \frac{\partial C}{\partial y_1} \cdot 0 + \frac{\partial C}{\partial y_2} \cdot x_2
                    \end{pmatrix}""",
                rule="substitution",
                reason=(
                    r"Substitution: the derivative of $y_k$ with respect to $w_{ij}$ "
                    r"is $x_j$ for $k = i$, and 0 otherwise."
                ),
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} x_1 & \frac{\partial C}{\partial y_1} x_2 \\
                    \frac{\partial C}{\partial y_2} x_1 & \frac{\partial C}{\partial y_2} x_2
                    \end{pmatrix}""",
                rule="algebra",
                reason="Algebra: the terms with a 0 drop out.",
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} \\ \frac{\partial C}{\partial y_2}
                    \end{pmatrix}
                    \begin{pmatrix} x_1 & x_2 \end{pmatrix}""",
                rule="factoring",
                reason="Factoring: a column times a row.",
            ),
            Step(
                latex=r"\frac{\partial C}{\partial \mathbf{y}} \mathbf{x}^\top",
                rule="matrix form",
                reason=(
                    r"Matrix form: the column is $\frac{\partial C}{\partial \mathbf{y}}$, "
                    r"the row is $\mathbf{x}$ transposed."
                ),
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{b}$",
        remarks=(
            r"The homework sets a gradient with respect to $\mathbf{b}$ as a row beside a column "
            r"$\frac{\partial C}{\partial \mathbf{y}}$. Both cannot be one symbol: without weights $\mathbf{y}$ would "
            r"be $\mathbf{b}$. Here $\frac{\partial C}{\partial \mathbf{b}}$ is the column, as in PyTorch's `.grad`, "
            r"and the homework's row is its transpose; in code a vector has one dimension and no transpose.",
        ),
        columns=("b",),
        left=r"\left( \frac{\partial C}{\partial \mathbf{b}} \right)^\top",
        steps=(
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial b_1} & \frac{\partial C}{\partial b_2}
                    \end{pmatrix}""",
                rule="layout",
                reason="Layout: the transpose of a column is a row.",
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} \cdot \frac{\partial y_1}{\partial b_1}
                    + \frac{\partial C}{\partial y_2} \cdot \frac{\partial y_2}{\partial b_1}
                    & \frac{\partial C}{\partial y_1} \cdot \frac{\partial y_1}{\partial b_2}
                    + \frac{\partial C}{\partial y_2} \cdot \frac{\partial y_2}{\partial b_2}
                    \end{pmatrix}""",
                rule="chain rule",
                reason=r"Chain rule: $C$ depends on $\mathbf{b}$ only through $\mathbf{y}$.",
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} \cdot 1 + \frac{\partial C}{\partial y_2} \cdot 0
                    & \frac{\partial C}{\partial y_1} \cdot 0 + \frac{\partial C}{\partial y_2} \cdot 1
                    \end{pmatrix}""",
                rule="substitution",
                reason=(
                    r"Substitution: the derivative of $y_k$ with respect to $b_i$ is 1 for $k = i$, and 0 otherwise."
                ),
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C}{\partial y_1} & \frac{\partial C}{\partial y_2}
                    \end{pmatrix}""",
                rule="algebra",
                reason="Algebra: the factors 1 and the terms with a 0 drop out.",
            ),
            Step(
                latex=r"\left( \frac{\partial C}{\partial \mathbf{y}} \right)^\top",
                rule="matrix form",
                reason=r"Matrix form: the row is $\frac{\partial C}{\partial \mathbf{y}}$ transposed.",
            ),
        ),
    ),
    Derivation(
        title=r"One output",
        general=True,
        left=r"y_k",
        steps=(
            Step(
                latex=r"\sum_{l=1}^n w_{kl} x_l + b_k",
                rule="components",
                reason=r"Components: row $k$ of $\mathbf{W}$ times $\mathbf{x}$, plus a bias.",
            ),
        ),
    ),
    Derivation(
        title=r"Its derivative with respect to $\mathbf{W}$",
        general=True,
        left=r"\frac{\partial y_k}{\partial w_{ij}}",
        steps=(
            Step(
                latex=r"\delta_{ki} x_j",
                rule="differentiation",
                reason=r"Differentiation: $w_{ij}$ is in $y_k$ only for $k = i$, and $x_j$ is its factor.",
            ),
        ),
    ),
    Derivation(
        title=r"Its derivative with respect to $\mathbf{b}$",
        general=True,
        left=r"\frac{\partial y_k}{\partial b_i}",
        steps=(
            Step(
                latex=r"\delta_{ki}",
                rule="differentiation",
                reason=r"Differentiation: $b_i$ is in $y_k$ only for $k = i$.",
            ),
        ),
    ),
    Derivation(
        title=r"An element of the gradient with respect to $\mathbf{W}$",
        general=True,
        left=r"\frac{\partial C}{\partial w_{ij}}",
        steps=(
            Step(
                latex=r"\sum_{k=1}^m \frac{\partial C}{\partial y_k} \frac{\partial y_k}{\partial w_{ij}}",
                rule="chain rule",
                reason=r"Chain rule: over all outputs, since each might depend on $w_{ij}$.",
            ),
            Step(
                latex=r"\sum_{k=1}^m \frac{\partial C}{\partial y_k} \delta_{ki} x_j",
                rule="substitution",
                reason="Substitution: the derivative found above.",
            ),
            Step(
                latex=r"\frac{\partial C}{\partial y_i} x_j",
                rule="algebra",
                reason=r"Algebra: only the term with $k = i$ is left.",
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{W}$, for $m \times n$",
        general=True,
        result=True,
        left=r"\frac{\partial C}{\partial \mathbf{W}}",
        steps=(
            Step(
                latex=r"\frac{\partial C}{\partial \mathbf{y}} \mathbf{x}^\top",
                rule="matrix form",
                reason=r"Matrix form: a column of $m$ times a row of $n$ has these elements.",
            ),
        ),
    ),
    Derivation(
        title=r"An element of the gradient with respect to $\mathbf{b}$",
        general=True,
        left=r"\frac{\partial C}{\partial b_i}",
        steps=(
            Step(
                latex=r"\sum_{k=1}^m \frac{\partial C}{\partial y_k} \frac{\partial y_k}{\partial b_i}",
                rule="chain rule",
                reason=r"Chain rule: as for $\mathbf{W}$.",
            ),
            Step(
                latex=r"\sum_{k=1}^m \frac{\partial C}{\partial y_k} \delta_{ki}",
                rule="substitution",
                reason="Substitution: the derivative found above.",
            ),
            Step(
                latex=r"\frac{\partial C}{\partial y_i}",
                rule="algebra",
                reason=r"Algebra: only the term with $k = i$ is left.",
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{b}$, for $m$ outputs",
        general=True,
        result=True,
        columns=("b",),
        left=r"\frac{\partial C}{\partial \mathbf{b}}",
        steps=(
            Step(
                latex=r"\frac{\partial C}{\partial \mathbf{y}}",
                rule="matrix form",
                reason=r"Matrix form: the column of these elements; the homework's row is its transpose.",
            ),
        ),
    ),
)

NOTATION = (
    Symbol(latex=r"\mathbf{x}", meaning="the input", shape=r"\mathbb{R}^n", code="`x`, shape `(n,)`"),
    Symbol(
        latex=r"\mathbf{W}",
        meaning="the weights, $w_{ij}$ in row $i$ and column $j$",
        shape=r"\mathbb{R}^{m \times n}",
    ),
    Symbol(latex=r"\mathbf{b}", meaning="the bias", shape=r"\mathbb{R}^m"),
    Symbol(latex=r"\mathbf{y}", meaning="the output", shape=r"\mathbb{R}^m"),
    Symbol(latex=r"C(\mathbf{y})", meaning="a differentiable cost"),
    Symbol(
        latex=r"\frac{\partial C}{\partial \mathbf{y}}",
        meaning="its gradient, given as a column",
        shape=r"\mathbb{R}^m",
        code="`dC_dy`, shape `(m,)`",
    ),
    Symbol(
        latex=r"\frac{\partial C}{\partial \mathbf{W}}",
        meaning="sought",
        shape=r"\mathbb{R}^{m \times n}",
        code="`dC_dW`, shape `(m, n)`",
    ),
    Symbol(
        latex=r"\frac{\partial C}{\partial \mathbf{b}}",
        meaning="sought, a column",
        shape=r"\mathbb{R}^m",
        code="`dC_db`, shape `(m,)`",
    ),
    Symbol(latex=r"\delta_{ki}", meaning="1 for $k = i$, else 0"),
)

QUESTION = Question(
    id="q1a",
    title="1a: gradients of an affine module",
    section="Affine Module",
    heading="Question 1a)",
    prompt=PROMPT,
    notation=NOTATION,
    parts=(
        Part(
            reference=affine_gradients,
            outputs=(
                Output(name="dC_dW", kind="gradient", of="W", magnitude=_weight_magnitude),
                Output(name="dC_db", kind="gradient", of="b", magnitude=_bias_magnitude),
            ),
            forward=forward,
            families=AS_ASKED + GENERAL + PUBLIC,
            criteria=CRITERIA,
            misconceptions=MISCONCEPTIONS,
            upstream="dC_dy",
        ),
    ),
    derivations=DERIVATIONS,
    setting=SETTING,
    gradient_check=gradient_check,
)
