"""Tables of results: a value in a cell is what its row or its column is about, in the case that stands beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from autograder.mathematics.answers.prose import Case, case_in
from autograder.mathematics.answers.spoken import is_a_derivative

MARK = "\x02"
"""What stands in a text where a table was."""
_RULE = r"[ \t]{0,9}:?-{1,80}:?[ \t]{0,9}"
_MARKDOWN = re.compile(
    rf"^(?P<head>[^\n]{{0,400}}\|[^\n]{{0,400}})\n[ \t]{{0,9}}\|?{_RULE}(?:\|{_RULE}){{1,9}}\|?[ \t]{{0,9}}"
    r"(?P<rows>(?:\n[^\n|]{0,400}\|[^\n]{0,800}){1,20})",
    re.MULTILINE,
)
_OPENS, _CLOSES = r"\begin{tabular}", r"\end{tabular}"
_COLUMNS = re.compile(r"\{[^{}]{0,40}\}")
_LINE = re.compile(r"[^\n]{1,2000}")
_NO_BREAK = re.compile(r"[^\n]")
_ROW_ENDS = re.compile(r"\\\\|\Z")
_RULES = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|cline\{[^{}]{0,9}\})")
_CELL = re.compile(r"(?:[^|&$\\]|\\.|\$[^$]{0,300}\$){1,800}", re.DOTALL)
_FORMULA = re.compile(r"[\s*]{0,80}(?:\$([^$]{1,300})\$|\\\(([^$]{1,300})\\\))[\s*.,;]{0,80}", re.DOTALL)
_BEGINS = re.compile(r"[\s*]{0,80}\$([^$]{1,300})\$")
"""A formula that a cell begins with; words may follow."""
_EQUALS = re.compile(r"(?<![!<>\\])=")
_OPERATOR = re.compile(r"\s{0,3}(?:\\[dt]?frac\s?\{\s?)?(?:\\partial|∂|d|\\mathrm\s?\{d\})\s{0,3}[}/]")
"""A derivative of nothing."""
_PLAIN = re.compile(r"[∂d]\w{1,6} ?/ ?[∂d]\w{1,8}")
_LETTER = re.compile(
    r"\s{0,3}(?:\\(?:mathbf|boldsymbol|bm|vec)\s?\{)?\\?[A-Za-z]{1,8}(?:_(?:\w|\{\w{1,3}\}))?\}?\s{0,3}"
)
_PLACE = re.compile(r"[\s$]{0,9}(?P<letter>[a-z])\s?=\s?(?P<number>\d)[\s$]{0,9}")
"""The number of a row or a column."""
_INDEX = re.compile(r"_(?:([a-z])|\{([a-z])\})")
_GRADIENT = re.compile(r"\b(?:gradient|derivative)s? of (?:the cost )?\$([^$=]{1,20})\$", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:shape|size|dim|length|type|unit|where|why|who|sign|name)", re.IGNORECASE)
"""Words above a column that says something else."""
_FEWEST = 2
"""Cells of a row that says something."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An equality that a cell of a table says, where the cell's formula stands, and the case beside it."""

    latex: str
    at: int
    end: int
    case: Case | None


@dataclass(frozen=True)
class _Cell:
    text: str
    at: int

    @property
    def formula(self) -> tuple[str, int] | None:
        found = _FORMULA.fullmatch(self.text)
        if found is None:
            return None
        which = 1 if found[1] is not None else 2
        return found[which], self.at + found.start(which)


def tables_in(text: str) -> tuple[str, dict[int, list[Entry]]]:
    """Find what tables say, by where a mark stands for each in the text that is given back with its lines."""
    found: dict[int, list[Entry]] = {}
    for begin, end, rows in [*_in_markdown(text), *_in_latex(text)]:
        if entries := list(_entries(rows)):
            found[begin] = entries
            text = f"{text[:begin]}{MARK}{_NO_BREAK.sub(' ', text[begin + 1 : end])}{text[end:]}"
    return text, found


def _in_markdown(text: str) -> Iterator[tuple[int, int, list[list[_Cell]]]]:
    for table in _MARKDOWN.finditer(text) if "|" in text else ():
        rows = [
            _cells(line[0], table.start(name) + line.start())
            for name in ("head", "rows")
            for line in _LINE.finditer(table[name])
        ]
        yield table.start(), table.end(), rows


def _cells(line: str, at: int) -> list[_Cell]:
    """What stands between the bars of a line that begins at some place."""
    begin = line.find("|") + 1 if line.lstrip().startswith("|") else 0
    cells = [_Cell(cell[0], at + cell.start()) for cell in _CELL.finditer(line, begin)]
    return cells[:-1] if cells and not cells[-1].text.strip() else cells


def _in_latex(text: str) -> Iterator[tuple[int, int, list[list[_Cell]]]]:
    at = 0
    while (begin := text.find(_OPENS, at)) >= 0 and (end := text.find(_CLOSES, begin)) >= 0:
        columns = _COLUMNS.match(text, begin + len(_OPENS))
        first = columns.end() if columns else begin + len(_OPENS)
        inside = _RULES.sub(lambda rule: " " * len(rule[0]), text[first:end])
        at = end + len(_CLOSES)
        rows: list[list[_Cell]] = []
        start = 0
        for stop in _ROW_ENDS.finditer(inside):
            cells = _CELL.finditer(inside, start, stop.start())
            rows.append([_Cell(cell[0], first + cell.start()) for cell in cells])
            start = stop.end()
        yield begin, at, rows


def _entries(rows: Sequence[Sequence[_Cell]]) -> Iterator[Entry]:
    rows = [row for row in rows if len(row) >= _FEWEST]
    head, body = (rows[0], rows[1:]) if rows else ((), ())
    corner = head[0].formula if head else None
    if corner and _is_whole(corner[0]) and (places := list(_placed(corner[0], head, body))):
        yield from places
        return
    formulas = [cell.formula[0] for row in body for cell in row if cell.formula and case_in(cell.text) is None]
    if any(_EQUALS.search(one.strip(), 1) for one in formulas):
        # It says itself what its formulas are.
        return
    for row in body:
        told = [k for k, cell in enumerate(row) if cell.formula and case_in(cell.text) is None and k < len(head)]
        values = [k for k in told if not _OTHER.search(head[k].text)]
        for k in values:
            said = _said_of(head, row, k, values, alone=len(body) == 1)
            formula = row[k].formula
            if said and formula:
                latex, at = formula
                value = latex.strip().removeprefix("=").strip()
                yield Entry(latex=f"{said[0].strip()} = {value}", at=at, end=at + len(latex), case=said[1])


def _placed(corner: str, head: Sequence[_Cell], body: Sequence[Sequence[_Cell]]) -> Iterator[Entry]:
    """The entries of a table whose rows and columns are numbered, each of the derivative in its corner."""
    for row in body:
        for above, cell in zip(head[1:], row[1:], strict=False):
            places = [_PLACE.fullmatch(one.text) for one in (row[0], above)]
            if not all(places) or not cell.formula:
                return
            latex, at = cell.formula
            numbers = {place["letter"]: place["number"] for place in places if place}
            letters = [found[1] or found[2] for found in _INDEX.finditer(corner)]
            if numbers.keys() <= {*letters}:
                subject = _INDEX.sub(partial(_numbered, numbers), corner)
                yield Entry(latex=f"{subject} = {latex.strip()}", at=at, end=at + len(latex), case=None)


def _numbered(numbers: Mapping[str, str], index: re.Match[str]) -> str:
    letter = index[1] or index[2]
    return f"_{{{numbers.get(letter, letter)}}}"


def _said_of(
    head: Sequence[_Cell], row: Sequence[_Cell], k: int, values: Sequence[int], *, alone: bool
) -> tuple[str, Case | None] | None:
    """What a cell's value is a value of, nothing for what is spoken of, and its case; None where nothing tells it."""
    first, above = _BEGINS.match(row[0].text), head[k].formula
    subject = first[1] if first else row[0].text.strip(" *")
    if k and _is_whole(subject) and (first or _PLAIN.fullmatch(subject)):
        case = (case_in(row[0].text[first.end() :]) if first else None) or case_in(head[k].text)
        return (subject, case) if case or {*values} <= {0, k} else None
    if k and first and _LETTER.fullmatch(first[1]) and (of := _GRADIENT.search(head[k].text)):
        return rf"\frac{{\partial {of[1]}}}{{\partial {first[1]}}}", None
    case = next((said for cell in row if (said := case_in(cell.text))), None)
    if above and _is_whole(above[0]):
        return (above[0], case) if case or alone else None
    return ("", case) if case and len(values) == 1 else None


def _is_whole(latex: str) -> bool:
    return is_a_derivative(latex) and not _OPERATOR.match(latex) and not _EQUALS.search(latex)
