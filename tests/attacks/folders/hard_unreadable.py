"""Goal: hand in bytes that are no text.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_bytes(b"\xff\xfe\x00\xd8")
