"""Goal: hand in one line of nine million characters.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_text("x = [" + "1," * 4_500_000 + "]")
