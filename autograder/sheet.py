"""A spreadsheet that was downloaded from a platform: read strictly, written back as it came."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import InputError
from autograder.words import counted

MAX_BYTES = 50_000_000
"""Size of the largest spreadsheet that is read."""

_DELIMITERS = (",", ";", "\t")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SAVE = "download it again, or save it as CSV in UTF-8"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The cells of a spreadsheet, and how they were written down."""

    path: str
    heading: tuple[str, ...]
    #: Each as wide as the heading.
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str
    newline: str

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
        return text.getvalue().encode(self.encoding)


def read_sheet(data: bytes, path: str) -> Sheet:
    """Read a CSV file: UTF-8 or, with its mark, UTF-16; commas, semicolons or tabs, as its heading has them.

    Raises
    ------
    InputError
        If it is too large, no such text, has rows of another width, or none at all.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: {len(data) / 1e6:.0f} MB; at most {MAX_BYTES // 1_000_000} MB are read")
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not {encoding.removesuffix('-sig').upper()} (byte {error.start}); {_SAVE}") from None
    if "\0" in text:
        raise InputError(f"{path}: holds NUL characters; {_SAVE}")
    first = text.partition("\n")[0]
    delimiters = sorted(_DELIMITERS, key=first.count, reverse=True)
    read = [_cells(text, one) for one in delimiters if one in first] or [_cells(text, delimiters[0])]
    # What stands in quotes may hold more of another's; only the right one gives rows of one width.
    even = [one for one in read if not one.why and len({len(row) for _, row in one.rows}) == 1]
    chosen = max(even, key=lambda one: len(one.rows[0][1])) if even else read[0]
    if chosen.why:
        raise InputError(f"{path}: not a CSV file ({chosen.why}); {_SAVE}")
    if not chosen.rows:
        raise InputError(f"{path}: empty; {_SAVE}")
    (_, heading), *rows = chosen.rows
    for number, row in rows:
        if len(row) != len(heading):
            cells = counted(len(row), "cell")
            raise InputError(f"{path}: row {number} has {cells}, and the heading has {len(heading)}; {_SAVE}")
    newline = "\r\n" if first.endswith("\r") else "\n"
    return Sheet(
        path=path,
        heading=heading,
        rows=tuple(row for _, row in rows),
        delimiter=chosen.delimiter,
        encoding=encoding,
        newline=newline,
    )


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """A text, read with one delimiter."""

    delimiter: str
    #: With its number; blank ones are left out.
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    #: Why it cannot be read so.
    why: str = ""


def _cells(text: str, delimiter: str) -> _Cells:
    try:
        rows = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1)
        return _Cells(delimiter=delimiter, rows=tuple((number, tuple(row)) for number, row in rows if row))
    except csv.Error as error:
        return _Cells(delimiter=delimiter, why=str(error))


def is_computed(cell: str) -> bool:
    """Whether a spreadsheet program would compute a text."""
    return cell.startswith(_FORMULA)


def inert(cell: str) -> str:
    """Keep a spreadsheet program from computing a text that is not ours."""
    return f"'{cell}" if is_computed(cell) else cell


def key(cell: str) -> str:
    """Spell what names somebody as it is compared: whichever letters are capital, however accents are written."""
    return unicodedata.normalize("NFC", cell.strip()).casefold()
