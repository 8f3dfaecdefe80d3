"""What a run produces, step by step: cases, outcomes, verdicts, scores, grades."""

from __future__ import annotations

from autograder.results.grades import (
    Finding,
    Grade,
    GradeStatus,
    Isolation,
    Mark,
    PartFeedback,
    Score,
    Verdict,
    WrittenQuestion,
    plain_shape,
)
from autograder.results.outcomes import (
    OVERRUNS,
    STATUSES,
    Difference,
    Durations,
    LoadNote,
    Outcome,
    Overrun,
    Refusal,
    Run,
    Status,
)
from autograder.results.submissions import Case, Cases, Cell, SourceKind, Submission, Written
from autograder.results.versions import VERSIONS

__all__ = [
    "OVERRUNS",
    "STATUSES",
    "VERSIONS",
    "Case",
    "Cases",
    "Cell",
    "Difference",
    "Durations",
    "Finding",
    "Grade",
    "GradeStatus",
    "Isolation",
    "LoadNote",
    "Mark",
    "Outcome",
    "Overrun",
    "PartFeedback",
    "Refusal",
    "Run",
    "Score",
    "SourceKind",
    "Status",
    "Submission",
    "Verdict",
    "Written",
    "WrittenQuestion",
    "plain_shape",
]
