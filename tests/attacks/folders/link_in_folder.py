"""Goal: hide a link inside a student's folder.

Fires: reached
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack").mkdir()
    (folder / "attack" / "hw1.py").symlink_to(secret)
