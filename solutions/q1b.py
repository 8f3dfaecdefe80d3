"""Question 1b: the same gradients for a cost that was multiplied by a number."""

from collections.abc import Callable, Mapping
from dataclasses import replace
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
    Step,
    Symbol,
)

from .q1a import SETTING, affine_draw, forward

PROMPT = r"""
Take the affine module of question 1a and a new cost that is three times the old one,

$$C_2(\mathbf{y}) = 3\, C(\mathbf{y})$$

Do you know how the gradients with respect to $\mathbf{W}$ and $\mathbf{b}$ change, although you know neither
$C(\mathbf{y})$ nor $\frac{\partial C}{\partial \mathbf{y}}$? Express $\frac{\partial C_2}{\partial \mathbf{W}}$ and
$\frac{\partial C_2}{\partial \mathbf{b}}$ in terms of $\frac{\partial C}{\partial \mathbf{y}}$ and $\mathbf{x}$.

Write the function `scaled_cost_gradients(x, dC_dy, scale=3.0)` that computes both for $C_2 = \text{scale} \cdot C$,
whatever number the scale is; when it is not given, it is the 3 from above. `dC_dy` is still the gradient of $C$, not of
$C_2$.
"""


def scaled_cost_gradients(x: np.ndarray, dC_dy: np.ndarray, scale: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    r"""Gradients of the cost C2 = scale * C with respect to the parameters of the affine module y = Wx + b.

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
    With one output and C = 4 y, where y = 5 w_1 - 2 w_2 + b, the new cost is C2 = 60 w_1 - 24 w_2 + 12 b:

    >>> dC2_dW, dC2_db = scaled_cost_gradients(np.array([5.0, -2.0]), np.array([4.0]))
    >>> dC2_dW
    array([[ 60., -24.]])
    >>> dC2_db
    array([12.])
    """
    return scale * np.outer(dC_dy, x), scale * np.asarray(dC_dy)


def scaled_cost(cost: Any, inputs: Inputs) -> Any:
    """Compute C2.

    Parameters
    ----------
    cost : torch.Tensor
        C, a scalar.
    inputs : Inputs
        ``scale`` is used.

    Returns
    -------
    torch.Tensor
        scale * C.
    """
    return inputs["scale"] * cost


def _between(low: float, high: float) -> Callable[[np.random.Generator], float]:
    """Draw a scale from a range."""
    return lambda rng: float(rng.uniform(low, high))


def _draw(rng: np.random.Generator, scale: Callable[[np.random.Generator], float], **affine: Any) -> Draw:
    """Draw an affine module with a scale for its cost."""
    drawn = affine_draw(rng, **affine)
    return replace(drawn, inputs={**drawn.inputs, "scale": scale(rng)})


NEGATIVE, FRACTION, LARGE = _between(-4.7, -1.6), _between(0.2, 0.8), _between(3.3, 9.7)

AS_ASKED = (
    Family(name="quadratic_cost", title="2 x 2, quadratic cost", draw=partial(affine_draw, cost="quadratic")),
    Family(name="log_sum_exp_cost", title="2 x 2, log-sum-exp cost", draw=partial(affine_draw, cost="log_sum_exp")),
    Family(name="quartic_cost", title="2 x 2, quartic cost", draw=partial(affine_draw, cost="quartic")),
    Family(name="network_cost", title="2 x 2, a small network as cost", draw=partial(affine_draw, cost="network")),
)
GENERAL = (
    Family(
        name="default_scale", title="W not square, scale left out", draw=partial(affine_draw, m=2, n=4, cost="quartic")
    ),
    Family(name="negative", title="a negative scale", draw=partial(_draw, scale=NEGATIVE, m=3, cost="quadratic")),
    Family(
        name="fraction", title="a scale between 0 and 1", draw=partial(_draw, scale=FRACTION, n=3, cost="log_sum_exp")
    ),
    Family(name="zero", title="scale 0", draw=partial(_draw, scale=lambda _: 0.0, m=3, cost="network")),
    Family(
        name="whole", title="a whole number as scale", draw=partial(_draw, scale=lambda rng: int(rng.integers(4, 9)))
    ),
    Family(name="one_output", title="W with one row", draw=partial(_draw, scale=LARGE, m=1, n=4, cost="quartic")),
    Family(name="one_input", title="W with one column", draw=partial(_draw, scale=LARGE, m=3, n=1, cost="quadratic")),
    Family(name="large", title="W with dozens of rows and columns", draw=partial(_draw, scale=LARGE, m=31, n=17)),
    Family(name="integer_x", title="integers in x only", draw=partial(_draw, scale=FRACTION, n=3, whole="x")),
    Family(name="integer_dC_dy", title="integers in dC_dy only", draw=partial(_draw, scale=LARGE, m=3, whole="dC_dy")),
    Family(name="strided", title="non-contiguous inputs", draw=partial(_draw, scale=NEGATIVE, n=4), layout="strided"),
    Family(name="read_only", title="read-only inputs", draw=partial(_draw, scale=LARGE, m=4), layout="read_only"),
    Family(
        name="again",
        title="repeated inputs",
        same_as="negative",
        draw=partial(_draw, scale=NEGATIVE, m=3, cost="quadratic"),
    ),
)
PUBLIC = (
    Family(name="public_2x2", title="the homework's 2 x 2", draw=affine_draw, hidden=False, draws=1),
    Family(
        name="public_3x2",
        title="W with three rows, another scale",
        draw=partial(_draw, scale=FRACTION, m=3),
        hidden=False,
        draws=1,
    ),
)


def gradient_check(
    functions: "Mapping[str, Callable[..., Any]]", inputs: "Mapping[str, Any]", compared: "list[Any] | None" = None
) -> list[str]:
    """Compare `scaled_cost_gradients` with finite differences of a linear cost.

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
    if "scaled_cost_gradients" not in functions:
        return []
    x, dC_dy = np.array(inputs["x"], dtype=float), np.array(inputs["dC_dy"], dtype=float)
    scale = inputs.get("scale", 3.0)
    try:
        dC2_dW, dC2_db = functions["scaled_cost_gradients"](*(np.array(value)[()] for value in inputs.values()))
        answers = {"dC2_dW": np.array(dC2_dW, dtype=float), "dC2_db": np.array(dC2_db, dtype=float)}
    except Exception as error:
        return [f"scaled_cost_gradients does not return two arrays, dC2_dW and dC2_db: {type(error).__name__}: {error}"]
    W = np.cos(np.arange(1.0, dC_dy.size * x.size + 1)).reshape(dC_dy.size, x.size)
    b = np.sin(np.arange(1.0, dC_dy.size + 1))
    complaints = []
    for name, parameter in (("dC2_dW", W), ("dC2_db", b)):
        slopes = np.empty_like(parameter)
        for index in np.ndindex(*parameter.shape):
            costs = []
            for shift in (1e-3, -2e-3):
                parameter[index] += shift
                costs.append(scale * (dC_dy @ (W @ x + b)))
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
                f"C2 = {scale:.6g} dC_dy . y changes at the rate {slopes[index]:.6g}."
            )
    return complaints


def _weight_magnitude(inputs: Inputs, truth: Array) -> Array:  # noqa: ARG001 - the signature is the model's
    """Size of the one product in each element of dC2_dW."""
    size: Array = np.abs(inputs["scale"] * np.outer(inputs["dC_dy"], inputs["x"]).astype(float))
    return size


def _bias_magnitude(inputs: Inputs, truth: Array) -> Array:  # noqa: ARG001 - the signature is the model's
    """Size of the one product in each element of dC2_db."""
    size: Array = np.abs(inputs["scale"] * np.asarray(inputs["dC_dy"], dtype=float))
    return size


def _criterion(name: str, title: str, points: float, families: tuple[Family, ...]) -> Criterion:
    """Judge the output a criterion is named after."""
    return Criterion(
        id=f"q1b.{name}",
        title=title,
        points=points,
        output=name.removesuffix(".general"),
        families=tuple(family.name for family in families),
    )


CRITERIA = (
    _criterion("dC2_dW", "dC2/dW of the 2 x 2 module, three times the cost", 3, AS_ASKED),
    _criterion("dC2_dW.general", "dC2/dW for other sizes, scales and kinds of input", 2, GENERAL),
    _criterion("dC2_db", "dC2/db of the 2 x 2 module, three times the cost", 3, AS_ASKED),
    _criterion("dC2_db.general", "dC2/db for other sizes, scales and kinds of input", 2, GENERAL),
)


def _dW(wrong: Callable[[Array, Array, float], Any]) -> Callable[..., Any]:
    """Get dC2_dW wrong and dC2_db right."""
    return lambda x, dC_dy, scale=3.0: (wrong(x, dC_dy, scale), scale * dC_dy)


def _db(wrong: Callable[[Array, Array, float], Any]) -> Callable[..., Any]:
    """Get dC2_dW right and dC2_db wrong."""
    return lambda x, dC_dy, scale=3.0: (scale * np.outer(dC_dy, x), wrong(x, dC_dy, scale))


def _in_place(x: Array, dC_dy: Array, scale: float = 3.0) -> tuple[Array, Array]:
    """Scale the upstream gradient where it lies."""
    dC_dy *= scale
    return np.outer(dC_dy, x), dC_dy


# A table reads better by rows.
# fmt: off
MISCONCEPTIONS = (
    Misconception(name="unscaled", function=_dW(lambda x, g, _: np.outer(g, x)),
        hint="dC2_dW is the gradient of C. How does a derivative change when the cost is multiplied by a number?"),
    Misconception(name="three", function=_dW(lambda x, g, _: 3 * np.outer(g, x)),
        hint="dC2_dW always multiplies by 3. The scale is a parameter: use it."),
    Misconception(name="squared", function=_dW(lambda x, g, s: s**2 * np.outer(g, x)),
        hint="dC2_dW contains the scale twice. Each term of the product rule needs it once at most."),
    Misconception(name="truncated", function=_dW(lambda x, g, s: int(s) * np.outer(g, x)),
        hint="dC2_dW cuts the fraction off the scale. A scale need not be whole."),
    Misconception(name="absolute", function=_dW(lambda x, g, s: abs(s) * np.outer(g, x)),
        hint="dC2_dW ignores the sign of the scale."),
    Misconception(name="or_three", function=_dW(lambda x, g, s: (s or 3.0) * np.outer(g, x)),
        hint="dC2_dW takes a scale of 0 for a scale that was not given. Python counts 0 as false."),
    Misconception(name="positive_only", function=_dW(lambda x, g, s: max(s, 0.0) * np.outer(g, x)),
        hint="dC2_dW is zero for negative scales. Nothing restricts the scale."),
    Misconception(name="divided", function=_dW(lambda x, g, s: np.outer(g, x) / np.float64(s)),
        hint="dC2_dW divides by the scale. Does a larger cost have smaller derivatives?"),
    Misconception(name="added", function=_dW(lambda x, g, s: np.outer(g, x) + s),
        hint="dC2_dW has the scale added to it. C2 is a multiple of C; the derivative of an added constant is 0."),
    Misconception(name="transposed", function=_dW(lambda x, g, s: s * np.outer(x, g)),
        hint="dC2_dW comes out transposed. Ask which index of W goes with y and which with x."),
    Misconception(name="no_transpose", function=_dW(lambda x, g, s: s * (g @ x)),
        hint="dC2_dW is a single number, as if a transpose were missing: W has a derivative for each of its elements."),
    Misconception(name="only_x", function=_dW(lambda x, g, s: s * np.outer(np.ones(len(g)), x)),
        hint="dC2_dW does not contain the gradient of C. That you do not know C does not make its derivative 1."),
    Misconception(name="single_precision", function=_dW(lambda x, g, s: np.float32(s * np.outer(g, x))),
        hint="dC2_dW is computed in single precision and loses half of its digits."),
    Misconception(name="default_one", function=lambda x, dC_dy, scale=1.0: (scale * np.outer(dC_dy, x), scale * dC_dy),
        hint="The default of scale was changed. When it is left out, it should be the homework's number."),
    Misconception(name="in_place", function=_in_place,
        hint="An input is modified in place, so the caller's array changes. Make a new array."),
    Misconception(name="swapped", function=lambda x, dC_dy, scale=3.0: (scale * dC_dy, scale * np.outer(dC_dy, x)),
        hint="The two gradients come back in the wrong order: dC2_dW first, then dC2_db."),
    Misconception(name="db_unscaled", function=_db(lambda _, g, __: g),
        hint="dC2_db is the gradient of C. How does a derivative change when the cost is multiplied by a number?"),
    Misconception(name="db_three", function=_db(lambda _, g, __: 3 * g),
        hint="dC2_db always multiplies by 3. The scale is a parameter: use it."),
    Misconception(name="db_squared", function=_db(lambda _, g, s: s**2 * g),
        hint="dC2_db contains the scale twice."),
    Misconception(name="db_truncated", function=_db(lambda _, g, s: int(s) * g),
        hint="dC2_db cuts the fraction off the scale. A scale need not be whole."),
    Misconception(name="db_absolute", function=_db(lambda _, g, s: abs(s) * g),
        hint="dC2_db ignores the sign of the scale."),
    Misconception(name="db_or_three", function=_db(lambda _, g, s: (s or 3.0) * g),
        hint="dC2_db takes a scale of 0 for a scale that was not given. Python counts 0 as false."),
    Misconception(name="db_divided", function=_db(lambda _, g, s: g / np.float64(s)),
        hint="dC2_db divides by the scale. Does a larger cost have smaller derivatives?"),
    Misconception(name="db_times_x", function=_db(lambda x, g, s: s * np.outer(g, x)),
        hint="dC2_db is multiplied by x. b is added to Wx, and x does not touch it."),
    Misconception(name="db_only_scale", function=_db(lambda _, g, s: s * np.ones(len(g))),
        hint="dC2_db holds nothing but the scale. The derivative of C belongs in the chain as well."),
    Misconception(name="db_summed", function=_db(lambda _, g, s: s * g.sum()),
        hint="dC2_db is summed to one number. Each output has a bias of its own."),
)
# fmt: on

DERIVATIONS = (
    Derivation(
        title="The new cost",
        left="C_2",
        steps=(Step(latex="3 C", rule="definition", reason="Definition of the new cost."),),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{W}$",
        left=r"\frac{\partial C_2}{\partial \mathbf{W}}",
        steps=(
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C_2}{\partial w_{11}} & \frac{\partial C_2}{\partial w_{12}} \\
                    \frac{\partial C_2}{\partial w_{21}} & \frac{\partial C_2}{\partial w_{22}}
                    \end{pmatrix}""",
                rule="layout",
                reason="Layout: a gradient has the shape of what it is taken with respect to.",
            ),
            Step(
                latex=r"""\begin{pmatrix}
                    3 \frac{\partial C}{\partial w_{11}} & 3 \frac{\partial C}{\partial w_{12}} \\
                    3 \frac{\partial C}{\partial w_{21}} & 3 \frac{\partial C}{\partial w_{22}}
                    \end{pmatrix}""",
                rule="linearity",
                reason=r"Linearity: the derivative of $3C$ is 3 times the derivative of $C$, whatever $C$ is.",
            ),
            Step(
                latex=r"""3 \begin{pmatrix}
                    \frac{\partial C}{\partial w_{11}} & \frac{\partial C}{\partial w_{12}} \\
                    \frac{\partial C}{\partial w_{21}} & \frac{\partial C}{\partial w_{22}}
                    \end{pmatrix}""",
                rule="factoring",
                reason="Factoring: 3 is common to all elements.",
            ),
            Step(
                latex=r"3 \frac{\partial C}{\partial \mathbf{y}} \mathbf{x}^\top",
                rule="question 1a",
                reason="Question 1a: the matrix is the gradient found there.",
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{b}$",
        columns=("b",),
        left=r"\left( \frac{\partial C_2}{\partial \mathbf{b}} \right)^\top",
        steps=(
            Step(
                latex=r"""\begin{pmatrix}
                    \frac{\partial C_2}{\partial b_1} & \frac{\partial C_2}{\partial b_2}
                    \end{pmatrix}""",
                rule="layout",
                reason="Layout: a row, as in question 1a.",
            ),
            Step(
                latex=r"""3 \begin{pmatrix}
                    \frac{\partial C}{\partial b_1} & \frac{\partial C}{\partial b_2}
                    \end{pmatrix}""",
                rule="linearity",
                reason="Linearity: 3 comes out of each derivative, and then out of the row.",
            ),
            Step(
                latex=r"3 \left( \frac{\partial C}{\partial \mathbf{y}} \right)^\top",
                rule="question 1a",
                reason="Question 1a: the row is the gradient found there.",
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{W}$, for $m \times n$",
        general=True,
        result=True,
        in_words="Yes, we know: both gradients are multiplied by 3, whatever the cost is.",
        left=r"\frac{\partial C_2}{\partial \mathbf{W}}",
        steps=(
            Step(
                latex=r"3 \frac{\partial C}{\partial \mathbf{W}}",
                rule="linearity",
                reason="Linearity: the factor comes out of every element.",
            ),
            Step(
                latex=r"3 \frac{\partial C}{\partial \mathbf{y}} \mathbf{x}^\top",
                rule="question 1a",
                reason="Question 1a: the gradient found there.",
            ),
        ),
    ),
    Derivation(
        title=r"The gradient with respect to $\mathbf{b}$, for $m$ outputs",
        general=True,
        result=True,
        columns=("b",),
        left=r"\frac{\partial C_2}{\partial \mathbf{b}}",
        steps=(
            Step(
                latex=r"3 \frac{\partial C}{\partial \mathbf{b}}",
                rule="linearity",
                reason="Linearity: as for the weights.",
            ),
            Step(
                latex=r"3 \frac{\partial C}{\partial \mathbf{y}}",
                rule="question 1a",
                reason="Question 1a: the gradient found there.",
            ),
        ),
    ),
)

NOTATION = (
    Symbol(latex=r"C_2(\mathbf{y})", meaning="the new cost; in code the factor is an argument", code="`scale`"),
    Symbol(
        latex=r"\frac{\partial C_2}{\partial \mathbf{W}}, \frac{\partial C_2}{\partial \mathbf{b}}",
        meaning="sought; laid out as those of $C$",
        code="`dC2_dW`, `dC2_db`",
    ),
)

QUESTION = Question(
    id="q1b",
    title="1b: gradients when the cost is multiplied",
    section="Affine Module",
    heading="Question 1b)",
    prompt=PROMPT,
    notation=NOTATION,
    parts=(
        Part(
            reference=scaled_cost_gradients,
            outputs=(
                Output(name="dC2_dW", kind="gradient", of="W", magnitude=_weight_magnitude),
                Output(name="dC2_db", kind="gradient", of="b", magnitude=_bias_magnitude),
            ),
            forward=forward,
            families=AS_ASKED + GENERAL + PUBLIC,
            criteria=CRITERIA,
            misconceptions=MISCONCEPTIONS,
            upstream="dC_dy",
            objective=scaled_cost,
        ),
    ),
    derivations=DERIVATIONS,
    setting=replace(SETTING, definitions=(*SETTING.definitions, Definition(left="C_2", right="3 C"))),
    gradient_check=gradient_check,
)
