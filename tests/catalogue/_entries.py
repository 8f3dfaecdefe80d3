"""How an entry of the catalogue is written down, collected and turned into text."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from autograder.results.found import is_found

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One implementation of one part, and what the grader must say about it.

    Attributes
    ----------
    part : str
        The function it implements: the name of its file.
    function : Callable[..., Any]
        The implementation; never called here, only its text is used.
    is_right : bool
        Whether it keeps everything except `loses`.
    loses : tuple of str
        Criteria a right one may not keep (the naive exponential's stability).
    misconceptions : tuple of str
        The known mistakes a wrong one stands for, all to be named: by an author, or as the search calls it; none for an
        oddity that no author may name.
    output : str, optional
        For a wrong one, the only output it gets wrong; None when any may be.
    half : tuple of str
        Criteria of a wrong one that earn exactly half, as `approx` does. Where none is declared, none may earn half;
        where some are, the others depend on how small the numbers drawn are.
    """

    part: str
    function: Callable[..., Any]
    is_right: bool
    loses: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    output: str | None = None
    half: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the entry, unique within its part."""
        return self.function.__name__

    @property
    def id(self) -> str:
        """Name of the entry, unique in the catalogue."""
        return f"{self.part}.{self.name}"

    @property
    def is_found(self) -> bool:
        """Whether its mistake is left to the search."""
        return any(map(is_found, self.misconceptions))

    @property
    def names(self) -> frozenset[str]:
        """Every name in its text."""
        return frozenset(node.id for node in ast.walk(ast.parse(self.source)) if isinstance(node, ast.Name))

    @cached_property
    def source(self) -> str:
        """Text of the function under the part's name."""
        return source_of(self)


ENTRIES: list[Entry] = []
"""Every entry, in the order of the files and within a file from top to bottom."""


def _collect(function: Callable[..., Any], **said: Any) -> None:
    part = Path(function.__code__.co_filename).stem
    ENTRIES.append(Entry(part=part, function=function, **said))


def right(*, loses: tuple[str, ...] = ()) -> Callable[[Function], Function]:
    """Mark a right implementation.

    Parameters
    ----------
    loses : tuple of str
        Criteria it may not keep all the same.
    """

    def collect(function: Function) -> Function:
        _collect(function, is_right=True, loses=loses)
        return function

    return collect


def wrong(
    *, misconception: str | tuple[str, ...] | None = None, output: str | None = None, half: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """Mark a wrong implementation.

    Parameters
    ----------
    misconception : str or tuple of str, optional
        The known mistake it stands for, or several, each on an output or region of its own.
    output : str, optional
        The only output it gets wrong.
    half : tuple of str
        Criteria that earn exactly half.
    """

    names = (misconception,) if isinstance(misconception, str) else misconception or ()

    def collect(function: Function) -> Function:
        _collect(function, is_right=False, misconceptions=names, output=output, half=half)
        return function

    return collect


def source_of(entry: Entry) -> str:
    """Text of an entry's function, without decorators and renamed to its part, everything else untouched."""
    return renamed(inspect.getsource(entry.function), entry.name, entry.part)


def renamed(text: str, name: str, new: str) -> str:
    """Rename a function in its own text, uses of its own name (recursion, attributes) included.

    Parameters
    ----------
    text : str
        Source of one function, decorators allowed: they are dropped.
    name, new : str
        Its name, and the name it gets.

    Returns
    -------
    str
        The text from ``def`` on; only the names are replaced, by position.
    """
    lines = textwrap.dedent(text).splitlines(keepends=True)
    tree = ast.parse("".join(lines))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert function.name == name
    places = [(node.lineno, node.col_offset) for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == name]
    places.append((function.lineno, function.col_offset + len("def ")))
    for line, column in sorted(places, reverse=True):
        raw = lines[line - 1].encode()  # ast counts columns in UTF-8 bytes
        assert raw[column : column + len(name.encode())] == name.encode()
        lines[line - 1] = (raw[:column] + new.encode() + raw[column + len(name.encode()) :]).decode()
    return "".join(lines[function.lineno - 1 :])
