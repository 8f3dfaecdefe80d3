"""Macros of a student's own, written out within bounds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.mathematics.answers.marks import TOKEN, Mark, argument

MOST_TOKENS = 20_000
MOST_MACROS = 200
"""Definitions that are read, of one name twice too."""
MOST_IN_ARGUMENT = 2_000
"""Symbols that are looked at for one argument."""


@dataclass(frozen=True)
class Macro:
    """What a name stands for."""

    count: int
    body: tuple[str, ...]
    #: What stands for the first argument when none is given in square brackets; None when it must be in braces.
    optional: tuple[str, ...] | None = None


Macros = Mapping[str, Macro]
_NAME = r"\s*(?:\{\s*)?(\\[A-Za-z]+)\s*(?:\}\s*)?"
_DEFINITION = re.compile(
    rf"\\(?:re|provide)?(?:newcommand|command)\*?{_NAME}(?:\[(\d)\]\s*)?(?:\[([^\[\]\n]{{0,40}})\]\s*)?(?=\{{)"
    r"|\\def\s*(\\[A-Za-z]+)\s*+((?:#\d){0,9}+)\s*(?=\{)"
    rf"|\\DeclareMathOperator\*?{_NAME}(?=\{{)"
    r"|\\(?:New|Renew|Declare)DocumentCommand\s*\{?(\\[A-Za-z]+)\}?\s*\{\s*((?:m\s*){0,9})\}\s*(?=\{)"
)
_DELIMITERS = re.compile(rf"\\(?:re)?DeclarePairedDelimiter{_NAME}(?=[{{\\(|\[])", re.IGNORECASE)


class DialectError(Exception):
    """Text that does not come apart into statements; its text says why."""


def find_macros(text: str) -> Macros:
    r"""Find what ``\newcommand``, ``\def`` and ``\DeclareMathOperator`` define in a whole document."""
    macros: dict[str, Macro] = {}
    for found in islice(_DEFINITION.finditer(text), MOST_MACROS):
        marks = [Mark(token, 0) for token in TOKEN.findall(text[found.end() : found.end() + 1000])]
        body = tuple(mark.text for mark in argument(marks, 0)[0])
        if found[6]:
            body = (r"\operatorname", "{", *body, "}")
        count = int(found[2] or 0) if found[1] else (found[5] or "").count("#") + (found[8] or "").count("m")
        optional = tuple(TOKEN.findall(found[3])) if found[3] is not None else None
        macros[found[1] or found[4] or found[6] or found[7]] = Macro(count, body, optional)
    for found in islice(_DELIMITERS.finditer(text), MOST_MACROS):
        marks = [Mark(token, 0) for token in TOKEN.findall(text[found.end() : found.end() + 100])]
        left, end = argument(marks, 0)
        right, _ = argument(marks, end)
        # A size may stand in square brackets before what it is put around.
        body = (*(mark.text for mark in left), "#", "2", *(mark.text for mark in right))
        macros[found[1]] = Macro(2, body, optional=())
    return macros


def expanded(marks: Sequence[Mark], macros: Macros) -> list[Mark]:
    """Write macros out; what comes of one stands where its name does. It may be `MOST_TOKENS` in all."""
    waiting = list(marks)[::-1]
    done: list[Mark] = []
    handled = 0
    while waiting:
        handled += 1
        if handled > MOST_TOKENS or len(waiting) > MOST_TOKENS:
            raise DialectError(f"it has more than {MOST_TOKENS} symbols, its macros written out")
        mark = waiting.pop()
        if (macro := macros.get(mark.text)) is None:
            done.append(mark)
            continue
        if waiting and waiting[-1].text == "*" and macro.optional is not None:
            waiting.pop()
        arguments: list[list[Mark]] = []
        if macro.optional is not None and macro.count:
            arguments.append(_optional(waiting, mark, macro.optional))
        while len(arguments) < macro.count:
            front = waiting[: -MOST_IN_ARGUMENT - 1 : -1]
            given, used = argument(front, 0)
            arguments.append(given)
            del waiting[len(waiting) - used :]
        written = _written(macro.body, arguments, mark.at)
        handled += len(written)
        waiting += written[::-1]
    return done


def _optional(waiting: list[Mark], mark: Mark, usual: Sequence[str]) -> list[Mark]:
    """Take a first argument in square brackets off what waits, or what stands for it."""
    front = waiting[: -MOST_IN_ARGUMENT - 1 : -1]
    if front and front[0].text == "[":
        end = next((k for k, one in enumerate(front) if one.text == "]"), -1)
        if end > 0:
            del waiting[len(waiting) - end - 1 :]
            return front[1:end]
    return [Mark(token, mark.at) for token in usual]


def _written(body: Sequence[str], arguments: Sequence[Sequence[Mark]], at: int) -> list[Mark]:
    written: list[Mark] = []
    skip = False
    for this, following in zip(body, (*body[1:], ""), strict=True):
        if skip:
            skip = False
        elif this == "#" and following.isdecimal() and 0 < int(following) <= len(arguments):
            written += arguments[int(following) - 1]
            skip = True
        else:
            written.append(Mark(this, at))
    return written
