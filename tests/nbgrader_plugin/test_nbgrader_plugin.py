"""Our grading inside nbgrader: its converters run in this process, the sandbox, the database and the files are real."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from sqlalchemy import event
from sqlalchemy.pool import Pool

from autograder.cli import main
from autograder.course import grades_folder
from autograder.errors import SandboxError
from autograder.loading import Found, load_assignment, read_submission, reference_source, stub_source
from autograder.nbgrader_plugin.course import read_course
from autograder.sandbox.running import Sandbox
from tests.classroom.nbgrader_course import COURSE_ID, answered, copy_course, make_course, released, scores, submit
from tests.classroom.notebooks import code, talkative

# What nbgrader and what it stands on warn of themselves is not ours to mend.
pytestmark = [
    # One process that imports nbgrader: on one worker.
    pytest.mark.xdist_group("nbgrader-plugin"),
    pytest.mark.usefixtures("one_sandbox"),
    *(
        pytest.mark.filterwarnings(f"ignore::{kind}:{module}")
        for module in ("nbgrader", "nbconvert", "jupyter_core", "jupyter_server", "traitlets", "bleach", "nbformat")
        for kind in ("Warning", "DeprecationWarning")
    ),
]

LATER = "2020-02-03 12:00:00.000000 UTC"


def api(course, extra=None):
    """Return what formgrader's buttons call, configured by the course's own file."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    if extra:
        extra(config)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def autograde(course, student="*", *, assignment="hw1", force=False, extra=None):
    return api(course, extra).autograde(assignment, student, force=force)


def generate(course, extra=None):
    return api(course, extra).generate_assignment("hw1", force=True)


def grade_course(course, *arguments):
    return CliRunner().invoke(main, ["grade", "--course", str(course), *arguments])


@pytest.fixture(autouse=True)
def _every_connection_is_closed():
    """Python 3.13 warns of an open one when it is collected, in any later test; here it is found at once."""
    unclosed = {}

    def opened(connection, _record):
        unclosed[id(connection)] = connection

    def closed(connection, _record):
        unclosed.pop(id(connection), None)

    event.listen(Pool, "connect", opened)
    event.listen(Pool, "close", closed)
    yield
    event.remove(Pool, "connect", opened)
    event.remove(Pool, "close", closed)
    assert not unclosed


@pytest.fixture(scope="module")
def assignment(another):
    return load_assignment(another)


@pytest.fixture
def mine(another_generated, tmp_path):
    return copy_course(another_generated, tmp_path / "course")


@pytest.fixture(scope="module")
def once(another_generated, tmp_path_factory):
    """A course in which ada and bob, who handed in nothing, were graded."""
    folder = copy_course(another_generated, tmp_path_factory.mktemp("once") / "course")
    for student in ("ada", "bob"):
        submit(folder, student, released(folder))
    assert autograde(folder)["success"]
    return folder


@pytest.fixture
def graded(once, tmp_path):
    return copy_course(once, tmp_path / "course")


def one_line_error(result):
    """Return the line of a run that ended before nbgrader touched a file."""
    assert not result["success"], result
    lines = [line for line in result["log"].splitlines() if line.startswith("[ERROR]")]
    assert len(lines) == 1, result["log"]
    assert "Traceback" not in result["log"]
    return lines[0]


def points(course, student):
    return sum(auto for auto, _ in scores(course)[student].values())


def autograded(course, student):
    return course / "autograded" / student / "hw1" / "hw1.ipynb"


# Agreement


CHANGES = {
    "right": (),
    "one-mistake": (("step * np.cumsum(x)", "np.cumsum(x)"),),
    "another": (("2 * (x - target)", "2 * (target - x)"),),
    "a-default": (("step: float = 2.0", "step: float = 3.0"),),
    "two": (("step: float = 2.0", "step: float = 3.0"), ("2 * (x - target)", "x - target")),
    "raising": (("return 2 * (x - target)", "raise KeyError"),),
    "endless": (("return 2 * (x - target)", "while True: pass"),),
    "broken": (("return", "return return"),),
}
"""What a student made of the right answers, by what stands there instead."""


def test_gradebook_and_grades_csv_agree(mine, another, another_course, assignment, tmp_path, hw1):
    plain = tmp_path / "plain"
    works = {"blank": released(mine), "not-json": UNREADABLE["not-json"]}
    for student, changes in CHANGES.items():
        works[student] = reference_source(assignment)
        for old, new in changes:
            assert old in works[student]
            works[student] = works[student].replace(old, new)
    for student, work in works.items():
        handed_in = submit(mine, student, work)
        (plain / student).mkdir(parents=True)
        shutil.copy(handed_in, plain / student)
    arguments = ("--output", tmp_path / "out", "--course", another_course, "--assignment", another)
    assert hw1("grade", plain, *arguments).exit_code == 0
    result = autograde(mine)
    assert result["success"], result
    found = scores(mine)
    assert found.keys() == works.keys()
    for student, by_cell in found.items():
        record = json.loads((tmp_path / "out" / student / "grade.json").read_text(encoding="utf-8"))
        by_part: dict[str, float] = {}
        for score in record["scores"]:
            by_part[f"grade-{score['part']}"] = by_part.get(f"grade-{score['part']}", 0.0) + score["earned"]
        assert {cell: auto for cell, (auto, _) in by_cell.items()} == by_part
        assert sum(auto for auto, _ in by_cell.values()) == record["earned"]
        stored = grades_folder(mine, "hw1") / student / "grade.json"
        if record["status"] == "graded":  # else it names the file, and that is another one
            assert stored.read_bytes() == (tmp_path / "out" / student / "grade.json").read_bytes()
    assert len({sum(auto for auto, _ in by_cell.values()) for by_cell in found.values()}) > 4


def test_the_pool_goes_first_and_only_what_came_since_is_graded_again(mine, assignment):
    submit(mine, "ada", reference_source(assignment))
    submit(mine, "bob", released(mine))
    pooled = grade_course(mine)
    assert pooled.exit_code == 0, pooled.output
    assert "next        nbgrader autograde hw1   (in" in pooled.stdout
    submit(mine, "bob", reference_source(assignment) + "# changed\n")
    assert "1 of 2 results were graded before; 1 to grade" in autograde(mine)["log"]
    assert points(mine, "bob") == assignment.possible
    assert "2 of 2 results were graded before; 0 to grade" in autograde(mine, force=True)["log"]


def test_formgraders_button_grades_one_student(mine, assignment):
    submit(mine, "ada", reference_source(assignment))
    submit(mine, "bob", released(mine))
    assert autograde(mine, "bob", force=True)["success"]
    assert list(scores(mine)) == ["bob"]


def test_what_a_person_entered_is_kept_and_lateness_counts(mine, assignment):
    from nbgrader.api import Gradebook

    url = f"sqlite:///{mine}/gradebook.db"
    *_, part = assignment.parts
    cell = f"grade-{part.name}"
    submit(mine, "ada", reference_source(assignment))
    submit(mine, "late", reference_source(assignment), timestamp=LATER)
    with Gradebook(url) as book:
        book.update_or_create_assignment("hw1", duedate="2020-02-02 00:00:00 UTC")

    def penalty(config):
        config.LateSubmissionPlugin.penalty_method = "zero"

    assert autograde(mine, extra=penalty)["success"]
    with Gradebook(url) as book:
        assert book.find_submission("hw1", "late").late_submission_penalty == assignment.possible
        assert book.find_submission("hw1", "ada").late_submission_penalty in {None, 0}
        grade = book.find_grade(cell, "hw1", "hw1", "ada")
        grade.manual_score, grade.extra_credit = 1.5, 2.0
        book.db.commit()
    assert autograde(mine, force=True, extra=penalty)["success"]
    with Gradebook(url) as book:
        grade = book.find_grade(cell, "hw1", "hw1", "ada")
        automatic = sum(criterion.points for criterion in part.criteria)
        assert (grade.auto_score, grade.manual_score, grade.extra_credit, grade.score) == (automatic, 1.5, 2, 3.5)


def test_no_hidden_number_is_in_any_file_of_the_course(mine, another_course, assignment):
    from autograder import truth

    submit(mine, "leak", talkative(assignment))
    assert autograde(mine)["success"]
    assert api(mine).generate_feedback("hw1")["success"]
    cases = truth.load(assignment, another_course, truth.read_secret(another_course, create=False), lambda line: None)
    numbers = {
        repr(float(value)).encode()
        for case in cases.cases
        if case.hidden
        for array in [*cases.truths[case.id].values(), *case.inputs.values()]
        for value in getattr(array, "ravel", lambda array=array: [array])()
        if len(repr(float(value))) > 8
    }
    seen = [path for path in mine.rglob("*") if path.is_file() and ".autograder" not in path.parts]
    assert {"gradebook.db", "hw1.html"} <= {path.name for path in seen}
    for path in seen:
        text = path.read_bytes()
        assert not [number for number in numbers if number in text], path


# Whatever a student hands in


def parts(notebook):
    """Name the functions to write, by the cells that ask for them."""
    marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    return [mark["grade_id"] for mark in marks if mark.get("solution")]


def first_question(notebook):
    """Name it, by the cell that asks it."""
    ids = (cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in notebook["cells"])
    return next(id_.removeprefix("prompt-") for id_ in ids if id_.startswith("prompt-"))


def without(notebook, *ids):
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in ids]


def each(notebook, key, value, *, where="grade_id"):
    for cell in notebook["cells"]:
        if where in cell["metadata"].get("nbgrader", {}):
            cell["metadata"]["nbgrader"][key] = value


def forge(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1},
                {"output_type": "stream", "name": "stderr", "text": "x"},
            ]


def twice(notebook):
    notebook["cells"] += copy.deepcopy(notebook["cells"])


def edit(notebook):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "20"
            cell["metadata"]["nbgrader"]["points"] = 1000


def rename(notebook):
    for cell in notebook["cells"]:
        if "grade_id" in cell["metadata"].get("nbgrader", {}):
            cell["metadata"]["nbgrader"]["grade_id"] += "-mine"


def hostile_text(notebook):
    text = "<script>x</script> $\\begin{pmatrix} a & b \\end{pmatrix}$ [l](javascript:x) $\\href{javascript:x}{y}$"
    notebook["cells"].append(
        {"cell_type": "markdown", "metadata": {"hw1": {"written": first_question(notebook)}}, "source": [text]}
    )


MANGLED = {
    "as-it-is": lambda n: None,
    "no-test-cells": lambda n: without(n, *(f"grade-{part}" for part in parts(n))),
    "nothing-of-a-part": lambda n: without(n, parts(n)[-1], f"grade-{parts(n)[-1]}"),
    "twice": twice,
    "edited-tests": edit,
    "renamed": rename,
    "forged-outputs": forge,
    "old-metadata": lambda n: each(n, "schema_version", 1),
    "future-metadata": lambda n: each(n, "schema_version", 9),
    "answers-are-tests": lambda n: each(n, "grade", True, where="solution"),
    "metadata-is-text": lambda n: [c.update(metadata="x") for c in n["cells"]],
    "no-metadata": lambda n: [c.pop("metadata") for c in n["cells"]],
    "bad-ids": lambda n: [c.update(id="!" * 99) for c in n["cells"]],
    "no-cells": lambda n: n.update(cells=[]),
    "other-kernel": lambda n: n["metadata"].update(kernelspec={"name": "ir", "language": "R"}),
    "hostile-text": hostile_text,
}
"""What becomes of a right notebook; it keeps its points but where an answer goes with it."""
UNREADABLE = {
    "not-json": b"{",
    "nothing": b"",
    "version-3": b'{"nbformat": 3, "worksheets": []}',
    "cells-are-text": b'{"nbformat": 4, "cells": "x"}',
    "not-utf-8": b'{"nbformat": 4, "cells": []} \xff',
    "huge": b" " * 11_000_000,
    "deep": b"[" * 200_000,
}


def by_part(assignment):
    """Return the reference, a part in each answer cell."""
    from autograder.loading import part_reference

    return {part.name: part_reference(part) for part in assignment.parts}


def test_any_notebook_costs_its_own_student_only(mine, assignment):
    names = parts(released(mine))
    for student, mangle in MANGLED.items():
        notebook = answered(released(mine), by_part(assignment))
        mangle(notebook)
        submit(mine, student, notebook)
    for student, data in UNREADABLE.items():
        submit(mine, student, data)
    link = submit(mine, "link", b"")
    link.unlink()
    link.symlink_to(mine / "source" / "hw1" / "hw1.ipynb")
    result = autograde(mine)
    assert result["success"], result
    assert "Traceback" not in result["log"]
    dues = dict.fromkeys(MANGLED, assignment.possible) | dict.fromkeys((*UNREADABLE, "no-cells", "link"), 0)
    dues["nothing-of-a-part"] -= sum(criterion.points for criterion in assignment.parts[-1].criteria)
    del dues["answers-are-tests"]  # what its cells are taken for depends on loading
    found = {student: sum(auto for auto, _ in cells.values()) for student, cells in scores(mine).items()}
    assert dues.items() <= found.items()
    for student, data in scores(mine).items():
        assert data.keys() == {f"grade-{name}" for name in names}, student
        text = autograded(mine, student).read_text(encoding="utf-8")
        cells = json.loads(text)["cells"]
        ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
        assert sorted(id_ for id_ in ids if id_ and id_.startswith("grade-")) == sorted(data)
    assert "not valid JSON" in autograded(mine, "not-json").read_text(encoding="utf-8")
    text = autograded(mine, "hostile-text").read_text(encoding="utf-8")
    assert not re.search(r"<script|\]\(javascript|\\\\href", text)
    assert "a & b" in text
    with closing(sqlite3.connect(mine / "gradebook.db")) as book:
        needing = book.execute("SELECT count(*) FROM grade WHERE needs_manual_grade")
        assert needing.fetchone() == (0,)


def test_a_notebook_of_another_name_is_said_and_the_others_are_graded(mine, assignment):
    """Both doors say the same of a browser's copy, of another name, of no notebook and of nothing."""
    submit(mine, "ada", reference_source(assignment))
    names = {"bob": "homework.ipynb", "cleo": "hw1 (1).ipynb", "dan": "hw1.py"}
    for student, name in names.items():
        path = submit(mine, student, reference_source(assignment))
        path.rename(path.with_name(name))
    (mine / "submitted" / "eve" / "hw1").mkdir(parents=True)
    submit(mine, "fay", reference_source(assignment))
    shutil.copy(mine / "submitted/fay/hw1/hw1.ipynb", mine / "submitted/fay/hw1/hw1 (1).ipynb")
    pooled = grade_course(mine)
    result = autograde(mine)
    assert not result["success"]
    for student, name in names.items():
        assert f"{student} was not graded" in result["log"]
        assert f"only {name}: rename it if it is the one" in result["log"]
        (line,) = (line for line in pooled.stderr.splitlines() if f"not graded: {student}, " in line)
        assert line.endswith(f", only {name}; rename it if it is the one")
    assert "eve was not graded" in result["log"]
    assert "not graded: eve, no hw1.ipynb in " in pooled.stderr
    assert list(scores(mine)) == ["ada", "fay"]
    assert {path.name for path in grades_folder(mine, "hw1").iterdir() if path.is_dir()} == {"ada", "fay"}


def answer(notebook, grade_id):
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def turned(name, kind):
    """Make another kind of a cell."""

    def turn(notebook):
        cell = answer(notebook, name.format(part=parts(notebook)[-1], question=first_question(notebook)))
        cell["cell_type"] = kind
        cell.pop("outputs", None)
        cell.pop("execution_count", None)

    return turn


def setup_edited(notebook):
    answer(notebook, "setup")["source"] = "raise SystemExit"


def helper_in_a_copied_test(notebook):
    """The student pastes a test cell above, and writes there what an answer needs."""
    last = parts(notebook)[-1]
    moved = answer(notebook, last)
    copied = copy.deepcopy(answer(notebook, f"grade-{last}"))
    copied["source"], moved["source"] = moved["source"], "# above"
    notebook["cells"].insert(0, copied)


REPAIRED = {
    "markdown": turned("{part}", "markdown"),
    "raw": turned("{part}", "raw"),
    "test-markdown": turned("grade-{part}", "markdown"),
    "prompt-code": turned("prompt-{question}", "code"),
    "setup-edited": setup_edited,
    "setup-markdown": turned("setup", "markdown"),
    "copied-test": helper_in_a_copied_test,
}


def test_what_the_autograded_notebook_shows_is_what_was_graded(mine, another, assignment, hw1, tmp_path):
    source = mine / "source" / "hw1" / "hw1.ipynb"
    notebook = json.loads(source.read_text(encoding="utf-8"))
    marks = {"schema_version": 3, "grade": False, "solution": False, "locked": True, "grade_id": "setup"}
    setup = code("import numpy as np\nSTART = 0.0") | {"id": "setup", "metadata": {"nbgrader": marks}}
    notebook["cells"].insert(1, setup)
    source.write_text(json.dumps(notebook), encoding="utf-8")
    assert generate(mine)["success"]
    answers = by_part(assignment)
    last = assignment.parts[-1].name
    answers[last] = f"START\n{answers[last]}"
    for student, change in REPAIRED.items():
        notebook = answered(released(mine), answers)
        change(notebook)
        submit(mine, student, notebook)
        (tmp_path / "plain" / student).mkdir(parents=True)
        shutil.copy(mine / "submitted" / student / "hw1" / "hw1.ipynb", tmp_path / "plain" / student)
    pooled = grade_course(mine)
    assert pooled.exit_code == 0, pooled.output
    result = autograde(mine)
    assert result["success"], result
    assert f"{len(REPAIRED)} of {len(REPAIRED)} results were graded before" in result["log"]
    assert {student: points(mine, student) for student in REPAIRED} == dict.fromkeys(REPAIRED, assignment.possible)
    for student in REPAIRED:
        grade = json.loads((grades_folder(mine, "hw1") / student / "grade.json").read_text(encoding="utf-8"))
        shown = read_submission(Found(student=student, paths=(autograded(mine, student),)))
        assert grade["submission_sha256"] == shown.sha256, student
    plain = ("grade", tmp_path / "plain", "--output", tmp_path / "out", "--course", mine, "--assignment", another)
    assert hw1(*plain).exit_code == 0
    for student in ("markdown", "raw"):
        ours, plain = (
            (folder / student / "grade.json").read_bytes() for folder in (grades_folder(mine, "hw1"), tmp_path / "out")
        )
        assert ours == plain, "without a gradebook the notebook's own marks say what was code"


def test_of_what_lies_beside_a_notebook_only_pictures_are_passed_on(mine, tmp_path, assignment):
    folder = submit(mine, "ada", reference_source(assignment)).parent
    (folder / "timestamp.txt").unlink()
    for name in ("plot.png", "page.html", "figures/second.png", "timestamp.txt/x.png", "hw1_check.py/x.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    (folder / "linked.png").symlink_to(mine / ".autograder" / "secret")
    (folder / "linked").symlink_to(mine / ".autograder")
    (folder / "submission_secret.txt").write_bytes(b"\xff")

    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)

    def exchange(config):
        config.Exchange.root = str(tmp_path / "exchange")

    for name, garbage in (("bob", "tomorrow"), ("cleo", "2020-02-01" * 100)):
        submit(mine, name, reference_source(assignment), timestamp=garbage)
    one = api(mine)
    result = one.autograde("hw1", "*", force=False)
    assert result["success"], result
    assert "get_existing_timestamp" not in vars(one.coursedir), "formgrader's next run is of another assignment"
    assert "not passed on: linked, linked.png, page.html, submission_secret.txt, timestamp.txt" in result["log"]
    for name in ("ada", "bob", "cleo"):
        assert f"{name}/hw1/timestamp.txt holds no date, so the submission counts as on time" in result["log"]
    kept = {
        path.relative_to(mine / "autograded/ada/hw1").as_posix() for path in autograded(mine, "ada").parent.rglob("*")
    }
    ours = {"hw1.ipynb", "timestamp.txt", "submission_secret.txt"}
    assert kept == ours | {"plot.png", "figures", "figures/second.png"}
    assert api(mine).generate_feedback("hw1")["success"]
    result = api(mine, exchange).release_feedback("hw1")
    assert result["success"], result
    assert len([*(tmp_path / "exchange").rglob("*.html")]) == 3


def test_nobody_hands_in_another_ones_file_through_a_link(mine, tmp_path, assignment):
    theirs = submit(mine, "ada", reference_source(assignment))
    inbound = tmp_path / "exchange" / COURSE_ID / "inbound"
    handed_in = {name: inbound / f"{name}+hw1+2020-02-01 12:00:00 UTC+0" for name in ("bob", "eve", "mallory")}
    for name in ("bob", "eve"):
        handed_in[name].mkdir(parents=True)
        (handed_in[name] / "timestamp.txt").write_text("2020-02-01 12:00:00 UTC", encoding="utf-8")
    (handed_in["bob"] / "hw1.ipynb").write_bytes(b"{}")
    (handed_in["eve"] / "hw1.ipynb").symlink_to(theirs)
    (handed_in["eve"] / "folder").symlink_to(mine / ".autograder")
    os.mkfifo(handed_in["eve"] / "[pipe]")
    handed_in["mallory"].symlink_to(theirs.parent)

    def exchange(config):
        config.Exchange.root = str(tmp_path / "exchange")

    result = api(mine, exchange).collect("hw1")
    assert result["success"], result
    assert "links or pipes and were not collected: [pipe], folder, hw1.ipynb" in result["log"]
    assert "is a link to another place and was not collected" in result["log"]
    collected = {path.relative_to(mine / "submitted").as_posix() for path in (mine / "submitted").rglob("*.*")}
    assert collected == {f"{name}/hw1/hw1.ipynb" for name in ("ada", "bob")} | {
        f"{name}/hw1/timestamp.txt" for name in ("ada", "bob", "eve")
    }


@pytest.fixture
def linked(mine, tmp_path, assignment):
    """A course in which two students' folders are links to a classmate's."""
    folder = submit(mine, "ada", reference_source(assignment)).parent
    (folder / "plot.png").write_bytes(b"ada's plot")
    (mine / "submitted" / "eve").symlink_to("ada")
    (mine / "submitted" / "mallory").mkdir()
    (mine / "submitted" / "mallory" / "hw1").symlink_to("../ada/hw1")
    # The course itself, and its folder of what was handed in, may lie elsewhere.
    (mine / "submitted").rename(tmp_path / "disk")
    (mine / "submitted").symlink_to(tmp_path / "disk")
    return mine


def test_a_students_folder_that_is_a_link_earns_nothing_in_the_pool(linked, assignment):
    result = grade_course(linked)
    assert result.exit_code == 0, result.output
    records = {
        student: json.loads((grades_folder(linked, "hw1") / student / "grade.json").read_text(encoding="utf-8"))
        for student in ("ada", "eve", "mallory")
    }
    assert {student: (record["status"], record["earned"]) for student, record in records.items()} == {
        "ada": ("graded", assignment.possible),
        "eve": ("unreadable", 0),
        "mallory": ("unreadable", 0),
    }
    assert records["eve"]["notes"][0].startswith("eve is a symbolic link; hand in the file itself")
    assert records["mallory"]["notes"][0].startswith("mallory/hw1 is a symbolic link; hand in the file itself")


def test_a_students_folder_that_is_a_link_earns_nothing_in_nbgrader_and_brings_nothing(linked, assignment):
    result = autograde(linked)
    assert result["success"], result
    found = {student: sum(auto for auto, _ in cells.values()) for student, cells in scores(linked).items()}
    assert found == {"ada": assignment.possible, "eve": 0, "mallory": 0}
    assert "eve is a symbolic link" in result["log"]
    theirs = reference_source(assignment).splitlines()[-1].strip()
    for student in ("eve", "mallory"):
        assert theirs not in autograded(linked, student).read_text(encoding="utf-8")
        assert not (autograded(linked, student).parent / "plot.png").exists()
    assert (autograded(linked, "ada").parent / "plot.png").read_bytes() == b"ada's plot"


def test_a_notebook_that_becomes_a_link_while_it_is_graded_is_not_shown(linked, assignment, monkeypatch):
    submit(linked, "zed", reference_source(assignment))
    home = linked / "submitted" / "zed"
    run = Sandbox.run

    def swapped(self, submission, *rest, **named):
        if submission.student == "zed" and not home.is_symlink():
            shutil.rmtree(home)
            home.symlink_to("ada")
        return run(self, submission, *rest, **named)

    monkeypatch.setattr(Sandbox, "run", swapped)
    result = autograde(linked)
    assert not result["success"], "what was graded is gone"
    assert "zed is a symbolic link" in result["log"]
    assert not (linked / "autograded" / "zed" / "hw1" / "hw1.ipynb").exists()


# Whatever goes wrong on our side


def test_a_fault_of_ours_keeps_the_older_grade_and_file(graded, assignment, monkeypatch):
    before = autograded(graded, "bob").read_bytes()
    for student in ("ada", "bob"):
        submit(graded, student, reference_source(assignment), timestamp=LATER)
    run = Sandbox.run

    def broken(self, submission, *rest, **named):
        if submission.student == "bob":
            raise SandboxError("the sandbox died")
        return run(self, submission, *rest, **named)

    monkeypatch.setattr(Sandbox, "run", broken)
    result = autograde(graded, force=True)
    assert not result["success"]
    assert "bob was not graded, any older grade is kept: the sandbox died" in result["log"]
    assert (points(graded, "ada"), points(graded, "bob")) == (assignment.possible, 0)
    assert autograded(graded, "bob").read_bytes() == before
    monkeypatch.undo()
    assert autograde(graded)["success"], "the newer submission is still due"
    assert points(graded, "bob") == assignment.possible


def forging(monkeypatch):
    """Let something give one student full marks before the guard looks."""
    from nbgrader.utils import is_grade

    from autograder.nbgrader_plugin.shown import PlainText

    def generous(self, nb, resources):
        for cell in nb.cells:
            if is_grade(cell) and resources["nbgrader"]["student"] == "bob":
                cell.outputs[0].data["text/plain"] = repr(float(cell.metadata.nbgrader.points))
        return nb, resources

    monkeypatch.setattr(PlainText, "preprocess", generous)


def absent(monkeypatch):
    from autograder.nbgrader_plugin.preprocessors import SandboxGrades

    monkeypatch.setattr(SandboxGrades, "__call__", lambda self, nb, resources: (nb, resources))


@pytest.mark.parametrize("tampered", [forging, absent])
def test_the_guard_lets_no_result_but_ours_into_the_gradebook(graded, assignment, monkeypatch, tampered):
    before = autograded(graded, "bob").read_bytes()
    submit(graded, "ada", reference_source(assignment), timestamp=LATER)
    tampered(monkeypatch)
    result = autograde(graded, force=True)
    assert not result["success"]
    assert "does not hold the result of hw1" in result["log"]
    assert points(graded, "bob") == 0
    assert autograded(graded, "bob").read_bytes() == before, "what nbgrader removed is put back"
    assert points(graded, "ada") == (assignment.possible if tampered is forging else 0)


def test_a_test_cell_that_we_know_nothing_of_is_refused(mine, assignment):
    last = assignment.parts[-1].name
    submit(mine, "ada", reference_source(assignment))
    with closing(sqlite3.connect(mine / "gradebook.db")) as book, book:
        for table in ("base_cell", "source_cell"):
            book.execute(f"UPDATE {table} SET name = 'grade-other' WHERE name = ?", (f"grade-{last}",))
    line = one_line_error(autograde(mine))
    differing = ", ".join(sorted(("grade-other", f"grade-{last}")))
    assert f"other test cells than the homework (differing: {differing})" in line


def test_a_homework_of_ours_without_its_line_is_not_run_unsafely(mine, assignment):
    shutil.copytree(mine / "source" / "hw1", mine / "source" / "hw2")
    (mine / "source" / "hw2" / "hw1.ipynb").rename(mine / "source" / "hw2" / "hw2.ipynb")
    home = submit(mine, "ada", reference_source(assignment)).parent
    (home / "hw1.ipynb").rename(home / "hw2.ipynb")
    home.rename(home.with_name("hw2"))
    assert api(mine).generate_assignment("hw2")["success"]
    line = one_line_error(autograde(mine, assignment="hw2"))
    assert "hw2 was made by hw1 release, and nbgrader_config.py has no homework package for it (only" in line


@pytest.mark.parametrize("known", [True, False], ids=["made-by-us", "never-made"])
def test_a_package_that_is_gone_is_not_run_unsafely(mine, assignment, known):
    def gone(config):
        config.GradingExporter.homeworks = [(str(mine / "nowhere"), str(mine))]

    submit(mine, "ada", reference_source(assignment))
    if not known:
        (mine / "gradebook.db").unlink()
    assert "nowhere: no such folder" in one_line_error(autograde(mine, extra=gone))
    assert not (mine / "autograded" / "ada").exists()


def locked(course):
    book = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    book.execute("BEGIN EXCLUSIVE")
    return book


def older(course):
    with closing(sqlite3.connect(course / "gradebook.db")) as book, book:
        book.execute("ALTER TABLE student DROP COLUMN lms_user_id")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda course: (course / "gradebook.db").unlink(), "generate_assignment hw1"),
        (lambda course: (course / "gradebook.db").write_bytes(b"x" * 5000), "file is not a database"),
        (locked, "database is locked; close what else uses it"),
        (older, "nbgrader db upgrade"),
        (lambda course: shutil.rmtree(course / ".autograder"), None),
        (lambda course: (course / ".autograder" / "secret").chmod(0o644), "chmod 600"),
    ],
    ids=["no-gradebook", "not-a-database", "locked", "older", "no-secret-yet", "open-secret"],
)
def test_a_course_that_cannot_be_graded_says_so_in_one_line(mine, assignment, spoil, says):
    submit(mine, "ada", reference_source(assignment))
    lock = spoil(mine)

    def quick(config):
        config.CourseDirectory.db_url = f"sqlite:///{mine}/gradebook.db?timeout=0.1"

    result = autograde(mine, extra=quick)
    if isinstance(lock, sqlite3.Connection):
        lock.close()
    if says is None:
        assert result["success"], result
        assert points(mine, "ada") == assignment.possible
    else:
        assert says in one_line_error(result)
        assert not (mine / "autograded" / "ada").exists()


def test_a_homework_that_moved_is_said_before_anything_is_removed(graded):
    def moved(config):
        config.GradingExporter.homeworks = [(str(graded / "nowhere"), str(graded))]

    assert "nowhere: no such folder" in one_line_error(autograde(graded, force=True, extra=moved))
    assert autograded(graded, "ada").exists()


def test_an_nbgrader_that_grades_otherwise_is_refused_loudly(monkeypatch):
    from nbgrader.converters.autograde import Autograde
    from traitlets.config import Config

    import autograder.nbgrader_plugin

    monkeypatch.setattr(Autograde.class_traits()["autograde_preprocessors"], "default_args", ([],))
    with pytest.raises(SystemExit, match=r"grades in another way than 0\.9"):
        autograder.nbgrader_plugin.configure(Config(), assignment="/a", course="/c")


# Grading again


@pytest.fixture
def package(another, tmp_path):
    return shutil.copytree(another, tmp_path / "mine")


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_after_the_rubric_changed_everybody_is_graded_again_without_losing_a_cell(tmp_path, another_course, package):
    def release():
        built = CliRunner().invoke(main, ["release", "nbgrader", "--course", str(mine), "--assignment", str(package)])
        assert built.exit_code == 0, built.output

    mine = make_course(tmp_path / "course", package, warm=another_course, generate=False)
    assert read_course(mine).package() == package
    assert generate(mine)["success"]
    assignment = load_assignment(package)
    *_, part = assignment.parts
    *_, criterion = part.criteria
    cell = f"grade-{part.name}"
    submit(mine, "right", reference_source(assignment))
    submit(mine, "blank", released(mine))
    assert grade_course(mine).exit_code == 0
    assert autograde(mine)["success"]
    old = scores(mine)

    (question,) = (file for file in package.glob("q*.py") if criterion.id in file.read_text(encoding="utf-8"))
    text = question.read_text(encoding="utf-8")
    changed = text.replace("points=5,", "points=7,")
    assert changed != text
    question.write_text(changed, encoding="utf-8")
    line = one_line_error(autograde(mine, force=True))
    assert f"still gives 5 points for {cell}, the homework 7" in line
    assert "hw1 release nbgrader" in line
    assert scores(mine) == old

    store = grades_folder(mine, "hw1")
    before = files(mine / ".autograder")
    dry = grade_course(mine, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert re.search(rf"right +11 of 11 +13 of 13 +\+2 rises +{criterion.id} 5 -> 7", dry.stdout), dry.stdout
    assert "nothing was written" in dry.stdout
    assert files(mine / ".autograder") == before

    release()
    assert generate(mine)["success"], "no 'Cannot add or remove cells' (nbgrader #1322)"
    assert "2 of 2 grades changed" in grade_course(mine).stdout
    again = autograde(mine, force=True)
    assert again["success"]
    assert "has changed" not in again["log"], "a word for each locked cell of each student helps nobody"
    new = scores(mine)
    assert (old["right"][cell], new["right"][cell], new["blank"][cell]) == ((5, 5), (7, 7), (0, 7))
    assert json.loads((store / "right" / "grade.json").read_text(encoding="utf-8"))["possible"] == 13


def test_what_a_derivation_earns_is_stored_and_every_table_agrees(tmp_path, another_course, package):
    page = package / "q4.py"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('    id="q4",\n', '    id="q4",\n    written_points=4,\n', 1), encoding="utf-8")
    mine = make_course(tmp_path / "course", package, warm=another_course, generate=False)
    assert generate(mine)["success"]
    assignment = load_assignment(package)
    derivations = {"right": "2 (x_j - t_j)", "wrong": "x_j - t_j", "none": ""}
    for student, side in derivations.items():
        work = answered(released(mine), reference_source(assignment))
        (cell,) = (cell for cell in work["cells"] if cell["metadata"].get("autograder", {}).get("written") == "q4")
        cell["source"] = rf"$\frac{{\partial E}}{{\partial x_j}} = {side}$" if side else ""
        submit(mine, student, work)
    result = autograde(mine)
    assert result["success"], result
    found = scores(mine)
    assert {who: cells["grade-written-q4"] for who, cells in found.items()} == {
        "right": (4, 4), "wrong": (0, 4), "none": (0, 4)
    }  # fmt: skip
    store = grades_folder(mine, "hw1")
    for student, cells in found.items():
        record = json.loads((store / student / "grade.json").read_text(encoding="utf-8"))
        assert (points(mine, student), sum(most for _, most in cells.values())) == (record["earned"], 15)
    assert "4 of 4 points</strong> for your derivation: right" in autograded(mine, "right").read_text(encoding="utf-8")

    (store / "adjustments.csv").write_text("student,criterion,points,reason\nwrong,q4.written,1.5,Right on paper\n")
    assert autograde(mine, force=True)["success"]
    assert (scores(mine)["wrong"]["grade-written-q4"], points(mine, "wrong")) == ((1.5, 4), 12.5)


def test_other_cases_are_not_mixed_in_and_come_for_all_at_once(mine, assignment, monkeypatch):
    submit(mine, "ada", reference_source(assignment))
    submit(mine, "bob", released(mine))
    assert autograde(mine)["success"]
    monkeypatch.setenv("AUTOGRADER_SECRET", "another secret than the course's")
    assert "--new-cases" in one_line_error(autograde(mine, force=True))
    assert "--new-cases" in grade_course(mine).stderr
    before = files(mine / ".autograder")
    dry = grade_course(mine, "--new-cases", "--dry-run")
    assert "no grade would change: 2 stood before" in dry.stdout
    assert files(mine / ".autograder") == before
    assert grade_course(mine, "--new-cases").exit_code == 0
    assert autograde(mine, "ada", force=True)["success"]
    assert points(mine, "ada") == assignment.possible


def test_drops_are_flagged_before_they_are_written(hw1, another, another_course, assignment, tmp_path):
    folder, out = tmp_path / "class", tmp_path / "out"
    grade = ("grade", folder, "-o", out, "--course", another_course, "--assignment", another)
    folder.mkdir()
    for student in ("ada", "bob"):
        (folder / f"{student}.py").write_text(reference_source(assignment), encoding="utf-8")
    assert hw1(*grade, "--dry-run").exit_code == 0
    assert not out.exists()
    assert hw1(*grade).exit_code == 0
    (folder / "bob.py").write_text(stub_source(assignment), encoding="utf-8")
    before = files(out)
    dry = hw1(*grade, "--dry-run")
    first, all_of_it = assignment.parts[0].criteria[0], rf"{assignment.possible:g}"
    told = rf"bob +{all_of_it} of {all_of_it} +0 of {all_of_it} +-{all_of_it} drops +handed in again; "
    assert re.search(rf"{told}{first.id} {first.points} ->", dry.stdout), dry.stdout
    assert "1 of 2 grades would change: 1 lower, 0 higher" in dry.stdout
    assert files(out) == before
    assert "1 of 2 grades changed: 1 lower, 0 higher" in hw1(*grade).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--course", "COURSE"], "submitted: cannot be listed"),
        (["--course", "COURSE", "--output", "x"], "--output x goes with a folder of SUBMISSIONS"),
        (["tests/submissions/class", "--course", "COURSE"], "no --output: give a folder for the grades"),
    ],
    ids=["nothing-collected", "output-without-submissions", "submissions-without-output"],
)
def test_a_command_that_is_incomplete(hw1, another_course, arguments, says):
    result = hw1("grade", *(str(another_course) if word == "COURSE" else word for word in arguments))
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("beside", ["a link", "no date", "a pipe", "a date", "nothing"])
def test_formgraders_lists_tell_nothing_of_a_timestamp_that_is_none(beside, tmp_path, monkeypatch):
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from autograder.nbgrader_plugin import configure

    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef", encoding="utf-8")
    folder = tmp_path / "submitted" / "eve" / "hw"
    folder.mkdir(parents=True)
    path = folder / "timestamp.txt"
    if beside == "a link":
        path.symlink_to(secret)
    elif beside == "a pipe":
        os.mkfifo(path)
    elif beside != "nothing":
        path.write_text("2026-02-01 10:00:00 UTC" if beside == "a date" else "soon", encoding="utf-8")
    monkeypatch.setattr(NbGraderAPI, "get_submitted_timestamp", NbGraderAPI.get_submitted_timestamp)
    for _ in range(2):  # nbgrader reads a configuration more than once
        configure(Config(), assignment="/nowhere", course=str(tmp_path))
    api = NbGraderAPI(coursedir=CourseDirectory(root=str(tmp_path)))
    assert (api.get_submitted_timestamp("hw", "eve") is not None) == (beside == "a date")
