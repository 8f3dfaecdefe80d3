"""Goal: hand in constants that JSON does not know.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.ipynb").write_text('{"nbformat": NaN, "cells": Infinity}')
