"""One student's pages, as PyLaTeX objects: the same facts as in ``feedback.md``, each text of a student's bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pylatex import Command, LongTable, Section, Subsection, Tabular
from pylatex.base_classes import Arguments, CommandBase, Environment
from pylatex.utils import NoEscape

from autograder.model import Assignment, Criterion, Question
from autograder.results import Grade, Score, Status, Verdict
from reports.feedback import RIGHT, WORDS, FailedCase, failed_cases, in_words, numbers, points
from reports.latex import Box, Inline, escape, readable, room

MAX_NOTES = 20
MAX_TEXT = 1_200
"""Characters of one note or one remark on a criterion."""
_MAX_ROWS = 12
_BAR = 28.0
_PANEL, _PAGE = 78.0, 160.0
"""Millimetres: half of the page's width, and all of it."""
_NUMBER = 1.5
"""Millimetres that a character of a matrix takes; `_BETWEEN` columns there is this much more."""
_BETWEEN = 3.2
_COLOURS: Mapping[Status, str] = {"passed": "accent", "approx": "accent", "wrong": "warm"}
_CODE = re.compile(r"`([^`]*)`")

PREAMBLE = (
    r"\newcommand{\scorebar}[3]{\mbox{\textcolor{#1}{\rule{#2}{2.2mm}}\textcolor{rule}{\rule{#3}{2.2mm}}}}",
    r"\newcommand{\anchor}[1]{\smash{\raisebox{\baselineskip}[0pt][0pt]{\pdfdest name{#1} xyz\relax}}}",
    r"\newcommand{\otherwise}[1]{{\fboxsep=1.2pt\fcolorbox{warm}{ground}{#1}}}",
    r"\newenvironment{remark}{\par\raggedright}{\par\medskip}",
    r"\fboxsep=4pt\parskip=3pt plus 1pt",
    r"\makeatletter",
    r"\renewcommand{\section}{\@startsection{section}{1}{0pt}{-14pt plus -3pt}{5pt}{\large\bfseries\color{accent}}}",
    r"\renewcommand{\subsection}{\@startsection{subsection}{2}{0pt}{-8pt plus -2pt}{3pt}{\normalsize\bfseries}}",
    r"\makeatother",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class StudentPages:
    """What one student is to read.

    Attributes
    ----------
    student : str
        Whose.
    key : str
        What the names of its anchors begin with; a colon and a number follow.
    body : Inline
        In the middle of a document whose preamble holds `PREAMBLE`.
    headings : tuple of str
        For the outline. The first is the page's own; each lies where the body has an anchor of its number.
    """

    student: str
    key: str
    body: Inline
    headings: tuple[str, ...]


class _ScoreBar(CommandBase):
    """A bar: as much of it in colour as was earned."""

    _latex_name = "scorebar"

    def __init__(self, colour: str, share: float, width: float) -> None:
        share = min(max(share, 0.0), 1.0)
        super().__init__(arguments=Arguments(colour, f"{share * width:.2f}mm", f"{(1 - share) * width:.2f}mm"))


class _Otherwise(CommandBase):
    """A frame around a number that should be another."""

    _latex_name = "otherwise"

    def __init__(self, number: NoEscape) -> None:
        super().__init__(arguments=Arguments(number))


class _Ragged(Environment):
    """Lines that end where their words do."""

    _latex_name = "remark"


@dataclass(kw_only=True)
class _Outline:
    """Numbers the headings as they are made."""

    key: str
    headings: list[str] = field(default_factory=list)

    def anchor(self, heading: str) -> str:
        """Name a heading; the anchor to be set beside it."""
        self.headings.append(readable(heading))
        return str(Command("anchor", arguments=f"{self.key}:{len(self.headings) - 1}").dumps())


def student_pages(assignment: Assignment, grade: Grade, key: str) -> StudentPages:
    """Lay one student's feedback out.

    Parameters
    ----------
    assignment : Assignment
        For titles.
    grade : Grade
        The student's scores.
    key : str
        What the names of its anchors begin with: letters and digits.

    Returns
    -------
    StudentPages
        Nothing of a hidden case is in it but what ``feedback.md`` says.
    """
    outline = _Outline(key=key)
    body = Inline()
    body.extend(_head(assignment, grade, outline))
    if grade.status == "grader_fault":
        body.append(_warning("Not graded yet. Something went wrong on our side, not on yours; no points are lost."))
    elif grade.status == "unreadable":
        body.append(_warning("Your submission could not be read, so nothing in it was run.", grade.notes))
    else:
        body.append(_table(assignment, grade))
        if all(score.status == "passed" for score in grade.scores):
            body.append(NoEscape(r"\par\medskip Everything is right on all hidden cases.\par"))
        for question in assignment.questions:
            body.extend(_question(question, grade, outline))
        body.extend(_notes(grade.notes, outline))
    body.append(
        NoEscape(
            r"\par\bigskip{\footnotesize\color{soft}Points come from hidden cases only. "
            r"Public cases are shown with their numbers; hidden ones never are.\par}"
        )
    )
    return StudentPages(student=grade.student, key=key, body=body, headings=tuple(outline.headings))


def inline(text: str) -> NoEscape:
    """Set a line of feedback; what stands between backticks is code.

    Parameters
    ----------
    text : str
        Our words, with names of the student's among them.

    Returns
    -------
    NoEscape
        LaTeX.
    """
    left = len(text) - MAX_TEXT
    pieces = _CODE.split(text[:MAX_TEXT])
    set_ = "".join(
        rf"\texttt{{{escape(piece)}}}" if number % 2 else _spaced(piece) for number, piece in enumerate(pieces)
    )
    return NoEscape(f"{set_} [and {left} more]" if left > 0 else set_)


def _spaced(piece: str) -> str:
    """Escape the middle of a sentence: the spaces at its ends stay."""
    before, after = " " * piece[:1].isspace(), " " * piece[-1:].isspace()
    return f"{before}{escape(piece)}{after}" if piece.strip() else before


def _head(assignment: Assignment, grade: Grade, outline: _Outline) -> Iterator[Any]:
    yield NoEscape(outline.anchor(f"Feedback for {grade.student}"))
    about = ", ".join(filter(None, (assignment.course, assignment.term)))
    yield NoEscape(rf"{{\footnotesize\color{{soft}}{escape(about)}\par}}")
    yield NoEscape(rf"{{\Large\bfseries\color{{accent}}\raggedright {escape(assignment.title)}\par}}")
    yield NoEscape(rf"\smallskip{{\large\raggedright Feedback for \texttt{{{escape(grade.student)}}}\par}}\medskip")
    if grade.status != "grader_fault":
        earned, possible = points(grade.earned), points(grade.possible)
        yield NoEscape(rf"{{\Large\bfseries {earned} of {possible} points}}\par\smallskip")
        yield _ScoreBar("accent", grade.earned / grade.possible if grade.possible else 0.0, _PAGE)
        yield NoEscape(r"\par\medskip")


def _warning(words: str, notes: Sequence[str] = ()) -> Inline:
    block = Inline()
    block.append(NoEscape(r"\medskip"))
    box = Box(ground="ground", frame="warm")
    box.append(NoEscape(rf"\raggedright\textbf{{{escape(words)}}}"))
    for note in notes[:MAX_NOTES]:
        box.append(NoEscape(rf"\par {inline(note)}"))
    block.append(box)
    return block


def _colour(status: Status) -> str:
    return _COLOURS.get(status, "soft")


def _table(assignment: Assignment, grade: Grade) -> LongTable:
    """List the questions in bold with their criteria below them; a bar, a word and points for each."""
    titles = {criterion.id: criterion.title for part in assignment.parts for criterion in part.criteria}
    table = LongTable(
        NoEscape(rf"@{{}}>{{\raggedright\arraybackslash}}p{{80mm}}p{{{_BAR:g}mm}}p{{23mm}}"
                 r">{\raggedleft\arraybackslash}p{16mm}@{}"),
        width=4,
    )  # fmt: skip
    table.append(Command("arrayrulecolor", arguments="rule"))
    table.add_row([NoEscape(rf"\footnotesize\color{{soft}} {word}") for word in ("criterion", "", "result", "points")])
    table.end_table_header()
    for question, scores in groupby(grade.scores, key=lambda score: score.question):
        mine = list(scores)
        title = next((one.title for one in assignment.questions if one.id == question), question)
        earned, possible = sum(score.earned for score in mine), sum(score.possible for score in mine)
        table.add_hline()
        table.add_row(
            [
                NoEscape(rf"\rule{{0pt}}{{13pt}}\textbf{{{escape(title)}}}"),
                _ScoreBar("accent", earned / possible, _BAR),
                "",
                NoEscape(rf"\textbf{{{points(earned)} / {points(possible)}}}"),
            ]
        )
        for score in mine:
            table.add_row(_row(score, titles[score.criterion]))
    return table


def _row(score: Score, title: str) -> list[Any]:
    colour = _colour(score.status)
    word = escape(WORDS[score.status])
    return [
        NoEscape(rf"\leftskip=3mm\small {escape(title)}"),
        NoEscape(r"\hspace{6mm}" + _ScoreBar(colour, score.earned / score.possible, _BAR - 6).dumps()),
        NoEscape(rf"\small {word}" if score.status == "passed" else rf"\small\bfseries\color{{{colour}}} {word}"),
        NoEscape(rf"\small {points(score.earned)} / {points(score.possible)}"),
    ]


def _question(question: Question, grade: Grade, outline: _Outline) -> Iterator[Any]:
    """Say what there is to say about one question; nothing when all of it is right."""
    parts = []
    for part in question.parts:
        scores = [score for score in grade.scores if score.part == part.name]
        told = [score for score in scores if score.status != "passed" or score.feedback != RIGHT]
        if told:
            criteria = {criterion.id: criterion for criterion in part.criteria}
            parts += list(_part(part.name, told, failed_cases(scores, _outputs(criteria)), criteria))
    if parts:
        yield room(30)
        section = Section(
            NoEscape(outline.anchor(question.title) + escape(question.title)), numbering=False, label=False
        )
        section.extend(parts)
        yield section


def _outputs(criteria: Mapping[str, Criterion]) -> dict[str, str]:
    return {name: criterion.output for name, criterion in criteria.items()}


def _part(
    name: str, told: Sequence[Score], failed: Sequence[FailedCase], criteria: Mapping[str, Criterion]
) -> Iterator[Any]:
    yield Subsection(NoEscape(rf"\texttt{{{escape(name)}}}"), numbering=False, label=False)
    for (status, feedback), alike in groupby(told, key=lambda score: (score.status, score.feedback)):
        yield _Ragged(data=[_remark(status, feedback, list(alike), criteria)])
    for case in failed:
        yield from _case(name, case)


def _remark(status: Status, feedback: str, scores: Sequence[Score], criteria: Mapping[str, Criterion]) -> NoEscape:
    """What is said of criteria that got the same words."""
    names = r"\\ ".join(
        rf"\textbf{{{escape(criteria[score.criterion].title)}}}: {points(score.earned)} of {points(score.possible)}, "
        rf"\textcolor{{{_colour(status)}}}{{\textbf{{{escape(WORDS[status])}}}}}"
        for score in scores
    )
    return NoEscape(rf"{names}\\ {inline(feedback)}")


def _case(part: str, case: FailedCase) -> Iterator[Any]:
    """A public case: what went in, and for each output what came out beside what is right."""
    yield room(34)
    yield NoEscape(r"\medskip{\small\color{soft}Public case, which you can run yourself:\par}\nopagebreak")
    arguments = r",\ ".join(rf"\mbox{{{escape(name)}}}={escape(numbers(value))}" for name, value in case.inputs.items())
    yield NoEscape(rf"{{\ttfamily\footnotesize\raggedright {escape(part)}({arguments})\par}}\nopagebreak\smallskip")
    for output, verdict in case.verdicts.items():
        yield from _beside(output, verdict)


def _beside(output: str, verdict: Verdict) -> Iterator[Any]:
    shown = verdict.shown or {}
    actual, truth = shown["actual"], shown["truth"]
    right = _matrix(truth)
    mine = None if actual is None else _matrix(actual, truth)
    heads = (
        rf"\texttt{{{escape(output)}}}, yours{_size(actual)}",
        rf"\texttt{{{escape(output)}}}, right{_size(truth)}",
    )
    panels = (
        mine.latex if mine else NoEscape(rf"\rmfamily\footnotesize {escape(_unshown(verdict))}"),
        right.latex,
    )
    narrow = max(right.width, mine.width if mine else 0.0) <= _PANEL
    spec = rf"p{{{_PANEL:g}mm}}@{{\hspace{{4mm}}}}p{{{_PANEL:g}mm}}" if narrow else rf"p{{{_PAGE:g}mm}}"
    table = LongTable(NoEscape(rf"@{{}}{spec}@{{}}"), width=2 if narrow else 1)
    set_heads = [NoEscape(rf"\footnotesize\color{{soft}} {head}") for head in heads]
    set_panels = [NoEscape(rf"\raggedright\ttfamily\scriptsize {panel}\arraybackslash") for panel in panels]
    rows = (
        [set_heads, set_panels]
        if narrow
        else [[one] for pair in zip(set_heads, set_panels, strict=True) for one in pair]
    )
    for row in rows:
        table.add_row(row)
    yield table
    if mine is not None and mine.marked:
        yield NoEscape(r"{\footnotesize\color{soft}Framed in yours: numbers that differ as printed.\par}")


def _unshown(verdict: Verdict) -> str:
    """Words for an answer without numbers; grade.json does not keep what it was instead."""
    vague = verdict.status == "wrong" and verdict.difference is None
    return "nothing that can be shown in numbers; feedback.md says what" if vague else in_words(verdict)


def _size(value: Any) -> str:
    """The shape of an array, for a heading."""
    shape = _shape(value)
    if not shape:
        return ""
    return rf", shape ({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _shape(value: Any) -> tuple[int, ...]:
    sizes = []
    while isinstance(value, list):
        sizes.append(len(value))
        value = value[0] if value else None
    return tuple(sizes)


@dataclass(frozen=True, kw_only=True)
class _Panel:
    """An array as LaTeX, how wide it comes out in millimetres, and whether a number in it is marked."""

    latex: NoEscape
    width: float
    marked: bool = False


def _cells(value: Any) -> list[list[str]] | None:
    """The printed numbers of a vector or matrix, row by row; None for anything else."""
    rows = value if len(_shape(value)) == 2 else [value]
    if not isinstance(value, list) or not all(isinstance(row, list) and row for row in rows):
        return None
    if any(isinstance(one, (list, dict)) for row in rows for one in row) or len({len(row) for row in rows}) > 1:
        return None
    return [[numbers(one) for one in row] for row in rows]


def _matrix(value: Any, truth: Any = None) -> _Panel:
    """Set an array; with a truth of its shape, numbers that are printed otherwise there get a frame."""
    cells = _cells(value)
    longest = max((len(one) for row in cells or [] for one in row), default=0)
    width = (longest * _NUMBER + _BETWEEN) * len(cells[0]) if cells else _PAGE
    if cells is None or len(cells) > _MAX_ROWS or width > _PAGE:
        return _Panel(latex=_text(value), width=_PAGE)
    others = _cells(truth) if _shape(value) == _shape(truth) else None
    table = Tabular(NoEscape("@{}" + "r" * len(cells[0]) + "@{}"), pos="t", width=len(cells[0]), col_space="1mm")
    for row, right in zip(cells, others or cells, strict=True):
        pairs = zip(row, right, strict=True)
        table.add_row([escape(one) if one == other else _Otherwise(escape(one)) for one, other in pairs])
    return _Panel(latex=NoEscape(table.dumps()), width=width, marked=others is not None and others != cells)


def _text(value: Any) -> NoEscape:
    """An array that is too large or too odd for a table: a line a row."""
    rows: Iterable[Any] = value if isinstance(value, list) and len(_shape(value)) > 1 else [value]
    lines = [numbers(row) for row in rows]
    left = len(lines) - _MAX_ROWS
    kept = [str(escape(line, limit=400)) for line in lines[:_MAX_ROWS]]
    return NoEscape(r"\newline ".join([*kept, f"and {left} more rows"] if left > 0 else kept))


def _notes(notes: Sequence[str], outline: _Outline) -> Iterator[Any]:
    if not notes:
        return
    heading = "While your code was loaded"
    yield room(25)
    section = Section(NoEscape(outline.anchor(heading) + heading), numbering=False, label=False)
    section.append(_Ragged(data=[NoEscape(rf"{inline(note)}\par") for note in notes[:MAX_NOTES]]))
    if len(notes) > MAX_NOTES:
        section.append(NoEscape(f"And {len(notes) - MAX_NOTES} more."))
    yield section
