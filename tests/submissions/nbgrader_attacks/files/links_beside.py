"""Files of the instructor's: links beside the notebook, whose targets would be copied into the feedback."""


def attack(notebook, folder):
    course = folder.parents[2]
    for name, target in (
        ("gift.db", course / "gradebook.db"), ("notes.txt", course / ".autograder" / "secret"), ("plot.png", "/etc/passwd"), ("data.csv", "../../honest-0/hw1/hw1.ipynb"),
        ("folder", course / ".autograder"), ("null.txt", "/dev/null"),
    ):
        (folder / name).symlink_to(target)
