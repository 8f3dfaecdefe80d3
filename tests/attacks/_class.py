"""Grade a class of attacks, an honest submission after each, and see what each attack came to."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from autograder.batch import Batch
from autograder.errors import AutograderError
from autograder.gradebook import Gradebook
from autograder.loading import find_submissions, reference_source
from autograder.model import Assignment, Limits
from autograder.results import Cases, Durations, Grade
from autograder.words import Isolation
from reports.feedback.markdown import feedback
from tests.attacks import Attack, files_of
from tests.attacks._watch import Watch

LIMITS = Limits(
    cpu_seconds_per_call=0.5,
    cpu_seconds_per_function=2,
    cpu_seconds_per_statement=0.5,
    cpu_seconds_to_load=2,
    idle_seconds=1,
    wall_seconds=30,
    reforks=0,
    returned_bytes=8 << 20,
)
"""Shorter than a real run's: an attack that hangs shall not keep everybody waiting."""


def grade_class(
    attacks: Sequence[tuple[Attack, Watch]],
    assignment: Assignment,
    cases: Cases,
    course: Path,
    folder: Path,
    *,
    isolation: Isolation = "bubblewrap",
    printed: Callable[[], str] = str,
) -> dict[str, list[str]]:
    """Say for each attack what shows that it worked; nothing does for one that failed."""
    students: list[tuple[str, str]] = []
    for number, (attack, watch) in enumerate(attacks):
        source = watch.place(attack.path.read_text(encoding="utf-8"), course)
        students += [(f"{number:03}-attack", source), (f"{number:03}-honest", reference_source(assignment))]
    submissions = folder / "submissions"
    submissions.mkdir()
    for student, source in students:
        code, *modules = files_of(source).items()
        home = submissions / student if modules else submissions
        for name, text in ((f"{'hw1' if modules else student}.py", code[1]), *modules):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
    book = Gradebook(folder / "grades", assignment)
    earned: dict[str, float] = {}

    def write(grade: Grade, durations: Durations) -> None:
        earned[grade.student] = grade.earned
        book.write(grade, feedback(assignment, grade), durations)

    faults: dict[str, str] = {}
    started: list[int] = []
    others = set(descendants())
    try:
        with Batch(assignment, cases, isolation=isolation, workers=1, limits=LIMITS) as batch:
            for summary in batch.run(find_submissions(submissions), lambda _: write):
                if summary.status == "grader_fault":
                    faults[summary.student] = summary.fault
            for process in descendants():
                # One that has ended by now is not left.
                with suppress(ProcessLookupError):
                    started += [os.pidfd_open(process)] if process not in others else []
        left = sum(not _ends(process) for process in started)
    except AutograderError as error:
        faults[""] = str(error)
        left = 0
    finally:
        for process in started:
            os.close(process)
    said = printed()
    signs = {}
    for number, (attack, watch) in enumerate(attacks):
        mine, next_one = f"{number:03}-attack", f"{number:03}-honest"
        texts = [path.read_text(encoding="utf-8") for path in (folder / "grades").glob(f"{mine}/*")]
        found = [f"points: {earned[mine]:g}"] if earned.get(mine) else []
        found += [f"reached: {what}" for what in watch.arrived(said, *texts)]
        if earned.get(next_one, assignment.possible) != assignment.possible:
            found.append(f"harm: the next one earned {earned[next_one]:g}")
        found += [f"left: {left} processes"] if left else []
        found += [f"aborted: {who} {why}" for who, why in faults.items() if who in ("", mine, next_one)]
        signs[attack.name] = found
    return signs


def descendants(of: int | None = None) -> list[int]:
    """List the processes that come from one, by default from this."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The name may hold anything; the parent is the second field after its last parenthesis.
            parent = int((entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    unseen = [of or os.getpid()]
    while unseen:
        children = parents.get(unseen.pop(), [])
        found += children
        unseen += children
    return found


def _ends(process: int) -> bool:
    """Whether a process ends in good time."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(5000))
