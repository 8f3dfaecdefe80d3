"""The catalogue through the whole grader: every right implementation keeps its points, every wrong one loses some."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.loading import load_assignment
from tests.catalogue import ENTRIES, renamed
from tests.catalogue._matrix import FAULTS, counts, judge_all
from tests.catalogue._pipeline import _Makers, pipelines
from tests.catalogue._same import functions, misconceptions, shape
from tests.catalogue._summary import PROPERTY

SECRETS = [*range(2), *(pytest.param(number, marks=pytest.mark.long) for number in range(2, 10))]


@pytest.fixture(scope="module")
def make() -> Iterator[_Makers]:
    with pipelines() as makers:
        yield makers


@pytest.mark.no_cover  # it takes no way through the code that others do not take, and takes it hundreds of times
@pytest.mark.parametrize("number", SECRETS)
def test_the_grader_is_right_about_every_entry(
    make: _Makers, number: int, record_property: Callable[[str, object], None]
) -> None:
    judgments = judge_all(make(number), ENTRIES)
    table = counts(judgments)
    record_property(PROPERTY, json.dumps(table))
    complaints = [f"{j.entry.id}: {complaint}" for j in judgments for complaint in j.complaints]
    assert complaints == []
    assert {column: sum(row[column] for row in table.values()) for column in FAULTS} == dict.fromkeys(FAULTS, 0)


def test_the_catalogue_is_large_enough() -> None:
    wrong = [entry for entry in ENTRIES if not entry.is_right]
    assert len(ENTRIES) - len(wrong) >= 64
    assert len(wrong) >= 110
    assert sum(1 for entry in wrong if entry.misconceptions) >= len(wrong) / 2
    assert {entry.part for entry in ENTRIES} == {
        "affine_gradients",
        "scaled_cost_gradients",
        "softmax",
        "softmax_jacobian",
    }


def test_no_two_entries_and_no_misconception_are_the_same_code() -> None:
    texts = {f"solutions/{path.name}": path.read_text() for path in sorted(Path("solutions").glob("q*.py"))}
    known = {f"{file}: {name}": shape(node) for file, text in texts.items() for name, node in misconceptions(text)}
    assert len(known) >= 40, "the misconceptions are no longer found in solutions/"
    seen = {code: name for name, code in known.items()}
    same = []
    for entry in ENTRIES:
        first = seen.setdefault(_shape(entry.source), entry.id)
        if first != entry.id:
            same.append(f"{entry.id} is {first}")
    assert same == []


def test_no_entry_returns_a_misconception_s_expression() -> None:
    """A misconception about one of two outputs is written as a lambda for that output alone."""
    known = {
        (name, shape(node))
        for path in sorted(Path("solutions").glob("q*.py"))
        for name, node in misconceptions(path.read_text())
        if isinstance(node, ast.Lambda)
    }
    same = []
    for entry in ENTRIES:
        (_, node), *_ = functions(entry.source)
        last = node.body[-1]
        if len(node.body) == 1 and isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple):
            codes = {shape(ast.Lambda(args=node.args, body=element)) for element in last.value.elts}
            same += [
                f"{entry.id} is {name}" for name in entry.misconceptions for code in codes if (name, code) in known
            ]
    assert same == []


def test_every_misconception_is_stood_for_or_left_out_knowingly() -> None:
    known = {wrong.name for part in load_assignment(Path("solutions")).parts for wrong in part.misconceptions}
    named = {name for entry in ENTRIES if not entry.is_found for name in entry.misconceptions}
    assert named <= known
    assert len(named) >= len(known) / 2


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("def f(a, b):\n    return a - b, 1", "def g(x, y):\n    'Say.'\n    return x - y, 2", True),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a", False),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return a + b", False),
        ("def f(a):\n    return np.outer(a, a)", "def f(a):\n    return np.inner(a, a)", False),
        ("def f(a):\n    return sum(a)", "def f(a):\n    return max(a)", False),
        ("def f(a):\n    return 3 * a", "def f(a):\n    return 3.0 * a", False),
        ("def f(a: int) -> int:\n    k: int = a\n    return k", "def f(v):\n    w = v\n    return w", True),
    ],
)
def test_same_code_means_alike_up_to_names_and_constants(one: str, other: str, alike: bool) -> None:
    assert (_shape(one) == _shape(other)) is alike


def test_a_lambda_is_compared_as_a_function() -> None:
    ((_, node),) = misconceptions("{'m': (wrap(lambda x, g: np.outer(x, g)), 'hint')}")
    assert shape(node) == _shape("def f(a, b):\n    return np.outer(a, b)")


def test_an_entry_s_text_is_renamed_wherever_it_names_itself() -> None:
    text = "@right()\ndef mine(x):\n    'mine'\n    mine.seen = 'é', mine\n    return [mine(v) for v in x]\n"
    assert renamed(text, "mine", "part") == (
        "def part(x):\n    'mine'\n    part.seen = 'é', part\n    return [part(v) for v in x]\n"
    )


def test_entries_keep_the_order_and_the_text_of_their_files() -> None:
    assert [entry.part for entry in ENTRIES] == sorted(
        [entry.part for entry in ENTRIES],
        key=["affine_gradients", "scaled_cost_gradients", "softmax", "softmax_jacobian"].index,
    )
    for entry in ENTRIES:
        ((name, node),) = functions(entry.source)
        assert name == entry.part
        assert not node.decorator_list


def _shape(text: str) -> str:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return shape(node)
