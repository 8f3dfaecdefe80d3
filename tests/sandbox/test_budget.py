"""What a submission may cost: calls of functions, which any machine counts alike, by the grader and in the child.

`make bench` has the CPU time beside the floor, and where it goes.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder import truth, wire
from autograder.model import Assignment
from autograder.results import Cases
from autograder.sandbox._worker import job
from autograder.sandbox._worker.clock import Clock
from tests.benchmarks.__main__ import sources
from tests.benchmarks.ratio import Ours

GRADER, CHILD = 14_300, 21_800
"""Calls for each submission, Python's and C's; about a tenth more than are made."""
NUMBER = 10
"""Submissions, after three that warm up."""


@pytest.fixture(scope="module")
def cases(assignment: Assignment, course: Path) -> Cases:
    return truth.load(assignment, course, truth.read_secret(course, create=False), lambda _: None)


@pytest.fixture
def texts() -> Iterator[list[str]]:
    """Ordinary modules; what they do to this process in its own is undone."""
    sleep, handler = time.sleep, signal.getsignal(signal.SIGPROF)
    modules = dict(sys.modules)
    yield list(sources(NUMBER + 3, hostile=False))
    time.sleep = sleep
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, handler)
    for name in ("__main__", "submission"):
        sys.modules.pop(name, None)
        sys.modules |= {name: modules[name]} if name in modules else {}


def calls(work: Callable[[], object]) -> int:
    count = 0

    def count_one(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def each(work: Callable[[int], object]) -> float:
    """Calls for a submission, on average, once everything is warm."""
    for number in range(3):
        work(number)
    return sum(calls(lambda n=number: work(n)) for number in range(3, NUMBER + 3)) / NUMBER


@pytest.mark.no_cover
def test_the_grader_keeps_to_its_budget(assignment: Assignment, cases: Cases, texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    for number, text in enumerate(texts):
        (tmp_path / "class" / f"s{number:02}.py").write_text(text, encoding="utf-8")
    with Ours(tmp_path / "class", tmp_path / "grades", assignment, cases) as ours:
        assert each(lambda number: list(ours.stages(number))) < GRADER


@pytest.mark.no_cover
def test_the_child_keeps_to_its_budget(assignment: Assignment, cases: Cases, texts: list[str]) -> None:
    functions = {
        part.name: wire.Allowance(outputs=len(part.outputs), seconds=60.0, failures=1) for part in assignment.parts
    }
    encoded = [
        wire.encode_call(wire.Call(function=one.part, layout=one.layout, inputs=tuple(one.inputs.values())))
        for one in cases.cases
    ]

    clock = Clock()

    def work(number: int) -> None:
        data = wire.encode_job(
            kind="module",
            cells=[texts[number]],
            functions=functions,
            calls=encoded,
            times=wire.Times(call=60.0, statement=60.0, loading=60.0),
            left_out=(),
            returned_bytes_per_call=1 << 24,
            returned_bytes=1 << 24,
        )
        frames: list[bytes] = []
        job.run(iter([data, b""]).__next__, frames.append, clock)
        assert len(frames) == 1 + len(cases.cases)

    assert each(work) < CHILD
