"""Where sides are compared: numbers for every letter, and how a person is told of them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count
from math import isqrt

from autograder.mathematics.answers.known import Known, Size
from autograder.mathematics.answers.numbers import Number, Place, Tensor, Value, flat, places
from autograder.mathematics.answers.records import Point


def make_point(known: Known, size: Size, seed: int, given: Mapping[str, Decimal] | None = None) -> Point:
    """Choose numbers for every letter: with seed 0 small whole ones to compute with, then unlikely ones.

    No two letters have a number in common, so that no formula is right by accident; and where exponentials are taken
    they are small, of both signs. What is given is what it is.
    """
    numbers: dict[tuple[str, Place], Decimal] = {}
    # 2 is for a constant: as an entry it would be a sum of two ones.
    primes = _primes(2 if known.constants else 3)
    for name, dimensions in _letters(known):
        for place in places(tuple(size[dimension] for dimension in dimensions)):
            value = Decimal(next(primes))
            if known.exponential:
                value = value / (10 if place else 4) * (-1 if sum(place) % 2 else 1)
            if seed:
                value = value + 1 / (value + seed + Decimal(2).sqrt())
                # Of other signs than before, so that no size stands for a number.
                value = value if sum(place) % 3 == 1 else -value
            numbers[name, place] = given[name] if given and name in given else value
    shapes = {name: tuple(size[dimension] for dimension in shape) for name, shape in known.shapes.items()}
    return Point(size, shapes, numbers)


def _letters(known: Known) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Letters that have numbers of their own, and their dimensions, the shortest first."""
    symbols, functions = known.setting.symbols, known.setting.functions
    yield from ((name, ()) for name in (*known.constants, *functions))
    yield from ((name, shape) for name, shape in symbols.items() if len(shape) == 1)
    yield from ((known.given[cost], known.shapes[of]) for cost, of in functions.items())
    yield from ((of, known.shapes[of]) for of in dict.fromkeys(functions.values()) if of in known.definitions)
    yield from ((name, shape) for name, shape in symbols.items() if len(shape) == 2)


def _primes(first: int) -> Iterator[int]:
    return (n for n in count(first) if all(n % divisor for divisor in range(2, isqrt(n) + 1)))


def any_number(name: str, at: Place = ()) -> Decimal:
    """A number for a letter that nothing explains, or for an entry of it, the same for the same one."""
    place = sum(ord(letter) << (7 * k) for k, letter in enumerate(name[:4]))
    place += sum((index + 1) * (101 + 30 * axis) for axis, index in enumerate(at))
    return Decimal(place % 997 + 3).sqrt() / 10 + Decimal(1) / 7


def told(point: Point, names: Sequence[str]) -> str:
    """The numbers of some letters, such as ``s = 0.5, u = (0.3, -0.5)``."""
    said = []
    for name in names:
        entries = [number for (letter, _), number in point.numbers.items() if letter == name]
        text = ", ".join(f"{float(number):.4g}" for number in entries)
        said.append(f"{name} = {text}" if len(entries) == 1 else f"{name} = ({text})")
    return ", ".join(said)


def shown(value: Value) -> str:
    """A value to four digits: a number, or rows in brackets, cut when they are many."""
    numbers = [f"{float(_rounded(number)):.4g}" for number in flat(value)]
    if isinstance(value, Number):
        return numbers[0]
    wide = len(value.slices[0][0]) if isinstance(value, Tensor) else len(value[0])
    rows = ["(" + ", ".join(numbers[k : k + wide]) + ")" for k in range(0, len(numbers), wide)]
    text = rows[0] if len(rows) == 1 else "(" + ", ".join(rows) + ")"
    return text if len(text) <= 100 else text[:97] + "..."


def _rounded(number: Decimal) -> Decimal:
    """What is 0 but for the last of its digits is 0."""
    return number if abs(number) > Decimal("1e-25") else Decimal(0)
