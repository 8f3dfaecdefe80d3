"""Another notebook beside the real one, and folders that look like other submissions."""

import json


def attack(notebook, folder):
    for name in ("hw1 (1).ipynb", "hw2.ipynb", "sub/hw1.ipynb", "HW1.ipynb"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(notebook))
