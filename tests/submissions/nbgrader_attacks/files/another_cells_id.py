"""Full marks for junk: the test cell of the largest part takes the name of one that is easier."""

from tests.nbgrader_attacks import by_id


def attack(notebook, folder):
    cells = by_id(notebook)
    cells["grade-affine_gradients"]["metadata"]["nbgrader"]["grade_id"] = "grade-softmax"
    cells["softmax"]["metadata"]["nbgrader"]["grade_id"] = "affine_gradients"
