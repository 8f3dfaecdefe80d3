"""The search looks at few formulas closely, and finds what it would find if it looked at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder import truth
from autograder.grading import PartGrader
from autograder.grading.sheets import sheets
from autograder.loading import load_assignment
from autograder.naming import Library, search, values, writing
from autograder.naming.book import Book
from tests.catalogue._found import Judge
from tests.catalogue._pipeline import secret

MODULES = "tests/assignments/modules"


@pytest.fixture(scope="module")
def judge() -> Judge:
    assignment = load_assignment(Path(MODULES))
    return Judge(MODULES, assignment, truth.compute(assignment, secret(2)))


def said(judge: Judge) -> list[list[tuple[str | None, tuple[str, ...]]]]:
    return [
        [(score.misconception, score.possibly) for score in judge._bare[entry.part].scores(judge._answers[entry])]
        for entry in judge.entries
    ]


def test_what_a_few_cases_rule_out_explains_nothing(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    found = said(judge)
    assert sum(bool(name) for names in found for name, _ in names) > 50
    assert sum(bool(possibly) for names in found for _, possibly in names) >= 2
    counted = []

    def all_of_them(book, seen, wrong):
        few = search_few(book, seen, wrong)
        ways, rows = np.indices((seen.given.shape[1], len(book.names))).reshape(2, -1)
        counted.append((len(few[1]), len(rows)))
        return ways, rows

    search_few = search._candidates
    monkeypatch.setattr(search, "_candidates", all_of_them)
    assert said(judge) == found
    few, every = np.sum(counted, axis=0)
    assert few < 0.05 * every


def test_a_formula_that_is_silent_on_a_few_cases_is_not_ruled_out_by_them() -> None:
    rng = np.random.default_rng(5)
    cases, atoms, count = 8, 2, 60
    sums = rng.uniform(1, 2, (cases, atoms, count))
    sums[rng.random(sums.shape) < 0.4] = np.nan
    book = Book(
        names=("wrong number",) * count,
        sums=sums,
        allowed=np.full(sums.shape, 1e-9),
        shapes=np.zeros((cases, count), dtype=np.int64),
        ordinary=np.ones(cases, dtype=bool),
    )
    heard = np.isnan(sums).mean(axis=0) <= 0.5
    assert not heard.all()
    for row in np.flatnonzero(heard.any(axis=0)).tolist():
        theirs = np.where(np.isnan(sums[:, :, [row]]), 7.0, sums[:, :, [row]])
        every = np.ones_like(theirs, dtype=bool)
        seen = search._Seen(sums=theirs, shapes=np.zeros(cases, dtype=np.int64), given=every[:, 0], wrong=every)
        ways, rows = search._candidates(book, seen, every[0])
        assert row in rows.tolist()
        assert set(ways.tolist()) == {0}
        assert len(rows) < count


def test_a_factor_is_tried_once(small) -> None:
    cases = truth.compute(small, secret(3))
    library = Library(small, cases, None, lambda _: None)
    for question in small.questions:
        for part in question.parts:
            grader = PartGrader(question, part, cases, library=library)
            for factors in grader._search._factors.values():
                each = [(name, one.tobytes()) for name, one in zip(factors.names, factors.values.T, strict=True)]
                assert len(each) == len(set(each)) > 2


def test_a_book_is_the_same_however_it_is_computed(small, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = truth.compute(small, secret(3))
    asked = [
        (question, part, sheet)
        for question in small.questions
        for part in question.parts
        for sheet in sheets(part, cases).values()
    ]
    books = [writing.build(*one, cases.cases_id) for one in asked]
    # One formula after the other, and nothing is held from one to the next.
    monkeypatch.setattr(writing, "_TOGETHER", 1)
    monkeypatch.setattr(values, "_SMALL", 0)
    for one, book in zip(asked, books, strict=True):
        again = writing.build(*one, cases.cases_id)
        assert again.names == book.names
        assert len(book.names) > 20
        np.testing.assert_array_equal(again.shapes, book.shapes)
        for mine, other in ((again.sums, book.sums), (again.allowed, book.allowed)):
            np.testing.assert_allclose(mine, other, rtol=1e-10)
