"""Full marks for junk: an answer cell is declared a test cell of 1000 points."""


def attack(notebook, folder):
    for cell in notebook["cells"]:
        its = cell["metadata"].get("nbgrader", {})
        if its.get("solution"):
            its.update(grade=True, solution=False, locked=True, points=1000)
            cell["source"] += "\n1000.0"
