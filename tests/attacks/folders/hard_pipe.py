"""Goal: let the reader wait for a pipe.

Fires: aborted
Without: reading
"""

import os
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    os.mkfifo(folder / "attack.py")
