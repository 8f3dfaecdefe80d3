"""A run that never ends: links in a circle, and pipes that nobody writes to, one of them in place of the timestamp."""

import os


def attack(notebook, folder):
    (folder / "timestamp.txt").unlink()
    for name in ("timestamp.txt", "plot.png", "hw1_check.py"):
        os.mkfifo(folder / name)
    for name, target in (("loop.txt", "loop.txt"), ("broken.txt", "/nonexistent")):
        (folder / name).symlink_to(target)
