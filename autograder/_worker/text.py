"""What stands in a file: a module's text by its coding line, a notebook's code cells."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

MAX_BYTES = 10_000_000
"""Size of the largest file that is read, in bytes."""

MAX_CELLS = 2_000
"""Number of cells, of any type, in the largest notebook that is read."""

MAX_VALUES = 500_000
"""Number of names, strings, numbers, lists and objects in the largest notebook that is read: in memory each may take
fifty times its place in the file."""

_SAVE_AGAIN = "open it in Jupyter and save it again"
_CLEAR = "clear the outputs and save again"
# A string without escapes, closed or not; the beginning of a list or of an object; anything else that is a value.
_VALUE = re.compile(r'"[^"]*"?|[\[{]|[^\s"\[\]{}:,]+')
_BYTE_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_NO_CODE = re.compile(rb"[ \t\f]*(#|$)")
# Python reads others, too, but those escape characters, keep a state, or take a time that grows with the square.
_CODECS = re.compile(r"ascii|utf-8|(iso8859|cp|koi8|mac|gb|big5|shift_jis|euc_|tis|ptcp|kz|hp|johab).*")


Repair = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
"""From cells as JSON has them to as many cells; it raises nothing a student caused."""


class UnreadableError(ValueError):
    """A file cannot be read; the text goes on from its name, and says what to do."""


def decode_text(data: bytes) -> str:
    """Decode a file, as UTF-8 and else as its coding line says, or raise `UnreadableError`; ends of lines stay."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte, said = error.start + 1, _said(data)
    if not said:
        raise UnreadableError(f"is not UTF-8 text (byte {byte}); save it as UTF-8") from None
    try:
        return data.decode(said)
    except UnicodeDecodeError as error:
        byte = error.start + 1
        raise UnreadableError(f"is not {said} text, as it says it is (byte {byte}); save it as UTF-8") from None


def _said(data: bytes) -> str:
    """The encoding that one of the first two lines names; empty when none does, or none that is read here."""
    for line in _BYTE_LINE_ENDS.split(data[:4096], maxsplit=2)[:2]:
        if found := _CODING.match(line):
            try:
                name = codecs.lookup(found[1].decode("ascii")).name
            except LookupError:
                return ""
            return name if _CODECS.fullmatch(name) else ""
        if not _NO_CODE.match(line):
            break
    return ""


def notebook_cells(text: str) -> list[dict[str, Any]]:
    """Read a notebook's cells, of every type; no notebook of version 4, or one too large, is an `UnreadableError`."""
    if _has_more_values(text, MAX_VALUES):
        raise UnreadableError(f"holds more than {MAX_VALUES} values; {_CLEAR}")
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"is not valid JSON (line {error.lineno}, column {error.colno}); {_SAVE_AGAIN}") from None
    except ValueError:
        raise UnreadableError(f"holds a number with too many digits; {_SAVE_AGAIN}") from None
    except RecursionError:
        raise UnreadableError(f"is nested too deeply; {_SAVE_AGAIN}") from None
    version = content.get("nbformat") if isinstance(content, dict) else None
    if isinstance(version, bool) or not isinstance(version, int):
        raise UnreadableError(f"is not a notebook; {_SAVE_AGAIN}")
    if version != 4:
        # Any number of digits may stand there, but only a short one helps.
        shown = str(version) if 0 <= version < 100 else "unknown"
        raise UnreadableError(f"is a notebook of version {shown}, not 4; {_SAVE_AGAIN}")
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise UnreadableError(f"has no list of cells; {_SAVE_AGAIN}")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"has {len(cells)} cells, the limit is {MAX_CELLS}; remove some")
    return cells


def _has_more_values(text: str, most: int) -> bool:
    """Whether JSON holds more values than that; it is not parsed, and little memory is taken."""
    plain = text.replace("\\\\", "").replace('\\"', "")
    return next(islice(_VALUE.finditer(plain), most, None), None) is not None


def by_own_marks(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make code of the answers to which nbgrader's marks say that they were code: "m" in Jupyter makes Markdown."""
    return [cell | {"cell_type": "code"} if _was_code(cell) else cell for cell in cells]


def _was_code(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(marks, dict) and marks.get("solution") is True and marks.get("cell_type") == "code"


def code_cells(cells: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Take the code out of a notebook's cells: what Jupyter calls each, and its text, without nbgrader's test cells.

    A code cell without text is an `UnreadableError`.
    """
    found: list[tuple[str, str]] = []
    code = [cell for cell in enumerate(cells, 1) if cell[1].get("cell_type") == "code"]
    for number, (position, cell) in enumerate(code, 1):
        if _is_test_cell(cell):
            continue
        source = cell.get("source")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise UnreadableError(f"has a code cell (position {position}) without text; {_SAVE_AGAIN}")
        # JSON can spell half a surrogate pair, which no later encoding would survive.
        found.append((f"cell {number}", source.encode("utf-8", "replace").decode("utf-8")))
    return found


def _is_test_cell(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(nbgrader, dict) and nbgrader.get("grade") is True and not nbgrader.get("solution")
