"""Moodle without a roster: a number is a student's where the worksheet calls that row as the download does."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from autograder.exports import moodle
from autograder.exports.records import Points
from autograder.loading import reference_source
from autograder.model import Assignment
from tests.conftest import SMALL
from tests.imports.test_collect import packed

HEADING = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
)
ROWS = "".join(
    f"Participant {number},{name},{number}@x.edu,Submitted,,50.00,Yes,-,-,\n"
    for number, name in ((7, "Zed Other"), (31, "Zoë Smith"), (32, "O'Brien Ann"))
)


def grades_in(data: bytes) -> dict[str, str]:
    return {row["Full name"]: row["Grade"] for row in csv.DictReader(io.StringIO(data.decode()))}


@pytest.mark.parametrize("collected", [True, False])
def test_a_groups_number_gives_no_student_a_grade(
    hw1: Callable[..., Result], small_course: Path, small: Assignment, tmp_path: Path, collected: bool
) -> None:
    right = reference_source(small)
    folders = ("Team A_7", "Zoe\u0308 Smith_31", "Group B-OBrien Ann_32")
    files = {f"{name}_assignsubmission_file/hw1.py": right for name in folders}
    download, worksheet = packed(tmp_path / "d.zip", files), tmp_path / "w.csv"
    worksheet.write_text(HEADING + ROWS, encoding="utf-8")
    if collected:
        assert hw1("collect", download, "-o", tmp_path / "in").exit_code == 0
    where = ("--course", small_course, "--assignment", SMALL)
    done = hw1("grade", tmp_path / "in" if collected else download, "-o", tmp_path / "grades", *where)
    assert done.exit_code == 0, done.output
    # Names alone make no class: the table has its columns, and nobody is absent.
    assert "late" not in (tmp_path / "grades" / "grades.csv").read_text(encoding="utf-8").splitlines()[0]
    done = hw1(
        "export", "moodle", tmp_path / "grades", "-o", tmp_path / "out", "--assignment", SMALL, "--fill", worksheet
    )
    assert done.exit_code == 1
    whole = f"{small.possible:.2f}"
    assert grades_in((tmp_path / "out").read_bytes()) == {"Zed Other": "", "Zoë Smith": whole, "O'Brien Ann": whole}
    assert "1 graded, but not in the download: 7 Team A\n" in done.stderr
    assert "1 in the download without a grade: Zed Other\n" in done.stderr
    done = hw1("export", "csv", tmp_path / "grades", "-o", tmp_path / "c.csv", "--assignment", SMALL)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("called", "matches"),
    [
        ("Zed Other", True),
        ("zed  OTHER", True),
        ("Lab 2-Zed Other", True),
        ("OTHER Zed", True),
        ("Zed Anne Other", True),
        ("Zed", False),
        ("", True),
        ("Participant", True),
        ("Team Other", False),
        ("Other", False),
        ("Team A", False),
        ("Zoë Smith", False),
    ],
)
def test_a_name_agrees_or_the_grade_is_nobodys(called: str, matches: bool) -> None:
    points = [Points(student="7", name="7", earned=3.0, possible=60.0)]
    done = moodle.fill((HEADING + ROWS).encode(), "w.csv", points, {}, ".", called={"7": called})
    assert grades_in(done.data)["Zed Other"] == ("3.00" if matches else "")
    # As it is where a folder of the download is graded with its name.
    points = [Points(student="x", name=f"{called}_7_assignsubmission_file_", earned=3.0, possible=60.0)]
    done = moodle.fill((HEADING + ROWS).encode(), "w.csv", points, {}, ".")
    assert grades_in(done.data)["Zed Other"] == ("3.00" if matches else "")


@pytest.mark.parametrize(
    ("called", "full", "matches"),
    [
        ("OBrien Ann", "Ann Marie O'Brien", False),
        ("OBrien Ann", "O'Brien Ann Marie", True),
        ("A", "Zed A Other", False),
        ("Madonna", "Madonna", True),
        ("王小明", "王小明", True),
        ("Group 1-王小明", "王小明", True),
        ("Team A", "!!!", False),
    ],
)
def test_names_of_all_kinds(called: str, full: str, matches: bool) -> None:
    row = f"Participant 7,{full},7@x.edu,Submitted,,50.00,Yes,-,-,\n"
    points = [Points(student="7", name="7", earned=3.0, possible=60.0)]
    done = moodle.fill((HEADING + row).encode(), "w.csv", points, {}, ".", called={"7": called})
    assert (done.filled, done.unmatched) == ((1, ()) if matches else (0, (f"7 {called}",)))


def test_under_blind_marking_the_number_says_it() -> None:
    heading = HEADING.replace("Full name,Email address,", "")
    row = "Participant 7,Submitted,,50.00,Yes,-,-,\n"
    points = [Points(student="7", name="7", earned=3.0, possible=60.0)]
    done = moodle.fill((heading + row).encode(), "w.csv", points, {}, ".", called={"7": "Participant"})
    assert (done.filled, done.unmatched) == (1, ())
    packed_up = moodle.feedback_zip((heading + row).encode(), "w.csv", points, {"7": b"%PDF"}, called={})
    with zipfile.ZipFile(io.BytesIO(packed_up)) as archive:
        assert archive.namelist() == ["Participant_7_assignsubmission_file/feedback.pdf"]
