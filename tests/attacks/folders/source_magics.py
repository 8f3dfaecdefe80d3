"""Goal: hand in half a million lines that IPython would transform.

Fires: aborted
Without: reading
"""

import json
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.ipynb").write_text(
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "!ls\n" * 500_000}]})
    )
