"""Who handed in nothing, who was late, and groups: told with the grades, and points only where a setting says so."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from autograder.errors import InputError
from autograder.exports import classroom50
from autograder.exports.records import report_of
from autograder.gradebook import Gradebook
from autograder.gradebook.attendance import Enrolled, class_to_csv, read_enrolled
from autograder.gradebook.reading import read_class, read_each
from autograder.loading import reference_source, stub_source
from autograder.paths import OurFolder
from reports.class_report.anonymous import without_names
from reports.class_report.content import sections
from reports.class_report.summary import summarize
from reports.feedback.markdown import feedback
from tests.cli.test_cli import one_line
from tests.conftest import SMALL

ROSTER = (
    'student,name,canvas,late_days,group\nann,Ann,7,"1,5",\nbob,Bob,8,0,g1\n=dan,Dan <b>,9,,g1\n-eve,@SUM(1),10,3,\n'
)


@pytest.fixture
def home(small, tmp_path):
    """Canvas's numbers 7, right, and 8, who wrote nothing; 8 came late by the download, and 6 is a stranger."""
    home = tmp_path / "home"
    folder = home / "class"
    folder.mkdir(parents=True)
    for name, text in (("7", reference_source(small)), ("8", stub_source(small)), ("6", stub_source(small))):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    collected = "student,file,from,late,group,why not\n8,hw1.py,x,late,,\n6,hw1.py,x,late,6 7,\n,,y,,,a reason\n"
    (folder / ".collected.csv").write_text(collected, encoding="utf-8")
    (home / "who.csv").write_text(ROSTER, encoding="utf-8")
    return home


@pytest.fixture
def grade(home, small_course, hw1):
    def run(*more):
        words = ("--output", home / "out", "--course", small_course, "--assignment", SMALL)
        return hw1("grade", home / "class", *words, *more)

    return run


def table(home):
    with (home / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_the_table_and_the_csv_tell_of_everybody(home, grade, small):
    without = grade("--dry-run").stdout
    done = grade("--roster", home / "who.csv")
    assert done.exit_code == 0, done.output
    assert "1 not on the roster: 6" in done.stderr
    assert "2 handed in nothing: %2Ddan" not in done.stderr
    assert "2 handed in nothing: %3Ddan, -eve" in done.stderr
    assert "all right, late, 1.5 days" in done.stdout
    assert "handed in nothing, late, 3 days" in done.stdout
    found = table(home)
    told = {
        student: (row["status"], row["earned"], row["late"], row["late_days"], row["group"])
        for student, row in found.items()
    }
    assert told == {
        "6": ("graded", "0", "late", "", "6 7"),
        "7": ("graded", f"{small.possible:g}", "late", "1.5", ""),
        # The roster says that no day counts, whatever the platform marked.
        "8": ("graded", "0", "", "0", "g1"),
        "%3Ddan": ("absent", "", "", "", "g1"),
        "'-eve": ("absent", "", "late", "3", ""),
    }
    # A later run without the roster knows it still; without any the download's marks are told.
    assert grade().exit_code == 0
    assert table(home) == found
    assert "late, group 6 7" in without
    assert "handed in nothing" not in without


def test_reports_tell_of_it_and_points_depend_on_it_only_by_a_setting(home, grade, small):
    assert grade("--roster", home / "who.csv").exit_code == 0
    found = read_class(home / "out", small)
    (section,) = [one for one in sections(summarize(small, found)) if one.id == "attendance"]
    assert section.before == ("3 of 5 students handed in their work.",)
    assert [one.caption for one in section.tables] == [
        "2 students handed in nothing", "2 students handed in late", "2 groups",
    ]  # fmt: skip
    assert section.tables[0].rows == (("=dan", "Dan <b>"), ("-eve", "@SUM(1)"))
    assert "attendance" not in {one.id for one in sections(summarize(small, without_names(small, found)))}
    assert {one.student: one.earned for one in read_class(home / "out", small).results}["7"] == small.possible
    strict = replace(small, late_points_per_day=0.75)
    earned = {one.student: one.earned for one in read_class(home / "out", strict).results}
    assert earned == {"6": 0, "7": small.possible - 1.5, "8": 0}
    book = Gradebook(home / "out", strict)
    text = feedback(strict, book.grade("7"))
    assert f"**{small.possible - 1.5:g} of {small.possible:g} points**" in text
    assert "- **Handed in late**: -1.5. late, 1.5 days: each day begun costs 0.75 points" in text
    hard = replace(small, late_points_per_day=100.0)
    assert "of which -" in feedback(hard, Gradebook(home / "out", hard).grade("7"))
    reports, _ = read_each(home / "out", strict, lambda record, markdown: report_of(record, strict, markdown))
    result = classroom50.results(reports[1], classroom50.factor_of(reports))
    assert result["score"] / result["max-score"] == pytest.approx(1 - 1.5 / small.possible)


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("student,id\nann,7\nbob,8\nann,7\n", "'ann' is in it twice (row 4); keep one row"),
        ("student,a,b\nann,7,8\n", "both '7' and '8' belong to the row of 'ann'; grade one of the two"),
        ("student,a\nann,7\nbob,7\n", "'7' is both 'ann' and 'bob'; give each another cell"),
        ("student,late_days\nann,two\n", "row 2 has 'two' late days; give a number, 0 or more"),
        ("", "empty; download it again"),
    ],
)
def test_a_roster_that_cannot_be_believed_is_one_line(grade, tmp_path, roster, words):
    (tmp_path / "who.csv").write_text(roster, encoding="utf-8")
    assert words in one_line(grade("--roster", tmp_path / "who.csv"))


def test_a_roster_is_of_a_whole_class_and_must_be_there(grade, tmp_path):
    assert "cannot be read (No such file or directory); give a CSV" in one_line(
        grade("--roster", tmp_path / "none.csv")
    )
    assert "goes with a whole class" in one_line(grade("--roster", tmp_path / "none.csv", "--shard", "1/2"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("student,points\nann,3\n", "the first line is not student,name,group,late,late_days"),
        ("student,name,group,late,late_days\nann,,,,two\n", "'two' late days of 'ann'; write a number"),
        ("student,name,group,late,late_days\nann,,,,nan\n", "'nan' late days of 'ann'; write a number, 0 or more"),
        ("x", "the first line is not"),
        (None, "cannot be read (it is a symbolic link)"),
    ],
)
def test_what_lies_beside_the_grades_is_read_with_care(tmp_path, content, words):
    if content is None:
        (tmp_path / "roster.csv").symlink_to(tmp_path / "elsewhere")
    else:
        (tmp_path / "roster.csv").write_text(content, encoding="utf-8")
    with OurFolder(tmp_path) as folder, pytest.raises(InputError) as refused:
        read_enrolled(folder)
    assert words in str(refused.value)


def test_the_file_comes_back_as_it_went_in(tmp_path):
    everybody = [
        Enrolled(student="-a", name="=1+1", group="@x", late=True),
        Enrolled(student="b", late_days=0.5, late=True),
        Enrolled(student="c", late_days=1.0, late=True),
        Enrolled(student="d"),
    ]
    content = class_to_csv(everybody)
    assert "'-a,'=1+1,'@x,late," in content
    (tmp_path / "roster.csv").write_text(content, encoding="utf-8")
    with OurFolder(tmp_path) as folder:
        assert list(read_enrolled(folder).values()) == everybody
    assert [one.told for one in everybody] == [("late", "group @x"), ("late, 0.5 days",), ("late, 1 day",), ()]
