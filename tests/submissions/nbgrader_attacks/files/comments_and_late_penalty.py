"""More points than there are: metadata from nbgrader's own later steps, as if it had been graded already."""


def attack(notebook, folder):
    notebook["metadata"]["nbgrader"] = {"score": 50, "max_score": 50, "late_penalty": -100}
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("nbgrader", {}).update(score=50, late_submission_penalty=-100)
