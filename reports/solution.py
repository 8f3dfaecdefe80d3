"""The solution: every equality proved before it is printed, with its reason beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pylatex import Command, Document, Section, Subsection, Subsubsection
from pylatex.utils import NoEscape

from autograder.errors import ReportError
from autograder.mathematics.proof.records import Proof, ProvedDerivation, Tally
from autograder.model import Assignment, Question
from reports.latex import (
    Box,
    Chain,
    Figure,
    Result,
    facts,
    from_markdown,
    heading,
    heat_map,
    new_document,
    prose,
)
from reports.worked import Example, worked_numbers

MARGINS = "left=20mm,right=18mm,top=21mm,bottom=19mm"


def solution(
    assignment: Assignment, proof: Proof, examples: Sequence[Example], *, author: str = "", date: str = ""
) -> Document:
    """Lay the solution out.

    Parameters
    ----------
    assignment : Assignment
        Its questions.
    proof : Proof
        Of all their derivations.
    examples : sequence of Example
        Worked numbers.
    author, date : str
        For the title; the assignment's own when empty.

    Returns
    -------
    pylatex.Document
        To be compiled.

    Raises
    ------
    ReportError
        If an equality is not proved, or not all are in the proof: nothing unproved is printed.
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
        margins=MARGINS,
    )
    # Headings without numbers are bookmarks all the same: not starred, but deeper than numbers go.
    document.append(_numbered_down_to(-1))
    _notation(document, assignment)
    document.append(_numbered_down_to(2))
    for section, questions in groupby(assignment.questions, key=lambda question: question.section or question.title):
        with document.create(Section(NoEscape(prose(section)), label=False)):
            for question in questions:
                _question(document, question, proof)
    if examples:
        worked_numbers(document, examples)
    _record(document, proof)
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


def _numbered_down_to(depth: int) -> Command:
    return Command("setcounter", arguments=["secnumdepth", NoEscape(depth)])


def _notation(document: Document, assignment: Assignment) -> None:
    rows = [
        (
            rf"${s.latex}$",
            from_markdown(s.meaning),
            f"${s.shape}$" if s.shape else "",
            from_markdown(s.code) if s.code else "",
        )
        for question in assignment.questions
        for s in question.notation
    ]
    if rows:
        with document.create(Section("Notation and shapes", label=False)):
            columns = r"@{}p{28mm}>{\raggedright\arraybackslash}p{66mm}p{20mm}>{\raggedright\arraybackslash}p{44mm}@{}"
            document.append(NoEscape(r"{\renewcommand{\arraystretch}{1.3}"))
            document.append(facts(("symbol", "meaning", "on paper", "in code"), rows, columns))
            document.append(NoEscape("}"))


def _question(document: Document, question: Question, proof: Proof) -> None:
    with document.create(Subsection(NoEscape(prose(question.heading or question.title)), label=False)):
        asked = Box(ground="ground", frame="rule")
        asked.append(from_markdown(question.prompt))
        document.append(asked)
        for derivation in proof.derivations:
            if derivation.question == question.id:
                _derivation(document, derivation)
        if question.heat_map is not None:
            _heat_map(document, question)


def _derivation(document: Document, derivation: ProvedDerivation) -> None:
    with document.create(Subsubsection(heading(derivation.title), label=False)):
        for assumed in derivation.assumes:
            document.append(NoEscape(rf"\textit{{Assumed:}} {from_markdown(assumed)}\par\nobreak"))
        reasons = [from_markdown(step.reason) for step in derivation.steps]
        if derivation.condition:
            reasons[0] = NoEscape(rf"For ${derivation.condition}$: {reasons[0][:1].lower()}{reasons[0][1:]}")
        document.append(Chain(derivation.left, [(s.latex, r) for s, r in zip(derivation.steps, reasons, strict=True)]))
        if derivation.result:
            document.append(_result(derivation))
        for remark in derivation.remarks:
            document.append(NoEscape(rf"{from_markdown(remark)}\par"))


def _result(derivation: ProvedDerivation) -> Result:
    conditions = [f"${derivation.condition}$"] if derivation.condition else []
    conditions += [from_markdown(derivation.when)] if derivation.when else []
    return Result(
        f"Result {derivation.result}",
        f"{derivation.left} = {derivation.steps[-1].latex}",
        shape=r" \times ".join(derivation.shape),
        when=", ".join(conditions),
        words=from_markdown(derivation.in_words),
    )


def _heat_map(document: Document, question: Question) -> None:
    shown = question.heat_map
    assert shown is not None
    label = f"figure:{question.id}"
    document.append(NoEscape(rf"Figure~\ref{{{label}}} shows such derivatives in numbers.\par"))
    drawing = heat_map(shown.panels(), rows=shown.rows, columns=shown.columns)
    caption = f"{from_markdown(shown.caption)} Blue is above 0, orange below."
    document.append(Figure(drawing, caption, label))


def _record(document: Document, proof: Proof) -> None:
    with document.create(Section("Proof record", label=False)):
        document.append(
            NoEscape(
                r"\interlinepenalty=10000 "
                rf"All {len(proof.equalities)} equalities of the {len(proof.derivations)} derivations above were "
                "decided by machine before they were printed, and what is printed was printed from the tree that was "
                "decided. Each was compared with the side before it and with the first side, one often in several "
                f"ways; {proof.for_all_sizes} were decided for all sizes. Each was also held to the rule that its "
                r"reason names. Numbers under ``Worked numbers'' are computed, not proved.\par\footnotesize"
            )
        )
        ways = [(from_markdown(one.words), str(one.equalities)) for one in proof.record if one.kind != "rule"]
        document.append(facts(("how they were decided", "equalities"), ways, r"@{}p{148mm}r@{}"))
        asked: dict[str, list[Tally]] = {}
        for one in proof.record:
            if one.kind == "rule":
                asked.setdefault(one.words, []).append(one)
        rules = [
            (
                from_markdown(words),
                ", ".join(f"{prose(one.rule)} {one.equalities}" for one in alike),
                str(sum(one.equalities for one in alike)),
            )
            for words, alike in asked.items()
        ]
        spec = r"@{}p{110mm}>{\raggedright\arraybackslash}p{44mm}r@{}"
        document.append(facts(("what the rule asks besides", "equalities by rule", "in all"), rules, spec))
