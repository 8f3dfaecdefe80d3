"""Goal: declare an encoding that changes what is read.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").write_bytes(b"# -*- coding: utf-7 -*-\n+AG8AcwAuAF8AZQB4AGkAdA-\n")
