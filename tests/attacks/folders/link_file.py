"""Goal: have a file of the machine read through a link.

Fires: reached
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").symlink_to(secret)
