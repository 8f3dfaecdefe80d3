"""How much an evaluation may use: a rule's theory is weaker than all that is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Theory:
    """How much may be used.

    Attributes
    ----------
    costs : bool
        Whether a cost's derivatives by parameters follow from the chain rule, or are names.
    module : bool
        Whether derivatives of what the module computes follow from its definition, or are names.
    zero : bool
        Whether 0 is a number, or a name that only a slope that is 0 shares.
    exponentials : bool
        Whether exp(a + b) = exp(a) exp(b) is known.
    """

    costs: bool = True
    module: bool = True
    zero: bool = True
    exponentials: bool = True


FULL = Theory()
