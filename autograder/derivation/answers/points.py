"""Where sides are compared: numbers for every letter, and how a person is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from autograder.derivation.answers.numbers import Number, Value, flat
from autograder.derivation.answers.worlds import Budget, Definitions, Layout, Theory, World, places


def make_world(
    theory: Theory, size: tuple[int, int], seed: int, layout: Layout, *, definitions: Definitions, budget: Budget
) -> World:
    """Choose numbers for every letter: small whole ones first, then unlikely ones.

    Parameters
    ----------
    theory : {"affine", "softmax"}
        Which module.
    size : tuple of (int, int)
        m and n, or K twice.
    seed : int
        0 for numbers a person can compute with.
    layout : Layout
        How derivatives lie.
    definitions : Mapping
        The student's abbreviations.
    budget : Budget
        Steps that are left.

    Returns
    -------
    World
        No two letters have a number in common, so that no formula is right by accident.
    """
    rows, columns = size
    numbers: dict[tuple[str, tuple[int, ...]], Number] = {}
    shapes = {"beta": (), "C": (), "x": (columns,), "b": (rows,), "g": (rows,), "y": (rows,), "W": (rows, columns)}
    if theory == "softmax":
        shapes = {"beta": (), "x": (rows,)}
    # The primes 2, 3, 5 ... with a fractional part of their own for later seeds; exponents stay small.
    primes = iter((2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97))
    for name, dimensions in shapes.items():
        for place in places(dimensions):
            value = Decimal(next(primes))
            if theory == "softmax":
                value = value / 10 if name == "x" else value / 4
                value = -value if place and place[0] % 2 else value
            if seed:
                value = value + 1 / (value + seed + Decimal(2).sqrt())
            numbers[name, place] = Number(value)
    return World(
        theory=theory,
        rows=rows,
        columns=columns,
        numbers=numbers,
        layout=layout,
        definitions=definitions,
        budget=budget,
        letters={},
    )


def told(world: World, names: Sequence[str]) -> str:
    """Write the numbers of some letters.

    Parameters
    ----------
    world : World
        The point.
    names : sequence of str
        Letters.

    Returns
    -------
    str
        Such as ``"beta = 0.5, x = (0.3, -0.5)"``.
    """
    said = []
    for name in names:
        entries = [number for (letter, _), number in world.numbers.items() if letter == name]
        text = ", ".join(f"{float(number.value):.4g}" for number in entries)
        said.append(f"{name} = {text}" if len(entries) == 1 else f"{name} = ({text})")
    return ", ".join(said)


def shown(value: Value) -> str:
    """Write a value to four digits.

    Parameters
    ----------
    value : Number or Grid
        Any value.

    Returns
    -------
    str
        A number, or rows in brackets, cut when they are many.
    """
    numbers = [f"{float(number):.4g}" for number in flat(value)]
    if isinstance(value, Number):
        return numbers[0]
    wide = len(value[0])
    rows = ["(" + ", ".join(numbers[k : k + wide]) + ")" for k in range(0, len(numbers), wide)]
    text = rows[0] if len(rows) == 1 else "(" + ", ".join(rows) + ")"
    return text if len(text) <= 100 else text[:97] + "..."
