"""A matrix put together from its entries, or from smaller matrices."""

from collections.abc import Sequence

from autograder.mathematics.answers.numbers import (
    ZERO,
    Grid,
    MisfitError,
    Number,
    UnreadableError,
    Value,
    shape,
    without_tensor,
)


def widened(rows: Sequence[Sequence[Value]], nothing: Sequence[Sequence[bool]]) -> list[list[Value]]:
    """Give what a matrix is put together from, a 0 beside and above matrices as large as they are."""
    sizes = [[(len(one), len(one[0])) if isinstance(one, tuple) else (1, 1) for one in row] for row in rows]
    high = [max(size[0] for size in row) for row in sizes]
    wide = [max(size[1] for size in column) for column in zip(*sizes, strict=True)]
    return [
        [
            ((ZERO,) * wide[j],) * high[i] if nothing[i][j] and (high[i], wide[j]) != (1, 1) else one
            for j, one in enumerate(row)
        ]
        for i, row in enumerate(rows)
    ]


def blocks(rows: Sequence[Sequence[Value]]) -> Grid:
    """Put a matrix together from numbers, or from matrices that fit.

    Of another height than those beside them they cannot be read: who writes columns as rows may mean what is below.
    """
    found: list[tuple[Number, ...]] = []
    for row in rows:
        plain = [without_tensor(entry) for entry in row]
        grids = [((entry,),) if isinstance(entry, Number) else entry for entry in plain]
        if len({len(grid) for grid in grids}) > 1:
            raise UnreadableError(f"{shape(grids[0])} beside {shape(grids[-1])}")
        found += [tuple(number for line in lines for number in line) for lines in zip(*grids, strict=True)]
    if len({len(line) for line in found}) > 1:
        raise MisfitError(f"a row of {len(found[0])} above one of {len(found[-1])}")
    return tuple(found)
