"""Points never depend on luck: beside a busy machine, and with any number of workers, grades are the same to the byte.

The limits are small, so that what is slow here is as slow in proportion as in a real run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch import Batch
from autograder.gradebook import Gradebook
from autograder.loading import find_submissions
from autograder.model import Limits
from reports.feedback.markdown import feedback
from tests import toy

# All are compared with one quiet run: on one worker.
pytestmark = pytest.mark.xdist_group("load")
ASSIGNMENT = replace(
    toy.ASSIGNMENT,
    limits=Limits(
        cpu_seconds_per_call=0.2,
        cpu_seconds_per_function=0.6,
        cpu_seconds_per_statement=0.4,
        cpu_seconds_to_load=2,
        idle_seconds=0.5,
    ),
)
RIGHT = """
import signal, time
import numpy as np

def spend(times):
    for n in range(int(times * {loops})):
        pass

def right(x, scale=2.0):
    return np.outer(x, x) * scale, np.asarray(x) * scale

def products(x, scale=2.0):
    {body}
    return right(x, scale)
"""
BODIES = {
    "slow but right": "spend(0.08)",
    "asleep but right": "time.sleep(0.1)",
    "endless": "while True: pass",
    "slow in all": "time.sleep(0.27)",
    "waits in vain": "signal.sigwait([signal.SIGUSR1])",
}
TOPS = {
    "slow demo": "spend(0.2)",
    "long demo": "spend(9)",
    "endless demo": "sum(iter(int, 1))",
}
EARNED = {**dict.fromkeys(BODIES, 0), **dict.fromkeys(TOPS, 10), "slow but right": 10, "asleep but right": 10}


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    begun = time.process_time()
    for _ in range(1_000_000):
        pass
    loops = round(1_000_000 / (time.process_time() - begun))
    folder = tmp_path_factory.mktemp("load") / "submissions"
    folder.mkdir()
    for name, body in BODIES.items():
        (folder / f"{name.replace(' ', '_')}.py").write_text(RIGHT.format(loops=loops, body=body))
    for name, top in TOPS.items():
        text = f"{RIGHT.format(loops=loops, body='pass')}\n{top}\nlater = 1\n"
        (folder / f"{name.replace(' ', '_')}.py").write_text(text)
    return folder


@contextmanager
def busy() -> Iterator[None]:
    """Keep the machine busy, twice over."""
    loops = 2 * len(os.sched_getaffinity(0))
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def graded(submissions: Path, folder: Path, workers: int) -> Mapping[str, bytes]:
    """Grade the class; every file that it left, by name."""
    book = Gradebook(folder, ASSIGNMENT)
    with Batch(ASSIGNMENT, toy.toy_cases(), workers=workers) as batch:
        found = find_submissions(submissions)
        points = {
            one.student: (one.status, one.earned)
            for one in batch.run(
                found, lambda _: lambda grade, took: book.write(grade, feedback(ASSIGNMENT, grade), took)
            )
        }
    assert points == {name.replace(" ", "_"): ("graded", earned) for name, earned in EARNED.items()}
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.parent != folder}


@pytest.fixture(scope="module")
def quiet(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    return graded(submissions, tmp_path_factory.mktemp("quiet") / "grades", 2)


def test_what_is_slow_is_told_by_the_limit_that_it_reached(quiet: Mapping[str, bytes]) -> None:
    for name, sentence in {
        "endless": "needed more than 0.2 s of CPU time and sleep for one call",
        "slow_in_all": "needed more than 0.6 s of CPU time and sleep for all hidden calls",
        "waits_in_vain": "waited for something that never came",
        "long_demo": "this took more than 0.4 s of CPU time and sleep",
    }.items():
        assert sentence in quiet[f"{name}/feedback.md"].decode()


@pytest.mark.parametrize(
    "workers", [pytest.param(1, marks=pytest.mark.long), pytest.param(2, marks=pytest.mark.long), 8, 32]
)
def test_the_same_submission_earns_the_same_with_any_number_of_workers_beside_a_busy_machine(
    workers: int, submissions: Path, quiet: Mapping[str, bytes], tmp_path: Path
) -> None:
    with busy():
        assert graded(submissions, tmp_path / "grades", workers) == quiet
