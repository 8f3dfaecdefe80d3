"""Seconds per submission beside ``python -c "import numpy"``, measured in the same run; where they go; memory.

    python -m tests.benchmarks [--submissions N]

Submissions are distinct: the catalogue's right and wrong functions in every combination that comes, and a hostile one
in twenty. Nothing is cached between them. Figures are medians; the machine's noise is shown as the range of the peer.
CPU time is measured beside the floor (`floor`): one fork, the lock, exec of the source, the calls, exit.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder import truth
from autograder.loading import load_assignment
from tests import evidence
from tests.benchmarks import ratio
from tests.catalogue import ENTRIES

HW1 = Path(sys.executable).with_name("hw1")
HOSTILE = (
    "import os\nos._exit(0)\n",
    "def softmax(x, beta):\n    import os\n    os.kill(os.getppid(), 9)\n    return x\n",
    "import ctypes\ndef softmax(x, beta):\n    return ctypes.string_at(0)\n",
    "import os\nfor fd in range(20):\n    try: os.write(fd, b'passed' * 100)\n    except OSError: pass\n",
    "def affine_gradients(x, dC_dy):\n    return open('/etc/passwd').read(), [[0] * 10**6] * 100\n",
)


def sources(count: int, seed: int = 0, *, hostile: bool = True) -> Iterator[str]:
    """Texts of distinct submissions: one entry per part, right or wrong, and now and then a hostile line."""
    chance = random.Random(seed)
    parts: dict[str, list[str]] = {}
    for entry in ENTRIES:
        parts.setdefault(entry.part, []).append(entry.source)
    for number in range(count):
        pieces = [chance.choice(texts) for texts in parts.values()]
        more = [chance.choice(HOSTILE)] if hostile and number % 20 == 19 else []
        yield "\n\n".join([f"# submission {number}\nimport math\nimport numpy as np", *pieces, *more]) + "\n"


def write_class(folder: Path, count: int) -> None:
    """Write a class; every second submission is a notebook."""
    for number, text in enumerate(sources(count)):
        if number % 2:
            whole = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}]
            notebook = {"cells": whole, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            (folder / f"s{number:05}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        else:
            (folder / f"s{number:05}.py").write_text(text, encoding="utf-8")


def timed(action: Callable[[], object]) -> float:
    """Measure seconds of wall time."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def command(*arguments: str) -> Callable[[], object]:
    """Prepare a command that must succeed and whose output nobody needs."""
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def import_numpy(times: int) -> list[float]:
    """Measure the peer: a fresh Python that imports numpy."""
    return [timed(command(sys.executable, "-c", "import numpy")) for _ in range(times)]


def whole_run(folder: Path, output: Path, course: Path) -> tuple[float, float, float]:
    """Grade a class by the command. Returns seconds to the first grade, in all, and the grader's peak memory in MB."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [HW1, "grade", folder, "--output", output, "--course", course],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    first, ended = 0.0, 0
    while not ended:
        if not first and next(output.glob("*/grade.json"), None):
            first = time.perf_counter() - begun
        ended, status, used = os.wait4(process.pid, 0 if first else os.WNOHANG)
        time.sleep(0.005)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"hw1 grade ended with {process.returncode}")
    return first, time.perf_counter() - begun, used.ru_maxrss / 1024


def beside_the_floor(course: Path, scratch: Path, number: int, each: int) -> list[ratio.Pair]:
    """Measure pairs of the floor and ours, on modules that end by themselves."""
    assignment = load_assignment(Path("solutions"))
    cases = truth.load(assignment, course, truth.read_secret(course, create=True), lambda line: None)
    folder = scratch / "modules"
    folder.mkdir()
    for place, text in enumerate(sources(100, hostile=False)):
        (folder / f"s{place:05}.py").write_text(text, encoding="utf-8")
    return list(ratio.pairs(folder, scratch / "single", assignment, cases, number=number, each=each))


def main() -> None:
    """Measure, print, and write down what a class of the usual size comes to."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--submissions", type=int, default=1000)
    count = parser.parse_args().submissions
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        (here / "class").mkdir()
        write_class(here / "class", count)
        command(str(HW1), "truths", "--course", str(here))()
        peers = import_numpy(5)
        first, total, megabytes = whole_run(here / "class", here / "out", here)
        peers += import_numpy(5)
        found = beside_the_floor(here, here, number=20, each=10)
        helps = [timed(command(str(HW1), "--help")) for _ in range(5)]
    peer = statistics.median(peers)
    each = (total - first) / (count - 1)
    workers = len(os.sched_getaffinity(0))
    head = (f"{count:,} distinct submissions (right, wrong, hostile), {workers} workers", "value", "aim")
    rows = [
        ("Python importing NumPy, in the same run", evidence.spread([1000 * one for one in peers], 0, " ms"), ""),
        ("one submission, everything included: run, compare, diagnose, write", f"{each * 1000:.1f} ms", ""),
        ("the same, beside importing NumPy", f"{each / peer:.2f}", "0.3"),
        ("start of `hw1 grade` to the first grade, truths warm", f"{first:.2f} s", "1 s"),
        ("the grader's peak memory", f"{megabytes:.0f} MB", "300 MB"),
        ("`hw1 --help`", f"{statistics.median(helps):.2f} s", "0.25 s"),
    ]
    rows += [
        (f"CPU time of a submission, one thread: {name}", value, "2.2" if name == "ratio" else "")
        for name, value in ratio.told(found)
    ]
    print(evidence.table(head, rows), end="")
    evidence.write("make bench", head, rows)


if __name__ == "__main__":
    main()
