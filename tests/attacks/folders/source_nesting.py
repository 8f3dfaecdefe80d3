"""Goal: hand in an expression nested too deeply for a compiler.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_text("x = " + "(" * 100_000 + ")" * 100_000)
