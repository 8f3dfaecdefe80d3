"""Markdown, Quarto or R Markdown that holds the code: its Python blocks as cells, its prose as the written part.

A scan of lines, in linear time. A library's parser may take much longer over a text that was made for it.
"""

import re
from dataclasses import dataclass

from autograder.loading.files import Unreadable, seen_in
from autograder.results import Cell
from autograder.sandbox._worker.text import MAX_CELLS

MAX_BLOCKS_BYTES = 2_000_000
"""Size of the largest such file that is read, in bytes: each of its lines is looked at."""

_FENCE = re.compile(r"([ \t]*)(`{3,}|~{3,})(.*)\Z", re.DOTALL)
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[\s{.]*([\w-]*)")
_PYTHON = frozenset({"python", "python3", "py", "py3", "ipython", "ipython3", "code-cell"})


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """What a text holds."""

    cells: tuple[Cell, ...]
    prose: str  #: The rest; blank lines stand where code was, so that lines keep their numbers.


def read_blocks(text: str, name: str) -> Blocks:
    """Take a text's Python blocks apart from its prose.

    Blocks without a language count where none has one and there is Python in them.

    Raises `Unreadable` if there are more blocks than a notebook may have cells.
    """
    lines = _LINE_ENDS.split(text)
    prose = list(lines)
    _blank_header(prose)
    named: list[tuple[int, int, str]] = []
    bare: list[tuple[int, int, str]] = []
    start = 0
    while start < len(lines):
        opened = _FENCE.match(lines[start])
        if opened is None or (opened[2][0] == "`" and "`" in opened[3]):
            start += 1
            continue
        end = _end(lines, start + 1, opened[2])
        word = _language(opened[3])
        source = "".join(f"{line}\n" for line in _outdented(lines[start + 1 : end], len(opened[1].expandtabs(4))))
        if word in _PYTHON:
            named.append((start, end, source))
        elif not word and seen_in(source.encode("utf-8", "replace")) == "module":
            bare.append((start, end, source))
        start = end + 1
    blocks = named or bare
    if len(blocks) > MAX_CELLS:
        raise Unreadable(f"{name} has {len(blocks)} blocks of code, and the limit is {MAX_CELLS}; remove some")
    for start, end, _ in blocks:
        prose[start : end + 1] = [""] * len(prose[start : end + 1])
    cells = tuple(Cell(label=f"block {number}", source=source) for number, (_, _, source) in enumerate(blocks, 1))
    return Blocks(cells=cells, prose="\n".join(prose))


def _language(info: str) -> str:
    """The first word behind a fence: ``python``, ``{python}``, ``{.python}``, ``{python, echo=FALSE}``."""
    found = _WORD.match(info.strip()[:80])
    return found[1].casefold() if found else ""


def _end(lines: list[str], start: int, fence: str) -> int:
    """Index of the line that closes a fence; of the one after the last where nothing does."""
    for index in range(start, len(lines)):
        line = lines[index].strip()
        if len(line) >= len(fence) and line == fence[0] * len(line):
            return index
    return len(lines)


def _outdented(lines: list[str], width: int) -> list[str]:
    """Take off as much of the indentation as the fence had."""
    if not width:
        return lines
    told = [line.expandtabs(4) for line in lines]
    return [line[min(width, len(line) - len(line.lstrip(" "))) :] for line in told]


def _blank_header(lines: list[str]) -> None:
    """Leave out the document's own settings at the top."""
    if lines and lines[0].rstrip() == "---":
        end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
        lines[: end + 1] = [""] * (end + 1)
