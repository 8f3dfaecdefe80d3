"""What a proof says; imports neither SymPy nor lark, so that documents can be built from it cheaply."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Ruling = Literal["holds", "differs", "misfit", "undecided", "unfounded", "untried", "stopped"]
Means = Literal["sizes", "all sizes", "rule", "result"]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One way in which an equality was decided."""

    #: At sizes that are numbers; for all of them; under the premises of the step's rule, which may be fewer; by the
    #: result that it cites.
    kind: Means
    #: The same for a reader, Markdown without a full stop.
    words: str
    #: The rule, for ``"rule"`` and ``"result"``; else empty.
    rule: str = ""
    #: Whether the side was held against the first side of its chain, rather than against the one before.
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether two sides are equal."""

    #: ``misfit``: shapes or indices do not fit; ``undecided``: a symbol or a form that is not understood;
    #: ``unfounded``: equal in value, but not by its rule; ``untried``: equal to the first side, but the side before is
    #: not proved; ``stopped``: it took too long.
    verdict: Ruling
    #: The ways it was decided, when it holds.
    decisions: tuple[Decided, ...] = ()
    #: One line on what is wrong; empty when it holds.
    complaint: str = ""
    #: Numbers for the symbols for which the sides differ, and the two values under ``left`` and ``right``.
    counterexample: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the sides are equal."""
        return self.verdict == "holds"


@dataclass(frozen=True, kw_only=True)
class ProvedStep:
    """One equality after it was decided."""

    #: The right-hand side, printed from the tree that was decided.
    latex: str
    #: As in the question file.
    rule: str
    reason: str
    #: Its place in the whole assignment, from 1.
    number: int
    verdict: Ruling
    decisions: tuple[Decided, ...]
    complaint: str

    @property
    def holds(self) -> bool:
        """Whether it follows by its rule and agrees with the first side."""
        return self.verdict == "holds"

    @property
    def for_all_sizes(self) -> bool:
        """Whether it was decided for all sizes at once."""
        return any(one.kind == "all sizes" for one in self.decisions)


@dataclass(frozen=True, kw_only=True)
class ProvedDerivation:
    """A chain of equalities after they were decided."""

    question: str
    title: str
    #: The first side, printed from its tree.
    left: str
    steps: tuple[ProvedStep, ...]
    #: When it holds, printed from its tree; empty when always.
    condition: str = ""
    #: Markdown, as in the question file.
    assumes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    #: Rows and columns of the first side, numbers where components are written out; none for a number.
    shape: tuple[str, ...] = ()
    #: What the chain is about when it is not all sizes in the usual layout, Markdown; else empty.
    when: str = ""
    #: What the result is called that the last side is, such as ``"1a.2"``; empty when none.
    result: str = ""
    #: The result in words, Markdown; mostly empty.
    in_words: str = ""
    #: Whether it goes beyond the homework's own lines.
    general: bool = False

    @property
    def holds(self) -> bool:
        """Whether every equality holds."""
        return all(step.holds for step in self.steps)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many equalities were decided in one way, as in `Decided`."""

    kind: Means
    rule: str
    words: str
    equalities: int


@dataclass(frozen=True, kw_only=True)
class Proof:
    """Every equality of an assignment's derivations."""

    derivations: tuple[ProvedDerivation, ...]

    @property
    def equalities(self) -> tuple[ProvedStep, ...]:
        """All equalities, in order."""
        return tuple(step for derivation in self.derivations for step in derivation.steps)

    @property
    def holds(self) -> bool:
        """Whether every equality holds."""
        return all(step.holds for step in self.equalities)

    @property
    def for_all_sizes(self) -> int:
        """How many equalities were decided for all sizes at once."""
        return sum(step.for_all_sizes for step in self.equalities)

    @property
    def record(self) -> tuple[Tally, ...]:
        """The ways in which equalities were decided, by kind, the most frequent first."""
        kinds: dict[Means, int] = {"sizes": 0, "all sizes": 1, "result": 2, "rule": 3}
        ways = Counter(
            way for step in self.equalities for way in {(one.kind, one.rule, one.words): None for one in step.decisions}
        )
        tallies = (Tally(kind=k, rule=rule, words=words, equalities=n) for (k, rule, words), n in ways.items())
        return tuple(sorted(tallies, key=lambda tally: (kinds[tally.kind], -tally.equalities)))
