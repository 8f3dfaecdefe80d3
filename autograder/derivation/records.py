"""What a proof says; imports neither SymPy nor lark, so that documents can be built from it cheaply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["holds", "differs", "misfit", "undecided"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether two sides are equal.

    Attributes
    ----------
    verdict : {"holds", "differs", "misfit", "undecided"}
        ``misfit``: shapes or indices do not fit; ``undecided``: a symbol or a form that is not understood.
    how : tuple of str
        The ways it was decided, each a few words.
    complaint : str
        One line on what is wrong; empty when it holds.
    counterexample : Mapping[str, str]
        Numbers for the symbols for which the sides differ, and the two values under ``left`` and ``right``.
    """

    verdict: Verdict
    how: tuple[str, ...] = ()
    complaint: str = ""
    counterexample: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the sides are equal."""
        return self.verdict == "holds"


@dataclass(frozen=True, kw_only=True)
class ProvedStep:
    """One equality after it was decided.

    Attributes
    ----------
    latex : str
        The right-hand side, printed from the tree that was decided.
    rule, reason : str
        As in the question file.
    number : int
        Its place in the whole assignment, from 1.
    holds : bool
        Whether it follows by its rule and agrees with the first side.
    how : tuple of str
        The ways it was decided.
    complaint : str
        What is wrong; empty when it holds.
    """

    latex: str
    rule: str
    reason: str
    number: int
    holds: bool
    how: tuple[str, ...]
    complaint: str


@dataclass(frozen=True, kw_only=True)
class ProvedDerivation:
    """A chain of equalities after they were decided.

    Attributes
    ----------
    question : str
        The question's id.
    title : str
        What is derived.
    left : str
        The first side, printed from its tree.
    steps : tuple of ProvedStep
        The equalities.
    condition : str
        When it holds, printed from its tree; empty when always.
    assumes, remarks : tuple of str
        Markdown, as in the question file.
    result : str
        Name of the result that the last side is; empty when none.
    """

    question: str
    title: str
    left: str
    steps: tuple[ProvedStep, ...]
    condition: str = ""
    assumes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    result: str = ""

    @property
    def holds(self) -> bool:
        """Whether every equality holds."""
        return all(step.holds for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Every equality of an assignment's derivations.

    Attributes
    ----------
    derivations : tuple of ProvedDerivation
        In order.
    """

    derivations: tuple[ProvedDerivation, ...]

    @property
    def equalities(self) -> tuple[ProvedStep, ...]:
        """All equalities, in order."""
        return tuple(step for derivation in self.derivations for step in derivation.steps)

    @property
    def holds(self) -> bool:
        """Whether every equality holds."""
        return all(step.holds for step in self.equalities)
