"""The written part of a submission: Markdown cells of a notebook, or one file of prose beside the code."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.loading.names import WRITTEN, FileKind, read_name, student_id
from autograder.results import Written
from autograder.sandbox._worker.text import NotebookCell
from autograder.words import Format

MAX_WRITTEN_BYTES = 200_000
"""Size of the largest written part that is judged, in bytes of UTF-8."""

_HEADING = "**Question"
_PLACEHOLDERS = ("*Write here.*", "*Write here*")
_DERIVATIVE = re.compile(r"\\partial|\\nabla|∂|\\[dt]?frac\s*\{\s*(\\mathrm\s*\{?|\\text\s*\{)?d")


def written_cells(cells: Sequence[NotebookCell]) -> tuple[Written, ...]:
    """Find the written part in a notebook's cells.

    It is in the cells with our mark, as far as something was written there; without any such mark, in the other
    Markdown cells when derivatives stand in them. Prompts, which nbgrader marks, are not the student's.
    """
    own = [
        (f"cell {number}", cell)
        for number, cell in enumerate(cells, 1)
        if cell.cell_type == "markdown" and cell.text is not None and cell.marks is None
    ]
    marked = [(label, cell) for label, cell in own if cell.written is not None]
    if marked:
        return tuple(_piece(label, cell) for label, cell in marked if _has_own_words(cell.text or ""))
    free = tuple(_piece(label, cell) for label, cell in own)
    return free if has_derivatives(free) else ()


def _piece(label: str, cell: NotebookCell) -> Written:
    return Written(label=label, question=(cell.written or "")[:40], format="markdown", text=cell.text or "")


def has_derivatives(written: Sequence[Written]) -> bool:
    """Whether derivatives stand in a text that nobody marked as an answer, as far as one that is judged may go."""
    left = MAX_WRITTEN_BYTES
    for piece in written:
        if _DERIVATIVE.search(piece.text, 0, left):
            return True
        left -= len(piece.text)
        if left <= 0:
            break
    return False


def _has_own_words(text: str) -> bool:
    """Whether a marked cell holds more than the release put there; what is too large to be judged does."""
    if len(text) > MAX_WRITTEN_BYTES:
        return True
    lines = (line.strip() for line in text.splitlines())
    return any(line and line not in _PLACEHOLDERS and not _is_heading(line) for line in lines)


def _is_heading(line: str) -> bool:
    return line.startswith(_HEADING) and "**" in line[len(_HEADING) :]


def written_file(text: str, label: str, kind: FileKind, *, first_line: int = 1) -> tuple[Written, ...]:
    """Make a written part of a file's text, or of what stands in it from some line on.

    It is one piece, or none when nothing stands in it.
    """
    if not text.strip():
        return ()
    form: Format = "latex" if kind == "tex" else "markdown"
    return (Written(label=label, question="", format=form, text=text, first_line=first_line),)


def own_folder(code: Path, student: str) -> bool:
    """Whether code lies in a folder of the student's own, where every file of prose counts."""
    return student_id(code.parent.name) == student and read_name(code.name).stem != code.parent.name


def files_beside(code: Path, beside: Iterable[str]) -> list[Path]:
    """List the files that may hold the written part of a submission among others': those of the same name."""
    stem = read_name(code.name).stem
    names = [(code.with_name(name), read_name(name)) for name in beside]
    return sorted(file for file, name in names if name.kind in WRITTEN and file != code and name.stem == stem)


def too_large(written: Sequence[Written]) -> str:
    """Say why a written part is not judged; nothing when it is small enough."""
    size = sum(len(piece.text.encode("utf-8", "replace")) for piece in written)
    if size > MAX_WRITTEN_BYTES:
        return f"the written part is {size / 1e3:.0f} kB, and the limit is {MAX_WRITTEN_BYTES / 1e3:.0f} kB"
    return ""
