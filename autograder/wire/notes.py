"""What a note on loading says where nothing was raised: the worker's words, and the self-check's."""

TIMED_OUT, NOT_RUN = "timed_out", "not_run"
WHOLE_CELL = 0xFFFFFFFF
"""In place of a statement's index: what happened while the cell was compiled."""
OUT_OF_REACH = (
    "is defined here inside a class, another function, or a block that is not run when your work is graded, such as "
    '`if __name__ == "__main__"`, so it is not found. Move it out of there, to the left margin.'
)
"""What is said of a function that is missing, after its name."""
