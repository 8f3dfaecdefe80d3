"""Goal: hand in null bytes.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_bytes(b"x = 1\0\n")
