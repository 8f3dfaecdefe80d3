"""Goal: lead the reader round in circles.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").symlink_to(folder / "attack.py")
