"""One student's pages, as PyLaTeX objects: the same facts as in ``feedback.md``, each text of a student's bounded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pylatex import Command, Itemize, LongTable, Section, Subsection, Tabular
from pylatex.base_classes import Arguments, Environment
from pylatex.utils import NoEscape

from autograder.model import Assignment, Part, Question
from autograder.results import Grade, Score, Verdict, WrittenQuestion
from autograder.shown import decoded
from autograder.words import Status, counted
from reports.feedback.adjusted import adjusted_lines, total
from reports.feedback.arrays import PAGE, PANEL, panel, size
from reports.feedback.cases import FailedCase, failed_cases, given, in_words, pointer, reasons, result
from reports.feedback.markdown import (
    ALL_HIDDEN,
    NOT_GRADED,
    UNREADABLE,
    ended,
    judged,
    judgments,
    points,
    written_answer,
)
from reports.feedback.summary import summary
from reports.latex import Box, Inline, escape, readable, room

MAX_NOTES = 20
MAX_LINES = 60  #: Of what is said about the written part.
MAX_TEXT = 1_200  #: Characters of one note or one remark on a criterion.
_BAR = 21.0
_STATUSES: Mapping[str, Status] = {"right": "passed", "wrong": "wrong", "missing": "missing", "open": "approx"}
_COLORS: Mapping[Status, str] = {"passed": "accent", "approx": "accent", "wrong": "warm"}
_MARKED = re.compile(r"(`[^`]*`|\*\*[^*]+\*\*)")


@dataclass(frozen=True, kw_only=True, eq=False)
class StudentPages:
    """What one student is to read."""

    student: str
    key: str  #: What the names of its anchors begin with; a colon and a number follow.
    body: Inline  #: In the middle of a document whose preamble holds ``style.tex``.
    #: For the outline. The first is the page's own; each lies where the body has an anchor of its number.
    headings: tuple[str, ...]


def _score_bar(color: str, share: float, width: float) -> Command:
    """Draw a bar: as much of it in color as was earned."""
    share = min(max(share, 0.0), 1.0)
    return Command("scorebar", arguments=Arguments(color, f"{share * width:.2f}mm", f"{(1 - share) * width:.2f}mm"))


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
    """Lay one student's feedback out: nothing of a hidden case is in it but what ``feedback.md`` says.

    The names of its anchors begin with the key: letters and digits.
    """
    outline = _Outline(key=key)
    body = Inline()
    body.extend(_head(assignment, grade, outline))
    if grade.status == "grader_fault":
        body.append(_warning(NOT_GRADED))
    elif grade.status == "unreadable":
        body.append(_warning(UNREADABLE, grade.notes))
    else:
        body.extend(_lines(summary(assignment, grade)))
        body.append(NoEscape(r"\smallskip"))
        body.append(_table(assignment, grade))
        # Below what it explains: at the end it could have a page to itself.
        body.append(NoEscape(rf"{{\footnotesize\leavevmode\color{{soft}}{ALL_HIDDEN}\par}}"))
        body.extend(_notes(grade.notes, outline))
        for question in assignment.questions:
            body.extend(_question(question, grade, outline))
        body.extend(_written(written_answer(assignment, grade), outline))
    return StudentPages(student=grade.student, key=key, body=body, headings=tuple(outline.headings))


def inline(text: str) -> NoEscape:
    """Set a line of feedback: what stands between backticks is code, between two stars bold."""
    left = len(text) - MAX_TEXT
    set_ = "".join(map(_piece, _MARKED.split(text[:MAX_TEXT])))
    return NoEscape(f"{set_} [and {left} more]" if left > 0 else set_)


def _piece(piece: str) -> str:
    if _MARKED.fullmatch(piece):
        return rf"\texttt{{{escape(piece[1:-1])}}}" if piece[0] == "`" else rf"\textbf{{{escape(piece[2:-2])}}}"
    return _spaced(piece)


def _spaced(piece: str) -> str:
    """Escape the middle of a sentence: the spaces at its ends stay."""
    before, after = " " * piece[:1].isspace(), " " * piece[-1:].isspace()
    return f"{before}{escape(piece)}{after}".replace(" = ", "~=~") if piece.strip() else before


def _head(assignment: Assignment, grade: Grade, outline: _Outline) -> Iterator[Any]:
    yield NoEscape(outline.anchor(f"Feedback for {decoded(grade.student)}"))
    about = ", ".join(filter(None, (assignment.course, assignment.term)))
    yield NoEscape(rf"{{\footnotesize\color{{soft}}{escape(about)}\par}}")
    yield NoEscape(rf"{{\Large\bfseries\color{{accent}}\raggedright {escape(assignment.title)}\par}}")
    yield NoEscape(
        rf"\smallskip{{\large\raggedright Feedback for \texttt{{{escape(decoded(grade.student))}}}\par}}\medskip"
    )
    if grade.status != "grader_fault":
        earned = f"{points(total(grade))} of {counted(grade.possible, 'point')}"
        yield NoEscape(rf"{{\Large\bfseries {earned}}}\par\smallskip")
        yield _score_bar("accent", total(grade) / grade.possible if grade.possible else 0.0, PAGE)
        yield NoEscape(r"\par\medskip")
        yield from _adjusted(adjusted_lines(assignment, grade))


def _adjusted(lines: Sequence[str]) -> Iterator[Any]:
    if not lines:
        return
    yield NoEscape(rf"{inline(lines[0])}\par")
    yield _listed(lines[2:-1])
    yield NoEscape(r"\par\medskip")


def _lines(lines: Sequence[str]) -> Iterator[Any]:
    """Set lines of Markdown, lists among them."""
    for listed, some in groupby(filter(None, lines), key=lambda line: line.startswith("- ")):
        if listed:
            yield _listed(some)
        else:
            said = r"\par ".join(map(inline, some))
            yield NoEscape(rf"{{\raggedright {said}\par}}")


def _listed(lines: Iterable[str]) -> Itemize:
    items = Itemize()
    for line in lines:
        items.add_item(inline(line.removeprefix("- ")))
    return items


def _warning(words: str, notes: Sequence[str] = ()) -> Inline:
    block = Inline()
    block.append(NoEscape(r"\medskip"))
    box = Box(frame="warm")
    box.append(NoEscape(rf"\raggedright\textbf{{{escape(words)}}}"))
    for note in notes[:MAX_NOTES]:
        box.append(NoEscape(rf"\par {inline(ended(note))}"))
    block.append(box)
    return block


def _color(status: Status) -> str:
    return _COLORS.get(status, "soft")


def _table(assignment: Assignment, grade: Grade) -> LongTable:
    """List the questions in bold with their criteria below them; a bar, a word and points for each."""
    table = LongTable(
        NoEscape(r"@{}>{\raggedright\arraybackslash}p{80mm}"
                 rf"p{{{_BAR:g}mm}}>{{\raggedright\arraybackslash}}p{{30mm}}"
                 r">{\raggedleft\arraybackslash}p{16mm}@{}"),
        width=4,
    )  # fmt: skip
    table.append(Command("arrayrulecolor", arguments="rule"))
    table.add_row(
        [NoEscape(rf"\leavevmode\footnotesize\color{{soft}} {word}") for word in ("criterion", "", "result", "points")]
    )
    table.end_table_header()
    for question in judged(assignment, grade):
        rows = list(judgments(grade, question))
        earned, possible = sum(one.earned for *_, one in rows), sum(one.possible for *_, one in rows)
        table.add_hline()
        table.add_row(
            [
                NoEscape(rf"\rule{{0pt}}{{13pt}}\textbf{{{escape(question.title)}}}"),
                _score_bar("accent", earned / possible, _BAR),
                "",
                NoEscape(rf"\textbf{{{points(earned)} / {points(possible)}}}"),
            ]
        )
        for title, word, one in rows:
            table.add_row(_row(title, word, one))
    return table


def _row(title: str, word: str, one: Score | WrittenQuestion) -> list[Any]:
    status = one.status if isinstance(one, Score) else _STATUSES[one.word]
    color, word = _color(status), escape(word)
    return [
        NoEscape(rf"\leftskip=3mm\small {escape(title)}"),
        NoEscape(r"\hspace{6mm}" + _score_bar(color, one.earned / one.possible, _BAR - 6).dumps()),
        NoEscape(rf"\small {word}" if status == "passed" else rf"\leavevmode\small\bfseries\color{{{color}}} {word}"),
        NoEscape(rf"\small {points(one.earned)} / {points(one.possible)}"),
    ]


def _question(question: Question, grade: Grade, outline: _Outline) -> Iterator[Any]:
    """Say what there is to say about one question; nothing when all of it is right."""
    parts = []
    for part in question.parts:
        scores = [score for score in grade.scores if score.part == part.name]
        told = [score for score in scores if score.status != "passed" or score.relaid]
        if told:
            parts += list(_part(part, told, failed_cases(scores, part)))
    if parts:
        yield room(30)
        section = Section(
            NoEscape(outline.anchor(question.title) + escape(question.title)), numbering=False, label=False
        )
        section.extend(parts)
        yield section


def _part(part: Part, told: Sequence[Score], failed: Sequence[FailedCase]) -> Iterator[Any]:
    yield Subsection(NoEscape(rf"\texttt{{{escape(part.name)}}}"), numbering=False, label=False)
    titles = {criterion.id: criterion.title for criterion in part.criteria}
    words = [(one, f"{one.feedback}{pointer(one.criterion, failed)}") for one in told]
    for (status, feedback), alike in groupby(words, key=lambda one: (one[0].status, one[1])):
        yield _Ragged(data=[_remark(status, feedback, [score for score, _ in alike], titles)])
    for case in failed:
        yield from _case(part.name, case)


def _remark(status: Status, feedback: str, scores: Sequence[Score], titles: Mapping[str, str]) -> NoEscape:
    """What is said of criteria that got the same words."""
    names = r"\\* ".join(
        rf"\textbf{{{escape(titles[score.criterion])}}}: {points(score.earned)} of {points(score.possible)}, "
        rf"\textcolor{{{_color(status)}}}{{\textbf{{{escape(result(score))}}}}}"
        for score in scores
    )
    return NoEscape(rf"{names}\\* {inline(feedback)}")


def _case(part: str, case: FailedCase) -> Iterator[Any]:
    """A public case: what went in, for each output what came out beside what was expected, and why."""
    yield room(34)
    title = f": {escape(case.title)}" if case.title else ""
    yield NoEscape(rf"\medskip{{\small\leavevmode\color{{soft}}Public case {case.number}{title}\par}}\nobreak")
    arguments = r",\ ".join(rf"\mbox{{{escape(name)}}}={escape(given(value))}" for name, value in case.inputs.items())
    yield NoEscape(rf"{{\ttfamily\footnotesize\raggedright {escape(part)}({arguments})\par}}\nobreak\smallskip")
    for output, verdict in case.in_numbers.items():
        yield from _beside(output, verdict)
    yield from _lines([f"- {reason}" for reason in reasons(case)])


def _beside(output: str, verdict: Verdict) -> Iterator[Any]:
    shown = verdict.shown or {}
    actual, truth = shown["actual"], shown["truth"]
    right = panel(truth)
    mine = None if actual is None else panel(actual, truth)
    heads = (
        rf"\texttt{{{escape(output)}}}, yours{size(actual)}",
        rf"\texttt{{{escape(output)}}}, expected{size(truth)}",
    )
    panels = (mine.latex if mine else NoEscape(rf"\rmfamily\footnotesize {escape(in_words(verdict))}"), right.latex)
    narrow = max(right.width, mine.width if mine else 0.0) <= PANEL
    spec = rf"p{{{PANEL:g}mm}}@{{\hspace{{4mm}}}}p{{{PANEL:g}mm}}" if narrow else rf"p{{{PAGE:g}mm}}"
    set_heads = [NoEscape(rf"\leavevmode\footnotesize\color{{soft}} {head}") for head in heads]
    set_panels = [NoEscape(rf"\raggedright\ttfamily\scriptsize {panel}\arraybackslash") for panel in panels]
    # A head and its numbers stand on one page, the first with what is above them.
    together = [(set_heads, set_panels)] if narrow else [([h], [p]) for h, p in zip(set_heads, set_panels, strict=True)]
    for number, rows in enumerate(together):
        table = Tabular(NoEscape(rf"@{{}}{spec}@{{}}"), width=len(rows[0]))
        for row in rows:
            table.add_row(row)
        yield NoEscape(r"\par\nobreak\noindent" if number == 0 else r"\par\smallskip\noindent")
        yield table
    if mine is not None and mine.marked:
        yield NoEscape(
            r"\par\nobreak\smallskip{\footnotesize\leavevmode\color{soft}In your output, framed: numbers that differ "
            r"as printed.\par}"
        )
    else:
        yield NoEscape(r"\par\smallskip")


def _written(lines: Sequence[str], outline: _Outline) -> Iterator[Any]:
    """Set what feedback.md says of the written part, line by line."""
    kept = [line for line in lines if line]
    for headed, some in groupby(kept[:MAX_LINES], key=lambda line: line.startswith("#")):
        if not headed:
            yield from _lines(list(some))
            continue
        for line in some:
            yield room(13)
            heading = line.lstrip("# ")
            if line.startswith("### "):
                yield Subsection(escape(heading), numbering=False, label=False)
            else:
                yield Section(NoEscape(outline.anchor(heading) + escape(heading)), numbering=False, label=False)
    if len(kept) > MAX_LINES:
        yield NoEscape(f"And {counted(len(kept) - MAX_LINES, 'more line')}, in feedback.md.\\par")


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
