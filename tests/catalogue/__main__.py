"""Print what the catalogue finds: ``python -m tests.catalogue [SECRETS]`` from the repository's root.

First the confusion matrix, then how formulas that nobody listed are named, with the authors' mistakes and without. What
comes of both is written into docs/evidence.md.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from autograder import truth
from autograder.loading import load_assignment
from autograder.words import counted
from tests import evidence
from tests.catalogue import ENTRIES
from tests.catalogue._entries import Entry
from tests.catalogue._found import HEAD, Judge, Naming, table
from tests.catalogue._matrix import counts, judge_all, lines
from tests.catalogue._pipeline import pipelines, secret

HOMEWORKS = ("solutions", "tests/assignments/modules", "tests/small", "tests/assignments/training")
MAKE = "make catalogue"


def listed(secrets: int) -> Counter[str]:
    """Print the confusion matrix. Returns complaints by entry."""
    everything = []
    faults: Counter[str] = Counter()
    complaints: Counter[str] = Counter()
    with pipelines() as make:
        for number in range(secrets):
            found = judge_all(make(number), ENTRIES)
            everything += found
            complaints.update(f"{j.entry.id}: {complaint}" for j in found for complaint in j.complaints)
            faults.update(j.entry.id for j in found if j.complaints)
    for line in lines(counts(everything), f"{len(ENTRIES)} entries under {secrets} secrets"):
        print(line)
    for complaint, times in complaints.items():
        print(f"{times:>3} of {secrets}  {complaint}")
    return faults


def unlisted(secrets: int) -> tuple[Counter[str], int]:
    """Print what formulas that nobody listed are called. Returns faults by entry, and how many must have no name."""
    faults: Counter[str] = Counter()
    rows: dict[tuple[str, str], list[Naming]] = {}
    said: Counter[str] = Counter()
    still: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for folder in HOMEWORKS:
        assignment = load_assignment(Path(folder))
        for number in range(secrets):
            judge = Judge(folder, assignment, truth.compute(assignment, secret(number)))
            for which in ("both", "list", "search"):
                rows.setdefault((folder, which), []).extend(judge.named(which))
            for entry in ENTRIES if folder == HOMEWORKS[0] else ():
                kind = "right" if entry.is_right else "approximate" if entry.half else ""
                said[kind] += bool(kind and judge.found(entry))
                if entry.is_found and (called := judge.called(entry)) != set(entry.misconceptions):
                    left[f"{entry.id}: {', '.join(entry.misconceptions)} due, but called {called or 'nothing'}"] += 1
                    faults[entry.id] += 1
    head, lines = (f"homework, {counted(secrets, 'secret')}", *HEAD), table(rows)
    print(evidence.table(head, lines), end="")
    evidence.write(f"{MAKE}, second half", head, lines)
    print(f"right implementations named by the search: {said['right']}; approximate ones: {said['approximate']}")
    for naming in (one for (_, which), found in rows.items() if which == "search" for one in found):
        if naming.misnamed or not naming.possibly:
            how = f"called {', '.join(sorted(naming.misnamed))}" if naming.misnamed else "not named"
            still[f"{naming.formula.part}: {naming.formula.line}: {how}"] += 1
    for line, times in (left + still).items():
        print(f"{times:>3} of {secrets}  {line}")
    return faults, said["right"] + said["approximate"]


def main() -> int:
    secrets = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    faults = listed(secrets)
    found, named = unlisted(secrets)
    faults += found

    def row(what: str, which: Callable[[Entry], bool], well: str) -> tuple[str, int, str]:
        mine = [entry for entry in ENTRIES if which(entry)]
        bad = sum(entry.id in faults for entry in mine)
        return what, len(mine), f"all {well}" if not bad else f"{bad} fail under some secret; the others {well}"

    evidence.write(
        MAKE,
        (f"evidence, {counted(secrets, 'secret')}", "count", "result"),
        [
            row("right implementations, in diverse styles", lambda one: one.is_right, "keep all points; naive exponentials lose those for stability"),
            row("wrong implementations", lambda one: not one.is_right, "lose points on their own function, and on no other"),
            row(
                "of these, examples of a known misconception",
                lambda one: bool(one.misconceptions) and not one.is_found,
                "get its name, and no other",
            ),
            row("of these, left to the search", lambda one: one.is_found, "get its name, and no other"),
        ],
    )
    return int(bool(faults or named))


if __name__ == "__main__":
    sys.exit(main())
