"""What a function of one part earns, and what its mistake is called: in this process, without a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.grading import PartGrader
from autograder.grading.diagnosis import call
from autograder.model import Assignment, Part
from autograder.naming import Library
from autograder.results import Cases, Outcome, Score


def answered(part: Part, cases: Cases, function: Callable[..., Any]) -> dict[str, Outcome]:
    names = [output.name for output in part.outputs]
    return {case.id: call(function, case, names) for case in cases.cases if case.part == part.name}


def scored(
    assignment: Assignment, cases: Cases, name: str, function: Callable[..., Any], course: Path | None = None
) -> tuple[Score, ...]:
    """Score a function of one part; the library is made anew."""
    ((question, part),) = ((q, p) for q in assignment.questions for p in q.parts if p.name == name)
    library = Library(assignment, cases, course, lambda _: None)
    return PartGrader(question, part, cases, library=library).scores(answered(part, cases, function))
