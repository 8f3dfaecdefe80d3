"""Goal: have a folder of the machine read through a link.

Fires: reached
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack").symlink_to(secret.parent, target_is_directory=True)
