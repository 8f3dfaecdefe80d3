"""The second half of the catalogue: wrong formulas that nobody listed, with what was done. One line each in a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from autograder.model import Assignment

TEXTS = tuple(Path(__file__).with_name(name) for name in ("formulas.txt", "training.txt"))


@dataclass(frozen=True, kw_only=True)
class Formula:
    """One wrong formula.

    Attributes
    ----------
    folder, part : str
        The homework and the function.
    kinds : tuple of tuple of str
        What was done: a change for each answer or region that is wrong, in the ways it may be called.
    changes : int
        The most changes of one answer or region.
    source : str
        The function, under the part's name.
    line : str
        As it stands in the text.
    """

    folder: str
    part: str
    kinds: tuple[tuple[str, ...], ...]
    changes: int
    source: str
    line: str


def formulas(folder: str, assignment: Assignment) -> Iterator[Formula]:
    """Read those of one homework, in order."""
    parts = {part.name: part for part in assignment.parts}
    part, outputs, body, here = "", "", "", ""
    for text in chain.from_iterable(text.read_text(encoding="utf-8").splitlines() for text in TEXTS):
        if text.startswith("= "):
            head, body = text[2:].split(" : ", 1)
            here, part, outputs = head.split(" ", 2)
        elif text and not text.startswith("#") and here == folder:
            said, statement = text.split(" | ", 1)
            kinds = tuple(tuple(way.strip() for way in one.split(" / ")) for one in said.split(";"))
            given = (f"{name}={parts[part].defaults[name]!r}" if name in parts[part].defaults else name for name in parts[part].parameters)
            lines = "; ".join((body, statement))
            named = zip(parts[part].names, outputs.split(", "), strict=True)
            returned = f"dict({', '.join(map('='.join, named))})" if parts[part].as_dict else outputs
            yield Formula(
                folder=here,
                part=part,
                kinds=kinds,
                changes=max(min(way.count("+") for way in ways) for ways in kinds) + 1,
                source=f"def {part}({', '.join(given)}):\n    {lines}\n    return {returned}",
                line=text,
            )
