"""Question 2: an elementwise exponential, on paper only."""

from autograder.model import derivations, notation, question, setting

PROMPT = r"""
Each number of a vector $\mathbf{u} \in \mathbb{R}^n$ becomes

$$q_i = \exp(u_i)$$

and a cost $L(\mathbf{q})$ follows. Find $\frac{\partial L}{\partial u_i}$, step by step. There is nothing to program.
"""

DERIVATIONS = derivations(r"""
# The slope of the exponential
\pdv{q_i}{u_i}
= \exp(u_i)  % differentiation: the exponential is its own slope.
= q_i  % substitution: the definition of the module.

#! The gradient
\pdv{L}{u_i}
= \sum_{k=1}^n \pdv{L}{q_k} \pdv{q_k}{u_i}  % chain rule: over all outputs.
= \sum_{k=1}^n \pdv{L}{q_k} \delta_{ki} \pdv{q_i}{u_i}  % substitution: $q_k$ depends on $u_i$ only for $k = i$.
= \pdv{L}{q_i} \pdv{q_i}{u_i}  % algebra: of the sum one term is left.
= \pdv{L}{q_i} q_i  % substitution: the slope found above.
""")

QUESTION = question(
    "q2",
    title="2: an elementwise exponential, on paper",
    section="Elementwise",
    prompt=PROMPT,
    notation=notation(r"""
        \mathbf{u} | the input | \mathbb{R}^n
        \mathbf{q} | the output | \mathbb{R}^n
    """),
    setting=setting(
        PROMPT, {"u": "n"}, defines={"q_i": "n"}, functions={"L": "q"}, sizes=[{"n": 2}, {"n": 1}, {"n": 3}]
    ),
    derivations=DERIVATIONS,
    written_points=3,
)
