"""What the grader said about every entry, held against what it must say."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from autograder.results import Grade, Score
from autograder.results.found import is_found
from tests.catalogue._entries import Entry
from tests.catalogue._pipeline import Pipeline, rows

COLUMNS = (
    "right kept",
    "right rejected",
    "wrong caught",
    "wrong accepted",
    "named",
    "not named",
    "misnamed",
    "left to the search",
    "oddity unnamed",
    "oddity named",
)
FAULTS = ("right rejected", "wrong accepted", "not named", "misnamed", "oddity named")
"""Columns that must be 0."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgement:
    """One entry's grade under one secret.

    Attributes
    ----------
    entry : Entry
        The entry.
    grade : Grade
        What the grader said.
    columns : tuple of str
        Where it counts in the confusion matrix.
    complaints : tuple of str
        What the grader got wrong; empty when all is well.
    """

    entry: Entry
    grade: Grade
    columns: tuple[str, ...]
    complaints: tuple[str, ...]


def judge(entry: Entry, grade: Grade, beside: Container[str] = ()) -> Judgement:
    """Hold a grade against what the entry declares.

    Parameters
    ----------
    entry : Entry
        What was handed in for one part.
    grade : Grade
        The grader's word on it.
    beside : Container[str]
        Parts for which another entry was handed in; the others were the references, which lose nothing.

    Returns
    -------
    Judgement
        With a complaint for every departure.
    """
    complaints = []
    if grade.status != "graded":
        complaints.append(f"status {grade.status}")
    mine = [score for score in grade.scores if score.part == entry.part]
    for score in grade.scores:
        if score.part != entry.part and score.part not in beside and score.earned != score.possible:
            complaints.append(f"{score.criterion} belongs to another part and earned {_of(score)}")
    verdict, more = (_right if entry.is_right else _wrong)(entry, mine)
    complaints += more
    columns = [verdict]
    if not entry.is_right:
        naming, more = _naming(entry, mine)
        columns.append(naming)
        complaints += more
    return Judgement(entry=entry, grade=grade, columns=tuple(columns), complaints=tuple(complaints))


def _of(score: Score) -> str:
    return f"{score.earned:g} of {score.possible:g} ({score.status})"


def _right(entry: Entry, mine: Sequence[Score]) -> tuple[str, list[str]]:
    complaints = []
    for score in mine:
        must = 0.0 if score.criterion in entry.loses else score.possible
        if score.earned != must:
            complaints.append(f"{score.criterion}: {must:g} due, earned {_of(score)}")
    unknown = set(entry.loses) - {score.criterion for score in mine}
    complaints += [f"{criterion} is no criterion of {entry.part}" for criterion in sorted(unknown)]
    return ("right rejected" if complaints else "right kept"), complaints


def _wrong(entry: Entry, mine: Sequence[Score]) -> tuple[str, list[str]]:
    complaints = []
    lost = [score for score in mine if score.earned < score.possible]
    if not lost:
        return "wrong accepted", ["earned everything"]
    if entry.output is not None:
        complaints += [
            f"{score.criterion}: lost, though only {entry.output} is wrong"
            for score in lost
            if not score.criterion.partition(".")[2].startswith(entry.output)
        ]
        if len(complaints) == len(lost):
            complaints.append(f"nothing lost on {entry.output}")
    for score in mine:
        halved = score.earned == score.possible / 2
        if score.criterion in entry.half and not halved:
            complaints.append(f"{score.criterion}: half due, earned {_of(score)}")
        if halved and not entry.half:
            complaints.append(f"{score.criterion}: nothing due, earned {_of(score)}")
    return "wrong caught", complaints


def _naming(entry: Entry, mine: Sequence[Score]) -> tuple[str, list[str]]:
    names = {score.misconception for score in mine if score.earned < score.possible and score.misconception is not None}
    said = ", ".join(sorted(names)) or "nothing"
    if not entry.misconceptions:
        return ("oddity named", [f"an oddity, but called {said}"]) if names else ("oddity unnamed", [])
    # `python -m tests.catalogue` and tests/naming hold the search to its share: here authors alone speak.
    listed = {name for name in entry.misconceptions if not is_found(name)}
    if names == listed:
        return "left to the search" if entry.is_found else "named", []
    due = ", ".join(sorted(listed)) or "nothing"
    return ("misnamed" if names - listed else "not named"), [f"{due} due, but called {said}"]


def judge_all(pipeline: Pipeline, entries: Sequence[Entry]) -> list[Judgement]:
    """Grade entries under one secret, in one submission as many as there are parts.

    Parameters
    ----------
    pipeline : Pipeline
        The grader's own way.
    entries : Sequence[Entry]
        Any part's. One that calls another part is handed in beside the references.

    Returns
    -------
    list of Judgement
        In the same order.
    """
    parts = {entry.part for entry in entries}
    alone = {entry for entry in entries if entry.names & (parts - {entry.part})}
    together = rows([entry for entry in entries if entry not in alone], lambda entry: entry.part)
    judgements = {}
    for row in (*together, *({entry.part: entry} for entry in alone)):
        grade = pipeline.grade({part: entry.source for part, entry in row.items()}, student="-".join(row))
        judgements |= {entry: judge(entry, grade, row) for entry in row.values()}
    return [judgements[entry] for entry in entries]


def counts(judgements: Iterable[Judgement]) -> dict[str, dict[str, int]]:
    """Count the confusion matrix.

    Parameters
    ----------
    judgements : Iterable[Judgement]
        Of one secret or several.

    Returns
    -------
    dict of dict of int
        By part, then by column.
    """
    table: dict[str, dict[str, int]] = {}
    for judgement in judgements:
        row = table.setdefault(judgement.entry.part, dict.fromkeys(COLUMNS, 0))
        for column in judgement.columns:
            row[column] += 1
    return table


def add(tables: Iterable[dict[str, dict[str, int]]]) -> dict[str, dict[str, int]]:
    """Add up confusion matrices, one for each secret."""
    total: dict[str, dict[str, int]] = {}
    for table in tables:
        for part, row in table.items():
            into = total.setdefault(part, dict.fromkeys(COLUMNS, 0))
            for column, number in row.items():
                into[column] += number
    return total


def lines(table: dict[str, dict[str, int]], title: str) -> list[str]:
    """Write a confusion matrix as text.

    Parameters
    ----------
    table : dict of dict of int
        From `counts`.
    title : str
        Words above it.

    Returns
    -------
    list of str
        Lines; one row per part and one for all.
    """
    rows = {**table, "all": {column: sum(row[column] for row in table.values()) for column in COLUMNS}}
    first = max(len(name) for name in rows)
    text = [title, " " * first + "".join(f"  {column}" for column in COLUMNS)]
    for name, row in rows.items():
        text.append(name.ljust(first) + "".join(f"  {row[column]:>{len(column)}}" for column in COLUMNS))
    return text
