"""A run that stops for the whole class: metadata of versions that do not exist."""


def attack(notebook, folder):
    cells = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    for cell, version in zip(cells, (99, "3", None, -1, [], 2, 10**40)):
        cell["metadata"]["nbgrader"]["schema_version"] = version
