"""What a roster knows of the class goes with its grades: who has none is named, and each id finds a student's row."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.gradebook.attendance import Enrolled, ids_alone
from tests.conftest import Maker
from tests.exports.conftest import SMALL

ROSTER = """student,name,email,login,section
jd1,J Block,jd1@x.edu,jblock3430,A
2,Two,two@x.edu,=x,A
zz9,Zed,zz9@x.edu,,A
yy8,Yo,yy8@x.edu,,A
"""
#: By address alone; whoever is in section A is not meant by A, and no name is an id.
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 31,Two,JD1@x.edu,A,,50.00,Yes,-,-,
Participant 32,Zoë Smith,zoe@x.edu,A,,50.00,Yes,-,-,
Participant 33,Zed,zz9@x.edu,A,,50.00,Yes,-,-,
"""  # noqa: E501
DOCUMENTS = {"csv": 1, "parquet": 1, "junit": 1, "gradescope": 3, "prairielearn": 3, "classroom50": 3}


@pytest.fixture(scope="session")
def rostered(made_once: Maker, graded: Path) -> Path:
    """The class, where jblock3430 is jd1 on the roster, Zoë Smith is not on it, and zz9 and yy8 handed in nothing."""

    def make(folder: Path) -> None:
        shutil.copytree(graded.parent, folder, dirs_exist_ok=True)
        (folder / "who.csv").write_text(ROSTER, encoding="utf-8")
        for more in (("--roster", str(folder / "who.csv")), ()):
            # The second run knows the roster by what the first one kept.
            words = ("--course", str(folder), "--assignment", str(SMALL), "-o", str(folder / "grades"), *more)
            done = CliRunner().invoke(main, ["grade", str(folder / "submissions"), *words])
            assert done.exit_code == 0, done.output

    return made_once("rostered", make) / "grades"


@pytest.fixture
def export(hw1: Callable[..., Result], rostered: Path, tmp_path: Path) -> Callable[..., Result]:
    def run(name: str, *words: object) -> Result:
        return hw1("export", name, rostered, "--assignment", SMALL, "-o", tmp_path / "out", *words)

    return run


@pytest.mark.parametrize("name", DOCUMENTS)
def test_who_is_on_one_side_alone_is_named(export: Callable[..., Result], tmp_path: Path, name: str) -> None:
    done = export(name)
    assert done.exit_code == 1
    assert "2 on the roster without a grade: yy8, zz9\n" in done.stderr
    assert "1 graded, but not on the roster: Zoë Smith\n" in done.stderr
    assert len([path for path in (tmp_path, *tmp_path.rglob("*")) if path.is_file()]) == DOCUMENTS[name]


def test_a_grade_finds_its_row_by_any_id_of_the_roster(export: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text(WORKSHEET, encoding="utf-8")
    done = export("moodle", "--fill", tmp_path / "w.csv")
    assert done.exit_code == 1
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out").read_text(encoding="utf-8"))))
    assert [row["Grade"] for row in rows] == ["11.00", "0.00", ""]
    # The roster's name Two is no id: 2 is not in the download.
    assert "1 graded, but not in the download: 2\n" in done.stderr
    assert "1 in the download without a grade: Zed\n" in done.stderr
    assert "1 on the roster without a grade, and not in the download: yy8\n" in done.stderr


def test_the_roster_beside_the_grades_keeps_all_ids(rostered: Path) -> None:
    lines = (rostered / "roster.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "student,name,group,late,late_days,roster,email,login,section"
    assert "jblock3430,J Block,,,,jd1,jd1@x.edu,jblock3430,A" in lines
    assert "2,Two,,,,2,two@x.edu,'=x,A" in lines


def test_a_folder_in_use_is_refused(export: Callable[..., Result], tmp_path: Path) -> None:
    stale = tmp_path / "out" / "gone" / "results.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}", encoding="utf-8")
    for name in ("gradescope", "prairielearn", "classroom50"):
        done = export(name)
        assert (done.exit_code, done.output.count("\n")) == (2, 1)
        assert "out is not empty; choose another --output" in done.output
    assert [*(tmp_path / "out").iterdir()] == [stale.parent]


def test_a_file_in_place_of_the_folder_is_refused(export: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = export("gradescope")
    assert (done.exit_code, "out is a file; choose another --output" in done.output) == (2, True)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_what_names_two_students_names_neither() -> None:
    people = {
        one: Enrolled(student=one, ids={"roster": one, "email": f"{one}@x", "section": "A", "blank": ""})
        for one in ("ann", "bob")
    }
    assert ids_alone(people) == {"ann": ("ann", "ann@x"), "bob": ("bob", "bob@x")}
