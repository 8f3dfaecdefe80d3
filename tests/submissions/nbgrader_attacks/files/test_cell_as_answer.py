"""Full marks for junk: test cells are declared the student's own answers and say what they like."""


def attack(notebook, folder):
    for cell in notebook["cells"]:
        its = cell["metadata"].get("nbgrader", {})
        if its.get("grade"):
            its.update(solution=True, locked=False)
            cell["source"] = f"{its['points']}.0"
