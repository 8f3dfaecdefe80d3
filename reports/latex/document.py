"""The document that all others are: fonts, margins, what the PDF says of itself."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Literal, TypeAlias

from pylatex import Command, Document, Package
from pylatex.base_classes import Arguments
from pylatex.utils import NoEscape

from reports.latex.escaping import escape

Paper: TypeAlias = Literal["letter", "a4"]
"""What documents are laid out for: lines are as wide on either, so they break alike."""
COLORS = {
    "accent": "1F4E79",
    "soft": "4A5160",
    "tint": "EAF1F8",
    "rule": "B9C4D0",
    "ground": "F3F4F6",
    "warm": "B5541C",
}


def new_document(
    *,
    title: str = "",
    topic: str = "",
    course: str = "",
    author: str = "",
    date: str = "",
    subject: str = "",
    margins: str = "textwidth=176mm,hcentering,top=21mm,bottom=18mm",
    paper: Paper = "letter",
) -> Document:
    """Make an empty document, with its title block and running heads if it has a title.

    All of these may be any text, but `margins`, options of the geometry package; `subject` is for the PDF alone.
    """
    document = _bare(margins, paper)
    for line in _preamble(title=title, author=author, subject=subject):
        document.preamble.append(NoEscape(line))
    document.preamble.append(style(__package__, "style.tex"))
    # PyLaTeX begins with \\pagestyle{empty} when it is not to count the pages itself.
    document.append(Command("pagestyle", "fancy"))
    if title:
        for line in _running(title, course):
            document.preamble.append(NoEscape(line))
        facts = r"\enspace\textbullet\enspace ".join(escape(fact) for fact in (course, author, date) if fact)
        document.append(Command("titleblock", arguments=Arguments(escape(title), escape(topic), NoEscape(facts))))
    return document


def style(package: str, name: str) -> NoEscape:
    """Read definitions of ours that a preamble takes."""
    return NoEscape(files(package).joinpath(name).read_text(encoding="utf-8"))


def _bare(margins: str, paper: Paper) -> Document:
    """The class, the packages, the colors."""
    document = Document(
        documentclass="article",
        document_options=["11pt", f"{paper}paper"],
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
    for color, value in COLORS.items():
        document.preamble.append(Command("definecolor", arguments=[color, "HTML", value]))
    return document


def _running(title: str, course: str) -> Iterable[str]:
    """What stands at the head and the foot of each page."""
    yield r"\renewcommand{\headrulewidth}{0.4pt}\renewcommand{\headrule}{\color{rule}\hrule height\headrulewidth}"
    yield rf"\fancyhead[L]{{\small\color{{soft}} {escape(course)}}}"
    yield rf"\fancyhead[R]{{\small\color{{soft}} {escape(title)}}}"
    yield r"\AtEndDocument{\label{end}}\fancyfoot[C]{\small\color{soft}\thepage\ / \pageref*{end}}"


def _preamble(*, title: str, author: str, subject: str) -> Iterable[str]:
    """Lines that PyLaTeX has no words for."""
    yield r"\input{glyphtounicode}\pdfgentounicode=1"
    yield r"\pdftrailerid{}\pdfsuppressptexinfo=-1"
    yield (
        rf"\hypersetup{{pdftitle={{{escape(title)}}},pdfauthor={{{escape(author)}}},pdfsubject={{{escape(subject)}}},"
        r"pdflang={en-US},pdfcreator={},pdfdisplaydoctitle=true}"
    )
