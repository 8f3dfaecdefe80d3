"""A run that stops for the whole class: a page under a notebook's name."""


def attack(notebook, folder):
    (folder / "hw1.ipynb").write_text("<script>window.hw1_owned = true</script>")
    return "as it is"
