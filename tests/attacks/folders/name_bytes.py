"""Goal: have a name that is no text.

Fires: reached
Without: reading
"""

import os
from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, os.fsdecode(b"\xff\xfe"))
