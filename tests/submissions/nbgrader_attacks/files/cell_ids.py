"""A run that stops, or a page with foreign marks: ids of cells that are the same, hostile or no text."""


def attack(notebook, folder):
    odd = ("same", "same", "\"><script>window.hw1_owned = true</script>", "../../x", "", None, 5, "x" * 5000, "a\nb")
    for cell, id_ in zip(notebook["cells"], odd):
        cell["id"] = id_
