"""Names that no disk takes, or takes for each other: every file is kept, and whoever handed in stays who it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from autograder.imports.platforms import is_download
from autograder.loading.listing import list_submissions
from autograder.shown import decoded
from tests.conftest import SMALL
from tests.imports.test_collect import accounted, collect, packed, tree


def test_whoever_is_collected_is_graded_under_the_same_name(
    hw1: Callable[..., Result], small_course: Path, tmp_path: Path
) -> None:
    names = ["Zo\u00eb Roe", "a b.py.part", ".hidden", "venv", "Ann", "ann", "100%", "\u9577" * 30]
    files = {f"{name}/hw1.py": "x = 1\n" for name in names}
    (tmp_path / "r.csv").write_text("student,late_days\n" + "".join(f"{name},2\n" for name in names[:4]), "utf-8")
    collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    listing = list_submissions(tmp_path / "out")
    assert not listing.left_out
    assert {one.student for one in listing.found} == {
        path.name for path in (tmp_path / "out").iterdir() if path.is_dir()
    }
    # On a disk that takes capital letters for small ones, nobody's folder is another's.
    assert len({one.student.casefold() for one in listing.found}) == len(names)
    assert {decoded(one.student) for one in listing.found} >= {*names[:-1]}
    where = ("--course", small_course, "--assignment", SMALL, "--output", tmp_path / "grades")
    done = hw1("grade", tmp_path / "out", *where, "--roster", tmp_path / "r.csv")
    assert done.exit_code == 0, done.output
    assert "4 not on the roster" in done.stderr
    assert "handed in nothing" not in done.stderr


LONG = "\u9577" * 300


@pytest.mark.parametrize(
    ("one", "other", "student"),
    [
        (f"doejohn_11_9001_{LONG}.py", "roeann_12_9002_hw1.py", "11"),
        (f"{'a' * 300}_11_9001_hw1.py", "roeann_12_9002_hw1.py", "11"),
        (f"{LONG}_31_assignsubmission_file/hw1.py", "Ann Roe_32_assignsubmission_file/hw1.py", "31"),
        (f"Zo\u00eb_31_assignsubmission_file_{LONG}.py", "Ann Roe_32_assignsubmission_file_hw1.py", "31"),
        (f"HW_jd_attempt_2026-02-01-10-00-00_{LONG}.py", "HW_roe_attempt_2026-02-01-10-00-00_a.py", "jd"),
        (f"jd/{LONG}/{LONG}.py", "roe/hw1.py", "jd"),
        ("jd/" + "a/" * 20_000 + "hw1.py", "roe/hw1.py", "jd"),
    ],
    ids=["canvas", "canvas name", "moodle", "flat", "blackboard", "folders", "deep"],
)
def test_a_name_that_no_disk_takes_costs_nobody_anything(tmp_path: Path, one: str, other: str, student: str) -> None:
    # Two that differ in the middle alone stay two.
    same = one.replace(f"{LONG}.py", f"{LONG[:150]}b{LONG[151:]}.py")
    files = {one: "1", same: "1", other: "2"}
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = tree(tmp_path / "out")
    assert sorted(found.values()) == sorted(files.values())
    assert {name.split("/")[0] for name, text in found.items() if text == "1"} == {student}
    assert {*accounted(tmp_path / "out")} == {*files}
    assert max(map(len, done.output.splitlines())) < 400
    assert is_download(tmp_path / "d.zip")


def test_files_that_are_one_on_some_disk_are_both_kept(tmp_path: Path) -> None:
    files = {f"{who}/{name}": f"{who}/{name}" for who in ("ann", "bob") for name in ("HW1.py", "hw1.py", "A/x.py", "a")}
    assert collect(packed(tmp_path / "d.zip", files), tmp_path / "out").exit_code == 0
    found = tree(tmp_path / "out")
    assert sorted(found.values()) == sorted(files)
    whole = {name.casefold() for name in found}
    assert len(whole) == len(found)
    assert not any(other.startswith(f"{one}/") for one in whole for other in whole)


def test_a_link_in_one_clone_is_listed_and_costs_nobody_else_anything(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("secret", encoding="utf-8")
    for name in ("hw1-ann", "hw1-mal"):
        (tmp_path / "d" / name / ".git").mkdir(parents=True)
        (tmp_path / "d" / name / "hw1.py").write_text(name, encoding="utf-8")
    for name in ("more.py", "data", ".git"):
        target = tmp_path / "d" / "hw1-mal" / "sub" / name
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(secret if name == "more.py" else tmp_path)
    done = collect(tmp_path / "d", tmp_path / "out")
    assert done.exit_code == 1
    assert tree(tmp_path / "out") == {"ann/hw1.py": "hw1-ann", "mal/hw1.py": "hw1-mal"}
    assert "not kept: 'hw1-mal/sub/data', a link, which is not followed" in done.output
    assert "1 not kept that may be somebody's work: 'hw1-mal/sub/more.py'" in done.output
    assert {f"hw1-mal/sub/{name}" for name in ("more.py", "data", ".git")} <= {*accounted(tmp_path / "out")}


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d" / "ann").mkdir(parents=True)

    def walk(top: Path, onerror: Callable[[OSError], None]) -> list[Any]:
        onerror(PermissionError(13, "Permission denied", str(top / "ann")))
        return []

    monkeypatch.setattr("autograder.imports.members.os.walk", walk)
    done = collect(tmp_path / "d", tmp_path / "out")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "ann: cannot be listed (Permission denied); make it readable, or take it out" in done.output


def test_two_names_that_look_the_same_are_refused(tmp_path: Path) -> None:
    for name in ("Zo\u00eb", "Zoe\u0308"):
        (tmp_path / "d" / "ann").mkdir(parents=True, exist_ok=True)
        (tmp_path / "d" / "ann" / f"{name}.py").write_text("x", encoding="utf-8")
    done = collect(tmp_path / "d", tmp_path / "out")
    assert (done.exit_code, "another name beside it looks the same" in done.output) == (2, True)
