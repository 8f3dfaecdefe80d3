"""A run that stops for the whole class: metadata, sources and types that are no such thing."""


def attack(notebook, folder):
    odd = (None, "x", [], 5, {"nbgrader": "x"}, {"nbgrader": None}, {"nbgrader": {"grade": True}}, {"nbgrader": {"grade_id": {}}})
    for cell, metadata in zip(notebook["cells"], odd):
        cell["metadata"] = metadata
    for cell, kind in zip(notebook["cells"][8:], (None, "task", [], "html")):
        cell["cell_type"] = kind
    notebook["metadata"] = {"kernelspec": [], "language_info": "x", "autograder": 7}
