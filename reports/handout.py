"""The handout: what is asked, what each function takes and answers, what it is worth, how to hand it in."""

from collections.abc import Mapping

from pylatex import Document, Itemize, Section, Subsection, Tabular
from pylatex.utils import NoEscape

from autograder.model import Assignment, Part, Question
from autograder.results import VERSIONS
from autograder.templates import filled
from autograder.words import counted
from reports.feedback.markdown import points
from reports.latex import Box, Paper, code, facts, from_markdown, new_document, prose


def handout(
    assignment: Assignment, stubs: Mapping[str, str], *, author: str = "", date: str = "", paper: Paper = "letter"
) -> Document:
    """Lay the handout out; it holds nothing but what students get anyway.

    The stubs are by part. Without an author or a date, the title has the assignment's own, and when it is due.
    """
    title, _, topic = assignment.title.partition(": ")
    document = new_document(
        title=title,
        topic=topic[:1].upper() + topic[1:],
        course=f"{assignment.course}, {assignment.term}",
        author=author or assignment.author,
        date=date or f"due {assignment.due}",
        subject="What is asked, what it is worth, how to hand it in",
        paper=paper,
    )
    # Headings without numbers that are bookmarks all the same.
    document.preamble.append(NoEscape(r"\setcounter{secnumdepth}{-1}"))
    for question in assignment.questions:
        _question(document, question, stubs)
    with document.create(Section("What it is worth", label=False)):
        document.append(_rubric(assignment))
        document.append(
            NoEscape(
                r"\smallskip\noindent Each line of the table earns all of its points or none, except that an "
                r"approximate output earns half of them.\par"
            )
        )
    with document.create(Section("How to hand it in", label=False)), document.create(Itemize()) as rules:
        for rule in filled(
            __package__, "rules.md.j2", versions=VERSIONS, limits=assignment.limits, check=assignment.check_module
        ).splitlines():
            rules.add_item(from_markdown(rule))
    return document


def _question(document: Document, question: Question, stubs: Mapping[str, str]) -> None:
    with document.create(Section(NoEscape(prose(question.title)), label=False)):
        document.append(NoEscape(rf"\noindent\textit{{{counted(question.possible, 'point')}}}\par\nobreak"))
        document.append(from_markdown(question.prompt))
        for part in question.parts:
            _contract(document, part, stubs[part.name])


def _contract(document: Document, part: Part, stub: str) -> None:
    with document.create(Subsection(NoEscape(rf"\texttt{{{prose(part.name)}}}"), label=False)):
        box = Box(frame="rule")
        box.append(code(stub.partition("    raise NotImplementedError")[0].rstrip()))
        document.append(box)


def _rubric(assignment: Assignment) -> Tabular:
    rows = [
        (rf"\texttt{{{prose(part.name)}}}" if number == 0 else "", prose(criterion.title), points(criterion.points))
        for part in assignment.parts
        for number, criterion in enumerate(part.criteria)
    ]
    rows += [
        (prose(question.title.partition(":")[0]), "the derivation", points(question.written_points))
        for question in assignment.questions
        if question.written_points
    ]
    rows.append(("", r"\textbf{total}", rf"\textbf{{{points(assignment.possible)}}}"))
    spec = r"@{}p{56mm}>{\raggedright\arraybackslash}p{102mm}r@{}"
    return facts(("function", "what is judged", "points"), rows, spec)
