"""What ``hw1 grade`` shows on a terminal: a bar while it runs, a table of the class, a table of what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder.cli._common import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from autograder.batch import Summary
    from autograder.model import Assignment
    from autograder.regrade import Change

_SHOWN_CRITERIA = 6


@contextmanager
def progress_bar(total: int, verb: str = "grading") -> Iterator[Callable[[str], None]]:
    """Show a bar with an ETA on a terminal, nothing elsewhere; what it gives takes the name of the last student."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(verb),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[last]}"),
    )
    terminal = console(stderr=True)
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal, transient=True) as progress:
        task = progress.add_task(verb, total=total, last="")
        yield lambda last: progress.update(task, advance=1, last=last)


def isolation_line(evidence: Mapping[str, str]) -> str:
    """Say what kept submissions apart, as the sandbox proved it."""
    told = {
        "bubblewrap": "{}",
        "landlock": "Landlock {}",
        "filter_sha256": "seccomp filter {:.12}",
        "user": "user {}",
    }
    parts = [form.format(evidence[name]) for name, form in told.items() if name in evidence]
    level = evidence["isolation"]
    if level == "none":
        return "isolation none"
    return f"isolation {level}{' ' if level == 'bubblewrap' else ': '}{', '.join(parts)}"


def summary_table(assignment: Assignment, summaries: Sequence[Summary]) -> Table:
    """Lay out the class: a line for each student, and the mean."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("student", no_wrap=True)
    for question in assignment.questions:
        table.add_column(question.id, justify="right")
    table.add_column("points", justify="right", style="bold")
    table.add_column("of", justify="right")
    table.add_column("what was found", overflow="fold")
    for summary in summaries:
        share = summary.earned / summary.possible
        colour = "green" if share == 1 else "yellow" if share >= 0.5 else "red"
        cells = [f"{earned:g}" for _, earned, _ in summary.questions] or [""] * len(assignment.questions)
        found = summary.fault if summary.status == "grader_fault" else ", ".join(summary.mistakes) or "all right"
        earned = "?" if summary.status == "grader_fault" else f"{summary.earned:g}"
        table.add_row(summary.student, *cells, Text(earned, style=colour), f"{summary.possible:g}", Text(found))
    graded = [s for s in summaries if s.status != "grader_fault"]
    if graded:
        columns = zip(*([earned for _, earned, _ in s.questions] for s in graded), strict=True)
        means = [f"{sum(column) / len(graded):.1f}" for column in columns]
        table.add_section()
        table.add_row(
            "mean", *means, f"{sum(s.earned for s in graded) / len(graded):.1f}", f"{assignment.possible:g}", ""
        )
    return table


def print_changes(terminal: Console, changes: Sequence[Change], *, graded_before: int, written: bool) -> None:
    """List whose points differ from the grade that stood: drops first, in words as well as in colour."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drops = sum(change.drops for change in changes)
    rises = sum(change.after[0] > change.before[0] for change in changes)
    verb = "changed" if written else "would change"
    if not changes:
        terminal.print(f"no grade {verb}: {graded_before} stood before", soft_wrap=True)
        return
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("student", no_wrap=True)
    for heading in ("was", "now", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(f"what {verb}", overflow="fold")
    for change in sorted(changes, key=lambda one: (not one.drops, one.student)):
        word, colour = ("drops", "bold red") if change.drops else ("rises", "green")
        step = change.after[0] - change.before[0]
        told = Text(f"{step:+g} {word}", style=colour) if step else Text("same points")
        table.add_row(change.student, _points(change.before), _points(change.after), told, Text(_criteria(change)))
    terminal.print(table)
    terminal.print(f"{len(changes)} of {graded_before} grades {verb}: {drops} drop, {rises} rise", soft_wrap=True)


def _points(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g} of {pair[1]:g}"


def _criteria(change: Change) -> str:
    told = [
        f"{name} {'new' if old is None else f'{old:g}'} -> {'gone' if new is None else f'{new:g}'}"
        for name, old, new in change.criteria[:_SHOWN_CRITERIA]
    ]
    more = len(change.criteria) - len(told)
    if more:
        told.append(f"and {more} more")
    if change.resubmitted:
        told.insert(0, "handed in again")
    return "; ".join(told)
