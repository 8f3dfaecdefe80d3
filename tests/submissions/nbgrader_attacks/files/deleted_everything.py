"""A submission that stops the run: no cell is left."""


def attack(notebook, folder):
    notebook["cells"] = []
