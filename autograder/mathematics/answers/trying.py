"""Whether sides agree, at one size and little cost: how it is tried what letters are and how things lie."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograder.mathematics.answers.chains import Chain, Reading, Side
from autograder.mathematics.answers.comparing import Decision, settle
from autograder.mathematics.answers.records import Layout
from autograder.mathematics.formulas import tree as t

_USUAL = Layout()


def tried(
    chain: Chain, left: Sequence[t.Node], right: Sequence[t.Node], trial: Reading, layout: Layout = _USUAL
) -> Decision:
    """Decide whether two sides agree at the size at which little is right by accident."""
    return settle(chain, left, right, layout, trial, sizes=(chain.asking.known.telling,))


def agree(
    chain: Chain, left: Sequence[t.Node], right: Sequence[t.Node], trial: Reading, layout: Layout = _USUAL
) -> bool:
    """Whether they agree there."""
    return tried(chain, left, right, trial, layout).mark == "holds"


def equalities(chain: Chain) -> Iterator[tuple[Side, Side]]:
    """Give sides beside each other that can be read, and that are not the same."""
    for left, right in pairwise(chain.sides):
        if left.nodes and right.nodes and left.node != right.node:
            yield left, right
