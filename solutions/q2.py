"""Question 2: the softmax module and its Jacobian."""

from functools import partial
from typing import Any

import numpy as np

from autograder import model
from autograder.model import DIAGONAL, OFF_DIAGONAL, Array, award, between, family, inside, spread, then, usual

PROMPT = r"""
The softmax module turns $K$ unconstrained numbers $x_1, \dots, x_K$ into numbers $y_k \ge 0$ that sum to 1,

$$y_i = \frac{\exp(\beta x_i)}{\sum_{n=1}^K \exp(\beta x_n)}$$

where $\beta$ is a constant. Write it as `softmax(x, beta)`.

Then find $\frac{\partial y_i}{\partial x_j}$ for all $i, j \in \{1, \dots, K\}$; the answer for $i = j$ differs from
the one for $i \ne j$. Write the function `softmax_jacobian(x, beta)` that computes the matrix $\mathbf{J}$ with
$J_{ij} = \frac{\partial y_i}{\partial x_j}$.

Handle any $K \ge 1$ and any $\beta$, including zero and negative values. One point of each function is for outputs
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


X, ABOVE = spread("K"), model.one_of(between(1.3, 2.8), between(0.35, 0.8))
BELOW, EITHER, WHOLE = model.negative(ABOVE), model.either_sign(ABOVE), model.choice(-3, -2, 2, 3)
INTEGERS = model.some_of("K", -6, -4, -3, -1, 2, 3, 5, 7)


def _far(rng: np.random.Generator, level: float, depth: float = 0.0, beta: Any = ABOVE) -> model.Draw:
    """Draw beta x near a level far from 0, the last two of five lower by about the depth."""
    b, z = beta(rng), level + X.draw(rng, (5,), {}) - depth * np.array([0, 0, 0, 0.6, 1]) * rng.uniform(0.9, 1)
    return model.Draw(inputs={"x": rng.permutation(z) / b, "beta": b})


def _peak(rng: np.random.Generator, place: int) -> model.Draw:
    """Draw one high number at a fixed place and low ones elsewhere: only the largest of all may be subtracted."""
    b, z = EITHER(rng), X.draw(rng, (5,), {}) - 1e3
    z[place] += 2e3
    return model.Draw(inputs={"x": z / b, "beta": b})


# Tables read better by rows.
# fmt: off
CASES = {
    "asked": [
        family("three", "K = 3", K=3, beta=ABOVE),
        family("three_negative", "K = 3, beta negative", K=3, beta=BELOW),
        family("four_negative", "K = 4, beta negative", beta=BELOW),
        family("five", "K = 5", K=5, beta=ABOVE)],
    "general": [
        family("one", "K = 1", K=1, beta=EITHER),
        family("two", "K = 2", K=2, beta=EITHER),
        family("many", "dozens of numbers", K=41, beta=EITHER),
        family("beta_zero", "beta = 0", beta=0.0),
        family("beta_small", "beta near 0", beta=between(0.02, 0.2)),
        family("beta_large", "a large beta", beta=between(20, 45)),
        family("beta_whole", "a whole number as beta", beta=WHOLE),
        family("integer_x", "integers in x", x=INTEGERS, beta=EITHER),
        family("integers", "integers only", x=INTEGERS, beta=WHOLE),
        family("ties", "equal numbers in x", x=spread("5", twice=2), beta=EITHER),
        family("shifted", "x far from 0", x=spread("K", shift=40.0), beta=EITHER),
        family("strided", "non-contiguous x", beta=EITHER, layout="strided"),
        family("read_only", "read-only x", beta=EITHER, layout="read_only"),
        family("again", "repeated inputs", same_as="five")],
    "stability": [
        family("high", "beta x near 1000", draw=partial(_far, level=1e3)),
        family("low", "beta x near -1000", draw=partial(_far, level=-1e3)),
        family("negative_spread", "beta negative, x spread", draw=partial(_far, level=1e3, depth=2e3, beta=BELOW)),
        family("very_high", "beta x near 10000", draw=partial(_far, level=1e4)),
        family("wide", "beta x from -10000 to 10000", draw=partial(_far, level=1e4, depth=2e4)),
        family("far_integers", "large integers", beta=between(0.5, 0.9),
            x=lambda rng: rng.permutation(rng.integers(1500, 2500) + np.array([0, 1, 3, -4000]))),
        family("first_high", "the first number far above the others", draw=partial(_peak, place=0)),
        family("last_high", "the last number far above the others", draw=partial(_peak, place=-1))],
    "shown": [
        family("public_three", "K = 3", K=3, beta=ABOVE), family("public_four", "K = 4, beta negative", beta=BELOW)]}


def _size(inputs: model.Inputs, truth: Array) -> Any:
    """Size of the terms (in the Jacobian 1 - y_i cancels), times what exponents and a sum of K terms may lose."""
    y, x, beta = softmax(**inputs), np.asarray(inputs["x"], dtype=float), abs(inputs["beta"])
    loss = 1.0 + (x.size + beta * (1.0 + 2.0 * float(np.abs(x).max()))) / 4.0
    return loss * truth if truth.ndim == 1 else loss * beta * (np.diag(y) + np.outer(y, y))


def _share(exponents: Array) -> Any:
    """Normalize exponentials as they stand in the formula."""
    return np.exp(exponents) / np.exp(exponents).sum()


def _at(region: model.Region, wrong: Any) -> Any:
    """Get a region of the Jacobian wrong, given y and beta."""
    return inside(region, lambda x, b: wrong(softmax(x, b), b))


_on, _off = partial(_at, DIAGONAL), partial(_at, OFF_DIAGONAL)
LOST = "the factor beta is missing: the chain rule also passes through the exponent."

Y = model.value("y", criterion="softmax", sums=1, least=0, magnitude=_size,
    points={"asked": award(3, "the softmax", "asked general"),
            "stability": award(1, "the softmax where exponentials overflow")},
    mistakes={**usual("softmax", "no_beta dtype_of_x sorted"),
    "beta_outside": (lambda x, b: b * softmax(x, 1.0), "beta stands outside of the exponential. Is the sum 1?"),
    "beta_divides": (lambda x, b: softmax(x, 1 / np.float64(b)), "x is divided by beta. Here beta is a factor."),
    "beta_above_only": (lambda x, b: np.exp(b * x) / np.exp(x).sum(), "The denominator has no beta. Is the sum 1?"),
    "beta_below_only": (lambda x, b: np.exp(x) / np.exp(b * x).sum(), "The numerator has no beta. Is the sum 1?"),
    "not_normalized": (lambda x, b: np.exp(np.multiply(x, b)), "Nothing divides the exponentials. Is the sum 1?"),
    "largest_is_one": (then(lambda y: y / y.max()), "The exponentials are divided by the largest. Is the sum 1?"),
    "logarithm": (then(np.log), "These are logarithms of the softmax. Can a share be negative?"),
    "length_one": (then(lambda y: y / np.linalg.norm(y)), "The length of y is 1. Its sum should be 1."),
    "sigmoid": (lambda x, b: 1 / (1 + np.exp(-b * x)), "These are sigmoids. In a softmax all numbers share a sum."),
    "others_only": (then(lambda y: y / (1 - y)), "The denominator leaves out a term. Over which n does the sum run?"),
    "sum_of_exponents": (lambda x, b: np.exp(b * x) / (b * x).sum(),
        "The denominator sums the exponents, not their exponentials."),
    "no_exponential": (lambda x, b: b * x / (b * x).sum(), "The exponential is missing."),
    "base_two": (lambda x, b: softmax(x, b * np.log(2)), "These are powers of a base other than e."),
    "hard_maximum": (then(lambda y: y // y.max()), "The largest number takes everything. Every number gets a share."),
    "only_three_terms": (then(lambda y: y / y[:3].sum()), "The sum always has three terms. Take K from the input."),
    "epsilon_added": (then(lambda y: y / (1 + 1e-8 * y.max())),
        "A small number is added to the sum. Can the sum be 0?"),
    "shifted_in_place": (lambda x, b: softmax(np.subtract(x, x.max() if b > 0 else x.min(), out=x), b),
        "Something is subtracted from x itself. Look for -= or out=."),
    "overflows": (lambda x, b: _share(b * x), "The exponentials overflow. What may be subtracted from all exponents?"),
    "shift_before_beta": (lambda x, b: _share(b * (x - x.max())),
        "For negative beta, is the largest x the right one to subtract?"),
    "shift_without_beta": (lambda x, b: _share(b * x - x.max()),
        "Which number must be subtracted to keep all exponents small?"),
    "shift_by_smallest": (lambda x, b: _share(b * x - (b * x).min()), "Which exponent may overflow after that shift?"),
    "clipped": (lambda x, b: _share(np.clip(b * x, -500, 500)), "The exponents are clipped. Shift them instead.")})
J = model.jacobian("J", of="x", criterion="jacobian", sums=0, magnitude=_size,
    points={"diagonal": award(6, "the derivatives with i = j", "asked", region=DIAGONAL),
            "off_diagonal": award(6, "the derivatives with i and j different", "asked", region=OFF_DIAGONAL),
            "general": award(3, "other sizes, kinds of input and beta"),
            "stability": award(1, "the Jacobian where exponentials overflow")},
    mistakes={**usual("J", "negated diagonal_only off_diagonal_only diagonal_as_vector upper_triangle dtype_of_x"),
    "no_beta": (lambda x, b: np.diag(softmax(x, b)) - np.outer(softmax(x, b), softmax(x, b)), LOST.capitalize()),
    "beta_outside_only": (lambda x, b: b * softmax_jacobian(x, 1.0), "The softmax inside is computed without beta."),
    "off_diagonal_sign": (_off(lambda y, b: b * np.outer(y, y)), "The sign is wrong for i != j. Can all shares grow?"),
    "off_diagonal_no_beta": (_off(lambda y, _: -np.outer(y, y)), f"Off the diagonal {LOST}"),
    "off_diagonal_square": (_off(lambda y, b: (-b * y**2)[:, None]), "For i != j only y_i appears. Where is x_j?"),
    "off_diagonal_one_beta": (inside(OFF_DIAGONAL, lambda x, b: -b * np.outer(e := np.exp(b * x), np.exp(x))
        / e.sum() ** 2), "Off the diagonal beta stands at one exponent only. Both exponentials contain it."),
    "diagonal_no_beta": (_on(lambda y, _: y * (1 - y)), f"On the diagonal {LOST}"),
    "diagonal_numerator_only": (_on(lambda y, b: b * y), "On the diagonal the denominator is treated as a constant."),
    "diagonal_no_y": (_on(lambda y, b: b * (1 - y)), "On the diagonal a factor was lost."),
    "not_squared": (lambda x, b: softmax_jacobian(x, b) * np.exp(b * x).sum(), "The quotient rule has a square."),
    "logarithm": (lambda x, b: b * (np.eye(x.size) - softmax(x, b)), "This is the Jacobian of the logarithm."),
    "by_beta": (lambda x, b: softmax(x, b) * (x - x @ softmax(x, b)), "This is the derivative with respect to beta."),
    "three_by_three": (then(lambda J: J[np.ix_(range(3), range(3))]), "It is always 3 x 3. Take K from the input."),
    "finite_differences": (model.nudged(softmax), "These are finite differences. The question asks for the formula."),
    "scaled_in_place": (lambda x, b: b * softmax_jacobian(np.multiply(x, b, out=x), 1.0),
        "x itself is multiplied. Look for *= or out=."),
    "overflows": (lambda x, b: b * np.where(np.eye(x.size), (e := np.exp(b * x)) * (e.sum() - e), -np.outer(e, e))
        / e.sum() ** 2, "The exponentials overflow as they are written. Start from a softmax that does not.")})

SETTING = model.setting(PROMPT, {"x": "K", "beta": ""}, defines={"y_i": "K", "J_{ij}": "K K"}, written_out={"K": 1},
    sizes=[{"K": K} for K in (1, 2, 3, 5)], spoken={"softmax": "y", r"\sigma": "y"})

DERIVATIONS = model.derivations(r"""
\newcommand{\total}{\sum_{n=1}^K \exp(\beta x_n)}
\newcommand{\share}{\frac{\exp(\beta x_i)}{\total}}
# The softmax module
% assume: $\beta$ is a constant. $n$ is bound by the sum; $i$ and $j$ are free, each from 1 to $K$. Every
%   exponential is positive, so the sum is, and nothing is divided by 0.
y_i
= \share  % Definition of the module, for $i = 1, \dots, K$.
#! The diagonal of the Jacobian
\pdv{y_i}{x_i}
= \frac{\beta \exp(\beta x_i) \total - \beta \exp(\beta x_i) \exp(\beta x_i)}{\left(\total\right)^2}
  % Quotient rule: numerator and denominator both contain $x_i$, each with derivative $\beta \exp(\beta x_i)$.
= \beta \exp(\beta x_i) \frac{\sum_{n=1, n \neq i}^K \exp(\beta x_n)} {\left(\total\right)^2}
  % Factoring: $\beta \exp(\beta x_i)$ is common; in the sum, the term with $n = i$ drops out.
= \beta \frac{\exp(\beta x_i)}{\total} \cdot \frac{\total - \exp(\beta x_i)}{\total}
  % Algebra: the sum without $n = i$ is the whole sum less one term; one sum below each factor.
= \beta y_i (1 - y_i)  % Substitution: the first fraction is $y_i$, the second is $1 - y_i$.
#! The rest of the Jacobian, for $i \neq j$
% for: i \neq j
\pdv{y_i}{x_j}
= \frac{-\exp(\beta x_i)}{\left(\total\right)^2} \beta \exp(\beta x_j)
  % Quotient rule: only the denominator contains $x_j$, with derivative $\beta \exp(\beta x_j)$.
= \frac{-\beta \exp(\beta (x_i + x_j))}{\left(\total\right)^2}
  % Algebra: the product of two exponentials is the exponential of the sum.
= -\beta \share \cdot \frac{\exp(\beta x_j)}{\total}
  % Algebra: the exponential of a sum is a product; one sum below each factor.
= -\beta y_i y_j  % Substitution: the fractions are $y_i$ and $y_j$.
# A number subtracted from every exponent
% assume: $c$ is any number. Write $\mathbf{z}$ for $\beta \mathbf{x}$ and $\mathbf{1}$ for a column of ones:
%   the softmax of $\mathbf{z} - c \mathbf{1}$ is that of $\mathbf{z}$. The code subtracts the largest exponent: no
%   exponential exceeds 1 and the sum is at least 1, so nothing overflows.
% symbol: c
\frac{\exp(\beta x_i - c)}{\sum_{n=1}^K \exp(\beta x_n - c)}
= \frac{\exp(\beta x_i) \exp(-c)}{\total \exp(-c)}  % Algebra: the exponential of a sum is a product.
= \share  % Factoring: $\exp(-c)$ is common to all terms, and is not 0.
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
= \frac{\sum_{j=1}^K \exp(\beta x_j)}{\total}  % Substitution: the definition of the module; all have one denominator.
= 1  % Algebra: numerator and denominator are the same sum.
## The output, for $K = 1$
y_1
= \frac{\exp(\beta x_1)}{\exp(\beta x_1)}  % Substitution: for $K = 1$ the sum has one term.
= 1  % Algebra: numerator and denominator are the same.
## Its derivative, for $K = 1$
\pdv{y_1}{x_1}
= 0  % Differentiation: for $K = 1$ the output is 1 whatever $x_1$ is.
""")

NOTATION = model.notation(r"""
    \mathbf{x} | the column of the inputs $x_1, \dots, x_K$ | \mathbb{R}^K | `x`, shape `(K,)`
    \beta | a constant | | `beta`
    \mathbf{y} | the column of the outputs $y_1, \dots, y_K$, positive, with sum 1 | \mathbb{R}^K | `y`, shape `(K,)`
    \mathbf{J} | the Jacobian, sought: row $i$ for the output $y_i$, column $j$ for the input $x_j$ \
        | \mathbb{R}^{K \times K} | `J`, shape `(K, K)`
    \delta_{ij} | 1 for $i = j$, else 0
""")

part = partial(model.part, module=softmax_module, cases=CASES, shapes={"x": X}, sizes={"K": 4})
QUESTION = model.question("q2", title="2: the softmax module and its Jacobian", section="Softmax Module",
    heading="Question 2", prompt=PROMPT, notation=NOTATION, setting=SETTING, derivations=DERIVATIONS,
    parts=[part(softmax, answers=[Y]), part(softmax_jacobian, answers=[J])],
    heat_map=model.HeatMap(rows="y", columns="x",
    caption=r"The Jacobian at the inputs $0.4, -1.1, 1.5, 0.2$ for three $\beta$: symmetric, rows and columns sum to 0,"
        r" positive on the diagonal for $\beta > 0$ and negative for $\beta < 0$.",
    panels=lambda: {rf"\beta = {b:g}": softmax_jacobian(np.array([0.4, -1.1, 1.5, 0.2]), b) for b in (0.5, 2, -2)}))
