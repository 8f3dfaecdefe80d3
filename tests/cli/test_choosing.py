"""Which assignment and which course a command is about, from whatever folder it is called."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import jupyter_core.paths  # noqa: F401 - before the path is taken away, as the next three
import pytest
import traitlets.config.loader  # noqa: F401

import autograder.cli.truths
import autograder.mathematics.proof.proving
import autograder.nbgrader_plugin.course  # noqa: F401
from tests.cli.test_cli import one_line

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "small"


def install(site: Path, name: str, package: str) -> None:
    """Put an assignment where pip would, with what it would write beside it."""
    shutil.copytree(SMALL, site / package, ignore=shutil.ignore_patterns("__pycache__"))
    about = site / f"{package}-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[autograder.assignments]\n{name} = {package}\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Be in an empty folder, on a machine where only what lies in the folder that is returned is installed."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder)])
    return folder


def ids(assignment):
    return ", ".join(question.id for question in assignment.questions)


def questions(hw1, *arguments):
    """Have the command say which assignment it took, by the ids of its questions."""
    return one_line(hw1("prove", "--question", "none", *arguments))


def test_an_installed_assignment_is_found_from_any_folder(hw1, site, small):
    install(site, "small", "small_homework")
    assert f"there are {ids(small)}" in questions(hw1)


def test_of_several_one_is_named(hw1, site, small):
    install(site, "first", "one_homework")
    install(site, "second", "another_homework")
    assert "2 assignments are installed; say which: --assignment first, --assignment second" in questions(hw1)
    assert f"there are {ids(small)}" in questions(hw1, "--assignment", "second")


def test_where_there_is_none_one_line_says_how(hw1, site):
    (site / "gone-1.dist-info").mkdir()
    (site / "gone-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: gone\nVersion: 1\n")
    (site / "gone-1.dist-info" / "entry_points.txt").write_text("[autograder.assignments]\ngone = gone.for_good\n")
    line = questions(hw1)
    assert "which assignment? Give --assignment FOLDER" in line
    assert "autograder.assignments" in line


def test_a_folder_here_comes_before_what_is_installed(hw1, site, assignment):
    install(site, "first", "one_homework")
    shutil.copytree(ROOT / "solutions", "solutions")
    assert f"there are {ids(assignment)}" in questions(hw1)


def test_a_course_names_its_assignment(hw1, site, monkeypatch, tmp_path, assignment, small):
    install(site, "first", "one_homework")
    Path("nbgrader_config.py").write_text(
        f"c = get_config()\nc.GradingExporter.homeworks = [({str(ROOT / 'solutions')!r}, '.')]\n", encoding="utf-8"
    )
    assert f"there are {ids(assignment)}" in questions(hw1)
    (tmp_path / "beside").mkdir()
    monkeypatch.chdir(tmp_path / "beside")
    assert f"there are {ids(small)}" in questions(hw1)
    # A command that takes a course asks that one, wherever it stands among the arguments.
    install(site, "second", "another_homework")
    assert "2 assignments are installed" in questions(hw1)
    done = hw1("truths", "--check", "--course", tmp_path / "elsewhere")
    assert "no secret" in one_line(done)


def test_a_mistyped_command_is_guessed(hw1):
    assert "No such command 'graed'. Did you mean 'grade'? Try" in one_line(hw1("graed"))
    assert "Did you mean 'grade'? Try" in one_line(hw1("gradee")), "and none that a platform alone calls"
    assert "No such command 'repot'. Did you mean 'report' or 'export'? Try" in one_line(hw1("repot"))


def test_grading_makes_the_course_and_says_so(hw1, tmp_path):
    lone = tmp_path / "ada.py"
    lone.write_text("", encoding="utf-8")
    course = tmp_path / "new" / "course"
    arguments = ["grade", lone, "--output", tmp_path / "grades", "--course", course, "--assignment", SMALL]
    result = hw1(*arguments)
    assert result.exit_code == 0, result.output
    assert f"new secret made in {course / '.autograder'}: keep a copy" in result.stderr
    assert "new secret" not in hw1(*arguments).stderr


def test_a_folder_that_is_no_course_is_refused(hw1, tmp_path):
    line = one_line(hw1("grade", "--course", tmp_path))
    assert f"{tmp_path} is not a course: it has no nbgrader_config.py; make one with hw1 release nbgrader" in line
    assert not any(tmp_path.iterdir())


def test_a_courses_configuration_runs_once_for_a_command(hw1, tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    told = tmp_path / "told"
    (course / "nbgrader_config.py").write_text(
        f"with open({str(told)!r}, 'a') as file:\n    file.write('once\\n')\n"
        f"c = get_config()\nc.GradingExporter.homeworks = [({str(SMALL)!r}, '.')]\n",
        encoding="utf-8",
    )
    hw1("grade", "--course", course)
    assert told.read_text() == "once\n"
