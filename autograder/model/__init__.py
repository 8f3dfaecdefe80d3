"""What an author writes: an assignment, its questions, and for each the parts, cases, rubric and misconceptions.

Every record is frozen and takes keywords only. Rules that concern one record are enforced when it is made, and raise
`AssignmentError`; rules that concern a whole assignment are enforced by `autograder.loading`.
"""

from __future__ import annotations

from autograder.model.assignment import Assignment, HeatMap, Question
from autograder.model.cases import (
    Array,
    Draw,
    Family,
    Inputs,
    Kind,
    Output,
    Region,
)
from autograder.model.derivations import Definition, Derivation, Setting, Step, Symbol
from autograder.model.limits import MARGIN, Limits
from autograder.model.parts import Criterion, Misconception, Part

__all__ = [
    "MARGIN",
    "Array",
    "Assignment",
    "Criterion",
    "Definition",
    "Derivation",
    "Draw",
    "Family",
    "HeatMap",
    "Inputs",
    "Kind",
    "Limits",
    "Misconception",
    "Output",
    "Part",
    "Question",
    "Region",
    "Setting",
    "Step",
    "Symbol",
]
