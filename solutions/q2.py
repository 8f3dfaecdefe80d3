"""Question 2: the softmax module and its Jacobian."""

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
    HeatMap,
    Inputs,
    Misconception,
    Output,
    Part,
    Question,
    Region,
    Setting,
    Step,
    Symbol,
)

PROMPT = r"""
The softmax module turns $K$ unconstrained numbers $x_1, \dots, x_K$ into numbers $y_k \ge 0$ that sum to 1,

$$y_i = \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}$$

where $\beta$ is a constant. Write it as `softmax(x, beta)`.

Then find $\frac{\partial y_i}{\partial x_j}$ for all $i, j \in \{1, \dots, K\}$; the answer for $i = j$ differs from
the one for $i \ne j$. Write the function `softmax_jacobian(x, beta)` that computes the matrix $\mathbf{J}$ with
$J_{ij} = \frac{\partial y_i}{\partial x_j}$.

Handle any $K \ge 1$ and any $\beta$, including zero and negative values. One point of each function is for answers
that stay right where $\exp(\beta x_i)$ is too large or too small for a float. Inputs may be floats or integers; do not
modify them.
"""


def softmax(x: np.ndarray, beta: float) -> np.ndarray:
    r"""Softmax of beta * x.

    Parameters
    ----------
    x : numpy.ndarray, shape (K,)
        Unconstrained numbers; floats or integers.
    beta : float
        What x is multiplied by; any number.

    Returns
    -------
    numpy.ndarray, shape (K,)
        Numbers from 0 to 1 that sum to 1.

    Notes
    -----
    .. math:: y_i = \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}

    A number subtracted from every exponent cancels. With the largest one, no exponential exceeds 1 and the sum is at
    least 1, so nothing overflows and nothing is divided by 0.

    Examples
    --------
    The exponentials are 1, 4 and 5, with sum 10:

    >>> softmax(np.log([1.0, 16.0, 25.0]), 0.5)
    array([0.1, 0.4, 0.5])
    """
    z = beta * x
    e = np.exp(z - z.max())
    y: np.ndarray = e / e.sum()
    return y


def softmax_jacobian(x: np.ndarray, beta: float) -> np.ndarray:
    r"""Jacobian of the softmax of beta * x with respect to x.

    Parameters
    ----------
    x : numpy.ndarray, shape (K,)
        Unconstrained numbers; floats or integers.
    beta : float
        What x is multiplied by; any number.

    Returns
    -------
    numpy.ndarray, shape (K, K)
        J[i, j] is the derivative of y_i with respect to x_j.

    Notes
    -----
    .. math:: \mathbf{J} = \beta \left( \mathrm{diag}(\mathbf{y}) - \mathbf{y} \mathbf{y}^\top \right)

    Examples
    --------
    The softmax is 0.1, 0.4 and 0.5:

    >>> softmax_jacobian(np.log([1.0, 16.0, 25.0]), 0.5)
    array([[ 0.045, -0.02 , -0.025],
           [-0.02 ,  0.12 , -0.1  ],
           [-0.025, -0.1  ,  0.125]])
    """
    z = beta * x
    e = np.exp(z - z.max())
    y = e / e.sum()
    J: np.ndarray = beta * (np.diag(y) - np.outer(y, y))
    return J


def forward(torch: Any, tensors: Mapping[str, Any]) -> Any:
    """Compute the softmax module itself.

    Parameters
    ----------
    torch : module
        PyTorch.
    tensors : Mapping[str, torch.Tensor]
        ``x`` of shape (K,), ``beta`` a scalar.

    Returns
    -------
    torch.Tensor, shape (K,)
        The output y.
    """
    return torch.softmax(tensors["beta"] * tensors["x"], dim=0)


def _numbers(rng: np.random.Generator, size: int, width: float = 2.0) -> Array:
    """Numbers on both sides of 0 in general position: no two alike, sum not 0, in no order."""
    steps = np.linspace(-width, 1.2 * width, size) if size > 1 else np.array([width])
    return rng.permutation(steps + rng.uniform(-0.4, 0.4, size) * width / size)


def _beta(rng: np.random.Generator, sign: int = 0) -> float:
    """Draw a beta as the homework would have it: from 0.3 to 3, not near 1; sign 0 means either."""
    size = rng.uniform(0.35, 0.8) if rng.integers(2) else rng.uniform(1.3, 2.8)
    return float(size * (sign or rng.choice([-1, 1])))


def _draw(
    rng: np.random.Generator,
    K: int = 4,
    *,
    sign: int = 0,
    beta: Callable[[np.random.Generator], float] | None = None,
    width: float = 2.0,
    shift: float = 0.0,
) -> Draw:
    """Draw floats, and beta."""
    return Draw(
        inputs={"x": _numbers(rng, K, width) + shift, "beta": beta(rng) if beta is not None else _beta(rng, sign)}
    )


def _draw_whole(rng: np.random.Generator, beta: Callable[[np.random.Generator], float] = _beta) -> Draw:
    """Draw integers in x."""
    return Draw(inputs={"x": rng.choice(np.array([-6, -4, -3, -1, 2, 3, 5, 7]), 4, replace=False), "beta": beta(rng)})


def _draw_ties(rng: np.random.Generator) -> Draw:
    """Draw floats, the largest and another of them twice."""
    x = np.sort(_numbers(rng, 3))
    return Draw(inputs={"x": rng.permutation(np.append(x, x[1:])), "beta": _beta(rng)})


def _whole_beta(rng: np.random.Generator) -> int:
    """Draw 2, 3 or their negatives."""
    return int(rng.choice([-3, -2, 2, 3]))


def _draw_far(rng: np.random.Generator, *, level: float, depth: float = 0.0, sign: int = 1) -> Draw:
    """Draw beta x near a level far from 0, the last two of five lower by about the depth."""
    beta = _beta(rng, sign)
    z = level + _numbers(rng, 5) - depth * np.array([0.0, 0.0, 0.0, 0.6, 1.0]) * rng.uniform(0.9, 1.0)
    return Draw(inputs={"x": rng.permutation(z) / beta, "beta": beta})


def _draw_peak(rng: np.random.Generator, *, place: int) -> Draw:
    """Draw one high number at a fixed place and low ones elsewhere: only the largest of all may be subtracted."""
    beta = _beta(rng)
    z = _numbers(rng, 5) - 1e3
    z[place] += 2e3
    return Draw(inputs={"x": z / beta, "beta": beta})


def _draw_far_whole(rng: np.random.Generator) -> Draw:
    """Draw large integers."""
    x = rng.integers(1500, 2500) + np.array([0, 1, 3, -4000])
    return Draw(inputs={"x": rng.permutation(x), "beta": float(rng.uniform(0.5, 0.9))})


AS_ASKED = (
    Family(name="three", title="K = 3", draw=partial(_draw, K=3, sign=1)),
    Family(name="three_negative", title="K = 3, beta negative", draw=partial(_draw, K=3, sign=-1)),
    Family(name="four_negative", title="K = 4, beta negative", draw=partial(_draw, K=4, sign=-1)),
    Family(name="five", title="K = 5", draw=partial(_draw, K=5, sign=1)),
)
GENERAL = (
    Family(name="one", title="K = 1", draw=partial(_draw, K=1)),
    Family(name="two", title="K = 2", draw=partial(_draw, K=2)),
    Family(name="many", title="dozens of numbers", draw=partial(_draw, K=41)),
    Family(name="beta_zero", title="beta = 0", draw=partial(_draw, beta=lambda _: 0.0)),
    Family(name="beta_small", title="beta near 0", draw=partial(_draw, beta=lambda rng: float(rng.uniform(0.02, 0.2)))),
    Family(name="beta_large", title="a large beta", draw=partial(_draw, beta=lambda rng: float(rng.uniform(20, 45)))),
    Family(name="beta_whole", title="a whole number as beta", draw=partial(_draw, beta=_whole_beta)),
    Family(name="integer_x", title="integers in x", draw=_draw_whole),
    Family(name="integers", title="integers only", draw=partial(_draw_whole, beta=_whole_beta)),
    Family(name="ties", title="equal numbers in x", draw=_draw_ties),
    Family(name="shifted", title="x far from 0", draw=partial(_draw, shift=40.0)),
    Family(name="strided", title="non-contiguous x", draw=_draw, layout="strided"),
    Family(name="read_only", title="read-only x", draw=_draw, layout="read_only"),
    Family(name="again", title="repeated inputs", same_as="five", draw=partial(_draw, K=5, sign=1)),
)
STABILITY = (
    Family(name="high", title="beta x near 1000", draw=partial(_draw_far, level=1e3)),
    Family(name="low", title="beta x near -1000", draw=partial(_draw_far, level=-1e3)),
    Family(
        name="negative_spread", title="beta negative, x spread", draw=partial(_draw_far, level=1e3, depth=2e3, sign=-1)
    ),
    Family(name="very_high", title="beta x near 10000", draw=partial(_draw_far, level=1e4)),
    Family(name="wide", title="beta x from -10000 to 10000", draw=partial(_draw_far, level=1e4, depth=2e4)),
    Family(name="far_integers", title="large integers", draw=_draw_far_whole),
    Family(name="first_high", title="the first number far above the others", draw=partial(_draw_peak, place=0)),
    Family(name="last_high", title="the last number far above the others", draw=partial(_draw_peak, place=-1)),
)
PUBLIC = (
    Family(name="public_three", title="K = 3", draw=partial(_draw, K=3, sign=1), hidden=False, draws=1),
    Family(name="public_four", title="K = 4, beta negative", draw=partial(_draw, sign=-1), hidden=False, draws=1),
)
FAMILIES = AS_ASKED + GENERAL + STABILITY + PUBLIC


def gradient_check(
    functions: "Mapping[str, Callable[..., Any]]", inputs: "Mapping[str, Any]", compared: "list[Any] | None" = None
) -> list[str]:
    """Hold `softmax` and `softmax_jacobian` against what must be true of them, and against finite differences.

    Parameters
    ----------
    functions : Mapping[str, Callable[..., Any]]
        What the student wrote, by name; what is not there is skipped.
    inputs : Mapping[str, Any]
        Inputs of one public case.
    compared : list, optional
        Gets the function's name, the student's numbers and those of finite differences.

    Returns
    -------
    list of str
        Complaints in plain words; empty when there is nothing to complain about.
    """
    x, beta = np.array(inputs["x"], dtype=float), inputs["beta"]
    complaints = []
    answers = {}
    for name, shape in (("softmax", (x.size,)), ("softmax_jacobian", (x.size, x.size))):
        if name not in functions:
            continue
        try:
            answer = np.array(functions[name](np.array(inputs["x"]), beta), dtype=float)
        except Exception as error:
            complaints.append(f"{name} does not return an array of numbers: {type(error).__name__}: {error}")
            continue
        if len(shape) == 1 and answer.shape in ((x.size, 1), (1, x.size)):
            answer = answer.ravel()
        if answer.shape == shape:
            answers[name] = answer
        else:
            complaints.append(f"{name} has the shape {answer.shape}; it should be {shape}.")
    if "softmax" in answers:
        y = answers["softmax"]
        if not abs(y.sum() - 1) < 1e-9:
            complaints.append(f"The numbers that softmax returns sum to {y.sum():.6g}, not to 1.")
        if not (y >= 0).all():
            complaints.append(f"softmax returns {y.min():.6g}; no number should be negative.")
    if "softmax_jacobian" in answers:
        J = answers["softmax_jacobian"]
        for axis, line in ((1, "row"), (0, "column")):
            sums = J.sum(axis=axis)
            if not (abs(sums) < 1e-9).all():
                worst = int(np.argmax(abs(sums)))
                complaints.append(
                    f"{line.capitalize()} {worst} of softmax_jacobian sums to {sums[worst]:.6g}; "
                    f"each {line} should sum to 0."
                )
        if "softmax" in answers:
            slopes = np.empty((x.size, x.size))
            for j in range(x.size):
                step = np.zeros(x.size)
                step[j] = 1e-5
                up, down = functions["softmax"](x + step, beta), functions["softmax"](x - step, beta)
                slopes[:, j] = (np.ravel(up) - np.ravel(down)) / 2e-5
            if compared is not None:
                compared.append(("softmax_jacobian", J, slopes))
            wrong = ~np.isclose(J, slopes, rtol=1e-5, atol=1e-8)
            if wrong.any():
                i, j = (int(k) for k in np.argwhere(wrong)[0])
                complaints.append(
                    f"softmax_jacobian[{i}, {j}] is {J[i, j]:.6g}, but when only x[{j}] is nudged, "
                    f"element {i} of your softmax changes at the rate {slopes[i, j]:.6g}."
                )
    return complaints


def _condition(inputs: Inputs) -> float:
    """How much larger than one rounding the error of a sum of K exponentials of rounded products may be."""
    x = np.asarray(inputs["x"], dtype=float)
    return 1.0 + (x.size + abs(float(inputs["beta"])) * (1.0 + 2.0 * float(np.abs(x).max()))) / 4.0


def _softmax_magnitude(inputs: Inputs, truth: Array) -> Array:
    """Size of each y_i, times what its exponents lose."""
    return _condition(inputs) * truth


def _jacobian_magnitude(inputs: Inputs, truth: Array) -> Array:  # noqa: ARG001 - the signature is the model's
    """Size of both terms of each element, times what their exponents lose."""
    y = softmax(inputs["x"], inputs["beta"])
    size: Array = _condition(inputs) * abs(inputs["beta"]) * (np.diag(y) + np.outer(y, y))
    return size


DIAGONAL = Region(name="diagonal", mask=lambda truth: np.eye(len(truth), dtype=bool))
OFF_DIAGONAL = Region(name="off-diagonal", mask=lambda truth: ~np.eye(len(truth), dtype=bool))


def _criterion(
    name: str, title: str, points: float, families: tuple[Family, ...], region: Region | None = None
) -> Criterion:
    """Judge the output a criterion is named after."""
    return Criterion(
        id=f"q2.{name}",
        title=title,
        points=points,
        output="y" if name.startswith("softmax") else "J",
        families=tuple(family.name for family in families),
        region=region,
    )


def _naive(x: Array, beta: float) -> Array:
    """Exponentials as they stand in the formula."""
    e: Array = np.exp(beta * x)
    return e


def _shifted(x: Array, beta: float) -> Array:
    """Exponentials, the largest of them 1."""
    e: Array = np.exp(beta * x - (beta * x).max())
    return e


def _share(e: Array) -> Array:
    """Divide by the sum."""
    y: Array = e / e.sum()
    return y


def _shift_in_place(x: Array, beta: float) -> Array:
    """Subtract the largest number where it lies."""
    x -= x.max() if beta > 0 else x.min()
    return softmax(x, beta)


# Tables read better by rows.
# fmt: off
SOFTMAX_MISCONCEPTIONS = (
    Misconception(name="no_beta", function=lambda x, beta: softmax(x, 1.0),  # noqa: ARG005
        hint="softmax does not use beta."),
    Misconception(name="beta_outside", function=lambda x, beta: beta * softmax(x, 1.0),
        hint="beta stands outside of the exponential. Do the numbers still sum to 1?"),
    Misconception(name="beta_divides", function=lambda x, beta: softmax(x, 1 / np.float64(beta)),
        hint="x is divided by beta, as by a temperature. Here beta is a factor."),
    Misconception(name="beta_negated", function=lambda x, beta: softmax(x, -beta),
        hint="The exponent has the wrong sign. Which number should get the largest share when beta is positive?"),
    Misconception(name="beta_absolute", function=lambda x, beta: softmax(x, abs(beta)),
        hint="softmax ignores the sign of beta."),
    Misconception(name="beta_truncated", function=lambda x, beta: softmax(x, int(beta)),
        hint="softmax cuts the fraction off beta. beta need not be whole."),
    Misconception(name="beta_squared", function=lambda x, beta: softmax(x, beta**2),
        hint="beta goes into the exponent twice."),
    Misconception(name="beta_above_only", function=lambda x, beta: np.exp(beta * x) / np.exp(x).sum(),
        hint="beta is missing in the denominator. Do the numbers sum to 1?"),
    Misconception(name="beta_below_only", function=lambda x, beta: np.exp(x) / np.exp(beta * x).sum(),
        hint="beta is missing in the numerator. Do the numbers sum to 1?"),
    Misconception(name="not_normalised", function=_naive,
        hint="The exponentials are not divided by anything. Do the numbers sum to 1?"),
    Misconception(name="largest_is_one", function=_shifted,
        hint="The exponentials are divided by the largest of them. Do the numbers sum to 1?"),
    Misconception(name="logarithm", function=lambda x, beta: np.log(softmax(x, beta)),
        hint="These are logarithms of the softmax. Can a share be negative?"),
    Misconception(name="length_one", function=lambda x, beta: _shifted(x, beta) / np.linalg.norm(_shifted(x, beta)),
        hint="The exponentials are divided by their Euclidean length. It is their sum that should become 1."),
    Misconception(name="sigmoid", function=lambda x, beta: 1 / (1 + np.exp(-beta * x)),
        hint="Each number goes through a sigmoid of its own. In a softmax all numbers share one denominator."),
    Misconception(name="others_only", function=lambda x, beta: softmax(x, beta) / (1 - softmax(x, beta)),
        hint="The denominator leaves out the term of the numerator. Over which n does the sum run?"),
    Misconception(name="sum_of_exponents", function=lambda x, beta: np.exp(beta * x) / (beta * x).sum(),
        hint="The denominator sums the exponents, not the exponentials."),
    Misconception(name="no_exponential", function=lambda x, beta: beta * x / (beta * x).sum(),
        hint="The exponential is missing."),
    Misconception(name="base_two", function=lambda x, beta: _share(2.0 ** (beta * x - (beta * x).max())),
        hint="These are powers of another base than e."),
    Misconception(name="hard_maximum", function=lambda x, beta: (beta * x == (beta * x).max()).astype(float),
        hint="The largest number takes everything. A softmax is soft: every number gets a share."),
    Misconception(name="first_three", function=lambda x, beta: _shifted(x, beta) / _shifted(x, beta)[:3].sum(),
        hint="The denominator always has three terms. Take K from the input."),
    Misconception(name="dtype_of_x", function=lambda x, beta: softmax(x, beta).astype(x.dtype),
        hint="The numbers are written into an array of x's type. When x holds integers, fractions are cut off."),
    Misconception(name="sorted", function=lambda x, beta: np.sort(softmax(x, beta)),
        hint="The numbers come back sorted. y_i belongs to x_i, wherever it stands."),
    Misconception(name="rounded", function=lambda x, beta: np.round(softmax(x, beta), 4),
        hint="The numbers are rounded. Return them as they are, and round when you print."),
    Misconception(name="epsilon", function=lambda x, beta: _shifted(x, beta) / (_shifted(x, beta).sum() + 1e-8),
        hint="A small number is added to the denominator. Can that sum be 0 if nothing underflows?"),
    Misconception(name="single_precision", function=lambda x, beta: np.float32(softmax(x, beta)),
        hint="softmax is computed in single precision and loses half of its digits."),
    Misconception(name="shifted_in_place", function=_shift_in_place,
        hint="x is modified in place, so the caller's array changes. Do not modify the inputs."),
    Misconception(name="overflows", function=lambda x, beta: _share(_naive(x, beta)),
        hint="The exponentials overflow as they are written. What may be subtracted from all exponents?"),
    Misconception(name="shift_before_beta", function=lambda x, beta: _share(np.exp(beta * (x - x.max()))),
        hint="The largest x is subtracted. For negative beta, that is not where the largest exponent is."),
    Misconception(name="shift_without_beta", function=lambda x, beta: _share(np.exp(beta * x - x.max())),
        hint="The largest x is subtracted from beta x. Which number keeps every exponent from growing?"),
    Misconception(name="shift_by_smallest", function=lambda x, beta: _share(np.exp(beta * x - (beta * x).min())),
        hint="The smallest exponent is subtracted. Then the largest one may still overflow."),
    Misconception(name="clipped", function=lambda x, beta: _share(np.exp(np.clip(beta * x, -500, 500))),
        hint="Large exponents are cut off, which makes different numbers equal. Shift them instead."),
)


def _matrix(diagonal: Array, elsewhere: Array) -> Array:
    """Put a diagonal into a matrix."""
    return np.where(np.eye(len(diagonal), dtype=bool), diagonal, elsewhere)


def _diagonal(wrong: Callable[[Array, float], Array]) -> Callable[..., Array]:
    """Get the diagonal wrong, given y and beta, and the rest right."""
    return lambda x, beta: _matrix(wrong(softmax(x, beta), beta), softmax_jacobian(x, beta))


def _elsewhere(wrong: Callable[[Array, float], Array]) -> Callable[..., Array]:
    """Get the diagonal right and the rest wrong, given y and beta."""
    return lambda x, beta: _matrix(np.diag(softmax_jacobian(x, beta)), wrong(softmax(x, beta), beta))


def _without_beta(y: Array) -> Array:
    """Differentiate the softmax with respect to its exponents."""
    J: Array = np.diag(y) - np.outer(y, y)
    return J


def _unsquared(x: Array, beta: float) -> Array:
    """Divide by the sum once instead of twice."""
    e = _naive(x, beta)
    J: Array = beta * _matrix(e * (e.sum() - e), -np.outer(e, e)) / e.sum()
    return J


def _as_written(x: Array, beta: float) -> Array:
    """Compute the homework's formulas as they stand."""
    e = _naive(x, beta)
    J: Array = beta * _matrix(e * (e.sum() - e), -np.outer(e, e)) / e.sum() ** 2
    return J


def _beta_at_one(x: Array, beta: float) -> Array:
    """Multiply one of two exponents by beta."""
    e = _naive(x, beta)
    return _matrix(np.diag(softmax_jacobian(x, beta)), -beta * np.outer(e, np.exp(x)) / e.sum() ** 2)


def _differences(x: Array, beta: float) -> Array:
    """Nudge every number up and down."""
    steps = 1e-5 * np.eye(len(x))
    J: Array = np.array([softmax(x + step, beta) - softmax(x - step, beta) for step in steps]).T / 2e-5
    return J


def _scale_in_place(x: Array, beta: float) -> Array:
    """Multiply by beta where x lies."""
    x *= beta
    return beta * softmax_jacobian(x, 1.0)


def _three(x: Array, beta: float) -> Array:
    """Fill three rows and columns."""
    J = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            J[i, j] = softmax_jacobian(x, beta)[i, j]
    return J


JACOBIAN_MISCONCEPTIONS = (
    Misconception(name="no_beta", function=lambda x, beta: _without_beta(softmax(x, beta)),
        hint="The factor beta is missing: the chain rule also passes through the exponent."),
    Misconception(name="beta_squared", function=lambda x, beta: beta * softmax_jacobian(x, beta),
        hint="The factor beta is there twice."),
    Misconception(name="beta_absolute", function=lambda x, beta: np.sign(beta) * softmax_jacobian(x, beta),
        hint="The sign of beta is lost."),
    Misconception(name="beta_outside_only", function=lambda x, beta: beta * softmax_jacobian(x, 1.0),
        hint="The softmax inside is computed without beta."),
    Misconception(name="negated", function=lambda x, beta: -softmax_jacobian(x, beta),
        hint="Every element has the opposite sign. Does y_i grow or shrink when beta x_i grows?"),
    Misconception(name="diagonal_rule_everywhere", function=_elsewhere(lambda y, beta: (beta * y * (1 - y))[:, None]),
        hint="The formula for i = j is used for every element. For i != j, where does x_j appear?"),
    Misconception(name="off_diagonal_rule_everywhere", function=_diagonal(lambda y, beta: -beta * y * y),
        hint="The formula for i != j is used on the diagonal too. There x_i appears in the numerator as well."),
    Misconception(name="diagonal_only", function=_elsewhere(lambda y, _: np.zeros((len(y), len(y)))),
        hint="Off the diagonal there are zeros. Does y_i not depend on x_j, through the sum?"),
    Misconception(name="off_diagonal_only", function=_diagonal(lambda y, _: np.zeros(len(y))),
        hint="The diagonal is zero. Does y_i not depend on x_i?"),
    Misconception(name="diagonal_as_vector", function=lambda x, beta: np.diag(softmax_jacobian(x, beta)).copy(),
        hint="Only the diagonal comes back. The answer is a matrix with an element for every i and j."),
    Misconception(name="off_diagonal_sign", function=_elsewhere(lambda y, beta: beta * np.outer(y, y)),
        hint="Off the diagonal the sign is wrong. When one share grows, what do the others do?"),
    Misconception(name="off_diagonal_no_beta", function=_elsewhere(lambda y, _: -np.outer(y, y)),
        hint="Off the diagonal the factor beta is missing: the chain rule also passes through the exponent."),
    Misconception(name="off_diagonal_square", function=_elsewhere(lambda y, beta: (-beta * y**2)[:, None]),
        hint="Off the diagonal only y_i appears. Where does x_j come in?"),
    Misconception(name="off_diagonal_one_beta", function=_beta_at_one,
        hint="Off the diagonal beta stands at one exponent only. Both exponentials contain it."),
    Misconception(name="upper_triangle", function=lambda x, beta: np.triu(softmax_jacobian(x, beta)),
        hint="Below the diagonal there are zeros. i and j run over everything."),
    Misconception(name="diagonal_no_beta", function=_diagonal(lambda y, _: y * (1 - y)),
        hint="On the diagonal the factor beta is missing: the chain rule also passes through the exponent."),
    Misconception(name="diagonal_numerator_only", function=_diagonal(lambda y, beta: beta * y),
        hint="On the diagonal the denominator is treated as a constant. It contains x_i as well."),
    Misconception(name="diagonal_no_y", function=_diagonal(lambda y, beta: beta * (1 - y)),
        hint="On the diagonal a factor was lost when the fraction was simplified."),
    Misconception(name="diagonal_sum", function=_diagonal(lambda y, beta: beta * y * (1 + y)),
        hint="On the diagonal the quotient rule has a wrong sign."),
    Misconception(name="not_squared", function=_unsquared,
        hint="The quotient rule squares the denominator."),
    Misconception(name="logarithm", function=lambda x, beta: beta * (np.eye(len(x)) - softmax(x, beta)),
        hint="This is the Jacobian of the logarithm of the softmax."),
    Misconception(name="by_beta", function=lambda x, beta: softmax(x, beta) * (x - x @ softmax(x, beta)),
        hint="This is the derivative with respect to beta. Which variable is asked about?"),
    Misconception(name="three_by_three", function=_three,
        hint="The matrix is always 3 x 3. Take K from the input."),
    Misconception(name="dtype_of_x", function=lambda x, beta: softmax_jacobian(x, beta).astype(x.dtype),
        hint="The matrix is made with x's type. When x holds integers, fractions are cut off."),
    Misconception(name="rounded", function=lambda x, beta: np.round(softmax_jacobian(x, beta), 4),
        hint="The numbers are rounded. Return them as they are, and round when you print."),
    Misconception(name="finite_differences", function=_differences,
        hint="The derivatives are finite differences. Those are good for checking; the formula is asked for."),
    Misconception(name="single_precision", function=lambda x, beta: np.float32(softmax_jacobian(x, beta)),
        hint="The matrix is computed in single precision and loses half of its digits."),
    Misconception(name="scaled_in_place", function=_scale_in_place,
        hint="An input is modified in place, so the caller's array changes. Make a new array."),
    Misconception(name="overflows", function=_as_written,
        hint="The exponentials overflow as they are written. Start from a softmax that does not."),
)
# fmt: on

SETTING = Setting(
    symbols={"x": ("K",), "beta": ()},
    definitions=(
        Definition(left="y_i", right=r"\frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}", shape=("K",)),
        Definition(left="J_{ij}", right=r"\frac{\partial y_i}{\partial x_j}", shape=("K", "K")),
    ),
    sizes=({"K": 1}, {"K": 2}, {"K": 3}, {"K": 5}),
    written_out={"K": 1},
    spoken={"softmax": "y", r"\sigma": "y"},
)

DERIVATIONS = (
    Derivation(
        title="The softmax module",
        assumes=(
            r"$\beta$ is a constant. $n$ is bound by the sum; $i$ and $j$ are free, each from 1 to $K$. Every "
            r"exponential is positive, so the sum is, and nothing is divided by 0.",
        ),
        left=r"y_i",
        steps=(
            Step(
                latex=r"\frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}",
                rule="definition",
                reason=r"Definition of the module, for $i = 1, \dots, K$.",
            ),
        ),
    ),
    Derivation(
        title="The diagonal of the Jacobian",
        result=True,
        left=r"\frac{\partial y_i}{\partial x_i}",
        steps=(
            Step(
                latex=r"""\frac{\beta \exp(\beta x_i) \sum_{n=1}^K \exp(\beta x_n)
                    - \beta \exp(\beta x_i) \exp(\beta x_i)}{\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}""",
                rule="quotient rule",
                reason=(
                    r"Quotient rule: numerator and denominator both contain "
                    r"$x_i$, each with derivative $\beta \exp(\beta x_i)$."
                ),
            ),
            Step(
                latex=r"""\beta \exp(\beta x_i) \frac{\sum_{n=1, n \neq i}^K \exp(\beta x_n)}
                    {\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}""",
                rule="factoring",
                reason=r"Factoring: $\beta \exp(\beta x_i)$ is common; in the sum, the term with $n = i$ drops out.",
            ),
            Step(
                latex=r"""\beta \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)} \cdot
                    \frac{\sum_{n=1}^K \exp(\beta x_n) - \exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}""",
                rule="algebra",
                reason=r"Algebra: the sum without $n = i$ is the whole sum less one term; one sum below each factor.",
            ),
            Step(
                latex=r"\beta y_i (1 - y_i)",
                rule="substitution",
                reason=r"Substitution: the first fraction is $y_i$, the second is $1 - y_i$.",
            ),
        ),
    ),
    Derivation(
        title=r"The rest of the Jacobian, for $i \neq j$",
        result=True,
        condition=r"i \neq j",
        left=r"\frac{\partial y_i}{\partial x_j}",
        steps=(
            Step(
                latex=r"""\frac{-\exp(\beta x_i)}{\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}
                    \beta \exp(\beta x_j)""",
                rule="quotient rule",
                reason=r"Quotient rule: only the denominator contains $x_j$, with derivative $\beta \exp(\beta x_j)$.",
            ),
            Step(
                latex=r"""\frac{-\beta \exp(\beta (x_i + x_j))}{\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}""",
                rule="algebra",
                reason="Algebra: the product of two exponentials is the exponential of the sum.",
            ),
            Step(
                latex=r"""-\beta \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)} \cdot
                    \frac{\exp(\beta x_j)}{\sum_{n=1}^K \exp(\beta x_n)}""",
                rule="algebra",
                reason="Algebra: the exponential of a sum is a product; one sum below each factor.",
            ),
            Step(
                latex=r"-\beta y_i y_j", rule="substitution", reason=r"Substitution: the fractions are $y_i$ and $y_j$."
            ),
        ),
    ),
    Derivation(
        title="A number subtracted from every exponent",
        symbols={"c": ()},
        assumes=(
            r"$c$ is any number. Write $\mathbf{z}$ for $\beta \mathbf{x}$ and $\mathbf{1}$ for a column of ones: the "
            r"softmax of $\mathbf{z} - c \mathbf{1}$ is that of $\mathbf{z}$. The code subtracts the largest exponent: "
            "no exponential exceeds 1 and the sum is at least 1, so nothing overflows.",
        ),
        left=r"\frac{\exp(\beta x_i - c)}{\sum_{n=1}^K \exp(\beta x_n - c)}",
        steps=(
            Step(
                latex=r"\frac{\exp(\beta x_i) \exp(-c)}{\sum_{n=1}^K \exp(\beta x_n) \exp(-c)}",
                rule="algebra",
                reason="Algebra: the exponential of a sum is a product.",
            ),
            Step(
                latex=r"\frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}",
                rule="factoring",
                reason=r"Factoring: $\exp(-c)$ is common to all terms, and is not 0.",
            ),
            Step(latex="y_i", rule="substitution", reason="Substitution: the definition of the module."),
        ),
    ),
    Derivation(
        title="An element of the Jacobian",
        general=True,
        left="J_{ij}",
        steps=(
            Step(
                latex=r"\frac{\partial y_i}{\partial x_j}",
                rule="definition",
                reason="Definition of the Jacobian.",
            ),
            Step(
                latex=r"""\begin{cases} \beta y_i (1 - y_i) & i = j \\ -\beta y_i y_j & i \neq j \end{cases}""",
                rule="question 2",
                reason="Question 2: the two results.",
            ),
            Step(
                latex=r"\beta y_i (\delta_{ij} - y_j)",
                rule="algebra",
                reason=r"Algebra: the cases differ by the 1, and where it stands $y_i$ is $y_j$.",
            ),
        ),
    ),
    Derivation(
        title="The Jacobian",
        general=True,
        left=r"\mathbf{J}",
        steps=(
            Step(
                latex=r"\beta \left(\mathrm{diag}(\mathbf{y}) - \mathbf{y} \mathbf{y}^\top\right)",
                rule="matrix form",
                reason=r"Matrix form: $y_i$ on the diagonal, and the product $y_i y_j$ everywhere.",
            ),
        ),
    ),
    Derivation(
        title="The sum of the outputs",
        general=True,
        left=r"\sum_{j=1}^K y_j",
        steps=(
            Step(
                latex=r"\frac{\sum_{j=1}^K \exp(\beta x_j)}{\sum_{n=1}^K \exp(\beta x_n)}",
                rule="substitution",
                reason="Substitution: the definition of the module; all have one denominator.",
            ),
            Step(latex="1", rule="algebra", reason="Algebra: numerator and denominator are the same sum."),
        ),
        remarks=(
            r"So the rows of $\mathbf{J}$ sum to 0; since it is symmetric, so do its columns. When $\beta$ is 0, every "
            r"output is $\frac{1}{K}$, and $\mathbf{J}$ is 0.",
        ),
    ),
    Derivation(
        title="The output, for $K = 1$",
        general=True,
        left="y_1",
        steps=(
            Step(
                latex=r"\frac{\exp(\beta x_1)}{\exp(\beta x_1)}",
                rule="substitution",
                reason="Substitution: for $K = 1$ the sum has one term.",
            ),
            Step(latex="1", rule="algebra", reason="Algebra: numerator and denominator are the same."),
        ),
    ),
    Derivation(
        title="Its derivative, for $K = 1$",
        general=True,
        left=r"\frac{\partial y_1}{\partial x_1}",
        steps=(
            Step(
                latex="0",
                rule="differentiation",
                reason="Differentiation: for $K = 1$ the output is 1 whatever $x_1$ is.",
            ),
        ),
    ),
)

NOTATION = (
    Symbol(
        latex=r"\mathbf{x}",
        meaning=r"the column of the inputs $x_1, \dots, x_K$",
        shape=r"\mathbb{R}^K",
        code="`x`, shape `(K,)`",
    ),
    Symbol(latex=r"\beta", meaning="a constant", code="`beta`"),
    Symbol(
        latex=r"\mathbf{y}",
        meaning=r"the column of the outputs $y_1, \dots, y_K$, positive, with sum 1",
        shape=r"\mathbb{R}^K",
        code="`y`, shape `(K,)`",
    ),
    Symbol(
        latex=r"\mathbf{J}",
        meaning="the Jacobian, sought: row $i$ for the output $y_i$, column $j$ for the input $x_j$",
        shape=r"\mathbb{R}^{K \times K}",
        code="`J`, shape `(K, K)`",
    ),
    Symbol(latex=r"\delta_{ij}", meaning="1 for $i = j$, else 0"),
)


def _panels() -> dict[str, Array]:
    x = np.array([0.4, -1.1, 1.5, 0.2])
    return {rf"\beta = {beta:g}": softmax_jacobian(x, beta) for beta in (0.5, 2.0, -2.0)}


HEAT_MAP = HeatMap(
    caption=(
        r"The Jacobian at the inputs $0.4, -1.1, 1.5, 0.2$ for three $\beta$: symmetric, rows and columns sum to 0,"
        r" positive on the diagonal for $\beta > 0$ and negative for $\beta < 0$."
    ),
    panels=_panels,
    rows="y",
    columns="x",
)

QUESTION = Question(
    id="q2",
    title="2: the softmax module and its Jacobian",
    section="Softmax Module",
    heading="Question 2",
    prompt=PROMPT,
    notation=NOTATION,
    heat_map=HEAT_MAP,
    parts=(
        Part(
            reference=softmax,
            outputs=(Output(name="y", kind="value", magnitude=_softmax_magnitude),),
            forward=forward,
            families=FAMILIES,
            criteria=(
                _criterion("softmax", "the softmax", 3, AS_ASKED + GENERAL),
                _criterion("softmax.stability", "the softmax where exponentials overflow", 1, STABILITY),
            ),
            misconceptions=SOFTMAX_MISCONCEPTIONS,
        ),
        Part(
            reference=softmax_jacobian,
            outputs=(Output(name="J", kind="jacobian", of="x", magnitude=_jacobian_magnitude),),
            forward=forward,
            families=FAMILIES,
            criteria=(
                _criterion("jacobian.diagonal", "the derivatives with i = j", 6, AS_ASKED, DIAGONAL),
                _criterion(
                    "jacobian.off_diagonal", "the derivatives with i and j different", 6, AS_ASKED, OFF_DIAGONAL
                ),
                _criterion("jacobian.general", "other sizes, kinds of input and beta", 3, GENERAL),
                _criterion("jacobian.stability", "the Jacobian where exponentials overflow", 1, STABILITY),
            ),
            misconceptions=JACOBIAN_MISCONCEPTIONS,
        ),
    ),
    derivations=DERIVATIONS,
    setting=SETTING,
    gradient_check=gradient_check,
)
