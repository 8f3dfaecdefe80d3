"""What a note on loading says where nothing was raised: the worker's words, and the self-check's."""

TIMED_OUT, NOT_RUN = "timed_out", "not_run"
WHOLE_CELL = 0xFFFFFFFF
"""In place of a statement's index: what happened while the cell was compiled."""
