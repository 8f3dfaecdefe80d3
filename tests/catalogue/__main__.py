"""Print what the catalogue finds: ``python -m tests.catalogue [SECRETS]`` from the repository's root.

First the confusion matrix, then how formulas that nobody listed are named, with the authors' mistakes and without: that is also
written into docs/evidence.md.
"""

import sys
from collections import Counter
from pathlib import Path

from autograder import truth
from autograder.loading import load_assignment
from tests.catalogue import ENTRIES
from tests.catalogue._found import Judge, Naming, table, with_table
from tests.catalogue._matrix import counts, judge_all, lines
from tests.catalogue._pipeline import pipelines, secret

HOMEWORKS = ("solutions", "tests/assignments/modules", "tests/small")


PAGE = Path("docs/evidence.md")


def listed(secrets: int) -> int:
    everything = []
    complaints: Counter[str] = Counter()
    with pipelines() as make:
        for number in range(secrets):
            found = judge_all(make(number), ENTRIES)
            everything += found
            complaints.update(f"{j.entry.id}: {complaint}" for j in found for complaint in j.complaints)
    for line in lines(counts(everything), f"{len(ENTRIES)} entries under {secrets} secrets"):
        print(line)
    for complaint, times in complaints.items():
        print(f"{times:>3} of {secrets}  {complaint}")
    return 1 if complaints else 0


def unlisted(secrets: int) -> int:
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
    lines = table(rows, secrets)
    for line in lines:
        print(line)
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), lines), encoding="utf-8")
    print(f"right implementations named by the search: {said['right']}; approximate ones: {said['approximate']}")
    for naming in (one for (_, which), found in rows.items() if which == "search" for one in found):
        if naming.misnamed or not naming.possibly:
            how = f"called {', '.join(sorted(naming.misnamed))}" if naming.misnamed else "not named"
            still[f"{naming.formula.part}: {naming.formula.line}: {how}"] += 1
    for line, times in (left + still).items():
        print(f"{times:>3} of {secrets}  {line}")
    return 1 if said["right"] or said["approximate"] or left else 0


def main() -> int:
    secrets = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    return listed(secrets) | unlisted(secrets)


if __name__ == "__main__":
    sys.exit(main())
