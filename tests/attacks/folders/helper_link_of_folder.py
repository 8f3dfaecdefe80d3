"""Goal: have a folder elsewhere read as a package of one's own.

Fires: reached
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack").mkdir()
    (folder / "attack" / "hw1.py").write_text("import pkg.secret\n", encoding="utf-8")
    (folder / "attack" / "pkg").symlink_to(secret.parent)
