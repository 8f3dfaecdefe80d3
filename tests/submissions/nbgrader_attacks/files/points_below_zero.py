"""A submission that stops the run: points of test cells that are no numbers, or below 0."""


def attack(notebook, folder):
    cells = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
    for cell, points in zip(cells, (-5, "many", None, [])):
        cell["metadata"]["nbgrader"]["points"] = points
