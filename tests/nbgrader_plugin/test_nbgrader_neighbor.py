"""A teaching assistant's course, older than our homework in it: nobody's grades in it change, whichever comes first."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autograder.loading import load_assignment, reference_source
from autograder.nbgrader_plugin.course import read_course
from tests.classroom.nbgrader_course import answered, copy_course, make_course, nbgrader, private_home

# Templates are made once: on one worker.
pytestmark = pytest.mark.xdist_group("nbgrader-neighbor")

# The assistant's own: an exporter and a way to collect for the whole machine, preprocessors for the course.
MODULE = """\
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_output
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade


class Exporter(NotebookExporter):
    def from_filename(self, filename, resources=None, **kwargs):
        output, resources = super().from_filename(filename, resources=resources, **kwargs)
        return output.replace("see the assistant", "see Ann"), resources


class Collect(ExchangeCollect):
    def init_src(self):
        super().init_src()
        self.log.warning("the assistant collects %s", self.coursedir.assignment_id)


class Lenient(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        for cell in nb.cells:
            if is_grade(cell) and any(o.output_type == "error" for o in cell.get("outputs", [])):
                cell.outputs = [new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)]
        return nb, resources
"""
MACHINE = """
c.Autograde.exporter_class = "assistant.Exporter"
c.ExchangeFactory.collect = "assistant.Collect"
"""
HEAD = 'c = get_config()\nc.CourseDirectory.course_id = "old"\n'
OWN = """
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute", "assistant.Lenient", "nbgrader.preprocessors.SaveAutoGrades",
]
c.Execute.timeout = 120
c.CourseDirectory.submitted_directory = "collected"
c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
"""
LINES = """
from pathlib import Path
import autograder.nbgrader_plugin
autograder.nbgrader_plugin.configure(c, assignment={package!r}, course=str(Path(__file__).resolve().parent))
"""


def cell(kind, source, **marks):
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    named = {"solution": False, "grade": False, "locked": False, "schema_version": 3, "task": False, **marks}
    return {"cell_type": kind, "id": marks["grade_id"], "metadata": {"nbgrader": named}, "source": source, **code}


def stock(answer="    ### BEGIN SOLUTION\n    return 2 * a\n    ### END SOLUTION"):
    hidden = "\n### BEGIN HIDDEN TESTS\nassert twice(5) == 10\n### END HIDDEN TESTS"
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            cell("markdown", "Double it; if lost, see the assistant.", locked=True, grade_id="prompt"),
            cell("code", f"def twice(a):\n{answer}", solution=True, grade_id="twice"),
            cell("code", f"import helper\nassert twice(4) == helper.EIGHT{hidden}", grade=True, locked=True, points=3,
                 grade_id="test_twice"),
            cell("markdown", "Why?", solution=True, grade=True, points=2, grade_id="why"),
        ],
    }  # fmt: skip


def handed_in():
    def without_test(notebook):
        del notebook["cells"][2]
        return notebook

    return {
        "right": stock("    return a + a"),
        "wrong": stock("    return 8"),
        "deleted": without_test(stock("    return a + a")),
    }


def hand_in(course, assignment, student, notebook, **files):
    home = course / "collected" / assignment / student
    home.mkdir(parents=True)
    for name, text in {f"{assignment}.ipynb": json.dumps(notebook), "timestamp.txt": "2020-02-01 12:00:00 UTC"}.items():
        (home / name).write_text(text, encoding="utf-8")
    for name, text in files.items():
        (home / name.replace("_", ".")).write_text(text, encoding="utf-8")


def run(course, *command, code=0):
    ended = nbgrader(course, *command)
    assert ended.returncode == code, ended.stdout
    return ended.stdout


@pytest.fixture(scope="module")
def assignment(another):
    return load_assignment(another)


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """Make the assistant's course, as graded by nbgrader alone, with a gradebook of an older nbgrader brought up."""
    course = tmp_path_factory.mktemp("neighbor") / "course"
    (course / "source" / "hw0").mkdir(parents=True)
    (course / "source" / "hw0" / "hw0.ipynb").write_text(json.dumps(stock()), encoding="utf-8")
    (course / "source" / "hw0" / "helper.py").write_text("EIGHT = 8\n", encoding="utf-8")
    (course / "assistant.py").write_text(MODULE, encoding="utf-8")
    (course / "nbgrader_config.py").write_text(HEAD + OWN, encoding="utf-8")
    for_the_machine(course)
    run(course, "generate_assignment", "hw0")
    for student, notebook in handed_in().items():
        hand_in(course, "hw0", student, notebook, plot_html="<p>mine</p>")
    run(course, "autograde", "hw0")
    with closing(sqlite3.connect(course / "gradebook.db")) as book, book:
        # As after a second look by nbgrader at what a person graded.
        book.execute("UPDATE grade SET manual_score = 1.5, needs_manual_grade = 1 WHERE auto_score IS NULL")
        # As before nbgrader's migration 282d30a0218e.
        book.execute("UPDATE alembic_version SET version_num = '167914646830'")
        book.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    run(course, "db", "upgrade")
    return course


def state(course):
    """Everything that nbgrader keeps of the class: grades and autograded folders, without times."""
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        grades = book.execute("""
            select s.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
            from grade g join base_cell b on b.id = g.cell_id
            join submitted_notebook n on n.id = g.notebook_id join submitted_assignment s on s.id = n.assignment_id
            join assignment a on a.id = s.assignment_id where a.name = 'hw0' order by 1, 2
        """).fetchall()
    files = {}
    for path in sorted(course.glob("autograded/hw0/*/*.*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            notebook = json.loads(text)
            for one in notebook["cells"]:
                one["metadata"].pop("execution", None)
                for output in one.get("outputs", []):
                    output.pop("traceback", None)
            text = json.dumps(notebook)
        files[path.relative_to(course).as_posix()] = text
    return grades, files


def for_the_machine(course):
    with (private_home(course) / "jupyter" / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(MACHINE)


def copied(old, folder):
    course = copy_course(old, folder / "course")
    for_the_machine(course)
    return course


def grade_hw0(course):
    said = run(course, "autograde", "hw0", "--force")
    assert "hw1:" not in said


def grade_hw1(course, hw1, assignment):
    pooled = hw1("grade", "--course", course)
    assert pooled.exit_code == 0, pooled.output
    assert "next        nbgrader autograde hw1   (in" in pooled.stdout
    said = run(course, "autograde", "hw1")
    assert "2 of 2 results were graded before; 0 to grade" in said
    assert read_course(course).was_autograded("hw1")
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        totals = book.execute("""
            select s.student_id, sum(g.auto_score) from grade g join submitted_notebook n on n.id = g.notebook_id
            join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id
            where a.name = 'hw1' group by 1 order by 1
        """).fetchall()
    assert totals == [("ada", assignment.possible), ("bob", 0)]


@pytest.mark.parametrize("first", ["hw0", "hw1"])
def test_the_grades_of_a_stock_assignment_are_the_same_before_and_after(
    old, another, another_course, assignment, hw1, tmp_path, first
):
    before = grades, files = state(old)
    assert {(student, cell): (auto, manual) for student, cell, auto, manual, *_ in grades} == {
        **{(student, "why"): (None, 1.5) for student in handed_in()},
        ("right", "test_twice"): (3, None),
        ("wrong", "test_twice"): (0.5, None),
        ("deleted", "test_twice"): (None, 1.5),
    }
    assert "autograded/hw0/right/plot.html" in files
    mine = copied(old, tmp_path)
    lines = LINES.format(package=str(another))
    # Our lines stand above or below the assistant's own.
    own = (OWN, lines) if first == "hw0" else (lines, OWN)
    (mine / "nbgrader_config.py").write_text(HEAD + "".join(own), encoding="utf-8")
    make_course(mine, another, warm=another_course)
    for_the_machine(mine)
    released = json.loads((mine / "release" / "hw1" / "hw1.ipynb").read_text(encoding="utf-8"))
    hand_in(mine, "hw1", "ada", answered(released, reference_source(assignment)))
    hand_in(mine, "hw1", "bob", released)
    if first == "hw1":
        grade_hw1(mine, hw1, assignment)
    grade_hw0(mine)
    assert state(mine) == before
    if first == "hw0":
        grade_hw1(mine, hw1, assignment)
        assert state(mine) == before
        run(mine, "generate_feedback", "hw0")
        page = (mine / "feedback" / "hw0" / "wrong" / "hw0.html").read_text(encoding="utf-8")
        assert "see Ann" in page
        assert "(Score: 2.0 / 5.0)" in page


@pytest.fixture
def joined(old, another, tmp_path):
    """Return the assistant's course with our lines in it."""
    course = copied(old, tmp_path)
    lines = LINES.format(package=str(another))
    (course / "nbgrader_config.py").write_text(HEAD + lines + OWN, encoding="utf-8")
    return course


def test_other_assignments_are_collected_as_ever_and_ours_without_links(joined):
    inbound = joined / ".home" / "exchange" / "old" / "inbound"
    for assignment in ("hw0", "hw1"):
        home = inbound / f"eve+{assignment}+2020-02-01 12:00:00 UTC+0"
        home.mkdir(parents=True)
        (home / f"{assignment}.ipynb").symlink_to(joined / "source" / "hw0" / "hw0.ipynb")
        said = run(joined, "collect", assignment)
        assert f"the assistant collects {assignment}" in said
        assert ("links or pipes and were not collected" in said) == (assignment == "hw1")
    assert (joined / "collected" / "hw0" / "eve" / "hw0.ipynb").is_file()
    assert not (joined / "collected" / "hw1" / "eve" / "hw1.ipynb").exists()


def test_a_homework_that_is_gone_stops_only_what_may_be_it(joined):
    config = joined / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace("another'", "nowhere'"), encoding="utf-8")
    run(joined, "autograde", "hw0", "--force", "--student=right")
    hand_in(joined, "hw1", "ada", stock("    raise SystemExit"))
    said = run(joined, "autograde", "hw1", code=1)
    assert "nowhere: no such folder" in said
    assert "Converting" not in said


SETTINGS = {
    "submitted": 'c.CourseDirectory.submitted_directory = "collected"',
    "structure": 'c.CourseDirectory.directory_structure = "all/{assignment_id}/{nbgrader_step}/by-{student_id}"',
    "computed": "from pathlib import Path\nc.CourseDirectory.submitted_directory = Path(__file__).stem",
    "imported": "import folders\nc.CourseDirectory.submitted_directory = folders.NAME",
    "elsewhere": 'c.CourseDirectory.root = "deeper"',
    "old-names": 'c.NbGrader.course_directory = "deeper"\nc.NbGrader.submitted_directory = "collected"',
    "excluded": 'c.CourseDirectory.student_id_exclude = "staff,ta"',
}
JSON = {"CourseDirectory": {"submitted_directory": "from-json"}}


@pytest.mark.parametrize("name", [*SETTINGS, "json", "machine"])
def test_submissions_are_where_nbgrader_is_told_that_they_are(tmp_path, monkeypatch, name):
    course = tmp_path / "course"
    (course / "deeper").mkdir(parents=True)
    home = private_home(course)
    (course / "folders.py").write_text('NAME = "imported"', encoding="utf-8")
    (course / "nbgrader_config.py").write_text(f"c = get_config()\n{SETTINGS.get(name, '')}\n", encoding="utf-8")
    files = {"json": course / "nbgrader_config.json", "machine": home / "jupyter" / "nbgrader_config.json"}
    if name in files:
        files[name].write_text(json.dumps(JSON), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
    # nbgrader itself names the folder when nobody is in it.
    said = run(course, "autograde", "hw1", "--student=ada", code=1)
    folder = Path(re.search(r"No notebooks were matched by '(.*)'", said)[1])
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_text("{}", encoding="utf-8")
    if name == "excluded":
        shutil.copytree(folder, course / "submitted" / "staff" / "hw1")
    found = read_course(course).submissions("hw1").found
    assert [(one.student, one.paths) for one in found] == [("ada", (folder / "hw1.ipynb",))]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1 / 0", "nbgrader_config.py: ZeroDivisionError: division by zero; correct it"),
        ("raise SystemExit('not here')", "nbgrader_config.py: SystemExit: not here; correct it"),
        ('c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment}"', "nbgrader needs {nbgrader_step}"),
    ],
    ids=["fault", "exit", "structure"],
)
def test_a_configuration_that_cannot_be_followed_is_said_in_one_line(tmp_path, hw1, line, says):
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{line}\n", encoding="utf-8")
    result = hw1("grade", "--course", tmp_path, "--assignment", "solutions")
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
