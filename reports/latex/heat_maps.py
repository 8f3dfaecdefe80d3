"""Matrices drawn side by side, each number in a cell of its color."""

import math
from collections.abc import Mapping

from pylatex import Tabular
from pylatex.utils import NoEscape

from autograder.model import Array

_HUE_POSITIVE, _HUE_NEGATIVE = "accent", "warm"
_STRONGEST = 45  #: Percent of the color in the darkest cell: black on it has a contrast above 7.
_WIDTH = 11.2  #: Of a cell, in millimeters.
_MARKS = (-1.0, -0.5, -0.1, 0.0, 0.1, 0.5, 1.0)  #: Numbers of the scale, as shares of the largest.


def figure(drawing: Tabular, caption: str, label: str) -> NoEscape:
    """Set what is drawn in the middle of the line, with a number and a caption; it does not float."""
    return NoEscape(r"\shownfigure{%" + f"\n{drawing.dumps()}}}{{{caption}}}{{{label}}}")


def heat_map(panels: Mapping[str, Array], *, rows: str = "", columns: str = "") -> Tabular:
    """Draw matrices of one shape side by side, each under its heading and each number in a cell of its color.

    A color is deep where the number is large: of one hue above 0, of another below; one scale, drawn below, serves all
    matrices, and all cells are as wide. Headings are LaTeX, and so are `rows` and `columns`, the vectors whose elements
    these belong to.
    """
    largest = max((float(abs(matrix).max()) for matrix in panels.values()), default=0.0) or 1.0
    outer = Tabular(NoEscape("@{}" + "c@{\\hspace{3mm}}" * (len(panels) - 1) + "c@{}"), width=len(panels))
    outer.append(NoEscape(" & ".join(rf"${heading}$" for heading in panels) + r" \\[3pt]" + "\n"))
    cells = r"\def\arraystretch{1.7}\tabcolsep=0.6mm "
    inner = " & ".join(cells + _panel(matrix, rows, columns, largest).dumps() for matrix in panels.values())
    outer.append(NoEscape(inner + r" \\[3pt]" + "\n"))
    outer.append(NoEscape(rf"\multicolumn{{{len(panels)}}}{{c}}{{{_scale(largest).dumps()}}} \\" + "\n"))
    return outer


def _panel(matrix: Array, rows: str, columns: str, largest: float) -> Tabular:
    width = matrix.shape[1]
    # No @{} at the ends: the color reaches over half a column's gap on either side.
    panel = Tabular(NoEscape(("r" if rows else "") + "c" * width), width=width + bool(rows))
    for number, row in enumerate(matrix, 1):
        cells = [_label(rows, number)] if rows else []
        cells += [_cell(float(value), largest) for value in row]
        panel.append(NoEscape(" & ".join(cells) + r" \\" + "\n"))
    if columns:
        labels = [_label(columns, number) for number in range(1, width + 1)]
        panel.append(NoEscape(r"\noalign{\vskip -3pt}" + " & ".join([""] * bool(rows) + labels) + r" \\" + "\n"))
    return panel


def _scale(largest: float) -> Tabular:
    """Draw the scale of colors with its numbers."""
    scale = Tabular(NoEscape("c" * len(_MARKS)), width=len(_MARKS))
    scale.append(NoEscape(" & ".join(_cell(share * largest, largest) for share in _MARKS)))
    return scale


def _label(vector: str, number: int) -> str:
    return rf"{{\footnotesize ${vector}_{{{number}}}$}}"


def _cell(value: float, largest: float) -> str:
    hue = _HUE_POSITIVE if value > 0 else _HUE_NEGATIVE
    strength = math.ceil(_STRONGEST * math.sqrt(abs(value) / largest))
    return rf"\cellcolor{{{hue}!{strength}}}\makebox[{_WIDTH:g}mm]{{{_number(value)}}}"


def _number(value: float) -> str:
    written = f"{value:+z.3f}"
    if value and float(written) == 0:
        digit, exponent = f"{value:+.0e}".split("e")
        return rf"\scriptsize ${digit}{{\cdot}}10^{{{int(exponent)}}}$"
    return rf"\footnotesize ${written}$" if value else r"\footnotesize $0$"
