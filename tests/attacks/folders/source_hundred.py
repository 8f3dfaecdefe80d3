"""Goal: hand in a line of a hundred million characters.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_text("1," * 50_000_000)
