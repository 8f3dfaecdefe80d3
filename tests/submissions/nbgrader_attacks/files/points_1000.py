"""More points than there are: a test cell says it is worth 1000."""

ANSWERS = "right"


def attack(notebook, folder):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["points"] = 1000
