"""A class graded by stock nbgrader, by nbgrader without executing anything, and by us, in the same run.

    python -m tests.benchmarks.nbgrader [--students N]

Everybody's notebook is the same in the three courses, but for the test cells: stock nbgrader's hold tests in the
notebook, as its users write them. Times are of the whole command line, start included.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder import truth
from autograder.loading import load_assignment
from tests import evidence
from tests.benchmarks.__main__ import sources
from tests.benchmarks.spent import Spent
from tests.classroom.nbgrader_course import answered, copy_course, environment, make_course, nbgrader, released, submit

BIN = Path(sys.executable).parent
CASES = 20
STOCK_TESTS = {
    "affine_gradients": "dW, db = affine_gradients(x, g)\n    assert np.allclose(dW, np.outer(g, x))\n"
    "    assert np.allclose(db, g)",
    "scaled_cost_gradients": "dW, db = scaled_cost_gradients(x, g, 2.5)\n"
    "    assert np.allclose(dW, 2.5 * np.outer(g, x))\n    assert np.allclose(db, 2.5 * g)",
    "softmax": "y = softmax(x, 1.3)\n    assert np.allclose(y, np.exp(1.3 * x) / np.exp(1.3 * x).sum())",
    "softmax_jacobian": "y = np.exp(1.3 * x) / np.exp(1.3 * x).sum()\n"
    "    assert np.allclose(softmax_jacobian(x, 1.3), 1.3 * (np.diag(y) - np.outer(y, y)))",
}


def stock_tests(notebook: dict[str, Any]) -> dict[str, Any]:
    """Put tests into the test cells."""
    stock = copy.deepcopy(notebook)
    for cell in stock["cells"]:
        part = cell["metadata"].get("nbgrader", {}).get("grade_id", "").removeprefix("grade-")
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = (
                f"rng = np.random.default_rng(1)\nfor _ in range({CASES}):\n"
                f"    x, g = rng.normal(size=4), rng.normal(size=3)\n    {STOCK_TESTS[part]}\n"
            )
    return stock


def stock_course(ours: Path, folder: Path) -> Path:
    """Make the same course without us."""

    copy_course(ours, folder)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'ds-ga-1008'\n", encoding="utf-8"
    )
    (folder / "gradebook.db").unlink()
    source = folder / "source" / "hw1" / "hw1.ipynb"
    source.write_text(json.dumps(stock_tests(json.loads(source.read_text(encoding="utf-8")))), encoding="utf-8")
    done = nbgrader(folder, "generate_assignment", "hw1", "--force")
    if done.returncode:
        raise SystemExit(done.stdout)
    return folder


Seconds = tuple[float, float]
"""Of wall time, and of CPU time with that of everything it started."""


def timed(course: Path, *arguments: str) -> Seconds:
    """Run a command line in a course."""
    with Spent() as spent:
        done = subprocess.run(
            [BIN / arguments[0], *arguments[1:]],
            cwd=course,
            env=environment(course),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return spent.wall, spent.cpu


def hand_in(course: Path, students: int) -> None:
    """Let a class hand in."""
    form = released(course)
    for number, text in enumerate(sources(students, hostile=False)):
        submit(course, f"s{number:03}", answered(form, text))


def graded(top: Path, warm: Path, students: int) -> Seconds:
    """Grade a class of this size in a new course, by ours and then nbgrader."""
    course = make_course(top / f"class-{students}", Path("solutions"), warm=warm)
    hand_in(course, students)
    runs = [timed(course, "hw1", "grade", "--course", "."), timed(course, "nbgrader", "autograde", "hw1")]
    return sum(wall for wall, _ in runs), sum(used for _, used in runs)


def middle(runs: Sequence[Seconds]) -> Seconds:
    """Take the median of each."""
    return statistics.median(wall for wall, _ in runs), statistics.median(used for _, used in runs)


def main() -> None:
    """Measure, print, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--more", type=int, nargs="*", default=[200, 1000], help="larger classes, graded by ours alone")
    parser.add_argument("--times", type=int, default=3, help="runs of the short ones; the median counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        assignment = load_assignment(Path("solutions"))
        warm = top / "warm"
        warm.mkdir()
        truth.rebuild(assignment, warm, truth.read_secret(warm, create=True))
        ours = make_course(top / "ours", Path("solutions"), warm=warm)
        stock = stock_course(ours, top / "stock")
        for course in (ours, stock):
            hand_in(course, options.students)

        def again(course: Path, *arguments: str) -> Seconds:
            return timed(course, "nbgrader", "autograde", "hw1", "--force", *arguments)

        executed = again(stock)
        rest, pool, serial, alone = [], [], [], []
        for _ in range(options.times):  # in turn, so that the machine's noise meets all
            rest.append(again(stock, "--no-execute"))
            pool.append(timed(ours, "hw1", "grade", "--course", "."))
            serial.append(again(ours))
            shutil.rmtree(ours / ".autograder" / "grades")
            alone.append(again(ours))
        grown = [(count, graded(top, warm, count)) for count in options.more]
    both = [(one[0] + two[0], one[1] + two[1]) for one, two in zip(pool, serial, strict=True)]
    least = middle(rest)
    head = (f"{options.students} notebooks", "seconds", "stock takes", "CPU seconds", "stock takes")
    rows = []
    for name, (wall, used) in (
        ("nbgrader, executing the notebooks itself", executed),
        ("`nbgrader autograde --no-execute`", least),
        ("`hw1 grade --course`", middle(pool)),
        ("then `nbgrader autograde`", middle(serial)),
        ("both", middle(both)),
        ("`nbgrader autograde` alone, grading by ours", middle(alone)),
    ):
        rows.append((name, f"{wall:.1f}", f"{executed[0] / wall:.1f}×", f"{used:.1f}", f"{executed[1] / used:.1f}×"))
    for count, (wall, used) in grown:
        times = [
            f"{one / options.students * count / mine:.1f}×" for one, mine in zip(executed, (wall, used), strict=True)
        ]
        rows.append(
            (
                f"both, {count:,} notebooks; stock as for {options.students}",
                f"{wall:.1f}",
                times[0],
                f"{used:.1f}",
                times[1],
            )
        )
    print(evidence.table(head, rows), end="")
    evidence.write("make bench-nbgrader", head, rows)
    walls = [wall for wall, _ in rest]
    print(f"medians of {options.times}, stock once; --no-execute took {min(walls):.1f} to {max(walls):.1f} s")


if __name__ == "__main__":
    main()
