"""More points than there are: test cells and tasks of the student's own."""

from tests.nbgrader_attacks import code, markdown


def attack(notebook, folder):
    own = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "points": 100, "task": False}
    notebook["cells"] += [
        code("100.0", nbgrader={**own, "grade_id": "grade-mine"}),
        markdown("mine", nbgrader={**own, "grade_id": "mine", "solution": True, "locked": False}),
        markdown("mine", nbgrader={**own, "grade_id": "task", "grade": False, "task": True}),
    ]
