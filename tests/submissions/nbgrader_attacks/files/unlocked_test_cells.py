"""Full marks for junk: test cells are unlocked and say their result, under the checksum of the real ones."""


def attack(notebook, folder):
    for cell in notebook["cells"]:
        its = cell["metadata"].get("nbgrader", {})
        if its.get("grade"):
            its["locked"] = False
            cell["source"] = f"{its['points']}.0"
