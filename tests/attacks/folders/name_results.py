"""Goal: be called like the table of results.

Fires: aborted
Without: reading
"""

from pathlib import Path

from tests.attacks import hand_in


def build(folder: Path, secret: Path) -> None:
    hand_in(folder, "grades.csv")
