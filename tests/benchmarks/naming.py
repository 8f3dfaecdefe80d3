"""What naming adds to the CPU time of a submission that is all wrong: ``python -m tests.benchmarks.naming``.

Submissions are made of the catalogue's wrong functions, one for each part. Each goes all the way once, and is graded
over and again, with the search for mistakes that nobody listed and without it, in turns. The growth is the difference,
as a share of everything that the submission costs without the search. And what the books of wrong formulas take, which
are made once for each secret: CPU time, and memory beside that of a process that has the truths.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import truth
from autograder.gradebook import Gradebook
from autograder.grading import Grader
from autograder.grading.sheets import sheets
from autograder.loading import load_assignment, module_submission
from autograder.model import Assignment
from autograder.naming import Library
from autograder.results import Cases, Durations
from reports.feedback.markdown import feedback
from tests import evidence
from tests.benchmarks.ratio import Inside
from tests.catalogue import ENTRIES
from tests.catalogue._formulas import formulas
from tests.catalogue._found import TITLES
from tests.catalogue._pipeline import secret

FOLDER = "solutions"
TURNS = 5
"""So often each submission is graded in either way; the least counts, as the rest is noise."""
AIM = 5.0
MAKE = "make bench-naming"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One submission: CPU milliseconds."""

    #: Of everything but grading.
    rest: float
    without: float
    searched: float

    @property
    def growth(self) -> float:
        """What the search adds, in percent."""
        return 100 * (self.searched - self.without) / (self.rest + self.without)


def classes(assignment: Assignment, number: int) -> Iterator[tuple[str, list[str]]]:
    """Make a class for each kind of mistake: so many texts, all wrong."""
    unlisted = list(formulas(FOLDER, assignment))
    kinds: Mapping[str, list[tuple[str, str]]] = {
        "mistakes that the author listed": [(e.part, e.source) for e in ENTRIES if e.misconceptions and not e.is_found],
        "one change that nobody listed": [(one.part, one.source) for one in unlisted if one.changes == 1],
        "two changes": [(one.part, one.source) for one in unlisted if one.changes > 1],
        "oddities": [(e.part, e.source) for e in ENTRIES if not (e.is_right or e.misconceptions or e.half)],
    }
    for kind, wrong in kinds.items():
        # Where a part has none of a kind, it has one change.
        pools = [
            [source for of, source in wrong if of == part.name]
            or [source for of, source in kinds["one change that nobody listed"] if of == part.name]
            for part in assignment.parts
        ]
        ways = zip(*map(itertools.cycle, pools), strict=True)
        head = "import math\nimport numpy as np\n"
        yield kind, ["\n\n".join((f"# {place}\n{head}", *next(ways))) + "\n" for place in range(number)]


class Bench:
    """The way of one submission after another, graded in two ways."""

    def __init__(self, assignment: Assignment, cases: Cases, scratch: Path) -> None:
        self._assignment, self._cases = assignment, cases
        self._outputs = {part.name: part.names for part in assignment.parts}
        library = Library(assignment, cases, scratch, lambda _: None)
        library.make(assignment)
        self._without = Grader(assignment, cases, "bubblewrap")
        self._searched = Grader(assignment, cases, "bubblewrap", library)
        for grader in (self._without, self._searched):
            grader.prepare()
        self._book = Gradebook(scratch / "grades", assignment)
        self._inside = Inside(assignment.limits)

    def close(self) -> None:
        """End the sandbox."""
        self._inside.sandbox.close()

    def taken(self, texts: Sequence[str]) -> list[Taken]:
        """Measure a class; what happens in the sandbox, whose clock is coarse, counts as its mean."""
        found = []
        begun = self._inside.seconds()
        for number, text in enumerate(texts):
            start = time.process_time()
            submission = module_submission(f"s{number}", text)
            run = self._inside.sandbox.run(submission, self._cases.cases, self._outputs)
            rest = time.process_time() - start
            ways: dict[Grader, list[float]] = {self._without: [], self._searched: []}
            for turn in range(TURNS):
                for grader in list(ways)[:: 1 if turn % 2 else -1]:
                    start = time.process_time()
                    grade = grader.grade(submission, run)
                    ways[grader].append(time.process_time() - start)
            start = time.process_time()
            self._book.write(grade, feedback(self._assignment, grade), Durations(seconds=0.0), "key")
            rest += time.process_time() - start
            found.append((rest, *(min(times) for times in ways.values())))
        inside = (self._inside.seconds() - begun) / len(texts)
        return [Taken(rest=1000 * (r + inside), without=1000 * w, searched=1000 * s) for r, w, s in found]


def books(folder: Path, kept: Path) -> tuple[int, float, float]:
    """Make the books of a homework in this process: formulas, CPU seconds, megabytes more at the most."""
    assignment = load_assignment(folder)
    cases = truth.from_bytes(kept.read_bytes())
    library = Library(assignment, cases, None, lambda _: None)
    every = [
        (q, part, sheet) for q in assignment.questions for part in q.parts for sheet in sheets(part, cases).values()
    ]
    _forget_peak()
    before = _peak()
    start = time.process_time()
    formulas = sum(len(library._book(*one).names) for one in every)
    taken = time.process_time() - start
    return formulas, taken, (_peak() - before) / 1024


def _peak() -> int:
    """Most kilobytes that this process had in memory, without what it has from the one that started it."""
    (found,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def of_books(scratch: Path) -> Iterator[tuple[str, ...]]:
    """Make them for each homework in a process of its own, some times."""
    for folder, title in TITLES.items():
        kept = scratch / "truths"
        kept.write_bytes(truth.to_bytes(truth.compute(load_assignment(Path(folder)), secret(0))))
        command = [sys.executable, "-m", "tests.benchmarks.naming", "--books", folder, str(kept)]
        found = [json.loads(subprocess.check_output(command)) for _ in range(TURNS)]
        formulas, seconds, megabytes = zip(*found, strict=True)
        yield title, f"{formulas[0]:,}", evidence.spread(seconds, 1, " s"), f"{max(megabytes):.0f} MB"


def main() -> None:
    """Measure, print, and write down."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.naming")
    parser.add_argument("--submissions", type=int, default=60, help="Of each kind.")
    parser.add_argument("--books", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.books:
        print(json.dumps(books(*given.books)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        head: tuple[str, ...] = ("homework", "formulas", "CPU time, once a secret", "memory meanwhile")
        rows = list(of_books(Path(scratch)))
        print(evidence.table(head, rows))
        evidence.write(f"{MAKE}, books", head, rows)
        head = (f"{given.submissions} of each kind", "all without the search", "the search", "growth", "aim")
        rows = list(of_submissions(Path(scratch), given.submissions))
    print(evidence.table(head, rows), end="")
    evidence.write(MAKE, head, rows)


def of_submissions(scratch: Path, count: int) -> Iterator[tuple[str, ...]]:
    """Measure each kind of wrong submission, and all kinds together."""
    assignment = load_assignment(Path(FOLDER))
    bench = Bench(assignment, truth.compute(assignment, secret(0)), scratch)
    bench.taken([text for _, texts in classes(assignment, 3) for text in texts])
    found = {kind: bench.taken(texts) for kind, texts in classes(assignment, count)}
    bench.close()
    found["all of these"] = list(itertools.chain.from_iterable(found.values()))
    for kind, those in found.items():
        yield (
            kind,
            evidence.spread([one.rest + one.without for one in those], 1, " ms"),
            evidence.spread([one.searched - one.without for one in those], 2, " ms"),
            f"{statistics.fmean(one.growth for one in those):.1f}%",
            f"{AIM:.0f}%",
        )


if __name__ == "__main__":
    main()
