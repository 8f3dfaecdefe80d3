"""What ``hw1 grade`` shows on a terminal: a bar while it runs, a table of the class, a table of what changed."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from autograder.cli.common import console, notify
from autograder.shown import visible
from autograder.words import counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from autograder.cli.layout import Row
    from autograder.gradebook.adjustments import Adjustments
    from autograder.gradebook.attendance import Class
    from autograder.gradebook.regrade import Change
    from autograder.grading import Summary
    from autograder.model import Assignment

_SHOWN_CRITERIA = 6
_LAST = 24
_EVERY = 30  #: Seconds from one line about progress to the next, where there is no terminal.


class Advance(Protocol):
    """Tells that one more is done."""

    def __call__(self, last: str, *, fault: bool = False) -> None:
        """Take the name of the student, and whether we failed on it."""


@contextmanager
def progress_bar(total: int, verb: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Advance]:
    """Show what is done, how fast, what is left and our faults: a bar on a terminal, elsewhere a line every 30 s."""
    terminal = console(stderr=True)
    with _bar(total, verb, terminal) if terminal.is_terminal else _lines(total, verb, clock) as advance:
        yield advance


@contextmanager
def _bar(total: int, verb: str, terminal: Console) -> Iterator[Advance]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from autograder.cli.names import shown_names

    columns = (
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[faults]}", style="red"),
        TextColumn("{task.fields[last]}", style="dim", markup=False),
    )
    faults = 0
    with Progress(*columns, console=terminal, transient=True) as progress:
        task = progress.add_task(verb, total=total, last="", rate="", faults="")

        def advance(last: str, *, fault: bool = False) -> None:
            nonlocal faults
            faults += fault
            speed = progress.tasks[0].speed
            progress.update(
                task,
                advance=1,
                last=shown_names([last], _LAST)[last],
                rate=f"{speed:.1f}/s" if speed else "",
                faults=_faults(faults) if faults else "",
            )

        yield advance


@contextmanager
def _lines(total: int, verb: str, clock: Callable[[], float]) -> Iterator[Advance]:
    begun = told = clock()
    done = faults = 0

    def advance(last: str, *, fault: bool = False) -> None:  # noqa: ARG001 - a line has no room for a name
        nonlocal done, faults, told
        done += 1
        faults += fault
        now = clock()
        if now - told >= _EVERY and done < total:
            told = now
            rate = done / (now - begun)
            left = timedelta(seconds=round((total - done) / rate))
            notify(f"{verb}: {done} of {total} done, {rate:.1f} a second, {left} left, {_faults(faults)}")

    yield advance


def _faults(number: int) -> str:
    return f"{number or 'no'} grader fault{'' if number == 1 else 's'}"


def isolation_line(evidence: Mapping[str, str]) -> str:
    """Say what kept submissions apart, as the sandbox proved it."""
    told = {"bubblewrap": "{}", "landlock": "Landlock {}", "filter_sha256": "seccomp filter {:.12}", "user": "user {}"}
    parts = [form.format(evidence[name]) for name, form in told.items() if name in evidence]
    level = evidence["isolation"]
    if level == "none":
        return "isolation none"
    return f"isolation {level}{' ' if level == 'bubblewrap' else ': '}{', '.join(parts)}"


def print_lines(terminal: Console, lines: Iterable[Text]) -> None:
    """Print a table one line at a time: a class of thousands is never rendered as a whole."""
    for line in lines:
        terminal.print(line)


def summary_table(
    assignment: Assignment, summaries: Sequence[Summary], width: int, enrolled: Class | None = None
) -> Iterator[Text]:
    """Lay out the class for a terminal `width` cells wide: a line for each student, and the mean.

    Whoever is enrolled and handed in nothing has a line, and no part in the mean.
    """
    from rich.text import Text

    from autograder.cli.layout import Heading, Row, lay_out

    heading = Heading(
        name="student",
        numbers=(*(question.id for question in assignment.questions), "points", "of"),
        findings="what was found",
    )
    everybody = enrolled or {}
    rows = [
        _summary_row(assignment, summary, everybody[summary.student].told if summary.student in everybody else ())
        for summary in summaries
    ]
    absent = sorted(everybody.keys() - {summary.student for summary in summaries})
    blank = (Text(""),) * len(heading.numbers)
    rows += [
        Row(student=student, numbers=blank, findings=("handed in nothing", *everybody[student].told))
        for student in absent
    ]
    graded = [s for s in summaries if s.status != "grader_fault"]
    foot = None
    if graded:
        columns = zip(*(_by_question(assignment, s) for s in graded), strict=True)
        means = [f"{sum(column) / len(graded):.1f}" for column in columns]
        mean = f"{sum(s.earned for s in graded) / len(graded):.1f}"
        of = Text(f"{assignment.possible:g}")
        foot = Row(student="mean", numbers=(*map(Text, means), Text(mean, style="bold"), of))
    return lay_out(heading, rows, width, foot=foot)


def _by_question(assignment: Assignment, summary: Summary) -> list[float]:
    """Points in the assignment's order: a grade has those of derivations after those of code."""
    earned = {id_: points for id_, points, _ in summary.questions}
    return [earned.get(question.id, 0.0) for question in assignment.questions]


@functools.cache
def _shared(number: str, style: str = "") -> Text:
    """Make a cell once for all students who have it: a class has few numbers."""
    from rich.text import Text

    return Text(number, style=style)


def _summary_row(assignment: Assignment, summary: Summary, told: tuple[str, ...]) -> Row:
    from autograder.cli.layout import Row
    from reports.feedback.words import WORDS

    share = summary.earned / summary.possible
    color = "green" if share == 1 else "yellow" if share >= 0.5 else "red"
    earned = _by_question(assignment, summary)
    cells = [f"{points:g}" for points in earned] if summary.questions else [""] * len(earned)
    fault = summary.status == "grader_fault"
    # What a derivation lost, or a late day or an adjustment took, is no finding.
    right = "all right" if share >= 1 else "code all right"
    return Row(
        student=summary.student,
        numbers=(
            *map(_shared, cells),
            _shared("?" if fault else f"{summary.earned:g}", f"bold {color}"),
            _shared(f"{summary.possible:g}"),
        ),
        findings=(summary.fault,)
        if fault
        else (*(tuple(WORDS.get(one, one) for one in summary.findings) or (right,)), *told),
    )


def print_changes(
    terminal: Console, changes: Sequence[Change], *, graded: Collection[str], before: Collection[str], written: bool
) -> None:
    """List whose points differ from the grade that stood: drops first, in words as well as in color.

    Names are those that a table of all who were `graded` has.
    """
    from rich.text import Text

    from autograder.cli.layout import Heading, Row, lay_out

    drops = sum(change.drops for change in changes)
    rises = sum(change.after[0] > change.before[0] for change in changes)
    verb = "changed" if written else "would change"
    if not changes:
        terminal.print(f"no grade {verb}: {len(before)} stood before")
        return
    rows = []
    for change in sorted(changes, key=lambda one: (not one.drops, one.student)):
        word, color = ("drops", "bold red") if change.drops else ("rises", "green")
        step = change.after[0] - change.before[0]
        told = Text(f"{step:+g} {word}", style=color) if step else Text("same points")
        was, now = Text(_points(change.before)), Text(_points(change.after))
        rows.append(Row(student=change.student, numbers=(was, now, told), findings=_criteria(change)))
    heading = Heading(name="student", numbers=("was", "now", "change"), findings=f"what {verb}")
    print_lines(terminal, lay_out(heading, rows, terminal.width, separator=";", others=graded))
    terminal.print(f"{len(changes)} of {counted(len(before), 'grade')} {verb}: {drops} lower, {rises} higher")


def print_open(terminal: Console, summaries: Sequence[Summary], adjustments: Adjustments) -> None:
    """List whose written answers a person has to read, but for those whose points were adjusted since."""
    from autograder.gradebook.table import written_column

    rows = []
    for one in summaries:
        done = {adjustment.criterion for adjustment in adjustments.get(one.student, ())}
        left = [(written_column(id_), points) for id_, points in one.open if written_column(id_) not in done]
        if left:
            rows.append(f"  {visible(one.student)}: {', '.join(f'{name} {points:g}' for name, points in left)}")
    if not rows:
        return
    who = counted(len(rows), "student")
    terminal.print(f"a person has to read the written answers of {who}; give the open points with --adjustments:")
    for row in rows:
        terminal.print(row)


def print_adjustments(terminal: Console, adjustments: Adjustments, *, listed: bool) -> None:
    """Say that points are adjusted beside what the table shows, and list each where asked."""
    rows = [one for student in sorted(adjustments) for one in adjustments[student]]
    if not rows:
        return
    what = f"{counted(len(rows), 'adjustment')} for {len(adjustments)} of the students"
    where = "" if listed else ", in grades.csv and feedback; the table above is as graded"
    terminal.print(f"{what}{where}")
    for one in rows if listed else ():
        terminal.print(f"  {one.student}: {one.criterion} {one.points:+g} ({visible(one.reason)})")


def _points(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g} of {pair[1]:g}"


def _criteria(change: Change) -> tuple[str, ...]:
    told = [
        f"{name} {'new' if old is None else f'{old:g}'} -> {'gone' if new is None else f'{new:g}'}"
        for name, old, new in change.criteria[:_SHOWN_CRITERIA]
    ]
    more = len(change.criteria) - len(told)
    if more:
        told.append(f"and {more} more")
    if change.resubmitted:
        told.insert(0, "handed in again")
    return tuple(told)
