"""Goal: hand in a notebook of a hundred thousand cells.

Fires: aborted
Without: reading
"""

import json
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    cell = {"cell_type": "code", "source": "def softmax(x, beta):\n    return x\n" * 2, "metadata": {}, "outputs": []}
    (folder / "attack.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell] * 50_000})
    )
