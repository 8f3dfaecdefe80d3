"""A run that stops for the whole class: half of a character in cells, names and metadata."""


def attack(notebook, folder):
    notebook["metadata"]["\ud800"] = "\udfff"
    for cell in notebook["cells"]:
        cell["metadata"]["\ud800"] = "\udc00"
        if not cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "# \ud800\x00\x08 x"
