"""A class's feedback in one run of TeX, split so that each student's file holds that student's pages alone.

TeX marks every page with its student. A student's file is a new one that gets those pages; title, language and outline
are written for it, so nothing that names anybody else can come along. When TeX stops, the class is halved until the
pages at fault are alone, and the others have theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pylatex import Command, Document
from pylatex.base_classes import Arguments
from pylatex.utils import NoEscape

from autograder.errors import ReportError
from autograder.model import Assignment
from autograder.results import Grade
from autograder.shown import decoded
from reports.feedback.pages import PREAMBLE, StudentPages, student_pages
from reports.latex import Engine, Paper, compile_pdf, escape, find_engine, new_document, readable

AT_ONCE = 100
"""Students in one run of TeX."""
MAX_PAGES = 10
_MARK = "/HWStudent"
_END = "end"
"""Name of the anchor after a student's last line: where it is missing, so are lines."""
_OWNER = 60
_SECONDS = 30


@dataclass(frozen=True, kw_only=True, eq=False)
class Typeset:
    """What became of one student's feedback."""

    student: str
    #: The file; empty when it could not be made.
    pdf: bytes = b""
    #: Why not, in one line; else empty.
    problem: str = ""


def typeset_class(
    assignment: Assignment, grades: Sequence[Grade], *, engine: Engine | None = None, paper: Paper = "letter"
) -> Iterator[Typeset]:
    """Make everybody's PDF, in the order of the grades and with the same bytes for the same grades.

    Raises
    ------
    ReportError
        If there is no engine, or it cannot make even a page without a student.
    """
    engine = engine or find_engine()
    for start in range(0, len(grades), AT_ONCE):
        some = grades[start : start + AT_ONCE]
        pages = [student_pages(assignment, grade, f"s{number}") for number, grade in enumerate(some)]
        yield from typeset(assignment, pages, engine, paper)


def typeset(
    assignment: Assignment, pages: Sequence[StudentPages], engine: Engine, paper: Paper = "letter"
) -> Iterator[Typeset]:
    """Compile the pages of some students together, and apart only as far as TeX makes it necessary.

    Raises
    ------
    ReportError
        If not even an empty page can be made.
    """
    left, tried_empty = [pages], False
    while left:
        some = left.pop()
        try:
            made = _together(assignment, some, engine, paper)
        except ReportError as error:
            if not tried_empty:
                # Where an empty page fails too, no student's is at fault.
                compile_pdf(_document(assignment, (), paper), engine=engine)
                tried_empty = True
            if len(some) == 1:
                made = [Typeset(student=some[0].student, problem=str(error))]
            else:
                made = []
                left += [some[len(some) // 2 :], some[: len(some) // 2]]
        yield from made


def _together(assignment: Assignment, pages: Sequence[StudentPages], engine: Engine, paper: Paper) -> list[Typeset]:
    pdf = compile_pdf(_document(assignment, pages, paper), engine=engine, seconds=_SECONDS + len(pages))
    return _split(pdf, assignment, pages)


def _document(assignment: Assignment, pages: Sequence[StudentPages], paper: Paper) -> str:
    document = new_document(margins="textwidth=160mm,hcentering,top=18mm,bottom=22mm", paper=paper)
    for line in (
        *PREAMBLE,
        r"\newcommand{\owner}{}",
        rf"\fancyfoot[L]{{\footnotesize\color{{soft}}{escape(assignment.title)}\newline\texttt{{\owner}}}}",
        rf"\fancyfoot[R]{{\footnotesize\color{{soft}}\ifnum\value{{page}}={MAX_PAGES} "
        r"all that follows is in feedback.md, \fi\thepage}",
    ):
        document.preamble.append(NoEscape(line))
    # Anchors of pages would come again with each student.
    document.append(Command("hypersetup", arguments="pageanchor=false"))
    document.append(NoEscape("No pages." if not pages else ""))
    for number, one in enumerate(pages):
        _begin(document, number, one)
        document.append(one.body)
        document.append(Command("anchor", arguments=f"{one.key}:{_END}"))
    return str(document.dumps())


def _begin(document: Document, number: int, pages: StudentPages) -> None:
    document.append(Command("clearpage"))
    document.append(Command("setcounter", arguments=Arguments("page", 1)))
    document.append(
        Command("renewcommand", arguments=Arguments(NoEscape(r"\owner"), escape(decoded(pages.student), _OWNER)))
    )
    document.append(NoEscape(rf"\global\pdfpageattr={{{_MARK} {number}}}"))


def _split(pdf: bytes, assignment: Assignment, pages: Sequence[StudentPages]) -> list[Typeset]:
    with pikepdf.open(BytesIO(pdf)) as whole:
        owned: list[list[Any]] = [[] for _ in pages]
        for page in whole.pages:
            owned[int(page.obj[_MARK])].append(page)
            del page.obj[_MARK]
        anchors = _anchors(whole)
        if not all(owned) or not all(f"{one.key}:{_END}" in anchors for one in pages):
            raise ReportError("TeX did not reach the end of a student's pages")
        return [
            Typeset(student=one.student, pdf=_own(mine, one, anchors, assignment))
            for one, mine in zip(pages, owned, strict=True)
        ]


def _anchors(whole: pikepdf.Pdf) -> dict[str, tuple[tuple[int, int], float]]:
    """By name, the page's object and the height at which an anchor lies."""
    tree = pikepdf.NameTree(whole.Root.Names.Dests)
    found = {}
    for name, value in tree.items():
        place = value.D if isinstance(value, pikepdf.Dictionary) else value
        if len(place) > 3:
            found[str(name)] = (place[0].objgen, float(place[3]))
    return found


def _own(
    mine: Sequence[Any],
    pages: StudentPages,
    anchors: dict[str, tuple[tuple[int, int], float]],
    assignment: Assignment,
) -> bytes:
    """Make the file of one student out of nothing but that student's pages."""
    kept = mine[:MAX_PAGES]
    place = {page.obj.objgen: number for number, page in enumerate(kept)}
    with pikepdf.new() as pdf:
        pdf.pages.extend(kept)
        pdf.Root.Lang = pikepdf.String("en-US")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pdf.docinfo["/Title"] = readable(f"{assignment.title}: feedback for {decoded(pages.student)}")
        pdf.docinfo["/Subject"] = readable(f"{assignment.course}, {assignment.term}")
        with pdf.open_outline() as outline:
            for number, heading in enumerate(pages.headings):
                page, top = anchors[f"{pages.key}:{number}"]
                if page in place:
                    outline.root.append(pikepdf.OutlineItem(heading, place[page], "XYZ", left=0, top=top))
        target = BytesIO()
        pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
        return target.getvalue()
