"""Derivations: chains of equalities with the reason beside each, and their results in boxes. All is LaTeX already."""

from collections.abc import Sequence

from pylatex.utils import NoEscape


def chain(left: str, sides: Sequence[tuple[str, str]]) -> NoEscape:
    """Set a chain of equalities, one to a line, with the reason beside each.

    The first side comes apart, those that follow with their reasons. A page may end inside only where two lines or more
    stand on either side, and then unwillingly.
    """
    lines = [r"\par\nobreak\vskip 4pt"]
    for number, (side, reason) in enumerate(sides, 1):
        # Each part on a line of its own, as a reader of the .tex expects.
        parts = (left if number == 1 else "", spaced(side), reason)
        inside = 2 <= number <= len(sides) - 2
        after = r"\chainend" if number == len(sides) else r"\apart" if inside else r"\together"
        lines += [r"\equality" + "%\n".join(f"{{{part}}}" for part in parts), after]
    return NoEscape("\n".join([*lines, ""]))


def row(left: str, sides: Sequence[tuple[int, str]]) -> NoEscape:
    """Set a whole chain on one line: each equality sign bears its number, and the numbers' reasons follow elsewhere."""
    equalities = "".join(rf"\numbered{{{number}}}{{{spaced(side)}}}" for number, side in sides)
    return NoEscape(rf"\chainrow{{{left}}}{{{equalities}}}")


def result(name: str, formula: str, *, shape: str = "", when: str = "", words: str = "") -> NoEscape:
    """Set a result in a box, with its name."""
    return NoEscape(r"\result" + "".join(f"{{{part}}}" for part in (name, shape, spaced(formula), when, words)))


def spaced(formula: str) -> str:
    """Set the rows of a matrix apart where they hold fractions, which would touch."""
    return formula.replace(r" \\ ", r" \\[6pt] ") if "matrix" in formula and r"\frac" in formula else formula
