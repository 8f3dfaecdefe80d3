"""Question 2: the softmax module and its Jacobian."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.model import (
    Array,
    Draw,
    HeatMap,
    Inputs,
    Region,
    award,
    between,
    derivations,
    family,
    jacobian,
    notation,
    part,
    question,
    setting,
    then,
    value,
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


def softmax_module(xp: Any, x: Any, beta: Any) -> Any:
    """Compute the softmax module itself, in PyTorch."""
    return xp.softmax(beta * x, dim=0)


def properties(answers: Mapping[str, Any]) -> list[str]:
    """Say what must be true of any softmax and of its Jacobian."""
    complaints = []
    if "y" in answers:
        y = answers["y"]
        if not abs(y.sum() - 1) < 1e-9:
            complaints.append(f"The numbers that softmax returns sum to {y.sum():.6g}, not to 1.")
        if not (y >= 0).all():
            complaints.append(f"softmax returns {y.min():.6g}; no number should be negative.")
    for axis, line in ((1, "row"), (0, "column")) if np.ndim(answers.get("J", 0)) == 2 else ():
        sums = answers["J"].sum(axis=axis)
        if not (abs(sums) < 1e-9).all():
            worst = int(np.argmax(abs(sums)))
            place = f"{line.capitalize()} {worst} of softmax_jacobian"
            complaints.append(f"{place} sums to {sums[worst]:.6g}; each {line} should sum to 0.")
    return complaints


def _numbers(rng: np.random.Generator, size: int) -> Array:
    """Numbers on both sides of 0 in general position: no two alike, sum not 0, in no order."""
    steps = np.linspace(-2.0, 2.4, size) if size > 1 else np.array([2.0])
    return rng.permutation(steps + rng.uniform(-0.4, 0.4, size) * 2.0 / size)


def _beta(rng: np.random.Generator, sign: int = 0) -> float:
    """Draw a beta as the homework would have it: from 0.3 to 3, not near 1; sign 0 means either."""
    size = rng.uniform(0.35, 0.8) if rng.integers(2) else rng.uniform(1.3, 2.8)
    return float(size * (sign or rng.choice([-1, 1])))


def _x(size: int, shift: float = 0.0) -> Callable[[np.random.Generator], Array]:
    return lambda rng: _numbers(rng, size) + shift


def _ties(rng: np.random.Generator) -> Array:
    """Draw floats, the largest and another of them twice."""
    x = np.sort(_numbers(rng, 3))
    return rng.permutation(np.append(x, x[1:]))


def _far(rng: np.random.Generator, *, level: float, depth: float = 0.0, sign: int = 1) -> Draw:
    """Draw beta x near a level far from 0, the last two of five lower by about the depth."""
    beta = _beta(rng, sign)
    z = level + _numbers(rng, 5) - depth * np.array([0.0, 0.0, 0.0, 0.6, 1.0]) * rng.uniform(0.9, 1.0)
    return Draw(inputs={"x": rng.permutation(z) / beta, "beta": beta})


def _peak(rng: np.random.Generator, *, place: int) -> Draw:
    """Draw one high number at a fixed place and low ones elsewhere: only the largest of all may be subtracted."""
    beta = _beta(rng)
    z = _numbers(rng, 5) - 1e3
    z[place] += 2e3
    return Draw(inputs={"x": z / beta, "beta": beta})


def _far_integers(rng: np.random.Generator) -> Array:
    return rng.permutation(rng.integers(1500, 2500) + np.array([0, 1, 3, -4000]))


def _integers(rng: np.random.Generator) -> Array:
    return rng.choice(np.array([-6, -4, -3, -1, 2, 3, 5, 7]), 4, replace=False)


def _whole(rng: np.random.Generator) -> int:
    return int(rng.choice([-3, -2, 2, 3]))


ABOVE, BELOW = partial(_beta, sign=1), partial(_beta, sign=-1)
CASES = {
    "asked": (
        family("three", "K = 3", x=_x(3), beta=ABOVE),
        family("three_negative", "K = 3, beta negative", x=_x(3), beta=BELOW),
        family("four_negative", "K = 4, beta negative", x=_x(4), beta=BELOW),
        family("five", "K = 5", x=_x(5), beta=ABOVE),
    ),
    "general": (
        family("one", "K = 1", x=_x(1), beta=_beta),
        family("two", "K = 2", x=_x(2), beta=_beta),
        family("many", "dozens of numbers", x=_x(41), beta=_beta),
        family("beta_zero", "beta = 0", x=_x(4), beta=lambda _: 0.0),
        family("beta_small", "beta near 0", x=_x(4), beta=between(0.02, 0.2)),
        family("beta_large", "a large beta", x=_x(4), beta=between(20, 45)),
        family("beta_whole", "a whole number as beta", x=_x(4), beta=_whole),
        family("integer_x", "integers in x", x=_integers, beta=_beta),
        family("integers", "integers only", x=_integers, beta=_whole),
        family("ties", "equal numbers in x", x=_ties, beta=_beta),
        family("shifted", "x far from 0", x=_x(4, 40.0), beta=_beta),
        family("strided", "non-contiguous x", x=_x(4), beta=_beta, layout="strided"),
        family("read_only", "read-only x", x=_x(4), beta=_beta, layout="read_only"),
        family("again", "repeated inputs", same_as="five"),
    ),
    "stability": (
        family("high", "beta x near 1000", draw=partial(_far, level=1e3)),
        family("low", "beta x near -1000", draw=partial(_far, level=-1e3)),
        family("negative_spread", "beta negative, x spread", draw=partial(_far, level=1e3, depth=2e3, sign=-1)),
        family("very_high", "beta x near 10000", draw=partial(_far, level=1e4)),
        family("wide", "beta x from -10000 to 10000", draw=partial(_far, level=1e4, depth=2e4)),
        family("far_integers", "large integers", x=_far_integers, beta=between(0.5, 0.9)),
        family("first_high", "the first number far above the others", draw=partial(_peak, place=0)),
        family("last_high", "the last number far above the others", draw=partial(_peak, place=-1)),
    ),
    "shown": (
        family("public_three", "K = 3", x=_x(3), beta=ABOVE),
        family("public_four", "K = 4, beta negative", x=_x(4), beta=BELOW),
    ),
}


def _condition(inputs: Inputs) -> float:
    """How much larger than one rounding the error of a sum of K exponentials of rounded products may be."""
    x = np.asarray(inputs["x"], dtype=float)
    return 1.0 + (x.size + abs(float(inputs["beta"])) * (1.0 + 2.0 * float(np.abs(x).max()))) / 4.0


def _jacobian_magnitude(inputs: Inputs, truth: Array) -> Array:  # noqa: ARG001 - the signature is the model's
    """Size of both terms of each element, times what their exponents lose: 1 - y_i cancels."""
    y = softmax(inputs["x"], inputs["beta"])
    size: Array = _condition(inputs) * abs(inputs["beta"]) * (np.diag(y) + np.outer(y, y))
    return size


DIAGONAL = Region(name="diagonal", mask=lambda truth: np.eye(len(truth), dtype=bool))
OFF_DIAGONAL = Region(name="off-diagonal", mask=lambda truth: ~np.eye(len(truth), dtype=bool))


def _naive(x: Array, beta: float) -> Array:
    """Exponentials as they stand in the formula."""
    e: Array = np.exp(beta * x)
    return e


def _shifted(x: Array, beta: float) -> Any:
    """Exponentials, the largest of them 1."""
    return np.exp(beta * x - (beta * x).max())


def _share(e: Array) -> Any:
    """Divide by the sum."""
    return e / e.sum()


def _matrix(diagonal: Array, elsewhere: Array) -> Array:
    """Put a diagonal into a matrix."""
    return np.where(np.eye(len(diagonal), dtype=bool), diagonal, elsewhere)


def _diagonal(wrong: Callable[[Array, float], Array]) -> Callable[..., Array]:
    """Get the diagonal wrong, given y and beta, and the rest right."""
    return lambda x, beta: _matrix(wrong(softmax(x, beta), beta), softmax_jacobian(x, beta))


def _elsewhere(wrong: Callable[[Array, float], Array]) -> Callable[..., Array]:
    """Get the diagonal right and the rest wrong, given y and beta."""
    return lambda x, beta: _matrix(np.diag(softmax_jacobian(x, beta)), wrong(softmax(x, beta), beta))


def _as_written(x: Array, beta: float, power: int = 2) -> Any:
    """Compute the homework's formulas as they stand."""
    e = np.exp(beta * x)
    return beta * _matrix(e * (e.sum() - e), -np.outer(e, e)) / e.sum() ** power


def _beta_at_one(x: Array, beta: float) -> Array:
    """Multiply one of two exponents by beta."""
    e = np.exp(beta * x)
    return _matrix(np.diag(softmax_jacobian(x, beta)), -beta * np.outer(e, np.exp(x)) / e.sum() ** 2)


def _differences(x: Array, beta: float) -> Array:
    """Nudge every number up and down."""
    steps = 1e-5 * np.eye(len(x))
    return np.array([softmax(x + step, beta) - softmax(x - step, beta) for step in steps]).T / 2e-5


# Tables read better by rows.
# fmt: off
Y = value("y", criterion="softmax",
    points={
        "asked": award(3, "the softmax", "asked general"),
        "stability": award(1, "the softmax where exponentials overflow"),
    },
    magnitude=lambda inputs, truth: _condition(inputs) * truth,
    mistakes={
        "no_beta": (lambda x, _: softmax(x, 1.0), "softmax does not use beta."),
        "beta_outside": (lambda x, b: b * softmax(x, 1.0),
            "beta stands outside of the exponential. Do the numbers still sum to 1?"),
        "beta_divides": (lambda x, b: softmax(x, 1 / np.float64(b)),
            "x is divided by beta, as by a temperature. Here beta is a factor."),
        "beta_negated": (lambda x, b: softmax(x, -b),
            "The exponent has the wrong sign. Which number should get the largest share when beta is positive?"),
        "beta_absolute": (lambda x, b: softmax(x, abs(b)), "softmax ignores the sign of beta."),
        "beta_truncated": (lambda x, b: softmax(x, int(b)),
            "softmax cuts the fraction off beta. beta need not be whole."),
        "beta_squared": (lambda x, b: softmax(x, b**2), "beta goes into the exponent twice."),
        "beta_above_only": (lambda x, b: np.exp(b * x) / np.exp(x).sum(),
            "beta is missing in the denominator. Do the numbers sum to 1?"),
        "beta_below_only": (lambda x, b: np.exp(x) / np.exp(b * x).sum(),
            "beta is missing in the numerator. Do the numbers sum to 1?"),
        "not_normalised": (_naive, "The exponentials are not divided by anything. Do the numbers sum to 1?"),
        "largest_is_one": (_shifted, "The exponentials are divided by the largest of them. Do the numbers sum to 1?"),
        "logarithm": (then(np.log), "These are logarithms of the softmax. Can a share be negative?"),
        "length_one": (lambda x, b: _shifted(x, b) / np.linalg.norm(_shifted(x, b)),
            "The exponentials are divided by their Euclidean length. It is their sum that should become 1."),
        "sigmoid": (lambda x, b: 1 / (1 + np.exp(-b * x)),
            "Each number goes through a sigmoid of its own. In a softmax all numbers share one denominator."),
        "others_only": (then(lambda y: y / (1 - y)),
            "The denominator leaves out the term of the numerator. Over which n does the sum run?"),
        "sum_of_exponents": (lambda x, b: np.exp(b * x) / (b * x).sum(),
            "The denominator sums the exponents, not the exponentials."),
        "no_exponential": (lambda x, b: b * x / (b * x).sum(), "The exponential is missing."),
        "base_two": (lambda x, b: _share(2.0 ** (b * x - (b * x).max())), "These are powers of another base than e."),
        "hard_maximum": (lambda x, b: (b * x == (b * x).max()).astype(float),
            "The largest number takes everything. A softmax is soft: every number gets a share."),
        "first_three": (lambda x, b: _shifted(x, b) / _shifted(x, b)[:3].sum(),
            "The denominator always has three terms. Take K from the input."),
        "dtype_of_x": (lambda x, b: softmax(x, b).astype(x.dtype),
            "The numbers are written into an array of x's type. When x holds integers, fractions are cut off."),
        "sorted": (then(np.sort), "The numbers come back sorted. y_i belongs to x_i, wherever it stands."),
        "rounded": (then(lambda y: np.round(y, 4)),
            "The numbers are rounded. Return them as they are, and round when you print."),
        "epsilon": (lambda x, b: _shifted(x, b) / (_shifted(x, b).sum() + 1e-8),
            "A small number is added to the denominator. Can that sum be 0 if nothing underflows?"),
        "single_precision": (then(np.float32), "softmax is computed in single precision and loses half of its digits."),
        "shifted_in_place": (lambda x, b: softmax(np.subtract(x, x.max() if b > 0 else x.min(), out=x), b),
            "x is modified in place, so the caller's array changes. Do not modify the inputs."),
        "overflows": (lambda x, b: _share(_naive(x, b)),
            "The exponentials overflow as they are written. What may be subtracted from all exponents?"),
        "shift_before_beta": (lambda x, b: _share(np.exp(b * (x - x.max()))),
            "The largest x is subtracted. For negative beta, that is not where the largest exponent is."),
        "shift_without_beta": (lambda x, b: _share(np.exp(b * x - x.max())),
            "The largest x is subtracted from beta x. Which number keeps every exponent from growing?"),
        "shift_by_smallest": (lambda x, b: _share(np.exp(b * x - (b * x).min())),
            "The smallest exponent is subtracted. Then the largest one may still overflow."),
        "clipped": (lambda x, b: _share(np.exp(np.clip(b * x, -500, 500))),
            "Large exponents are cut off, which makes different numbers equal. Shift them instead."),
    })
J = jacobian("J", of="x", criterion="jacobian",
    points={
        "diagonal": award(6, "the derivatives with i = j", "asked", region=DIAGONAL),
        "off_diagonal": award(6, "the derivatives with i and j different", "asked", region=OFF_DIAGONAL),
        "general": award(3, "other sizes, kinds of input and beta"),
        "stability": award(1, "the Jacobian where exponentials overflow"),
    },
    magnitude=_jacobian_magnitude,
    mistakes={
        "no_beta": (lambda x, b: np.diag(softmax(x, b)) - np.outer(softmax(x, b), softmax(x, b)),
            "The factor beta is missing: the chain rule also passes through the exponent."),
        "beta_squared": (lambda x, b: b * softmax_jacobian(x, b), "The factor beta is there twice."),
        "beta_absolute": (lambda x, b: np.sign(b) * softmax_jacobian(x, b), "The sign of beta is lost."),
        "beta_outside_only": (lambda x, b: b * softmax_jacobian(x, 1.0),
            "The softmax inside is computed without beta."),
        "negated": (then(np.negative),
            "Every element has the opposite sign. Does y_i grow or shrink when beta x_i grows?"),
        "diagonal_rule_everywhere": (_elsewhere(lambda y, b: (b * y * (1 - y))[:, None]),
            "The formula for i = j is used for every element. For i != j, where does x_j appear?"),
        "off_diagonal_rule_everywhere": (_diagonal(lambda y, b: -b * y * y),
            "The formula for i != j is used on the diagonal too. There x_i appears in the numerator as well."),
        "diagonal_only": (_elsewhere(lambda y, _: np.zeros((len(y), len(y)))),
            "Off the diagonal there are zeros. Does y_i not depend on x_j, through the sum?"),
        "off_diagonal_only": (_diagonal(lambda y, _: np.zeros(len(y))),
            "The diagonal is zero. Does y_i not depend on x_i?"),
        "diagonal_as_vector": (then(np.diag),
            "Only the diagonal comes back. The answer is a matrix with an element for every i and j."),
        "off_diagonal_sign": (_elsewhere(lambda y, b: b * np.outer(y, y)),
            "Off the diagonal the sign is wrong. When one share grows, what do the others do?"),
        "off_diagonal_no_beta": (_elsewhere(lambda y, _: -np.outer(y, y)),
            "Off the diagonal the factor beta is missing: the chain rule also passes through the exponent."),
        "off_diagonal_square": (_elsewhere(lambda y, b: (-b * y**2)[:, None]),
            "Off the diagonal only y_i appears. Where does x_j come in?"),
        "off_diagonal_one_beta": (_beta_at_one,
            "Off the diagonal beta stands at one exponent only. Both exponentials contain it."),
        "upper_triangle": (then(np.triu), "Below the diagonal there are zeros. i and j run over everything."),
        "diagonal_no_beta": (_diagonal(lambda y, _: y * (1 - y)),
            "On the diagonal the factor beta is missing: the chain rule also passes through the exponent."),
        "diagonal_numerator_only": (_diagonal(lambda y, b: b * y),
            "On the diagonal the denominator is treated as a constant. It contains x_i as well."),
        "diagonal_no_y": (_diagonal(lambda y, b: b * (1 - y)),
            "On the diagonal a factor was lost when the fraction was simplified."),
        "diagonal_sum": (_diagonal(lambda y, b: b * y * (1 + y)),
            "On the diagonal the quotient rule has a wrong sign."),
        "not_squared": (lambda x, b: _as_written(x, b, 1), "The quotient rule squares the denominator."),
        "logarithm": (lambda x, b: b * (np.eye(len(x)) - softmax(x, b)),
            "This is the Jacobian of the logarithm of the softmax."),
        "by_beta": (lambda x, b: softmax(x, b) * (x - x @ softmax(x, b)),
            "This is the derivative with respect to beta. Which variable is asked about?"),
        "three_by_three": (lambda x, b: softmax_jacobian(x, b)[np.ix_(range(3), range(3))],
            "The matrix is always 3 x 3. Take K from the input."),
        "dtype_of_x": (lambda x, b: softmax_jacobian(x, b).astype(x.dtype),
            "The matrix is made with x's type. When x holds integers, fractions are cut off."),
        "rounded": (then(lambda J: np.round(J, 4)),
            "The numbers are rounded. Return them as they are, and round when you print."),
        "finite_differences": (_differences,
            "The derivatives are finite differences. Those are good for checking; the formula is asked for."),
        "single_precision": (then(np.float32),
            "The matrix is computed in single precision and loses half of its digits."),
        "scaled_in_place": (lambda x, b: b * softmax_jacobian(np.multiply(x, b, out=x), 1.0),
            "An input is modified in place, so the caller's array changes. Make a new array."),
        "overflows": (_as_written,
            "The exponentials overflow as they are written. Start from a softmax that does not."),
    })
# fmt: on

SETTING = setting(
    PROMPT,
    {"x": "K", "beta": ""},
    defines={"y_i": "K", "J_{ij}": "K K"},
    sizes=[{"K": 1}, {"K": 2}, {"K": 3}, {"K": 5}],
    written_out={"K": 1},
    spoken={"softmax": "y", r"\sigma": "y"},
)

DERIVATIONS = derivations(r"""
# The softmax module
% assume: $\beta$ is a constant. $n$ is bound by the sum; $i$ and $j$ are free, each from 1 to $K$. Every
%   exponential is positive, so the sum is, and nothing is divided by 0.
y_i
= \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}  % Definition of the module, for $i = 1, \dots, K$.

#! The diagonal of the Jacobian
\pdv{y_i}{x_i}
= \frac{\beta \exp(\beta x_i) \sum_{n=1}^K \exp(\beta x_n)
  - \beta \exp(\beta x_i) \exp(\beta x_i)}{\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}
  % Quotient rule: numerator and denominator both contain $x_i$, each with derivative $\beta \exp(\beta x_i)$.
= \beta \exp(\beta x_i) \frac{\sum_{n=1, n \neq i}^K \exp(\beta x_n)} {\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}
  % Factoring: $\beta \exp(\beta x_i)$ is common; in the sum, the term with $n = i$ drops out.
= \beta \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)} \cdot \frac{\sum_{n=1}^K \exp(\beta x_n)
  - \exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}
  % Algebra: the sum without $n = i$ is the whole sum less one term; one sum below each factor.
= \beta y_i (1 - y_i)  % Substitution: the first fraction is $y_i$, the second is $1 - y_i$.

#! The rest of the Jacobian, for $i \neq j$
% for: i \neq j
\pdv{y_i}{x_j}
= \frac{-\exp(\beta x_i)}{\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2} \beta \exp(\beta x_j)
  % Quotient rule: only the denominator contains $x_j$, with derivative $\beta \exp(\beta x_j)$.
= \frac{-\beta \exp(\beta (x_i + x_j))}{\left(\sum_{n=1}^K \exp(\beta x_n)\right)^2}
  % Algebra: the product of two exponentials is the exponential of the sum.
= -\beta \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)} \cdot \frac{\exp(\beta x_j)}{\sum_{n=1}^K \exp(\beta x_n)}
  % Algebra: the exponential of a sum is a product; one sum below each factor.
= -\beta y_i y_j  % Substitution: the fractions are $y_i$ and $y_j$.

# A number subtracted from every exponent
% assume: $c$ is any number. Write $\mathbf{z}$ for $\beta \mathbf{x}$ and $\mathbf{1}$ for a column of ones:
%   the softmax of $\mathbf{z} - c \mathbf{1}$ is that of $\mathbf{z}$. The code subtracts the largest exponent: no
%   exponential exceeds 1 and the sum is at least 1, so nothing overflows.
% symbol: c
\frac{\exp(\beta x_i - c)}{\sum_{n=1}^K \exp(\beta x_n - c)}
= \frac{\exp(\beta x_i) \exp(-c)}{\sum_{n=1}^K \exp(\beta x_n) \exp(-c)}
  % Algebra: the exponential of a sum is a product.
= \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}
  % Factoring: $\exp(-c)$ is common to all terms, and is not 0.
= y_i  % Substitution: the definition of the module.

## An element of the Jacobian
J_{ij}
= \pdv{y_i}{x_j}  % Definition of the Jacobian.
= \begin{cases} \beta y_i (1 - y_i) & i = j \\ -\beta y_i y_j & i \neq j \end{cases}  % Question 2: the two results.
= \beta y_i (\delta_{ij} - y_j)  % Algebra: the cases differ by the 1, and where it stands $y_i$ is $y_j$.

## The Jacobian
\mathbf{J}
= \beta \left(\mathrm{diag}(\mathbf{y}) - \mathbf{y} \mathbf{y}^\top\right)
  % Matrix form: $y_i$ on the diagonal, and the product $y_i y_j$ everywhere.

## The sum of the outputs
% remark: So the rows of $\mathbf{J}$ sum to 0; since it is symmetric, so do its columns. When $\beta$ is 0,
%   every output is $\frac{1}{K}$, and $\mathbf{J}$ is 0.
\sum_{j=1}^K y_j
= \frac{\sum_{j=1}^K \exp(\beta x_j)}{\sum_{n=1}^K \exp(\beta x_n)}
  % Substitution: the definition of the module; all have one denominator.
= 1  % Algebra: numerator and denominator are the same sum.

## The output, for $K = 1$
y_1
= \frac{\exp(\beta x_1)}{\exp(\beta x_1)}  % Substitution: for $K = 1$ the sum has one term.
= 1  % Algebra: numerator and denominator are the same.

## Its derivative, for $K = 1$
\pdv{y_1}{x_1}
= 0  % Differentiation: for $K = 1$ the output is 1 whatever $x_1$ is.
""")

NOTATION = notation(r"""
    \mathbf{x} | the column of the inputs $x_1, \dots, x_K$ | \mathbb{R}^K | `x`, shape `(K,)`
    \beta | a constant | | `beta`
    \mathbf{y} | the column of the outputs $y_1, \dots, y_K$, positive, with sum 1 | \mathbb{R}^K | `y`, shape `(K,)`
    \mathbf{J} | the Jacobian, sought: row $i$ for the output $y_i$, column $j$ for the input $x_j$ \
        | \mathbb{R}^{K \times K} | `J`, shape `(K, K)`
    \delta_{ij} | 1 for $i = j$, else 0
""")


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

QUESTION = question(
    "q2",
    title="2: the softmax module and its Jacobian",
    section="Softmax Module",
    heading="Question 2",
    prompt=PROMPT,
    notation=NOTATION,
    setting=SETTING,
    derivations=DERIVATIONS,
    heat_map=HEAT_MAP,
    properties=properties,
    parts=[part(softmax, softmax_module, [Y], CASES), part(softmax_jacobian, softmax_module, [J], CASES)],
)
