"""Numbers in general position, costs, and inputs that are no numbers: what cases are drawn from."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import AssignmentError
from autograder.model.cases import Array, Cost

Shape = tuple[str, ...]
Sizes = Mapping[str, int]
_SIGNS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Input:
    """An input that is drawn in a way of its own."""

    #: ``draw(rng, shape, sizes)``: the value; `shape` holds numbers.
    draw: Callable[[np.random.Generator, tuple[int, ...], Sizes], Any]
    shape: Shape = ()  #: Names of its dimensions; none for a single value.
    real: bool = False  #: Whether it holds numbers that may be nudged: no labels, no switches.


def labels(shape: str, *, below: str) -> Input:
    """Describe whole numbers from 0 that name classes.

    Parameters
    ----------
    shape
        Names of the dimensions, such as ``"B"``; empty for one label.
    below
        The dimension that holds the number of classes.
    """

    def draw(rng: np.random.Generator, shape: tuple[int, ...], sizes: Sizes) -> Any:
        return rng.integers(0, size_of(below, sizes), shape or None)

    return Input(draw=draw, shape=tuple(shape.split()))


def positive(shape: str) -> Input:
    """Describe numbers above 0, no two alike.

    Parameters
    ----------
    shape
        Names of the dimensions; empty for one number.
    """

    def draw(rng: np.random.Generator, shape: tuple[int, ...], sizes: Sizes) -> Any:  # noqa: ARG001 - as all draws
        return rng.uniform(0.3, 3.0, shape) if shape else float(rng.uniform(0.3, 3.0))

    return Input(draw=draw, shape=tuple(shape.split()), real=True)


def spread(shape: str, *, shift: float = 0.0, twice: int = 0) -> Input:
    """Describe a vector of numbers on both sides of 0 that are evenly spread: no two near each other, in no order.

    Parameters
    ----------
    shape
        Name of the dimension, or a number.
    shift
        What is added to all.
    twice
        How many of the largest stand there twice.
    """

    def draw(rng: np.random.Generator, shape: tuple[int, ...], sizes: Sizes) -> Array:  # noqa: ARG001 - as all draws
        size = shape[0] - twice
        steps = np.linspace(-2.0, 2.4, size) if size > 1 else np.array([2.0])
        found = rng.permutation(steps + rng.uniform(-0.4, 0.4, size) * 2.0 / size) + shift
        if twice:
            found = np.sort(found)
            found = rng.permutation(np.append(found, found[-twice:]))
        return found

    return Input(draw=draw, shape=tuple(shape.split()), real=True)


def some_of(shape: str, *values: int) -> Input:
    """Describe some of these whole numbers, none twice, in any order.

    Parameters
    ----------
    shape
        Name of the dimension, or a number.
    *values
        What there is to draw.
    """

    def draw(rng: np.random.Generator, shape: tuple[int, ...], sizes: Sizes) -> Any:  # noqa: ARG001 - as all draws
        return rng.choice(np.array(values), shape, replace=False)

    return Input(draw=draw, shape=tuple(shape.split()))


def choice(*values: bool | str | int) -> Input:
    """Describe a switch: one of some values.

    Parameters
    ----------
    *values
        What it may be.
    """

    def draw(rng: np.random.Generator, shape: tuple[int, ...], sizes: Sizes) -> Any:  # noqa: ARG001 - as all draws
        return values[rng.integers(len(values))]

    return Input(draw=draw)


def between(low: float, high: float) -> Callable[[np.random.Generator], float]:
    """Draw one number from a range.

    Parameters
    ----------
    low, high
        Its ends.
    """
    return lambda rng: float(rng.uniform(low, high))


def one_of(*draws: Callable[[np.random.Generator], float]) -> Callable[[np.random.Generator], float]:
    """Draw in one of several ways, each as likely as the others.

    Parameters
    ----------
    *draws
        Such as `between` makes.
    """
    return lambda rng: draws[rng.integers(len(draws))](rng)


def negative(draw: Callable[[np.random.Generator], float]) -> Callable[[np.random.Generator], float]:
    """Draw a number below 0.

    Parameters
    ----------
    draw
        Its size.
    """
    return lambda rng: -draw(rng)


def either_sign(draw: Callable[[np.random.Generator], float]) -> Callable[[np.random.Generator], float]:
    """Draw a number of either sign.

    Parameters
    ----------
    draw
        Its size.
    """
    return lambda rng: draw(rng) * int(rng.choice([-1, 1]))


def size_of(words: str, sizes: Sizes) -> int:
    """Work out a dimension: a name, a number, or several with ``+ - * //`` between them and no spaces (``"n-k+1"``)."""

    def value(node: ast.AST) -> int:
        match node:
            case ast.Expression(body=body):
                return value(body)
            case ast.Name(id=name) if name in sizes:
                return sizes[name]
            case ast.Constant(value=int(number)):
                return number
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                return _SIGNS[type(sign)](value(left), value(right))
        raise AssignmentError(
            f"dimension {words!r}: no size for it; write a name out of {', '.join(sizes) or 'sizes={...}'} or a number"
        )

    try:
        return value(ast.parse(words, mode="eval"))
    except SyntaxError:
        raise AssignmentError(f"dimension {words!r} cannot be read; write a name, a number or such as n-k+1") from None


def numbers(rng: np.random.Generator, shape: tuple[int, ...], *, whole: bool = False) -> Array:
    """Draw numbers in general position: both signs, none zero, no two alike.

    Parameters
    ----------
    rng, shape
        Source of randomness, and what they fill.
    whole
        Whether they are integers.
    """
    count = int(np.prod(shape))
    sizes = rng.choice(np.arange(2, 2 + 3 * count), count, replace=False) if whole else rng.uniform(0.3, 3.0, count)
    found: Array = (signs(rng, count) * sizes).reshape(shape)
    return found


def signs(rng: np.random.Generator, count: int) -> Array:
    """Draw signs, 1 and -1: both, whenever there is room for both.

    Parameters
    ----------
    rng, count
        Source of randomness, and how many.
    """
    return np.where(rng.permutation(count) % 2 == rng.integers(2), 1, -1)


def linear(gradient: Array) -> Cost:
    """Make the cost whose gradient by the module's output is the one given, exactly."""
    return lambda torch, y: torch.sum(torch.tensor(gradient, dtype=torch.float64) * y)


# The costs keep each component of their gradient a sum of terms of one sign. Where terms cancel, the rounding of 3C's
# gradient differs from 3 times the rounding of C's by more than a tolerance made for the student's own few operations.


def _quadratic(rng: np.random.Generator, y: Array) -> Cost:
    """C = (y - t)^T Q (y - t) / 2, with Q full and not symmetric."""
    sign = signs(rng, y.size)
    target = y - sign * rng.uniform(0.3, 1.5, y.size)
    form = np.outer(sign, sign) * rng.uniform(0.2, 1.0, (y.size, y.size))

    def cost(torch: Any, y: Any) -> Any:
        d = y - torch.tensor(target)
        return d @ torch.tensor(form) @ d / 2

    return cost


def _log_sum_exp(rng: np.random.Generator, y: Array) -> Cost:
    """C = c log sum exp(+-(y - t))."""
    sign, height = signs(rng, y.size).astype(float), float(rng.uniform(3.0, 6.0))
    target = y - rng.uniform(-1.0, 1.0, y.size)
    return lambda torch, y: height * torch.logsumexp(torch.tensor(sign) * (y - torch.tensor(target)), dim=0)


def _quartic(rng: np.random.Generator, y: Array) -> Cost:
    """C = sum c (y - t)^4."""
    weights, target = numbers(rng, y.shape), y - rng.uniform(0.5, 1.2, y.size)
    return lambda torch, y: torch.sum(torch.tensor(weights) * (y - torch.tensor(target)) ** 4)


def _network(rng: np.random.Generator, y: Array) -> Cost:
    """C = v.tanh(A (y - t)), a network with one hidden layer of five."""
    hidden = rng.uniform(0.1, 0.6, (5, y.size)) * signs(rng, y.size)
    target, readout = y - rng.uniform(-0.5, 0.5, y.size), rng.uniform(0.5, 2.0, 5)
    return lambda torch, y: torch.tensor(readout) @ torch.tanh(torch.tensor(hidden) @ (y - torch.tensor(target)))


_COSTS = {"quadratic": _quadratic, "log_sum_exp": _log_sum_exp, "quartic": _quartic, "network": _network}
COSTS: Sequence[str] = tuple(_COSTS)  #: Costs whose gradient is left for autograd to find.


def cost(rng: np.random.Generator, name: str, y: Array) -> Cost:
    """Draw a cost of a module's output `y`, of any shape, by its name among `COSTS`: it is tame near `y`."""
    drawn = _COSTS[name](rng, np.ravel(y))
    return lambda torch, y: drawn(torch, y.reshape(-1))
