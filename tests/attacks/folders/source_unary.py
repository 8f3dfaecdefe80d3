"""Goal: hand in a million minus signs.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_text("x = " + "-" * 1_000_000 + "1")
