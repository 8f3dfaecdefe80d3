"""Rows of a table of students on a terminal of any width: numbers and verdicts stay whole, names give way.

As wide as there is room: all in one line; the findings below it; the name, the numbers and the findings each below the
other.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.text import Text

from autograder.cli.names import shown_names
from autograder.shown import visible

LEAST_WIDTH = 40  #: Cells of the narrowest terminal that a table is laid out for.

_LEAST_NAME = 12
_LEAST_FINDINGS = 24
_MOST_FINDINGS = 40
_INDENT = "  "


@dataclass(frozen=True, kw_only=True)
class Row:
    """One student's line."""

    student: str
    numbers: tuple[Text, ...]  #: One for each column of numbers; never cut.
    findings: tuple[str, ...] = ()  #: Each stays in one line where it fits one at all.


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands above the columns."""

    name: str
    numbers: tuple[str, ...]
    findings: str


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Where things go beside each other, in cells."""

    width: int  #: of the terminal
    name: int
    numbers: tuple[int, ...]
    findings: int | None  #: None: below the numbers
    gap: int
    indent: int


def lay_out(
    heading: Heading,
    rows: Sequence[Row],
    width: int,
    *,
    foot: Row | None = None,
    separator: str = ",",
    others: Collection[str] = (),
) -> Iterator[Text]:
    """Lay out a table, one line after the other: those of a class of thousands are never there at once.

    Lines take at most `width` cells (40 at least) and are printed without any wrapping. `foot` is a last line,
    whose `student` is a word of ours; `separator` stands behind every finding but a row's last; `others` are ids of
    students without a row, whose names are not taken for one that has.
    """
    width = max(width, LEAST_WIDTH)
    ids = {row.student for row in rows}
    everybody = ids.union(others)
    whole = shown_names(everybody, 10 * width)
    longest = max(map(cell_len, (heading.name, foot.student if foot else "", *(whole[one] for one in ids))))
    plan = _plan(heading, rows, width, longest=longest, numbers=_widths(heading, (*rows, foot) if foot else rows))
    told = shown_names(everybody, plan.name if plan else width)
    named = [(row, told[row.student]) for row in rows]
    last = (foot, foot.student) if foot else None
    yield Text()
    yield from (
        _beside(plan, heading, named, last, separator) if plan else _below(heading, named, last, width, separator)
    )
    yield Text()


def _widths(heading: Heading, rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(
        max((cell_len(title), *(row.numbers[column].cell_len for row in rows)))
        for column, title in enumerate(heading.numbers)
    )


def _below(
    heading: Heading, named: Sequence[tuple[Row, str]], last: tuple[Row, str] | None, width: int, separator: str
) -> Iterator[Text]:
    """Every row's pieces each below the other."""
    for row, name in named:
        yield from _stacked(heading, row, name, width, separator)
    if last:
        yield Text()
        yield from _stacked(heading, *last, width, separator)


def _beside(
    plan: _Plan, heading: Heading, named: Sequence[tuple[Row, str]], last: tuple[Row, str] | None, separator: str
) -> Iterator[Text]:
    """Columns, with a rule below their headings."""
    top = _line(plan, heading.name, [Text(title) for title in heading.numbers])
    head = [top + Text(" " * plan.gap + heading.findings)] if plan.findings else [top, Text(_INDENT + heading.findings)]
    for one in head:
        one.rstrip()
    longest = max(one.cell_len for one in (*head, *_rows(plan, named, last, separator)))
    across = min(plan.width, longest + (1 if plan.indent else 0))
    for one in head:
        one.stylize("bold")
    yield from head
    yield Text(" " * (plan.indent // 2)) + Text("─" * (across - plan.indent // 2))
    yield from _rows(plan, named, last, separator)


def _rows(
    plan: _Plan, named: Sequence[tuple[Row, str]], last: tuple[Row, str] | None, separator: str
) -> Iterator[Text]:
    """What stands below the rule."""
    for row, name in named:
        yield from _placed(plan, row, name, separator)
    if last:
        yield Text()
        yield from _placed(plan, *last, separator)


def _line(plan: _Plan, name: str, values: Sequence[Text]) -> Text:
    cells = [_left(Text(name), plan.name)]
    cells += [_right(value, room) for value, room in zip(values, plan.numbers, strict=True)]
    return Text(" " * plan.indent) + Text(" " * plan.gap).join(cells)


def _placed(plan: _Plan, row: Row, name: str, separator: str) -> Iterator[Text]:
    """A row in its columns; findings that need more lines go on below."""
    first = _line(plan, name, row.numbers)
    if plan.findings is None:
        first.rstrip()
        yield first
        yield from (Text(_INDENT + one) for one in wrapped(row.findings, plan.width - len(_INDENT), separator))
        return
    for number, found in enumerate(wrapped(row.findings, plan.findings, separator) or [""]):
        before = first if number == 0 else Text(" " * first.cell_len)
        line = before + Text(" " * plan.gap + found)
        line.rstrip()
        yield line


def _plan(heading: Heading, rows: Sequence[Row], width: int, *, longest: int, numbers: tuple[int, ...]) -> _Plan | None:
    """Choose the layout; None when not even the numbers fit into one line."""
    least = min(longest, _LEAST_NAME)
    pieces = [cell_len(visible(piece)) + 1 for row in rows for piece in row.findings]
    wanted = max((cell_len(heading.findings), *(piece for piece in pieces if piece <= _MOST_FINDINGS)))
    if any(piece > _MOST_FINDINGS for piece in pieces):
        wanted = max(wanted, _LEAST_FINDINGS)
    for gap in (3, 2):
        left = width - len(_INDENT) - sum(numbers) - gap * (len(numbers) + 1)
        if left - wanted >= least:
            name = min(longest, max(least, min(left - wanted, left // 2)))
            return _Plan(width=width, name=name, numbers=numbers, findings=left - name, gap=gap, indent=len(_INDENT))
    for gap in (3, 2, 1):
        left = width - sum(numbers) - gap * len(numbers)
        if left >= least:
            return _Plan(width=width, name=min(longest, left), numbers=numbers, findings=None, gap=gap, indent=0)
    return None


def _stacked(heading: Heading, row: Row, name: str, width: int, separator: str) -> Iterator[Text]:
    """A row where nothing stands beside anything: numbers have their headings with them."""
    room = width - len(_INDENT)
    yield Text(name, style="bold")
    pairs = tuple(f"{title} {value.plain}" for title, value in zip(heading.numbers, row.numbers, strict=True))
    yield from (Text(_INDENT + one) for one in wrapped(pairs, room, ""))
    yield from (Text(_INDENT + one) for one in wrapped(row.findings, room, separator))


def wrapped(pieces: Sequence[str], room: int, separator: str) -> list[str]:
    """Fill lines with pieces.

    One that fits a line is in one line; a longer one is broken between words, a longer word where it must.
    """
    lines: list[str] = []

    def place(text: str) -> bool:
        if lines and cell_len(lines[-1]) + 1 + cell_len(text) <= room:
            lines[-1] += f" {text}"
        elif cell_len(text) <= room:
            lines.append(text)
        else:
            return False
        return True

    for number, piece in enumerate(pieces, 1):
        text = visible(piece) + (separator if number < len(pieces) else "")
        if not place(text):
            for word in text.split(" "):
                if not place(word):
                    lines.extend(chop_cells(word, room))
    return lines


def _left(text: Text, room: int) -> Text:
    return text + Text(" " * (room - text.cell_len))


def _right(text: Text, room: int) -> Text:
    return Text(" " * (room - text.cell_len)) + text
