"""Derivations: chains of equalities with the reason beside each, and their results in boxes."""

from __future__ import annotations

from collections.abc import Sequence

from pylatex.base_classes import Arguments, CommandBase, Container
from pylatex.utils import NoEscape


class _Equality(CommandBase):
    """One line: first side or nothing, the next side, the reason."""

    _latex_name = "equality"

    def __init__(self, first: str, side: str, reason: str) -> None:
        super().__init__(arguments=Arguments(*map(NoEscape, (first, side, reason))))

    def dumps(self) -> str:
        """Write each part on a line of its own, as a reader of the .tex expects."""
        return "\\equality" + "%\n".join(f"{{{part}}}" for part in self.arguments._positional_args)


class Chain(Container):
    """A chain of equalities, one to a line, with the reason beside each.

    All is LaTeX: the first side, then those that follow, each with its reason. A page may end inside only where two
    lines or more stand on either side, and then unwillingly.
    """

    def __init__(self, left: str, sides: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for number, (side, reason) in enumerate(sides):
            first = left if number == 0 else ""
            self.append(_Equality(first, spaced(side), reason))

    def dumps(self) -> str:
        """Write the lines."""
        text = r"\par\nobreak\vskip 4pt" + "\n"
        for number, line in enumerate(self, 1):
            inside = 2 <= number <= len(self) - 2
            after = r"\chainend" if number == len(self) else r"\apart" if inside else r"\together"
            text += f"{line.dumps()}\n{after}\n"
        return text


class Row(CommandBase):
    """A whole chain on one line: each equality sign bears its number, and the numbers' reasons follow elsewhere."""

    _latex_name = "chainrow"

    def __init__(self, left: str, sides: Sequence[tuple[int, str]]) -> None:
        equalities = "".join(rf"\numbered{{{number}}}{{{spaced(side)}}}" for number, side in sides)
        super().__init__(arguments=Arguments(NoEscape(left), NoEscape(equalities)))


class Result(CommandBase):
    """A result in a box, with its name. All is LaTeX, and may be empty."""

    _latex_name = "result"

    def __init__(self, name: str, formula: str, *, shape: str = "", when: str = "", words: str = "") -> None:
        super().__init__(arguments=Arguments(*map(NoEscape, (name, shape, spaced(formula), when, words))))


def spaced(formula: str) -> str:
    """Set the rows of a matrix apart where they hold fractions, which would touch."""
    return formula.replace(r" \\ ", r" \\[6pt] ") if "matrix" in formula and r"\frac" in formula else formula
