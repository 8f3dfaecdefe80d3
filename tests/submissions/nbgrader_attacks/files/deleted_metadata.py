"""A submission that is never graded: all of nbgrader's metadata is gone; the functions are right and must be paid."""

ANSWERS = "right"


def attack(notebook, folder):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
