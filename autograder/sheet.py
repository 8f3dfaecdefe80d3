"""A spreadsheet that was downloaded from a platform: read strictly, written back as it came."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.errors import InputError
from autograder.words import counted

MAX_BYTES = 50_000_000  #: Size of the largest spreadsheet that is read.

_WORD = re.compile(r"\w+")
_DELIMITERS = (",", ";", "\t")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SAVE = "download it again, or save it as CSV in UTF-8"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The cells of a spreadsheet, and how they were written down."""

    path: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  #: Each as wide as the heading.
    delimiter: str
    encoding: str
    newline: str
    mark: bytes  #: What stands before the text, to say how it is encoded.
    raw: tuple[str, ...]  #: The heading, then each row, with the blank lines behind it, as they came.

    def column(self, name: str) -> int | None:
        """Find the only column with this heading, in capital or small letters; None if there is none."""
        places = [n for n, title in enumerate(self.heading) if title.strip().casefold() == name.casefold()]
        if len(places) > 1:
            raise InputError(f"{self.path}: two columns are called {name!r}; {_SAVE}")
        return places[0] if places else None

    def write(self, rows: Sequence[Sequence[str]]) -> bytes:
        """Write the heading and rows as the file was written."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerow(self.heading)
        writer.writerows(rows)
        return self.mark + text.getvalue().encode(self.encoding)

    def write_over(self, changes: Mapping[int, Mapping[int, str]]) -> bytes:
        """Write the file as it came, byte for byte, but for these cells, by row and column."""
        heading, *rows = self.raw
        lines = (self._over(row, changes[number]) if number in changes else row for number, row in enumerate(rows))
        return self.mark + "".join((heading, *lines)).encode(self.encoding)

    def _over(self, row: str, cells: Mapping[int, str]) -> str:
        spans: list[tuple[int, int]] = []
        for _ in self.heading:
            start = spans[-1][1] + 1 if spans else 0
            spans.append((start, self._end(row, start)))
        for place in sorted(cells, reverse=True):
            start, end = spans[place]
            row = row[:start] + self._quoted(cells[place]) + row[end:]
        return row

    def _end(self, row: str, start: int) -> int:
        """Find where the cell ends that begins there."""
        if not row.startswith('"', start):
            ends = [place for mark in (self.delimiter, "\r", "\n") if (place := row.find(mark, start)) >= 0]
            return min(ends, default=len(row))
        end = row.index('"', start + 1)
        while row.startswith('"', end + 1):
            end = row.index('"', end + 2)
        return end + 1

    def _quoted(self, cell: str) -> str:
        plain = not any(mark in cell for mark in (self.delimiter, '"', "\r", "\n"))
        return cell if plain else '"' + cell.replace('"', '""') + '"'


def read_sheet(data: bytes, path: str) -> Sheet:
    """Read a CSV file: UTF-8 or, with its mark, UTF-16; commas, semicolons or tabs, as its heading has them.

    Raises `InputError` if it is too large, no such text, has rows of another width, or none at all.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: {len(data) / 1e6:.0f} MB; at most {MAX_BYTES // 1_000_000} MB are read")
    mark, encoding = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        wanted, place = encoding.upper()[: len("UTF-16")], error.start + len(mark)
        raise InputError(f"{path}: not {wanted} (byte {place}); {_SAVE}") from None
    if "\0" in text:
        raise InputError(f"{path}: holds NUL characters; {_SAVE}")
    first = text.partition("\n")[0]
    delimiters = sorted(_DELIMITERS, key=first.count, reverse=True)
    read = [_cells(text, one) for one in delimiters if one in first] or [_cells(text, delimiters[0])]
    # What stands in quotes may hold more of another's; only the right one gives rows of one width.
    even = [one for one in read if not one.why and len({len(row.cells) for row in one.rows}) == 1]
    chosen = max(even, key=lambda one: len(one.rows[0].cells)) if even else read[0]
    if chosen.why:
        raise InputError(f"{path}: not a CSV file ({chosen.why}); {_SAVE}")
    if not chosen.rows:
        raise InputError(f"{path}: empty; {_SAVE}")
    heading = chosen.rows[0].cells
    for number, row in ((one.number, one.cells) for one in chosen.rows[1:]):
        if len(row) != len(heading):
            cells = counted(len(row), "cell")
            raise InputError(f"{path}: row {number} has {cells}, and the heading has {len(heading)}; {_SAVE}")
    newline = "\r\n" if first.endswith("\r") else "\n"
    return Sheet(
        path=path,
        heading=heading,
        rows=tuple(row.cells for row in chosen.rows[1:]),
        delimiter=chosen.delimiter,
        encoding=encoding,
        newline=newline,
        mark=mark,
        raw=tuple(row.raw for row in chosen.rows),
    )


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One row that is not blank."""

    number: int  #: Blank ones count.
    cells: tuple[str, ...]
    raw: str  #: As it came, with the blank lines behind it.


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """A text, read with one delimiter."""

    delimiter: str
    rows: tuple[_Row, ...] = ()
    why: str = ""  #: Why it cannot be read so.


def _cells(text: str, delimiter: str) -> _Cells:
    lines: list[str] = []
    rows: list[_Row] = []
    try:
        read = csv.reader(_noted(io.StringIO(text, newline=""), lines), delimiter=delimiter, strict=True)
        for number, cells in enumerate(read, 1):
            if cells or not rows:
                width = len(rows[0].cells) if rows else len(cells)
                rows += [_Row(number=number, cells=_as_wide(cells, width), raw="".join(lines))] if cells else []
            else:
                rows[-1] = replace(rows[-1], raw="".join((rows[-1].raw, *lines)))
            if rows:
                lines.clear()
    except csv.Error as error:
        return _Cells(delimiter=delimiter, why=str(error))
    return _Cells(delimiter=delimiter, rows=tuple(rows))


def _noted(lines: Iterator[str], noted: list[str]) -> Iterator[str]:
    for line in lines:
        noted.append(line)
        yield line


def _as_wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Leave out blank cells beyond the heading, as Canvas itself writes them."""
    beyond = any(cell.strip() for cell in cells[width:])
    return tuple(cells if beyond else cells[:width])


def is_computed(cell: str) -> bool:
    """Whether a spreadsheet program would compute a text."""
    return cell.startswith(_FORMULA)


def inert(cell: str) -> str:
    """Keep a spreadsheet program from computing a text that is not ours."""
    return f"'{cell}" if is_computed(cell) else cell


def letters(cell: str) -> str:
    """Spell a name without blanks and signs, of which a platform may leave nothing."""
    return "".join(_WORD.findall(key(cell))).replace("_", "")


def words(cell: str) -> frozenset[str]:
    """Take a name apart, as it is compared."""
    return frozenset(_WORD.findall(key(cell)))


def key(cell: str) -> str:
    """Spell what names somebody as it is compared: whichever letters are capital, however accents are written."""
    return unicodedata.normalize("NFC", cell.strip()).casefold()
