"""Whether two sides agree, and the smallest place where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from itertools import product
from typing import Literal

from autograder.derivation import tree as t
from autograder.derivation.answers.chains import Chain, Reading
from autograder.derivation.answers.numbers import MisfitError, UnreadableError, Value, flat, same, shape
from autograder.derivation.answers.points import make_world, shown, told
from autograder.derivation.answers.records import printable
from autograder.derivation.answers.worlds import Layout, Theory, World, extents

_SIZES: dict[Theory, tuple[tuple[int, int], ...]] = {
    "affine": ((2, 2), (1, 1), (3, 1), (2, 3), (1, 3), (3, 2)),
    "softmax": ((1, 1), (2, 2), (3, 3), (5, 5)),
}


def _letters(nodes: Sequence[t.Node]) -> list[str]:
    """Free index letters of some sides."""
    found: dict[str, None] = {}
    bound = {node.index for side in nodes for node in t.walk(side) if isinstance(node, t.Total)}
    for side in nodes:
        for node in t.walk(side):
            symbols = [node] if isinstance(node, t.Symbol) else [node.by] if isinstance(node, t.Partial) else []
            for symbol in symbols:
                found.update(dict.fromkeys(index for index in symbol.indices if not index.isdecimal()))
            if isinstance(node, t.Cases):
                for _, when in node.rows:
                    if when:
                        found.update(dict.fromkeys(index for index in (when.left, when.right) if not index.isdecimal()))
            if isinstance(node, t.Total):
                found.update(dict.fromkeys(index for index in node.skipped if not index.isdecimal()))
    return sorted(letter for letter in found if letter not in bound)


def _worlds(
    chain: Chain, nodes: Sequence[t.Node], layout: Layout, reading: Reading, sizes: Sequence[tuple[int, int]]
) -> Iterator[World]:
    """Points at which sides are compared, the most readable first."""
    theory = chain.question.theory
    letters = _letters(nodes)
    if len(letters) > 4:
        raise UnreadableError("it has more than four free indices")
    fixed = _written_out(nodes)
    # A side that tells the cases apart by itself is about all of them, unless one is asked for.
    condition = None if not chain.asked and any(map(tells_apart, nodes)) else chain.condition
    for rows, columns in [fixed] if fixed else sizes:
        for seed in (0, 1):
            world = make_world(
                theory, (rows, columns), seed, layout, definitions=reading.definitions, budget=reading.budget
            )
            whole = [t.Matrix(rows=(tuple(nodes),))]
            ranges = [range(extents(whole[0], letter, world.sizes, (rows, columns))) for letter in letters]
            for places in product(*ranges):
                at = dict(zip(letters, places, strict=True))
                if condition and {*condition[:2]} <= set(letters):
                    left, right, equal = condition
                    if (at[left] == at[right]) is not equal:
                        continue
                yield replace(world, letters=at)


def tells_apart(side: t.Node) -> bool:
    """Tell whether a side tells i = j from i != j by itself.

    Parameters
    ----------
    side : Node
        Any side.

    Returns
    -------
    bool
        Whether cases or a delta stand in it.
    """
    return any(isinstance(n, t.Cases) or (isinstance(n, t.Symbol) and n.name == "delta") for n in t.walk(side))


def _written_out(nodes: Sequence[t.Node]) -> tuple[int, int] | None:
    """The size that components written out ask for."""
    digits = [
        int(d)
        for side in nodes
        for node in t.walk(side)
        for s in _indexed(node)
        if s.name != "C"
        for index in s.indices
        if index.isdecimal()
        for d in (index if len(index) == 2 else [index])
    ]
    matrices = [node for side in nodes for node in t.walk(side) if isinstance(node, t.Matrix)]
    digits += [
        int(node.upper.digits)
        for side in nodes
        for node in t.walk(side)
        if isinstance(node, t.Total) and isinstance(node.upper, t.Number) and node.upper.digits.isdecimal()
    ]
    largest = max([*digits, *(max(len(m.rows), len(m.rows[0])) for m in matrices)], default=0)
    return (max(2, largest),) * 2 if 0 < largest <= 5 else None


def _indexed(node: t.Node) -> list[t.Symbol]:
    return [node] if isinstance(node, t.Symbol) else [node.by] if isinstance(node, t.Partial) else []


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether two sides agree.

    Attributes
    ----------
    mark : {"holds", "fails", "unread"}
        Whether.
    detail : str
        How it was decided, the smallest place where they differ, or why it cannot be computed.
    """

    mark: Literal["holds", "fails", "unread"]
    detail: str


def decide(
    chain: Chain,
    sides: tuple[t.Node, t.Node],
    layout: Layout,
    reading: Reading,
    sizes: Sequence[tuple[int, int]] | None = None,
) -> Decision:
    """Decide whether two sides agree, by their values at several points.

    Parameters
    ----------
    chain : Chain
        Where they stand: its module and condition.
    sides : tuple of (Node, Node)
        The two.
    layout : Layout
        How derivatives lie.
    reading : Reading
        Definitions, and the steps that are left.
    sizes : sequence of (int, int), optional
        Where to look; several sizes when None.

    Returns
    -------
    Decision
        With the first place where they differ, the most readable one.
    """
    points = 0
    seen: list[str] = []
    try:
        for world in _worlds(chain, sides, layout, reading, sizes or _SIZES[chain.question.theory]):
            here = f"K = {world.rows}" if world.theory == "softmax" else f"{world.rows}x{world.columns}"
            if here not in seen:
                seen.append(here)
            try:
                values = world.evaluate(sides[0]), world.evaluate(sides[1])
                if not same(*values):
                    return Decision(mark="fails", detail=_counterexample(world, here, sides, values))
            except MisfitError as error:
                return Decision(
                    mark="fails",
                    detail=f"the shapes do not fit: {error}, for W {here}"
                    if world.theory == "affine"
                    else f"the shapes do not fit: {error}, for {here}",
                )
            points += 1
    except UnreadableError as error:
        return Decision(mark="unread", detail=str(error))
    except (DecimalException, OverflowError, ValueError, RecursionError):
        return Decision(mark="unread", detail="its numbers are too large")
    if not points:
        return Decision(mark="unread", detail="there is no size at which its conditions can be met")
    return Decision(mark="holds", detail=f"values agree to 30 digits at {points} points ({', '.join(seen)})")


def _counterexample(world: World, here: str, nodes: Sequence[t.Node], values: tuple[Value, Value]) -> str:
    names = (
        ["beta", "x"]
        if world.theory == "softmax"
        else [
            name
            for name in ("x", "g", "b", "W")
            if name == "g" or any(s.name.upper() == name.upper() for n in nodes for b in t.walk(n) for s in _indexed(b))
        ]
    )
    said = told(world, names).replace("g =", "dC/dy =")
    indices = "".join(f", {letter} = {at + 1}" for letter, at in world.letters.items())
    return printable(f"for {here}{indices}, {said}: left {shown(values[0])}, right {shown(values[1])}")


def _factors(world: World) -> dict[str, Decimal]:
    """What students forget, or have too much."""
    named = {"a factor 3 is missing": Decimal(3), "a factor 3 is too many": 1 / Decimal(3)}
    if world.theory == "softmax":
        beta = world.numbers["beta", ()].value
        named = {
            "a factor beta is missing": beta,
            "a factor beta is too many": 1 / beta,
            "a factor beta is missing and the sign is wrong": -beta,
        }
    return {"the sign is wrong": Decimal(-1), **named}


def hint_of(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading) -> str:
    """Name what is wrong with an answer.

    Parameters
    ----------
    chain : Chain
        Where it stands.
    sides : tuple of (Node, Node)
        The derivative asked for, and the answer.
    layout : Layout
        How derivatives lie.
    reading : Reading
        Definitions, and the steps that are left.

    Returns
    -------
    str
        The factor between answer and truth where it is the same everywhere, or that it is transposed; empty otherwise.
    """
    fitting: set[str] | None = None
    sizes = ((3, 3),) if chain.question.theory == "softmax" else ((2, 3),)
    try:
        for world in _worlds(chain, sides, layout, reading, sizes):
            truth, mine = world.evaluate(sides[0]), world.evaluate(sides[1])
            if shape(truth) != shape(mine):
                turned = shape(mine) == "x".join(reversed(shape(truth).split("x")))
                return "its shape is that of the transpose" if turned else ""
            here = {name for name, factor in _factors(world).items() if _close(truth, mine, factor)}
            fitting = here if fitting is None else fitting & here
    except (UnreadableError, MisfitError, DecimalException, OverflowError, ValueError):
        return ""
    return min(fitting, default="") if fitting else ""


def _close(truth: Value, mine: Value, factor: Decimal) -> bool:
    pairs = zip(flat(truth), flat(mine), strict=True)
    return any(flat(mine)) and all(abs(b * factor - a) <= Decimal("1e-25") * (1 + abs(a)) for a, b in pairs)
