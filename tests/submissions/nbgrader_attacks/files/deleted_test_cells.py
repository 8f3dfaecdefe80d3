"""A submission that is never graded: without test cells; the functions are right and must be paid."""

from tests.nbgrader_attacks import by_id

ANSWERS = "right"


def attack(notebook, folder):
    cells = by_id(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in [c for n, c in cells.items() if n.startswith("grade-")]]
