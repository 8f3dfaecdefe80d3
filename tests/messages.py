"""Every text of ours that a person can meet, in one file to be read: `python -m tests.messages` writes it.

A text is a string of the program with two words in a row that is no docstring and no regular expression; what is
filled in stands in braces and counts as a word.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "messages.txt"
ROOMS = ("autograder", "reports", "solutions")

_TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? (?:[A-Za-z]{2,}|\{)|\}[,:;]? [A-Za-z]{2,}")
_TAG = re.compile(r"\{#.*?#\}|\{%.*?%\}|<(?:script|style).*?</(?:script|style)>|<[^>]*>", re.DOTALL)
_NO_PROSE = re.compile(
    r"^\s*(?:select |import |from \w+ import|[\w-]+:#|%|\\newcommand|\\renewcommand|\\newenvironment)"
)

_EXPRESSION = re.compile(
    r"\(\?(?:[:=!>]|<[=!]|P<)|\\(?:[sdwSDW](?![A-Za-z])|Z|b(?!egin|eta|ar|ox|m))|\][+*]|[a-z]\?\)?\?"
)
"""What stands in a regular expression, and in no sentence."""


def texts() -> Iterator[tuple[str, list[str]]]:
    """By file, its texts in order."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*")):
            read = _READERS.get(file.suffix)
            found = list(read(file.read_text(encoding="utf-8"))) if read else []
            if found:
                yield file.relative_to(ROOT).as_posix(), list(dict.fromkeys(found))


def _of_page(source: str) -> Iterator[str]:
    yield from filter(_TWO_WORDS.search, (" ".join(piece.split()) for piece in _TAG.sub("\n", source).split("\n")))


def _of_module(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed.update(id(piece) for piece in ast.walk(node) if piece is not node)
    sought = {
        id(piece)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).startswith("re.")
        for piece in ast.walk(node.args[0])
    }
    placed = (node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    for node in sorted(placed, key=lambda node: (node.lineno, node.col_offset)):
        text = "" if id(node) in passed else _text(node)
        if (
            _TWO_WORDS.search(text)
            and not _NO_PROSE.match(text)
            and id(node) not in sought
            and not _EXPRESSION.search(text)
        ):
            yield text


def _of_table(source: str) -> Iterator[str]:
    """Texts and names of a table of tables."""
    for name, said in tomllib.loads(source).items():
        texts = [text for value in said.values() for text in (value if isinstance(value, list) else [str(value)])]
        yield from filter(_TWO_WORDS.search, (name, *texts))


_READERS = {".py": _of_module, ".j2": _of_page, ".toml": _of_table}


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.FormattedValue):
        return f"{{{ast.unparse(node.value)}}}"
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def listing() -> str:
    """Write all of them, each on lines of its own below the name of its file."""
    pieces = []
    for name, found in texts():
        said = "\n".join("\n  ".join(["-", *text.strip("\n").split("\n")]).replace("-\n  ", "- ", 1) for text in found)
        pieces.append(f"{name}\n{said}\n")
    # A file with this in it is no text to those who search it.
    return re.sub(r"[ \t]+$", "", "\n".join(pieces), flags=re.MULTILINE).replace("\0", r"\0")


if __name__ == "__main__":
    FILE.write_text(listing(), encoding="utf-8")
