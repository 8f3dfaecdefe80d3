"""Another homework goes through every door that ours does: no question is known to the engine."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from autograder.loading import reference_source, stub_source
from autograder.model import Assignment
from tests.facts import facts

SMALL = Path("tests/small")


@pytest.fixture
def ours(assignment: Assignment, small: Assignment) -> Callable[[str], list[str]]:
    """Find in a text what only our own homework has."""
    theirs = {name for part in small.parts for name in part.parameters}
    words = {name for part in assignment.parts for name in part.parameters} - theirs
    files = rf"\b{assignment.id}\.(?:py|ipynb)\b|{re.escape(assignment.course)}|\b(?:{'|'.join(words)})\b"

    def found(text: str) -> list[str]:
        return [one[0] for search in (facts(assignment), re.compile(files)) for one in search.finditer(text)]

    assert all(map(found, (*words, f"{assignment.id}.py", assignment.course)))
    return found


def test_a_class_is_graded_and_mistakes_are_named(
    hw1: Callable[..., Result],
    small: Assignment,
    small_course: Path,
    ours: Callable[[str], list[str]],
    tmp_path: Path,
) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    right = reference_source(small)
    for name, text in {
        "right": right,
        "empty": stub_source(small),
        "half": right.replace("step * np.cumsum(x)", "np.cumsum(x)"),
        "endless": right.replace("return 2 * (x - target)", "while True: pass"),
    }.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    done = hw1("grade", folder, "--assignment", SMALL, "--course", small_course, "--output", out)
    assert done.exit_code == 0, done.output
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {name: float(row["earned"]) for name, row in rows.items()} == {
        "right": small.possible, "empty": 0, "half": 5, "endless": 6,
    }  # fmt: skip
    assert "Where is the step?" in (out / "half" / "feedback.md").read_text(encoding="utf-8")
    assert json.loads((out / "right" / "grade.json").read_text(encoding="utf-8"))["assignment"] == small.id
    told = "".join(path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file())
    assert ours(told + done.output) == []


def test_it_is_released_and_its_self_check_says_right(
    hw1: Callable[..., Result], small: Assignment, tmp_path: Path
) -> None:
    for kind, option in (("student", "--output"), ("nbgrader", "--course")):
        done = hw1("release", kind, "--assignment", SMALL, option, tmp_path / kind)
        assert done.exit_code == 0, done.output
    given = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix in {".py", ".ipynb"}]
    assert {path.suffix for path in given} == {".py", ".ipynb"}
    for part in small.parts:
        assert any(part.name in path.read_text(encoding="utf-8") for path in given)
    (check,) = (path for path in (tmp_path / "student").rglob("*_check.py"))
    (tmp_path / "right.py").write_text(reference_source(small), encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-I", check, tmp_path / "right.py"], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "2 of 2 public cases are right." in said.stdout


def test_its_documents_are_made(
    hw1: Callable[..., Result], small: Assignment, ours: Callable[[str], list[str]], tmp_path: Path
) -> None:
    for name in ("handout", "solution"):
        done = hw1("report", name, "--assignment", SMALL, "--output", tmp_path / f"{name}.tex")
        assert done.exit_code == 0, done.output
        text = (tmp_path / f"{name}.tex").read_text(encoding="utf-8")
        assert all(question.title in text for question in small.questions)
        assert ours(text) == []
