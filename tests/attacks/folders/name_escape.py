"""Goal: send colours and titles to the terminal.

Fires: reached
Without: reading
"""

from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, "x\x1b]0;owned\x07\x1b[31m")
