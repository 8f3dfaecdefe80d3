"""Run every attack twice, as students' submissions are run and without the defences it names, and write the table.

python -m tests.attacks
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from autograder import truth
from autograder.loading import load_assignment
from tests import evidence
from tests.attacks import Attack, attacks
from tests.attacks._class import grade_class
from tests.attacks._watch import watch
from tests.attacks._without import signs_without

SAID = {
    "points": "gained points",
    "reached": "reached the outside",
    "harm": "harmed the next",
    "left": "left a process",
    "aborted": "ended the run",
}
"""Signs, as a reader of the table knows them."""
GONE = {
    "separation": "a process of its own, with comparison outside it",
    "isolation": "namespaces, Landlock, seccomp",
    "limits": "the limits on a process",
    "reading": "our reading of folders and files",
}


def main() -> int:
    """Say what every attack came to; 1 when one worked, or did not work without its defenses."""
    code, folders = attacks("code"), attacks("folders")
    assignment = load_assignment(Path("solutions"))
    with (
        tempfile.TemporaryDirectory() as name,
        ExitStack() as doors,
        Progress(console=Console(stderr=True)) as progress,
    ):
        course = Path(name, "course")
        course.mkdir()
        cases = truth.load(assignment, course, truth.read_secret(course, create=True), lambda _: None)
        bar = progress.add_task("attacks", total=1 + len(code) + len(folders))
        watched = [(attack, doors.enter_context(watch())) for attack in code]
        (Path(name) / "class").mkdir()
        with_all = grade_class(watched, assignment, cases, course, Path(name) / "class")
        progress.advance(bar)

        def one(attack: Attack) -> list[str]:
            found = signs_without(attack, course)
            progress.advance(bar)
            return found

        with ThreadPoolExecutor(2) as pool:
            without = dict(zip((attack.name for attack in code + folders), pool.map(one, code + folders), strict=True))
    head = ("defenses in place", "attacks", *SAID.values())
    count = Counter(sign.partition(":")[0] for found in with_all.values() for sign in set(found))
    rows = [("all", len(code), *(count[sign] for sign in SAID))]
    for defences in sorted({attack.without for attack in code + folders}, key=sorted):
        group = [attack for attack in code + folders if attack.without == defences]
        seen = Counter(sign for attack in group for sign in {s.partition(":")[0] for s in without[attack.name]})
        gone = " and ".join(GONE[one] for one in sorted(defences))
        rows.append((f"all but {gone}", len(group), *(seen[sign] for sign in SAID)))
    print(evidence.table(head, rows), end="")
    evidence.write("make attacks", head, rows)
    silent = [a.name for a in code + folders if not any(s.startswith(a.fires) for s in without[a.name])]
    worked = {name: found for name, found in with_all.items() if found}
    for name, found in worked.items():
        print(f"WORKED: {name}: {', '.join(found)}")
    for name in silent:
        print(f"SILENT without its defences: {name}: {without[name]}")
    return bool(worked or silent)


if __name__ == "__main__":
    sys.exit(main())
