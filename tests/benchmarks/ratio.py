"""CPU time of one submission beside the floor, in pairs: a few of ours, as many of the floor, and again.

CPU time is taken of the whole tree: the grader, bubblewrap, the warm process, and every child that has ended.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autograder.gradebook import Gradebook
from autograder.gradebook.fingerprint import fingerprint
from autograder.grading import Grader
from autograder.loading import find_submissions, read_submission
from autograder.model import Assignment, Limits
from autograder.results import Cases, Durations
from autograder.sandbox.running import Sandbox
from reports.feedback.markdown import feedback
from tests.benchmarks.floor import Floor
from tests.benchmarks.spent import descendants, seconds_of
from tests.evidence import spread

STAGES = ("read", "sandbox: grader's side", "sandbox: warm process and children", "compare, score", "write")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A few submissions in a row and as many of the floor: CPU milliseconds of each, on average."""

    floor: float
    stages: tuple[float, ...]

    @property
    def ours(self) -> float:
        """Of everything."""
        return sum(self.stages)


class Inside:
    """A sandbox, and the CPU time of everything in it."""

    def __init__(self, limits: Limits) -> None:
        before = set(descendants())
        self.sandbox = Sandbox(limits=limits)
        self._started = [process for process in descendants() if process not in before]

    def seconds(self) -> float:
        """CPU time so far, all children ended."""
        if self.sandbox._warm is not None:
            self.sandbox._warm.settle()
        return sum(map(seconds_of, self._started))


class Ours:
    """The way of one submission after another, in one thread; a context manager."""

    def __init__(self, folder: Path, output: Path, assignment: Assignment, cases: Cases) -> None:
        self._assignment, self._cases = assignment, cases
        self._outputs = {part.name: part.names for part in assignment.parts}
        self._found = find_submissions(folder)
        self._grader, self._book = Grader(assignment, cases, "bubblewrap"), Gradebook(output, assignment)
        self._inside = Inside(assignment.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._inside.sandbox.close()

    def stages(self, number: int) -> Iterator[None]:
        """Take one of the class all the way; each stage on the grader's side ends where this stops."""
        submission = read_submission(self._found[number])
        key = fingerprint(submission, self._cases.cases_id, self._assignment)
        yield
        run = self._inside.sandbox.run(submission, self._cases.cases, self._outputs)
        yield
        grade = self._grader.grade(submission, run)
        yield
        self._book.write(grade, feedback(self._assignment, grade), Durations(seconds=0.0), key)
        yield

    def milliseconds(self, first: int, end: int) -> tuple[float, ...]:
        """Grade these of the class; CPU time of each stage for each, on average."""
        taken = [0.0] * 5
        before = self._inside.seconds()
        for number in range(first, end):
            start = time.process_time()
            read, ran, graded, written = (time.process_time() for _ in self.stages(number))
            for stage, (begun, ended) in enumerate(itertools.pairwise((start, read, ran, ran, graded, written))):
                taken[stage] += ended - begun
        taken[2] = self._inside.seconds() - before
        return tuple(1000 * one / (end - first) for one in taken)


def pairs(
    folder: Path, output: Path, assignment: Assignment, cases: Cases, *, number: int, each: int
) -> Iterator[Pair]:
    """Measure so many pairs of so many submissions each, modules only; what comes first warms up and is not counted."""
    with ExitStack() as doors:
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
        ours = doors.enter_context(Ours(folder, output, assignment, cases))
        floor = doors.enter_context(Floor(texts, cases.cases, assignment.limits))
        floor.seconds(0, 3), ours.milliseconds(0, 3)
        for turn in range(number):
            first = turn * each % (len(texts) - each + 1)
            yield Pair(floor=1000 * floor.seconds(first, first + each), stages=ours.milliseconds(first, first + each))


def told(found: Sequence[Pair]) -> Iterator[tuple[str, str]]:
    """Say what was measured, line by line."""
    yield "the floor", spread([one.floor for one in found], 1, " ms")
    yield "ours", spread([one.ours for one in found], 1, " ms")
    yield "ratio", spread([one.ours / one.floor for one in found], 2)
    for stage, name in enumerate(STAGES):
        yield name, spread([one.stages[stage] for one in found], 1, " ms")
