"""The self-check: what a student sees, alone with Python and numpy."""

from __future__ import annotations

import ast
import json
import os
import re
import runpy
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import release, selfcheck
from autograder.loading import load_assignment, reference_source, stub_source
from autograder.model import Assignment
from autograder.results import VERSIONS
from autograder.truth import public_cases

ROOT = Path(__file__).parents[2]
SELFCHECK = ROOT / "autograder" / "selfcheck.py"
ONLY = "These are public cases only. Hidden cases, of other sizes and values, decide the grade."

# ------------------------------------------------------------------------------------------ in this process, toy data


def encoded(values: Any, dtype: str = "float64") -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(np.shape(values)), "values": np.asarray(values).tolist()}


def bounds(truth: Any) -> list[Any]:
    return [encoded(1e-14 * np.abs(truth)), 1e-6 * float(np.abs(truth).max())]


def case(title: str, x: list[float], layout: str = "plain", scale: float = 2.0) -> dict[str, Any]:
    array = np.array(x)
    return {
        "title": title,
        "layout": layout,
        "inputs": {"x": encoded(x), "scale": scale},
        "truths": {"outer": encoded(np.outer(array, array)), "vector": encoded(array * scale)},
        "bounds": {"outer": bounds(np.outer(array, array)), "vector": bounds(array * scale)},
    }


PUBLIC = {
    "title": "Toy homework",
    "graders": "Python 3.99 and numpy 9.9",
    "limits": {"stated": "Be quick.", "call": 0.4, "statement": 0.4, "loading": 2, "margin": 1.5},
    "questions": [{"id": "q1", "title": "1: products", "parts": ["products", "total"]}],
    "parts": [
        {"name": "products", "outputs": ["outer", "vector"], "cases": [case("two", [1.0, 2.5])]},
        {
            "name": "total",
            "outputs": ["t"],
            "cases": [
                {
                    "title": "three",
                    "layout": "plain",
                    "inputs": {"x": encoded([1, 2, 3], "int64")},
                    "truths": {"t": encoded(6.0)},
                    "bounds": {"t": bounds(6.0)},
                }
            ],
        },
    ],
}
PRODUCTS = "import numpy as np\n\ndef products(x, scale):\n    return np.outer(x, x), scale * x\n\n"
TOTAL = "def total(x):\n    return x.sum()\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Check a source text, or the cells of a notebook, against the toy's public cases."""

    def complain(functions: Mapping[str, Any], inputs: Mapping[str, Any]) -> list[str]:
        if "products" in functions and "scale" in inputs:
            outer, _ = functions["products"](**inputs)
            return [] if np.array_equal(outer, outer.T) else ["outer is not symmetric"]
        return []

    monkeypatch.setattr(selfcheck, "PUBLIC", PUBLIC)
    monkeypatch.setattr(selfcheck, "GRADIENT_CHECKS", {"q1": complain})

    def check(content: str | list[Any], *, name: str | None = None) -> tuple[int, str, str]:
        if isinstance(content, str):
            file = tmp_path / (name or "ada.py")
            file.write_text(content, encoding="utf-8")
        else:
            cells = [cell if isinstance(cell, dict) else code(cell) for cell in content]
            file = tmp_path / (name or "ada.ipynb")
            file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
        status = selfcheck.main([str(file)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return check


def code(source: Any, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


def test_a_right_file_is_all_right_and_hidden_cases_are_named(run: Run) -> None:
    status, out, err = run(PRODUCTS + TOTAL)
    assert (status, err) == (0, "")
    assert [line.split()[-1] for line in out.splitlines() if line.startswith(("products", "total"))] == ["ok", "ok"]
    assert "1: products: ok" in out
    assert "2 of 2 public cases are right." in out
    assert out.rstrip().endswith(ONLY)


@pytest.mark.parametrize("end", ["os._exit(0)", "os.abort()", "__import__('sys').exit(0)"])
def test_whatever_ends_python_ends_no_report(end: str, run: Run) -> None:
    ends = os._exit, os.abort
    status, out, _ = run(PRODUCTS + f"import os\ndef total(x):\n    {end}\n")
    assert status == 1
    assert f"raised SystemExit: {end.removesuffix('(0)').removesuffix('()') if 'os.' in end else 0}" in out
    assert "1 of 2 public cases is right." in out
    assert (os._exit, os.abort) == ends


def test_own_prints_stand_before_the_table_below_a_heading(run: Run) -> None:
    said = "print('here', end='')\n" + PRODUCTS.replace("    return", "    print('inside', x)\n    return") + TOTAL
    for content in (said, [said]):
        status, out, err = run(content)
        assert (status, err) == (0, "")
        own, rule, rest = out.partition("\nToy homework: ada")
        assert own.startswith(f"{selfcheck.OWN_PRINTS}\nhere")
        assert own.count("inside [1.  2.5]") == 2, "a public case, and finite differences"
        assert rule
        assert "inside" not in rest
        assert rest.partition("\n")[2].startswith("Your work is graded with Python 3.99 and numpy 9.9; this is ")
    assert selfcheck.OWN_PRINTS not in run(PRODUCTS + TOTAL)[1]


def test_prints_before_an_endless_loop_was_interrupted_are_seen(run: Run) -> None:
    status, out, _ = run("print('so far')\nraise KeyboardInterrupt\n")
    assert status == 130
    assert out.startswith(f"{selfcheck.OWN_PRINTS}\nso far\n\nInterrupted")


def test_a_parameter_after_a_star_is_named(run: Run) -> None:
    _, out, _ = run(PRODUCTS.replace("(x, scale)", "(x, *, scale)") + TOTAL)
    assert "parameters after * cannot be given by position (scale); remove the *" in out
    _, out, _ = run(PRODUCTS.replace("(x, scale)", "(x, scale, *, more=1)").replace("scale * x", "scale.x") + TOTAL)
    assert "after *" not in out, "another exception"


def test_code_that_breaks_the_check_itself_is_told_so_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "asarray", np.asarray)  # to give it back
    status, out, err = run(f"import numpy as np\nnp.asarray = None\n{PRODUCTS}{TOTAL}")
    assert (status, out) == (2, "")
    assert re.search(r"ada.py cannot be checked \(TypeError: .*\); if it replaces something of numpy", err)
    assert err.count("\n") == 1


def test_a_function_inside_something_else_is_told_of_where_it_is(run: Run) -> None:
    _, out, _ = run(f"class Solution:\n{textwrap.indent(PRODUCTS, '    ')}\n{TOTAL}")
    assert re.search(r"ada.py, line \d: products is defined here inside a class", out)
    assert "total is defined" not in out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return np.outer(x, x)", "returns an array of shape (2, 2); return a tuple of 2: (outer, vector)"),
        ("return [np.outer(x, x)]", "returns a list of 1; return a tuple of 2"),
        ("return None", "returns None (is a return missing?); return a tuple of 2"),
        ("return 3", "returns an int; return a tuple of 2"),
        ("return None, scale * x", "outer is None (is a return missing?)"),
        ("return np.matrix(np.outer(x, x)), scale * x", "outer is a numpy matrix; return a plain array"),
        ("return np.ma.array(np.outer(x, x)), scale * x", "outer is a numpy MaskedArray; return a plain array"),
        ("return {1: 2}, scale * x", "outer is a dict; return a numpy array"),
        ("return [[1.0], [1.0, 2.0]], scale * x", "outer is a list with rows of different lengths"),
        ("return np.outer(x, x) + 0j, scale * x", "outer holds complex128 values; return float64"),
        ("return np.outer(x, x) > 0, scale * x", "outer holds bool values"),
        ("return np.outer(x, x).astype(np.float16), scale * x", "outer holds float16 values"),
        ("return 'text', scale * x", "outer holds str"),
        ("return [[{}]], scale * x", "outer holds object values"),
        ("return np.outer(x, x)[:1], scale * x", "outer has shape (1, 2), expected (2, 2)"),
        ("return np.outer(x, x), np.array([[scale * x]])", "vector has shape (1, 1, 2), expected (2,)"),
        ("return np.outer(x, x) / 0, scale * x", "outer has nan or inf in it"),
        ("return np.outer(x, x), scale + x", "vector[0] is 3.0, expected 2.0"),
        ("return np.outer(x, x), scale * x * (1 + 1e-7)", "(nearly: an approximation, or float32?)"),
        ("return np.outer(x, x).astype('f'), scale * x", "outer is float32, too coarse to earn full points"),
        ("x *= 1.5\n    return np.outer(x, x) / 1.5**2, scale * x / 1.5", "changes its input x; work on a copy"),
        ("raise ValueError('one\\ntwo')", "raised ValueError: one two"),
        ("raise SystemExit", "raised SystemExit"),
        ("raise NotImplementedError", "not written yet"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(run: Run, body: str, words: str) -> None:
    status, out, _ = run(f"import numpy as np\n\ndef products(x, scale):\n    {body}\n\n{TOTAL}")
    assert status == 1
    assert words in out
    assert "1 of 2 public cases is right." in out
    assert ONLY in out


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (5.116527019704269, -3.304731396048768, ("5.11653", "-3.30473")),
        (1.0, 1 + 1e-9, ("1.0", "1.000000001")),
        (0.1, 0.1 + 2**-56, ("0.1", "0.10000000000000002")),
    ],
)
def test_two_numbers_have_the_digits_that_tell_them_apart(one, other, told):
    from autograder.selfcheck import _told_apart

    assert _told_apart(one, other) == told


def test_a_number_that_goes_in_has_as_many_digits_as_an_array():
    from autograder.selfcheck import _inputs_lines

    lines = _inputs_lines({"inputs": {"scale": 0.2025101418860619, "beta": 2.0, "n": 3, "mode": "mean"}})
    assert [*lines] == ["  scale = 0.20251014", "  beta = 2.0", "  n = 3", "  mode = 'mean'"]


def test_actual_truth_and_inputs_are_shown(run: Run) -> None:
    _, out, _ = run(PRODUCTS.replace("np.outer(x, x)", "np.outer(x, x + 1)") + TOTAL)
    assert "outer[1, 0] is 5.0, expected 2.5" in out
    assert "    yours    [[2.  , 3.5 ],\n              [5.  , 8.75]]" in out
    assert "    expected [[1.  , 2.5 ],\n              [2.5 , 6.25]]" in out
    assert "    x = [1. , 2.5]\n    scale = 2.0" in out
    assert "1: products:\n    outer is not symmetric" in out


@pytest.mark.parametrize(
    ("vector", "note"),
    [
        ("scale * x[:, None]", "vector is a column of shape (2, 1), accepted as (2,)"),
        ("scale * x[None]", "vector is a row of shape (1, 2), accepted as (2,)"),
        ("list(scale * x)", "ok"),
        ("np.array([2, 5])", "ok"),
        ("np.array([2, 5], dtype=np.uint8)", "ok"),
    ],
)
def test_layouts_that_the_grader_accepts_are_accepted(run: Run, vector: str, note: str) -> None:
    status, out, _ = run(PRODUCTS.replace("scale * x", vector) + TOTAL)
    assert status == 0
    assert note in out


def test_one_number_may_come_as_a_number(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    part = {"name": "products", "outputs": ["outer", "vector"], "cases": [case("one", [1.5])]}
    monkeypatch.setattr(selfcheck, "PUBLIC", {**PUBLIC, "parts": [part]})
    status, out, _ = run(PRODUCTS.replace("scale * x", "float(scale * x[0])"))
    assert status == 0
    assert "vector is a number of shape (), accepted as (1,)" in out


def test_a_missing_function_and_one_that_is_none(run: Run) -> None:
    status, out, _ = run(PRODUCTS)
    assert status == 1
    assert "missing: your file defines no function of this name" in out
    assert "1: products: ok, but not compared: total" in out
    status, out, _ = run("products = 3\n" + TOTAL.replace("x.sum()", "x.sum() + 1"))
    assert "products is an int, not a function" in out
    assert "t is 7.0, expected 6.0" in out
    _, out, _ = run("products = 3\n")
    assert "1: products: not run: there is nothing to call yet, or it is too slow" in out


def test_an_error_in_a_gradient_check_is_a_complaint(run: Run) -> None:
    _, out, _ = run(PRODUCTS.replace("np.outer(x, x), scale * x", "3") + TOTAL)
    assert "1: products:\n    they cannot be compared: TypeError" in out


def test_inputs_lie_in_memory_as_the_case_says(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    cases = [case("strided", [1.0, 2.5], "strided"), case("read-only", [1.0, 2.5], "read_only")]
    part = {"name": "products", "outputs": ["outer", "vector"], "cases": cases}
    monkeypatch.setattr(selfcheck, "PUBLIC", {**PUBLIC, "parts": [part]})
    look = "    print('seen', x.flags.contiguous, x.flags.writeable)\n"
    status, out, _ = run(PRODUCTS.replace("    return", look + "    return"))
    assert status == 0
    assert "seen False True\nseen True False\n" in out


def test_cells_run_in_order_and_errors_do_not_stop_the_next(run: Run) -> None:
    tests = {"grade": True, "solution": False}
    status, out, _ = run(
        [
            {"cell_type": "markdown", "source": "# text", "metadata": {}},
            "%matplotlib inline\nimport numpy as np, matplotlib.pyplot as plt",
            code("1 / 0", nbgrader=tests),
            ["def products(x, scale):\n", "    return np.outer(x, x), scale * x\n", "plt.show()\n", "late = 1"],
            "late\n",
            "def total(x:\n    return 0",
            "%%bash\nls",
            "%%time\n\ndef total(x):\n    return x.sum()",
            "files = !ls\nnp.outer?\nif True:\n    %time total(np.ones(3))\n    !ls \n    rest = 7 \\\n    % 4\n",
            "get_ipython().run_line_magic('matplotlib', 'inline')\ndisplay(files, rest)\nassert rest == 3",
            "raise SystemExit",
            "input()",
            "",
            {"cell_type": "code", "source": "a = '\ud800'"},
        ]
    )
    assert status == 0
    assert "2 of 2 public cases are right." in out
    notes = out.partition("While your file was loaded:\n")[2].partition("\n\n")[0].splitlines()
    assert notes == [
        "  cell 1, line 2: ModuleNotFoundError: matplotlib is not available when your work is graded",
        "  cell 3, line 3: NameError: name 'plt' is not defined "
        "(matplotlib.pyplot is not available when your work is graded)",
        "  cell 5, line 1: SyntaxError: '(' was never closed",
        "  cell 10, line 1: SystemExit",
        "  cell 11, line 1: EOFError: EOF when reading a line",
    ]


def test_statements_that_fail_cost_no_function_and_an_exit_ends_a_module(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)  # as on a student's machine, where nothing imported it yet
    status, out, _ = run(
        "from __future__ import annotations, nested_scopes\nfrom torch import nn\n"
        f"{PRODUCTS}def typed(x: Nothing): ...\n\nif __name__ == '__main__':\n    raise KeyError\n\n"
        f"undefined\n\n{TOTAL}raise SystemExit\n\ndel total\n"
    )
    assert status == 0
    assert "ada.py, line 2: ModuleNotFoundError: torch is not available when your work is graded" in out
    assert "ada.py, line 13: NameError: name 'undefined' is not defined" in out
    assert "SystemExit" in out
    assert "2 of 2 public cases are right." in out


@pytest.mark.parametrize(
    "line",
    [
        "from torch import nn",
        "import torch.nn as nn",
        "import importlib; importlib.import_module('torch')",
        "__import__('torch')",
        "import numpy as np; np.vectorize(lambda x: __import__('torch'))([1])",
        "import helpers",
    ],
)
def test_what_the_grader_does_not_have_is_not_there(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed" / "helpers.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path / "installed")
    status, out, _ = run(f"{line}\n{PRODUCTS}{TOTAL}")
    assert status == 0
    name = "helpers" if "helpers" in line else "torch"
    assert f"ada.py, line 1: ModuleNotFoundError: {name} is not available when your work is graded" in out


def test_looking_for_a_module_finds_none_that_the_grader_does_not_have(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    look = "import importlib.util\nprint([importlib.util.find_spec(name) is None for name in ('torch', 'csv')])\n"
    look += "try:\n    import numpy.nowhere\nexcept ImportError as error:\n    print(error)\n"
    status, out, _ = run(look + PRODUCTS + TOTAL)
    assert status == 0
    assert "[True, False]\nNo module named 'numpy.nowhere'\n" in out


def test_what_the_standard_library_imports_itself_it_gets(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # As sysconfig imports a module whose name is this machine's.
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "_of_this_machine.py").write_text("import _of_another\nvalue = 7\n")
    (tmp_path / "_of_another.py").write_text("")
    (tmp_path / "this.py").write_text("import _of_this_machine\nvalue = _of_this_machine.value\n")
    monkeypatch.delitem(sys.modules, "this", raising=False)
    status, out, _ = run(f"import this\nprint('found', this.value)\n{PRODUCTS}{TOTAL}")
    for name in ("this", "_of_this_machine", "_of_another"):
        monkeypatch.delitem(sys.modules, name)
    assert status == 0
    assert "found 7\n" in out
    assert "While your file was loaded" not in out


def test_what_only_a_newer_python_reads_is_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PUBLIC, "python", [3, 9])
    status, out, _ = run(["match 1:\n    case 1:\n        pass\n" + TOTAL, PRODUCTS])
    assert status == 1
    assert "cell 1, near line 4: SyntaxError in Python 3.9, with which your work is graded" in out
    assert "missing: your file defines no function of this name" in out
    assert "1 of 2 public cases is right." in out


@pytest.mark.parametrize(
    ("line", "old"),
    [
        ("f'{x!r:>{w}}'", True),
        ("""f"{d['a']}" f'{{x}}' rf"\\d{x:%Y}" """, True),
        ('f"""{d["a"]} \\n {\nx\n}"""', True),
        ("""f'{f"{x}"}' '\\n' "#" """, True),
        ("f'{x:\\n}'", True),
        ("f'{d['a']}'", False),
        ('f"{f"{x}"}"', False),
        ("f'{\"\\n\".join(x)}'", False),
        ("f'{f\"\\n{x}\"}'", False),
        ("f'{x\n}'", False),
        ("f'''{x # y\n}'''", False),
        ("type X = int", False),
        ("def f[T](x: T): pass", False),
    ],
)
def test_an_older_graders_python_does_not_read_newer_strings(
    run: Run, monkeypatch: pytest.MonkeyPatch, line: str, old: bool
) -> None:
    # Python 3.11 says so itself.
    monkeypatch.setitem(PUBLIC, "python", [3, 11])
    status, out, _ = run(f"{PRODUCTS}{TOTAL}\nif 0:\n    {line}\n")
    assert (status, "SyntaxError" not in out) == ((0, True) if old else (1, False))


def test_modules_of_your_own_are_imported_from_beside_the_file_and_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("import scipy\nfrom more.inner import TWO\n" + TOTAL + "open(__file__)\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "inner.py").write_text("import socket\nTWO = 2\nsocket.socket()\n")
    (tmp_path / "random.py").write_text("raise SystemExit")
    written = "%%writefile made.py\n" + PRODUCTS
    status, out, _ = run(["import random, homework_check\nfrom tools import total, TWO", written, "from made import *"])
    assert (status, "2 of 2 public cases are right." in out) == (0, True)
    assert "Modules of your own, to be handed in beside it: more/inner.py, tools.py\n" in out
    noted = out.partition("While your file was loaded:\n")[2].partition("\n\n")[0]
    assert [line.strip() for line in noted.splitlines()] == [
        "cell 1, line 1: ModuleNotFoundError: homework_check is not available when your work is graded",
        "tools.py, line 1: ModuleNotFoundError: scipy is not available when your work is graded",
        "more/inner.py, line 3: PermissionError: [Errno 1] there is no network when your work is graded",
        "tools.py, line 5: FileNotFoundError: [Errno 2] none of your files are there when your work is graded: "
        "'tools.py'",
    ]
    assert not {"tools", "made", "more", "more.inner"} & set(sys.modules)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"tools.py": b"\xff\xfe"}, "imports tools.py, which is not UTF-8 text (byte 1); save it as UTF-8"),
        ({"tools.py": b"#" * 1_000_001}, "imports more than 64 modules of your own, or 1 MB; put what you need into "),
        ({f"tools/m{n}.py": b"" for n in range(65)}, "imports more than 64 modules of your own, or 1 MB; put what "),
    ],
)
def test_modules_that_cannot_be_read_are_one_line(
    run: Run, tmp_path: Path, files: Mapping[str, bytes], problem: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    status, _, err = run("import tools\n")
    assert (status, err.count("\n")) == (2, 1)
    assert f"ada.py {problem}" in err


def test_nothing_of_a_run_stays_behind(run: Run) -> None:
    before = (sys.modules["__main__"], list(sys.meta_path), sys.stdin)
    run(PRODUCTS + TOTAL)
    run([PRODUCTS, TOTAL])
    assert (sys.modules["__main__"], sys.meta_path, sys.stdin) == before
    assert "submission" not in sys.modules


def test_an_interrupt_is_one_line(run: Run) -> None:
    for source in ("raise KeyboardInterrupt\n", "def products(x, scale):\n    raise KeyboardInterrupt\n"):
        status, out, err = run(source)
        assert status == 130
        assert out.strip().splitlines()[-1].startswith("Interrupted: nothing more was checked.")
        assert err == ""


def test_an_interrupt_in_a_gradient_check_is_one_line(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def interrupted(functions: Any, inputs: Any) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(selfcheck, "GRADIENT_CHECKS", {"q1": interrupted})
    assert run(PRODUCTS + TOTAL)[0] == 130


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ada.txt", b"", "is neither a .py nor an .ipynb file"),
        ("ada.py", b"\xff", "is not UTF-8 text (byte 1)"),
        ("ada.py", None, "cannot be opened (No such file or directory)"),
        ("ada.ipynb", b"{", "is not valid JSON (line 1, column 2)"),
        ("ada.ipynb", b"[" * 100_000, "is nested too deeply"),
        ("ada.ipynb", b"[]", "is not a notebook"),
        ("ada.ipynb", b'{"nbformat": 3}', "is a notebook of version 3, not 4"),
        ("ada.ipynb", b'{"nbformat": 4, "cells": {}}', "has no list of cells"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert selfcheck.main([str(file)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{file} {words}")
    assert captured.err.count("\n") == 1


def test_one_file_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["a.py", "b.py"]):
        assert selfcheck.main(arguments) == 2
        assert capsys.readouterr().err.startswith("usage: python homework_check.py FILE")


def test_it_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert selfcheck.main(["--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: python homework_check.py FILE")
    assert "Exit code 0: every public case is right" in said


def test_an_input_that_was_changed_is_shown_before_and_after(run: Run) -> None:
    _, out, _ = run(PRODUCTS.replace("    return", "    x[0] = 7\n    return") + TOTAL)
    assert "changes its input x; work on a copy (before [1. , 2.5], after [7. , 2.5])" in out


def test_without_numpy_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(SystemExit, match="numpy is needed"):
        runpy.run_path(str(SELFCHECK))


def test_it_runs_as_a_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["hw1_check.py"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(SELFCHECK), run_name="__main__")
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ in a notebook's cell


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selfcheck, "PUBLIC", PUBLIC)


@pytest.mark.usefixtures("toy")
def test_a_part_that_is_right_prints_its_cases(capsys: pytest.CaptureFixture[str]) -> None:
    selfcheck.part("products", {"products": lambda x, scale: (np.outer(x, x), (scale * x)[:, None])})
    assert capsys.readouterr().out == (
        "public case  result\n"
        "-----------  ------\n"
        "two          ok (vector is a column of shape (2, 1), accepted as (2,))\n"
        "\n"
        + "\n".join(textwrap.wrap(selfcheck._versions("Python 3.99 and numpy 9.9"), 82))
        + "\n1 of 1 public case is right. Hidden cases decide the grade.\n"
    )


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("namespace", "words"),
    [
        ({}, ["two          missing: your file defines no function of this name"]),
        ({"products": 3}, ["products is an int, not a function"]),
        (
            {"products": lambda x, scale: (np.outer(x, x), scale + x)},
            ["two          not right, see below", "two:\n  vector[0] is 3.0, expected 2.0\n", "    x = [1. , 2.5]\n"],
        ),
        ({"products": lambda x, scale: 1 / 0}, ["  raised ZeroDivisionError: division by zero\n"]),
        ({"products": lambda x, scale: os._exit(0)}, ["  raised SystemExit: os._exit ends Python before an answer"]),
    ],
)
def test_a_part_that_is_not_right_raises_with_the_report_alone(
    namespace: dict[str, Any], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.push({"part": selfcheck.part, "namespace": namespace})
    result = shell.run_cell("part('products', namespace)")
    assert isinstance(result.error_in_exec, selfcheck.PublicCasesError)
    out = capsys.readouterr().out
    assert out.startswith("public case  result\n-----------  ------\n")
    assert out.endswith("0 of 1 public case is right. Hidden cases decide the grade.\n")
    for piece in words:
        assert piece in out


@pytest.mark.usefixtures("toy")
def test_a_long_line_is_broken_before_nbgrader_cuts_it_off() -> None:
    def products(x: Any, scale: Any) -> Any:
        raise ValueError("word " * 30)

    with pytest.raises(selfcheck.PublicCasesError) as caught:
        selfcheck.part("products", {"products": products})
    assert max(map(len, str(caught.value).splitlines())) <= 83
    assert " ".join(str(caught.value).split()).count("word word") == 15


@pytest.mark.usefixtures("toy")
def test_a_part_of_another_homework_and_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(selfcheck.PublicCasesError, match="belongs to another homework: it does not know quotients"):
        selfcheck.part("quotients", {})

    def interrupted(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        selfcheck.part("total", {"total": interrupted})


def test_a_page_escapes_all_text_and_draws_no_large_array() -> None:
    hostile = "<script>alert(1)</script>\"'"
    large = np.zeros((13, 2))
    pairs = [selfcheck.Beside(name=hostile, yours=one, other=one, heading=hostile) for one in (np.eye(2), large)]
    case = selfcheck.ShownCase(
        title=hostile, result=hostile, right=False, faults=[hostile], arrays=pairs, inputs=[hostile]
    )
    page = selfcheck.page(hostile, [case], [hostile], pairs, hostile)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 14
    assert page.count("<td") == 2 + 2 * 2 * 4, "the case's row, and four small arrays"


# ------------------------------------------------------------------------ the built file, alone in a process of its own


@pytest.fixture(scope="module")
def program(assignment: Assignment) -> str:
    return release.build_selfcheck(assignment)


@pytest.fixture
def alone(tmp_path: Path, program: str) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Run the built file in a Python that can import the standard library and numpy and nothing else."""
    packages = tmp_path / "packages"
    packages.mkdir()
    site = Path(np.__file__).parents[1]
    for name in ("numpy", "numpy.libs"):
        if (site / name).exists():
            (packages / name).symlink_to(site / name)
    check = tmp_path / "hw1_check.py"
    check.write_text(program, encoding="utf-8")
    start = (
        "import sys, runpy; sys.path.append(sys.argv.pop(1)); sys.argv.pop(0)\n"
        "import importlib.util\n"
        "assert not any(map(importlib.util.find_spec, ('autograder', 'solutions', 'click', 'torch')))\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )

    def run(file: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "-B", "-c", start, str(packages), str(check), str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    return run


def test_the_built_file_needs_numpy_and_nothing_of_ours(alone: Any, assignment: Assignment, tmp_path: Path) -> None:
    right, empty = tmp_path / "right.py", tmp_path / "empty.py"
    right.write_text(reference_source(assignment), encoding="utf-8")
    empty.write_text(stub_source(assignment), encoding="utf-8")
    results = [alone(right), alone(empty), alone(tmp_path / "nowhere.ipynb")]
    assert [(result.returncode, result.stderr.count("\n")) for result in results] == [(0, 0), (1, 0), (2, 1)]
    for result in results[:2]:
        assert result.stdout.rstrip().endswith(ONLY)
    assert "not written yet" in results[1].stdout


def test_whoever_reads_no_more_of_it_is_told_nothing(program: str, assignment: Assignment, tmp_path: Path) -> None:
    """As where it is piped into ``head``."""
    (tmp_path / "hw1_check.py").write_text(program, encoding="utf-8")
    (tmp_path / "right.py").write_text(reference_source(assignment), encoding="utf-8")
    end, start = os.pipe()
    os.close(end)
    command = [sys.executable, "hw1_check.py", "right.py"]
    done = subprocess.run(command, stdout=start, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)
    os.close(start)
    assert (done.returncode, done.stderr) == (2, "")


@pytest.mark.parametrize(
    "line",
    [
        "from numpy import *",
        "import numpy.testing",
        "import sysconfig; sysconfig.get_config_vars()['prefix']",
        "import numpy.f2py, unittest.mock, ctypes.util, platform; platform.platform()",
    ],
)
def test_numpy_and_the_standard_library_import_what_they_need(
    alone: Any, assignment: Assignment, tmp_path: Path, line: str
) -> None:
    # In a process of its own, where nothing has been imported yet.
    file = tmp_path / "right.py"
    file.write_text(f"{line}\n{reference_source(assignment).replace('from __future__ import annotations', '')}")
    result = alone(file)
    assert result.returncode == 0, result.stdout
    assert "While your file was loaded" not in result.stdout


HIDE = """
import signal, sys, runpy
import numpy

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name in ("resource", "fcntl", "termios", "pwd", "grp"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nowhere())
for name in ("resource", "fcntl", "termios", "pwd", "grp"):
    sys.modules.pop(name, None)
# Windows has no such signals; in a browser they have names, and nothing that sends them.
names = ("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU", "setitimer", "alarm")
for name in names[4:] if sys.argv.pop(1) == "browser" else names:
    delattr(signal, name)
sys.argv[:] = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize("where", ["Windows", "browser"])
def test_it_runs_where_there_is_neither_resource_nor_an_alarm(
    program: str, assignment: Assignment, tmp_path: Path, where: str
) -> None:
    check, right = tmp_path / "hw1_check.py", tmp_path / "right.py"
    check.write_text(program, encoding="utf-8")
    right.write_text(reference_source(assignment), encoding="utf-8")
    command = [sys.executable, "-I", "-B", "-c", HIDE, where, str(check), str(right)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    public = len(public_cases(assignment))
    assert f"{public} of {public} public cases are right." in result.stdout


def test_a_python_that_is_too_old_is_told_so_in_one_line(program: str, tmp_path: Path) -> None:
    check = tmp_path / "hw1_check.py"
    check.write_text(program, encoding="utf-8")
    # What stands outside the quotes is all that an old Python understands of the file.
    outside = ast.parse(program, feature_version=(3, 4))
    assert [type(one).__name__ for one in outside.body] == ["Import", "If", "Assign", "Expr"]
    pretend = "import sys, runpy; sys.version_info = (3, 9, 18, 'final', 0); runpy.run_path(sys.argv[1])"
    beside = sorted(Path(sys.base_prefix).parent.glob("*/bin/python"))
    olds = {path: version for path in beside if (version := _version(path)) and version < (3, 10)}
    for command, version in ((sys.executable, "-c", pretend), (3, 9)), *(((path,), olds[path]) for path in olds):
        result = subprocess.run([*command, check, "mine.py"], capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == (
            "hw1_check.py needs Python 3.10 or newer, and this is Python {}.{}. Your work is graded with {}.\n"
        ).format(*version, VERSIONS)


def _version(python: Path) -> tuple[int, ...]:
    said = subprocess.run([python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, check=False)
    return tuple(map(int, re.findall(r"\d+", said.stdout.decode())))


def test_its_lines_have_their_own_numbers_in_tracebacks(program: str, tmp_path: Path) -> None:
    check = tmp_path / "hw1_check.py"
    check.write_text(program, encoding="utf-8")
    code = runpy.run_path(str(check))["judge"].__code__
    assert code.co_filename == str(check)
    assert program.splitlines()[code.co_firstlineno - 1].startswith("def judge(")


def test_no_name_of_the_rules_is_a_name_of_the_self_check(program: str) -> None:
    (quoted,) = [one for one in ast.parse(program).body if isinstance(one, ast.Assign)]
    names: list[str] = []
    for one in ast.parse(ast.literal_eval(quoted.value)).body:
        if isinstance(one, ast.FunctionDef | ast.ClassDef):
            names.append(one.name)
        elif isinstance(one, ast.Assign | ast.AnnAssign):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    assert "pieces" in names
    assert "judge" in names
    # The release fills one in, and every question brings one.
    assert {name for name in names if names.count(name) > 1} == {"PUBLIC", "gradient_check"}


def test_the_built_file_is_the_same_at_every_build_and_holds_public_cases_only(
    assignment: Assignment, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "another secret, long enough to be one")
    assert release.build_selfcheck(load_assignment(ROOT / "solutions")) == program
    compile(program, "hw1_check.py", "exec", dont_inherit=True)
    data = program.partition('PUBLIC = json.loads(r"""')[2].partition('"""')[0]
    public = json.loads(data)
    shown = {part["name"]: [case["title"] for case in part["cases"]] for part in public["parts"]}
    titles = {title for part in public["parts"] for title in shown[part["name"]]}
    for part in assignment.parts:
        assert shown[part.name] == [f.title for f in part.families if not f.hidden for _ in range(f.draws)]
        for family in part.families:
            assert not family.hidden or family.title in titles or json.dumps(family.title) not in data
        for misconception in part.misconceptions:
            assert misconception.hint not in program


def test_run_selfcheck_gives_the_exit_code(
    program: str,
    assignment: Assignment,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right, empty = tmp_path / "right.py", tmp_path / "empty.py"
    right.write_text(reference_source(assignment), encoding="utf-8")
    empty.write_text(stub_source(assignment), encoding="utf-8")
    assert release.run_selfcheck(program, right) == 0
    assert capfd.readouterr().out.rstrip().endswith(ONLY)
    assert release.run_selfcheck(program, empty) == 1
    assert release.run_selfcheck(program, tmp_path / "nowhere.py") == 2
    capfd.readouterr()
    empty.write_text("import os\nos.kill(os.getpid(), 9)\n", encoding="utf-8")
    assert release.run_selfcheck(program, empty) == 1
    assert "hw1: empty.py ended the Python that it was checked in (Killed);" in capfd.readouterr().err
    # What lies in the current folder is not imported.
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    monkeypatch.chdir(tmp_path)
    assert release.run_selfcheck(program, right) == 0

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    assert release.run_selfcheck(program, right) == 130


def test_a_hidden_case_cannot_be_released(assignment: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    public = public_cases(assignment)
    leaked = ((replace(public[0][0], hidden=True), public[0][1]), *public[1:])
    monkeypatch.setattr("autograder.release.selfcheck.public_cases", lambda _: leaked)
    with pytest.raises(AssertionError, match="is hidden"):
        release.build_selfcheck(assignment)


@pytest.mark.parametrize(
    ("returned", "as_dict", "values"),
    [
        ({"b": 2, "a": 1, "c": 3}, True, [1, 2]),
        ({"a": 1}, True, "returns a dict with 'a'; return a dict with 'a', 'b'"),
        ((1, 2), True, "returns a tuple of 2; return a dict with 'a', 'b'"),
        ((1, 2), False, (1, 2)),
        ({"a": 1, "b": 2}, False, "returns a dict; return a tuple of 2: (a, b)"),
    ],
)
def test_answers_are_taken_apart(returned: Any, as_dict: bool, values: Any) -> None:
    assert selfcheck._values(returned, ["a", "b"], as_dict=as_dict) == values
