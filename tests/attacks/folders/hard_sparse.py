"""Goal: hand in a file of 100 GB that takes no room.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    with (folder / "attack.py").open("wb") as file:
        file.truncate(100 << 30)
