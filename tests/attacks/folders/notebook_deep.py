"""Goal: hand in a notebook nested too deeply for a parser.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.ipynb").write_text("[" * 200_000 + "]" * 200_000)
