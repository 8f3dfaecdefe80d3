"""Goal: turn the direction of the line round.

Fires: reached
Without: reading
"""

from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, "x\u202e05,05")
