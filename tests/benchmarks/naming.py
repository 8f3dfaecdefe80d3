"""What naming adds to the CPU time of a submission that is all wrong: ``python -m tests.benchmarks.naming``.

Submissions are made of the catalogue's wrong functions, one for each part. Each goes all the way once, and is graded
over and again, with the search for mistakes that nobody listed and without it, in turns. The growth is the difference,
as a share of everything that the submission costs without the search.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import truth
from autograder.gradebook import Gradebook
from autograder.grading import Grader
from autograder.loading import load_assignment, module_submission
from autograder.model import Assignment
from autograder.naming import Library
from autograder.results import Cases, Durations
from autograder.sandbox.running import Sandbox
from reports.feedback.markdown import feedback
from tests import evidence
from tests.benchmarks.spent import descendants, seconds_of
from tests.catalogue import ENTRIES
from tests.catalogue._formulas import formulas
from tests.catalogue._pipeline import secret

FOLDER = "solutions"
TURNS = 5
"""So often each submission is graded in either way; the least counts, as the rest is noise."""
AIM = 5.0


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
        library = Library(assignment, cases, scratch, print)
        library.make(assignment)
        self._without = Grader(assignment, cases, "bubblewrap")
        self._searched = Grader(assignment, cases, "bubblewrap", library)
        for grader in (self._without, self._searched):
            grader.prepare()
        self._book = Gradebook(scratch / "grades", assignment)
        before = set(descendants())
        self._sandbox = Sandbox(limits=assignment.limits)
        self._started = [process for process in descendants() if process not in before]

    def close(self) -> None:
        """End the sandbox."""
        self._sandbox.close()

    def _inside(self) -> float:
        if self._sandbox._warm is not None:
            self._sandbox._warm.settle()
        return sum(map(seconds_of, self._started))

    def taken(self, texts: Sequence[str]) -> list[Taken]:
        """Measure a class; what happens in the sandbox, whose clock is coarse, counts as its mean."""
        found = []
        begun = self._inside()
        for number, text in enumerate(texts):
            start = time.process_time()
            submission = module_submission(f"s{number}", text)
            run = self._sandbox.run(submission, self._cases.cases, self._outputs)
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
        inside = (self._inside() - begun) / len(texts)
        return [Taken(rest=1000 * (r + inside), without=1000 * w, searched=1000 * s) for r, w, s in found]


def main() -> None:
    """Measure, print, and write down."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.naming")
    parser.add_argument("--submissions", type=int, default=60, help="Of each kind.")
    count = parser.parse_args().submissions
    assignment = load_assignment(Path(FOLDER))
    head = (
        f"CPU time of a submission, one thread: {count} of each kind, all wrong",
        "everything, without the search",
        "grading alone",
        "the search",
        "growth",
    )
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(assignment, truth.compute(assignment, secret(0)), Path(scratch))
        bench.taken([text for _, texts in classes(assignment, 3) for text in texts])
        for kind, texts in classes(assignment, count):
            found = bench.taken(texts)
            searches = evidence.spread([one.searched - one.without for one in found], 2, " ms")
            rows.append(
                (
                    kind,
                    evidence.spread([one.rest + one.without for one in found], 1, " ms"),
                    f"{statistics.median(one.without for one in found):.1f} ms",
                    searches,
                    f"{statistics.fmean(one.growth for one in found):.1f}% (aim {AIM:.0f}%)",
                )
            )
        bench.close()
    print(evidence.table(head, rows), end="")


if __name__ == "__main__":
    main()
