"""The rules a step may name, and the weaker premises each must hold under, also in words for a reader.

Values alone do not show that a step follows: a term with a factor that happens to be 0 may carry any sign. Under the
premises of its rule the step has nothing to lean on but the rule.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Premises:
    """What an evaluation may use: a rule's premises are weaker than all that is known."""

    #: A cost's derivatives by parameters follow from the chain rule; else they are names.
    costs: bool = True
    #: Derivatives of what the module computes follow from its definition; else they are names.
    module: bool = True
    #: 0 is a number; else a name that only a slope that is 0 shares.
    zero: bool = True
    #: 0 + 0 = 0 is known of that name too, and 0 - 0 = 0.
    sums: bool = True
    #: A delta that is 0 beside other terms is a number all the same: these are the slope, which is not 0.
    deltas: bool = False
    #: exp(a + b) = exp(a) exp(b) is known.
    exponentials: bool = True


ALL = Premises()
NAMED = Premises(costs=False, module=False)
SLOPES = Premises(zero=False, sums=False)
_NAMED = "also with every derivative left unevaluated, as a name"
_SLOPES = "also with a derivative of 0 left in its place as a name, so that no term drops out unseen"
_VALUES = "by its elements alone: they all agree"
RULES: dict[str, tuple[Premises, str]] = {
    "definition": (ALL, "also word for word as the question defines it"),
    "layout": (NAMED, _NAMED),
    "components": (NAMED, _NAMED),
    "chain rule": (Premises(module=False), "also for any other module, whose outputs may depend on every parameter"),
    "substitution": (SLOPES, _SLOPES),
    "linearity": (NAMED, _NAMED),
    "quotient rule": (
        Premises(exponentials=False),
        "also with exponentials as names, without the rule for the exponential of a sum",
    ),
    "factoring": (
        Premises(costs=False, module=False, exponentials=False),
        "also with derivatives and exponentials left unevaluated, as names",
    ),
    "algebra": (NAMED, _NAMED),
    "differentiation": (SLOPES, _SLOPES),
    "matrix form": (ALL, _VALUES),
    "cases": (ALL, _VALUES),
}
RESULT_OF = "question "


def premises_of(rule: str) -> tuple[Premises, str]:
    """What a rule may use, and in Markdown what a step does that keeps to it; no words for a result, or without one."""
    return (ALL, "") if not rule or rule.startswith(RESULT_OF) else RULES[rule]
