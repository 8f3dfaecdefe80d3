"""Marks for nothing, or an answer taken for none: checksums are copied, emptied and of another type."""


def attack(notebook, folder):
    cells = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    for cell, checksum in zip(cells, ("0" * 32, "", None, 5, [], "x" * 100_000, "0" * 32)):
        cell["metadata"]["nbgrader"]["checksum"] = checksum
