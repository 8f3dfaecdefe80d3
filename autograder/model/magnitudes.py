"""How exactly an answer can be known, when its author says nothing: by the slopes of the reference."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.model.cases import Array, Inputs
from autograder.model.parts import in_order
from autograder.model.roundings import spread

_STEP = 1e-5
"""By which share of itself a number is nudged; a tenth of what the magnitude is used for would do."""
_CANCELS = 2.0  #: From how many times the answer on its terms are larger than rounding makes them.
_INSIDE = 8.0
"""From how many times the answer on what rounding inside it does is more than many operations do."""


def magnitude_of(
    reference: Callable[..., Any], position: int, names: Sequence[str], fixed: Collection[str]
) -> Callable[[Inputs, Array], Array]:
    """Make an output's magnitude: the answer's own size, or where terms cancel that of the largest terms.

    The terms are the changes of an answer when each number of an input grows by its own size, all added up: of a sum of
    products they are the products. Rounding inputs and products is then within a few eps of the magnitude. Terms that
    cancel halfway are seen by what rounding there does. Inputs that are `fixed`, such as labels, cannot be nudged.
    """

    def answer(inputs: Mapping[str, Any]) -> Array:
        with np.errstate(all="ignore"):
            returned = in_order(reference(**inputs), names)
        return np.array(returned[position], dtype=np.float64)

    def magnitude(inputs: Inputs, truth: Array) -> Array:
        real = [name for name, value in inputs.items() if name not in fixed and not isinstance(value, int | str)]
        size = np.abs(truth)
        if not real or not size.size:
            return size
        terms = sum((_terms(answer, inputs, name, truth.shape) for name in real), np.zeros(truth.shape)) / len(real)
        inside = spread(answer, inputs, truth.shape)
        terms = np.maximum(terms, np.where(inside > _INSIDE * size, inside, 0.0))
        return np.where(terms > _CANCELS * size, np.maximum(terms.max(), size), size)

    return magnitude


def _terms(answer: Callable[[Mapping[str, Any]], Array], inputs: Inputs, name: str, shape: tuple[int, ...]) -> Array:
    """What an answer owes to one input, number by number, without signs."""
    value = np.array(inputs[name], dtype=np.float64)
    terms = np.zeros(shape)
    for index in np.ndindex(*value.shape):
        moved = []
        for share in (1 + _STEP, 1 - _STEP):
            nudged = value.copy()
            nudged[index] *= share
            moved.append(answer({**inputs, name: nudged if nudged.ndim else float(nudged)}).reshape(shape))
        terms += np.abs(moved[0] - moved[1]) / (2 * _STEP)
    return terms
