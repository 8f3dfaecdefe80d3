"""Somebody else's points: the notebook is a link to another student's."""


def attack(notebook, folder):
    (folder / "hw1.ipynb").unlink(missing_ok=True)
    (folder / "hw1.ipynb").symlink_to("../../honest-0/hw1/hw1.ipynb")
    return "as it is"
