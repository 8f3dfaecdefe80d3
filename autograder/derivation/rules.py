"""The rules a step may name, and the weaker theory each must hold in, also in words for a reader.

Values alone do not show that a step follows: a term with a factor that happens to be 0 may carry any sign. In the
theory of its rule the step has nothing to lean on but the rule.
"""

from __future__ import annotations

from autograder.derivation.theory import FULL, Theory

NAMED = Theory(costs=False, module=False)
_NAMED = "also with every derivative left unevaluated, as a name"
_SLOPES = "also with a slope of 0 left in its place as a name, so that no term drops out unseen"
_VALUES = "by its elements alone: they all agree"
RULES: dict[str, tuple[Theory, str]] = {
    "definition": (FULL, "also word for word as the question defines it"),
    "layout": (NAMED, _NAMED),
    "components": (NAMED, _NAMED),
    "chain rule": (Theory(module=False), "also for any other module, whose outputs may depend on every parameter"),
    "substitution": (Theory(zero=False), _SLOPES),
    "linearity": (NAMED, _NAMED),
    "quotient rule": (
        Theory(exponentials=False),
        "also with exponentials as names, without the rule for the exponential of a sum",
    ),
    "factoring": (
        Theory(costs=False, module=False, exponentials=False),
        "also with derivatives and exponentials left unevaluated, as names",
    ),
    "algebra": (NAMED, _NAMED),
    "differentiation": (Theory(zero=False), _SLOPES),
    "matrix form": (FULL, _VALUES),
    "cases": (FULL, _VALUES),
}
RESULT_OF = "question "


def theory_of(rule: str) -> tuple[Theory, str]:
    """Look up what a rule may use.

    Parameters
    ----------
    rule : str
        A key of `RULES`, or ``"question 1a"``: by a result of that question; empty for everything.

    Returns
    -------
    theory : Theory
        What may be used.
    words : str
        For a reader, what a step does that keeps to it, Markdown; empty without a rule, or for a result.

    Raises
    ------
    KeyError
        If there is no such rule.
    """
    return (FULL, "") if not rule or rule.startswith(RESULT_OF) else RULES[rule]
