"""That two sides agree, as a chain means it: what is looked at again in other ways where it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autograder.mathematics.answers.chains import Chain, Reading, Side
from autograder.mathematics.answers.comparing import Decision, settle
from autograder.mathematics.answers.known import Size
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.formulas import tree as t


@dataclass(frozen=True, kw_only=True)
class Claim:
    """That the first and the last of some sides agree."""

    chain: Chain
    #: With those between them, where there are any.
    sides: Sequence[Side]
    layout: Layout
    reading: Reading

    @property
    def ends(self) -> tuple[Side, Side]:
        """The sides that are compared."""
        return self.sides[0], self.sides[-1]

    def decided(self, sizes: Sequence[Size] | None = None) -> Decision:
        """Decide it, at the usual sizes or at others."""
        left, right = self.ends
        return settle(self.chain, left.nodes, right.nodes, self.layout, self.reading, sizes=sizes)

    def holds(self, sizes: Sequence[Size] | None = None) -> bool:
        """Whether it holds."""
        return self.decided(sizes).mark == "holds"

    def under(self, chain: Chain) -> Claim:
        """The same claim as another chain means it."""
        return replace(self, chain=chain)

    def read_as(self, change: Callable[[t.Node], t.Node]) -> Claim:
        """The same claim of sides that are read otherwise."""
        return replace(self, sides=[side.mapped(change) for side in self.ends])
