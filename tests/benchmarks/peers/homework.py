"""The homework's rubric as tests with stored numbers, the way instructors write them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import numpy as np

from autograder.model import Assignment, Criterion, Part
from autograder.results import Case, Cases

LARGEST = 5
"""Arrays with more rows or columns than this nobody types into a test."""
_SEEN = 8
"""So many characters of a number are enough to know it again."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One test: all or nothing, for the points of one criterion."""

    name: str
    function: str
    title: str
    points: float
    body: str


def questions(assignment: Assignment, cases: Cases) -> tuple[Question, ...]:
    """Write one test for each criterion, with one hidden case of each family it asks for."""
    return tuple(
        Question(
            name=criterion.id.replace(".", "_"),
            function=part.name,
            title=criterion.title,
            points=criterion.points,
            body=_body(part, criterion, cases),
        )
        for part in assignment.parts
        for criterion in part.criteria
    )


def asked(cases: Cases) -> tuple[Case, ...]:
    """The hidden cases that the tests hold: the first of each family, plain and small."""
    return tuple(
        case
        for case in cases.cases
        if case.hidden
        and case.id.endswith(".0")
        and case.layout == "plain"
        and all(max(truth.shape) <= LARGEST for truth in cases.truths[case.id].values())
    )


def known_by(cases: Cases) -> frozenset[str]:
    """The digits by which a hidden input or truth is known where it should not be, plain and in hexadecimals."""
    public = {text for case in cases.cases if not case.hidden for text in _digits(case, cases)}
    plain = {text for case in asked(cases) for text in _digits(case, cases)} - public
    return frozenset(plain | {text.encode().hex() for text in plain})


def _digits(case: Case, cases: Cases) -> Iterator[str]:
    for value in (*case.inputs.values(), *cases.truths[case.id].values()):
        for number in np.ravel(np.abs(value)).tolist():
            # As numpy prints arrays: neither whole nor with an exponent, the last digits rounded.
            if 0.1 < number < 10 and len(text := f"{number:.12f}"[:_SEEN]) == len(text.rstrip("0")):
                yield text


def _body(part: Part, criterion: Criterion, cases: Cases) -> str:
    mine = [case for case in asked(cases) if case.part == part.name and case.family in criterion.families]
    parameters = inspect.signature(part.reference).parameters
    names = list(parameters)
    outputs = [output.name for output in part.outputs]
    rows = ""
    for case in mine:
        values = [case.inputs.get(name, parameters[name].default) for name in names]
        values.append(cases.truths[case.id][criterion.output])
        rows += f"    ({', '.join(map(_literal, values))}),\n"
    call = f"{part.name}({', '.join(names)})"
    if len(outputs) > 1:
        answer = [name if name == criterion.output else "_" for name in outputs]
        act = f"{', '.join(answer)} = {call}\n"
    else:
        act = f"{criterion.output} = {call}\n"
    compared = f"np.testing.assert_allclose({criterion.output}, truth, rtol=1e-6, atol=1e-12)\n"
    if criterion.region is not None:
        act = f"{criterion.output} = np.asarray({call})\n"
        picked = {
            "diagonal": (f"np.diag({criterion.output})", "np.diag(truth)"),
            "off_diagonal": (f"{criterion.output}[~np.eye(len(x), dtype=bool)]", "truth[~np.eye(len(x), dtype=bool)]"),
        }[criterion.id.rpartition(".")[2]]
        compared = f"np.testing.assert_allclose({picked[0]}, {picked[1]}, rtol=1e-6, atol=1e-12)\n"
    return f"for {', '.join(names)}, truth in [\n{rows}]:\n{indent(act + compared, '    ')}"


def _literal(value: Any) -> str:
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(value)
