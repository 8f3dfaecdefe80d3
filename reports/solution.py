"""The solution: every equality proved before it is printed, with its reason beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from pylatex import Document, Section, Subsection, Subsubsection
from pylatex.utils import NoEscape

from autograder.derivation.records import Proof, ProvedDerivation
from autograder.errors import ReportError
from autograder.model import Array, Assignment, Question
from reports.latex import Box, Centred, Result, chain, facts, from_markdown, heat_map, new_document, prose, room

_TOGETHER = 75.0
"""What is longer than this, in mm, may break over pages."""
MARGINS = "left=20mm,right=18mm,top=22mm,bottom=22mm"


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """One public case, worked out.

    Attributes
    ----------
    part : str
        The function.
    inputs : Mapping[str, object]
        What goes in.
    reference, truth : Mapping[str, Array]
        By output: what the reference answers, and what PyTorch's autograd does.
    """

    part: str
    inputs: Mapping[str, Any]
    reference: Mapping[str, Array]
    truth: Mapping[str, Array]


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
        If an equality does not hold: nothing unproved is printed.
    """
    for step in proof.equalities:
        if not step.holds:
            raise ReportError(f"equality {step.number} is not proved ({step.complaint}); `hw1 prove` shows it")
    document = new_document(
        title=f"{assignment.title.partition(':')[0]}: solution",
        subtitle=f"{assignment.course}, {assignment.term}",
        author=author or assignment.author,
        date=date or assignment.due,
        subject=assignment.title,
        margins=MARGINS,
        footer=f"{assignment.course} - {assignment.title}",
    )
    _notation(document, assignment)
    results: dict[str, str] = {}
    for section, questions in groupby(assignment.questions, key=lambda question: question.section or question.title):
        with document.create(Section(NoEscape(prose(section)), label=False)):
            for question in questions:
                _question(document, question, proof, results)
    if examples:
        _examples(document, examples)
    _record(document, proof)
    return document


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
        with document.create(Section("Notation and shapes", label=False, numbering=False)):
            columns = r"@{}p{28mm}>{\raggedright\arraybackslash}p{66mm}p{20mm}>{\raggedright\arraybackslash}p{44mm}@{}"
            document.append(NoEscape(r"{\renewcommand{\arraystretch}{1.45}"))
            document.append(facts(("symbol", "meaning", "on paper", "in code"), rows, columns))
            document.append(NoEscape("}"))


def _question(document: Document, question: Question, proof: Proof, results: dict[str, str]) -> None:
    with document.create(Subsection(NoEscape(prose(question.heading or question.title)), label=False)):
        asked = Box(ground="ground", frame="rule")
        asked.append(from_markdown(question.prompt))
        document.append(asked)
        for derivation in proof.derivations:
            if derivation.question == question.id:
                _derivation(document, derivation, results)
        if question.heat_map is not None:
            _heat_map(document, question)


def _derivation(document: Document, derivation: ProvedDerivation, results: dict[str, str]) -> None:
    document.append(room(_height(derivation)))
    with document.create(Subsubsection(NoEscape(prose(derivation.title)), label=False, numbering=False)):
        for assumed in derivation.assumes:
            document.append(NoEscape(rf"\textit{{Assumed:}} {from_markdown(assumed)}\par"))
        sides = [(step.latex, from_markdown(step.reason)) for step in derivation.steps]
        document.append(chain(derivation.left, sides, derivation.condition))
        if derivation.result:
            results[derivation.result] = str(len(results) + 1)
            condition = rf"\qquad ({derivation.condition})" if derivation.condition else ""
            formula = f"{derivation.left} = {derivation.steps[-1].latex}{condition}"
            document.append(Result(formula, results[derivation.result]))
        for remark in derivation.remarks:
            document.append(NoEscape(rf"{from_markdown(remark)}\par"))


def _height(derivation: ProvedDerivation) -> float:
    """Estimate in mm what a derivation takes, to keep it on one page where it is short."""
    lines = [24.0 if "matrix" in step.latex else 15.0 for step in derivation.steps]
    rest = 16.0 + 8.0 * (len(derivation.assumes) + len(derivation.remarks)) + (20.0 if derivation.result else 0.0)
    return min(sum(lines) + rest, _TOGETHER)


def _heat_map(document: Document, question: Question) -> None:
    shown = question.heat_map
    assert shown is not None
    document.append(room(60))
    figure = Centred()
    figure.append(heat_map(shown.panels(), rows=shown.rows, columns=shown.columns))
    caption = from_markdown(shown.caption)
    figure.append(
        NoEscape(rf"\par\smallskip{{\small {caption} Blue above 0, orange below; the numbers say the rest.}}")
    )
    document.append(figure)


def _examples(document: Document, examples: Sequence[Example]) -> None:
    document.append(room(80))
    with document.create(Section("Worked numbers", label=False)):
        document.append(
            NoEscape(
                "The first public case of each function: what the reference answers, and how far that is from what "
                r"PyTorch's autograd finds by \texttt{backward()}, the largest difference of an element.\par"
            )
        )
        rows = []
        for example in examples:
            given = r"\newline ".join(
                rf"$\mathtt{{{prose(name)}}} = {numbers(value)}$" for name, value in example.inputs.items()
            )
            for number, (output, answer) in enumerate(example.reference.items()):
                apart = float(np.max(np.abs(answer - example.truth[output]), initial=0.0))
                first = rf"\texttt{{{prose(example.part)}}}\newline {given}" if number == 0 else ""
                rows.append((first, rf"$\mathtt{{{prose(output)}}} = {numbers(answer)}$", f"${_power(apart)}$"))
        document.append(NoEscape(r"{\renewcommand{\arraystretch}{1.3}"))
        columns = r"@{}>{\raggedright\arraybackslash}p{70mm}>{\raggedright\arraybackslash}p{66mm}p{24mm}@{}"
        document.append(facts(("function and inputs", "answer", "from PyTorch"), rows, columns))
        document.append(NoEscape("}"))


def numbers(value: Any) -> str:
    """Write a number, a vector or a matrix with four decimals.

    Parameters
    ----------
    value : float or Array
        Of at most two dimensions.

    Returns
    -------
    str
        LaTeX.
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{float(array):g}"
    rows = [array] if array.ndim == 1 else list(array)
    inner = r" \\ ".join(" & ".join(f"{float(x):z.4f}" for x in row) for row in rows)
    return rf"\begin{{pmatrix}} {inner} \end{{pmatrix}}"


def _power(value: float) -> str:
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.1e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _record(document: Document, proof: Proof) -> None:
    with document.create(Section("Proof record", label=False)):
        ways = Counter(way for step in proof.equalities for way in dict.fromkeys(_ways(step.how)))
        rules = Counter(step.rule for step in proof.equalities)
        document.append(
            NoEscape(
                rf"All {len(proof.equalities)} equalities of the {len(proof.derivations)} derivations above were "
                "decided by machine before they were printed, and what is printed was printed from the tree that was "
                "decided. Each was compared with the side before it and with the first side, and held to the rule that "
                "its reason names. "
                "One may be decided in several ways, so the counts of the first table add up to more. "
                r"Numbers under ``Worked numbers'' are computed, not proved.\par"
            )
        )
        spec = r"@{}p{90mm}r@{}"
        document.append(facts(("decided", "equalities"), [(prose(w), str(n)) for w, n in ways.most_common()], spec))
        document.append(facts(("by rule", "equalities"), [(prose(r), str(n)) for r, n in rules.most_common()], spec))


def _ways(how: Sequence[str]) -> list[str]:
    """The ways one equality was decided, without saying which side it was compared with."""
    found = []
    for way in how:
        if not way.endswith("likewise"):
            sizes, all_sizes, rest = way.removeprefix("against the first side: ").partition(", for all ")
            found += [sizes, f"for all {rest}"] if all_sizes else [sizes]
    return found
