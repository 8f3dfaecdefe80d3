"""Goal: let the compiler fold a constant of gigabytes.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_text("x = (1,) * 4096\n" * 100 + "y = " + " + ".join(["(1,)"] * 20_000))
