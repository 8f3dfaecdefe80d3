"""Goal: have a file of somebody else's read as a module of one's own.

Fires: reached
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack").mkdir()
    (folder / "attack" / "hw1.py").write_text("import tools\n", encoding="utf-8")
    (folder / "attack" / "tools.py").symlink_to(secret)
