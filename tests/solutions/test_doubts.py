"""What does not hold is told as wrong where it is certain what it says; else a person reads it."""

from __future__ import annotations

import pytest

from autograder.grading.written import asked
from autograder.mathematics.answers.asked import Question, question_of
from autograder.model import Assignment
from tests.solutions.test_surroundings import MARKS, found_in, marks

W, B, Y = r"\frac{\partial C}{\partial W}", r"\frac{\partial C}{\partial b}", r"\frac{\partial C}{\partial y}"
W_IJ = r"\frac{\partial C}{\partial W_{ij}}"
ON, J = r"\frac{\partial y_i}{\partial x_i}", r"\frac{\partial y_i}{\partial x_j}"
RIGHT = rf"${ON} = \beta y_i (1 - y_i)$"
NO_BETA = rf"${ON} = y_i (1 - y_i)$"

RESTRICTING = [
    (rf"# 2|If we forgot the factor, we would get {NO_BETA}. With it {RIGHT}.", "uh"),
    (rf"# 2|Holding the denominator fixed, ${ON} = \beta y_i$.", "u"),
    (rf"# 2|${ON} = \beta y_i$. That is only half of it.", "u"),
    (r"# 2|Suppose that all inputs are equal. Then $y_i = \frac{1}{K}$.", "u"),
    (rf"# 2|Up to the factor $\beta$ this is {NO_BETA}.", "u"),
    (rf"# 2|As $\beta \to \infty$ the derivative is ${ON} = 0$.", "u"),
    (r"# 2|Put every $x_n$ to zero. Then $y_n = \frac{1}{K}$ for each $n$.", "u"),
    (rf"# 2|The lazy ones write ${ON} = \beta y_i$.", "u"),
    (rf"# 2|With a doubled $\beta$ it is ${ON} = 2 \beta y_i (1 - y_i)$.", "u"),
    (rf"# 1a|${W_IJ} = \frac{{\partial C}}{{\partial y_j}} x_i$ if you index $W$ as input and output.", "u"),
    # Plain words, and those that are understood.
    (rf"# 2|By the quotient rule, when we differentiate, we get {NO_BETA}.", "F"),
    (rf"# 2|We do not forget the factor: {NO_BETA}.", "F"),
    (rf"# 2|For equal indices {NO_BETA}.", "F"),
    (rf"# 2|Hence ${ON} = \beta y_i$. This is the answer.", "F"),
    (rf"# 1a|Consider a single weight. ${W_IJ} = \frac{{\partial C}}{{\partial y_j}} x_i$", "F"),
    (rf"# 1a|Its error is $\epsilon_k = \frac{{\partial C}}{{\partial y_k}}$. ${W} = \epsilon x^T$, ${B} = x$", "dhF"),
]
READINGS = [
    # A convention to which the text keeps, and one that its own lines contradict.
    (rf"# 1a|$y = W^T x + b$, hence ${W} = x ({Y})^T$.", "uu"),
    (rf"# 1a|We keep vectors as rows. $y = x W + b$, so ${W} = x^T {Y}$.", "hh"),
    # A letter that its entries tell, and a row by what is done with it.
    (rf"# 1a|$G$ is ${Y} = (G_1, \dots, G_K)$. Then ${W} = G^T x^T$.", "du"),
    (rf"# 1a|$G$ is ${Y} = (G_1, \dots, G_K)$. Then ${W} = G^T b^T$.", "dF"),
    (rf"# 1a|$G$ is ${Y} = (G_1, \dots, G_K)$. $\frac{{\partial C}}{{\partial G}} = x G$.", "dF"),
    # A side that is held against the first one, as nothing says what the one between them is.
    (
        r"# 2|We keep vectors as rows. $\frac{\partial y}{\partial x} = \frac{q}{r} = "
        r"\beta\,\mathrm{diag}(y) - \beta y^T y$.",
        "uu",
    ),
    (rf"# 1a|$y = W^T x + b$, hence ${W} = {Y} x^T$.", "Fh"),
    # Two conditions at once, of which a case has one.
    (r"# 1a|For $k = i$ and $m = j$: $\frac{\partial W_{km}}{\partial W_{ij}} = 1$.", "u"),
    (r"# 1a|$\frac{\partial W_{km}}{\partial W_{ij}} = 1 \text{ if } k = i \text{ and } m = j$.", "u"),
    (r"# 1a|For $k = i$: $\frac{\partial W_{km}}{\partial W_{ij}} = 1$.", "F"),
    # A prime that is explained at one place, and taken by another letter.
    (
        r"# 2|Let $e_j = e^{\beta x_j}$. For $i = j$: "
        r"$e_i' = \frac{\partial \exp(\beta x_i)}{\partial x_i} = \beta e_i$. "
        r"For $i \neq j$: $e_j' - \beta e_i = - \beta e_i$.",
        "ddhu",
    ),
    # A function whose entry nothing names.
    (r"# 2|$y_i = \text{softmax}(x)$.", "u"),
    # A case that only words say.
    (rf"# 2|The cross terms are ${J} = -\beta y_i y_j$.", "h"),
    (r"# 2|$J_{ij} = -\beta y_i y_j$ off the main diagonal, $J_{ii} = \beta y_i$ on it.", "hF"),
    (rf"# 2|${J} = -\beta y_i y_j$.", "F"),
    # Columns or rows, products by entries, and where counting begins.
    (rf"# 1a|$W$ has columns $w_1, w_2$. $\frac{{\partial C}}{{\partial w_1}} = x_1 {Y}$", "u"),
    (rf"# 1a|${W} = {Y} \odot x^T$", "u"),
    (rf"# 1a|${W} = {Y} \odot x$", "F"),
]
LETTERS = [
    (rf"# 1a|$g = {Y}$. Let $g$ be the gradient of the next layer. ${B} = 2 g$", "du"),
    (rf"# 1a|$g = {Y}$ is a column vector. ${B} = 2 g$", "dF"),
    (r"# 1a|Let $b$ be the index of a batch. $y = W x + 2 b$", "u"),
    (r"# 1a|Let $b$ be the bias vector. $y = W x + 2 b$", "F"),
    (rf"# 1b|Let $s = 3$. $\frac{{\partial C_2}}{{\partial W}} = s^2 {W}$", "dF"),
]
ANSWERS = [
    (rf"# 2|{RIGHT}. For now, ${ON} = \beta y_i$.", "unread"),
    (rf"# 2|For now, ${ON} = \beta y_i$. The full one: {RIGHT}.", "right"),
    (rf"# 2|{RIGHT}. So ${ON} = \beta y_i$.", "wrong"),
]


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


@pytest.mark.parametrize(("text", "expected"), [*RESTRICTING, *READINGS, *LETTERS])
def test_a_line_is_wrong_only_where_its_reading_is_certain(text: str, expected: str, questions: list[Question]) -> None:
    assert marks(found_in(text, questions)) == [MARKS[one] for one in expected]


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_an_answer_that_may_be_restricted_is_neither_right_nor_wrong(
    text: str, expected: str, questions: list[Question]
) -> None:
    (found,) = (one for one in found_in(text, questions) if one.name == "dy_i/dx_i")
    assert found.mark == expected
