"""Signs that a submission was made for another variant: its answers fit there, or its code holds constants from there.

A sign is no proof: a person reads it, and a grade does not depend on it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from autograder.loading import reference_source, stub_source
from autograder.loading.variants import headed
from autograder.model import ANOTHER, Assignment
from autograder.model.variants import as_text
from autograder.results import Cell, Score, Submission

MOST = 10
"""How many signs are kept."""

_NUMBER = re.compile(r"(?<![\w.])(?:\d[\d_]*+(?:\.[\d_]*+)?+|\.\d[\d_]*+)(?:[eE][+-]?\d++)?+(?![\w.])")
_ANSWER = re.compile(rf"{ANOTHER}(\d+)")
_LONGEST = 30
_COMMON = frozenset({0.0, 1.0, 2.0})
"""Numbers that any code holds."""


class Signs:
    """What one variant's code may hold that the others' would: found once for all its students."""

    def __init__(self, assignment: Assignment) -> None:
        base = assignment.title.removesuffix(headed("", assignment.variant))
        count = max((len(values) for one in assignment.questions for values in one.variants.values()), default=0)
        others = [number for number in range(1, count + 1) if number != assignment.variant]
        self._titles = {headed(base, number): number for number in others}
        self._constants = _constants(assignment, others)

    def of(self, submission: Submission, scores: Sequence[Score]) -> tuple[str, ...]:
        """Name the signs in one submission, those in its answers first."""
        cells = (*submission.cells, *submission.helpers)
        return tuple(dict.fromkeys((*_answers(scores), *self._headings(cells), *self._numbers(cells))))[:MOST]

    def _headings(self, cells: Iterable[Cell]) -> Iterator[str]:
        text = "\n".join(cell.source for cell in cells)
        yield from (
            f"the file is headed as variant {number}" for title, number in self._titles.items() if title in text
        )

    def _numbers(self, cells: Iterable[Cell]) -> Iterator[str]:
        found = {value for cell in cells for value in _numbers_in(cell.source)} if self._constants else set()
        for value, where in self._constants.items():
            if value in found:
                yield from (f"the code holds {as_text(value)}, {one}" for one in where)


def _answers(scores: Sequence[Score]) -> Iterator[str]:
    for score in scores:
        for name in (score.misconception, *score.possibly):
            if name and (another := _ANSWER.fullmatch(name)):
                yield f"{score.part} answers as in variant {another[1]}"


def _constants(assignment: Assignment, others: Sequence[int]) -> dict[float, list[str]]:
    """Other variants' numbers, by size, and whose they are; without those that this variant's own code may hold."""
    ours = {*_COMMON, *_numbers_in(stub_source(assignment)), *_numbers_in(reference_source(assignment))}
    mine = assignment.variant - 1
    for values in (values for question in assignment.questions for values in question.variants.values()):
        value = values[mine]
        if not isinstance(value, str):
            ours.add(abs(value))
    found: dict[float, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for question in assignment.questions:
        for name, values in question.variants.items():
            for number in others:
                value = values[number - 1]
                if not isinstance(value, str) and abs(value) not in ours:
                    found[float(abs(value))][f"{name} of {question.id}"].append(number)
    return {
        value: [f"{what} in variant {', '.join(map(str, numbers))}" for what, numbers in where.items()]
        for value, where in found.items()
    }


def _numbers_in(text: str) -> Iterator[float]:
    for token in _NUMBER.finditer(text):
        if len(token[0]) <= _LONGEST:
            try:
                yield float(token[0])
            except ValueError:
                continue
