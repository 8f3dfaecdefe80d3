"""Goal: run a script where the table of students is shown.

Fires: reached
Without: reading
"""

from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, "<img src=x onerror=alert(1)>")
