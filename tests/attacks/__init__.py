"""Whole attacks, one file each: `code/` holds submissions, `folders/` builds what lies in a folder of submissions.

A file's first line is its goal. ``Fires`` names what shows that it worked, ``Without`` the defences that must be taken
away for that: where they are gone (`_without`), the same detector has to fire. In `code/`, a line ``# file: NAME``
begins a module that is handed in beside the code.

Fires
    points      it earns more than its functions deserve
    reached     something of it arrives outside: a file, a packet, shared memory, a text that is printed or published
    harm        an honest submission after it is graded otherwise
    left        a process of it outlives the grading
    aborted     the run does not end, or not with everybody's grade

Without
    separation  a process of its own, and comparison outside it on bytes: `_naive` runs and compares in one process
    isolation   namespaces, Landlock and seccomp
    limits      the kernel's limits on a process
    reading     `autograder.loading`: `_naive` reads whatever lies there
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SIGNS = ("points", "reached", "harm", "left", "aborted")
DEFENCES = ("separation", "isolation", "limits", "reading")
_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)
_HEAD = re.compile(r'"""Goal: (?P<goal>.+)\.\n\nFires: (?P<fires>\w+)\nWithout: (?P<without>[\w ]+)\n"""\n')


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One attack, as its file describes it."""

    name: str
    path: Path
    goal: str
    fires: str
    without: frozenset[str]

    @property
    def kind(self) -> str:
        """What its name begins with."""
        return self.name.partition("_")[0]


def attacks(folder: str) -> tuple[Attack, ...]:
    """Read the heads of all files in a folder."""
    return tuple(_attack(path) for path in sorted((HERE / folder).glob("*.py")))


def _attack(path: Path) -> Attack:
    head = _HEAD.match(path.read_text(encoding="utf-8"))
    assert head, f"{path}: no head that says Goal, Fires and Without"
    without = frozenset(head["without"].split())
    assert head["fires"] in SIGNS, f"{path}: fires {head['fires']}"
    assert without <= set(DEFENCES), f"{path}: without {sorted(without)}"
    return Attack(name=path.stem, path=path, goal=head["goal"], fires=head["fires"], without=without)


def files_of(source: str) -> dict[str, str]:
    """Take an attack's text apart: its code under no name, and the modules beside it under theirs."""
    code, *rest = _FILE.split(source)
    return {"": code, **dict(zip(rest[::2], rest[1::2], strict=True))}


def hand_in(folder: Path, student: str) -> None:
    """Put a small submission into a folder of that name."""
    (folder / student).mkdir()
    (folder / student / "hw1.py").write_text("def softmax(x, beta):\n    return x\n", encoding="utf-8")
