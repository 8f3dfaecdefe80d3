"""Matrices drawn side by side, each number in a cell of its colour."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pylatex import Tabular
from pylatex.base_classes import Arguments, CommandBase
from pylatex.utils import NoEscape

from autograder.model import Array

_HUE_POSITIVE, _HUE_NEGATIVE = "accent", "warm"
_STRONGEST = 45
"""Percent of the colour in the darkest cell: black on it has a contrast above 7."""


class Figure(CommandBase):
    """What is drawn, in the middle of the line, with a number and a caption; it does not float."""

    _latex_name = "shownfigure"

    def __init__(self, drawing: Tabular, caption: str, label: str) -> None:
        super().__init__(arguments=Arguments(NoEscape("%\n" + drawing.dumps()), NoEscape(caption), label))


def heat_map(panels: Mapping[str, Array], *, rows: str = "", columns: str = "") -> Tabular:
    """Draw matrices of one shape side by side, each under its heading and each number in a cell of its colour.

    A colour is deep where the number is large: of one hue above 0, of another below. Headings are LaTeX, and so are
    `rows` and `columns`, the vectors whose elements these belong to.
    """
    outer = Tabular(NoEscape("@{}" + "c@{\\hspace{4mm}}" * (len(panels) - 1) + "c@{}"), width=len(panels))
    outer.append(NoEscape(" & ".join(rf"${heading}$" for heading in panels) + r" \\[3pt]" + "\n"))
    cells = r"\def\arraystretch{2}\tabcolsep=2.5pt "
    inner = " & ".join(cells + _panel(matrix, rows, columns).dumps() for matrix in panels.values())
    outer.append(NoEscape(inner + r" \\" + "\n"))
    return outer


def _panel(matrix: Array, rows: str, columns: str) -> Tabular:
    largest = float(abs(matrix).max()) or 1.0
    width = matrix.shape[1]
    # No @{} at the ends: the colour reaches over half a column's gap on either side.
    panel = Tabular(NoEscape(("r" if rows else "") + "r" * width), width=width + bool(rows))
    for number, row in enumerate(matrix, 1):
        cells = [_label(rows, number)] if rows else []
        cells += [_cell(float(value), largest) for value in row]
        panel.append(NoEscape(" & ".join(cells) + r" \\" + "\n"))
    if columns:
        labels = [rf"\multicolumn{{1}}{{c}}{{{_label(columns, number)}}}" for number in range(1, width + 1)]
        panel.append(NoEscape(r"\noalign{\vskip -6pt}" + " & ".join([""] * bool(rows) + labels) + r" \\" + "\n"))
    return panel


def _label(vector: str, number: int) -> str:
    return rf"{{\footnotesize ${vector}_{{{number}}}$}}"


def _cell(value: float, largest: float) -> str:
    hue = _HUE_POSITIVE if value > 0 else _HUE_NEGATIVE
    strength = math.ceil(_STRONGEST * math.sqrt(abs(value) / largest))
    written = f"{value:+z.3f}"
    if value and float(written) == 0:
        digit, exponent = f"{value:+.0e}".split("e")
        return rf"\cellcolor{{{hue}!{strength}}}{{\scriptsize ${digit}{{\cdot}}10^{{{int(exponent)}}}$}}"
    return rf"\cellcolor{{{hue}!{strength}}}{{\footnotesize ${written}$}}"
