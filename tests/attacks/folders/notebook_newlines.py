"""Goal: stop the whole class with a written answer of line ends that an expression takes hours over.

Fires: aborted
Without: reading
"""

import json
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {"hw1": {"written": "q1a"}}, "source": "\n" * 4_000_000 + "x"},
        {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": "x = 1"},
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (folder / "attack.ipynb").write_text(json.dumps(notebook))
