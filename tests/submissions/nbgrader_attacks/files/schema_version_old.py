"""A run that stops for the whole class: one cell with nbgrader's metadata of version 1."""


def attack(notebook, folder):
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 1
            cell["metadata"]["nbgrader"].pop("cell_type", None)
