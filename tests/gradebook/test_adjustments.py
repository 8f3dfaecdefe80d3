"""Points that a person gives or takes: shown wherever a grade is, in no grade.json, and still there after a regrade."""

from __future__ import annotations

import csv
import shutil

import pytest

from autograder.course import grades_folder
from autograder.gradebook.reading import read_class, read_grades
from autograder.loading import find_submissions, reference_source, stub_source
from autograder.nbgrader_plugin.run import grade_for_nbgrader
from reports.class_report.content import sections
from reports.class_report.summary import summarize
from reports.feedback.markdown import feedback
from tests.cli.test_cli import one_line
from tests.conftest import SMALL

HEADING = "student,criterion,points,reason\n"


@pytest.fixture
def handed_in(tmp_path, small):
    """Ada is right, Bob has written nothing."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(reference_source(small), encoding="utf-8")
    (folder / "bob.py").write_text(stub_source(small), encoding="utf-8")
    return folder


@pytest.fixture
def grading(hw1, handed_in, tmp_path, small_course):
    """Grade both, with more options."""

    def grade(*more):
        return hw1(
            "grade", handed_in, "--output", tmp_path / "out", "--course", small_course, "--assignment", SMALL, *more
        )

    return grade


@pytest.fixture
def first(small):
    return small.parts[0].criteria[0]


def rows(folder):
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_they_are_shown_everywhere_and_survive_a_regrade(grading, tmp_path, small, first):
    out, given = tmp_path / "out", tmp_path / "mine.csv"
    assert grading().exit_code == 0
    machine = {name: (out / name / "grade.json").read_bytes() for name in ("ada", "bob")}
    told = (out / "ada" / "feedback.md").read_bytes()
    given.write_text(f'{HEADING}bob,{first.id},1,"Right on paper, seen <b>today</b>"\n', encoding="utf-8")

    dry = grading("--adjustments", given, "--dry-run")
    assert f"bob: {first.id} +1 (Right on paper, seen <b>today</b>)" in dry.stdout
    assert not (out / "adjustments.csv").exists()

    for more in (("--adjustments", given), (), ("--force",)):
        done = grading(*more)
        assert "1 adjustment for 1 of the students" in done.stdout
        assert rows(out)["bob"]["earned"] == rows(out)["bob"][first.id] == "1"
        text = (out / "bob" / "feedback.md").read_text(encoding="utf-8")
        assert f"**1 of {small.possible:g} points**" in text
        assert f"- **{first.title}**: +1. Right on paper, seen (b)today(/b)" in text
        assert f"| | **Total** | | **1 / {small.possible:g}** |" in text
        assert {name: (out / name / "grade.json").read_bytes() for name in machine} == machine
        assert (out / "ada" / "feedback.md").read_bytes() == told
        if not more:
            assert "2 unchanged since last graded" in done.stdout

    bob = read_grades(out, small).grades[1]
    assert feedback(small, bob) == (out / "bob" / "feedback.md").read_text(encoding="utf-8")
    found = read_class(out, small)
    assert [one.earned for one in found.results] == [small.possible, 1]
    report = summarize(small, found)
    assert report.totals.least == 1
    shown = next(section for section in sections(report) if section.id == "adjustments")
    assert shown.tables[0].rows == (("bob", first.id, "+1", "Right on paper, seen <b>today</b>"),)

    # Without the file everything is as graded.
    (out / "adjustments.csv").unlink()
    grading()
    assert rows(out)["bob"]["earned"] == "0"
    assert "Adjusted" not in (out / "bob" / "feedback.md").read_text(encoding="utf-8")


def test_a_criterion_stays_between_nothing_and_its_points(grading, tmp_path, small, first):
    grading()
    given = tmp_path / "out" / "adjustments.csv"
    given.write_text(f"{HEADING}ada,{first.id},1,full already\nbob,{first.id},-1,nothing to take\n", encoding="utf-8")
    grading()
    assert [row["earned"] for row in rows(tmp_path / "out").values()] == [f"{small.possible:g}", "0"]
    assert "+1, of which 0 counts" in (tmp_path / "out" / "ada" / "feedback.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "student,points\nbob,1\n",
            "the first line is 'student,points', and it must be student,criterion,points,reason",
        ),
        (f"{HEADING}bob,q9.none,1,why\n", "line 2: there is no criterion 'q9.none'; there are "),
        (f"{HEADING}\nbob,{{}},many,why\n", "line 3: points 'many'; write a number from -"),
        (f"{HEADING}bob,{{}},nan,why\n", "points 'nan'; write a number"),
        (f"{HEADING}bob,{{}},1000,why\n", "points '1000'; write a number"),
        (f"{HEADING}bob,{{}},1,\n", "line 2: no reason"),
        (f"{HEADING}bob,{{}},1,{'why' * 200}\n", "line 2: the reason is too long"),
        (f"{HEADING}bob,{{}},1,why, and why\n", "line 2: 5 cells"),
        (f"{HEADING}bob,{{}},1,why\nbob,{{}},1,why\n", "line 3: {} of bob is already in line 2"),
        (f"{HEADING}bobby,{{}},1,why\n", "'bobby' was not graded there"),
        (f'{HEADING}bob,{{}},1,"why\n', "save it as CSV anew"),
        (f"{HEADING}bob,{{}},1,\udce9\n", "is not UTF-8"),
    ],
)
def test_a_bad_row_is_refused_in_one_line(hw1, toy_grades, text, says, first):
    (toy_grades / "adjustments.csv").write_bytes(text.replace("{}", first.id).encode("utf-8", "surrogateescape"))
    line = one_line(hw1("report", "class", toy_grades, "--output", toy_grades, "--assignment", SMALL))
    assert says.replace("{}", first.id) in line


@pytest.fixture(scope="module")
def graded_once(made_once, small, small_course, tmp_path_factory):
    """Return a course whose collected submissions are graded; tests copy it."""

    def make(folder):
        shutil.copytree(small_course, folder, dirs_exist_ok=True)
        source = folder / "class"
        source.mkdir()
        (source / "ada.py").write_text(reference_source(small), encoding="utf-8")
        (source / "bob.py").write_text(stub_source(small), encoding="utf-8")
        for_nbgrader(small, folder)

    return made_once("adjusted-course", make)


def for_nbgrader(small, course):
    found = find_submissions(course / "class")
    return grade_for_nbgrader(small, course, found, say=lambda _: None, warn=lambda _: None).parts


@pytest.fixture
def toy_grades(graded_once, small, tmp_path):
    return shutil.copytree(grades_folder(graded_once, small.id), tmp_path / "grades")


def test_a_file_that_is_no_text_or_a_link_is_refused(hw1, toy_grades, tmp_path):
    (toy_grades / "adjustments.csv").symlink_to(tmp_path / "elsewhere.csv")
    line = one_line(hw1("report", "class", toy_grades, "--output", toy_grades, "--assignment", SMALL))
    assert "adjustments.csv cannot be read (it is a symbolic link)" in line


def test_nbgrader_gets_the_adjusted_points(graded_once, small, first, tmp_path):
    course = shutil.copytree(graded_once, tmp_path / "course")
    part = small.parts[0]
    before = for_nbgrader(small, course)
    grades = grades_folder(course, small.id)
    (grades / "adjustments.csv").write_text(f"{HEADING}bob,{first.id},1,seen <b>today</b>\n", encoding="utf-8")
    after = for_nbgrader(small, course)
    assert after["bob"][part.name].earned == before["bob"][part.name].earned + 1
    assert f"<strong>{first.title}</strong>: +1. seen &lt;b&gt;today&lt;/b&gt;" in after["bob"][part.name].html
    assert after["ada"] == before["ada"]
    (grades / "adjustments.csv").unlink()
    assert for_nbgrader(small, course)["bob"] == before["bob"]
