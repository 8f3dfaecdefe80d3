"""How a class grows: grading, the class report and the students' PDFs for 100 to 10,000 submissions, and a picture.

    python -m tests.benchmarks.growth [--sizes 100,1000,10000] [--picture]

Submissions are those of `tests.benchmarks`, and one in a thousand never ends. CPU time is that of all processes, and
memory that of the largest process. `--picture` draws `growth.svg` beside this file, for docs/scaling.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import evidence
from tests.benchmarks.__main__ import HW1, command, write_class
from tests.benchmarks.spent import Spent

ENDLESS = "def softmax_jacobian(x, beta):\n    while True:\n        pass\n"
STEPS: Mapping[str, tuple[str, ...]] = {
    "grade": ("grade", "{class}", "--output", "{out}", "--course", "{here}"),
    "class report": ("report", "class", "{out}", "--output", "{here}/report"),
    "feedback PDFs": ("report", "feedback", "{out}", "--output", "{here}/feedback"),
}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one command took."""

    cpu_seconds: float
    wall_seconds: float
    megabytes: float


def cost(arguments: Sequence[str]) -> Cost:
    """Run the command to its end."""
    with Spent() as spent:
        process = subprocess.Popen([HW1, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"hw1 {arguments[0]} ended with {process.returncode}")
    return Cost(cpu_seconds=spent.cpu, wall_seconds=spent.wall, megabytes=used.ru_maxrss / 1024)


def costs(number: int) -> dict[str, Cost]:
    """Make a class of so many, and do everything for it once."""
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        (here / "class").mkdir()
        write_class(here / "class", number)
        for place in range(500, number, 1000):
            with (here / "class" / f"s{place:05}.py").open("a", encoding="utf-8") as file:
                file.write(ENDLESS)
        # What is computed once for a secret, truths and formulas, is there before.
        once = ("tests/submissions/class", "--output", str(here / "once"), "--course", str(here))
        command(str(HW1), "grade", *once)()
        places = {"{class}": str(here / "class"), "{out}": str(here / "out"), "{here}": str(here)}
        found = {}
        for name, words in STEPS.items():
            filled = list(words)
            for place, value in places.items():
                filled = [word.replace(place, value) for word in filled]
            found[name] = cost(filled)
        return found


def draw(found: Mapping[int, Mapping[str, Cost]], target: Path) -> None:
    """Draw seconds and megabytes over the size of the class."""
    # The picture alone needs it.
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot as plt

    sizes = sorted(found)
    figure, (seconds, memory) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    for name in STEPS:
        seconds.loglog(sizes, [found[size][name].cpu_seconds for size in sizes], marker="o", label=name)
        memory.semilogx(sizes, [found[size][name].megabytes for size in sizes], marker="o", label=name)
    seconds.set(xlabel="submissions", ylabel="CPU seconds")
    memory.set(xlabel="submissions", ylabel="peak memory of the process, MB")
    memory.set_ylim(bottom=0)
    for axes in (seconds, memory):
        axes.grid(visible=True, alpha=0.3)
        axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axes.minorticks_off()
    seconds.legend()
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    """Measure, print, and write it down."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth")
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--picture", action="store_true")
    given = parser.parse_args()
    found = {}
    workers = len(os.sched_getaffinity(0))
    head = ("submissions", f"command, {workers} workers", "CPU seconds", "ms each", "seconds", "peak memory")
    rows = []
    for size in map(int, given.sizes.split(",")):
        found[size] = costs(size)
        for name, one in found[size].items():
            each = f"{one.cpu_seconds / size * 1000:.1f}"
            seconds = (f"{one.cpu_seconds:.1f}", each, f"{one.wall_seconds:.1f}")
            rows.append((f"{size:,}", name, *seconds, f"{one.megabytes:.0f} MB"))
    print(evidence.table(head, rows), end="")
    evidence.write("make bench-growth", head, rows)
    if given.picture:
        draw(found, Path(__file__).with_name("growth.svg"))


if __name__ == "__main__":
    main()
