"""The class report as a PDF: the page's words, tables and numbers, with bars made of rules."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pylatex import Command, LongTable, Section, Tabular
from pylatex.base_classes import Arguments
from pylatex.utils import NoEscape

from reports.class_report import content
from reports.class_report.elements import (
    FEW,
    Cell,
    Column,
    Named,
    People,
    Row,
    Share,
    Stack,
    Student,
    Table,
    called,
    percent,
)
from reports.class_report.records import ClassReport, Totals
from reports.feedback.markdown import points
from reports.latex import Paper, compile_pdf, escape, new_document, room, style

COLORS = {
    "right": "2F6FB5",
    "approximate": "8FBBE6",
    "wrong": "DD7D2E",
    "noanswer": "8D94A2",
    "track": "E8EBF1",
    "warn": "FFF4E2",
}


_PIECES = re.compile(r"(?<=[._])")
_WHOLE = 10  #: As many rows of one line each stay on one page.
_LINE = 60  #: Characters of a text that may take more than a line.
_LONG = 28  #: Characters of an identifier that every column has room for.


def text(plain: str) -> NoEscape:
    """Escape a text, and keep a percent sign on its number's line."""
    return NoEscape(escape(plain).replace(r" \%", r"~\%"))


def _piece(color: str, millimeters: float) -> str:
    return str(Command("piece", arguments=Arguments(color, f"{millimeters:.2f}mm")).dumps())


def _bar(pieces: Sequence[tuple[str, float]], width: float) -> str:
    """Rules side by side; `width` is that of a whole bar in millimeters."""
    return "".join(_piece(color, share * width) for color, share in pieces if share > 0)


def _identifiers(code: str) -> str:
    """Set names of the files: one that is long breaks where it has a dot or an underscore, and nowhere else."""
    pieces = [_PIECES.split(name) if len(name) > _LONG else [name] for name in code.split(" ")]
    return " ".join(r"\allowbreak{}".join(rf"\mbox{{{escape(one)}}}" for one in name if one) for name in pieces)


def _cell(cell: Cell) -> NoEscape:
    if isinstance(cell, People):
        if len(cell.students) > FEW:
            return text(f"{len(cell.students)} students")
        return NoEscape(", ".join(text(called(student)) for student in cell.students))
    if isinstance(cell, Named):
        code = rf"{{\scriptsize\ttfamily\color{{soft}}{_identifiers(cell.code)}}}"
        return NoEscape(rf"{text(cell.title)}\hskip .6em plus .4em {code}")
    if isinstance(cell, Student):
        return text(cell.text)
    if isinstance(cell, Share):
        bar = _bar((("right", cell.share), ("track", 1 - cell.share)), 14)
        return NoEscape(rf"\mbox{{{bar}}}~{text(cell.text)}")
    if isinstance(cell, Stack):
        whole = sum(number for _, number in cell.pieces)
        bar = _bar([(name.replace(" ", ""), number / whole) for name, number in cell.pieces], 28)
        return NoEscape(rf"\mbox{{{bar}}}\newline{{\fontsize{{6.5}}{{8}}\selectfont {text(cell.text)}}}")
    return text(cell)


def _column(column: Column, share: float) -> str:
    ragged = r"\raggedleft" if column.kind == "number" else r"\raggedright"
    return rf">{{{ragged}\arraybackslash}}p{{\dimexpr{share:.4f}\linewidth-2\tabcolsep\relax}}"


def _is_tall(row: Row) -> bool:
    return any(isinstance(cell, Stack) or (isinstance(cell, str) and len(cell) > _LINE) for cell in row)


def _is_whole(table: Table) -> bool:
    """Whether a table is so short that no page may end in it."""
    return len(table.seen) <= _WHOLE and not any(map(_is_tall, table.seen))


def _begun(table: Table) -> int:
    """Estimate the millimeters of a table's head and of the rows that stay with it: of one line each, or of some."""
    rows = table.seen if _is_whole(table) else table.seen[:2]
    return 36 if any(map(_is_tall, rows)) else 12 + 4 * (len(rows) + bool(table.folded and _is_whole(table)))


def _table(table: Table) -> LongTable:
    whole = sum(column.width for column in table.columns)
    spec = "".join(_column(column, column.width / whole) for column in table.columns)
    long = LongTable(NoEscape(spec), width=len(table.columns), row_height=1)
    long.append(Command("tablehead", arguments=Arguments(len(table.columns), NoEscape("l"), text(table.caption))))
    long.add_row([NoEscape(rf"\scriptsize\bfseries {text(column.title)}") for column in table.columns])
    long.add_hline()
    long.append(NoEscape(r"\noalign{\vskip 2pt}"))
    long.end_table_header()
    together = {0, len(table.seen) - (1 if table.folded else 2)}
    if _is_whole(table):
        together.update(range(len(table.seen) - (not table.folded)))
    for number, row in enumerate(table.seen):
        # A bracket at the start of a row would be read as the distance from the row before; a star keeps two together.
        star = "*" if number in together else ""
        gap = "[2pt]" if any(isinstance(cell, Stack) for cell in row) else ""
        long.append(NoEscape(rf"\relax {' & '.join(map(_cell, row))}\\{star}{gap}"))
    if table.folded:
        more = text(f"{len(table.folded)} more in the page beside this PDF")
        long.append(Command("tablefoot", arguments=Arguments(len(table.columns), NoEscape("l"), more)))
    return long


def _histogram(totals: Totals) -> Iterable[Any]:
    """Draw a column of rules for each bin, its number on top and its points below."""
    most = max(count for *_, count in totals.bins)
    chart = Tabular(NoEscape("c" * len(totals.bins)), width=len(totals.bins))
    chart.add_row(
        [
            NoEscape(
                rf"\shortstack{{{count}\\[0.6mm]\textcolor{{right}}{{\rule{{13mm}}{{{24 * count / most:.2f}mm}}}}}}"
            )
            for *_, count in totals.bins
        ]
    )
    chart.add_hline()
    chart.add_row([NoEscape(rf"\scriptsize {points(low)}--{points(high)}") for low, high, _ in totals.bins])
    chart.add_row([NoEscape(rf"\scriptsize {text(percent(count / totals.count))}") for *_, count in totals.bins])
    yield NoEscape(rf"\par\noindent\textbf{{Students by points, of {totals.count} graded}}\par\nopagebreak\smallskip")
    yield chart
    yield NoEscape(r"\par\smallskip")


def _tiles(report: ClassReport) -> Tabular:
    tiles = content.tiles(report)
    table = Tabular(NoEscape(r"@{}l@{\hspace{7mm}}" + r"l@{\hspace{7mm}}" * (len(tiles) - 1)), width=len(tiles))
    table.add_row([NoEscape(rf"\Large\bfseries {text(value)}") for _, value in tiles])
    table.add_row([NoEscape(rf"\scriptsize {text(what)}") for what, _ in tiles])
    return table


def _paragraph(words: str) -> NoEscape:
    return NoEscape(text(words) + r"\par\smallskip")


def _legend() -> NoEscape:
    names = ("right", "approximate", "wrong", "no answer")
    return NoEscape(r"\quad ".join(_piece(name.replace(" ", ""), 3) + f"~{text(name)}" for name in names) + r"\par")


def build(report: ClassReport, paper: Paper = "letter", *, named: bool = True) -> bytes:
    """Make the PDF, the same bytes for the same report; it says whether students go by their names.

    Raises `ReportError` if TeX is not there or fails.
    """
    return compile_pdf(source(report, paper, named=named))


def source(report: ClassReport, paper: Paper = "letter", *, named: bool = True) -> str:
    """Write the document in LaTeX."""
    course = ", ".join(filter(None, (report.course, report.term)))
    title, _, topic = report.title.partition(": ")
    document = new_document(
        title=f"{title}: class report",
        topic=topic[:1].upper() + topic[1:],
        course=course,
        subject=f"{report.title}: how the class did, for instructors",
        margins="textwidth=182mm,hcentering,top=20mm,bottom=17mm",
        paper=paper,
    )
    for name, color in COLORS.items():
        document.preamble.append(Command("definecolor", arguments=Arguments(name, "HTML", color)))
    document.preamble.append(style(__package__, "style.tex"))
    for element in body(report, named=named):
        document.append(element)
    return str(document.dumps())


def body(report: ClassReport, *, named: bool) -> Iterable[Any]:
    """Lay the report out as PyLaTeX objects."""
    yield NoEscape(r"\footnotesize\medskip")
    yield Command("warning", text(f"For instructors only. {content.warning(named=named)}"))
    yield _tiles(report)
    for section in content.sections(report):
        tables = [table for table in section.tables if table.seen]
        yield room(11 + 6 * len(section.before) + (_begun(tables[0]) if tables else 5))
        inner = Section(text(section.heading), label=False)
        for paragraph in section.before:
            inner.append(_paragraph(paragraph))
        if section.figure and report.totals is not None:
            inner.extend(_histogram(report.totals))
        if section.legend:
            inner.append(_legend())
        for number, table in enumerate(tables):
            # What follows the heading has its room already, and a page would break between the two.
            inner.extend((room(_begun(table)), _table(table)) if number else [_table(table)])
        for paragraph in section.after:
            inner.append(_paragraph(paragraph))
        yield inner
