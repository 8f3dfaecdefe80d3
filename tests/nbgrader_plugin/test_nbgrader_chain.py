"""The whole way through nbgrader: release, hand in, autograde, feedback, export; as root and as anybody."""

from __future__ import annotations

import csv
import inspect
import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import pytest

from autograder import truth
from autograder.loading import stub_source
from autograder.words import Layout
from tests.classroom import ledger, postgres
from tests.classroom.notebooks import LISTS, RIGHT, SHAPES, TRANSPOSED, answered, talkative
from tests.classroom.room import ASSIGNMENT, NOTEBOOK, ORDINARY, SELF, open_classroom

LATE = """\
from nbgrader.plugins import BasePlugin


class TwoPointsPerDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2 * (1 + total_seconds_late // 86400)
"""
SETTINGS = "c.AssignLatePenalties.plugin_class = 'late.TwoPointsPerDay'\n"
DUE, LATE_BY_34_HOURS = "2099-01-01 00:00:00.000000 UTC", "2099-01-02 10:00:00.000000 UTC"
# Account of the instructor; whether `hw1 grade` comes before nbgrader, and the commands in which our code runs are real
# processes (all others are forks of one that has imported nbgrader); what happens to notebooks' cells.
KINDS = {"root": (SELF, True, SHAPES), "ordinary": (ORDINARY, False, {"deleted": SHAPES["deleted"]})}


@pytest.fixture(
    scope="module",
    params=[
        # One course for all tests of a kind: on one worker.
        pytest.param(kind, marks=pytest.mark.xdist_group(f"nbgrader-{kind}"))
        for kind in (KINDS if SELF == "root" else ["ordinary"])
    ],
)
def room(request, course, assignment):
    """Take a class through a homework: root on SQLite by real commands, anybody on PostgreSQL if it is installed."""
    instructor, real, shapes = KINDS[request.param]
    with ExitStack() as stack:
        serve = request.param == "ordinary" and postgres.binaries()
        url = stack.enter_context(postgres.server()) if serve else ""
        warm = {"instructor": instructor, "students": ORDINARY, "warm": course, "db_url": url, "settings": SETTINGS}
        room = stack.enter_context(open_classroom(**warm))
        (room.course / "late.py").write_text(LATE, encoding="utf-8")
        room.teach("generate_assignment", ASSIGNMENT)
        room.teach("db", "assignment", "add", ASSIGNMENT, f"--duedate={DUE}")
        room.teach("release_assignment", ASSIGNMENT)
        released = room.released()
        for student, answers in ((ORDINARY, TRANSPOSED), ("bea", LISTS)):
            room.study(student, "list")
            room.study(student, "fetch_assignment", ASSIGNMENT)
            room.write(student, answered(released, answers))
        room.study(ORDINARY, "validate", str(NOTEBOOK), real=real)
        for ran in room.students.together(
            [(room.desk(ORDINARY), ["submit", ASSIGNMENT]), (room.desk("bea"), ["submit", ASSIGNMENT, "--student=bea"])]
        ):
            ran.ok()
        room.teach("collect", ASSIGNMENT)
        for name, change in shapes.items():
            room.put(name, change(answered(released, RIGHT)))
        room.put("late", answered(released, RIGHT), when=LATE_BY_34_HOURS)
        room.put("nothing", released)
        room.put("talkative", answered(released, talkative(assignment)))
        if real:  # in the other kind nbgrader's own command grades
            room.hw1("grade", "--course", ".")
        room.teach("autograde", ASSIGNMENT, real=real)
        room.teach("generate_feedback", ASSIGNMENT, real=real)
        room.teach("release_feedback", ASSIGNMENT)
        room.study(ORDINARY, "fetch_feedback", ASSIGNMENT)
        room.teach("export")
        yield room


def everybody(room):
    return {path.parts[-3] for path in room.course.glob(f"submitted/*/{NOTEBOOK}")}


def points(assignment, row):
    """Points by test cell, from a row of our own table."""
    return {
        f"grade-{part.name}": sum(float(row[criterion.id]) for criterion in part.criteria) for part in assignment.parts
    }


@pytest.fixture(scope="module")
def ours(room, course, tmp_path_factory):
    """Grade the very same notebooks without nbgrader."""
    from click.testing import CliRunner

    from autograder.cli import main

    folder = tmp_path_factory.mktemp("same")
    for path in room.course.glob(f"submitted/*/{NOTEBOOK}"):
        (folder / "class" / path.parts[-3]).mkdir(parents=True)
        (folder / "class" / path.parts[-3] / path.name).write_bytes(path.read_bytes())
    done = CliRunner().invoke(
        main, ["grade", str(folder / "class"), "-o", str(folder / "out"), "--course", str(course)]
    )
    assert done.exit_code == 0, done.output
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_gradebook_export_feedback_and_our_table_agree(room, ours, assignment):
    book, table = ledger.scores(room), ledger.exported(room)
    assert set(book) == set(table) == set(ours) == everybody(room)
    assert len(book) > 5
    for student, row in ours.items():
        mine = points(assignment, row)
        assert book[student] == mine, student
        assert float(table[student]["raw_score"]) == float(row["earned"])
        assert float(table[student]["max_score"]) == assignment.possible
        page = ledger.page(room, student)
        assert ledger.page_scores(page) == {cell: round(score, 2) for cell, score in mine.items()}, student
        penalty = 4.0 if student == "late" else 0.0
        assert float(table[student]["late_submission_penalty"]) == penalty
        assert float(table[student]["score"]) == float(row["earned"]) - penalty
        assert ledger.page_total(page) == (float(row["earned"]) - penalty, assignment.possible)


def test_cells_that_were_changed_cost_nothing_and_earn_nothing(room, assignment):
    book = ledger.scores(room)
    for student in book.keys() & SHAPES.keys():
        assert sum(book[student].values()) == assignment.possible, student
    assert sum(book["nothing"].values()) == 0
    assert sum(book["talkative"].values()) == 0
    assert 0 < sum(book["bea"].values()) < assignment.possible


def test_what_was_graded_before_nbgrader_came_is_not_graded_again(room):
    said = next(ran.output for ran in room.transcript if ran.command[0] == "autograde")
    everyone = len(everybody(room))
    done = everyone if room.instructor.user == "root" else 0
    assert f"{done} of {everyone} results were graded before" in said
    assert "not passed on" not in said, "what nbgrader and we put beside a notebook is nobody's own"


def test_the_student_fetches_what_went_wrong(room, assignment):
    (page,) = room.desk(ORDINARY).glob(f"{ASSIGNMENT}/feedback/*/{ASSIGNMENT}.html")
    words = ledger.shown(page.read_text(encoding="utf-8"))
    misconceptions = assignment.parts[0].misconceptions
    hint = next(m.hint for m in misconceptions if m.name == "transposed")
    plain = re.sub(r"\W", "", hint)
    assert plain[:40] in re.sub(r"\W", "", words)
    assert not list(room.desk("bea").glob(f"{ASSIGNMENT}/feedback"))


def test_validation_shows_public_cases_and_says_that_hidden_ones_decide(room):
    said = next(ran.output for ran in room.transcript if ran.command[0] == "validate")
    assert "VALIDATION FAILED ON 2 CELL(S)" in said, "two of four functions are wrong on public cases"
    assert "idden cases decide" in said
    right = "validated"
    room.study(right, "fetch_assignment", ASSIGNMENT)
    room.write(right, answered(room.released(), RIGHT))
    said = room.study(right, "validate", str(NOTEBOOK)).output
    assert "Success" in said


def secret_of(room):
    """Read the secret past the check of whose it is: the tests may run as somebody else than the instructor."""
    return (room.course / ".autograder" / "secret").read_bytes().strip()


def hidden_numbers(room, assignment):
    """Numbers of hidden cases that are too long to stand anywhere by accident."""
    cases = truth.compute(assignment, secret_of(room))
    arrays = [a for c in cases.cases if c.hidden for a in [*cases.truths[c.id].values(), *c.inputs.values()]]
    values = {repr(abs(float(v))) for array in arrays for v in getattr(array, "ravel", lambda a=array: [a])()}
    return {value for value in values if len(value) > 8}


def hidden_words(room, assignment):
    """Names of hidden families, lines of the references, the secret."""
    families = {f"{part.name}.{family.name}" for part in assignment.parts for family in part.families if family.hidden}
    families |= {f.name for part in assignment.parts for f in part.families if f.hidden and "_" in f.name}
    stub = set(map(str.strip, stub_source(assignment).splitlines()))
    lines = {line.strip() for part in assignment.parts for line in inspect.getsource(part.reference).splitlines()}
    code = {line for line in lines - stub if len(line) > 24}
    secret = secret_of(room)
    return families - set(get_args(Layout)) | code | {secret.hex(), secret.decode()}


def test_nothing_hidden_is_anywhere_outside_the_instructors_folder(room, assignment):
    numbers, words = hidden_numbers(room, assignment), hidden_words(room, assignment)
    assert len(numbers) > 1000
    assert len(words) > 50
    found = ledger.read(room.base / "students") | ledger.read(room.exchange)
    for step in ("source", "release", "autograded", "feedback"):
        inside = ledger.read(room.course / step)
        assert inside, step
        found |= inside
    found[Path("gradebook")] = ledger.texts(room)
    found[Path("planted")] = f"x = [-{min(numbers)}]"
    hits = {
        path: sorted(numbers.intersection(re.findall(r"\d[\d.]*(?:e[+-]?\d+)?", text)))[:3]
        + [word for word in words if word in text]
        for path, text in found.items()
    }
    assert {str(path): hit for path, hit in hits.items() if hit}.keys() == {"planted"}


def test_a_newer_submission_is_graded_in_its_place(room, assignment, ours):
    before, others = ledger.scores(room), everybody(room) - {ORDINARY}
    first = sum(before[ORDINARY].values())
    times = {s: (room.course / "autograded" / s / NOTEBOOK).stat().st_mtime_ns for s in others}
    room.write(ORDINARY, answered(room.released(), RIGHT))
    room.study(ORDINARY, "submit", ASSIGNMENT)
    room.teach("collect", ASSIGNMENT, "--update")
    room.teach("autograde", ASSIGNMENT)
    after = ledger.scores(room)
    assert first < sum(after[ORDINARY].values()) == assignment.possible
    assert {s: after[s] for s in others} == {s: before[s] for s in others}
    assert {s: (room.course / "autograded" / s / NOTEBOOK).stat().st_mtime_ns for s in others} == times
    room.teach("generate_feedback", ASSIGNMENT)
    room.teach("release_feedback", ASSIGNMENT)
    room.study(ORDINARY, "fetch_feedback", ASSIGNMENT)
    pages = sorted(room.desk(ORDINARY).glob(f"{ASSIGNMENT}/feedback/*/{ASSIGNMENT}.html"))
    assert [ledger.page_total(page.read_text(encoding="utf-8"))[0] for page in pages] == [first, assignment.possible]


def test_grading_again_changes_nothing(room):
    """Two students at the same time on one gradebook, then everybody."""
    before = ledger.scores(room), notebooks(room)
    pair = ("deleted", "bea")
    for ran in room.instructor.together(
        [(room.course, ["autograde", ASSIGNMENT, f"--student={student}", "--force"]) for student in pair]
    ):
        ran.ok()
    assert (ledger.scores(room), notebooks(room)) == before
    room.teach("autograde", ASSIGNMENT, "--force")
    assert (ledger.scores(room), notebooks(room)) == before


def notebooks(room):
    """Autograded notebooks; cells that nbgrader adds get a new random id each time."""
    found = {}
    for path in room.course.glob(f"autograded/*/{NOTEBOOK}"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell.pop("id", None)
        found[path.parts[-3]] = notebook
    return found


def test_the_gradebook_is_where_the_configuration_says(room):
    if room.db_url:
        assert room.db_url.startswith("postgresql")
        assert not (room.course / "gradebook.db").exists()
        assert set(ledger.scores(room)) == everybody(room)
    elif room.instructor.user != "root" and postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed: the gradebook was tried on SQLite only")
