"""Files of the instructor's: the timestamp is a link to the secret, which an error message would print."""


def attack(notebook, folder):
    (folder / "timestamp.txt").unlink()
    (folder / "timestamp.txt").symlink_to(folder.parents[2] / ".autograder" / "secret")
