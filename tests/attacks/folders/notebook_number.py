"""Goal: hand in a number with a million digits.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.ipynb").write_text('{"nbformat": 4, "cells": [], "x": ' + "9" * 1_000_000 + "}")
