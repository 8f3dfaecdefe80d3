"""Goal: hand in a notebook whose every field has another type.

Fires: aborted
Without: reading
"""

import json
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    cells = [{"cell_type": "code", "source": value, "metadata": value} for value in (None, 1, {"a": 1}, [None], True)]
    (folder / "attack.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
