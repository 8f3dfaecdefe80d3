"""Macros of a student's own, written out within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

MOST_TOKENS = 20_000
MOST_MACROS = 100
"""Definitions that are read, of one name twice too."""
MOST_IN_ARGUMENT = 2_000
"""Symbols that are looked at for one argument."""

Macros = Mapping[str, tuple[int, tuple[str, ...]]]
"""By name: the number of arguments, and the tokens of the body."""
TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.DOTALL)
"""One command, character or run of spaces."""
_NAME = r"\s*(?:\{\s*)?(\\[A-Za-z]+)\s*(?:\}\s*)?"
_DEFINITION = re.compile(
    rf"\\(?:re)?newcommand\*?{_NAME}(?:\[(\d)\]\s*)?(?=\{{)"
    r"|\\def\s*(\\[A-Za-z]+)\s*+((?:#\d){0,9}+)\s*(?=\{)"
    rf"|\\DeclareMathOperator\*?{_NAME}(?=\{{)"
)


class DialectError(Exception):
    """Text that does not come apart into statements; its text says why."""


def find_macros(text: str) -> Macros:
    r"""Find what ``\newcommand``, ``\def`` and ``\DeclareMathOperator`` define in a whole document."""
    macros: dict[str, tuple[int, tuple[str, ...]]] = {}
    for found in islice(_DEFINITION.finditer(text), MOST_MACROS):
        tokens = TOKEN.findall(text[found.end() : found.end() + 1000])
        body, _ = argument(tokens, 0)
        if found[5]:
            body = [r"\operatorname", "{", *body, "}"]
        count = int(found[2] or 0) if found[1] else (found[4] or "").count("#")
        macros[found[1] or found[3] or found[5]] = (count, tuple(body))
    return macros


def argument(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The braced group or the token that starts at a place, without braces, and where it ends."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at >= len(tokens):
        return [], at
    if tokens[at] != "{":
        return [tokens[at]], at + 1
    level, end = 0, at
    while end < len(tokens):
        level += (tokens[end] == "{") - (tokens[end] == "}")
        end += 1
        if not level:
            return tokens[at + 1 : end - 1], end
    return tokens[at + 1 :], end


def expanded(tokens: list[str], macros: Macros) -> list[str]:
    """Write macros out.

    Raises
    ------
    DialectError
        If that gives more than `MOST_TOKENS`.
    """
    waiting = tokens[::-1]
    done: list[str] = []
    handled = 0
    while waiting:
        handled += 1
        if handled > MOST_TOKENS or len(waiting) > MOST_TOKENS:
            raise DialectError(f"it has more than {MOST_TOKENS} symbols, its macros written out")
        token = waiting.pop()
        if token not in macros:
            done.append(token)
            continue
        count, body = macros[token]
        arguments: list[list[str]] = []
        for _ in range(count):
            front = waiting[: -MOST_IN_ARGUMENT - 1 : -1]
            given, used = argument(front, 0)
            arguments.append(given)
            del waiting[len(waiting) - used :]
        written: list[str] = []
        skip = False
        for this, following in zip(body, (*body[1:], ""), strict=True):
            if skip:
                skip = False
            elif this == "#" and following.isdecimal() and 0 < int(following) <= count:
                written += arguments[int(following) - 1]
                skip = True
            else:
                written.append(this)
        handled += len(written)
        waiting += written[::-1]
    return done
