"""What it costs that a locked child opens no file: the floor beside itself with its doors open, in pairs.

    python -m tests.benchmarks.doors

CPU time is that of a submission of the floor, warm process and child. The start is wall time until a warm process
answers; with closed doors the library is read into memory first, which `hw1 grade` does while numpy is imported.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from autograder import truth
from autograder.loading import load_assignment
from autograder.sandbox import launch
from autograder.sandbox.libraries import WORKER, Program
from autograder.sandbox.modules import modules_file
from tests import evidence
from tests.benchmarks import floor
from tests.benchmarks.__main__ import sources

COMMAND = "make bench-doors"
_OPEN = str(Path(__file__).with_name("open_floor"))
OPEN_FLOOR = Program(entry=_OPEN, ours=(*WORKER.ours, str(floor.HERE), _OPEN))
_PAIRS, _EACH, _STARTS, _SUBMISSIONS = 150, 3, 20, 60


def quartiles(values: Sequence[float], digits: int, unit: str) -> str:
    """Write the median and where the middle half lies."""
    low, middle, high = (f"{one:.{digits}f}" for one in statistics.quantiles(values, n=4))
    return f"{middle} {unit} ({low} to {high})"


def main() -> None:
    """Measure, and write the table."""
    assignment = load_assignment(Path("solutions"))
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        cases = truth.load(assignment, course, truth.read_secret(course, create=True), lambda _: None).cases
    texts = list(sources(_SUBMISSIONS, hostile=False))

    def started(program: Program) -> tuple[floor.Floor, float]:
        begun = time.monotonic()
        if program is OPEN_FLOOR:
            with mock.patch.object(launch, "modules_file", return_value=os.memfd_create("nothing")):
                return floor.Floor(texts, cases, assignment.limits, program), time.monotonic() - begun
        modules_file.cache_clear()
        return floor.Floor(texts, cases, assignment.limits, program), time.monotonic() - begun

    programs = (floor.FLOOR, OPEN_FLOOR)
    starts = []
    for turn in range(_STARTS):
        took = {}
        for program in programs[:: 1 - 2 * (turn % 2)]:
            one, took[program.entry] = started(program)
            one.close()
        starts.append(took[floor.FLOOR.entry] - took[OPEN_FLOOR.entry])

    (closed, _), (opened, _) = map(started, programs)
    with closed, opened:
        pairs = []
        for turn in range(-2, _PAIRS):
            first = turn * _EACH % (_SUBMISSIONS - _EACH)
            took = {one: 1000 * one.seconds(first, first + _EACH) for one in (closed, opened)[:: 1 - 2 * (turn % 2)]}
            if turn >= 0:
                pairs.append((took[closed], took[opened]))
    rows = [
        ("CPU time of a submission of the floor", quartiles([one for one, _ in pairs], 1, "ms"), ""),
        ("the same with open doors", quartiles([one for _, one in pairs], 1, "ms"), ""),
        ("difference in a pair", quartiles([one - other for one, other in pairs], 2, "ms"), "2 ms"),
        ("start of a sandbox, difference in a pair", quartiles(starts, 2, "s"), "0.2 s"),
    ]
    for row in rows:
        print(": ".join(row[:2]))
    evidence.write(COMMAND, (f"{_PAIRS} pairs, {_STARTS} starts: median (middle half)", "value", "at most"), rows)


if __name__ == "__main__":
    main()
