"""Nothing that stands around a formula is dropped: what goes on with it, changes it, or says what its letters are."""

from __future__ import annotations

import pytest

from autograder import wire
from autograder.grading.written import asked
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.judging import findings_of
from autograder.model import Assignment

W, B, Y = r"\frac{\partial C}{\partial W}", r"\frac{\partial C}{\partial b}", r"\frac{\partial C}{\partial y}"
W2, B2 = r"\frac{\partial C_2}{\partial W}", r"\frac{\partial C_2}{\partial b}"
IJ, II = r"\frac{\partial y_i}{\partial x_j}", r"\frac{\partial y_i}{\partial x_i}"


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


def judged(text: str, questions: list[Question]) -> list[wire.Finding]:
    heading, _, rest = text.partition("|")
    found = findings_of([wire.Piece(question="", form="markdown", text=f"# {heading}\n{rest}\n")], questions)
    return [one for one in found if one.mark != "missing" and one.kind != "remark"]


def marks(found: list[wire.Finding]) -> set[str]:
    return {one.mark for one in found}


# What is wrong there is told, or left to a person.
@pytest.mark.parametrize(
    "text",
    [
        # Behind a wide space, words or another formula.
        rf"1a|${B} = {Y} \quad + \quad b$",
        rf"1a|$${W} = {Y} x^T \qquad + \qquad {Y} b^T$$",
        rf"1a|$$\begin{{align}}{B} &= {Y} \quad + \quad W x\end{{align}}$$",
        rf"1a|${B} = {Y}$ $+\, b$",
        f"1a|$${B}={Y}$$\n$$+\\,b$$",
        rf"1a|${B} = {Y}$ + $b$",
        rf"1a|${B} = {Y}$ $\cdot 2$",
        "1a|dC/db = dC/dy\n + 2 b",
        rf"2|$${II} = \beta y_i(1-y_i)\ \text{{(from the numerator)}}\ - \beta y_i\ \text{{(from the other)}}$$",
        rf"1a|${B} = {Y}\text{{ plus }} b$",
        rf"1a|${W} = {Y} x^T\text{{ times }}2$",
        rf"1b|$3\times$ ${W2} = 3{Y} x^T$",
        # Words that change it.
        rf"1a|$\operatorname{{sgn}}{B} = {Y}$",
        rf"2|half of ${II} = \beta y_i(1-y_i)$",
        rf"1a|${B}={Y}$, multiplied by $\frac12$",
        rf"1b|${W2}$ is $3{Y} x^T$ transposed",
        # Cases by which index is larger, numbers of both signs, where sums end.
        rf"2|${IJ} = \begin{{cases}}\beta y_i(1-y_i) & i=j\\ -\beta y_iy_j & i>j \\ \beta y_iy_j & i<j\end{{cases}}$",
        r"1a|$\frac{\partial C}{\partial w_{ij}} = \frac{\partial C}{\partial y_i}\max(0,x_j)$",
        r"1a|$\frac{\partial C}{\partial w_{ij}} = \frac{\partial C}{\partial y_i}|x_j|$",
        rf"1a|${B} = \begin{{cases}} {Y} & x_1 > 0\\ -{Y} & x_1 < 0\end{{cases}}$",
        rf"2|${IJ} = |\beta| y_i(\delta_{{ij}}-y_j)$",
        rf"2|For all $i\neq j$, $|{IJ}| = \beta y_iy_j$",
        r"2|$\sum_{k=1}^{j} y_k = 1$",
        r"2|$\sum_{k=1}^{\beta}y_k=1$",
        # Entries of what was defined whole, and the other way round.
        r"1a|Let $z = Wx$. $z_i = \sum_j W_{ji}x_j$. $y = z+b$.",
        r"1a|Let $z_i=\sum_jW_{ij}x_j$. Thus $z = W^Tx$.",
        rf"1a|Let $g={Y}$. Its entries are $g_i = 2\frac{{\partial C}}{{\partial y_i}}$.",
        r"2|Let $A = \beta(\mathrm{diag}(y)-yy^T)$. $A_{ij} = \beta y_i(\delta_{ij}+y_j)$. "
        r"$\frac{\partial y}{\partial x}=A$.",
    ],
)  # fmt: skip
def test_what_is_wrong_is_not_called_right(text: str, questions: list[Question]) -> None:
    assert marks(judged(text, questions)) & {"fails", "wrong", "unread"}


@pytest.mark.parametrize(
    "text",
    [
        r"1a|For $i=j$, $\frac{\partial C}{\partial W_{ij}} = \frac{\partial C}{\partial y_j}x_i$.",
        rf"1a|Let $g$ be $x$. Then ${W} = gx^T$, ${B}=g$.",
        rf"1a|Then ${W} = gx^T$, ${B}=g$, where $g$ is minus ${Y}$.",
        rf"1a|${W} = gx^T$, ${B}=g$, where $g$ is twice the upstream gradient.",
        rf"1a|${W} = gx^T$, ${B}=g$, where $g$ is the learning rate.",
        rf"1a|Let $g$ be twice ${Y}$. ${W} = gx^T$, ${B}=g$",
        rf"1a|${W}={Y}x^T$ (false)",
        rf"1a|It is wrong that ${B}={Y}$",
        # Words of its sentence, or of the next one, that take from it.
        rf"1a|${B}={Y}$ is only true up to a factor.",
        rf"1a|${B}={Y}$ can not be right, since $b$ is added.",
        rf"1a|Nobody would claim that ${B}={Y}$.",
        rf"1a|I first thought that ${B}={Y}$ but this misses a factor of $2$.",
        rf"1a|${B}={Y}$, except for a factor of $2$ that I leave out.",
        rf"1a|${B}={Y}$ (I dropped the factor 2)",
        rf"1a|Is ${B}={Y}$? No.",
        rf"1a|${B}={Y}$ in absolute value.",
        rf"1a|${B}={Y}$ with its entries swapped.",
        rf"1a|Up to sign, ${B}={Y}$, the correct sign being negative.",
        # A letter of which nothing else says what it is, or of which words say what it is not.
        rf"2|${II}=Ty_i(1-y_i)$ where $T$ is a temperature.",
        rf"2|${II}=cy_i(1-y_i)$ for some constant $c$.",
        rf"2|Let $J_{{ij}}$ be the negative of ${IJ}$. $J_{{ij}}=\beta y_i(\delta_{{ij}}-y_j)$",
        r"2|$J=\beta(D-yy^T)$, where $D$ is the diagonal matrix with the $x_i$ on its diagonal.",
        # Deltas of another kind.
        rf"2|${IJ}=\beta y_i(I_{{ij}}-y_j)$ where $I$ is the matrix of ones.",
        rf"2|${IJ}=\beta y_i(I_{{ij}}-y_j)$ with $I_{{ij}}=1$ for $i\neq j$ and $I_{{ij}}=0$ for $i=j$.",
        rf"2|${IJ}=\beta y_i(\delta_{{ij}}-y_j)$, where $\delta_{{ij}}$ is 1 if $i=j$ and $-1$ otherwise.",
        # What is struck out, a choice that is taken back, a sum without a term, multiples in words, two cases at once.
        rf"2|${IJ}=\cancel{{\beta}} y_i(\delta_{{ij}}-y_j)$",
        rf"2|If $\beta=1$ then ${II}=\beta y_i(1-y_i)$. If $\beta\neq 1$ then ${II}=y_i(1-y_i)$.",
        rf"2|For every $\beta$ we have ${II}=y_i(1-y_i)$, just as in the case $\beta=1$.",
        rf"2|Let $s$ be the sum of $e^{{\beta x_k}}$ over all $k\neq i$. "
        rf"${II}=\frac{{\beta e^{{\beta x_i}}(s-e^{{\beta x_i}})}}{{s^2}}$",
        rf"1b|With $g$ three times ${Y}$ we get ${W2}=3gx^T$ and ${B2}=3g$.",
        rf"2|Let $p_i$ be one minus $y_i$. Then ${II}=\beta y_i(1-p_i)$.",
        rf"2|For $i\ne j$ resp. $i=j$ the derivative ${IJ}$ is $\beta y_i(1-y_i)$ resp. $-\beta y_iy_j$.",
        f"2|${II}=\\beta y_i(1-y_i)$\n\nEdit: sorry, forget the $\\beta$ in the line above, it cancels.",
        rf"1a|My friend claims that ${B}={Y}$.",
        # Some entries only.
        r"1a|$\frac{\partial C}{\partial W_{ij}}=\frac{\partial C}{\partial y_i}x_j$ if $i=j$, and zero for $i\neq j$.",
    ],
)
def test_no_answer_is_right_by_a_guess(text: str, questions: list[Question]) -> None:
    assert "right" not in marks(judged(text, questions))


@pytest.mark.parametrize(
    "text",
    [
        rf"2|${II} = \beta y_i\quad(1-y_i)$",
        "2|dy_i/dx_i = beta y_i\n  - beta y_i^2",
        rf"1a|${W} = {Y}\quad x^T$",
        rf"1a|$${W} = {Y}\ \text{{(column)}}\ x^T\ \text{{(row)}}$$",
        rf"2|${II} = \beta y_i$ times $(1-y_i)$",
        rf"1a|$\operatorname{{rank}}{W} = 1$",
        rf"1a|The rank of ${W} = 1$",
        rf"2|For $i=j$ and $i\ne j$ the derivative ${IJ}$ is $\beta y_i(1-y_i)$ and $-\beta y_iy_j$, respectively.",
        # The same made right, what is about a part, or about an example by letters.
        rf"2|Let $s$ be the sum of $e^{{\beta x_k}}$ over all $k$ except $k=i$. "
        rf"${II}=\frac{{\beta e^{{\beta x_i}}s}}{{(e^{{\beta x_i}}+s)^2}}$",
        rf"1b|With $g$ three times ${Y}$ we get ${W2}=gx^T$ and ${B2}=g$.",
        rf"2|Let $p_i$ be one minus $y_i$. Then ${II}=\beta y_ip_i$.",
        rf"2|${IJ}=\beta y_i(\delta_{{ij}}-y_j)$. For $i=j$ the bracket is $1-y_i$, for $i\neq j$ it is $-y_j$.",
        r"2|Say we have three inputs, called $a,b,c$. Then "
        r"$y_b=\frac{e^{\beta x_b}}{e^{\beta x_a}+e^{\beta x_b}+e^{\beta x_c}}$.",
        r"1a|I checked it with $n=K=2$ on paper.",
        rf"2|<!-- wrong: ${II}=y_i$ --> ${II}=\beta y_i(1-y_i)$",
        # Words of sums, indices, layouts and other functions.
        rf"2|${II}=\beta y_i\sum_k y_k$, where $k$ runs over all indices but $i$.",
        rf"2|${II}=\beta y_i\sum_k y_k$ (sum over $k\neq i$)",
        r"1a|$\frac{\partial C}{\partial w_{ij}}=\frac{\partial C}{\partial y_j}x_i$, where $w_{ij}$ is the entry in "
        r"column $i$ and row $j$ of $W$.",
        rf"1a|The gradient has the layout of $W^T$: ${W}=x({Y})^T$",
        rf"2|For the ordinary softmax, ${II}=y_i(1-y_i)$.",
        rf"2|Let $\delta_{{ij}}=0$ for $i=j$ and $1$ otherwise. Then ${IJ}=\beta y_i(1-\delta_{{ij}}-y_j)$.",
        rf"1a|$\operatorname{{shape}}{W} = m\times n$",
        rf"1a|Shapes: ${W} = m\times n$, ${Y} = m\times1$, $x^T = 1\times n$",
        "1a|- $x = (n, 1)$ is the input\n- $W = (K, n)$ holds the weights",
        rf"1a|the $(i,j)$ entry of ${W} = \frac{{\partial C}}{{\partial y_i}}x_j$",
        rf"1a|The transpose of ${W} = x{Y}^T$",
        r"2|the derivative of $e^{\beta x_i} = \beta e^{\beta x_i}$",
        "2|The sum of all $y_i = 1$",
        rf"1b|${W2}$ is ${Y} x^T$ times 3.",
        rf"2|For $i=j$: ${II} = \beta q$ with $q = y_i(1-y_i)$. For $i\neq j$: ${IJ} = -\beta q$ with $q = y_iy_j$.",
        rf"2|Let $c = \beta y_i$. ${II} = c(1-y_i)$. Let $c=-\beta$. ${IJ} = cy_iy_j$ for $i\neq j$.",
        rf"1a|Let $g$ be minus ${Y}$. ${W} = -gx^T$, ${B} = -g$",
        rf"1a|Let $g$ be twice ${Y}$. ${B} = g/2$.",
        r"1a|Denominator layout: $\frac{\partial y}{\partial x} = W^T$.",
        rf"2|Let $i$ and $j$ be different. ${IJ}=-\beta y_iy_j$.",
        rf"1a|A minimum needs ${W}=0$ and ${B}=0$.",
        r"1b|Let $C'=3C$. $\frac{\partial C'}{\partial b}=3\frac{\partial C}{\partial y}$",
        r"2|Let $x_i'=\beta x_i$. Then $\frac{\partial x_j'}{\partial x_j}=\beta$",
        r"2|For $K=1$ we have $y_1=1$ and $\frac{\partial y_1}{\partial x_1}=0$.",
        rf"1a|Do not confuse this with ${W}=x{Y}^T$.",
        rf"1a|\sout{{${B} = 2{Y}$}} ${B} = {Y}$",
        f"1a|\\begin{{comment}}\n${B} = 2{Y}$\n\\end{{comment}}\n${B} = {Y}$",
    ],
)
def test_what_is_right_is_not_called_wrong(text: str, questions: list[Question]) -> None:
    assert not marks(judged(text, questions)) & {"fails", "wrong"}


@pytest.mark.parametrize(
    "text",
    [
        rf"2|${II} = \beta y_i \quad - \quad \beta y_i^2$",
        rf"2|${II} = \beta y_i$ $- \beta y_i^2$",
        f"2|$${II} = \\beta y_i$$\n$$- \\beta y_i^2$$",
        rf"2|$${II} = \beta y_i\ \text{{(from the numerator)}}\ - \beta y_i^2\ \text{{(from the other)}}$$",
        rf"1a|${B}$ = ${Y}$",
        # Sums within brackets, letters of the homework by name, a letter for a derivative, entries in code.
        rf"2|$${IJ} = \frac{{\partial y_i}}{{\partial x_p}}\delta_{{pj}}"
        r" = \beta(y_i\delta_{ij} - y_iy_p\delta_{pj}) = \beta(y_i\delta_{ij} - y_iy_j)$$",
        r"1a|${\nabla}_bC = {\nabla}_yC$",
        "1a|∂C/∂W[i][j] = (∂C/∂y_i) · x_j",
        # Cases before their values, labels on a sign of equality, powers that are empty, other values of a delta.
        rf"2|$${IJ} = \begin{{cases}} \text{{if }} i=j: & \beta y_i(1-y_i) \\ \text{{if }} i\neq j: & -\beta y_iy_j"
        r"\end{cases}$$",
        rf"2|$${IJ} = \begin{{cases}} i=j: & \beta y_i(1-y_i) \\ i\neq j: & -\beta y_iy_j\end{{cases}}$$",
        rf"1b|$${B2} =_{{(1)}} 3{Y}$$",
        r"1a|$\frac{\partial^{} C}{\partial b^{}} = \frac{\partial C}{\partial y}$",
        rf"2|${IJ}$ equals $\beta y_i(1-y_i)$ when $i=j$ and $-\beta y_iy_j$ when not.",
        "1a|dC/db is dC/dy",
        rf"1a|${B} = {Y}$. Is it right? Yes, and no other term is left.",
        rf"1a|We have \\({B} = {Y}\\) here.",
    ],
)
def test_what_goes_on_is_read(text: str, questions: list[Question]) -> None:
    assert marks(judged(text, questions)) == {"holds", "right"}


@pytest.mark.parametrize(
    "text",
    [
        rf"1a|${B} \mathrel{{=}} 2{Y}$",
        rf"1a|${B} {{=}} 2{Y}$",
        rf"1a|${B} \color{{red}}{{=}} 2{Y}$",
        rf"1a|$\color{{red}}{{{B}=2{Y}}}$",
        rf"1a|$\mathbf{{{B}=2{Y}}}$",
        rf"1a|${B} ＝ 2{Y}$",
        rf"1a|${B} \circeq 2{Y}$",
        rf"1a|${B}$ = $2{Y}$",
        f"1a|| a | b | c |\n|---|---|---|\n| ${B}$ | = | $2{Y}$ |",
        rf"1a|We have \\({B} = 2{Y}\\) here.",
        rf"1a|\\[{B} = 2{Y}\\]",
        r"2|$\frac{\partial y_1}{\partial x_2} = 0$, since $y_1$ does not depend on $x_2$.",
    ],
)  # fmt: skip
def test_no_equality_is_passed_over(text: str, questions: list[Question]) -> None:
    assert "fails" in marks(judged(text, questions))
