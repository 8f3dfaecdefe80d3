"""A class of any size waits outside of the pool: few are taken before they are graded."""

from __future__ import annotations

import dataclasses
import threading
from types import SimpleNamespace

import pytest

from autograder.batch import Batch, desk
from autograder.errors import AssignmentError
from autograder.grading import Grader
from autograder.results import Submission
from tests import toy


class Counted(list):
    """Submissions that know how many were taken."""

    taken = 0

    def __iter__(self):
        for one in super().__iter__():
            self.taken += 1
            yield one


def grading_threads() -> int:
    return sum(one.name.startswith("grade") for one in threading.enumerate())


def test_few_submissions_are_taken_ahead_of_those_that_are_graded():
    unreadable = [Submission(student=f"s{n}", kind="module", cells=(), sha256="", problem="gone") for n in range(200)]
    submissions = Counted(unreadable)
    ahead = []
    with Batch(toy.ASSIGNMENT, toy.toy_cases(), workers=2) as batch:
        for done, _ in enumerate(batch.run(submissions, lambda _: lambda *_: None)):
            ahead.append(submissions.taken - done)
    assert len(ahead) == 200
    assert max(ahead) <= 10


def test_no_more_workers_start_than_there_are_submissions():
    with Batch(toy.ASSIGNMENT, toy.toy_cases(), workers=4, submissions=1) as batch:
        workers = {one.name for one in threading.enumerate() if one.name.startswith("grade_")}
        assert not list(batch.run([], lambda _: lambda *_: None))
    assert len(workers) == 1


def test_a_magnitude_that_breaks_its_contract_leaves_nothing_running():
    (question,) = toy.ASSIGNMENT.questions
    part = question.parts[0]
    wrong = dataclasses.replace(part.outputs[0], magnitude=lambda inputs, truth: -abs(truth) - 1)
    parts = (dataclasses.replace(part, outputs=(wrong, *part.outputs[1:])), *question.parts[1:])
    assignment = dataclasses.replace(toy.ASSIGNMENT, questions=(dataclasses.replace(question, parts=parts),))
    before = grading_threads()
    with pytest.raises(AssignmentError, match="magnitude"):
        Batch(assignment, toy.toy_cases())
    assert grading_threads() == before


def test_who_is_wrong_first_does_not_pay_for_what_is_made_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=7.0)
    grade = Grader.grade

    def slow(*arguments):
        clock.now += 100
        return grade(*arguments)

    monkeypatch.setattr(Grader, "grade", slow)
    monkeypatch.setattr(desk, "time", SimpleNamespace(perf_counter=lambda: clock.now))
    submission = Submission(student="s", kind="module", cells=(), sha256="")
    place = desk.Desk(toy.ASSIGNMENT, toy.toy_cases(), "bubblewrap")
    place.prepare(None)
    try:
        _, took = place.grade(submission, 2.0, again=False)
    finally:
        place.close()
    assert took.seconds == 5


def test_a_desk_is_closed_once_nobody_grades_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, killed, closed = threading.Event(), threading.Event(), threading.Event()
    order = []

    def slow(*_):
        begun.set()
        killed.wait()
        # A desk that does not wait is closed long before this is over.
        closed.wait(0.5)
        order.append("graded")

    kill = desk.Desk.kill
    monkeypatch.setattr(Grader, "grade", slow)
    monkeypatch.setattr(desk.Desk, "kill", lambda self: (kill(self), killed.set()))
    place = desk.Desk(toy.ASSIGNMENT, toy.toy_cases(), "bubblewrap")
    place.prepare(None)
    gone = Submission(student="s", kind="module", cells=(), sha256="", problem="gone")
    grading = threading.Thread(target=place.grade, args=(gone, 0.0), kwargs={"again": False})
    grading.start()
    begun.wait()
    place.close()
    order.append("closed")
    closed.set()
    grading.join()
    assert order == ["graded", "closed"]
