"""What one more submission costs each grader: wall and CPU seconds, in one run.

    python -m tests.benchmarks.peers

The catalogue's right and wrong functions in random combinations, the same for all, in the namespaces of
`tests.benchmarks.attacks`, with the same points and the same numbers. A submission's cost is the difference between a
batch of many and a batch of two, divided by how many more there are: what a grader spends on its start is left out. Two
workers grade for ours, one for the others; ours makes 178 calls and names mistakes, theirs make 104 on 73 cases.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from autograder import truth
from autograder.loading import load_assignment
from tests import evidence
from tests.benchmarks.__main__ import sources
from tests.benchmarks.peers.graders import ROOT, Grader, Gradescope, Nbgrader, Otter, Ours
from tests.benchmarks.peers.homework import questions
from tests.benchmarks.spent import Spent

ROUNDS = 3
FEW = 2
MANY: dict[type[Grader], int] = {Nbgrader: 12, Otter: 12, Gradescope: 32, Ours: 202}
"""As many as it takes for what is measured to be seconds."""


@dataclass(kw_only=True)
class _Peer:
    grader: Grader
    folder: Path
    many: int
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def measure(self, number: int) -> None:
        """Grade few and many; note what one more costs."""
        less, more = (self._grade(f"{number}-{count}", count) for count in (FEW, self.many))
        self.wall.append((more[0] - less[0]) / (self.many - FEW))
        self.cpu.append((more[1] - less[1]) / (self.many - FEW))

    def _grade(self, name: str, count: int) -> tuple[float, float]:
        students = {f"s{place:03}": text for place, text in enumerate(islice(sources(count, hostile=False), count))}
        with Spent() as spent:
            graded, _ = self.grader.grade_in(self.folder / name, students)
        if set(graded.scores) != set(students):
            raise SystemExit(f"{self.grader.name}: {len(graded.scores)} of {count} have a grade")
        return spent.wall, spent.cpu


def _row(peer: _Peer, ours: _Peer) -> tuple[str, ...]:
    times = [
        f"{statistics.median(theirs) / statistics.median(mine):.0f}×"
        for theirs, mine in ((peer.wall, ours.wall), (peer.cpu, ours.cpu))
    ]
    return peer.grader.name, evidence.spread(peer.wall, 3), times[0], evidence.spread(peer.cpu, 3), times[1]


def main() -> None:
    """Measure in turn, so that the machine's noise meets all; print, and write it down."""
    assignment = load_assignment(ROOT / "solutions")
    with (
        tempfile.TemporaryDirectory(prefix="hw1-", ignore_cleanup_errors=True) as scratch,
        Progress(console=Console(stderr=True)) as progress,
    ):
        course = Path(scratch, "course")
        course.mkdir()
        cases = truth.load(assignment, course, truth.read_secret(course, create=True), lambda _: None)
        peers = []
        for kind, many in MANY.items():
            folder = Path(scratch, kind.__name__)
            grader = kind(folder / "template", questions(assignment, cases), course)
            peers.append(_Peer(grader=grader, folder=folder, many=many))
        bar = progress.add_task("one more submission", total=ROUNDS * len(peers))
        for number in range(ROUNDS):
            for peer in peers:
                peer.measure(number)
                progress.advance(bar)
    head = ("one more submission", "seconds", "beside ours", "CPU seconds", "beside ours")
    rows = [_row(peer, peers[-1]) for peer in peers]
    print(evidence.table(head, rows), end="")
    evidence.write("make bench-peers", head, rows)


if __name__ == "__main__":
    sys.exit(main())
