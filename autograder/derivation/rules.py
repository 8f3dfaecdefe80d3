"""The rules a step may name, and the weaker theory each must hold in.

Values alone do not show that a step follows: a term with a factor that happens to be 0 may carry any sign. In the
theory of its rule the step has nothing to lean on but the rule.
"""

from __future__ import annotations

from autograder.derivation.meaning import FULL, Theory

NAMED = Theory(costs=False, module=False)
RULES: dict[str, tuple[Theory, str]] = {
    "definition": (FULL, "as the prompt defines it"),
    "layout": (NAMED, "every derivative a name"),
    "components": (NAMED, "every derivative a name"),
    "chain rule": (Theory(module=False), "y any function of all parameters"),
    "substitution": (Theory(zero=False), "0 a name"),
    "linearity": (NAMED, "every derivative of C a name"),
    "quotient rule": (Theory(exponentials=False), "no rule for exponentials"),
    "factoring": (Theory(costs=False, module=False, exponentials=False), "derivatives and exponentials names"),
    "algebra": (NAMED, "every derivative a name"),
    "differentiation": (Theory(zero=False), "0 a name"),
    "matrix form": (FULL, ""),
    "cases": (FULL, ""),
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
        The same in a few words; empty when everything may be.

    Raises
    ------
    KeyError
        If there is no such rule.
    """
    return (FULL, "") if not rule or rule.startswith(RESULT_OF) else RULES[rule]
