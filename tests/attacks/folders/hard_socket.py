"""Goal: let the reader open a socket.

Fires: aborted
Without: reading
"""

import socket
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "attack.py"))
