"""The truths that a part's answers are held against, and how exactly each can be known."""

import numpy as np

from autograder.errors import AssignmentError
from autograder.grading import diagnosis
from autograder.model import Array, Inputs, Output, Part
from autograder.results import Case, Cases


def whole_inputs(part: Part, case: Case) -> Inputs:
    """Take a case's inputs, with defaults for those that it leaves out."""
    return {**part.defaults, **case.inputs}


def magnitude(part: Part, output: Output, case: Case, truth: Array) -> Array:
    """Ask for the author's magnitude, and hold it to its contract: a wrong one would make every answer right."""
    found = np.asarray(output.magnitude(whole_inputs(part, case), truth), dtype=np.float64)
    if found.shape != truth.shape or not np.isfinite(found).all() or (found < 0).any():
        raise AssignmentError(
            f"{part.name}: the magnitude of {output.name!r} on case {case.id!r} has shape {found.shape} for a truth of "
            f"shape {truth.shape}, or is not finite and positive; correct it in the question's file"
        )
    return found


def sheets(part: Part, cases: Cases) -> dict[str, diagnosis.Sheet]:
    """Lay out the truths of one function's hidden cases, by output."""
    hidden = [case for case in cases.cases if case.part == part.name and case.hidden]
    found = {}
    for output in part.outputs:
        truths = [cases.truths[case.id][output.name] for case in hidden]
        magnitudes = [magnitude(part, output, case, truth) for case, truth in zip(hidden, truths, strict=True)]
        found[output.name] = diagnosis.sheet(output, hidden, truths, magnitudes)
    return found
