"""Goal: run a formula where the table is opened.

Fires: reached
Without: reading
"""

from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, '=HYPERLINK("http:127.0.0.1")')
