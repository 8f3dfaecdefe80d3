"""Public cases with their numbers: what may be written out of an answer, and the judgment on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.grading.compare import within
from autograder.model import Array
from autograder.results import Case, Difference, Outcome, Verdict

SHOWN_ELEMENTS = 400
"""Largest answer to a public case that is written out; public cases themselves are small."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """One output of one public case, as far as it is the same for every criterion."""

    case: Case
    outcome: Outcome
    #: Its elements, or why it is different everywhere; None where there is no answer.
    found: Array | Difference | None
    single: bool
    #: Inputs, truth and answer in plain numbers.
    shown: Mapping[str, Any]


def changed_inputs(case: Case, outcome: Outcome) -> dict[str, Any]:
    """What is left of the arrays that a call changed, where it can be shown."""
    return {
        name: plain(left)
        for name, left in outcome.left.items()
        if isinstance(left, np.ndarray)
        and is_short(left)
        and (left.shape != case.inputs[name].shape or not np.array_equal(left, case.inputs[name]))
    }


def public_verdict(one: Shown, mask: Array | None) -> Verdict:
    """Judge a region of one output of a public case."""
    status, departs = one.outcome.status, None
    if status is None:
        departs = within(one.found, mask, single=one.single) if isinstance(one.found, np.ndarray) else one.found
        status = "passed" if departs is None else "approx" if departs.kind == "approx" else "wrong"
        status = "mutated" if one.outcome.mutated else "crashed" if one.found is None else status
    return Verdict(
        case=one.case.id,
        family=one.case.family,
        hidden=False,
        status=status,
        difference=departs,
        exception=one.outcome.exception,
        shown=one.shown,
    )


def is_short(actual: Array) -> bool:
    """Whether an answer to a public case is small enough to be shown; a million empty rows are not."""
    return bool(math.prod(max(size, 1) for size in actual.shape) <= SHOWN_ELEMENTS)


def plain(value: Any) -> Any:
    """A number or array as JSON can hold it; what is not finite as a word."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "fiu" and np.isfinite(value).all():
            return value.tolist()
        return [plain(v) for v in value] if value.ndim else plain(value.item())
    if isinstance(value, (np.generic, np.bool_)):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return repr(value)
    return value
