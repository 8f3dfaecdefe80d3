"""What a computation is made of: layouts, definitions, steps that are left, points, and what stands around a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from autograder.mathematics.answers.known import Size
from autograder.mathematics.answers.numbers import Place, UnreadableError, Value
from autograder.mathematics.answers.scanner import letters_of
from autograder.mathematics.formulas import tree as t

Stand = Literal["column", "row"]
Shape = tuple[str, ...]
"""Dimensions, by name."""
MOST_KEPT = 20_000
"""Values that are kept at one point."""
MOST_STEPS = 300_000
"""Nodes computed for one document: its bound on time, whatever it says."""
OWN = "="
"""Before a letter of the student's own that is varied itself."""
MOVING = "d"
"""What is varied when all letters move at once, each in its own direction."""


PRIME = "'"
"""What is varied when nothing says by what a prime differentiates: every letter that nothing explains."""


SMALL = "~"
"""What is varied when letters are small, each in its own direction from 0."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How derivatives of a cost lie."""

    #: The derivatives by vectors.
    given: Stand = "column"
    #: Those by the vectors that `Setting.rows` names.
    rows: Stand = "column"
    #: Whether a derivative by a matrix has the shape of its transpose.
    transposed: bool = False


@dataclass(frozen=True, kw_only=True)
class Convention:
    """What lies the other way round than in the setting."""

    matrices: bool
    vectors: bool

    @property
    def words(self) -> str:
        """Say what the text does."""
        what = [*(["matrices the other way round"] * self.matrices), *(["vectors as rows"] * self.vectors)]
        return f"the text may take {' and '.join(what)}, and its question does not"


@dataclass(frozen=True, kw_only=True)
class Definition:
    """An abbreviation of the student's own."""

    #: Its free letters.
    indices: tuple[str, ...]
    body: t.Node


#: By name and number of indices.
Definitions = Mapping[tuple[str, int], Definition]


@dataclass(kw_only=True)
class Budget:
    """Steps that are left."""

    steps: int = MOST_STEPS

    def spend(self, steps: int = 1) -> None:
        """Take some; where none are left the line cannot be read."""
        self.steps -= steps
        if self.steps < 0:
            raise UnreadableError("judging the answer needs more computing than is allowed")


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a node is worth, with all that this depends on beside letters; the node stays what it is."""

    node: t.Node
    definitions: Definitions
    aside: Aside
    layout: Layout
    value: Value


@dataclass(frozen=True, eq=False)
class Point:
    """Numbers for every letter at one size, and what the definitions are worth there, kept once it is found."""

    size: Size
    #: Of the letters of the setting.
    shapes: Mapping[str, tuple[int, ...]]
    #: By letter and position, such as ``("u", (0,))``; a gradient that is given has a letter of its own.
    numbers: Mapping[tuple[str, Place], Decimal]
    defined: dict[tuple[str, Place, tuple[str, Place] | None], Value] = field(default_factory=dict)
    #: How far the letters of sums run, with the sum itself, so that it stays what it is.
    extents: dict[int, tuple[t.Total, int]] = field(default_factory=dict)
    #: Sums and derivatives, by themselves, what is varied and the letters that stand in them.
    kept: dict[tuple[object, ...], Kept] = field(default_factory=dict)
    #: Letters on which nodes depend.
    names: dict[tuple[int, int, int], Names] = field(default_factory=dict)
    #: The same with one number a little larger or smaller.
    shifted: dict[tuple[str, Place, Decimal], Point] = field(default_factory=dict)
    #: Definitions without one of them.
    fewer: dict[tuple[int, str, int], tuple[Definitions, Definitions]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """All letters and indices on which a node depends, and what says so, which stays what it is."""

    node: t.Node
    definitions: Definitions
    outputs: Definitions
    names: tuple[str, ...]


def names_in(point: Point, node: t.Node, definitions: Definitions, outputs: Definitions) -> tuple[str, ...]:
    """All letters and indices in a node and in what the student's own letters in it stand for, found once.

    None where what stands around it has a say, too.
    """
    key = id(node), id(definitions), id(outputs)
    found = point.names.get(key)
    if found is None:
        if len(point.names) >= MOST_KEPT:
            point.names.clear()
        names = tuple(_names_in(node, definitions, outputs))
        found = point.names[key] = Names(node, definitions, outputs, names)
    return found.names


def _names_in(node: t.Node, definitions: Definitions, outputs: Definitions) -> dict[str, None]:
    bodies: dict[str, list[t.Node]] = {}
    for (name, _), one in definitions.items():
        bodies.setdefault(name, []).append(one.body)
    names: dict[str, None] = {}
    waiting = [node, *(one.body for one in outputs.values())]
    while waiting:
        for below in t.walk(waiting.pop()):
            match below:
                case t.Symbol():
                    names |= dict.fromkeys((below.name, *(one for i in below.indices for one in letters_of(i))))
                    waiting += bodies.pop(below.name, ())
                case t.Total():
                    names |= dict.fromkeys((below.index, *below.skipped))
                case t.Operation(name="prime"):
                    return {}
                case t.Operation():
                    names |= dict.fromkeys(below.indices)
                case t.Cases():
                    whens = (when for _, when in below.rows if isinstance(when, t.Condition))
                    names |= dict.fromkeys(one for when in whens for one in (when.left, when.right))
    return names


def without(point: Point, definitions: Definitions, key: tuple[str, int]) -> Definitions:
    """All definitions but one: the same object whenever that is asked."""
    place = (id(definitions), *key)
    if place not in point.fewer:
        others = dict(definitions)
        del others[key]
        point.fewer[place] = definitions, others
    return point.fewer[place][1]


@dataclass(frozen=True, kw_only=True)
class Aside:
    """What a line's surroundings say of its letters."""

    #: By what a prime differentiates.
    prime: t.Symbol | None = None
    #: The number of the first entry.
    base: int = 1
    #: Whether the letter of a dimension as an index stands for the last entry.
    last: bool = False
    #: Whether letters that nothing explains are numbers, whichever.
    any_number: bool = False
    #: Letters that may be any number, vector or matrix, and their dimensions.
    free: Mapping[str, Shape] = field(default_factory=dict)
    #: Those of them that are small.
    small: frozenset[str] = frozenset()
    #: Letters that move when differentials are taken; all arrays when empty.
    moving: frozenset[str] = frozenset()
    #: Whether other letters of the student's own stay as they are while one is varied.
    fixed: bool = False
    #: Whether a number is added to every entry of a vector, and vectors side by side are multiplied by entries.
    by_entries: bool = False
    #: Whether a function of vectors is the logistic function where it is taken of a number.
    logistic: bool = False
    #: What the student says that an output is, by letters of the student's own.
    outputs: Definitions = field(default_factory=dict)
