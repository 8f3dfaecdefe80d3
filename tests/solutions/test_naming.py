"""Letters that only words define, and words that restrict nothing: what is certain is judged."""

from __future__ import annotations

import pytest

from autograder.grading.written import asked
from autograder.mathematics.answers.asked import Question, question_of
from autograder.model import Assignment
from tests.solutions.test_surroundings import MARKS, found_in, marks

W, B = r"\frac{\partial C}{\partial W}", r"\frac{\partial C}{\partial b}"
W_IJ = r"\frac{\partial C}{\partial W_{ij}}"
W2, Y2 = r"\frac{\partial C_2}{\partial W}", r"\frac{\partial C_2}{\partial y}"
ON, J = r"\frac{\partial y_i}{\partial x_i}", r"\frac{\partial y_i}{\partial x_j}"
NO_BETA = rf"${ON} = y_i (1 - y_i)$"
S_WRONG = r"$\frac{\partial S}{\partial x_j} = e^{\beta x_j}$"
S_RIGHT = r"$\frac{\partial S}{\partial x_j} = \beta e^{\beta x_j}$"

CERTAIN = [
    # Words leave no other thing.
    (rf"# 2|Let $S$ be the sum in the denominator. {S_WRONG}", "F"),
    (rf"# 2|Let $S$ be the denominator of the softmax. {S_WRONG}", "F"),
    (rf"# 1a|Let $g$ be the gradient of the cost with respect to the output. ${W} = x g^T$", "F"),
    # Which is meant is open until a line holds.
    (rf"# 2|Let $S$ be the denominator. {S_WRONG}", "u"),
    (rf"# 2|Let $S$ be the denominator. {S_RIGHT} and {S_WRONG}", "hF"),
    (rf"# 2|Let $S$ be the denominator. {S_WRONG} $S + 1 = 1 + S$", "uh"),
    (r"# 1b|Let $g$ be the upstream gradient. $\frac{\partial C_2}{\partial W} = g x^T$", "u"),
    # A chain that is right again says nothing of a letter in what is wrong.
    (rf"# 2|Let $D$ be the denominator. ${ON} = \frac{{\beta e^{{\beta x_i}}}}{{D^2}} = \beta y_i (1 - y_i)$", "uh"),
    # Other things have no name there.
    (r"# 2|Let $S$ be the sum of the inputs. $\frac{\partial S}{\partial x_j} = 1$", "u"),
    (r"# 2|Let $D$ be the denominator without one term. $y_i = \frac{e^{\beta x_i}}{e^{\beta x_i} + D}$", "u"),
    (rf"# 1a|Let $N$ be the numerator. ${B} = N$", "u"),
    (rf"# 2|Let $S$ be the numerator. Let $S$ be the denominator. {S_RIGHT}", "u"),
]
PATTERNS = [
    (rf"# 2|With $S$ the normalization constant, {S_RIGHT}", "h"),
    (rf"# 2|Here $S$ is always the partition function: {S_RIGHT}", "h"),
    (rf"# 2|Use $S$ for the denominator. {S_RIGHT}", "h"),
    (rf"# 2|Abbreviate the sum of exponentials as $S$. {S_RIGHT}", "h"),
    (rf"# 2|The denominator is $S$. {S_RIGHT}", "h"),
    (rf"# 2|The denominator, which we will call $S$, gives {S_RIGHT}", "h"),
    (rf"# 2|The numerator depends on one input, the denominator $S$ on all. {S_RIGHT}", "h"),
    (r"# 2|With numerator $N_i$ and denominator $Z$ it is $y_i = N_i / Z$.", "h"),
    (r"# 2|Let $S$ be the sum of the $e^{\beta x_k}$. $\frac{\partial S}{\partial x_j} = \beta e^{\beta x_j}$", "dh"),
    (r"# 2|Let $E_i$ be the exponential of $\beta x_i$. $\frac{\partial E_i}{\partial x_i} = \beta E_i$", "dh"),
    (r"# 2|Call the first probability $p$. $\frac{\partial p}{\partial x_1} = \beta p (1 - p)$", "h"),
    (r"# 2|$y_i = \frac{N_i}{Z}$ ($N_i$: numerator, $Z$: denominator).", "h"),
    (r"# 2|Let $N_i$ be the numerator of $y_i$, $Z$ the denominator. $y_i = N_i / Z$", "h"),
    (rf"# 1a|Let $g_i$ be the $i$-th component of the upstream gradient. ${W_IJ} = g_i x_j$", "h"),
    (rf"# 1a|Let $g$ be the gradient that arrives from the layer above. ${B} = g$", "h"),
    # The letter of the entry is the text's.
    (r"# 2|$y_k = N / D$ with numerator $N$ and denominator $D$. $\frac{\partial N}{\partial x_k} = \beta N$", "hh"),
    (rf"# 1a|The error signal is called $\delta$. ${B} = \delta$, ${W} = \delta x^T$", "hh"),
    (rf"# 1a|Let $\delta_k$ be the derivative of $C$ with respect to $y_k$. ${B} = \delta$, ${W} = \delta x^T$", "hh"),
]
LETTERS = [
    (rf"# 1a|The vector $\delta$ of all of them gives ${W} = \delta x^T$.", "u"),
    # A delta with one index does not move anything.
    (rf"# 1a|Let $\delta_i$ stand for something. ${W_IJ} = \delta_i x_j$, ${W} = \delta x^T$", "uu"),
    (rf"# 1a|Let $\delta_i$ stand for $\frac{{\partial C}}{{\partial y_i}}$. ${W_IJ} = \delta_i x_j$", "dh"),
    # What is behind a letter for the output may be what that is a function of.
    (r"# 2|$u = \beta x$ and $s(u)_i = \frac{e^{u_i}}{\sum_k e^{u_k}}$, so $y = s(\beta x)$.", "ddu"),
    # A sign of equality behind words goes on with nothing.
    (r"# 2|$N = e^{\beta x_i}$ and denominator $= D = \sum_k e^{\beta x_k}$", "ddd"),
    (r"# 2|$N = e^{\beta x_i}$ and denominator $= \sum_k e^{\beta x_k}$", "ud"),
    (r"# 2|$y_i = e^{\beta x_i} / \sum_k e^{\beta x_k}$ with a quantity $= e^{\beta x_i}$.", "hu"),
    (r"# 2|The top $= t = e^{\beta x_i}$ and the bottom $= b = \sum_k e^{\beta x_k}$, so $y_i = t / b$.", "ddddh"),
    # A prime is a mark of a letter where the text says so.
    (
        rf"# 1b|$g = \frac{{\partial C}}{{\partial y}}$, $g' = {Y2}$, $g' = 3 g$, ${W2} = g' x^T$, ${W2} = g x^T$",
        "ddhhF",
    ),
    (rf"# 1a|I call $v$ the gradient $\frac{{\partial C}}{{\partial y}}$. ${B} = v$", "dh"),
    # Words in formulas, for themselves and for nothing.
    (r"# 2|$y_i = \frac{\text{num}}{\text{den}}$, $\text{num} = e^{\beta x_i}$", "hd"),
    (r"# 2|$$y_i = \frac{1}{D}$$ $$\text{numerator} = e^{\beta x_i}$$ $D = \frac{1}{y_i}$", "hdd"),
    (r"# 2|$$y_i = y_i$$ $$\text{the sum of all} = 1$$", "hu"),
    (r"# 2|$\log y_i = \beta x_i - \mathrm{LSE}$ where $\mathrm{LSE} = \log \sum_k e^{\beta x_k}$.", "hd"),
    (rf"# 1a|Let $d = \frac{{\partial C}}{{\partial y}}$. ${W} = d x^T$", "dh"),
    # Entries that are chosen, and what may be one below the other.
    (r"# 2|Let $K = 2$ and $x = (0, 0)$. Then $\frac{\partial y_1}{\partial x_1} = \frac{\beta}{4}$.", "ddu"),
    (r"# 1a|Let $\bar{x} = (x, 1)$ and $\bar{W} = [W, b]$. Then $y = \bar{W} \bar{x}$.", "ddu"),
    # A number, and a vector.
    (r"# 2|$\frac{d}{dx} e^{\beta x} = \beta e^{\beta x}$", "h"),
    (r"# 2|$\frac{d}{dx} e^{\beta x} = e^{\beta x}$", "F"),
    (r"# 2|$\frac{d}{dt} \frac{u}{v} = \frac{1}{v^2} \left( v \frac{du}{dt} - u \frac{dv}{dt} \right)$", "h"),
    (r"# 2|$\frac{d}{dt} \frac{u}{v} = \frac{1}{v^2} \left( v \frac{du}{dt} + u \frac{dv}{dt} \right)$", "u"),
]
WORDS = [
    (rf"# 2|It is convenient to start with the multivariate chain rule, and the indicator multiplies: {NO_BETA}", "F"),
    (rf"# 2|We need two small facts. By the ratio of both {NO_BETA}", "F"),
    (rf"# 2|The numerator is a constant, so {NO_BETA}", "F"),
    (rf"# 2|All other inputs are held fixed: {NO_BETA}", "F"),
    (rf"# 2|If the numerator is a constant, {NO_BETA}", "u"),
    (rf"# 2|With the numerator held fixed {NO_BETA}", "u"),
    (rf"# 2|Without the factor it is {NO_BETA}", "u"),
    (rf"# 2|For small inputs {NO_BETA}", "u"),
    (rf"# 1a|The gradient is passed through without change: ${B} = x$", "F"),
    # An article is no index.
    (rf"# 2|If $i \neq j$, $N_i$ is a constant, so ${J} = -\beta y_i y_j$.", "h"),
]


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


@pytest.mark.parametrize(("text", "expected"), [*CERTAIN, *PATTERNS, *LETTERS, *WORDS])
def test_what_words_say_of_letters_is_read_where_it_is_certain(
    text: str, expected: str, questions: list[Question]
) -> None:
    assert marks(found_in(text, questions)) == [MARKS[one] for one in expected]
