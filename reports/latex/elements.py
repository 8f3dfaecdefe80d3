"""Pieces that documents are made of, as PyLaTeX objects: boxes, tables, code."""

import textwrap
from collections.abc import Sequence

from pylatex import LongTable, Tabular
from pylatex.base_classes import Container
from pylatex.utils import NoEscape

from reports.latex.escaping import escape

_COLUMNS = 102  #: Characters of code on a line.
_ROWS_OF_A_PAGE = 30  #: A table with more breaks over pages.


class Inline(Container):
    """Contents one after the other, without anything around them."""

    def dumps(self) -> str:
        """Write the contents."""
        return str(self.dumps_content())


class Box(Container):
    """Contents on a colored ground, with a frame of another color; it does not break over pages."""

    def __init__(self, *, frame: str) -> None:
        super().__init__()
        self._frame = frame

    def dumps(self) -> str:
        """Write the box."""
        inner = self.dumps_content()
        return (
            rf"\par\nobreak\vskip 2pt\noindent{{\fboxsep=5pt\fcolorbox{{{self._frame}}}{{ground}}{{"
            r"\begin{minipage}{\dimexpr\linewidth-2\fboxsep-2\fboxrule\relax}\setlength{\parskip}{4pt plus 1pt}"
            r"\abovedisplayskip=5pt\belowdisplayskip=5pt\abovedisplayshortskip=2pt\belowdisplayshortskip=5pt "
            rf"{inner}\end{{minipage}}}}}}\par\medskip"
        )


def beside(left: str, right: str, *, width: float) -> NoEscape:
    """Set LaTeX beside a `Box`, their tops level; `width` is the left one's share of the line."""
    return NoEscape(
        r"\par\nobreak\vskip-7pt\noindent"
        rf"\begin{{minipage}}[t]{{{width:g}\linewidth}}\vspace{{0pt}}{left}\end{{minipage}}\hfill"
        rf"\begin{{minipage}}[t]{{{0.98 - width:g}\linewidth}}\vspace{{-2pt}}{right}\end{{minipage}}\par"
    )


def room(millimeters: float) -> NoEscape:
    """Begin a new page unless this height is left on the present one."""
    return NoEscape(rf"\room{{{millimeters:g}mm}}")


class _WholeTable(Tabular):
    """A table that stands on one page, with the paragraph it needs."""

    _latex_name = "tabular"

    def dumps(self) -> str:
        """Write it as a paragraph."""
        return rf"\par\nobreak\noindent{super().dumps()}\par\smallskip"


def facts(head: Sequence[str], rows: Sequence[Sequence[str]], columns: str) -> Tabular:
    """Lay rows out under a head and a rule, all LaTeX; a long table breaks over pages, and has its head on each."""
    whole = len(rows) <= _ROWS_OF_A_PAGE
    table = (_WholeTable if whole else LongTable)(NoEscape(columns), width=len(head))
    table.append(
        NoEscape(r"\relax " + " & ".join(rf"\textbf{{\footnotesize {cell}}}" for cell in head) + r" \\" + "\n")
    )
    table.append(NoEscape(r"\arrayrulecolor{rule}\hline\noalign{\vskip 3pt}" + ("" if whole else r"\endhead") + "\n"))
    for row in rows:
        # \relax, lest a cell's first letter be read as an option of the line before; it may not stand before a span.
        guard = "" if row[0].startswith(r"\multicolumn") else r"\relax "
        table.append(NoEscape(guard + " & ".join(row) + r" \\[2pt]" + "\n"))
    return table


def code(text: str, columns: int = _COLUMNS, size: str = "footnotesize") -> NoEscape:
    """Set lines of an author's code as they stand; what is longer than so many characters goes on below."""
    lines = []
    for line in text.splitlines():
        start = " " * (len(line) - len(line.lstrip(" ")))
        lines += textwrap.wrap(line, columns, subsequent_indent=start + "  ", break_on_hyphens=False) or [""]
    return NoEscape(rf"{{\ttfamily\{size}\raggedright\parskip=0pt " + r"\\ ".join(map(_code_line, lines)) + r"\par}")


def _code_line(line: str) -> str:
    bare = line.lstrip(" ")
    words = str(escape(bare, len(bare))).replace(r"\allowbreak{}", "").replace(" ", r"\ ")
    return rf"\hspace*{{{0.5 * (len(line) - len(bare)):g}em}}\relax {words}"
