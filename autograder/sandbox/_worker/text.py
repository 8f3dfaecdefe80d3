"""What stands in a file: a module's text by its coding line, a notebook's code cells."""

import codecs
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

MAX_BYTES = 10_000_000
"""Size of the largest file that is read, in bytes."""

MAX_CELLS = 2_000
"""Number of cells, of any type, in the largest notebook that is read."""

MAX_VALUES = 500_000
"""Number of names, strings, numbers, lists and objects in the largest notebook that is read: in memory each may take
fifty times its place in the file."""

_COPY = "copy your code into a fresh notebook"
_WHOLE = "save or download it again, and check its size"
_CLEAR = "clear the outputs and save again"
# A string without escapes, closed or not; the beginning of a list or of an object; anything else that is a value.
_VALUE = re.compile(r'"[^"]*"?|[\[{]|[^\s"\[\]{}:,]+')
_CONFLICT = re.compile(r"^<{7}(?=[ \r\n])", re.MULTILINE)
_BYTE_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_NO_CODE = re.compile(rb"[ \t\f]*(#|$)")
# Python reads others, too, but those escape characters, keep a state, or take a time that grows with the square.
_CODECS = re.compile(r"ascii|utf-8|(iso8859|cp|koi8|mac|gb|big5|shift_jis|euc_|tis|ptcp|kz|hp|johab).*")


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What nbgrader's metadata says of a cell; a student may have written it."""

    grade_id: str = ""
    cell_type: str = ""
    grade: bool = False
    solution: bool = False


@dataclass(frozen=True, kw_only=True)
class NotebookCell:
    """A cell of a notebook, as far as anybody asks for it."""

    cell_type: str
    text: str | None  #: without lone surrogates, which no later encoding would survive; None where there is no text
    marks: Marks | None = None  #: None for a cell of the student's own
    written: str | None = None  #: by our mark a place for the written part, of the question of this id
    attachments: Any = None  #: pasted pictures, as JSON has them; anything may be in them


Repair = Callable[[Sequence[NotebookCell]], list[NotebookCell]]
"""To as many cells; it raises nothing a student caused."""

METADATA = "autograder"
"""Key of ours in the metadata of notebooks and cells."""

_FORMER = "hw1"
"""What it was in notebooks that were released before."""


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


def notebook_cells(text: str) -> list[NotebookCell]:
    """Read a notebook's cells, of every type; no notebook of version 4, or one too large, is an `UnreadableError`."""
    if _has_more_values(text, MAX_VALUES):
        raise UnreadableError(f"holds more than {MAX_VALUES} values; {_CLEAR}")
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableError(_broken(text, error)) from None
    except ValueError:
        raise UnreadableError(f"holds a number with too many digits; {_CLEAR}, or {_COPY}") from None
    except RecursionError:
        raise UnreadableError(f"is nested too deeply; {_CLEAR}, or {_COPY}") from None
    version = content.get("nbformat") if isinstance(content, dict) else None
    if isinstance(version, bool) or not isinstance(version, int):
        raise UnreadableError("is not a notebook; hand in the file that Jupyter saved")
    if version != 4:
        # Any number of digits may stand there, but only a short one helps.
        shown = str(version) if 0 <= version < 100 else "unknown"
        raise UnreadableError(
            f"is a notebook of version {shown}, not 4; open it in a current Jupyter, which converts it, and save it"
        )
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise UnreadableError(f"has no list of cells; {_COPY}")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"has {len(cells)} cells, and the limit is {MAX_CELLS}; remove some")
    return [_read_cell(cell) for cell in cells]


def _broken(text: str, error: json.JSONDecodeError) -> str:
    """Say what happened to a notebook that is no JSON, and how it can be mended: Jupyter will not open it."""
    start = text.lstrip()[:2]
    place = f"is not valid JSON (line {error.lineno}, column {error.colno})"
    if not start:
        return f"{place}: it is empty; {_WHOLE}"
    if start[0] == "<" and (start[1:] == "!" or start[1:].isalpha()):
        return "is a web page, not a notebook; download the file itself (GitHub: Download raw file)"
    if start[0] != "{":
        return f"{place}: this is plain text; if it is Python code, name the file .py"
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        return (
            f"{place}: Git left conflict markers (line {line}); keep one side and delete the markers in a text editor"
        )
    if error.msg == "Extra data":
        return f"{place}: more follows behind its end; remove that in a text editor, or {_COPY}"
    if error.pos >= len(text.rstrip()) or text.rstrip()[-1] != "}":
        return f"{place}: the end is missing; {_WHOLE}"
    return f"{place}; fix that place in a text editor, or {_COPY}"


def _read_cell(cell: dict[str, Any]) -> NotebookCell:
    metadata = _record(cell.get("metadata"))
    written = _record(metadata.get(METADATA, metadata.get(_FORMER))).get("written")
    return NotebookCell(
        cell_type=_string(cell.get("cell_type")),
        text=_text(cell.get("source")),
        marks=_marks(_record(metadata["nbgrader"])) if "nbgrader" in metadata else None,
        written=written if isinstance(written, str) else None,
        attachments=cell.get("attachments"),
    )


def _marks(said: dict[str, Any]) -> Marks:
    return Marks(
        grade_id=_string(said.get("grade_id")),
        cell_type=_string(said.get("cell_type")),
        grade=said.get("grade") is True,
        solution=bool(said.get("solution")),
    )


def _record(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(source: Any) -> str | None:
    """A cell's text, which JSON has whole or by lines, and may have with half a surrogate pair in it."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.encode("utf-8", "replace").decode("utf-8") if isinstance(source, str) else None


def _has_more_values(text: str, most: int) -> bool:
    """Whether JSON holds more values than that; it is not parsed, and little memory is taken."""
    plain = text.replace("\\\\", "").replace('\\"', "")
    return next(islice(_VALUE.finditer(plain), most, None), None) is not None


def by_own_marks(cells: Sequence[NotebookCell]) -> list[NotebookCell]:
    """Make code of the answers to which nbgrader's marks say that they were code: "m" in Jupyter makes Markdown."""
    return [
        replace(cell, cell_type="code")
        if cell.marks is not None and cell.marks.solution and cell.marks.cell_type == "code"
        else cell
        for cell in cells
    ]


def code_cells(cells: Sequence[NotebookCell]) -> list[tuple[str, str]]:
    """Take the code out of a notebook's cells: what Jupyter calls each, and its text, without nbgrader's test cells.

    A code cell without text is an `UnreadableError`.
    """
    found: list[tuple[str, str]] = []
    code = [(position, cell) for position, cell in enumerate(cells, 1) if cell.cell_type == "code"]
    for number, (position, cell) in enumerate(code, 1):
        if cell.marks is not None and cell.marks.grade and not cell.marks.solution:
            continue
        if cell.text is None:
            raise UnreadableError(f"has a code cell (position {position}) without text; {_COPY}")
        found.append((f"cell {number}", cell.text))
    return found
