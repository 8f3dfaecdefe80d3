"""Finds in a graded course what an attack could have changed, read or left; used on nbgrader with us and without us."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np

from autograder.results import Cases
from tests.classroom.nbgrader_server import STARTED

TRACE = "hw1_attack_was_here"
"""Name of a file that commands of an attack would make."""
OWNED = "hw1_owned"
"""What scripts of an attack set in a browser's window."""
LARGEST = 2_000_000
"""Bytes of a page or notebook that no attack may exceed."""

Rows = dict[str, dict[Any, tuple[Any, ...]]]
_NUMBER = re.compile(r"\d+\.\d{9,}|0x1\.[0-9a-f]{9,}")
_SUBREAPER = 36
_FOREIGN = ("iframe", "object", "embed", "base", "form", "applet", "frame")


def rows(course: Path) -> Rows:
    """Read a gradebook: every row of every table, by table and first column; and the tables' own definitions."""
    with closing(sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True)) as book:
        tables = book.execute("select name, sql from sqlite_master").fetchall()
        names = [name for name, sql in tables if sql and sql.upper().startswith("CREATE TABLE")]
        found = {name: {row[0]: row for row in book.execute(f'select * from "{name}"')} for name in names}
    return found | {"sqlite_master": {name: (sql,) for name, sql in tables}}


def points(course: Path) -> dict[str, list[dict[str, Any]]]:
    """Read the scores of every student, one record a cell."""
    query = """select submitted_assignment.student_id as student, base_cell.name as cell,
        grade.auto_score, grade.manual_score,
        grade.extra_credit, grade.needs_manual_grade, grade_cells.max_score
        from grade join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
        join base_cell on base_cell.id = grade.cell_id join grade_cells on grade_cells.id = grade.cell_id"""
    with closing(sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True)) as book:
        book.row_factory = sqlite3.Row
        found: dict[str, list[dict[str, Any]]] = {}
        for row in book.execute(query):
            found.setdefault(row["student"], []).append(dict(row))
    return found


def total(cells: list[dict[str, Any]]) -> float:
    """Add up as nbgrader does."""
    return sum(
        (cell["auto_score"] if cell["manual_score"] is None else cell["manual_score"]) + (cell["extra_credit"] or 0)
        for cell in cells
        if cell["auto_score"] is not None or cell["manual_score"] is not None
    )


def hidden_numbers(cases: Cases) -> frozenset[str]:
    """Collect the first digits of numbers in hidden cases and their truths that are in no public case."""
    numbers: dict[bool, set[str]] = {True: set(), False: set()}
    for case in cases.cases:
        for values in (*case.inputs.values(), *cases.truths[case.id].values()):
            for number in np.ravel(np.asarray(values, dtype=float)).tolist():
                for text in (repr(abs(number)), number.hex().removeprefix("-")):
                    if match := _NUMBER.match(text):
                        numbers[case.hidden].add(match[0][:12])
    return frozenset(numbers[True] - numbers[False])


def leaks(folders: list[Path], numbers: frozenset[str], secrets: dict[str, bytes]) -> list[str]:
    """Look in every file of some folders for hidden numbers and for other files' content."""
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_symlink():
                found.append(f"{path.name} is a link")
            elif path.is_file():
                data = path.read_bytes()
                found += [f"{path.name} holds {what}" for what, secret in secrets.items() if secret in data]
                text = data.decode("utf-8", "replace")
                if hits := {match[0] for match in _NUMBER.finditer(text) if match[0][:12] in numbers}:
                    found.append(f"{path.name} holds {len(hits)} hidden numbers, {min(hits)}")
                if len(data) > LARGEST:
                    found.append(f"{path.name} has {len(data)} bytes")
    return found


class _Page(HTMLParser):
    """Collects what would run, or stand in front of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag in ("script", "style")
        if tag in _FOREIGN or dict(attrs).get("id") == "fake-score":
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            link = re.sub(r"[\s\x00-\x1f]", "", value or "").casefold()
            if name.startswith("on") or link.startswith(("javascript:", "vbscript:", "data:text", "data:image/svg")):
                self.found.append(f"<{tag} {name}={(value or '')[:60]!r}>")

    def handle_data(self, data: str) -> None:
        if self._script and (OWNED in data or "50 / 50" in data):
            self.found.append(f"script or style: {data[:60]!r}")

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def active(page: str) -> list[str]:
    """List what in a page of HTML a student could have put there to run."""
    parser = _Page()
    parser.feed(page)
    return parser.found


@contextmanager
def orphans() -> Iterator[list[str]]:
    """Adopt processes that lose their parent, and after the block list, then end, those that are still there."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = set(_children())
    libc.prctl(_SUBREAPER, 1)
    found: list[str] = []
    try:
        yield found
    finally:
        # A server that the block was the first to ask for serves later tests, too.
        for pid in set(_children()) - before - set(STARTED):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if command:
                found.append(command)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        libc.prctl(_SUBREAPER, 0)


def _children() -> list[int]:
    folder = Path("/proc/self/task")
    return [int(pid) for task in folder.iterdir() for pid in (task / "children").read_text().split()]


def files(course: Path, *folders: str) -> dict[str, str]:
    """Hash what must stay as it is."""
    found = {}
    for folder in folders:
        for path in sorted((course / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                name = os.fsencode(path.relative_to(course)).decode("utf-8", "replace")
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
