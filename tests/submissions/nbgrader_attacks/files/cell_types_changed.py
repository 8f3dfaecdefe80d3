"""A submission that is never graded: test cells become Markdown, answers raw text, prompts code."""


def attack(notebook, folder):
    for cell in notebook["cells"]:
        its = cell["metadata"].get("nbgrader", {})
        new = "markdown" if its.get("grade") else "raw" if its.get("solution") else "code"
        cell["cell_type"] = new
        if new == "code":
            cell.update(outputs=[], execution_count=None)
        else:
            cell.pop("outputs", None), cell.pop("execution_count", None)
