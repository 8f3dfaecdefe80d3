"""One line of a written answer at a time: what holds, what does not and why, what is not read and why."""

from __future__ import annotations

import pytest

from autograder import wire
from autograder.grading.written import asked
from autograder.mathematics.answers.asked import Question, question_of
from autograder.mathematics.answers.judging import findings_of
from autograder.model import Assignment

D = r"\frac{\partial y_i}{\partial x_j} = "

HOLDS = [
    ("q2", r"y_i = \frac{\exp^{\beta x_i}}{\sum_n \exp^{\beta x_n}}"),
    ("q2", r"\exp^2(x_i) = \exp(2 x_i)"),
    ("q2", r"\sum_n y_n = \sum_{n=1} y_n"),
    ("q1a", r"\mathrm{vec}(W)_1 = W_{11}"),
    ("q1a", r"\nabla C = \frac{\partial C}{\partial y}"),
    ("q2", r"\nabla y = \beta (\mathrm{diag}(y) - y y^\top)"),
    ("q2", r"\partial_j y_i = \beta y_i (\delta_{ij} - y_j)"),
    ("q2", r"\partial_{x_j} y_i = \beta y_i (\delta_{ij} - y_j)"),
    ("q2", r"(\partial y / \partial x)^\top = \beta (\mathrm{diag}(y) - y y^\top)"),
    ("q2", r"\partial y_i/\partial x_j = \beta y_i (\delta_{ij} - y_j)"),
    ("q1b", r"\frac{\partial C_2}{\partial \theta} = 3 \frac{\partial C}{\partial \theta}"),
    ("q1a", r"\langle W, W \rangle_F = \mathrm{tr}(W^\top W)"),
    ("q1a", r"dC = \frac{\partial C}{\partial y} : dW x + \langle \frac{\partial C}{\partial y}, db \rangle"),
    ("q1a", r"\frac{\partial C}{\partial b_i} = \lim_{h \to 0} \frac{C(W x + b + h e_i) - C(y)}{h}"),
    ("q2", r"\lim_{h \to 0} \frac{e^{\beta (x_i + h)} - e^{\beta x_i}}{h} = \beta e^{\beta x_i}"),
    ("q2", r"\frac{\partial y_i}{\partial x_j} = \lim_{h \to 0} \frac{y_i(x + h e_j) - y_i}{h}"),
    ("q2", r"\frac{\partial y}{\partial x_j} = \lim_{t \to 0} \frac{1}{t} (y(x + t e_j) - y(x))"),
    ("q2", r"\frac{\partial y_i}{\partial x_j} = \lim_{h \to 0} \frac{y(x + h e_j)_i - y(x - h e_j)_i}{2 h}"),
    ("q2", r"\lim_{h \to 0} \frac{x_i}{1 + h} = x_i"),
    ("q1a", r"\frac{\partial y}{\partial W} = x^\top \otimes I"),
    ("q1a", r"W_{12} = W_{12}"),
    ("q1a", r"W_{:,1} = W_{:,1}"),
    ("q1a", r"y_i = W_{i,:} x + b_i"),
    ("q1a", r"\left(\frac{\partial C}{\partial y} x^\top\right)_{ij} = \frac{\partial C}{\partial y_i} x_j"),
    ("q1a", r"(W x)_{i} = \sum_j W_{ij} x_j"),
    ("q1a", r"(W^\top)_{ij} = W_{ji}"),
    ("q2", r"y_i' = \beta y_i (1 - y_i)"),
    ("q1a", r"\frac{\partial C}{\partial W} = \frac{\partial C}{\partial y} \otimes x"),
    ("q1a", r"3 \otimes x = 3 x"),
    ("q1a", r"\mathrm{diag}(x) x = x \odot x"),
    ("q1a", r"\mathrm{tr}(W^\top W) = \sum_{i,j} W_{ij}^2"),
    ("q2", r"\exp(x)_i = e^{x_i}"),
    ("q2", r"\log(y)_i = \log y_i"),
    ("q1a", r"\begin{pmatrix} x_1 \\ \vdots \\ x_n \end{pmatrix} = x"),
    ("q1a", r"(x_1, \dots, x_n)^\top = x"),
    (
        "q2",
        D + r"\begin{cases} \beta y_i (1 - y_i) & i = j \\ -\beta y_i y_j & i \neq j \end{cases}",
    ),
    (
        "q2",
        D + r"\begin{cases} \beta y_i (1 - y_i), \text{ if } i = j \\ -\beta y_i y_j, \text{ if } i \ne j \end{cases}",
    ),
    (
        "q2",
        D + r"\begin{cases} \beta y_i (1 - y_i) : i = j \\ -\beta y_i y_j : i \ne j \end{cases}",
    ),
    ("q2", r"\frac{d \log y_i}{d x_j} = \beta(\delta_{ij} - y_j)"),
    ("q2", r"\frac{\partial y_i}{\partial \beta} = y_i (x_i - \sum_n y_n x_n)"),
    ("q1a", r"\frac{\partial C}{\partial x} = W^\top \frac{\partial C}{\partial y}"),
    ("q1a", r"\frac{\partial C}{\partial C} = 1"),
    ("q1b", r"\frac{\partial C_2}{\partial C} = 3"),
    ("q1b", r"\frac{\partial C}{\partial C_2} = \frac13"),
    ("q1a", r"\frac{\partial W_{ij}}{\partial W_{kl}} = \delta_{ik} \delta_{jl}"),
    ("q1a", r"dC = \mathrm{tr}\left(\left(\frac{\partial C}{\partial y}\right)^\top dy\right)"),
    ("q2", r"2^{-1} = 0.5"),
    ("q2", r"\sqrt{4} = 2"),
    ("q2", r"0^0 = 1"),
    ("q1a", r"W_i = W_i"),
    ("q1a", r"\langle x, x \rangle = x^\top x"),
    ("q1a", r"(x x^\top)_{12} = x_1 x_2"),
    ("q1a", r"(x x^\top)_{1,:} = x_1 x^\top"),
    ("q1a", r"(x x^\top)_{:,1} = x_1 x"),
    ("q1a", r"(W)_{11} = W_{11}"),
    ("q2", r"y(x)_i = y_i"),
    ("q2", r"\sigma(x)_i = y_i"),
    ("q2", r"\sigma(\beta x)_i = y_i"),
    ("q2", r"\mathrm{softmax}(x)_i = y_i"),
    ("q1a", r"y(x) = W x + b"),
    ("q2", r"x_1^{-2} = \frac{1}{x_1^2}"),
    ("q2", r"\exp(x)^\top \mathbf{1} = \sum_i e^{x_i}"),
    ("q2", r"\tanh(x_1) = \frac{e^{x_1} - e^{-x_1}}{e^{x_1} + e^{-x_1}}"),
    ("q1a", r"\mathrm{tr}(3) = 3"),
    ("q1a", r"\mathrm{vec}(x) = x"),
    ("q1a", r"\mathrm{vec}(x y^\top) = y \otimes x"),
    ("q1a", r"\begin{pmatrix} x_1 & x_2 \end{pmatrix} = x^\top"),
    ("q2", r"\begin{pmatrix} y_1 \\ \vdots \\ y_K \end{pmatrix} = y"),
    ("q2", r"\sum_{n \neq i} y_n = 1 - y_i"),
    ("q2", r"\sum_{n=2}^{K} y_n = 1 - y_1"),
    ("q2", r"y_i = y_i \text{ for all } i"),
    ("q2", r"\delta_{ij} \delta_{jk} = \delta_{ik}"),
    ("q2", r"\sum_j \delta_{ij} y_j = y_i"),
    ("q2", r"\frac{\mathrm{d} y_i}{\mathrm{d} x_i} = \beta y_i (1 - y_i)"),
    ("q2", r"\dfrac{dy}{dx} = \beta (\mathrm{diag}(y) - y y^T)"),
    ("q2", r"D_x y = \beta (\mathrm{diag}(y) - y y^T)"),
    ("q2", r"\nabla_x y = \beta (\mathrm{diag}(y) - y y^T)"),
    ("q2", r"\nabla_{x_j} y_i = \beta y_i (\delta_{ij} - y_j)"),
    ("q2", r"J_{11} = \beta y_1 (1 - y_1)"),
    ("q2", r"J = J^\top"),
    ("q2", r"D y = \beta (\mathrm{diag}(y) - y y^\top)"),
    ("q2", r"J y = \beta (y \odot y - (y^\top y) y)"),
    ("q1a", r"\frac{\partial C}{\partial W_{11}} = \frac{\partial C}{\partial y_1} x_1"),
    ("q1a", r"dW = \frac{\partial C}{\partial y} x^\top"),
    ("q1a", r"\nabla_W C = \frac{\partial C}{\partial y} x^\top"),
    ("q1a", r"\nabla_b C = \frac{\partial C}{\partial y}"),
    ("q1a", r"\frac{\partial y_i}{\partial W_{kl}} = \delta_{ik} x_l"),
    ("q1a", r"\frac{\partial y}{\partial b} = I"),
    ("q1a", r"\frac{\partial y}{\partial x} = W"),
    ("q1a", r"\frac{\partial y_i}{\partial b_j} = \delta_{ij}"),
    ("q1a", r"\frac{\partial (W x)_i}{\partial x_j} = W_{ij}"),
    ("q1a", r"-x = (-1) x"),
    ("q1a", r"x^\top W^\top = (W x)^\top"),
    ("q1a", r"{x} = x"),
    ("q1a", r"\vec{x} = x"),
    ("q1b", r"C_2 = 3 C"),
    ("q1b", r"\frac{\partial C_2}{\partial C} \frac{\partial C}{\partial b} = 3 \frac{\partial C}{\partial b}"),
    ("q1b", r"\nabla_W (3 C) = 3 \nabla_W C"),
    ("q1a", r"x - x = 0"),
    ("q1a", r"x + 0 = x"),
    ("q1a", r"I x = x"),
    ("q1a", r"I W = W I"),
    ("q1a", r"W x + \mathbf{0} + b = y"),
    ("q1a", r"\mathbf{0} = 0"),
    ("q1a", r"\mathbf{1}^\top x = \sum_i x_i"),
    ("q1a", r"\mathbf{1}_n^\top x = \sum_i x_i"),
    ("q1a", r"\mathbf{1}^\top W \mathbf{1} = \sum_{i,j} W_{ij}"),
    ("q1a", r"e_i^\top W e_j = W_{ij}"),
    ("q2", r"\frac{\partial y}{\partial x} \mathbf{1} = \mathbf{0}"),
    ("q1a", r"(W_{1,:})_2 = W_{12}"),
    ("q1a", r"\frac{\partial C}{\partial W_{i,:}} = \frac{\partial C}{\partial y_i} x^\top"),
    ("q1a", r"\frac{\partial C}{\partial W_{:,j}} = x_j \frac{\partial C}{\partial y}"),
    ("q2", r"y_1 + \dots + y_K = 1"),
    ("q2", r"y_K = 1 - y_1 - y_2 - \dots - y_{K-1}"),
    ("q2", r"\sum_{n=1}^{K-1} y_n = 1 - y_K"),
    ("q1a", r"W x = x_1 W_{:,1} + \dots + x_n W_{:,n}"),
    ("q2", r"\frac{y_{i+1}}{y_i} = e^{\beta (x_{i+1} - x_i)}"),
    ("q2", r"\frac{\partial^2 y_i}{\partial x_i^2} = \beta^2 y_i (1 - y_i) (1 - 2 y_i)"),
    ("q2", r"\pdv[2]{y_i}{x_i} = \frac{\partial^{2} y_i}{\partial x_{i}^{2}}"),
    ("q2", r"\pdv{y_i}{x_j}{x_k} = \frac{\partial}{\partial x_j} \frac{\partial y_i}{\partial x_k}"),
    (
        "q2",
        r"\frac{\partial^2}{\partial x_i \partial x_j} \log \sum_n e^{\beta x_n} = \beta^2 (\delta_{ij} y_i - y_i y_j)",
    ),
    ("q1a", r"W^2 = W W"),
    ("q1a", r"W^{-1} W = I"),
    ("q1a", r"x = W^{-1} (y - b)"),
    ("q1a", r"W^{-\top} = (W^{-1})^\top"),
    ("q1a", r"\frac{\partial}{\partial W_{11}} W^{-1} = -W^{-1} \frac{\partial W}{\partial W_{11}} W^{-1}"),
    ("q2", r"\log \prod_{n=1}^K y_n = \sum_{n=1}^K \log y_n"),
    ("q2", r"\sum_{i \in \{1, \dots, K\}} y_i = 1"),
    ("q2", r"\sum_{i \in [K]} y_i = 1"),
    ("q1a", r"\|x\|^2 = x^\top x"),
    ("q1a", r"||x||_2^2 = \langle x, x \rangle"),
    ("q1a", r"\|W\|_F^2 = \langle W, W \rangle"),
    ("q1a", r"\langle y, W x \rangle = \langle W^\top y, x \rangle"),
    (
        "q1a",
        r"\frac{\partial C}{\partial W} = "
        r"\begin{pmatrix} \frac{\partial C}{\partial y_1} x^\top \\ \vdots"
        r"\\ \frac{\partial C}{\partial y_m} x^\top \end{pmatrix}",
    ),
    ("q1a", r"W = \begin{pmatrix} W_{:,1} & \dots & W_{:,n} \end{pmatrix}"),
    ("q2", r"\frac{e^{\beta (x_i + c)}}{\sum_n e^{\beta (x_n + c)}} = y_i"),
    ("q1a", r"\mathrm{diag}(3) = 3"),
    ("q1a", r"x^2 = x \odot x"),
]
FAILS = [
    (
        "q2",
        r"\frac{\partial y_i}{\partial x_j} = \lim_{h \to 0} \frac{y_i(x + 2 h e_j) - y_i}{h}",
        r"there is one factor too many: "
        r"for K = 2, i = 1, j = 1, beta = 0.5, x = (0.3, -0.5): left 0.1201, right 0.2403",
    ),
    (
        "q2",
        r"\lim_{h \to 0} \frac{(x_i + 2 h)^2 - x_i^2}{h} = 2 x_i",
        r"for K = 1, i = 1, x = 0.3: left 1.2, right 0.6",
    ),
    ("q1a", r"W I = 2 W", r"for 2x2, W = (31, 37, 41, 43): left ((31, 37), (41, 43)), right ((62, 74), (82, 86))"),
    ("q1a", r"W + 1 = W", r"the shapes do not fit: 2x2 plus a number, for W 2x2"),
    ("q1a", r"x I = x", r"the shapes do not fit: 2x1 times 2x2, for W 2x2"),
    ("q1a", r"(W_{1,:})_2 = W_{21}", r"for 2x2, W = (31, 37, 41, 43): left 37, right 41"),
    ("q2", r"\sum_{n=1}^{K-1} y_n = 1 - y_{K-1}", r"for K = 2, beta = 0.5, x = (0.3, -0.5): left 0.5987, right 0.4013"),
    ("q2", r"\prod_n y_n = 1", r"for K = 2, beta = 0.5, x = (0.3, -0.5): left 0.2403, right 1"),
    (
        "q2",
        r"\frac{\partial^2 y_i}{\partial x_i^2} = \beta y_i (1 - y_i) (1 - 2 y_i)",
        r"a factor beta is missing: for K = 2, i = 1, beta = 0.5, x = (0.3, -0.5): left -0.01186, right -0.02371",
    ),
    (
        "q1a",
        r"x = W^{-1} (y + b)",
        r"for 2x2, x = (5, 7), b = (11, 13), W = (31, 37, 41, 43): left ((5), (7)), right ((5.087), (7.522))",
    ),
    (
        "q1a",
        r"\begin{pmatrix} x & W \end{pmatrix} = \begin{pmatrix} W \\ b \end{pmatrix}",
        r"the shapes do not fit: a row of 2 above one of 1, for W 2x2",
    ),
    (
        "q2",
        r"\left. \frac{\partial y_i}{\partial x_j} \right|_{i \neq j} = \beta y_i y_j",
        r"the sign is wrong: for K = 2, i = 1, j = 2, beta = 0.5, x = (0.3, -0.5): left -0.1201, right 0.1201",
    ),
    (
        "q1a",
        r"\frac{\partial C}{\partial \mathrm{vec}(W)} = \frac{\partial C}{\partial y}",
        r"the shapes do not fit: 4x1 on the left, 2x1 on the right, for W 2x2",
    ),
    ("q1a", r"x \odot x = x", r"for 2x2, x = (5, 7): left ((25), (49)), right ((5), (7))"),
    ("q1a", r"x \odot W = x", r"the shapes do not fit: 2x1 by entries times 2x2, for W 2x2"),
    ("q1a", r"W \otimes x = W", r"the shapes do not fit: 4x2 on the left, 2x2 on the right, for W 2x2"),
    ("q1a", r"x x = 1", r"the shapes do not fit: 2x1 times 2x1, for W 2x2"),
    ("q1a", r"W x + 1 = y", r"the shapes do not fit: 2x1 plus a number, for W 2x2"),
    ("q1a", r"x + W = 1", r"the shapes do not fit: 2x1 plus 2x2, for W 2x2"),
    ("q1a", r"W \otimes W = W", r"the shapes do not fit: 4x4 on the left, 2x2 on the right, for W 2x2"),
    ("q1a", r"x \otimes W = x", r"the shapes do not fit: 4x2 on the left, 2x1 on the right, for W 2x2"),
    ("q2", r"\sigma(2 x)_i = y_i", r"for K = 2, i = 1, beta = 0.5, x = (0.3, -0.5): left 0.69, right 0.5987"),
    ("q2", r"y_i = 2 \sigma(3 x)_i", r"for K = 1, i = 1, beta = 0.5, x = 0.3: left 1, right 2"),
    (
        "q2",
        r"J_{12} = \sigma(\beta x)_1 \sigma(\beta x)_2",
        r"a factor beta is missing and the sign is wrong: "
        r"for K = 2, beta = 0.5, x = (0.3, -0.5): left -0.1201, right 0.2403",
    ),
    (
        "q1b",
        r"\frac{\partial C_2}{\partial t} = 2 \frac{\partial C}{\partial t}",
        r"for 2x2, dC/dy = (17, 19), W = (31, 37, 41, 43): "
        r"left ((255, 357), (285, 399)), right ((170, 238), (190, 266))",
    ),
    ("q1a", r"\mathrm{tr}(x) = 1", r"the shapes do not fit: the trace of what is not square, for W 2x2"),
    (
        "q1a",
        r"\frac{\partial^2 C}{\partial W_{ij}^2} = 0",
        r"for 2x2, i = 1, j = 1, dC/dy = (17, 19), W = (31, 37, 41, 43): left 11.79, right 0",
    ),
    ("q1a", r"\|x\|_1 = 1", r"for 2x2, x = (5, 7): left 12, right 1"),
    ("q2", r"y_i = \sum x_i", r"for K = 1, i = 1, beta = 0.5, x = 0.3: left 1, right 0.3"),
    ("q2", r"y_i = \sum_{} x_i", r"for K = 1, i = 1, beta = 0.5, x = 0.3: left 1, right 0.3"),
    ("q1a", r"\partial \frac{C}{x} = 3", r"the shapes do not fit: 2x1 on the left, a number on the right, for W 2x2"),
    ("q1a", r"|x| = x", r"the shapes do not fit: a number on the left, 2x1 on the right, for W 2x2"),
    ("q2", r"\max(x) = 0", r"for K = 1, x = 0.3: left 0.3, right 0"),
    ("q2", r"y_1 \cdots y_K = 1", r"for K = 2, beta = 0.5, x = (0.3, -0.5): left 0.2403, right 1"),
]
UNREAD = [
    ("q2", r"\lim_{\beta \to 0} \frac{y_i}{\beta} = x_i", r"this limit is not read"),
    ("q2", r"\lim_{h \to 0} \frac{x_i}{h} = x_i", r"this limit is not read"),
    ("q2", r"\sum_{n=1}^3 y_n = 1", r"it holds for K = 3 only, and nothing says so"),
    ("q2", r"y_1 + y_2 = 1", r"it holds for K = 2 only, and nothing says so"),
    ("q2", r"\delta_{ij} = 1", r"nothing says that this is so for just these indices"),
    ("q2", r"\sum_{i \in S} y_i = 1", r"cannot read 'S' in 'y_i': nothing says what is in this set"),
    ("q2", r"y_1 + \dots + x_K = 1", r"cannot read '\dots' in 'K': dots between terms that are not alike"),
    ("q2", r"y_1 + \dots = 1", r"cannot read '\dots' in '\dots': dots between terms that are not alike"),
    ("q1a", r"\|W\| = 1", r"nothing says which norm of a matrix is meant"),
    ("q1a", r"\|x = 1", r"cannot read '\|' in '\|x': a bracket is not closed"),
    (
        "q2",
        r"\frac{\partial^3 y_i}{\partial x_i^2} = 1",
        r"cannot read '\partial^3y_i' in '}': the order of a derivative is how many times it is taken",
    ),
    ("q2", r"\pdv[3]{y_i}{x_i} = 1", r"cannot read '3' in '{y_i}{x_i}': derivatives of other orders are not read"),
    ("q1a", r"(W - W)^{-1} = 1", r"it divides by a matrix that has no inverse"),
    ("q1a", r"W^{0.5} = W", r"only whole powers of matrices up to 8 can be read"),
    ("q2", r"e^{c x_i} = y_i", r"nothing says what c is"),
    (
        "q2",
        r"\frac{\partial^2 y}{\partial \beta^2} = \frac{\partial^2 y_i}{\partial y_j^2}",
        r"second derivatives of this are not read",
    ),
    ("q2", r"y_i = \sqrt[3]{x_i}", r"cannot read '[' in '[3]{x_i}': only square roots are read"),
    ("q2", r"y_i = \sum_{=} x_i", r"cannot read '=' in 'x_i': a sum must have its letter below it"),
    ("q2", r"y_i = \sum_{a,b,c,d,e} x_i", r"cannot read 'a,b,c,d,e' in 'i': a sum over so many letters is not read"),
    (
        "q2",
        r"\frac{\partial y_i}{\partial x_j x_k} = 0",
        r"cannot read 'x_jx_k' in '}': a derivative must be taken with respect to one letter",
    ),
    (
        "q2",
        r"\frac{\partial y_i}{\partial (x_j + x_k)} = 0",
        r"cannot read '(x_j+x_k)' in '}': a derivative must be taken with respect to one letter",
    ),
    ("q1a", r"\nabla y = W", r"cannot read '\nabla' in 'y': a gradient must say what it is taken with respect to"),
    ("q2", r"Q y = \beta (\mathrm{diag}(y) - y y^\top)", r"nothing says what Q is"),
    ("q2", r"\frac{\partial}{\partial} y_i = 1", r"cannot read in '\partial}{\partial}y_i': this is not read"),
    ("q1a", r"x^{-1} = x", r"what has a power must be a number, a vector or a square matrix"),
    (
        "q1a",
        r"\begin{pmatrix} x_1 & x_2 \\ x_1 \end{pmatrix} = x",
        r"cannot read in 'x_1&x_2\\x_1\end{pmatrix}': the rows of a matrix must have the same length",
    ),
    ("q1a", r"\begin{pmatrix} \end{pmatrix} = x", r"cannot read in '\begin{pmatrix}\end{pmatrix}': an empty matrix"),
    ("q1a", r"(x_1, \dots, 2 x_n)^\top = x", r"dots between entries that are not alike"),
    (
        "q2",
        D + r"\begin{cases} \beta y_i (1 - y_i) & x > 0 \\ -\beta y_i y_j & \text{otherwise} \end{cases}",
        r"what is compared must be a number, not a vector or matrix",
    ),
    (
        "q2",
        D + r"\begin{cases} \end{cases}",
        r"cannot read in '\begin{cases}\end{cases}': no cases",
    ),
    (
        "q2",
        D + r"\begin{cases} 1 & \text{maybe} \\ 2 \end{cases}",
        r"cannot read '\text{maybe}' in '\text{maybe}\\2\end{cases}': a case says which indices agree or differ",
    ),
    ("q2", r"\frac{\partial x_i}{\partial y_j} = 1", r"nothing says how this changes with y"),
    ("q1a", r"\frac{\partial x}{\partial y} = W^{-1}", r"nothing says how this changes with y"),
    (
        "q1a",
        r"\frac{\partial y}{\partial W} = x",
        r"the derivative of a vector with respect to a matrix has three indices, so it is not a matrix",
    ),
    (
        "q1a",
        r"\frac{\partial W}{\partial W} = 1",
        r"the derivative of a vector with respect to a matrix has three indices, so it is not a matrix",
    ),
    ("q1a", r"\frac{\partial C}{\partial z} = 3", r"a derivative with respect to z is not read here"),
    ("q2", r"\frac{1}{0} = 1", r"it divides by zero"),
    ("q2", r"e^{i} = 1", r"nothing says what i is"),
    ("q2", r"(-\beta^2)^{0.5} = x_i", r"only numbers above 0 have powers that are not whole"),
    ("q2", r"(-1)^{1/2} = 1", r"only numbers above 0 have powers that are not whole"),
    ("q2", r"\log(-1) = 1", r"it takes the logarithm of what is not above 0"),
    ("q2", r"y_{K+1} = 1", r"y has no entry 6 here"),
    ("q2", r"y_{1.5} = 1", r"cannot read '.' in '}': an index is a letter or a whole number"),
    ("q1a", r"(W x)_3 = 1", r"it has no such entry"),
    ("q2", r"\mathrm{softmax}(3) = y", r"the argument of a function of vectors must be such a vector"),
    ("q2", r"\mathrm{softmax}(x + 1)_i = y_i", r"the argument of a function of vectors must be such a vector"),
    ("q1a", r"C'(y) = 3", r"nothing says what a prime differentiates with respect to"),
    (
        "q1a",
        r"x' = 1",
        r"nothing says for certain what is meant by a prime: the shapes do not fit: 1x2 on the left, "
        r"a number on the right, for W 2x2",
    ),
    ("q2", r"\beta' = 1", r"nothing says what a prime differentiates with respect to"),
    ("q1a", r"C(2 y) = C(y)", r"C is known as a function of y only"),
    ("q1a", r"C(3) = 3", r"C is known as a function of y only"),
    ("q2", r"\sqrt{-1} = 1", r"it takes the root of what is not above 0"),
    ("q2", r"x_1^{65} = 1", r"only exponents up to 64 can be read"),
    ("q2", r"\exp(100000) = 1", r"the number in an exponential is too large"),
    ("q2", r"\log 0 = 1", r"it takes the logarithm of what is not above 0"),
    ("q2", r"\frac{x_1}{0} = 1", r"it divides by zero"),
    ("q2", r"\sum_{i<j} y_i = 1", r"cannot read 'i<j' in 'y_i': a sum must have its letter below it"),
    ("q2", r"\int y = 1", r"cannot read '\int' in '\int y': this is not read"),
    ("q2", r"\lim_{n} y = 1", r"cannot read '\lim' in '\lim_{n}y': this is not read"),
    ("q2", r"y \in \mathbb{R}^K = y", r"an equals sign after another relation is not read"),
    ("q2", r"\nabla^2 y = 1", r"cannot read '\nabla' in 'y': a Hessian must say what it is taken with respect to"),
    ("q1a", r"1.5.2 = 1", r"cannot read '1.5.2' in '2': a number has only one decimal point"),
    ("q1a", r"1234567890123 = 1", r"cannot read '123456789012...' in '3': at most 12 digits"),
    ("q1a", r"x =", r"nothing comes after its equals sign"),
    ("q1a", r"x_{} = 1", r"cannot read in '}': an index is a letter or a whole number"),
    ("q1a", r"\frac{1} = 1", r"cannot read in '}': the line ends too early"),
    ("q1a", r"\unknown = 1", r"cannot read '\unknown' in '\unknown': this is not read"),
    ("q1a", r"x \% y = 1", r"cannot read '\%' in '\%y': this is not read"),
    ("q1a", r"x! = 1", r"cannot read '!' in '!': this is not read"),
]


@pytest.fixture(scope="module")
def questions(assignment: Assignment) -> list[Question]:
    return [question_of(place, one) for place, one in enumerate(asked(assignment))]


def line(latex: str, question: str, questions: list[Question]) -> wire.Finding:
    piece = wire.Piece(question=question, form="markdown", text=f"$${latex}$$")
    (found,) = (one for one in findings_of([piece], questions) if one.kind == "line")
    return found


@pytest.mark.parametrize(("question", "latex"), HOLDS)
def test_what_is_true_holds(question: str, latex: str, questions: list[Question]) -> None:
    found = line(latex, question, questions)
    assert (found.mark, found.detail.partition(" to ")[0]) == ("holds", "values agree")


@pytest.mark.parametrize(("question", "latex", "why"), FAILS)
def test_what_is_not_true_fails_and_says_where(question: str, latex: str, why: str, questions: list[Question]) -> None:
    found = line(latex, question, questions)
    assert (found.mark, found.detail) == ("fails", why)


@pytest.mark.parametrize(("question", "latex", "why"), UNREAD)
def test_what_is_not_read_is_said_and_why(question: str, latex: str, why: str, questions: list[Question]) -> None:
    found = line(latex, question, questions)
    assert (found.mark, found.detail) == ("unread", why)
