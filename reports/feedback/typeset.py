"""A class's feedback, many students in one run of TeX, split so that each one's file holds that student's pages alone.

As many runs go on at a time as there are cores. TeX marks every page with its student. A student's file is a new one
that gets those pages; title, language and outline are written for it, so nothing that names anybody else can come
along. When TeX stops, its students are halved until the pages at fault are alone, and the others have theirs.
"""

import itertools
import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
from reports.feedback.pages import StudentPages, student_pages
from reports.latex import (
    Engine,
    NoRoomError,
    Paper,
    Stop,
    compile_pdf,
    escape,
    find_engine,
    new_document,
    readable,
    style,
)

AT_ONCE = 50
"""Students in one run of TeX, whatever the number of cores: fonts hold the characters of all who share a run."""
MAX_PAGES = 10
_MARK = "/HWStudent"
_END = "end"  #: Name of the anchor after a student's last line: where it is missing, so are lines.
_OWNER = 64
_SECONDS = 30


@dataclass(frozen=True, kw_only=True, eq=False)
class Typeset:
    """What became of one student's feedback."""

    student: str
    pdf: bytes = b""  #: The file; empty when it could not be made.
    problem: str = ""  #: Why not, in one line; else empty.


def typeset_class(
    assignment: Assignment, grades: Sequence[Grade], *, engine: Engine | None = None, paper: Paper = "letter"
) -> Generator[Typeset]:
    """Make everybody's PDF, by variant in the order of the grades, and with the same bytes for the same grades.

    Close it where not all are taken: until then TeX goes on.

    Raises `ReportError` if there is no engine, or it cannot make even a page without a student.
    """
    engine = engine or find_engine()
    runs = _runs(assignment, grades)
    workers = len(os.sched_getaffinity(0))
    stop = Stop()
    with ThreadPoolExecutor(workers, thread_name_prefix="typeset") as pool:
        waiting: deque[Future[list[Typeset]]] = deque()
        try:
            while True:
                for one, pages in itertools.islice(runs, workers - len(waiting)):
                    waiting.append(pool.submit(typeset, one, pages, engine, paper, stop))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        finally:
            stop()


def _runs(assignment: Assignment, grades: Sequence[Grade]) -> Iterator[tuple[Assignment, list[StudentPages]]]:
    """Lay out the pages of those who share a run, one run after another."""
    variants: dict[int, Sequence[int]] = {}
    if assignment.variants:
        which = [grade.variant for grade in grades]
        variants = {one: [place for place, its in enumerate(which) if its == one] for one in dict.fromkeys(which)}
    else:
        variants[0] = range(len(grades))  # without reading all of them once more
    for variant, places in variants.items():
        one = assignment.of(variant)
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            yield one, [student_pages(one, grades[place], f"s{number}") for number, place in enumerate(some)]


def typeset(
    assignment: Assignment,
    pages: Sequence[StudentPages],
    engine: Engine,
    paper: Paper = "letter",
    stop: Stop | None = None,
) -> list[Typeset]:
    """Compile the pages of some students together, and apart only as far as TeX makes it necessary.

    Raises `ReportError` if not even an empty page can be made, or there is no room for a student's.
    """
    made: list[Typeset] = []
    left, tried_empty = [pages], False
    while left:
        some = left.pop()
        try:
            made += _together(assignment, some, engine, paper, stop)
        except ReportError as error:
            full = isinstance(error, NoRoomError)
            if full and len(some) == 1:
                raise
            if not tried_empty and not full:
                # Where an empty page fails too, no student's is at fault.
                compile_pdf(_document(assignment, (), paper), engine=engine, stop=stop)
                tried_empty = True
            if len(some) == 1:
                made.append(Typeset(student=some[0].student, problem=str(error)))
            else:
                left += [some[len(some) // 2 :], some[: len(some) // 2]]
    return made


def _together(
    assignment: Assignment, pages: Sequence[StudentPages], engine: Engine, paper: Paper, stop: Stop | None
) -> list[Typeset]:
    tex = _document(assignment, pages, paper)
    pdf = compile_pdf(tex, engine=engine, seconds=_SECONDS + len(pages), stop=stop)
    return _split(pdf, assignment, pages)


def _document(assignment: Assignment, pages: Sequence[StudentPages], paper: Paper) -> str:
    document = new_document(margins="textwidth=160mm,hcentering,top=18mm,bottom=22mm", paper=paper)
    document.preamble.append(style(__package__, "style.tex"))
    for line in (
        # Nothing here refers to anything, and tables are laid out as a whole: a second run would change nothing.
        r"\nofiles\LTchunksize=10000",
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
    mine: Sequence[Any], pages: StudentPages, anchors: dict[str, tuple[tuple[int, int], float]], assignment: Assignment
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
            target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True
        )
        return target.getvalue()
