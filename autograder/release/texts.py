"""Everything readable in a file, with the place where it stands."""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"\[((?:\((?:\\.|[^\\()])*\)|[^\]\\()])*)\]\s*TJ|(\((?:\\.|[^\\()])*\))\s*Tj", re.DOTALL)
_PIECE = re.compile(rb"\(((?:\\.|[^\\()])*)\)|(-?\d+(?:\.\d+)?)", re.DOTALL)
_IN_STRING = re.compile(r"\\([0-7]{1,3}|.)", re.DOTALL)
# TeX's two usual encodings put these at 11 to 15 and at 27 to 31.
_LIGATURES = dict(zip((*range(11, 16), *range(27, 32)), ("ff", "fi", "fl", "ffi", "ffl") * 2, strict=True))
_WORD_SPACE = -200


def texts(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Find the texts in a file.

    The path's name tells its kind: notebook, PDF or text. The place is empty for the whole file.
    """
    notebook = as_notebook(content) if path.endswith(".ipynb") else None
    if notebook is not None:
        yield from _notebook_texts(notebook)
    elif path.endswith(".pdf"):
        yield "", content.decode("latin-1")
        for number, stream in enumerate(_STREAM.findall(content), 1):
            try:
                page = zlib.decompressobj().decompress(stream)
            except zlib.error:
                page = stream
            yield f"stream {number}", _shown(page)
    else:
        yield "", _ESCAPED.sub(lambda match: chr(int(match[1], 16)), content.decode("utf-8", "replace"))


def as_notebook(content: bytes) -> dict[str, Any] | None:
    """Read a notebook; None when it is none."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return notebook if isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells) else None


def _notebook_texts(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(notebook["cells"], 1):
        for key, value in cell.items():
            for text in _strings(value):
                yield f"cell {number}" if key == "source" else f"{key} of cell {number}", text
    for key, value in notebook.items():
        if key != "cells":
            for text in _strings(value):
                yield key, text


def _strings(value: Any) -> Iterator[str]:
    """Texts in JSON; a list of lines is one text, and keys and plain values are quoted as they are in the file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f'"{key}"'
            yield from _strings(inner)
    elif isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        yield "".join(value)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield f'"{value}"'


def _shown(page: bytes) -> str:
    """Text that a page shows, as TeX sets it: words between spaces, signs in whatever order they were set."""
    lines: list[str] = []
    for array, single in _SHOWN.findall(page):
        pieces = _PIECE.findall(array or single)
        lines.append("".join(" " if gap and float(gap) < _WORD_SPACE else _unescaped(text) for text, gap in pieces))
    # A word at the end of a line goes on in the next one.
    return re.sub(r"-\n", "", "\n".join(lines))


def _unescaped(text: bytes) -> str:
    plain = _IN_STRING.sub(
        lambda match: chr(int(match[1], 8) % 256) if match[1][0] in "01234567" else match[1], text.decode("latin-1")
    )
    return "".join(_LIGATURES.get(ord(sign), sign) for sign in plain)
