"""Question 4: on paper."""

from autograder.model import derivations, question, setting

PROMPT = r"""
Divide the numbers $\mathbf{u} \in \mathbb{R}^n$ by their sum of squares and a constant $a > 0$:

$$s = a + \sum_{k=1}^n u_k^2, \qquad w_i = \frac{u_i}{s}$$

Derive $\frac{\partial w_i}{\partial u_j}$ for $i = j$ and for $i \neq j$; and of

$$m = \frac{1}{n} \sum_{k=1}^n u_k, \qquad z_i = u_i - m$$

derive $\frac{\partial C}{\partial u_j}$ for a cost $C(\mathbf{z})$.
"""
DERIVATIONS = derivations(r"""
#! The diagonal
% for: i = j
\pdv{w_i}{u_j}
= \frac{s - u_i \pdv{s}{u_i}}{s^2}  % quotient rule: numerator and denominator depend on $u_i$.
= \frac{s - 2 u_i^2}{s^2}  % differentiation: of the sum of squares.

#! Off the diagonal
% for: i \neq j
\pdv{w_i}{u_j}
= - \frac{u_i}{s^2} \pdv{s}{u_j}  % quotient rule: the denominator alone depends on $u_j$.
= - \frac{2 u_i u_j}{s^2}  % differentiation: of the sum of squares.

#! The gradient by centered numbers
\pdv{C}{u_j}
= \sum_{k=1}^n \pdv{C}{z_k} \pdv{z_k}{u_j}  % chain rule: over all outputs.
= \sum_{k=1}^n \pdv{C}{z_k} \left( \delta_{kj} - \frac{1}{n} \right)  % substitution: the mean holds each number.
= \pdv{C}{z_j} - \frac{1}{n} \sum_{k=1}^n \pdv{C}{z_k}  % algebra: of the first sum one term is left.
""")
QUESTION = question(
    "q4",
    title="4: divided by the squares, on paper",
    prompt=PROMPT,
    setting=setting(
        PROMPT,
        {"u": "n", "a": ""},
        defines={"s": "", "w_i": "n", "m": "", "z_i": "n"},
        functions={"C": "z"},
        sizes=[{"n": 2}, {"n": 1}, {"n": 3}],
    ),
    derivations=DERIVATIONS,
    written_points=6,
)
