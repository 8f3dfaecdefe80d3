"""Goal: link a submission to the device of endless zeros.

Fires: aborted
Without: reading
"""

from pathlib import Path


def build(folder: Path, secret: Path) -> None:
    (folder / "attack.py").symlink_to("/dev/zero")
