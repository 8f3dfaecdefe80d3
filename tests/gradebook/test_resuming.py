"""What an earlier run left is believed only where it is whole, ours and of the very same."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import InputError, OutputError
from autograder.gradebook import Gradebook
from autograder.gradebook.reading import read_class
from autograder.loading import list_submissions, read_submission
from autograder.results import Durations
from reports.class_report.summary import summarize
from tests import toy

TOOK = Durations(seconds=0.5)


def written(folder, students=("a", "b"), key="k"):
    book = Gradebook(folder, toy.ASSIGNMENT)
    book.earlier()
    for student in students:
        book.write(toy.grade_function(toy.wrong_vector, student=student), "words", TOOK, key)
    book.write_csv()
    return book


def again(folder):
    book = Gradebook(folder, toy.ASSIGNMENT)
    book.resume()
    return book


def report(folder):
    return summarize(toy.ASSIGNMENT, read_class(folder, toy.ASSIGNMENT))


def test_a_grade_stands_only_under_the_same_key_and_with_the_files_it_had(tmp_path):
    written(tmp_path)
    assert again(tmp_path).graded("a", "k").earned == 9
    assert again(tmp_path).graded("a", "another") is None
    assert again(tmp_path).graded("nobody", "k") is None
    for name in ("feedback.md", "grade.json"):
        whole = (tmp_path / "a" / name).read_bytes()
        for left in (b"", whole[:-1], b"\0" * len(whole)):
            (tmp_path / "a" / name).write_bytes(left)
            assert again(tmp_path).graded("a", "k") is None, (name, left[:9])
        (tmp_path / "a" / name).write_bytes(whole)
    assert again(tmp_path).graded("a", "k").earned == 9


@pytest.mark.parametrize("cut", ["nothing", "zeros", "beginning"])
def test_what_a_power_cut_left_of_a_grade_is_graded_again_and_nobody_elses_file_is(cut, tmp_path):
    written(tmp_path)
    file = tmp_path / "a" / "grade.json"
    whole = file.read_bytes()
    file.write_bytes({"nothing": b"", "zeros": b"\0" * 4096, "beginning": whole[:500] + b"\0" * 9}[cut])
    assert again(tmp_path).earlier(["a", "b"]) == {"b": "c" * 32}
    with pytest.raises(InputError, match="is not a grade of ours"):
        again(tmp_path).earlier(["b"])
    file.write_bytes(b"[]")
    with pytest.raises(InputError, match="is not a grade of ours"):
        again(tmp_path).earlier(["a", "b"])


def test_half_a_line_spoils_no_line_after_it(tmp_path):
    written(tmp_path, ["a"])
    for name in ("run.jsonl", "results.jsonl"):
        with (tmp_path / name).open("ab") as file:
            file.write(b'{"student":"b","gra')
    written(tmp_path, ["b"])
    assert again(tmp_path).graded("a", "k") is not None
    assert again(tmp_path).graded("b", "k") is not None
    assert {entry.student for entry in read_class(tmp_path, toy.ASSIGNMENT).log} == {"a", "b"}


def test_the_report_is_the_same_with_the_results_file_and_reads_no_case_with_it(tmp_path, monkeypatch):
    written(tmp_path)
    from autograder.gradebook import reading

    with monkeypatch.context() as patch:
        patch.setattr(reading, "read_grade", lambda *_: pytest.fail("a grade.json was parsed"))
        fast = report(tmp_path)
    (tmp_path / "results.jsonl").unlink()
    assert report(tmp_path) == fast


def test_a_line_is_believed_only_of_the_grade_that_stands(tmp_path):
    written(tmp_path)
    file = tmp_path / "results.jsonl"
    before = report(tmp_path)
    file.write_text(file.read_text().replace('"earned":9.0', '"earned":1.0').replace("[4.0,4.0", "[0.0,4.0"))
    grade = json.loads((tmp_path / "a" / "grade.json").read_text())
    grade["scores"][0].update(earned=0, status="wrong")
    grade["earned"] = 5
    (tmp_path / "a" / "grade.json").write_text(json.dumps(grade))
    assert report(tmp_path).totals.least == 5, "a changed grade is read itself"
    file.unlink()
    file.symlink_to(tmp_path / "a" / "grade.json")
    assert report(tmp_path).totals.least == 5
    assert before.totals.least == 9


def test_results_are_the_same_bytes_in_whatever_order_they_came(tmp_path):
    for name, order in (("x", "abc"), ("y", "cab")):
        written(tmp_path / name, order)
        written(tmp_path / name, "b")
    assert (tmp_path / "x/results.jsonl").read_bytes() == (tmp_path / "y/results.jsonl").read_bytes()
    students = [json.loads(line)["student"] for line in (tmp_path / "y/results.jsonl").read_text().splitlines()]
    assert students == ["a", "b", "c"]


def test_a_folder_is_one_runs_at_a_time(tmp_path):
    first = Gradebook(tmp_path, toy.ASSIGNMENT)
    first.lock()
    second = Gradebook(tmp_path, toy.ASSIGNMENT)
    with pytest.raises(OutputError, match="another hw1 grade is writing to"):
        second.lock()
    del first
    second.lock()


def test_whoever_waits_is_told_once_and_then_has_the_folder(tmp_path):
    first, second = (Gradebook(tmp_path, toy.ASSIGNMENT) for _ in range(2))
    first.lock()
    told = []

    def waiting():
        told.append(len(told))
        first.release()

    second.lock(waiting=waiting)
    assert told == [0]
    with pytest.raises(OutputError, match="another hw1 grade is writing to"):
        first.lock()


def test_folders_are_opened_side_by_side(tmp_path):
    with ThreadPoolExecutor(6) as pool:
        for _ in pool.map(lambda _: Gradebook(tmp_path, toy.ASSIGNMENT), range(300)):
            pass
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - whatever its name begins with


def test_files_are_brought_to_the_disk_in_groups(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync

    def noted(descriptor):
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    book = Gradebook(tmp_path, toy.ASSIGNMENT)
    grade = toy.grade_function(toy.products)
    for number in range(49):
        book.write(type(grade)(**{**vars(grade), "student": f"s{number}"}), "words", TOOK, "k")
    assert synced == []
    book.write(type(grade)(**{**vars(grade), "student": "s49"}), "words", TOOK, "k")
    files = {f"{tmp_path}/s{number}/{name}" for number in range(50) for name in ("grade.json", "feedback.md")}
    assert files <= set(synced)
    assert synced[-2:] == [f"{tmp_path}/run.jsonl", str(tmp_path)]


def operations(folder, students):
    """Count the folders that are listed while a class is listed and read."""
    import sys

    counted = []
    if not hasattr(operations, "hooked"):
        sys.addaudithook(lambda event, _: event in ("os.listdir", "os.scandir") and operations.to.append(event))
        operations.hooked = True
    operations.to = counted
    for number in range(students):
        (folder / f"s{number}.py").write_text("x = 1\n")
        (folder / f"s{number}.md").write_text("words\n")
    for one in list_submissions(folder).found:
        read_submission(one)
    operations.to = []
    return len(counted)


def test_a_class_is_listed_once_however_large(tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "large").mkdir()
    assert operations(tmp_path / "small", 10) == operations(tmp_path / "large", 100) <= 3
