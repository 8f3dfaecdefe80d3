"""Mistakes that nobody listed: named by the change of the formula that explains every number, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result

from autograder import truth
from autograder.course import PRIVATE
from autograder.grading import Grader, PartGrader
from autograder.loading import load_assignment, module_submission
from autograder.model import Assignment, Part
from autograder.naming import Library
from autograder.naming.following import traced
from autograder.results import Cases, Outcome, Run
from autograder.results.found import KINDS, MOST_SENTENCES, general, is_found, name_of, sentence
from autograder.truth.secret import VARIABLE
from tests.catalogue._found import CALLED, Judge, table
from tests.catalogue._pipeline import secret
from tests.naming.scoring import answered, scored

MODULES = Path(__file__).parents[1] / "assignments" / "modules"


@pytest.fixture(scope="module")
def modules() -> Assignment:
    return load_assignment(MODULES)


@pytest.fixture(scope="module")
def judges(modules: Assignment, small: Assignment) -> dict[str, Judge]:
    """Other homeworks, each under a secret of its own."""
    folders = {"tests/assignments/modules": modules, "tests/small": small}
    return {folder: Judge(folder, one, truth.compute(one, secret(7))) for folder, one in folders.items()}


@pytest.fixture(scope="module")
def small_cases(small: Assignment) -> Cases:
    return truth.compute(small, secret(3))


def test_other_homeworks_are_named_without_any_list(judges):
    for folder, judge in judges.items():
        found = judge.named("search")
        one = [naming for naming in found if naming.formula.changes == 1]
        assert sum(naming.told for naming in one) >= 0.8 * len(one), folder
        assert [naming.formula.line for naming in one if naming.misnamed] == []
        assert sum(naming.possibly for naming in found) >= 0.88 * len(found), folder
    assert [line[:2] for line in table({("tests/small", "search"): found})] == [("sums and errors", "search")]


def test_authors_come_first(judges):
    judge = judges["tests/small"]
    listed = {n.formula: n.names for n in judge.named("list")}
    both = {n.formula: n.names for n in judge.named("both")}
    assert any(listed.values())
    assert all(names <= both[entry] for entry, names in listed.items())


@pytest.mark.parametrize("change", [np.asarray, np.float32, lambda value: value * (1 + 1e-9)])
def test_right_and_approximate_answers_have_no_name(small, small_cases, change):
    for part in small.parts:
        function = partial(_changed, change, part.reference)
        assert {score.misconception for score in scored(small, small_cases, part.name, function)} == {None}


def _changed(change: Callable[[Any], Any], reference: Callable[..., Any], *given: Any) -> Any:
    return change(reference(*given))


@pytest.mark.parametrize(
    "wrong",
    [
        # One number of all departs from what the formula says.
        lambda x, step=2.0: np.cumsum(x) * step**2 + 1e-6 * (len(x) == 5),
        # Right formulas of wrong things only where there is one number.
        lambda x, step=2.0: step * np.cumsum(x) if len(x) > 1 else -step * x,
        lambda x, step=2.0: np.cumsum(np.sin(17 * x)) - step,
        lambda x, step=2.0: np.nan * x,
        lambda x, step=2.0: 1 / 0,
    ],
)
def test_what_no_change_explains_has_no_name(small, small_cases, wrong):
    scores = scored(small, small_cases, small.parts[0].name, wrong)
    assert {score.misconception for score in scores} == {None}
    assert {score.possibly for score in scores} == {()}


def test_a_name_stands_only_where_it_is_the_only_nearest_one(small, small_cases):
    # Cut to whole numbers, or rounded: each has a name, what is both and neither has none.
    part = small.parts[0]
    said = {
        change: {s.misconception for s in scored(small, small_cases, part.name, function)}
        for change, function in {
            "trunc": lambda x, step=2.0: np.trunc(step * np.cumsum(x)),
            "step": lambda x, step=2.0: int(step) * np.cumsum(x),
            "ceil": lambda x, step=2.0: np.ceil(step * np.cumsum(x)) + 1,
        }.items()
    }
    assert said == {"trunc": {"whole numbers"}, "step": {"lost fraction: step"}, "ceil": {None}}


def test_one_change_is_told_and_two_only_to_the_instructor(small, small_cases):
    one = scored(small, small_cases, small.parts[1].name, lambda x, target: 2 * (x + target))
    assert {s.misconception for s in one} == {"wrong sign: target"}
    assert one[0].feedback.count(sentence("wrong sign: target", "dE_dx")) == 1
    two = scored(small, small_cases, small.parts[1].name, lambda x, target: target - x)
    assert {s.misconception for s in two} == {None}
    assert [s.possibly for s in two] == [("opposite sign", "wrong number")]
    assert not any(sentence(name, "dE_dx") in two[0].feedback for name in two[0].possibly)


def test_a_library_keeps_its_books_and_trusts_no_others(small, small_cases, tmp_path):
    ((question, part),) = ((q, q.parts[0]) for q in small.questions[:1])
    told: list[str] = []

    def said(course: Path) -> str | None:
        library = Library(small, small_cases, course, told.append)
        wrong = answered(part, small_cases, lambda x, step=2.0: step * x)
        return PartGrader(question, part, small_cases, library=library).scores(wrong)[0].misconception

    assert said(tmp_path) == "one term"
    (kept,) = (tmp_path / PRIVATE).glob("formulas-*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(told) == 1
    content = kept.read_bytes()
    assert said(tmp_path) == "one term"
    assert len(told) == 1
    other = Library(replace(small, source_sha256="f" * 64), small_cases, tmp_path, told.append)
    other.sentences(question, part, part.outputs[0].name)
    assert len(told) == 2
    for damage in (b"", content[:-100], b"PK" + bytes(300)):
        kept.write_bytes(damage)
        assert said(tmp_path) == "one term"
    kept.chmod(0o644)
    assert said(tmp_path) == "one term"
    assert len(told) == 6
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    assert said(nowhere) == "one term"
    assert told[-1].endswith("the next run computes it again")


def _boom(*_: Any) -> Any:
    raise AssertionError("a mistake is run again")


def test_what_mistakes_answer_is_kept(modules, tmp_path):
    cases = truth.compute(modules, secret(7))
    pairs = [(question, part) for question in modules.questions for part in question.parts]

    def scores(part: Part, grader: PartGrader) -> list[list[tuple[str, str | None, str]]]:
        # Answers of a wrong shape are among them, mutation and exceptions too.
        odd = [lambda *given: given[0].ravel(), lambda *given: given[0].fill(0), _boom]
        functions = [wrong.function for wrong in part.misconceptions] + odd
        found = [grader.scores(answered(part, cases, function)) for function in functions]
        return [[(one.status, one.misconception, one.feedback) for one in each] for each in found]

    first = {part.name: scores(part, PartGrader(question, part, cases)) for question, part in pairs}
    for made in (True, False):
        library = Library(modules, cases, tmp_path, lambda _: None)
        library.search = lambda *_: None  # type: ignore[assignment, method-assign, return-value]
        for question, part in pairs:
            silent = replace(part, misconceptions=tuple(replace(m, function=_boom) for m in part.misconceptions))
            grader = PartGrader(question, part if made else silent, cases, library=library)
            assert scores(part, grader) == first[part.name]
    files = sorted((tmp_path / PRIVATE).glob("mistakes-*"))
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * len(pairs)
    # Of other mistakes, or damaged, it is made again.
    question, part = pairs[0]
    fewer = replace(part, misconceptions=part.misconceptions[1:])
    for damage in (None, b"", b"PK" + bytes(300)):
        if damage is not None:
            files[-1].write_bytes(damage)
        PartGrader(question, fewer, cases, library=library).scores(answered(part, cases, _boom))
        assert len(np.load(tmp_path / PRIVATE / f"mistakes-{part.name}")[f"{part.names[0]} names"]) == len(
            fewer.misconceptions
        )


def test_names_are_the_same_for_a_class_graded_by_the_command(
    hw1: Callable[..., Result], small, small_course, tmp_path
):
    (tmp_path / "in").mkdir()
    texts = {
        "ada": "def running_sums(x, step=2.0):\n    return step * x",
        "bob": "def error_gradient(x, target):\n    return target - x",
    }
    for student, text in texts.items():
        (tmp_path / "in" / f"{student}.py").write_text(f"import numpy as np\n{text}\n")
    words = ["--course", small_course, "--assignment", "tests/small"]
    for name in ("first", "second"):
        result = hw1("grade", tmp_path / "in", "--output", tmp_path / name, *words)
        assert result.exit_code == 0
        assert "one term" in result.output
    files = [
        {
            path.relative_to(out): path.read_bytes()
            for path in out.rglob("*")
            if path.name in {"grade.json", "feedback.md"}
        }
        for out in (tmp_path / "first", tmp_path / "second")
    ]
    assert files[0] == files[1]
    bob = json.loads(files[0][Path("bob/grade.json")])
    assert [s["possibly"] for s in bob["scores"] if "possibly" in s] == [["opposite sign", "wrong number"]]
    assert sentence("one term", "sums").encode() in files[0][Path("ada/feedback.md")]
    assert b"`sums` (one term)" in files[0][Path("ada/feedback.md")]
    page = tmp_path / "report"
    assert hw1("report", "class", tmp_path / "first", "--output", page, *words[2:]).exit_code == 0
    text = next(page.glob("*.html")).read_text()
    assert "Possibly 1 more" in text
    assert hw1("report", "class", tmp_path / "first", "--anonymous", "--output", page, *words[2:]).exit_code == 0


def test_a_dry_run_leaves_no_book_and_reads_what_is_there(hw1: Callable[..., Result], tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "a secret of sixteen letters and more")
    (tmp_path / "ada.py").write_text("def running_sums(x, step=2.0):\n    return step * x\n")
    (tmp_path / "course").mkdir()
    words = ["--dry-run", "--course", tmp_path / "course", "--assignment", "tests/small"]
    dry = hw1("grade", tmp_path / "ada.py", "--output", tmp_path / "out", *words)
    assert "one term" in dry.output
    assert "are computed, once" in dry.output
    assert not list((tmp_path / "course").rglob("formulas-*"))
    assert hw1("grade", tmp_path / "ada.py", "--output", tmp_path / "out", *words[1:]).exit_code == 0
    dry = hw1("grade", tmp_path / "ada.py", "--output", tmp_path / "out", *words)
    assert "no grade would change" in dry.output
    assert "are computed, once" not in dry.output


def test_every_kind_has_its_words():
    assert set(CALLED) == set(KINDS)
    assert len(KINDS) <= MOST_SENTENCES
    for kind, known in KINDS.items():
        names = {name_of(kind), name_of(kind, "x")}
        assert len(names) == 1 + bool(known.plain)
        for name in names:
            assert is_found(name)
            assert "`y`" in sentence(name, "y")
            assert "{" not in sentence(name, "y") + general(name)
            assert general(name)
    assert not is_found("transposed")
    assert general("transposed") == ""


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x if x[0] > 0 else -x,
        np.sort,
        lambda x: np.array([float(v) for v in x]),
        lambda x: x[::2],
        lambda x: x[1:],
        lambda x: x[x],
        lambda x: x[np.arange(len(x)) ** 2 % 5],
        lambda x: np.convolve(x, x, "same"),
        lambda x: np.array([x[0], x[0]]),
        lambda x: [x[at] * (1 + at % 2) for at in range(len(x))],
        lambda x: x + np.arange(5.0),
        lambda x: np.linspace(0, 1, len(x)) * x,
        np.add.reduce,
        lambda x: x @ np.ones(3),
    ],
)
def test_what_is_not_followed_has_no_formula(function):
    cases = [{"x": np.arange(1.0, size)} for size in (3, 5)]
    assert traced(function, cases, ["y"]) == []


def test_no_library_names_nothing_and_a_class_is_graded_all_the_same(small, small_cases):
    part = small.parts[0]
    outcomes = {c.id: Outcome(case=c.id, values=small_cases.truths[c.id]) for c in small_cases.cases}
    outcomes |= answered(part, small_cases, lambda x, step=2.0: step * x)
    run = Run(notes=(), outcomes=outcomes, seconds=0.0)
    grade = Grader(small, small_cases, "bubblewrap").grade(module_submission("ada", ""), run)
    assert {score.misconception for score in grade.scores} == {None}
    assert os.environ.get(VARIABLE) is None
