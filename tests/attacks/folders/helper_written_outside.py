"""Goal: write a module outside one's own folder, by a cell that writes files.

Fires: reached
Without: reading
"""

import json
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": f"%%writefile {path}\nx = 1\n"}
        for path in ("../../escaped.py", "./../../escaped.py", "../attack/../../escaped.py")
    ]
    (folder / "attack").mkdir()
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "attack" / "hw1.ipynb").write_text(json.dumps(document), encoding="utf-8")
