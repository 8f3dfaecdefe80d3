"""Goal: be called nothing but spaces.

Fires: reached
Without: reading
"""

from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, "   ")
