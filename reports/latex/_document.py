"""The document that all others are: fonts, margins, what the PDF says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pylatex import Command, Document, Package
from pylatex.base_classes import Environment
from pylatex.utils import NoEscape

from reports.latex._escape import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT_TITLE = 45
COLOURS = {
    "accent": "1F4E79",
    "soft": "4A5160",
    "tint": "EAF1F8",
    "rule": "B9C4D0",
    "ground": "F3F4F6",
    "warm": "B5541C",
}


class Centred(Environment):
    """Contents in the middle of the line."""

    _latex_name = "center"


def new_document(
    *,
    title: str = "",
    subtitle: str = "",
    author: str = "",
    date: str = "",
    subject: str = "",
    margins: str = "left=25mm,right=25mm,top=24mm,bottom=24mm",
    footer: str = "",
) -> Document:
    """Make an empty document, with its title block if it has a title.

    Parameters
    ----------
    title, subtitle, author, date : str
        For the title block, and for what the PDF says of itself; any text. Without a title there is no block.
    subject : str
        For the PDF alone.
    margins : str
        Options of the geometry package.
    footer : str
        Left of the page number.

    Returns
    -------
    pylatex.Document
        To be appended to, and compiled from its ``dumps()``.
    """
    document = Document(
        documentclass="article",
        document_options=["11pt", "a4paper"],
        fontenc="T1",
        inputenc="utf8",
        lmodern=True,
        textcomp=False,
        page_numbers=False,
        microtype=True,
        geometry_options=None,
    )
    for name, options in (
        ("geometry", margins),
        ("amsmath", None),
        ("bm", None),
        ("xcolor", None),
        ("array", None),
        ("longtable", None),
        ("colortbl", None),
        ("graphicx", None),
        ("fancyhdr", None),
        # Last, as it changes what the others define.
        ("hyperref", "hidelinks,bookmarksnumbered,bookmarksopen,unicode"),
    ):
        document.packages.append(Package(name, options=None if options is None else NoEscape(options)))
    for line in _preamble(title=title, author=author, subject=subject, footer=footer):
        document.preamble.append(NoEscape(line))
    for colour, value in COLOURS.items():
        document.preamble.append(Command("definecolor", arguments=[colour, "HTML", value]))
    # PyLaTeX begins with \\pagestyle{empty} when it is not to count the pages itself.
    document.append(Command("pagestyle", "fancy"))
    if title:
        document.append(_title_block(title, subtitle, " - ".join(text for text in (author, date) if text)))
    return document


def _title_block(title: str, subtitle: str, line: str) -> Centred:
    block = Centred()
    block.append(NoEscape(rf"{{\LARGE\bfseries\color{{accent}} {escape(title)}\par}}"))
    for words, style in ((subtitle, r"\large"), (line, r"\normalsize")):
        if words:
            block.append(NoEscape(rf"\smallskip{{{style}\color{{soft}} {escape(words)}\par}}"))
    return block


def _preamble(*, title: str, author: str, subject: str, footer: str) -> Iterable[str]:
    """Lines that PyLaTeX has no words for."""
    yield r"\input{glyphtounicode}\pdfgentounicode=1"
    yield r"\pdftrailerid{}\pdfsuppressptexinfo=-1"
    yield (
        rf"\hypersetup{{pdftitle={{{escape(title)}}},pdfauthor={{{escape(author)}}},pdfsubject={{{escape(subject)}}},"
        r"pdflang={en-US},pdfcreator={},pdfdisplaydoctitle=true}"
    )
    yield r"\setlength{\parindent}{0pt}\setlength{\parskip}{4pt plus 1pt}\allowdisplaybreaks[1]"
    yield r"\setlength{\emergencystretch}{3em}\widowpenalty=10000\clubpenalty=10000"
    # Not every engine has the fonts for blackboard letters.
    yield r"\newcommand{\mathbb}[1]{\mathrm{I\mkern-3.5mu #1}}"
    yield r"\newcommand{\resulttag}[1]{\hfill\textbf{\color{accent}(#1)}}"
    yield r"\newcommand{\room}[1]{\par\ifdim\dimexpr\pagegoal-\pagetotal\relax<#1\relax\newpage\fi}"
    yield r"\setlength{\LTleft}{0pt}\setlength{\LTright}{0pt plus 1fill}\setlength{\LTpre}{4pt}\setlength{\LTpost}{4pt}"
    yield r"\pagestyle{fancy}\fancyhf{}\renewcommand{\headrulewidth}{0pt}"
    yield rf"\fancyfoot[L]{{\footnotesize\color{{soft}} {escape(footer or title)}}}"
    yield r"\fancyfoot[R]{\footnotesize\color{soft}\thepage}"
