"""Short texts in which what stands around a formula decides what becomes of it, with the marks of all equalities."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import wire
from autograder.grading.written import asked
from autograder.loading import load_assignment
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.judging import findings_of
from autograder.model import Assignment

MODULES = Path(__file__).parents[1] / "assignments" / "modules"
W, B, Y = r"\frac{\partial C}{\partial W}", r"\frac{\partial C}{\partial b}", r"\frac{\partial C}{\partial y}"
W2, B2 = r"\frac{\partial C_2}{\partial W}", r"\frac{\partial C_2}{\partial b}"
ON, J = r"\frac{\partial y_i}{\partial x_i}", r"\frac{\partial y_i}{\partial x_j}"
ON_PLAIN = r"$\frac{\partial y_i}{\partial x_i} = y_i (1 - y_i)$"
S = r"S = \sum_n e^{\beta x_n}"
REST = r"\sum_{n \neq i} e^{\beta x_n}"
ON_2 = r"\begin{pmatrix} \beta y_1 (1 - y_1) & -\beta y_1 y_2 \\ -\beta y_1 y_2 & \beta y_2 (1 - y_2) \end{pmatrix}"
MARKS = {"h": "holds", "F": "fails", "d": "defined", "u": "unread", "n": "note"}

TEXTS = [
    # Cases in lines without marks.
    ("# 2|i=j: dy_i/dx_j = beta y_i (1 - y_i); i≠j: dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|3. i = j: dy_i/dx_j = beta y_i (1 - y_i)|4. i != j: dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|if i = j, dy_i/dx_j = beta y_i (1 - y_i)|if i != j, dy_i/dx_j = beta y_i y_j", "hF"),
    ("# 2|for i = j, dy_i/dx_j = beta y_i (1 - y_i)||for i != j, dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|when i=j dy_i/dx_j = beta y_i (1 - y_i), when i != j dy_i/dx_j = -beta y_i y_j", "hh"),
    (rf"# 2|When $i = j$ ${J} = \beta y_i (1 - y_i)$, when $i \ne j$ ${J} = -\beta y_i y_j$", "hh"),
    ("# 2|if i = j then dy_i/dx_j = beta y_i (1 - y_i) else dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|dy_i/dx_j = beta y_i (1 - y_i)   [i = j]|dy_i/dx_j = beta y_i y_j   [i != j]", "hF"),
    ("# 2|dy_i/dx_j = beta y_i (1 - y_i) (i == j), dy_i/dx_j = -beta y_i y_j (i != j)", "hh"),
    (rf"# 2|${J} = \beta y_i (1 - y_i)$ ($i = j$), ${J} = -\beta y_i y_j$ ($i \ne j$)", "hh"),
    ("# 2|(i = j) dy_i/dx_j = beta y_i (1 - y_i)|(i != j) dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|case 1: i = j. dy_i/dx_j = beta y_i (1 - y_i)|case 2: i != j. dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|diagonal: dy_i/dx_j = beta y_i (1 - y_i)|off-diagonal: dy_i/dx_j = -beta y_i y_j", "hh"),
    ("# 2|On the diagonal (i = j), dy_i/dx_j = beta y_i (1 - y_i); off it (i != j), dy_i/dx_j = -beta y_i y_j.", "hh"),
    ("# 1a|dC/dW = dC/dy x^T (n x m)", "h"),
    ("# 1a|(i) dC/dW = dC/dy x^T (ii) dC/db = dC/dy", "hh"),
    # Letters that another question defines, and letters that words give to a formula.
    (rf"# 1a|$g = {Y}$, ${W} = g x^T$|# 1b|${W2} = \frac{{\partial C_2}}{{\partial C}} {W} = 3 g x^T$", "dhhh"),
    (rf"# 1a|$g = {Y}$, ${W} = g x^T$|# 1b|${W2} = 3 g x^T$, ${B2} = g$", "dhhF"),
    (r"# 1a|$z = W x + b$|# 1b|$\frac{\partial C_2}{\partial W} = 3 \frac{\partial C}{\partial z} x^T$", "dh"),
    (rf"# 1a|Let $g$ denote the gradient ${Y}$. ${W} = g x^T$, ${B} = g x$", "dhF"),
    (rf"# 1a|Denote ${Y}$ by $\delta$. ${W} = \delta x^T$", "dh"),
    (rf"# 1a|I use $\bar{{y}}$ for ${Y}$, so ${W} = \bar{{y}} x^T$ and ${B} = \bar y$.", "dhh"),
    (rf"# 1a|The gradient ${Y}$ (call it $u$) gives ${W} = u x^T$.", "dh"),
    (rf"# 1a|$y = W x + b$, ${W} = \bar{{y}} x^T$", "hu"),
    (rf"# 1a|$\mathbf{{g}}^\top = {Y}$, ${W} = \mathbf{{g}} x^T$, ${B} = \mathbf{{g}}^\top$", "dhh"),
    (rf"# 1a|$G = {W}$, $G_{{12}} = \frac{{\partial C}}{{\partial y_1}} x_2$, $G_{{21}} = G_{{12}}$", "dhF"),
    (r"# 2|Let $x$ be $2 \times 1$, and $k$ be $i$. $y_1 = y_1$", "h"),
    (
        r"# 2|Denote the sum $\sum_{n=1}^K e^{\beta x_n}$ by $D$."
        r" $\frac{\partial D}{\partial x_j} = e^{\beta x_j}$",
        "dF",
    ),
    (
        r"# 1b|$\frac{\partial C_2}{\partial \theta} = 3 \frac{\partial C}{\partial \theta}$,"
        r" for $\theta = W$ and for $\theta = b$",
        "huu",
    ),
    # A number made of a cost under another name.
    (rf"Let $\tilde C = 3C$. $\frac{{\partial \tilde C}}{{\partial W}} = 3 {W}$", "dh"),
    (rf"# 1a|$\lambda = 2$, $C_\lambda = \lambda C$, $\frac{{\partial C_\lambda}}{{\partial W}} = \lambda {W}$", "ddh"),
    # The columns of a matrix, and derivatives by them.
    (rf"# 1a|$w = \mathrm{{vec}}(W)$, $\frac{{\partial C}}{{\partial w}} = x \otimes {Y} = {Y} \otimes x$", "dhF"),
    (
        rf"# 1a|$u = {Y}$ is a row. $\frac{{\partial C}}{{\partial \mathrm{{vec}}(W)}} = u (x^T \otimes I_K)$,"
        rf" ${W} = u^T x^T$, ${B} = u$",
        "dhhh",
    ),
    # Notes without marks of mathematics: sides below each other, connectives, labels, words in brackets at the end.
    (
        "# 2|```\nE_i = exp(beta*x_i)\nT   = sum_k E_k\ny_i = E_i / T\n\ni = j:\n"
        "  dy_i/dx_i = (beta*E_i*T - E_i*beta*E_i) / T^2\n            = beta * y_i * (1 - y_i)\n"
        "            = y_i * (1 - y_i)\n```",
        "ddhhhF",
    ),
    ("# 1b|=> dC2/dW = 3 (dC/dy)^T x^T     (row)|bias: dy/db = I\n=> dC2/db = dC/dy I\n   = 3 dC/dy", "hhFh"),
    (
        "**1b** C₂ = 3C → ∂C₂/∂b = ⅓ ∂C/∂y\n\n**2** y_i = e_i/E w/ e_i = exp(βx_i), E = Σ_k e_k\n"
        "i=j: ∂y_i/∂x_i = (βe_i E − βe_i²)/E² = y_i(1 − y_i) ∎",
        "hFhddhF",
    ),
    (
        "# 2|e_i = exp(βx_i)      S = Σ_k e_k       y_i = e_i / S      (all i)|de_i/dx_j = βe_i if i = j, 0 otherwise\n"
        "∂e_i/∂x_j = βe_i if i = j, else 0|dS/dx_j = e_j   (mean, as usual)",
        "ddhhhhhF",
    ),
    # A letter with the accent of a gradient, and accents of Unicode; a gradient's sign alone.
    (rf"# 1a|$\bar{{y}} = {Y}$, $\bar{{W}} = \bar{{y}} x^T$, $\bar b = 2 \bar y$. $y = W x + b$", "dhFh"),
    ("# 1a|ȳ = dC/dy, y = Wx + b, W̄ = ȳ xᵀ, b̄ = 2ȳ", "dhhF"),
    (rf"# 1a|$\nabla_y = {Y}$, ${B} = \nabla_y I_K = \nabla_y = 2 \nabla_y$", "hhhF"),
    # An index d; a matrix written out for so many outputs and inputs.
    (r"# 2|$\frac{\partial y_c}{\partial x_d} = \beta y_c (\delta_{cd} - y_d) = y_c (\delta_{cd} - y_d)$", "hF"),
    (
        rf"# 1a|$g = {Y}$. ${W} = \begin{{pmatrix}} g_1 x_1 & g_1 x_2 & g_1 x_3 \\ g_2 x_1 & g_2 x_2 & g_2 x_3"
        r" \end{pmatrix} = \begin{pmatrix} g_1 \\ g_2 \end{pmatrix} \begin{pmatrix} x_1 & x_2 & x_3 \end{pmatrix}$",
        "dhh",
    ),
    # A text that names no question, with letters of its own for everything; a line about any letters.
    (
        r"I have $y = A x + c$ and some loss $\ell(y)$. $\langle U, V \rangle = \mathrm{tr}(U^T V)$."
        r" $h = \frac{\partial \ell}{\partial y}$ is a column. $d\ell = \langle h, dy \rangle"
        r" = \langle h, dA x + dc \rangle$. $\frac{\partial \ell}{\partial A} = h x^T$,"
        r" $\frac{\partial \ell}{\partial c} = h = 2 h$",
        "hhdhhhhF",
    ),
    (
        r"$p_k = e_k / S$, $e_k = e^{\tau h_k}$, $S = \sum_k e_k$,"
        r" $\frac{\partial p_k}{\partial h_k} = \tau p_k (1 - p_k) = p_k (1 - p_k)$",
        "dddhF",
    ),
    (r"$a = q + r$, $q = 2 d$", "nn"),
    # Numbers and entries of an example; means in angles.
    (
        r"# 2|Take $\beta = 2$, $x_1 = 0$ and $x_2 = \frac12 \log 2$. Then $y_1 = \frac13$ and"
        r" $\frac{\partial y_1}{\partial x_2} = -2 \cdot \frac13 \cdot \frac23$.",
        "dddnn",
    ),
    (r"# 2|$y_1 = y_2$ by symmetry, for example", "u"),
    (r"# 2|$\langle n_i n_j \rangle = \delta_{ij} y_i$", "u"),
    (r"# 2|`grad` $:= \frac{\partial y_i}{\partial x_j}$. $y_i = y_i + 1$", "dF"),
    # A heading above ends what a heading below it named; words behind which a formula goes on in a line without marks.
    (
        rf"## Affine|**(a)** ${W} = {Y} x^T$|**(b)** ${W2} = 3 {W}$|## Softmax|"
        r"Let $v_k = e^{\beta x_k}$ and $V = \sum_k v_k$. $y_i = \frac{v_i}{V} = \frac{V}{v_i}$",
        "hhddhF",
    ),
    ("# 1a|6. ∂y_i/∂b_i = 1, other ones = 0\n7. ∂C/∂b_i = ∂C/∂y_i", "uhh"),
    # Powers in brackets, a letter d, a sigma of one's own.
    ("# 2|a_i = e^(βx_i), D = Σ_k e^(βx_k), y_i = a_i/D, da_i/dx_i = β a_i = a_i", "ddhhF"),
    (
        r"# 2|$n_i = e^{\beta x_i}$, $d = \sum_k n_k$, $\partial d/\partial x_j = \beta n_j = n_j$,"
        r" $\sigma = \sum_k e^{\beta x_k}$, $\frac{\partial \sigma}{\partial x_j} = \beta e^{\beta x_j}$",
        "ddhFdh",
    ),
    # Rows of cases with sides of their own; an index letter that a whole has, too.
    (
        rf"# 2|${J} = \begin{{cases}} \beta y_i - \beta y_i^2 = \beta y_i (1 - y_i) & i = j,\\[2ex]"
        r" -\beta y_i y_j = -y_i y_j & i \neq j \end{cases}$",
        "hhhF",
    ),
    (
        r"# 2|$E_k = e^{\beta x_k}$ and $E = \sum_k E_k$."
        r" $\frac{\partial}{\partial x_j} \frac{E_i}{E} = \frac{\beta E_i \delta_{ij}}{E} - \frac{\beta E_i E_j}{E^2}$",
        "ddh",
    ),
    # What a text takes back, or quotes; parameters that one letter stands for in turn; differentials that are 0.
    (rf"# 1a|My first attempt was ${W} = x g^T$. I take it back. $g = {Y}$, ${W} = g x^T$", "udh"),
    (rf'# 2|Somebody posted: "It is just {ON_PLAIN}."', "u"),
    (
        r"# 1a|With $\theta = W_{ij}$: $\frac{\partial y_k}{\partial W_{ij}} = \delta_{ik} x_j$. With $\theta = b_i$:"
        r" $\frac{\partial y_k}{\partial b_i} = 1$",
        "dhdF",
    ),
    (
        rf"# 1a|$g = {Y}$ is a row. $dC = g\, dW x + g\, db$. When $db = 0$, ${W} = g^T x^T$."
        rf" With $dW = 0$, ${B} = g$.",
        "dhdhdh",
    ),
    # Letters called so behind more words; a logarithm below a slash; a logistic sigma; entries as code writes them.
    (rf"# 1a|The gradient ${Y}$ is a row of size $1 \times K$; call it $g$. ${W} = g^T x^T$, ${B} = 2 g$", "dhF"),
    (r"# 2|$\partial \ln y_i/\partial x_j = \beta (\delta_{ij} - y_j) = \delta_{ij} - y_j$", "hF"),
    (r"# 2|With the logistic function $\frac{\partial y_i}{\partial x_i} = \beta \sigma (1 - \sigma)$", "u"),
    ("# 2|∂y[i]/∂x[j] = −β y[i] y[j] for i ≠ j, ∂y[i]/∂x[i] = y[i] (1 − y[i])", "hF"),
    # Which terms of a sum are meant is no case; sizes less one.
    (
        r"# 2|$R_i = \sum_k e^{\beta (x_k - x_i)}$.|(2) $i \neq j$. Only the term with $k = j$ contains $x_j$:"
        r" $\frac{\partial R_i}{\partial x_j} = \beta e^{\beta (x_j - x_i)} = e^{\beta (x_j - x_i)}$",
        "dhF",
    ),
    (r"# 2|$y_i = \frac{e^{\beta x_i}}{\sum_{k=0}^{d-1} e^{\beta x_k}}$, for $x_0, \dots, x_{d-1}$", "h"),
    # A heading that names no question: what stands below it tells which one all of it is about.
    (
        rf"# 1.1 b)|${W2} = 3 {W}$|# 1.2|Let $u_k = e^{{\beta x_k}}$. $y_i = \frac{{u_i}}{{\sum_k u_k}}$",
        "hdh",
    ),
    (
        rf"# 1.1 b)|${W2} = 3 {W}$|# 1.2|$y_i = \frac{{u}}{{v}}$ with $u = e^{{\beta x_i}}$ and"
        r" $v = \sum_k e^{\beta x_k}$",
        "hhdd",
    ),
    # Words that say which shape a gradient has: then its transpose is wrong; without them either is right.
    (rf"# 1a|$g = {Y}$ is a row. Gradients have the same shape as their parameters. ${W} = x g$, ${B} = g$", "dFh"),
    (
        rf"# 1a|$g = {Y}$ is a row, and row $i$ and column $j$ of ${W}$ is $\frac{{\partial C}}{{\partial W_{{ij}}}}$."
        rf" ${W} = x g$",
        "dF",
    ),
    (
        rf"# 1a|$g = {Y}$ is a row, and row $j$ and column $i$ of ${W}$ is $\frac{{\partial C}}{{\partial W_{{ij}}}}$."
        rf" ${W} = x g$",
        "dh",
    ),
    (rf"# 1a|$g = {Y}$ is a row. ${W} = x g$, ${B} = g$", "dhh"),
    # An entry of a gradient that is laid out transposed, and a derivative by an entry.
    (
        rf"# 1a|${W} = x {Y}$, $\left[ {W} \right]_{{ji}} = \frac{{\partial C}}{{\partial W_{{ij}}}}"
        rf" = \frac{{\partial C}}{{\partial y_i}} x_j = \frac{{\partial C}}{{\partial y_j}} x_i$",
        "hhhF",
    ),
    (
        rf"# 1a|${W} = {Y} x^T$, $\left[ {W} \right]_{{ji}} = \frac{{\partial C}}{{\partial y_i}} x_j$",
        "hF",
    ),
    # A capital sigma as the sign of a sum, and as a letter for one.
    (r"# 2|$y_i = \frac{e^{\beta x_i}}{\Sigma_k e^{\beta x_k}}$, $\Sigma_{k=1}^K y_k = 1$", "hh"),
    (
        rf"# 2|Denote the sum $\sum_k e^{{\beta x_k}}$ by $\Sigma$. For $i \neq j$: ${J}"
        r" = -\beta \frac{e^{\beta x_i} e^{\beta x_j}}{\Sigma^2} = -\frac{e^{\beta x_i} e^{\beta x_j}}{\Sigma^2}$",
        "dhF",
    ),
    # A letter that a chain puts in the place of something, and one that it only ends with.
    (r"# 2|$y_i = \frac{e^{\beta x_i}}{\sum_k e^{\beta x_k}} = \frac{N_i}{S}$, $S = \sum_k N_k$, $S = N_i$", "hhdF"),
    (
        r"# 2|$y_i = \frac{e^{\beta x_i}}{\sum_k e^{\beta x_k}} = \frac{e^{\beta x_i}}{S}$|For $i \neq j$:"
        rf" ${J} = -\frac{{\beta e^{{\beta x_i}} e^{{\beta x_j}}}}{{S^2}}"
        r" = -\frac{e^{\beta x_i} e^{\beta x_j}}{S^2}$",
        "hhhF",
    ),
    (rf"# 1a|${W} = {Y} x^T = g x^T$, ${B} = g = 2 g$", "hhhF"),
    (rf"# 1a|${B} = 2 {Y} = g$", "Fu"),
    (
        r"# 2|$p_i = \frac{\exp(\beta s_i)}{\sum_l \exp(\beta s_l)} = \frac{\exp(\beta s_i)}{S}$,"
        r" $\frac{\partial p_i}{\partial s_i} = \beta p_i (1 - p_i) = \beta p_i (1 - \beta p_i)$",
        "hhhF",
    ),
    # A sum over the entries of a letter of the student's own, and over nothing known.
    (
        rf"# 1a|$g = {Y}$. $\frac{{\partial C}}{{\partial W_{{ij}}}} = \sum_{{k=1}}^K g_k \delta_{{ki}} x_j = g_i x_j$,"
        r" $\sum_k g_k \delta_{kj} = g_j$, $\sum_{k=1}^K \delta_{ki} = 1$",
        "dhhhh",
    ),
    (
        r"# 2|$S_i = \frac{e^{\beta a_i}}{\sum_k e^{\beta a_k}}$, $D_j S_i = \beta S_i (\delta_{ij} - S_j)"
        r" = S_i (\delta_{ij} - S_j)$",
        "hhF",
    ),
    (
        r"# 2|$y_i = \frac{e^{\beta a_i}}{\sum_k e^{\beta a_k}}$. $g_i = e^{\beta a_i}$ and $h = \sum_k g_k$."
        r" $\frac{\partial y_i}{\partial a_i} = \frac{\beta g_i h - \beta g_i^2}{h^2} = \beta y_i (1 + y_i)$",
        "hddhF",
    ),
    (r"# 1a|$\partial y_i/\partial W_{lj} = 0$ and $\partial y_i/\partial b_l = 0$ if $l \neq i$.", "hh"),
    # Letters of the student's own for everything, each defined by the next.
    (
        r"# 2|$p_i = E_i S^{-1}$, $E_i = e^{\beta a_i}$, $S = \sum_k E_k$. For $i \neq j$:"
        r" $\frac{\partial p_i}{\partial a_j} = -\beta E_i S^{-2} E_j = -\beta p_i p_j = -p_i p_j$",
        "dddhhF",
    ),
    # Sums that nobody writes.
    (
        r"# 1a|$\frac{\partial C}{\partial W_{ab}} = \frac{\partial C}{\partial y_i} \delta_{ia}"
        r" \delta_{jb} x_j = \frac{\partial C}{\partial y_a} x_b = \frac{\partial C}{\partial y_b} x_a$",
        "hhF",
    ),
    # All but one.
    (rf"# 2|$S_{{-i}} = {REST}$, ${S}$, $S_{{-i}} = S - e^{{\beta x_i}}$", "ddh"),
    (rf"# 2|$S_{{-i}} = {REST}$, ${S}$. $S_{{-i}} = S - e^{{\beta x_j}}$ for $i \neq j$", "ddF"),
    (rf"# 2|$Z_{{\setminus i}} = {REST}$, ${S}$. ${ON} = \beta y_i \frac{{Z_{{\setminus i}}}}{{S}}$", "ddh"),
    # What the text itself calls wrong, and what only sounds so.
    (rf"# 2|It would be wrong to write ${ON} = y_i$.", "n"),
    (rf"# 2|One might think that ${J} = 0$ for $i \neq j$, but this is false.", "n"),
    (rf"# 2|One might think that ${J} = 0$.", "u"),
    (rf"# 2|A common mistake is ${ON} = y_i (1 - y_i)$. It is not true that $y_i = x_i$.", "nn"),
    (rf"# 2|${ON} = \beta y_i$ is wrong, ${ON} = \beta y_i (1 - y_i)$ is right.", "nh"),
    (rf"# 2|It is wrong to forget it, so ${ON} = y_i (1 - y_i)$.", "F"),
    (rf"# 2|We do not forget that ${ON} = y_i (1 - y_i)$, which is not hard.", "F"),
    (rf"# 2|The common mistake is avoided: ${ON} = y_i (1 - y_i)$, but it is not zero.", "F"),
    # For which indices.
    (rf"# 2|${S}$. Consider ${J}$ for $i \neq j$: $= -\beta y_i y_j$.", "dh"),
    (rf"# 2|${J} = -\beta y_i y_j$ (for $j \neq i$)", "h"),
    (rf"# 2|On the diagonal ${ON} = \beta y_i (1 - y_i)$ and off it ${J} = \beta y_i y_j$.", "hF"),
    (rf"# 2|For $i < j$ we get ${J} = -\beta y_i y_j$, for $i > j$ we get ${J} = \beta y_i y_j$.", "hF"),
    (rf"# 2|${J} = \frac{{\partial}}{{\partial x_j}} y_i$|(i) $i = j$|$$= \beta y_i (1 - y_i) = \beta y_i$$", "hhF"),
    # For which values.
    (rf"# 2|For $\beta > 0$: ${ON} = \beta y_i (1 - y_i)$. For $\beta > 100$ we have $y_i = 1$.", "hu"),
    (r"# 2|If $K > 1$, $\frac{\partial y_1}{\partial x_2} = \beta y_1 y_2$.", "F"),
    (rf"# 2|Set $\beta = 1$: ${ON} = y_i (1 - y_i)$. In general, ${ON} = y_i (1 - y_i)$.", "dhF"),
    (rf"# 2|Set $\beta = 1$. For any $\beta$, ${ON} = y_i (1 - y_i)$.", "dF"),
    # Headings, and what begins a text.
    (rf"## 1.2|${S}$, $y_i = \mathrm{{softmax}}(x)_i$, $q_i = \frac{{1}}{{y_i}}$, $q_i = \frac{{2}}{{y_i}}$", "dhdF"),
    (rf"## 2.|With $K = 2$: $y_1 + y_2 = 1$. ${ON} = \beta y_i$", "dhF"),
    (rf"**Question 2**: ${S}$|**Exercise 1, part b**: ${W2} = 3 {W}$", "dh"),
    (r"$\mathbf{y} = \frac{1}{S} \mathbf{e}$, $e_i = \exp(\beta x_i)$, $S = \sum_i e_i$", "hdd"),
    # Lines without marks.
    ("Q1a. y = Wx + b|so dC/db = dC/dy and y = Wx - b", "hhF"),
    # Zeros that stand for more of them, and a bold 1.
    (
        r"# 1a|$\frac{\partial y_1}{\partial W} = \begin{pmatrix} x^T \\ 0 \end{pmatrix}"
        r" = \begin{pmatrix} 0 \\ x^T \end{pmatrix}$",
        "hF",
    ),
    (r"# 2|$\mathrm{diag}(y) = \begin{pmatrix} y_1 & & \\ & \ddots & \\ & & y_K \end{pmatrix}$", "h"),
    (rf"# 1a|${B} = {Y} \cdot \mathbf{{1}}$, $\frac{{\partial C}}{{\partial W^T}} = x {Y}^T$", "uh"),
    (rf"# 1a|$dC = {Y} : (dW x + db) = {Y} x^T : dW + {Y} : db$", "hh"),
]  # fmt: skip
R, U = r"\frac{\partial r_i}{\partial u_i}", r"\frac{\partial L}{\partial u_i}"
VALUES = [
    (rf"# 5|${R} = 1$ if $u_i > 0$ and ${R} = 0$ if $u_i \le 0$.", "hh", ""),
    (rf"# 5|For $u_i > 0$:|$${R} = 1$$|Otherwise,|$${R} = 1$$", "hF", ""),
    (rf"# 5|If $u_i > 0$, ${U} = \frac{{\partial L}}{{\partial r_i}}$. If $u_i < 0$, ${U} = 0$.", "hh", "right"),
    (rf"# 5|If $u_i > 0$, ${U} = \frac{{\partial L}}{{\partial r_i}}$.", "h", "missing"),
    (rf"# 5|For $u_i > 0$ it is linear. So ${R} = 1$.||Hence ${R} = 1$.", "uF", ""),
]
ANSWERS = [
    (
        rf"# 2|${J} = \beta y_i y_j$ for $i \neq j$. For $K = 2$: $J = {ON_2}$",
        {"dy_i/dx_j, i != j": "wrong", "dy_i/dx_i": "missing"},
    ),
    (rf"# 2|When $\beta = 1$, ${ON} = y_i (1 - y_i)$.", {"dy_i/dx_i": "missing"}),
    (rf"Let $D = 3C$, $\frac{{\partial D}}{{\partial W}} = 3 {W}$", {"dC2/dW": "right"}),
]


def found_in(text: str, questions: list[Question]) -> tuple[wire.Finding, ...]:
    return findings_of([wire.Piece(question="", form="markdown", text=text.replace("|", "\n"))], questions)


def marks(found: tuple[wire.Finding, ...]) -> list[str]:
    return [one.mark for one in found if one.kind == "line" or one.name == "left out"]


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


@pytest.fixture(scope="module")
def modules() -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(load_assignment(MODULES)))]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_surroundings_say_what_a_formula_is(text: str, expected: str, questions: list[Question]) -> None:
    assert marks(found_in(text, questions)) == [MARKS[one] for one in expected]


@pytest.mark.parametrize(("text", "expected", "answer"), VALUES)
def test_words_say_for_which_values(text: str, expected: str, answer: str, modules: list[Question]) -> None:
    found = found_in(text, modules)
    assert marks(found) == [MARKS[one] for one in expected]
    answers = [one.mark for one in found if one.kind == "answer" and one.question == modules[-1].place]
    assert not answer or answers == [answer]


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_what_holds_for_some_only_is_no_answer(text: str, expected: dict[str, str], questions: list[Question]) -> None:
    found = {one.name: one.mark for one in found_in(text, questions) if one.kind == "answer"}
    assert {name: found[name] for name in expected} == expected


def test_what_the_text_calls_wrong_is_counted(questions: list[Question]) -> None:
    found = found_in(r"# 2|It would be wrong to write $y_i = x_i$, and $y_i = y_i$.", questions)
    (count,) = (one.detail for one in found if one.name == "count")
    assert count.endswith("1 holds, 0 do not, 0 not read, 0 outside any question, 1 that the text itself calls wrong")
    assert [one.detail for one in found if one.name == "left out"] == [
        "line 2: y_i = x_i is left out: the text itself says that this is not so"
    ]


def test_a_cell_that_begins_with_a_sign_of_equality_is_about_the_first_of_its_row(questions: list[Question]) -> None:
    text = (
        "# 1a\n\nrow grads: G = dC/dy\n\n| what | shape | value |\n|---|---|---|\n"
        "| dy_i/dW_ij | scalar | = x_j |\n| dC/dW | K x n | = G^T x^T |\n| dC/db | 1 x K | = G I = 2 G |\n"
    )
    found = findings_of([wire.Piece(question="", form="markdown", text=text)], questions)
    lines = [one for one in found if one.kind == "line"]
    assert [(one.mark, one.line) for one in lines] == [
        ("defined", 3), ("holds", 7), ("holds", 8), ("holds", 9), ("fails", 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "mark"), [("7 (x - t)", "holds"), ("7 (x - t)^T", "holds"), ("7 (t - x)^T", "fails")]
)
def test_the_derivative_of_a_defined_number_lies_as_a_row_or_as_a_column(answer: str, mark: str) -> None:
    found = asked(load_assignment(MODULES.with_name("variants")))
    text = rf"$\frac{{\partial E}}{{\partial x}} = {answer}$"
    assert marks(found_in(text, [question_of(*one) for one in enumerate(found)])) == [mark]
