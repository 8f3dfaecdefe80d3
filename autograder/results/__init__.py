"""What a run produces, step by step: cases, outcomes, verdicts, scores, grades."""

from autograder.results.grades import (
    STUB,
    Adjustment,
    Finding,
    Grade,
    PartFeedback,
    Score,
    Verdict,
    WrittenQuestion,
    is_relaid,
    plain_shape,
)
from autograder.results.outcomes import Difference, Durations, LoadNote, Outcome, Run
from autograder.results.submissions import Case, Cases, Cell, Submission, Written
from autograder.results.versions import VERSIONS

__all__ = [
    "STUB",
    "VERSIONS",
    "Adjustment",
    "Case",
    "Cases",
    "Cell",
    "Difference",
    "Durations",
    "Finding",
    "Grade",
    "LoadNote",
    "Outcome",
    "PartFeedback",
    "Run",
    "Score",
    "Submission",
    "Verdict",
    "Written",
    "WrittenQuestion",
    "is_relaid",
    "plain_shape",
]
