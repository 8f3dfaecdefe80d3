"""The solution: the answer first, then every equality with its reason, proved before it is printed."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from itertools import groupby

from pylatex import Command, Document, Section, Subsection, Subsubsection
from pylatex.utils import NoEscape

from autograder.errors import ReportError
from autograder.mathematics.proof.records import Proof, ProvedDerivation
from autograder.model import Assignment, Part, Question
from autograder.words import counted, out_of
from reports.feedback.markdown import points
from reports.latex import (
    Box,
    Inline,
    Paper,
    beside,
    chain,
    code,
    figure,
    from_markdown,
    heading,
    heat_map,
    new_document,
    prose,
    result,
    row,
)
from reports.plain import plain
from reports.worked import Example, worked_numbers

_ANSWERS = 0.4  #: The answers' share of the line; their code has the rest.
_WIDE = 40  #: From so many characters on a result has the whole line, and the code stands below.
_COLUMNS = 65  #: Characters of code on a line beside them.


def solution(
    assignment: Assignment,
    proof: Proof,
    codes: Mapping[str, str],
    examples: Sequence[Example],
    *,
    author: str = "",
    date: str = "",
    paper: Paper = "letter",
) -> Document:
    """Lay the solution out, with the proof of all derivations and the code of each part's reference by its name.

    Without an author or a date, the title has the assignment's own.

    Raises `ReportError` if an equality is not proved, or not all are in the proof: nothing unproved is printed.
    """
    _refuse_unproved(assignment, proof)
    title, _, topic = assignment.title.partition(": ")
    document = new_document(
        title=f"{title}: solution",
        topic=topic[:1].upper() + topic[1:],
        course=f"{assignment.course}, {assignment.term}",
        author=author or assignment.author,
        date=date or assignment.due,
        subject=assignment.title,
        paper=paper,
    )
    document.append(_record(proof))
    document.append(Command("setcounter", arguments=["secnumdepth", NoEscape(2)]))
    sections = groupby(assignment.questions, key=lambda question: question.section or question.title)
    for number, (section, questions) in enumerate(sections, 1):
        topic = section.removeprefix(f"{number}: ")
        with document.create(Section(NoEscape(prose(topic[:1].upper() + topic[1:])), label=False)):
            for question in questions:
                _question(document, question, proof, codes)
    if examples:
        worked_numbers(document, examples)
    return document


def _refuse_unproved(assignment: Assignment, proof: Proof) -> None:
    for step in proof.equalities:
        if not step.holds:
            raise ReportError(f"equality {step.number} is not proved ({step.complaint}); `hw1 prove` shows it")
    asked = [
        (question.id, derivation.title, [step.reason for step in derivation.steps])
        for question in assignment.questions
        for derivation in question.derivations
    ]
    if [(one.question, one.title, [step.reason for step in one.steps]) for one in proof.derivations] != asked:
        raise ReportError("the proof is not of all equalities of this assignment; prove all of them to print it")


def _record(proof: Proof) -> NoEscape:
    number = len(proof.equalities)
    sizes = f"{out_of(proof.for_all_sizes, number)} of them for all sizes"
    said = f"all {counted(number, 'equality', 'equalities')} below, {sizes}."
    if number == 1:
        said = "the one equality below."
    if any(derivation.general for derivation in proof.derivations):
        said += " Numbers over equality signs count them."
    return NoEscape(rf"\smallskip{{\small \texttt{{hw1 prove}} decided {said}\par}}")


def _question(document: Document, question: Question, proof: Proof, codes: Mapping[str, str]) -> None:
    """Set a question; one that is a section of its own has its heading already."""
    mine = [derivation for derivation in proof.derivations if derivation.question == question.id]
    own = not (question.section or question.heading)
    below = Subsection(NoEscape(prose(question.heading or f"Question {question.title}")), label=False)
    with nullcontext() if own else document.create(below):
        asked = Box(frame="rule")
        asked.append(NoEscape(rf"\small {from_markdown(question.prompt)}"))
        document.append(asked)
        document.append(_notation(question))
        with document.create(Subsubsection("Answer", label=False)):
            document.append(_answers(question, mine, codes))
        for derivation in mine:
            if not derivation.general:
                _derivation(document, derivation)
        general = [derivation for derivation in mine if derivation.general]
        if general:
            with document.create(Subsubsection("The general case", label=False)):
                _general(document, general)
        if question.heat_map is not None:
            _heat_map(document, question)


def _notation(question: Question) -> NoEscape:
    """Say what each symbol is, one after the other: what it means, its shape on paper, what it is in code."""
    said = []
    for symbol in question.notation:
        facts = [f"${symbol.shape}$"] if symbol.shape else []
        facts += [str(from_markdown(symbol.code))] if symbol.code else []
        words = f"${symbol.latex}$, {from_markdown(symbol.meaning)}"
        said.append(f"{words} ({', '.join(facts)})" if facts else words)
    return NoEscape(rf"{{\small\raggedright\textit{{Notation:}} {'; '.join(said)}.\par}}" if said else "")


def _answers(question: Question, derivations: Sequence[ProvedDerivation], codes: Mapping[str, str]) -> NoEscape:
    """Set the question's results, and beside them the code that computes them with what it is worth."""
    results = r"\vskip 4pt ".join(_result(one) for one in derivations if one.result)
    if not question.parts:
        return NoEscape(results)
    box = Box(frame="rule")
    for part in question.parts:
        box.append(_worth(part))
        box.append(code(codes[part.name], _COLUMNS, "scriptsize"))
    if not results:
        return NoEscape(box.dumps())
    if any(len(plain(f"${one.steps[-1].latex}$")) > _WIDE for one in derivations if one.result):
        return NoEscape(rf"\par\nobreak\noindent {results}\vskip 6pt {box.dumps()}")
    return beside(results, box.dumps(), width=_ANSWERS)


def _worth(part: Part) -> NoEscape:
    """Say what a function is worth, and each of its criteria."""
    rubric = "; ".join(f"{prose(one.title)} ({points(one.points)})" for one in part.criteria)
    whole = counted(sum(one.points for one in part.criteria), "point")
    return NoEscape(rf"{{\footnotesize\raggedright\textbf{{{whole}}} \color{{soft}}{rubric}\par}}")


def _result(derivation: ProvedDerivation) -> NoEscape:
    return result(
        f"{derivation.result}",
        f"{derivation.left} = {derivation.steps[-1].latex}",
        shape=r" \times ".join(derivation.shape),
        when=f"${derivation.condition}$" if derivation.condition else "",
        words=from_markdown(derivation.in_words),
    )


def _derivation(document: Document, derivation: ProvedDerivation) -> None:
    with document.create(Subsubsection(heading(derivation.title), label=False)):
        for assumed in derivation.assumes:
            document.append(NoEscape(rf"{{\small {from_markdown(assumed)}\par}}\nobreak"))
        reasons = [from_markdown(step.reason) for step in derivation.steps]
        if derivation.condition:
            reasons[0] = NoEscape(rf"For ${derivation.condition}$: {reasons[0][:1].lower()}{reasons[0][1:]}")
        document.append(chain(derivation.left, [(s.latex, r) for s, r in zip(derivation.steps, reasons, strict=True)]))
        document.append(_remarks([derivation]))


def _general(document: Document, derivations: Sequence[ProvedDerivation]) -> None:
    """Set chains side by side, a number over each equality sign, and the reasons by these numbers below."""
    rows = "".join(row(one.left, [(step.number, step.latex) for step in one.steps]) for one in derivations)
    reasons = " ".join(
        rf"\reasonof{{{step.number}}}{{{from_markdown(step.reason)}}}" for one in derivations for step in one.steps
    )
    document.append(NoEscape(rf"{{\lineskip=7pt\lineskiplimit=5pt\raggedright\noindent {rows}\par}}"))
    document.append(NoEscape(rf"\nobreak\vskip 2pt{{\footnotesize\raggedright\leavevmode\color{{soft}}{reasons}\par}}"))
    document.append(_remarks(derivations))


def _remarks(derivations: Sequence[ProvedDerivation]) -> Inline:
    block = Inline()
    for remark in (remark for one in derivations for remark in one.remarks):
        block.append(NoEscape(rf"{{\small {from_markdown(remark)}\par}}"))
    return block


def _heat_map(document: Document, question: Question) -> None:
    shown = question.heat_map
    assert shown is not None
    label = f"figure:{question.id}"
    drawing = heat_map(shown.panels(), rows=shown.rows, columns=shown.columns)
    caption = f"{from_markdown(shown.caption)}"
    document.append(figure(drawing, caption, label))
