"""A homework that is not ours: two questions of other kinds, each of one part. What the engine does, it does for it."""

from autograder.model import Limits

ID = "other"
TITLE = "Small homework: sums and errors"
COURSE = "C 1"
TERM = "Some term"
DUE = "Some day"
LIMITS = Limits(
    cpu_seconds_per_call=0.5, cpu_seconds_per_function=2, cpu_seconds_per_statement=0.5, cpu_seconds_to_load=2
)
