"""Downloads of platforms become a folder to grade; every file is accounted for, and nothing leads out."""

from __future__ import annotations

import csv
import io
import json
import secrets
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
from autograder.imports.collect import plan
from autograder.imports.members import Member
from autograder.imports.platforms import is_download
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
BO = "7001-55 - Bo Ray"
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
    assert "not in a shard" not in done.output


def test_a_shard_of_a_download_says_where_its_names_come_from(
    hw1: Callable[..., Result], small_course: Path, tmp_path: Path
) -> None:
    packed(
        tmp_path / "m.zip", {f"{who}_assignsubmission_file/hw.py": "x = 1\n" for who in ("Ann Lee_101", "Bo Ray_102")}
    )
    where = ("--course", small_course, "--assignment", SMALL, "--output")
    for share in ("1/2", "2/2"):
        done = hw1("grade", tmp_path / "m.zip", *where, tmp_path / "parts", "--shard", share)
        assert done.exit_code == 0, done.output
        assert f"after hw1 merge, hw1 grade {tmp_path / 'm.zip'} --output MERGED adds them" in " ".join(
            done.output.split()
        )
    assert hw1("merge", tmp_path / "parts", "--assignment", SMALL, "--output", tmp_path / "all").exit_code == 0
    done = hw1("grade", tmp_path / "m.zip", *where, tmp_path / "all")
    assert "2 unchanged since last graded" in " ".join(done.output.split())
    assert "101,Ann Lee" in (tmp_path / "all" / "roster.csv").read_text(encoding="utf-8")


def test_one_students_own_archive_is_no_download(tmp_path: Path) -> None:
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
        ("ann,1\nbob,2\n", "no column is called 'student' in its first line, 'ann, 1'"),
        ("student,name,name\na,1,2\n", "two columns are called 'name'"),
        ("student,name\na\n", "row 2 has 1 cell, and the heading has 2"),
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


def _encrypted(path: Path) -> None:
    packed(path, {"doejohn_11_9001_hw1.ipynb": "x"})
    _set_flag(path, lambda flags: flags | 1)


def _damaged(path: Path) -> None:
    """The second of two: the first is written by then."""
    packed(path, {f"doejohn_1{n}_9001_hw1.py": secrets.token_hex(2000) for n in range(2)})
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\3\4") + 200
    data[place : place + 50] = bytes(50)
    path.write_bytes(data)


def _cut_off(path: Path) -> None:
    """What `zipfile` has no words for: the file is shorter than the archive says."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("doejohn_11_9001_hw1.py", "x" * 4000)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\1\2") + 20
    data[at : at + 8] = 2 * (6000).to_bytes(4, "little")
    path.write_bytes(data)


def _set_flag(path: Path, change: Callable[[int], int]) -> None:
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.find(mark) + place
        data[at : at + 2] = change(int.from_bytes(data[at : at + 2], "little")).to_bytes(2, "little")
    path.write_bytes(data)


def _bomb(path: Path) -> None:
    packed(path, {"ann/hw1.py": "0" * 3_000_000})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: packed(path, {"../out.py": "x"}), "leads out"),
        (lambda path: packed(path, {"/etc/x.py": "x"}), "leads out"),
        (lambda path: packed(path, {"a\\..\\..\\x.py": "x"}), "leads out"),
        (_linked, "is a link"),
        (_bomb, "200 times"),
        (_encrypted, "'doejohn_11_9001_hw1.ipynb' is encrypted"),
        (_damaged, "'doejohn_11_9001_hw1.py' is damaged"),
        (_cut_off, "'doejohn_11_9001_hw1.py' is damaged ("),
        (lambda path: packed(path, {f"{BO} - {day}, 2026 104 PM/a.py": "" for day in ("Mai 1", "Mai 2")}), "neither"),
        (lambda path: packed(path, {f"7001-{n} - B - Feb 1, 2026 104 PM/a.py": "" for n in (5, 6)}), "neither"),
        (lambda path: path.write_bytes(b"PK\x03\x04 no"), "not a zip archive"),
        (lambda path: packed(path, {"hw1.py": "x"}), "are not named like those of"),
        (lambda path: packed(path, {}), "holds no file"),
        (lambda path: packed(path, {"a.zip": "x", "b/c.tar.gz": "x"}), "holds archives alone (first: 'a.zip')"),
        (lambda path: packed(path, {"submission_1/a.py": "x", "submission_2/a.py": "x"}), "without submission"),
        (lambda path: packed(path, {"a_export/submission_1/a.py": "x"}), "without submission_metadata.yml, which says"),
        (lambda path: packed(path, {"hw1/archive/x.zip": "x", "hw1/extracted/x.py": ""}), "what nbgrader downloaded"),
        (lambda path: packed(path, {"slides/a.pdf": "x", "hw1.py": "x"}), "folders like students': 1 of 2, so take"),
        (lambda path: None, "no such file"),
        (lambda path: packed(path, {**GRADESCOPE, LIST: "a: [1"}), "damaged"),
        (lambda path: packed(path, {**GRADESCOPE, LIST: "[]"}), "no submissions"),
    ],
)  # fmt: skip
def test_a_hostile_or_damaged_download_is_refused_and_nothing_is_written(tmp_path: Path, make: Any, said: str) -> None:
    make(tmp_path / "d.zip")
    done = collect(tmp_path / "d.zip", tmp_path / "out")
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert done.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "student,name\nz1,Zo\u00eb Smith\n"])
def test_a_name_that_does_not_say_how_it_is_written_is_read_as_utf_8(tmp_path: Path, text: str) -> None:
    # As a Mac packs it: UTF-8 without its flag, the accent off its letter.
    download = packed(tmp_path / "d.zip", {"Zoe\u0308 Smith_31_assignsubmission_file/hw1.py": "x"})
    _set_flag(download, lambda flags: flags & ~0x800)
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    words = ("--roster", tmp_path / "roster.csv") if text else ()
    done = collect(download, tmp_path / "out", *words)
    assert done.exit_code == 0
    assert tree(tmp_path / "out") == {f"{'z1' if text else '31'}/hw1.py": "x"}
    assert accounted(tmp_path / "out") == ["Zo\u00eb Smith_31_assignsubmission_file/hw1.py"]


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (CANVAS, {"11/hw1.ipynb", "11/helper.py", "12/hw1_final.ipynb"}),
        (BLACKBOARD, {"jd_42/my work.ipynb", "ann/hw1.py"}),
        (MOODLE, {"31/hw1.ipynb", "32/sub/hw1.py"}),
        ({"ann/hw1.py": "1", "bob/hw1/hw1.py": "2", "README.md": "3"}, {"ann/hw1.py", "bob/hw1/hw1.py"}),
    ],
    ids=["canvas", "blackboard", "moodle", "folders"],
)
@pytest.mark.parametrize("outer", ["class/", "class\\", "a/b/"])
def test_a_folder_that_a_download_was_packed_in_is_nobodys(
    tmp_path: Path, files: dict[str, str], wanted: set[str], outer: str
) -> None:
    done = collect(
        packed(tmp_path / "d.zip", {f"{outer}{name}": text for name, text in files.items()}), tmp_path / "out"
    )
    assert done.exit_code == 0, done.output
    assert set(tree(tmp_path / "out")) == wanted
    assert set(accounted(tmp_path / "out")) == {f"{outer}{name}".replace("\\", "/") for name in files}


@pytest.mark.parametrize("files", [{"ann/hw1.py": "1"}, {"ann/hw1.py": "1", "ann/a/x.py": "", "ann/b/y.py": ""}])
def test_one_students_folder_is_not_taken_for_one_of_everybodys(tmp_path: Path, files: dict[str, str]) -> None:
    assert collect(packed(tmp_path / "d.zip", files), tmp_path / "out").exit_code == 0
    assert set(tree(tmp_path / "out")) == set(files)


def test_nobody_vanishes_who_handed_in_no_file(tmp_path: Path) -> None:
    packed(tmp_path / "d.zip", {"ann/": "", "bob/hw1.py": "x", "bob/old/": "", "bob/old/er/": ""})
    done = collect(tmp_path / "d.zip", tmp_path / "out")
    assert set(accounted(tmp_path / "out")) == {"ann/", "bob/hw1.py", "bob/old/"}
    assert "not kept: 'ann/', an empty folder" in done.output
    # A list has who handed in last, without a file: what came before is not graded in its place.
    later = "submission_9:\n  :submitters:\n  - :sid: 0200\n  :created_at: 2026-03-08 03:10:00 -0400\n"
    first = GRADESCOPE[LIST].partition("submission_2:")[0].replace("'200'", "0200").replace("2026-02-01", "2026-03-08")
    listing = {Path(LIST).name: first.replace("10:00:00 -0500", "01:50:00 -0500") + later}
    packed(tmp_path / "g.zip", {**listing, "submission_1/a.py": "1"})
    (tmp_path / "roster.csv").write_text("student\n0200\n201\n", encoding="utf-8")
    done = collect(tmp_path / "g.zip", tmp_path / "g", "--roster", tmp_path / "roster.csv")
    assert tree(tmp_path / "g") == {"201/a.py": "1"}
    assert "not kept: 'submission_9/', no file of 0200" in done.output
    assert "1 handed in nothing: 0200" in done.output
    (tmp_path / "c" / "hw-ann" / ".git").mkdir(parents=True)
    (tmp_path / "c" / "hw-bob" / ".git").mkdir(parents=True)
    (tmp_path / "c" / "hw-bob" / "a.py").write_text("x", encoding="utf-8")
    assert "not kept: 'hw-ann/', no file of ann" in collect(tmp_path / "c", tmp_path / "cc").output


def test_no_output_lies_in_the_download_or_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "d" / "ann").mkdir(parents=True)
    (tmp_path / "d" / "ann" / "hw1.py").write_text("x", encoding="utf-8")
    done = collect(tmp_path / "d", tmp_path / "d" / "out")
    assert (done.exit_code, "choose another --output, outside it" in done.output) == (2, True)
    done = collect(tmp_path / "d", tmp_path / "d" / "ann" / "hw1.py")
    assert (done.exit_code, "is a file; choose another --output" in done.output) == (2, True)


def test_what_a_platform_adds_is_listed_last(tmp_path: Path) -> None:
    files = {f"HW_u{n}_attempt_{'2026-02-01-10-00-00'}{end}": "" for n in range(12) for end in (".txt", "_a.py")}
    files["HW_u0_attempt_2026-01-01-10-00-00_a.py"] = "old"
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    first = next(line for line in done.output.splitlines() if "not kept" in line)
    assert "an older attempt" in first


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
