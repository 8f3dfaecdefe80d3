"""A class of any size waits outside of the pool: few are taken before they are graded."""

from __future__ import annotations

from pathlib import Path

from autograder.batch import Batch
from autograder.results import Submission
from tests import toy


class Counted(list):
    """Submissions that know how many were taken."""

    taken = 0

    def __iter__(self):
        for one in super().__iter__():
            self.taken += 1
            yield one


def test_few_submissions_are_taken_ahead_of_those_that_are_graded():
    unreadable = [
        Submission(student=f"s{n}", path=Path("x.py"), kind="module", cells=(), sha256="", problem="gone")
        for n in range(200)
    ]
    submissions = Counted(unreadable)
    ahead = []
    with Batch(toy.ASSIGNMENT, toy.toy_cases(), workers=2) as batch:
        for done, _ in enumerate(batch.run(submissions, lambda _: lambda *_: None)):
            ahead.append(submissions.taken - done)
    assert len(ahead) == 200
    assert max(ahead) <= 10
