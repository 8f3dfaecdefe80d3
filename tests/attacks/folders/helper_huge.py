"""Goal: hand in a module of gigabytes that takes no room on the disk.

Fires: aborted
Without: reading
"""

import os
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack").mkdir()
    (folder / "attack" / "hw1.py").write_text("import tools\n", encoding="utf-8")
    (folder / "attack" / "tools.py").touch()
    os.truncate(folder / "attack" / "tools.py", 1 << 32)
