"""Goal: pack a module that unpacks to gigabytes beside small code.

Fires: aborted
Without: reading
"""

import zipfile
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    with zipfile.ZipFile(folder / "attack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hw1/hw1.py", "import tools\n")
        archive.writestr("hw1/tools.py", bytes(1 << 28))
