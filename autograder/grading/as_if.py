"""For which one number in place of an input a wrong answer to a public case would be right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from autograder.grading import diagnosis
from autograder.grading.compare import bounds, is_single, looked_at, within
from autograder.grading.sheets import magnitude, whole_inputs
from autograder.model import Array, Part
from autograder.results import Case

_FACTORS = (0.5, 2.0, -1.0)
"""What a number that was not ignored may be off by, for other reasons."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Other:
    """A public case with another number in it: what is right there."""

    name: str
    number: float
    truth: Array
    right: Array
    near: Array


class AsIf:
    """Tries the default of each number that a part takes, and 1; `truths` are those of its cases."""

    def __init__(self, part: Part, truths: Mapping[str, Mapping[str, Array]]) -> None:
        self._part = part
        self._truths = truths
        #: By case and output, for all who are wrong there.
        self._others: dict[tuple[str, str], tuple[_Other, ...]] = {}

    def explains(self, case: Case, output: str, actual: Array, mask: Array | None) -> dict[str, float]:
        """Find the one input, and the number in its place, that explains an answer in a region; empty if none does."""
        others = self._others.get((case.id, output))
        if others is None:
            others = self._others[case.id, output] = tuple(self._made(case, output))
        found: dict[str, float] = {}
        for one in others:
            elements = looked_at(actual, one.truth, one.right, one.near)
            if isinstance(elements, np.ndarray) and within(elements, mask, single=is_single(actual)) is None:
                found[one.name] = one.number
        return found if len(found) == 1 else {}

    def _made(self, case: Case, output: str) -> Iterator[_Other]:
        """Let the reference answer the case with other numbers; what has another shape then explains nothing."""
        part = self._part
        whole = whole_inputs(part, case)
        inputs = {name: whole[name] for name in part.parameters}
        (named,) = (one for one in part.outputs if one.name == output)
        for name, value in inputs.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            kind = type(value)
            for number in {kind(1), kind(part.defaults.get(name, 1))} - {value}:
                if kind is float and number and value / number in _FACTORS:
                    continue
                other = replace(case, inputs={**inputs, name: number})
                truth = diagnosis.call(part.reference, other, part.names).values.get(output)
                if isinstance(truth, np.ndarray) and truth.shape == self._truths[case.id][output].shape:
                    size = np.maximum(magnitude(part, named, other, truth), np.abs(truth))
                    right, near = bounds(size)
                    yield _Other(name=name, number=number, truth=truth, right=right, near=near)
