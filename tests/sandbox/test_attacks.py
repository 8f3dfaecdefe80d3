"""Every attack fails, and each would have worked without the defenses it names."""

from __future__ import annotations

import csv
import runpy
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import Result

from autograder import truth
from autograder.loading import reference_source
from autograder.model import Assignment
from tests.attacks import Attack, attacks
from tests.attacks._class import grade_class
from tests.attacks._naive_reader import unsafe
from tests.attacks._watch import watch
from tests.attacks._without import signs_without

CODE, FOLDERS = attacks("code"), attacks("folders")
# Each class is one run; attacks of a kind, which lie side by side, are spread over all of them.
CLASSES = [CODE[number::4] for number in range(4)]
# In CI the first of each way to work; all of them with `make attacks`.
SAMPLE = set({(attack.fires, attack.without): attack for attack in reversed(CODE + FOLDERS)}.values())


def named(attack: Attack) -> str:
    return attack.name


@pytest.mark.no_cover  # it takes known ways through the grader, once for each attack
@pytest.mark.parametrize("attackers", CLASSES, ids=["first", "second", "third", "fourth"])
def test_an_attack_gets_nothing_and_harms_nobody(
    attackers: tuple[Attack, ...],
    assignment: Assignment,
    course: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = truth.load(assignment, course, truth.read_secret(course, create=False), lambda _: None)
    monkeypatch.setenv("AUTOGRADER_SECRET", "bait, lying in the grader's environment")
    with ExitStack() as doors:
        watched = [(attack, doors.enter_context(watch())) for attack in attackers]
        signs = grade_class(watched, assignment, cases, course, tmp_path, printed=lambda: "".join(capfd.readouterr()))
    assert not {name: found for name, found in signs.items() if found}


@pytest.mark.parametrize(
    "attack",
    [pytest.param(one, marks=() if one in SAMPLE else pytest.mark.long) for one in CODE + FOLDERS],
    ids=named,
)
def test_without_its_defence_an_attack_works(attack: Attack, course: Path) -> None:
    signs = signs_without(attack, course)
    assert any(sign.startswith(attack.fires) for sign in signs), signs


def test_without_defences_an_attack_that_only_earns_harms_nobody(course: Path, assignment: Assignment) -> None:
    (reader,) = (one for one in CODE if one.name == "gc_referrers")
    assert signs_without(reader, course) == [f"points: {assignment.possible:g}"]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build all folders' attacks in one folder of submissions, and a secret beside it."""
    work = tmp_path_factory.mktemp("folders")
    folder, secret = work / "submissions", work / "elsewhere" / "secret.py"
    folder.mkdir()
    secret.parent.mkdir()
    secret.write_text("SECRET = 1\n", encoding="utf-8")
    for attack in FOLDERS:
        alone = work / attack.name
        alone.mkdir()
        runpy.run_path(str(attack.path))["build"](alone, secret)
        for entry in alone.iterdir():
            name = entry.name
            entry.rename(folder / (attack.name + name.removeprefix("attack") if name.startswith("attack") else name))
    return folder


def test_a_folder_of_traps_is_graded_all_the_same(
    everything: Path, assignment: Assignment, course: Path, tmp_path: Path, hw1: Callable[..., Result]
) -> None:
    folder = everything
    for honest in ("0-honest.py", "z-honest.py"):
        (folder / honest).write_text(reference_source(assignment), encoding="utf-8")
    before = {path for path in folder.parent.rglob("*") if not path.is_symlink()}
    done = hw1("grade", folder, "--output", tmp_path / "grades", "--course", course)
    assert done.exit_code == 0, done.output
    table = (tmp_path / "grades" / "grades.csv").read_text(encoding="utf-8")
    rows = {row["student"]: row for row in csv.DictReader(table.splitlines())}
    assert unsafe(table, len(rows)) == []
    assert [rows[honest]["earned"] for honest in ("0-honest", "z-honest")] == [f"{assignment.possible:g}"] * 2
    assert {row["earned"] for student, row in rows.items() if not student.endswith("-honest")} == {"0"}
    # A hidden name is passed over, as everywhere.
    assert len(rows) == sum(not path.name.startswith(".") for path in folder.iterdir())
    assert {path for path in folder.parent.rglob("*") if not path.is_symlink()} == before
    texts = [
        done.output,
        *(path.read_text(encoding="utf-8") for path in (tmp_path / "grades").rglob("*.*") if path.is_file()),
    ]
    assert not [text for text in texts if "SECRET" in text]
    assert all(character == "\n" or character.isprintable() for character in done.output)
    assert {path.name for path in (tmp_path / "grades").rglob("*") if path.is_file()} == {
        "grades.csv", "run.jsonl", "results.jsonl", ".lock", "grade.json", "feedback.md",
    }  # fmt: skip
