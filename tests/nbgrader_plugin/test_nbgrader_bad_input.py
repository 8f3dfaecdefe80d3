"""What students and instructors can get wrong around nbgrader: one clear line each, and nobody else pays for it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from autograder.loading import load_assignment, part_reference
from tests.classroom import ledger
from tests.classroom.notebooks import answered, code, grade_id
from tests.classroom.room import ASSIGNMENT, NOTEBOOK, SELF, open_classroom

# One course for the whole module: on one worker.
pytestmark = pytest.mark.xdist_group("nbgrader-bad-input")

HUGE = 100_000_000
UNREADABLE = {
    "not-json": (b"{", "not valid JSON"),
    "version-3": (b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}', "version 3, not 4"),
    "latin": ('{"nbformat": 4, "cells": [], "metadata": {"name": "caf\xe9"}}'.encode("latin-1"), "not UTF-8"),
    "text-cells": (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ["1 + 1"]}', "no list of cells"),
    "a-list": (b"[]", "not a notebook"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "huge": (None, "100.0 MB, and the limit is 10 MB"),
    "linked": (None, "symbolic link"),
}


def other_homework():
    """Somebody's notebook of the homework after this one."""
    marks = {
        "schema_version": 3,
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 5,
        "grade_id": "grade-conv",
    }
    cells = [
        code("def conv(x, w):\n    return x * w\n"),
        {**code("assert conv(2, 3) == 6"), "metadata": {"nbgrader": marks}},
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"autograder": {"assignment": "hw2"}}, "cells": cells}


@pytest.fixture(scope="module")
def assignment(another):
    return load_assignment(another)


@pytest.fixture(scope="module")
def room(another_generated, assignment):
    with open_classroom(instructor=SELF, students=SELF, generated=another_generated) as room:
        released = room.released()
        sources = {part.name: part_reference(part) for part in assignment.parts}
        right = answered(released, sources)
        for student in ("ada", "zoe"):  # before and after all others
            room.put(student, right)
        for student, (data, _) in UNREADABLE.items():
            room.put(student, data or b"")
        with (room.course / "submitted" / "huge" / NOTEBOOK).open("wb") as file:
            file.truncate(HUGE)
        link = room.course / "submitted" / "linked" / NOTEBOOK
        link.unlink()
        link.symlink_to(room.course / "submitted" / "ada" / NOTEBOOK)
        room.put("no-cells", {**released, "cells": []})
        room.put("own-cells", {**released, "cells": [code(source) for source in sources.values()]})
        room.put(
            "prompts-only", {**released, "cells": [c for c in released["cells"] if grade_id(c).startswith("prompt")]}
        )
        room.put(
            "other-kernel", {**right, "metadata": {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}}
        )
        room.put("other-homework", other_homework())
        room.put("other-name", right, name="homework 1 (2).ipynb")
        yield room


@pytest.fixture(scope="module")
def graded(room):
    """Grade the class once, whatever the exit code."""
    return room.teach("autograde", ASSIGNMENT, code=None)


def test_nobody_pays_for_anothers_file(room, graded, assignment):
    scores = {student: sum(cells.values()) for student, cells in ledger.scores(room).items()}
    assert scores == {
        **dict.fromkeys(("ada", "zoe", "own-cells", "other-kernel"), assignment.possible),
        **dict.fromkeys((*UNREADABLE, "no-cells", "prompts-only", "other-homework"), 0),
    }
    assert "Traceback" not in graded.output


@pytest.mark.parametrize("student", UNREADABLE)
def test_an_unreadable_notebook_is_one_line_and_says_why_in_the_feedback(room, graded, assignment, student):
    lines = [line for line in graded.output.splitlines() if f"hw1: {student} " in line]
    assert len(lines) == 1
    assert UNREADABLE[student][1] in lines[0]
    if not list(room.course.glob("feedback/*")):
        room.teach("generate_feedback", ASSIGNMENT)
    page = ledger.page(room, student)
    assert UNREADABLE[student][1] in ledger.shown(page)
    assert ledger.page_total(page) == (0, assignment.possible)


def test_a_notebook_of_another_name_is_reported_and_not_graded(room, graded):
    assert graded.code == 1, "somebody has no grade"
    (line,) = (line for line in graded.output.splitlines() if "hw1: other-name " in line)
    assert "homework 1 (2).ipynb" in line
    assert "rename it" in line


def digest(folder):
    """What nbgrader has made of the class so far."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (*folder.glob("gradebook.db"), *sorted(folder.glob("autograded/*/*/*")))
    }


@contextlib.contextmanager
def replaced(path: Path, change):
    """Change or remove a file for a while."""
    aside = path.with_name(path.name + ".aside")
    path.rename(aside)
    try:
        data = change(aside)
        if data is not None:
            path.write_bytes(data)
            path.chmod(aside.stat().st_mode)
        yield
    finally:
        if path.exists():
            path.unlink()
        aside.rename(path)


def refused(room, *argv, says):
    """Run a command that must end with one line, and touch nothing."""
    before = digest(room.course)
    ran = room.teach(*argv, code=1)
    assert "Traceback" not in ran.output
    lines = [line for line in ran.output.splitlines() if "ERROR" in line or line.startswith("hw1:")]
    assert len(lines) == 1, ran.output
    assert re.search(says, lines[0]), lines[0]
    assert digest(room.course) == before


def test_a_secret_that_changed(room, graded):
    with replaced(room.course / ".autograder" / "secret", lambda _: b"another one\n"):
        refused(room, "autograde", ASSIGNMENT, "--force", says="secret|cases")


def test_a_secret_that_is_gone(room, graded):
    with replaced(room.course / ".autograder" / "secret", lambda _: None):
        refused(room, "autograde", ASSIGNMENT, "--force", says="secret")
        assert not (room.course / ".autograder" / "secret").exists()


@pytest.mark.parametrize(
    ("path", "says"),
    [("/nowhere/solutions", "/nowhere/solutions"), ("{home}", "no __init__.py")],
    ids=["gone", "empty"],
)
def test_a_homework_package_that_is_not_there(room, graded, path, says):
    def elsewhere(aside):
        text = aside.read_text(encoding="utf-8")
        return re.sub(r"assignment='[^']*'", f"assignment={path.format(home=room.students.home)!r}", text).encode()

    with replaced(room.course / "nbgrader_config.py", elsewhere):
        refused(room, "autograde", ASSIGNMENT, "--force", says=says)


def test_a_gradebook_that_somebody_else_writes(room, graded):
    book = room.course / "gradebook.db"
    with contextlib.closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        # Half a second instead of SQLite's five.
        url = f"--db=sqlite:///{book}?timeout=0.5"
        ran = room.teach("autograde", ASSIGNMENT, "--force", url, code=1)
        other.execute("ROLLBACK")
    assert "Traceback" not in ran.output
    (line,) = (line for line in ran.output.splitlines() if "ERROR" in line)
    assert "locked" in line
    room.teach("autograde", ASSIGNMENT, "--student=ada", "--force")


def test_a_gradebook_of_an_older_nbgrader(room, graded, assignment):
    def older(aside):
        made = aside.with_name("older.db")
        shutil.copy(aside, made)
        with contextlib.closing(sqlite3.connect(made)) as book:
            # As before nbgrader's migration 282d30a0218e.
            book.execute("UPDATE alembic_version SET version_num = '167914646830'")
            book.execute("ALTER TABLE student DROP COLUMN lms_user_id")
            book.commit()
        data = made.read_bytes()
        made.unlink()
        return data

    with replaced(room.course / "gradebook.db", older):
        refused(room, "autograde", ASSIGNMENT, "--force", says="older nbgrader.*nbgrader db upgrade")
        room.teach("db", "upgrade")
        room.teach("autograde", ASSIGNMENT, "--student=ada", "--force")
        assert sum(ledger.scores(room)["ada"].values()) == assignment.possible


@pytest.mark.parametrize("data", [b"not a database at all, but long enough to look", None], ids=["nonsense", "gone"])
def test_a_gradebook_that_is_none(room, graded, data):
    with replaced(room.course / "gradebook.db", lambda _: data):
        refused(room, "autograde", ASSIGNMENT, "--force", says="gradebook")


def test_a_source_that_is_gone(room, graded, assignment):
    with replaced(room.course / "source" / ASSIGNMENT, lambda _: None):
        ran = room.teach("generate_assignment", ASSIGNMENT, "--force", code=1)
        assert "Traceback" not in ran.output
        assert "No notebooks were matched" in ran.output
        room.teach("autograde", ASSIGNMENT, "--student=ada", "--force")
    assert sum(ledger.scores(room)["ada"].values()) == assignment.possible


def test_a_configuration_that_does_not_call_us_gives_nobody_points(room, graded, assignment):
    def without(aside):
        text = aside.read_text(encoding="utf-8")
        return re.sub(r"(?m)^\s*autograder\.nbgrader_plugin\.configure.*$", "pass", text).encode()

    with replaced(room.course / "nbgrader_config.py", without):
        room.teach("autograde", ASSIGNMENT, "--student=ada", "--force")
    assert sum(ledger.scores(room)["ada"].values()) == 0
    notebook = json.loads((room.course / "autograded" / "ada" / NOTEBOOK).read_text(encoding="utf-8"))
    said = [o["evalue"] for c in notebook["cells"] for o in c.get("outputs", []) if o["output_type"] == "error"]
    assert len(said) == len(assignment.parts)
    assert all("not graded by hw1" in line for line in said)
    room.teach("autograde", ASSIGNMENT, "--student=ada", "--force")
    assert sum(ledger.scores(room)["ada"].values()) == assignment.possible
