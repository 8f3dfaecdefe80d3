"""Downloads of platforms become a folder to grade; every file is accounted for, and nothing leads out."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from autograder.cli import main
from autograder.errors import InputError
from autograder.imports.collect import is_download, plan
from autograder.imports.members import Member
from autograder.imports.roster import read_roster
from autograder.loading.listing import list_submissions
from tests.conftest import SMALL

NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
CANVAS = {
    "doejohn_11_9001_hw1-1.ipynb": "new",
    "doejohn_11_9002_helper.py": "def help(): ...",
    "o_haraAnna_LATE_12_9003_hw1_final.ipynb": "late",
    "roe_13_text.html": "typed",
}
MOODLE = {
    "Zoë Smith_31_assignsubmission_file/hw1.ipynb": "zoe",
    "Zoë Smith_31_assignsubmission_onlinetext/onlinetext.html": "typed",
    "J_ Doe_32_assignsubmission_file_/sub/hw1.py": "doe",
}
MOODLE_FLAT = {"Zoë Smith_31_assignsubmission_file_hw1.ipynb": "zoe", "J Doe_32_assignsubmission_file_my_hw1.py": "doe"}
BLACKBOARD = {
    "Homework 1_jd_42_attempt_2026-02-01-10-00-00.txt": (
        "Name: John Doe (jd_42)\nAssignment: Homework 1\nFiles:\n\tOriginal filename: my work.ipynb\n"
        "\tFilename: Homework 1_jd_42_attempt_2026-02-01-10-00-00_my_work.ipynb\n"
    ),
    "Homework 1_jd_42_attempt_2026-02-01-10-00-00_my_work.ipynb": "new",
    "Homework 1_jd_42_attempt_2026-01-31-10-00-00_my_work.ipynb": "old",
    "Homework 1_ann_Versuch_2026-01-31-10-00-00_hw1.py": "ann",
}
BRIGHTSPACE = {
    "index.html": "list",
    "7001-55 - Ann Lee - Feb 1, 2026 1104 AM/hw1.py": "old",
    "7001-55 - Ann Lee - Feb 1, 2026 104 PM/hw1.py": "new",
    "7002-55 - Bo Ray - October 12, 2026 1159 PM/hw1.ipynb": "bo",
}
LIST = "assignment_5_export/submission_metadata.yml"
GRADESCOPE = {
    LIST: """
submission_1:
  :submitters:
  - :name: Pair One
    :sid: '200'
    :email: one@example.edu
  - :name: Pair Two
    :sid: '201'
  :created_at: 2026-02-01 10:00:00 -0500
submission_2:
  :submitters:
  - :name: Solo Student
    :email: solo@example.edu
  :created_at: 2026-02-02 10:00:00 -0500
""",
    "assignment_5_export/submission_1/hw1.py": "pair",
    "assignment_5_export/submission_1/sub/helper.py": "helper",
    "assignment_5_export/submission_2/hw1.ipynb": "solo",
    "assignment_5_export/notes.txt": "?",
    "__MACOSX/._hw1.py": "",
}


def packed(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def collect(download: Path, output: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["collect", str(download), "-o", str(output), *map(str, words)])


def tree(folder: Path) -> dict[str, str]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != ".collected.csv")
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in paths}


def accounted(folder: Path) -> list[str]:
    with (folder / ".collected.csv").open(encoding="utf-8", newline="") as file:
        return [row["from"].removeprefix("'") for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (CANVAS, {"11/hw1.ipynb": "new", "11/helper.py": "def help(): ...", "12/hw1_final.ipynb": "late"}),
        ({"anon_a1_7_x.py": "1", "LATE_anon_b2_8_x.py": "2"}, {"a1/x.py": "1", "b2/x.py": "2"}),
        (MOODLE, {"31/hw1.ipynb": "zoe", "32/sub/hw1.py": "doe"}),
        (MOODLE_FLAT, {"31/hw1.ipynb": "zoe", "32/my_hw1.py": "doe"}),
        (BLACKBOARD, {"jd_42/my work.ipynb": "new", "ann/hw1.py": "ann"}),
        (BRIGHTSPACE, {"7001/hw1.py": "new", "7002/hw1.ipynb": "bo"}),
        (
            GRADESCOPE,
            {
                "200/hw1.py": "pair", "200/sub/helper.py": "helper", "201/hw1.py": "pair",
                "201/sub/helper.py": "helper", "solo@example.edu/hw1.ipynb": "solo",
            },
        ),
        (
            {"ann/hw1/hw1.py": "1", "ann/hw1/timestamp.txt": "t", "bo/hw1/hw1.py": "2"},
            {"ann/hw1/hw1.py": "1", "bo/hw1/hw1.py": "2"},
        ),
    ],
    ids=["canvas", "anonymous", "moodle", "flat", "blackboard", "brightspace", "gradescope", "folders"],
)  # fmt: skip
def test_the_newest_attempt_of_each_student_and_a_line_for_every_file(
    tmp_path: Path, files: dict[str, str], wanted: dict[str, str]
) -> None:
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert tree(tmp_path / "out") == wanted
    assert set(accounted(tmp_path / "out")) == {name for name in files if not name.startswith("__MACOSX")}
    # The folder that the zip was unpacked into says the same.
    for name, text in files.items():
        (tmp_path / "unpacked" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "unpacked" / name).write_text(text, encoding="utf-8")
    assert collect(tmp_path / "unpacked", tmp_path / "again").exit_code == 0
    assert tree(tmp_path / "again") == wanted


def test_what_was_collected_is_graded_and_the_list_is_nobodys(tmp_path: Path) -> None:
    collect(packed(tmp_path / "d.zip", CANVAS), tmp_path / "out")
    listing = list_submissions(tmp_path / "out")
    assert [one.student for one in listing.found] == ["11", "12"]
    assert not listing.left_out


def test_a_download_is_graded_as_it_is(hw1: Callable[..., Result], small_course: Path, tmp_path: Path) -> None:
    packed(tmp_path / "d.zip", {**CANVAS, "doejohn_11_9001_hw1-1.ipynb": NOTEBOOK, "x_12_9_hw.py": "x = 1\n"})
    where = ("--course", small_course, "--assignment", SMALL, "--output", tmp_path / "out")
    done = hw1("grade", tmp_path / "d.zip", *where)
    assert done.exit_code == 0, done.output
    assert {path.parent.name for path in (tmp_path / "out").glob("*/grade.json")} == {"11", "12"}
    assert "from canvas" in done.output
    # One student's own archive stays one submission.
    packed(tmp_path / "ann.zip", {"hw1/hw1.py": "x = 1\n", "hw1/part_1_2_notes.py": "y = 2\n"})
    assert not is_download(tmp_path / "ann.zip")


def test_clones_are_called_after_their_repositories(tmp_path: Path) -> None:
    for name in ("hw-1-alice", "hw-1-alfred"):
        (tmp_path / "clones" / name / ".git").mkdir(parents=True)
        (tmp_path / "clones" / name / ".git" / "config").write_text("secret", encoding="utf-8")
        (tmp_path / "clones" / name / "hw1.py").write_text(name, encoding="utf-8")
    assert collect(tmp_path / "clones", tmp_path / "out").exit_code == 0
    assert tree(tmp_path / "out") == {"alfred/hw1.py": "hw-1-alfred", "alice/hw1.py": "hw-1-alice"}


def test_a_roster_says_who_is_meant_and_who_is_missing(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("\ufeffstudent;name;canvas\njd1;John Doe;11\nah2;Anna;12\nzz9;Zed;99\n", encoding="utf-8")
    packed(tmp_path / "d.zip", {**CANVAS, "stranger_77_9009_hw1.py": "who"})
    done = collect(tmp_path / "d.zip", tmp_path / "out", "--roster", roster)
    assert done.exit_code == 1
    assert set(tree(tmp_path / "out")) == {"77/hw1.py", "ah2/hw1_final.ipynb", "jd1/helper.py", "jd1/hw1.ipynb"}
    assert "1 handed in nothing: zz9" in done.output
    assert "1 not on the roster: 77 stranger" in done.output
    assert "late: 1, in groups: 0" in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,name\na,1\na,2\n", "'a' is in it twice"),
        ("student,name\n,1\n", "row 2 has no 'student'"),
        ("student,sis\na,11\nb,11\n", "'11' is both 'a' and 'b'"),
        ("student,late_days\na,soon\n", "'soon' late days"),
        ("student\n", "nobody"),
        ("student,name\na\n", "row 2 has 1 cells"),
        ("", "empty"),
    ],
)
def test_a_bad_roster_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    done = collect(packed(tmp_path / "d.zip", CANVAS), tmp_path / "out", "--roster", tmp_path / "roster.csv")
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def _linked(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("ann/hw1.py")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")


def _bomb(path: Path) -> None:
    packed(path, {"ann/hw1.py": "0" * 3_000_000})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: packed(path, {"../out.py": "x"}), "leads out"),
        (lambda path: packed(path, {"/etc/x.py": "x"}), "leads out"),
        (lambda path: packed(path, {"a\\..\\..\\x.py": "x"}), "leads out"),
        (lambda path: packed(path, {"a" * 300 + "_1_2_hw1.py": "x"}), "has a name of 311 characters"),
        (_linked, "is a link"),
        (_bomb, "200 times"),
        (lambda path: path.write_bytes(b"PK\x03\x04 no"), "no zip archive"),
        (lambda path: packed(path, {"hw1.py": "x"}), "are not called as those of"),
        (lambda path: packed(path, {}), "are not called as those of"),
        (lambda path: None, "no such file"),
        (lambda path: packed(path, {**GRADESCOPE, LIST: "a: [1"}), "damaged"),
        (lambda path: packed(path, {**GRADESCOPE, LIST: "[]"}), "no submissions"),
        (lambda path: packed(path, {"A_5-6 x/hw.py": "", "x_11_1_a.py": "", "y_11_2_a.py": ""}), None),
    ],
)  # fmt: skip
def test_a_hostile_or_damaged_download_is_refused_and_nothing_is_written(
    tmp_path: Path, make: Any, said: str | None
) -> None:
    make(tmp_path / "d.zip")
    done = collect(tmp_path / "d.zip", tmp_path / "out")
    if said is None:
        assert done.exit_code == 0
        return
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert done.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x", encoding="utf-8")
    done = collect(packed(tmp_path / "d.zip", CANVAS), tmp_path / "out")
    assert done.exit_code == 2
    assert tree(tmp_path / "out") == {"mine": "x"}


def test_names_that_a_spreadsheet_would_compute_are_inert_in_the_list(tmp_path: Path) -> None:
    collect(packed(tmp_path / "d.zip", {"=1+1/hw1.py": "x"}), tmp_path / "out")
    row = list(csv.reader(io.StringIO((tmp_path / "out" / ".collected.csv").read_text(encoding="utf-8"))))[1]
    assert not any(cell.startswith("=") for cell in row)


parts = st.text("ab_-0123456789. ()LATEanon", min_size=1, max_size=12)


@given(st.lists(st.lists(parts, min_size=1, max_size=3), max_size=6))
def test_any_names_are_planned_or_refused_and_no_file_is_lost(names: list[list[str]]) -> None:
    members = [Member(parts=tuple(one), size=1, read=lambda: b"x") for one in {tuple(name) for name in names}]
    with suppress(InputError):
        planned = plan(members, None, Path("d.zip"))
        kept = [member.path for one in planned.handed for _, member in one.files]
        assert {*kept, *(path for path, _ in planned.left)} == {member.path for member in members}


@given(st.binary(max_size=200))
def test_any_bytes_are_a_roster_or_refused(data: bytes) -> None:
    with suppress(InputError):
        read_roster(data, "roster.csv")
