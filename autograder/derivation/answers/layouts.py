"""Which layout of derivatives a student writes in: inferred and named, never punished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from autograder.derivation import tree as t
from autograder.derivation.answers.chains import Chain, Reading
from autograder.derivation.answers.deciding import decide
from autograder.derivation.answers.worlds import Budget, Layout, Stand

_STANDS: tuple[tuple[Stand, Stand], ...] = (("column", "column"), ("column", "row"), ("row", "row"), ("row", "column"))
# Only who lays dC/dy out as a row may turn dC/dW round: with a column, x (dC/dy)^T has its factors swapped.
_LAYOUTS = tuple(
    Layout(y=y, b=b, transposed=transposed)
    for transposed in (False, True)
    for y, b in _STANDS
    if y == "row" or not transposed
)
_MOST_CHAINS = 40
_SIZE = ((2, 3),)
_TRIAL_STEPS = 5_000
_FINAL = 3
"""What a final answer weighs against a step on the way to it."""


def document_layout(chains: Sequence[Chain], reading: Reading) -> Layout:
    """Infer the layout of a whole document.

    Parameters
    ----------
    chains : sequence of Chain
        All its chains.
    reading : Reading
        Definitions, and the steps that are left.

    Returns
    -------
    Layout
        Under which most holds; the first of several that do equally well.
    """
    affine = [chain for chain in chains if chain.question.theory == "affine"][:_MOST_CHAINS]
    return max(_LAYOUTS, key=lambda layout: sum(_held(chain, layout, reading) for chain in affine))


def chain_layout(chain: Chain, usual: Layout, reading: Reading) -> Layout:
    """Infer the layout of one chain: a student who changes between rows and columns is told so, no more.

    Parameters
    ----------
    chain : Chain
        The chain.
    usual : Layout
        The document's.
    reading : Reading
        Definitions, and the steps that are left.

    Returns
    -------
    Layout
        The usual one, or one with other rows and columns under which more of the chain holds.
    """
    if chain.question.theory != "affine":
        return usual
    others = [layout for layout in _LAYOUTS if layout.transposed == usual.transposed and layout != usual]
    return max([usual, *others], key=lambda layout: _held(chain, layout, reading))


def words(layout: Layout) -> str:
    """Name a layout.

    Parameters
    ----------
    layout : Layout
        Any.

    Returns
    -------
    str
        For a student to read.
    """
    shape = "dC/dW has the shape of W transposed" if layout.transposed else "dC/dW has the shape of W"
    return f"read with dC/dy as a {layout.y}, dC/db as a {layout.b}; {shape}"


def _held(chain: Chain, layout: Layout, reading: Reading) -> int:
    """How much of a chain holds under a layout; asking costs the document little of its budget."""
    nodes: list[t.Node] = [side.node for side in chain.sides if side.node is not None]
    if len(nodes) < 2:
        return 0
    given = min(_TRIAL_STEPS, reading.budget.steps // 10)
    trial = replace(reading, budget=Budget(steps=given))
    held = sum(decide(chain, pair, layout, trial, _SIZE).mark == "holds" for pair in pairwise(nodes))
    final = bool(chain.target) and decide(chain, (nodes[0], nodes[-1]), layout, trial, _SIZE).mark == "holds"
    reading.budget.steps -= given - max(trial.budget.steps, 0)
    return held + _FINAL * final
