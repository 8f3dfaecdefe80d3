"""Goal: hand in an archive that unpacks to gigabytes.

Fires: aborted
Without: reading
"""

import zipfile
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    with zipfile.ZipFile(folder / "attack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("attack.py", bytes(1 << 28))
