"""Matrices whose dots stand for what the entries at their corners say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.mathematics.answers.alike import common
from autograder.mathematics.answers.matrices import blocks
from autograder.mathematics.answers.numbers import Number, UnreadableError, Value, is_scalar
from autograder.mathematics.answers.totals import extent
from autograder.mathematics.formulas import tree as t

if TYPE_CHECKING:
    from autograder.mathematics.answers.worlds import World

_DOTS = t.Operation(name="dots")


def matrix(world: World, node: t.Operation) -> Value:
    """Compute a matrix with dots; an entry that stands in it counts as it stands."""
    wide = int(node.indices[1])
    rows = [list(node.of[k : k + wide]) for k in range(0, len(node.of), wide)]
    if 1 in {len(rows), wide} and (whole := _stacked(world, rows)) is not None:
        return whole
    columns = [list(column) for column in zip(*rows, strict=True)]
    grid = [list(row) for row in _general_grid(world, rows)]
    last = {name: size - 1 for name, size in world.point.size.items()}
    for i, line in enumerate(rows):
        for j, entry in enumerate(line):
            down, right = _place(rows, i, len(grid)), _place(columns, j, len(grid[0]))
            if entry == _DOTS or not (0 <= down < len(grid) and 0 <= right < len(grid[0])):
                continue
            try:
                grid[down][right] = _at(world, entry, last)
            except UnreadableError:
                # It has a number that is too large here, or the letter of the last one.
                continue
    return tuple(map(tuple, grid))


def _stacked(world: World, rows: list[list[t.Node]]) -> Value | None:
    """A column of rows, or a row of columns; None where the entries are numbers."""
    size, general = _general(world, rows[0] if len(rows) == 1 else [row[0] for row in rows])
    values = [world.seeing({**world.letters, "#r": k}, varied=world.varied).evaluate(general) for k in range(size)]
    if all(map(is_scalar, values)):
        return None
    return blocks([values] if len(rows) == 1 else [[value] for value in values])


def _place(lines: Sequence[Sequence[t.Node]], at: int, size: int) -> int:
    """Where a line stands in the whole: counted from the first, or behind the dots from the last."""
    dotted = next((k for k, line in enumerate(lines) if k and _DOTS in (line[0], line[-1])), len(lines))
    return at if at < dotted else size - (len(lines) - at)


def _general_grid(world: World, rows: list[list[t.Node]]) -> tuple[tuple[Number, ...], ...]:
    """All entries, by what the corners say."""
    if len(rows) == 1 or len(rows[0]) == 1:
        line = rows[0] if len(rows) == 1 else [row[0] for row in rows]
        size, general = _general(world, line)
        numbers = tuple(_at(world, general, {"#r": k}) for k in range(size))
        return (numbers,) if len(rows) == 1 else tuple((number,) for number in numbers)
    if any(corner == _DOTS for corner in (rows[0][0], rows[0][-1], rows[-1][0], rows[-1][-1])):
        raise UnreadableError("a matrix with dots needs its corners")
    try:
        count, down = _general(world, [row[0] for row in rows])
        across, _ = _general(world, rows[0])
        _, right = _general(world, [row[-1] for row in rows])
        both = _joined(down, right, "#c")
        return tuple(tuple(_at(world, both, {"#r": i, "#c": j}) for j in range(across)) for i in range(count))
    except UnreadableError:
        # Its diagonal is of another kind.
        on = _joined(rows[0][0], rows[-1][-1], "#r")
        off = _joined(rows[0][-1], rows[-1][0], "#r", "#c")
    wide_ = range(extent(world, [on], "#r") if _names_a_place(on) else _unnamed_size(world))
    return tuple(tuple(_at(world, on if i == j else off, {"#r": i, "#c": j}) for j in wide_) for i in wide_)


def _at(world: World, node: t.Node, letters: dict[str, int]) -> Number:
    return world.seeing({**world.letters, **letters}, varied=world.varied).number(node, "an entry")


def _general(world: World, line: Sequence[t.Node]) -> tuple[int, t.Node]:
    """How long a line with dots is, and its entry at any place."""
    if _DOTS in {line[0], line[-1]}:
        raise UnreadableError("dots stand between the first entry and the last")
    if _DOTS not in line:
        return len(line), line[0]
    general = _joined(line[0], line[-1], "#r")
    behind = list(line).index(_DOTS)
    for entry in line[behind : len(line) - list(reversed(line)).index(_DOTS)]:
        if entry != _DOTS:
            # Between dots stands what is like the others, or nothing says where it stands.
            _joined(line[0], entry, "#r")
    if not _names_a_place(general):
        return _unnamed_size(world), general
    return extent(world, [general], "#r"), general


def _names_a_place(general: t.Node) -> bool:
    return any(isinstance(one, t.Symbol) and "#r" in one.indices for one in t.walk(general))


def _unnamed_size(world: World) -> int:
    """How many there are of entries that are all the same number."""
    return world.usual_size or min(world.point.size.values())


def _joined(one: t.Node, other: t.Node, letter: str, second: str = "") -> t.Node:
    """What two entries have in common, a letter where their numbers differ; the second where the first has no 1."""
    found = common(one, other, lambda mine, _: second if second and mine != "1" else letter)
    if found is None:
        raise UnreadableError("dots between entries that are not alike")
    return found
