"""A run that stops for the whole class: keys that nbgrader's metadata does not know."""


def attack(notebook, folder):
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"score": 20, "comment": "<script>hw1_owned = 1</script>", "extra_credit": 99, "manual_score": 20}
