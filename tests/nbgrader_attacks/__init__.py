"""Hostile submissions to an nbgrader course: found as files, one for each attack, and handed in.

``tests/submissions/nbgrader_attacks/code/NAME.py`` is what a student types into a cell of his own;
``.../files/NAME.py`` has a function that forges the notebook, or what lies beside it. The first line is the goal.
"""

from __future__ import annotations

import json
import runpy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.classroom.nbgrader_course import ASSIGNMENT, answered

FOLDER = Path(__file__).parents[1] / "submissions" / "nbgrader_attacks"
ON_TIME = "2020-02-01 12:00:00.000000 UTC"
# A function of the attack's own is kept: answer cells come after its cell.
_JUNK = "{part} = globals().get({part!r}, lambda *args, **kwargs: (0.0, 0.0))"


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A hostile submission.

    Attributes
    ----------
    name : str
        Of its file, and of the student who hands it in.
    goal : str
        What it is after; one line.
    path : Path
        Its file.
    """

    name: str
    goal: str
    path: Path

    def hand_in(self, course: Path, notebook: dict[str, Any], right: dict[str, str]) -> bool:
        """Put it where nbgrader collects; say whether its functions are right ones."""
        folder = course / "submitted" / self.name / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(ON_TIME, encoding="utf-8")
        forging = runpy.run_path(str(self.path)) if self.path.parent.name == "files" else {}
        answers_right = forging.get("ANSWERS") == "right"
        mine = answered(notebook, right if answers_right else {part: _JUNK.format(part=part) for part in right})
        if forging:
            ready = forging["attack"](mine, folder) == "as it is"
        else:
            mine["cells"].insert(0, code(self.path.read_text(encoding="utf-8")))
            ready = False
        if not ready:
            (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(mine), encoding="utf-8")
        return answers_right


def attacks() -> tuple[Attack, ...]:
    """List the attacks, by name."""
    found = []
    for path in sorted(FOLDER.glob("*/*.py"), key=lambda path: path.stem):
        goal = path.read_text(encoding="utf-8").splitlines()[0].strip('#" ')
        found.append(Attack(name=path.stem, goal=goal, path=path))
    return tuple(found)


def by_id(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name the instructor's cells."""
    cells = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells}


def code(text: str, **metadata: Any) -> dict[str, Any]:
    """Make a code cell."""
    return {"cell_type": "code", "metadata": metadata, "source": text, "outputs": [], "execution_count": None}


def markdown(text: str, **metadata: Any) -> dict[str, Any]:
    """Make a Markdown cell."""
    return {"cell_type": "markdown", "metadata": metadata, "source": text}


def raw(text: str, **metadata: Any) -> dict[str, Any]:
    """Make a raw cell."""
    return {"cell_type": "raw", "metadata": metadata, "source": text}
