"""A forged log, or a path elsewhere: names of files with newlines, quotes, escapes and no Unicode."""

import os


def attack(notebook, folder):
    for name in (b"a\nINFO | honest-0 0 of 50", b"\x1b[2Jx.txt", b"';drop table grade;--.txt", b"\xff\xfe.txt", b"-rf.txt", b"*.txt", b"hw1.ipynb ", b"x" * 200):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"x")
