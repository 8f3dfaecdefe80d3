"""Goal: hand in half a character.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.ipynb").write_text(
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}'
    )
