"""How a submission is read: what it costs that a package, a version or an order is not what the student had."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.grading.sentences import loading
from autograder.loading import Found, part_stub, read_submission, stub_source
from autograder.model import Assignment, Limits
from autograder.release import build_selfcheck, notebook
from autograder.results import VERSIONS, Case, Run
from autograder.sandbox.running import Sandbox
from autograder.wire.notes import OUT_OF_REACH
from reports.handout import handout
from tests import toy

ODD = Path(__file__).parents[1] / "submissions" / "odd"
MARIMO = """\
import marimo

app = marimo.App()
"""

Load = Callable[..., tuple[float | str | None, list[str]]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def load(sandbox: Sandbox, tmp_path: Path) -> Load:
    """Load a module, call its f(1.0), and say what came back and what a student is told about loading."""

    def run(text: str | bytes, *cells: str) -> tuple[float | str | None, list[str]]:
        file = tmp_path / ("ada.ipynb" if cells else "ada.py")
        if cells:
            code = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in (text, *cells)]
            text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": code})
        file.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        case = Case(id="c", part="f", family="f", hidden=False, layout="plain", inputs={"x": 1.0})
        ran: Run = sandbox.run(read_submission(Found(student="ada", paths=(file,))), [case], {"f": ("y",)})
        outcome = ran.outcomes["c"]
        value = outcome.values.get("y")
        answer = float(value) if isinstance(value, np.ndarray) else outcome.exception or outcome.status
        return answer, list(loading(ran.notes, Limits()))

    return run


# ------------------------------------------------------------------------------------------ packages that are not there


def left_out(where: str, module: str) -> str:
    return f"ada.py, {where}: what needs `{module}`, which is not available here, was left out. The rest was run."


def not_there(line: int, module: str) -> str:
    return (
        f"ada.py, line {line}: `{module}` cannot be imported here (numpy and the standard library are available). "
        "The rest of the code was run."
    )


def test_a_decorator_and_a_default_from_a_package_that_is_not_there_are_left_out(load: Load) -> None:
    answer, told = load(
        """\
        import torch, math
        from numba import njit
        cpu = torch.device("cpu")
        @torch.no_grad()
        @njit
        def f(x, on=cpu):
            return x + math.pi - math.pi + 1
        """
    )
    assert answer == 2.0
    assert told == [
        not_there(1, "torch"),
        not_there(2, "numba"),
        left_out("lines 3, 4, and 6", "torch"),
        left_out("line 5", "numba"),
    ]


def test_what_is_left_out_in_a_notebook_is_told_in_its_cell(load: Load) -> None:
    answer, told = load("import torch", "x = 1\n@torch.no_grad()\ndef f(x):\n    return 3.0")
    assert answer == 3.0
    assert [line.partition(":")[0] for line in told] == ["cell 1, line 1", "cell 2, line 2"]


def test_a_mistake_in_a_decorator_or_default_is_one(load: Load) -> None:
    for line in ("@tensorflow\ndef f(x):", "def f(x, y=tensorflow):", "@math.nothing\ndef f(x):"):
        answer, told = load(f"import torch, math\n{line}\n    return x")
        assert answer == "missing", line
        assert told[0] == not_there(1, "torch")
        assert "NameError" in told[1] or "AttributeError" in told[1]


def test_a_name_that_was_found_elsewhere_is_used(load: Load) -> None:
    answer, _ = load(
        "import torch\ndef torch(f): return lambda x: f(x) + 1\n@torch\ndef f(x, y=len): return x + y([1])"
    )
    assert answer == 3.0


@pytest.mark.parametrize(
    "annotated",
    [
        "def f(x: torch.Tensor, *args: Tensor, k: np.float_ = 1) -> Tensor | None: return x",
        "def f(x):\n    def g(v: torch.Tensor) -> 1 / 0: return v\n    return g(x)",
        "class A:\n    t: torch.Tensor\n    def g(self, v: torch.B) -> torch.B: return v\ndef f(x): return A().g(x)",
        "y: torch.Tensor = 1\nz: torch.Tensor\ndef f(x): return x * y",
        "async def g(x: torch.Tensor): pass\nf = lambda x: x",
        "if True:\n    def f(x: torch.Tensor): return x",
    ],
)
def test_an_annotation_costs_nothing(load: Load, annotated: str) -> None:
    assert load(annotated) == (1.0, [])


def test_an_annotation_is_what_it_says_where_it_can_be(load: Load) -> None:
    source = "import torch\ndef f(x: int, y: torch.Tensor = 0) -> float:\n    a = f.__annotations__\n    return "
    answer, _ = load(f"{source}a == {{'x': int, 'y': 'torch.Tensor', 'return': float}} and 1.0 or str(a)")
    assert answer == 1.0


@pytest.mark.parametrize(
    ("imports", "answer"),
    [
        ("import torch", 1.0),
        ("import torch.nn as nn, math, pandas\n    x = math.cos(0)", 1.0),
        ("from torch import nn", 1.0),
        ("if x:\n        import torch", 1.0),
        ("import torch\n    y: torch.Tensor = x\n    def g(v: torch.T) -> torch.T: ...", 1.0),
        ("import torch\n    y: torch.Tensor = torch.ones(1)", "ModuleNotFoundError"),
        ("import torch\n    x = torch.cos(x)", "ModuleNotFoundError"),
        ("import torch\n    x = [lambda: torch]", "ModuleNotFoundError"),
        ("global torch\n    import torch", "ModuleNotFoundError"),
    ],
)
def test_an_import_that_nothing_uses_costs_nothing(load: Load, imports: str, answer: float | str) -> None:
    assert load(f"def f(x):\n    {imports}\n    return x")[0] == answer


# ------------------------------------------------------------------------------------------------- marimo's notebooks


def test_the_cells_of_marimo_run_in_the_order_of_what_they_need(load: Load) -> None:
    answer, told = load(
        MARIMO
        + textwrap.dedent(
            """\
            @app.cell
            def _(b):
                _k = 5
                f = lambda x: x + b + _k
                return (f,)

            @app.cell(hide_code=True)
            async def _(a):
                _k = 7
                b = a + 1
                return b,

            @app.cell
            def _(mo):
                mo.md("# A slider").callout(kind="info")
                slider = mo.ui.slider(1, 10)
                return slider,

            with app.setup:
                a = 2

            @app.cell
            def _(f):
                import marimo as mo
                _k = f(9)
                return

            if __name__ == "__main__":
                app.run()
            """
        )
    )
    assert (answer, told) == (1.0 + 3 + 5, [])


def test_a_cell_that_marimo_could_not_read_is_told_and_the_others_run(load: Load) -> None:
    answer, told = load(
        MARIMO
        + "app._unparsable_cell('def g(:', name='_')\n"
        + "app._unparsable_cell('%matplotlib inline\\nk = 4', name='_')\n"
        + "@app.cell\ndef _(k):\n    1 / 0\n    def f(x): return x + k\n    return f,\n"
        + "@app.function\ndef g(x):\n    return x\n"
    )
    assert answer == 5.0
    assert [line.split(":")[0] for line in told] == ["ada.py, line 4", "ada.py, line 8"]
    assert "SyntaxError" in told[0]


def test_cells_of_marimo_that_need_each_other_run_as_they_stand(load: Load) -> None:
    text = MARIMO + "@app.cell\ndef _(b):\n    a = 1\n    return a,\n@app.cell\ndef _(a):\n    b = f = lambda x: a\n"
    assert load(text) == (1.0, [])


def test_a_decorated_function_is_no_cell_without_marimo(load: Load) -> None:
    answer, told = load("def cell(f): return f\ncell.cell = cell\n@cell.cell\ndef f(x):\n    return x\n")
    assert (answer, told) == (1.0, [])


# ------------------------------------------------------------------------------------------------- versions and stars


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(x: return", "SyntaxError: this code could not be read and was left out"),
        ("import numpy as np\nnp.float_\n", "AttributeError while your code was loaded"),
        ("from numpy import float_", "ImportError while your code was loaded"),
    ],
)
def test_the_versions_are_named_where_they_may_be_the_reason(load: Load, text: str, words: str) -> None:
    _, (told,) = load(text)
    assert words in told
    assert f"; your work is graded with {VERSIONS}." in told


def test_the_versions_are_named_in_what_is_given_out(assignment: Assignment) -> None:
    for text in (build_selfcheck(assignment), notebook(assignment, nbgrader=True).decode(), stub_source(assignment)):
        assert f"graded with {VERSIONS}" in text
    assert (
        f"run with {VERSIONS}" in handout(assignment, {part.name: part_stub(part) for part in assignment.parts}).dumps()
    )


@pytest.mark.parametrize(
    ("signature", "blamed"),
    [
        ("def f(*, x)", True),
        ("def f(*, x=1)", True),
        ("def f(x, *, y)", True),
        ("def f(*args, y)", True),
        ("def f(x, *, y=1)", False),
        ("def f(*args, y=1)", False),
        ("def f()", False),
        ("def f(x, y)", False),
    ],
)
def test_a_star_is_blamed_only_where_one_stands(load: Load, signature: str, blamed: bool) -> None:
    answer, told = load(f"\n\n{signature}: return len(3)")
    assert answer == "TypeError"
    where = "ada.py, line 3: `f` is called by position, so no parameter may come after a *. Remove the *."
    assert told == ([where] if blamed else [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('if __name__ == "__main__":\n    def f(x): return x', 2),
        ("class Solution:\n    def f(self, x): return x", 2),
        ("def main():\n    async def f(x): return x\nmain()", 2),
        ("def main():\n    pass", 0),
        ("def f(x): return x\ndel f", 0),
        ("if True:\n    def f(x): return x\ndel f", 2),
    ],
)
def test_a_function_inside_something_else_is_told_of_where_it_is(load: Load, text: str, line: int) -> None:
    """Whoever sees it in the file would not believe that there is none."""
    answer, told = load(text)
    assert answer == "missing"
    assert told == ([f"ada.py, line {line}: `f` {OUT_OF_REACH}"] if line else [])


# ---------------------------------------------------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    ("coding", "problem"),
    [
        ("latin-1", ""),
        ("cp1252", ""),
        ("koi8-r", ""),
        ("punycode", "ada.py is not UTF-8 text (byte 36)"),
        ("unicode_escape", "ada.py is not UTF-8 text"),
        ("klingon", "ada.py is not UTF-8 text"),
        ("ascii", "ada.py is not ascii text, as it says it is (byte 33); save it as UTF-8"),
    ],
)
def test_a_coding_line_is_believed(tmp_path: Path, coding: str, problem: str) -> None:
    file = tmp_path / "ada.py"
    file.write_bytes(f"#!/bin/python\n# coding: {coding}\n# ".encode() + b"\xe9\n")
    said = read_submission(Found(student="ada", paths=(file,))).problem or ""
    assert said.startswith(problem)
    assert bool(said) == bool(problem)


def test_the_versions_are_named_where_a_public_case_misses_an_attribute() -> None:
    def missing(x: np.ndarray, scale: float = 2.0) -> object:
        return np.nothing_of_this_name(x)  # type: ignore[attr-defined]

    def other(x: np.ndarray, scale: float = 2.0) -> object:
        raise ValueError

    for function, named in ((missing, True), (other, False)):
        said = {score.feedback for score in toy.grade_function(function).scores}
        assert all(
            (f"it was an AttributeError; your work is graded with {VERSIONS}." in text) is named for text in said
        )
