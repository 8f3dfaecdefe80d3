"""Grades on disk: whole or not at all, in the contract's form, and nobody else's lost."""

from __future__ import annotations

import csv
import json
import os
import stat

import jsonschema
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import InputError, OutputError
from autograder.gradebook import Gradebook, read_ours, write_atomically
from autograder.gradebook.files import MAX_BYTES
from autograder.gradebook.record import Damage, decode, grade_of, record_of
from autograder.gradebook.text import to_bytes, to_text
from autograder.results import Durations
from autograder.words import number
from reports.feedback.markdown import feedback
from tests import grade_schema, synthetic_class, toy

SCHEMA = json.loads(grade_schema.FILE.read_text(encoding="utf-8"))


def book(folder):
    return Gradebook(folder, toy.ASSIGNMENT)


@pytest.mark.parametrize(
    "function", [toy.products, toy.wrong_scale, toy.raising, lambda x, scale=2.0: (x * float("nan"), None)]
)
def test_a_grade_follows_the_committed_schema(function):
    jsonschema.validate(
        synthetic_class.in_plain_values(toy.grade_function(function)), SCHEMA, cls=jsonschema.Draft202012Validator
    )


def test_the_committed_schema_is_made_from_the_records():
    assert grade_schema.FILE.read_text(encoding="utf-8") == grade_schema.text()


@pytest.mark.parametrize(
    "function",
    [
        toy.wrong_scale, toy.raising, toy.shaped, toy.mutating,
        lambda x, scale=2.0: (x * float("nan"), None), lambda x, scale=2.0: (np.zeros((2, 0)), x[:, None] + scale),
        lambda x, scale=2.0: (np.zeros((900, 9)), x[None] * scale),
    ],
)  # fmt: skip
def test_feedback_of_a_grade_that_was_read_is_what_was_written(function):
    grade = toy.grade_function(function)
    read = grade_of(decode(to_text(record_of(grade)).encode()))
    assert feedback(toy.ASSIGNMENT, read) == feedback(toy.ASSIGNMENT, grade)


def test_the_schema_refuses_what_would_show_a_hidden_case():
    record = synthetic_class.in_plain_values(toy.grade_function(toy.products))
    hidden = next(v for v in record["scores"][0]["verdicts"] if v["hidden"])
    hidden["truth"] = [1.0]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_same_submission_gives_the_same_bytes(tmp_path):
    for name, seconds in (("a", 1.0), ("b", 2.0)):
        book(tmp_path / name).write(toy.grade_function(toy.wrong_vector), "text", Durations(seconds=seconds))
    assert (tmp_path / "a/s/grade.json").read_bytes() == (tmp_path / "b/s/grade.json").read_bytes()


def test_the_table_has_the_contracts_columns(tmp_path):
    mine = book(tmp_path)
    mine.write(toy.grade_function(toy.wrong_vector, student="z"), "", Durations(seconds=0.1))
    mine.write(toy.grade_function(toy.products, student="a"), "", Durations(seconds=0.1))
    rows = list(csv.reader(mine.write_csv().read_text(encoding="utf-8").splitlines()))
    assert rows == [
        ["student", "status", "earned", "possible", "t.diagonal", "t.off", "t.general", "t.vector"],
        ["a", "graded", "10", "10", "4", "3", "2", "1"],
        ["z", "graded", "9", "10", "4", "3", "2", "0"],
    ]


def test_grading_one_student_again_keeps_the_others_rows(tmp_path):
    first = book(tmp_path)
    for student in ("a", "b"):
        first.write(toy.grade_function(toy.products, student=student), "", Durations(seconds=0.1))
    first.write_csv()
    (tmp_path / "grades.csv").unlink()  # or saved otherwise by a spreadsheet: the grades themselves are what counts
    second = book(tmp_path)
    second.earlier()
    second.write(toy.grade_function(toy.wrong_vector, student="b"), "", Durations(seconds=0.1))
    rows = list(csv.DictReader(second.write_csv().read_text(encoding="utf-8").splitlines()))
    assert [(r["student"], r["earned"]) for r in rows] == [("a", "10"), ("b", "9")]


def test_a_fault_of_ours_has_no_points_and_keeps_an_older_grade(tmp_path):
    mine = book(tmp_path)
    mine.write(toy.grade_function(toy.products, student="graded"), "", Durations(seconds=0.1))
    for student in ("graded", "new"):
        mine.fault(student, "c" * 32, "bubblewrap", "the sandbox died")
    kept = json.loads((tmp_path / "graded/grade.json").read_text())
    fault = json.loads((tmp_path / "new/grade.json").read_text())
    jsonschema.validate(fault, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert (kept["status"], kept["earned"]) == ("graded", 10)
    assert (fault["status"], fault["earned"], fault["notes"]) == ("grader_fault", None, ["the sandbox died"])
    rows = list(csv.DictReader(mine.write_csv().read_text(encoding="utf-8").splitlines()))
    assert [(r["student"], r["status"], r["earned"]) for r in rows] == [
        ("graded", "graded", "10"),
        ("new", "grader_fault", ""),
    ]


def test_files_are_the_instructors_alone(tmp_path):
    mine = book(tmp_path / "out")
    mine.write(toy.grade_function(toy.products), "text", Durations(seconds=0.1))
    mine.write_csv()
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_earlier_grades_are_read_back_and_foreign_files_named(tmp_path):
    mine = book(tmp_path)
    assert mine.earlier() == {}
    mine.write(toy.grade_function(toy.products), "", Durations(seconds=0.1))
    assert mine.earlier() == {"s": "c" * 32}
    (tmp_path / "s/grade.json").write_text("[]")
    with pytest.raises(InputError, match=r"s/grade\.json is not a grade of ours"):
        mine.earlier()


def test_an_output_that_is_a_file_is_one_clear_error(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match="choose another --output"):
        book(tmp_path / "out")


def test_a_failed_write_keeps_the_old_file_and_leaves_no_litter(tmp_path, monkeypatch):
    target = tmp_path / "file"
    write_atomically(target, "old")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        write_atomically(target, "new")
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("student", ["-1+1", "@sum", "=1", "+1"])
def test_no_id_is_a_formula_to_a_spreadsheet_and_none_is_changed_elsewhere(student, tmp_path):
    mine = book(tmp_path)
    mine.write(toy.grade_function(toy.products, student=student), "", Durations(seconds=0.1))
    row, *_ = csv.DictReader(mine.write_csv().read_text(encoding="utf-8").splitlines())
    assert row["student"] == f"'{student}"
    assert json.loads((tmp_path / student / "grade.json").read_text(encoding="utf-8"))["student"] == student
    assert book(tmp_path).earlier() == {student: "c" * 32}


def test_the_log_says_which_run_each_line_is_of(tmp_path):
    for _ in range(2):
        mine = book(tmp_path)
        mine.write(toy.grade_function(toy.products), "", Durations(seconds=0.1))
        mine.fault("t", "c" * 32, "bubblewrap", "died")
    runs = [json.loads(line)["run"] for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert runs[0] == runs[1] != runs[2] == runs[3]


@given(st.floats(0, 100))
def test_whole_points_have_no_decimal_point(points):
    assert number(points) == points
    assert isinstance(number(float(int(points))), int)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: one["scores"][0].update(earned=-1), "holds points that cannot be (scores[0].earned)"),
        (lambda one: one["scores"][0].update(earned=99), "holds points that cannot be (scores[0])"),
        (lambda one: one.update(earned=True), "holds points that cannot be (earned)"),
        (lambda one: one.update(student=7), "holds something else where text belongs (student)"),
        (lambda one: one.update(status="fine"), "holds a word that no grade of ours has (status)"),
        (lambda one: one["scores"][0].pop("verdicts"), "is not a grade of ours (scores[0])"),
        (lambda one: one.update(comment=""), "is not a grade of ours"),
        (lambda one: one["scores"][0]["verdicts"][0].update(truth=1), "is not a grade of ours (scores[0].verdicts[0])"),
    ],
)
def test_a_damaged_grade_says_what_and_where(change, says):
    plain = synthetic_class.in_plain_values(toy.grade_function(toy.products))
    change(plain)
    with pytest.raises(Damage) as caught:
        decode(json.dumps(plain).encode())
    assert str(caught.value) == says


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(OSError, match="it is larger than 50 MB"):
        read_ours(tmp_path / "large")


def test_a_grade_holds_the_same_with_and_without_spaces() -> None:
    for function in (toy.products, toy.wrong_vector):
        record = record_of(toy.grade_function(function))
        assert json.loads(to_bytes(record)) == json.loads(to_text(record))
        assert len(to_bytes(record)) < len(to_text(record).encode())
    half = msgspec.structs.replace(record, notes=("half of a pair: \ud83d",))
    assert decode(to_bytes(half)).notes == ("half of a pair: ?",)
