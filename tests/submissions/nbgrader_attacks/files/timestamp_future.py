"""Never late, or never graded again: handed in in the year 9999."""


def attack(notebook, folder):
    (folder / "timestamp.txt").write_text("9999-12-31 23:59:59.999999 UTC")
