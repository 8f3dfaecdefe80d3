"""Goal: hand in an archive that writes elsewhere.

Fires: reached
Without: reading
"""

import zipfile
from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    with zipfile.ZipFile(folder / "attack.zip", "w") as archive:
        archive.writestr("../escaped.py", "x = 1")
        archive.writestr(str(secret.parent / "escaped.py"), "x = 1")
