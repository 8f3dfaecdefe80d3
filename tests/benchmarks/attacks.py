"""The portable attacks on other graders and on ours, in one run.

    python -m tests.benchmarks.attacks [--per-kind N]

Portable is what tries its luck on a grader that runs a student's code beside its tests: attacks that need separation
taken away, that aim at the process above, or at the instructor's files. Left out are attacks on the machine (network,
kernel, shared memory: a container's business, not a grader's) and those that look for names of our own. Of each kind
`N` are taken, spread evenly, since a kind of sixteen would otherwise drown the others; all graders get the same ones.
An attack on a results file is told where the grader's lies and what stands in it; a grader without one is spared it.

Each grader has the homework as its users write it: a test for each criterion with our points, numbers from our hidden
cases stored in it, `numpy.testing.assert_allclose`. Before anything counts, the reference must earn 50, the stub 0, and
a submission with one wrong formula something between. Every run has namespaces of its own with limits on memory, files
and the wall clock; our sandbox starts inside them as outside.

What it does not show. nbgrader recommends, and Gradescope and ``otter grade`` always use, a container: we ran none. A
container for each submission keeps it from the next one, so that column does not apply to those two; it also ends what
processes are left, and throws away files written elsewhere (not what is sent). nbgrader grades a class in one run, with
or without a container around it. Attacks were written against a naive grader of ours and are not made to measure for
any of these. nbgrader's limit for a cell is lowered from 30 s to 2; the other two have none, and a run of theirs that
has not ended after 30 and 20 s is taken for endless.

Signs
    points   more points than the same functions earn when they just return 0.0
    reached  a hidden number, or a file of the instructor's, in a file outside or in a text that the student gets, where
             that text does not show it to everybody anyway
    harm     the reference, graded next in the same run, earns less than 50 or has no grade
    left     processes a second after the grader has ended
    aborted  the run does not end in time, or a submission in it has no grade
"""

from __future__ import annotations

import argparse
import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from autograder import truth
from autograder.loading import load_assignment, reference_source, stub_source
from autograder.model import Assignment
from tests import evidence
from tests.attacks import SIGNS, Attack, attacks
from tests.benchmarks.peers.graders import ROOT, Graded, Grader, Gradescope, Nbgrader, Otter, Ours
from tests.benchmarks.peers.homework import known_by, questions

PER_KIND = 3
ROUNDS = 3
CSV = ROOT / "build" / "peers" / "attacks.csv"
WRONG = ROOT / "tests" / "submissions" / "class" / "student-05.py"
_MACHINE = ("right", "ipc", "net")
_ABOVE = ("kill", "stop")
_OURS = re.compile(r"\b(case|truths|TRUTHS|autograder|solutions|torch|AUTOGRADER_SECRET)\b|^# file: ", re.MULTILINE)
_FORGES = re.compile(r'results\.json|"students"')


def portable(every: Iterable[Attack], per_kind: int = PER_KIND) -> tuple[Attack, ...]:
    """Choose by what the attacks say of themselves, then of each kind so many, evenly."""
    chosen = []
    for attack in every:
        _, _, code = attack.path.read_text(encoding="utf-8").split('"""', 2)
        fits = "separation" in attack.without or attack.kind in _ABOVE or "@COURSE@" in code
        if fits and attack.kind not in _MACHINE and not _OURS.search(code):
            chosen.append(attack)
    found: list[Attack] = []
    for _, group in groupby(chosen, lambda attack: attack.kind):
        kind = list(group)
        count = min(per_kind, len(kind))
        found += [kind[number * len(kind) // count] for number in range(count)]
    return tuple(found)


def placed(source: str, grader: Grader | type[Grader]) -> str | None:
    """Tell an attack where things lie in this grader; None when there is nothing for it to forge."""
    if _FORGES.search(source) and not grader.results:
        return None
    for name, place in {
        "@LOOT@": "/loot",
        "@TOKEN@": "loot",
        "@COURSE@": grader.course,
        '"results.json"': repr(grader.results),
        '{"students": {"attack": 50.0, "honest": 50.0}}': '{"score": 50.0, "earned": 50.0, "tests": []}',
        '["students"]["attack"]': '["score"]',
        '"students" in': '"tests" in',
    }.items():
        source = source.replace(name, place)
    return source


@dataclass(kw_only=True)
class Entry:
    """One grader in the race."""

    grader: Grader
    folder: Path
    canary: str
    runs: list[float] = field(default_factory=list)
    nothing: float = 0.0
    told: frozenset[str] = frozenset()
    """What its feedback tells everybody."""
    found: dict[str, dict[str, str]] = field(default_factory=dict)
    """Signs by attack."""

    def run(self, name: str, submissions: Mapping[str, str]) -> tuple[Graded, Path]:
        """Grade in a folder of its own."""
        return self.grader.grade_in(self.folder / name, submissions)


def signs(graded: Graded, loot: Path, entry: Entry, known: frozenset[str], possible: float) -> dict[str, str]:
    """Say what shows that an attack worked."""
    found = {}
    earned = graded.scores.get("attack", 0.0)
    if earned > entry.nothing:
        found["points"] = f"{earned:g}"
    kept = b"\n".join(path.read_bytes() for path in sorted(loot.rglob("*")) if path.is_file() and not path.is_symlink())
    text = kept.decode(errors="replace")
    where = ["a file"] if entry.canary in text or any(number in text for number in known) else []
    where += ["a text"] if any(number in graded.shown for number in known - entry.told) else []
    if where:
        found["reached"] = " and ".join(where)
    if entry.grader.shared and graded.scores.get("next") != possible:
        found["harm"] = f"{graded.scores['next']:g}" if "next" in graded.scores else "no grade"
    if left := sum(ran.left for ran in graded.ran):
        found["left"] = str(left)
    students = ("attack", "next") if entry.grader.shared else ("attack",)
    if any(ran.code is None for ran in graded.ran):
        found["aborted"] = f"not ended after {max(ran.seconds for ran in graded.ran):.0f} s"
    elif missing := [student for student in students if student not in graded.scores]:
        found["aborted"] = f"no grade: {' and '.join(missing)}"
    return found


def attempt(attack: Attack, entry: Entry, known: frozenset[str], honest: str, possible: float) -> None:
    """Let one attack try its luck on one grader, with an honest submission after it where that is done."""
    source = placed(attack.path.read_text(encoding="utf-8"), entry.grader)
    if source is None:
        return
    graded, loot = entry.run(attack.name, {"attack": source} | ({"next": honest} if entry.grader.shared else {}))
    entry.found[attack.name] = signs(graded, loot, entry, known, possible)
    shutil.rmtree(loot.with_name(attack.name), ignore_errors=True)
    shutil.rmtree(loot, ignore_errors=True)


def be_fair(entry: Entry, assignment: Assignment, number: int) -> None:
    """Grade three submissions whose points are known, and take the time."""
    honest = {
        "reference": reference_source(assignment),
        "wrong": WRONG.read_text(encoding="utf-8"),
        "stub": stub_source(assignment),
    }
    graded, _ = entry.run(f"honest-{number}", honest)
    scores = [graded.scores.get(student, -1.0) for student in honest]
    if not (scores[0] == assignment.possible > scores[1] > scores[2] == 0):
        said = graded.ran[0].said.decode(errors="replace")[-2000:]
        raise SystemExit(f"{entry.grader.name}: reference, wrong and stub earned {scores}; this is not fair\n{said}")
    entry.runs.append(graded.seconds / len(honest))


def zero(entry: Entry, assignment: Assignment, known: frozenset[str]) -> None:
    """See what functions earn that return 0.0, as most attacks' do, and what everybody is told."""
    source = "".join(f"def {part.name}(*inputs):\n    return 0.0\n\n\n" for part in assignment.parts)
    graded, loot = entry.run("nothing", {"attack": source, "next": reference_source(assignment)})
    entry.nothing = graded.scores["attack"]
    entry.told = frozenset(number for number in known if number in graded.shown)
    assert not signs(graded, loot, entry, known, assignment.possible), f"{entry.grader.name}: a sign without an attack"


HEAD = (
    "grader, with the same points and cases",
    "attacks",
    "gained points",
    "reached hidden data",
    "harmed the next",
    "left a process",
    "a run without a grade",
    "seconds for one",
)


def worked(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """Count; graders that give each submission a container have no next one to harm."""
    found: list[tuple[object, ...]] = []
    for entry in entries:
        times = {sign: sum(sign in seen for seen in entry.found.values()) for sign in SIGNS}
        cells = ["-" if sign == "harm" and not entry.grader.shared else number for sign, number in times.items()]
        found.append((entry.grader.name, len(entry.found), *cells, evidence.spread(entry.runs, 2)))
    return found


def write_csv(path: Path, chosen: Sequence[Attack], entries: Sequence[Entry]) -> None:
    """Write a row for each attack and grader."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["attack", "goal", "grader", "tried", *SIGNS])
        for attack in chosen:
            for entry in entries:
                found = entry.found.get(attack.name)
                cells = [(found or {}).get(sign, "") for sign in SIGNS]
                rows.writerow([attack.name, attack.goal, entry.grader.name, "no" if found is None else "yes", *cells])


def main() -> int:
    """Run everything; 1 when an attack worked on ours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--per-kind", type=int, default=PER_KIND, help="attacks of each kind (default: %(default)s)")
    options = parser.parse_args()
    chosen = portable(attacks("code"), options.per_kind)
    assignment = load_assignment(ROOT / "solutions")
    console = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="hw1-", ignore_cleanup_errors=True) as scratch,
        Progress(console=console) as progress,
    ):
        course = Path(scratch, "course")
        course.mkdir()
        cases = truth.load(assignment, course, truth.read_secret(course, create=True), lambda _: None)
        asked, known = questions(assignment, cases), known_by(cases)
        bar = progress.add_task("honest submissions", total=4 * (ROUNDS + 1))
        entries = []
        for kind in (Nbgrader, Otter, Gradescope, Ours):
            folder = Path(scratch, kind.__name__)
            grader = kind(folder / "template", asked, course)
            entries.append(Entry(grader=grader, folder=folder, canary=grader.canary))
        for number in range(ROUNDS):  # in turn, so that the machine's noise meets all
            for entry in entries:
                be_fair(entry, assignment, number)
                progress.advance(bar)
        for entry in entries:
            zero(entry, assignment, known)
            progress.advance(bar)
        bar = progress.add_task("attacks", total=len(chosen) * len(entries))
        honest = reference_source(assignment)

        def one(pair: tuple[Attack, Entry]) -> None:
            attempt(*pair, known, honest, assignment.possible)
            progress.advance(bar)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, [(attack, entry) for attack in chosen for entry in entries]))
    write_csv(CSV, chosen, entries)
    print(evidence.table(HEAD, worked(entries)), end="")
    evidence.write("make bench-attacks", HEAD, worked(entries))
    for entry in entries:
        if entry.told:
            print(f"{entry.grader.name}: its feedback shows hidden numbers to everybody, attack or not")
        for sign in SIGNS:
            names = [name for name, found in sorted(entry.found.items()) if sign in found]
            if names:
                print(f"{entry.grader.name}, {sign}: {', '.join(names)}")
    print(f"a row for each attack and grader: {CSV.relative_to(ROOT)}")
    return int(any(found for found in entries[-1].found.values()))


if __name__ == "__main__":
    sys.exit(main())
