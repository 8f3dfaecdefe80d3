"""Run every attack twice, as students' submissions are run and without the defences it names, and print the table.

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
from rich.table import Table

from autograder import truth
from autograder.loading import load_assignment
from tests.attacks import SIGNS, Attack, attacks
from tests.attacks._class import grade_class
from tests.attacks._watch import watch
from tests.attacks._without import signs_without


def main() -> int:
    """Print what every attack came to; 1 when one worked, or did not work without its defences."""
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
    table = Table(title=f"{len(code)} submissions, {len(folders)} folders")
    for column in ("defenses in place", *SIGNS, "nothing"):
        table.add_column(column, justify="left" if column == "defenses in place" else "right")
    count = Counter(sign.partition(":")[0] for found in with_all.values() for sign in set(found))
    nothing = sum(not found for found in with_all.values())
    table.add_row("all (submissions)", *(str(count[sign]) for sign in SIGNS), str(nothing))
    for defence in sorted({" + ".join(sorted(attack.without)) for attack in code + folders}):
        group = [attack for attack in code + folders if " + ".join(sorted(attack.without)) == defence]
        seen = Counter(sign for attack in group for sign in {s.partition(":")[0] for s in without[attack.name]})
        row = (str(seen[sign]) for sign in SIGNS)
        table.add_row(f"all but {defence} ({len(group)})", *row, str(sum(not without[a.name] for a in group)))
    Console().print(table)
    silent = [a.name for a in code + folders if not any(s.startswith(a.fires) for s in without[a.name])]
    worked = {name: found for name, found in with_all.items() if found}
    for name, found in worked.items():
        print(f"WORKED: {name}: {', '.join(found)}")
    for name in silent:
        print(f"SILENT without its defences: {name}: {without[name]}")
    return bool(worked or silent)


if __name__ == "__main__":
    sys.exit(main())
