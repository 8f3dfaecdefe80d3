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
