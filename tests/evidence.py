"""Tables of docs/evidence.md: each is written by the program that measures it, which a comment above it names."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "evidence.md"


def named(command: str) -> str:
    """What stands above a table in the page, unseen by its readers."""
    return f"<!-- written by {command} -->\n\n"


def spread(values: Sequence[float], digits: int, unit: str = "") -> str:
    """Write a median and the range around it."""
    middle, least, most = (f"{one:.{digits}f}" for one in (statistics.median(values), min(values), max(values)))
    return f"{middle}{unit} ({least} to {most})"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def replaced(text: str, command: str, new: str) -> str:
    """Put a new table in the place of the one that a command wrote before."""
    found, count = re.subn(f"(?<={re.escape(named(command))})(?:\\|.*\n)+", lambda _: new, text)
    if count != 1:
        raise LookupError(f"{PAGE.name} has {count} tables below {named(command).strip()}: one is needed")
    return found


def write(command: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write what a command measured into the page."""
    text = replaced(PAGE.read_text(encoding="utf-8"), command, table(head, rows))
    PAGE.write_text(text, encoding="utf-8")
