"""What `hw1 grade` leaves on the disk: for the instructor alone, and one student's folder cannot stop the class."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess

import pytest

from tests import test_cli
from tests.test_cli import HW1, one_line, rows

small_class = test_cli.small_class


def open_paths(folder):
    """Paths that anybody but their owner may use."""
    return [path for path in [folder, *folder.rglob("*")] if stat.S_IMODE(path.stat().st_mode) & 0o077]


@pytest.fixture
def lax_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_every_output_is_private_even_with_a_lax_umask(hw1, small_class, course, tmp_path, lax_umask):
    out = tmp_path / "results" / "out"
    result = hw1("grade", small_class, "--output", out, "--course", course)
    assert (result.exit_code, result.stderr.count("\n")) == (0, 1), "nothing but the isolation is told"
    assert not open_paths(tmp_path / "results")


def test_lax_folders_of_ours_are_tightened_and_it_is_said(hw1, small_class, course, tmp_path):
    out = tmp_path / "out"
    out.mkdir(mode=0o755)
    first = hw1("grade", small_class, "--output", out, "--course", course)
    assert f"{out} was open to others (mode 0755); it is yours alone now (0700)" in first.stderr
    for path in [out, *out.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    again = hw1("grade", small_class, "--output", out, "--course", course)
    assert again.exit_code == 0
    assert "3 students' folders" in again.stderr
    assert not open_paths(out)


def test_somebodys_shared_folder_is_not_closed_but_no_grade_can_be_read(
    hw1,
    small_class,
    course,
    tmp_path,
):
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    (out / "notes.txt").write_text("", encoding="utf-8")
    result = hw1("grade", small_class, "--output", out, "--course", course)
    assert result.exit_code == 0
    assert "is open to others (mode 0755) and holds more than grades" in result.stderr
    assert open_paths(out) == [out, out / "notes.txt"]


def test_a_folder_that_cannot_be_made_costs_a_fault_of_ours_and_the_others_are_graded(
    hw1,
    small_class,
    course,
    tmp_path,
):
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    (out / "bob").write_text("somebody's file", encoding="utf-8")
    line = one_line(hw1("grade", small_class, "--output", out, "--course", course))
    assert "1 of 3 could not be graded, through no fault of theirs (first: bob: cannot write" in line
    found = rows(out)
    assert (found["bob"]["status"], found["bob"]["earned"]) == ("grader_fault", "")
    assert [found[s]["earned"] for s in ("ada", "eve")] == ["50", "50"]
    assert (out / "bob").read_text(encoding="utf-8") == "somebody's file"
    log = [json.loads(line) for line in (out / "run.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {entry["student"]: entry["status"] for entry in log}["bob"] == "grader_fault"


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="root is made to obey permissions by util-linux's setpriv")
def test_permissions_are_never_charged_to_a_student(small_class, course, tmp_path):
    out = tmp_path / "out"
    (out / "eve").mkdir(parents=True, mode=0o700)
    (out / "eve").chmod(0o500)
    (small_class / "ada.py").chmod(0)
    as_if_not_root = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    result = subprocess.run(
        [*as_if_not_root, HW1, "grade", small_class, "--output", out, "--course", course],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2, result.stderr
    assert "2 of 3 could not be graded" in result.stderr
    assert "ada.py cannot be read (Permission denied); make it readable" in " ".join(result.stderr.split())
    assert {s: (r["status"], r["earned"]) for s, r in rows(out).items()} == {
        "ada": ("grader_fault", ""),
        "bob": ("graded", "0"),
        "eve": ("grader_fault", ""),
    }
    assert not (out / "ada" / "feedback.md").exists()
