"""Pieces that documents are made of, as PyLaTeX objects: boxes, chains of equalities, tables, code, heat maps."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from pylatex import LongTable, Tabular
from pylatex.base_classes import Arguments, CommandBase, Container
from pylatex.utils import NoEscape

from autograder.model import Array
from reports.latex._escape import escape

_LEFT, _WIDE_LEFT, _CHAIN, _REASON = 14, 22, 122, 44
"""Widths in mm: of the first side, of one that is a sum, of all sides together, of the reasons."""
_COLUMNS = 92
"""Characters of code on a line."""
_HUE_POSITIVE, _HUE_NEGATIVE = "accent", "warm"
_STRONGEST = 45
"""Percent of the colour in the darkest cell: black on it has a contrast above 7."""


class Inline(Container):
    """Contents one after the other, without anything around them."""

    def dumps(self) -> str:
        """Write the contents.

        Returns
        -------
        str
            LaTeX.
        """
        return str(self.dumps_content())


class Box(Container):
    """Contents on a coloured ground, with a frame; it does not break over pages.

    Parameters
    ----------
    ground, frame : str
        Names of colours.
    """

    def __init__(self, *, ground: str, frame: str) -> None:
        super().__init__()
        self._ground, self._frame = ground, frame

    def dumps(self) -> str:
        """Write the box.

        Returns
        -------
        str
            LaTeX.
        """
        inner = self.dumps_content()
        return (
            rf"\par\medskip\noindent{{\fboxsep=5pt\fcolorbox{{{self._frame}}}{{{self._ground}}}{{"
            r"\begin{minipage}{\dimexpr\linewidth-2\fboxsep-2\fboxrule\relax}\setlength{\parskip}{4pt plus 1pt}"
            rf"\abovedisplayskip=5pt\belowdisplayskip=5pt {inner}\end{{minipage}}}}}}\par\medskip"
        )


class _Tag(CommandBase):
    """The number of a result, at the right end of its line."""

    _latex_name = "resulttag"


class Result(Box):
    """A result in a box, with its number, to be referred to.

    Parameters
    ----------
    formula : str
        LaTeX, without dollars.
    number : str
        As it is printed.
    note : str
        LaTeX below it; empty for none.
    """

    def __init__(self, formula: str, number: str, note: str = "") -> None:
        super().__init__(ground="tint", frame="accent")
        self.append(NoEscape(rf"\noindent$\displaystyle {spaced(formula)}$"))
        self.append(_Tag(arguments=Arguments(NoEscape(number))))
        if note:
            self.append(NoEscape(rf"\par{{\footnotesize\color{{soft}} {note}}}"))


def chain(left: str, sides: Sequence[tuple[str, str]], condition: str = "") -> LongTable:
    """Lay a chain of equalities out, one to a line, with the reason beside each.

    Parameters
    ----------
    left : str
        The first side, LaTeX.
    sides : sequence of (str, str)
        The sides that follow and their reasons, LaTeX.
    condition : str
        When it holds, LaTeX; empty when always.

    Returns
    -------
    LongTable
        It may break between two lines.
    """
    start = _WIDE_LEFT if r"\sum" in left else _LEFT
    table = LongTable(
        NoEscape(
            rf"@{{}}>{{\raggedleft\arraybackslash$\displaystyle}}p{{{start}mm}}<{{$}}@{{\;}}"
            rf">{{$\displaystyle}}p{{{_CHAIN - start}mm}}<{{$}}@{{\hspace{{4mm}}}}"
            # Without \leavevmode the colour would take the place of the first line.
            rf">{{\raggedright\arraybackslash\leavevmode\footnotesize\color{{soft}}}}p{{{_REASON}mm}}@{{}}"
        ),
        width=3,
    )
    for number, (side, reason) in enumerate(sides):
        said = rf"for $\displaystyle {condition}$: {reason}" if condition and number == 0 else reason
        first = left if number == 0 else ""
        table.append(NoEscape(rf"{{{first}}} & {{}}={{}} {spaced(side)} & {said} \\ \noalign{{\vskip 7pt}}" + "\n"))
    return table


def spaced(formula: str) -> str:
    """Set the rows of a matrix apart where they hold fractions, which would touch.

    Parameters
    ----------
    formula : str
        LaTeX.

    Returns
    -------
    str
        LaTeX of the same.
    """
    return rf"\def\arraystretch{{1.75}}{formula}" if "matrix" in formula and r"\frac" in formula else formula


def room(millimetres: float) -> NoEscape:
    """Begin a new page unless this much is left on the present one.

    Parameters
    ----------
    millimetres : float
        Height of what shall stay together.

    Returns
    -------
    NoEscape
        LaTeX.
    """
    return NoEscape(rf"\room{{{millimetres:g}mm}}")


def facts(head: Sequence[str], rows: Iterable[Sequence[str]], columns: str) -> LongTable:
    """Lay rows out under a head that comes again on each page.

    Parameters
    ----------
    head : sequence of str
        Headings, LaTeX.
    rows : iterable of sequence of str
        Cells, LaTeX.
    columns : str
        The table's specification.

    Returns
    -------
    LongTable
        With a rule below the head.
    """
    table = LongTable(NoEscape(columns), width=len(head))
    table.append(
        NoEscape(r"\relax " + " & ".join(rf"\textbf{{\footnotesize {cell}}}" for cell in head) + r" \\" + "\n")
    )
    table.append(NoEscape(r"\arrayrulecolor{rule}\hline\noalign{\vskip 3pt}\endhead" + "\n"))
    for row in rows:
        table.append(NoEscape(r"\relax " + " & ".join(row) + r" \\[2pt]" + "\n"))
    return table


def code(text: str) -> NoEscape:
    """Set lines of code as they stand.

    Parameters
    ----------
    text : str
        Lines of an author's, not too long for the page.

    Returns
    -------
    NoEscape
        A paragraph in typewriter.
    """
    lines = []
    for line in text.splitlines():
        start = " " * (len(line) - len(line.lstrip(" ")))
        lines += textwrap.wrap(line, _COLUMNS, subsequent_indent=start + "  ", break_on_hyphens=False) or [""]
    return NoEscape(
        r"{\ttfamily\footnotesize\raggedright\parskip=0pt " + r"\\ ".join(map(_code_line, lines)) + r"\par}"
    )


def _code_line(line: str) -> str:
    bare = line.lstrip(" ")
    words = str(escape(bare, len(bare))).replace(r"\allowbreak{}", "").replace(" ", r"\ ")
    return rf"\hspace*{{{0.5 * (len(line) - len(bare)):g}em}}\relax {words}"


def heat_map(panels: Mapping[str, Array], *, rows: str = "", columns: str = "") -> Tabular:
    """Draw matrices side by side, each number in a cell of its colour.

    Parameters
    ----------
    panels : Mapping[str, Array]
        By a heading in LaTeX, matrices of the same shape.
    rows, columns : str
        LaTeX of a vector whose elements the rows, or the columns, belong to; empty for no labels.

    Returns
    -------
    Tabular
        Deep colour where the number is large: of one hue above 0, of another below.
    """
    outer = Tabular(NoEscape("@{}" + "c@{\\hspace{4mm}}" * (len(panels) - 1) + "c@{}"), width=len(panels))
    outer.append(NoEscape(" & ".join(rf"${heading}$" for heading in panels) + r" \\[3pt]" + "\n"))
    outer.append(
        NoEscape(
            r"\tabcolsep=2.5pt "
            + r" & \tabcolsep=2.5pt ".join(_panel(matrix, rows, columns).dumps() for matrix in panels.values())
            + r" \\"
            + "\n"
        )
    )
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
        panel.append(NoEscape(" & ".join([""] * bool(rows) + labels) + r" \\" + "\n"))
    return panel


def _label(vector: str, number: int) -> str:
    return rf"{{\footnotesize ${vector}_{{{number}}}$}}"


def _cell(value: float, largest: float) -> str:
    hue = _HUE_POSITIVE if value > 0 else _HUE_NEGATIVE
    strength = math.ceil(_STRONGEST * math.sqrt(abs(value) / largest))
    return rf"\cellcolor{{{hue}!{strength}}}{{\footnotesize ${value:+z.3f}$}}"
