"""Goal: have so many modules read that they fill the grader's memory.

Fires: aborted
Without: reading
"""

import os
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    inside = folder / "attack" / "pkg"
    inside.mkdir(parents=True)
    (folder / "attack" / "hw1.py").write_text("import pkg\n", encoding="utf-8")
    (inside / "m.py").write_text("#" * 1_000_000, encoding="utf-8")
    for number in range(1_900):
        os.link(inside / "m.py", inside / f"m{number}.py")
