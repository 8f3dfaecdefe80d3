"""Whether two sides agree, and the smallest place where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DecimalException
from itertools import product
from typing import Literal

from autograder import wire
from autograder.mathematics.answers.asked import Question
from autograder.mathematics.answers.chains import Chain, Reading
from autograder.mathematics.answers.known import Known, Size
from autograder.mathematics.answers.numbers import MisfitError, UnreadableError, Value, flat, same, shape
from autograder.mathematics.answers.points import make_point, shown, told
from autograder.mathematics.answers.worlds import Layout, World
from autograder.mathematics.formulas import tree as t

_MOST_LETTERS = 4
_LARGEST_WRITTEN_OUT = 5
NOT_COMPUTED = (UnreadableError, MisfitError, DecimalException, OverflowError, ValueError, RecursionError)
"""What computing any line may raise."""


def world_of(question: Question, size: Size, seed: int, layout: Layout, reading: Reading) -> World:
    """The world of a question at one point, no letter free; its numbers are found once for a document."""
    key = (question.place, tuple(size.values()), seed)
    if key not in reading.points:
        reading.points[key] = make_point(question.known, size, seed)
    return World(
        known=question.known,
        point=reading.points[key],
        # Without a cost there is one way in which derivatives lie.
        layout=layout if question.known.has_cost else Layout(),
        definitions=reading.definitions,
        budget=reading.budget,
        letters={},
    )


def _letters(nodes: Sequence[t.Node]) -> list[str]:
    """Free index letters of some sides."""
    found: set[str] = set()
    bound: set[str] = set()
    for node in (below for side in nodes for below in t.walk(side)):
        match node:
            case t.Symbol():
                found.update(node.indices)
            case t.Total():
                bound.add(node.index)
                found.update(node.skipped)
            case t.Cases():
                found.update(index for _, when in node.rows if when for index in (when.left, when.right))
    return sorted(letter for letter in found - bound if not letter.isdecimal())


def _worlds(
    chain: Chain, nodes: Sequence[t.Node], layout: Layout, reading: Reading, sizes: Sequence[Size]
) -> Iterator[World]:
    """Points at which sides are compared, the most readable first."""
    letters = _letters(nodes)
    if len(letters) > _MOST_LETTERS:
        raise UnreadableError("it has more than four free indices")
    fixed = _written_out(nodes, chain.question.known)
    # A side that tells the cases apart by itself is about all of them, unless one is asked for.
    condition = None if not chain.asked and any(map(tells_apart, nodes)) else chain.condition
    for size in [fixed] if fixed else sizes:
        for seed in (0, 1):
            world = world_of(chain.question, size, seed, layout, reading)
            for places in product(*(range(world.extent(nodes, letter)) for letter in letters)):
                at = dict(zip(letters, places, strict=True))
                if condition and {*condition[:2]} <= set(letters):
                    left, right, equal = condition
                    if (at[left] == at[right]) is not equal:
                        continue
                yield replace(world, letters=at)


def tells_apart(side: t.Node) -> bool:
    """Whether a side tells i = j from i != j by itself: cases or a delta stand in it."""
    return any(isinstance(n, t.Cases) or (isinstance(n, t.Symbol) and n.name == "delta") for n in t.walk(side))


def _written_out(nodes: Sequence[t.Node], known: Known) -> Size | None:
    """The size that components written out ask for."""
    sizes = [0]
    for node in (below for side in nodes for below in t.walk(side)):
        match node:
            case t.Symbol() if known.shapes.get(known.name(node)) != ():
                numbers = (index for index in node.indices if index.isdecimal())
                sizes += [int(digits) for index in numbers for digits in (index if len(index) == 2 else [index])]
            case t.Matrix():
                sizes.append(max(len(node.rows), len(node.rows[0])))
            case t.Total(upper=t.Number(digits=digits)) if digits.isdecimal():
                sizes.append(int(digits))
    largest = max(sizes)
    return dict.fromkeys(known.dimensions, max(2, largest)) if 0 < largest <= _LARGEST_WRITTEN_OUT else None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether two sides agree."""

    mark: Literal["holds", "fails", "unread"]
    #: How it was decided, the smallest place where they differ, or why it cannot be computed.
    detail: str


def decide(
    chain: Chain,
    sides: tuple[t.Node, t.Node],
    layout: Layout,
    reading: Reading,
    sizes: Sequence[Size] | None = None,
) -> Decision:
    """Decide whether two sides of a chain agree, by their values at several points, of the setting's sizes or others.

    The first place where they differ is told: the most readable one.
    """
    known = chain.question.known
    if known.problem:
        return Decision(mark="unread", detail=f"not judged: {known.problem}")
    points = 0
    seen: dict[str, None] = {}
    try:
        for world in _worlds(chain, sides, layout, reading, sizes or known.setting.sizes):
            here = known.told(world.point.size)
            seen[here] = None
            try:
                values = world.evaluate(sides[0]), world.evaluate(sides[1])
                if not same(*values):
                    return Decision(mark="fails", detail=_counterexample(chain.question, world, here, sides, values))
            except MisfitError as error:
                of = f"{known.matrix} " if known.matrix and "=" not in here else ""
                return Decision(mark="fails", detail=f"the shapes do not fit: {error}, for {of}{here}")
            points += 1
    except UnreadableError as error:
        return Decision(mark="unread", detail=str(error))
    except (DecimalException, OverflowError, ValueError, RecursionError):
        return Decision(mark="unread", detail="its numbers are too large")
    if not points:
        return Decision(mark="unread", detail="there is no size at which its conditions can be met")
    return Decision(mark="holds", detail=f"values agree to 30 digits at {points} points ({', '.join(seen)})")


def _counterexample(
    question: Question, world: World, here: str, nodes: Sequence[t.Node], values: tuple[Value, Value]
) -> str:
    said = told(world.point, _letters_told(question, world, nodes))
    indices = "".join(f", {letter} = {at + 1}" for letter, at in world.letters.items())
    said = f", {said}" if said else ""
    return wire.printable(f"for {here}{indices}{said}: left {shown(values[0])}, right {shown(values[1])}")


def _letters_told(question: Question, world: World, nodes: Sequence[t.Node]) -> list[str]:
    """What a person needs to compute some sides: inputs, given gradients, and what the question differentiates by."""
    known = question.known
    names: set[str] = set()
    opened: set[str] = set()
    waiting = [below for side in nodes for below in t.walk(side)]
    by = {id(node.by) for node in waiting if isinstance(node, t.Partial)}
    while waiting:
        node = waiting.pop()
        if not isinstance(node, t.Symbol):
            continue
        name = known.name(node)
        names.add(name)
        own, defined = world.definitions.get((node.name, len(node.indices))), known.definitions.get(name)
        if (own or defined) and node.name not in opened and id(node) not in by:
            opened.add(node.name)
            waiting += t.walk(own.body if own else defined.right)  # type: ignore[union-attr]
    sought = {known.name(target.left.by) for target in question.targets}
    symbols = [letter for letter in dict.fromkeys(letter for letter, _ in world.point.numbers) if letter in names]
    symbols = [letter for letter in symbols if letter in known.setting.symbols]
    gradients = [gradient for cost, gradient in known.given.items() if cost in names]
    return [
        *(letter for letter in symbols if letter not in sought),
        *gradients,
        *(letter for letter in symbols if letter in sought),
    ]


def _factors(world: World) -> dict[str, Decimal]:
    """What students forget, or have too much."""
    known = world.known
    factors = {digits: Decimal(digits) for digits in known.factors}
    factors |= {name: world.point.numbers[name, ()] for name in known.constants}
    named = {"the sign is wrong": Decimal(-1)}
    for name, factor in factors.items():
        named[f"a factor {name} is missing"] = factor
        named[f"a factor {name} is too many"] = 1 / factor
        named[f"a factor {name} is missing and the sign is wrong"] = -factor
    return named


def hint_of(chain: Chain, sides: tuple[t.Node, t.Node], layout: Layout, reading: Reading) -> str:
    """Name what is wrong with an answer, given the derivative asked for and the answer.

    The factor between answer and truth where it is the same everywhere, or that it is transposed; empty otherwise.
    """
    fitting: set[str] | None = None
    try:
        for world in _worlds(chain, sides, layout, reading, (chain.question.known.telling,)):
            truth, mine = world.evaluate(sides[0]), world.evaluate(sides[1])
            if shape(truth) != shape(mine):
                turned = shape(mine) == "x".join(reversed(shape(truth).split("x")))
                return "its shape is that of the transpose" if turned else ""
            here = {name for name, factor in _factors(world).items() if _close(truth, mine, factor)}
            fitting = here if fitting is None else fitting & here
    except NOT_COMPUTED:
        return ""
    return min(fitting, default="") if fitting else ""


def _close(truth: Value, mine: Value, factor: Decimal) -> bool:
    pairs = zip(flat(truth), flat(mine), strict=True)
    return any(flat(mine)) and all(abs(b * factor - a) <= Decimal("1e-25") * (1 + abs(a)) for a, b in pairs)
