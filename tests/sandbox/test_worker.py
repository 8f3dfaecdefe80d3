"""The worker's rules, in this process and unlocked: loading, IPython's syntax, calls, what a child says."""

import __future__

import ast
import re
import signal
import sys
import textwrap
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from autograder import wire
from autograder.model import Assignment
from autograder.sandbox._worker import __main__ as warm
from autograder.sandbox._worker import job, lock, probe, running, source, student
from autograder.sandbox._worker.clock import Clock
from autograder.sandbox._worker.helpers import Helpers, imported
from autograder.words import Layout, SourceKind


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("__main__", "submission"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name, sys))
    monkeypatch.setattr(time, "sleep", time.sleep)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    there = set(sys.modules)
    handler = signal.getsignal(signal.SIGPROF)
    with np.errstate(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, handler)
    for name in set(sys.modules) - there:
        if getattr(sys.modules[name], "__loader__", None).__class__ is Helpers:
            del sys.modules[name]


TIMES = wire.Times(call=0.2, statement=0.2, loading=1.2)
Notes = list[tuple[int, int, str, str]]


def load(
    *cells: str,
    kind: SourceKind = "notebook",
    left_out: frozenset[tuple[int, int]] = frozenset(),
    starts: list[wire.Started] | None = None,
    helpers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, Any], Notes]:
    task = wire.Job(
        kind=kind,
        cells=tuple(textwrap.dedent(cell) for cell in cells),
        helpers=tuple(helpers.items()),
        functions={},
        calls=(),
        times=TIMES,
        left_out=left_out,
        returned_bytes_per_call=0,
        returned_bytes=0,
    )
    started: list[wire.Started] = [] if starts is None else starts
    namespace, loaded = student.load(task, Clock(), started.append)
    return namespace, [(note.cell, note.line, note.error, note.module) for note in loaded.notes]


# -- a cell at once --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "import math\nimport numpy as np\n\ndef f(x, b=2.0, c=-1):\n    return [v * b for v in x]\n",
        "from math import exp, pi as p\nimport os.path\n# a word\n\ndef f():\n    'import math'\n    return exp(p)\n",
        "from __future__ import annotations\n\ndef f(x: Array) -> Array:\n    return x\n",
        "def f(\n    x,\n):\n    return x\ndef g(): return sum(a for b in () for a in {c for c in b})\n",
    ],
)
def test_imports_of_what_is_there_and_functions_are_one_piece(cell: str) -> None:
    (piece,) = source.pieces(cell, "cell")
    at_once, one_by_one = ({}, {})
    exec(piece.code, at_once)
    for statement in ast.parse(cell).body:
        flags = __future__.annotations.compiler_flag if "__future__" in cell else 0
        exec(compile(ast.Module([statement], []), "cell", "exec", flags), one_by_one)
    assert list(at_once) == list(one_by_one)
    functions = [name for name in at_once if name in {"f", "g"}]
    assert functions
    for name in functions:
        assert at_once[name].__code__ == one_by_one[name].__code__
        assert at_once[name].__defaults__ == one_by_one[name].__defaults__
        assert at_once[name].__annotations__ == one_by_one[name].__annotations__


@pytest.mark.parametrize(
    "beside",
    [
        "one = 1",
        "print()",
        "import wave_of_nobody",
        "from math import nothing_there",
        "from math import *",
        "from .math import exp",
        "from \\\n .math import exp",
        "import math; from . math import exp",
        "import math; print()",
        "async def g(): ...",
        "class A: ...",
        "@there\ndef g(): ...",
        "def g(x: Array): ...",
        "def g() -> Array: ...",
        "def g(x=one()): ...",
        "def g(*, x=one()): ...",
        "def g():\n    import nothing",
        "def g():\n    return [h for h in (lambda: 1,)]",
        "def g():\n    def h(): ...",
        "\fprint()",
        "%matplotlib inline",
    ],
)
def test_whatever_may_fail_or_must_be_marked_is_a_piece_of_its_own(beside: str) -> None:
    cell = f"import math\nimport os\n\ndef f(): ...\n\n{beside}\n"
    assert len(source.pieces(cell, "cell")) >= 3


def test_a_function_inside_another_is_found_in_a_cell_that_was_compiled_at_once() -> None:
    space = running.Space("notebook", Clock(), running.Pace(statement_seconds=1.0, loading_seconds=1.0))
    assert not space.run("import math\n\ndef f():\n    return [g for g in ()]\n", "one")
    assert not space.run("def h():\n    def g(): ...\n", "two")
    assert space.out_of_reach("g") == ("two", 2)
    assert space.out_of_reach("f") is None


# -- modules of a student's own --------------------------------------------------------------------------------------


def test_modules_beside_the_code_are_imported_from_memory() -> None:
    helpers = {
        "tools.py": "from parts.inner import ONE\nimport far.leaf as leaf\n\ndef two():\n    return ONE + leaf.STEP\n",
        "parts/__init__.py": "NAME = __name__\n",
        "parts/inner.py": "from . import NAME\nfrom .other import ZERO\nONE = ZERO + 1\n",
        "parts/other.py": "ZERO = 0\n",
        "far/leaf.py": "STEP = 1\n",
    }
    namespace, notes = load("import tools\nfrom parts import NAME", "x = tools.two()", helpers=helpers)
    assert (namespace["x"], namespace["NAME"], notes) == (2, "parts", [])
    assert namespace["tools"].__file__ == "tools.py"


def test_what_fails_in_a_helper_costs_that_statement_and_is_told_with_its_line() -> None:
    helpers = {"tools.py": "import not_there\n\n@not_there.no_grad()\ndef one():\n    return 1\n\nx = 1 / 0\ny = 2\n"}
    namespace, notes = load("a = 1", "from tools import one, y\nfrom tools import x", "b = one()", helpers=helpers)
    assert (namespace["b"], namespace["y"]) == (1, 2)
    # The helper is counted behind the three cells.
    assert sorted(notes) == [
        (1, 2, "ImportError", ""),
        (3, 1, "ModuleNotFoundError", "not_there"),
        (3, 3, "NameError", "not_there"),
        (3, 7, "ZeroDivisionError", ""),
    ]


def test_a_helper_that_is_not_python_fails_where_it_is_imported() -> None:
    _, notes = load("a = 1\nimport tools\nb = 2", helpers={"tools.py": "def f(:\n"})
    assert [note[:1] + note[2:] for note in notes] == [(0, "SyntaxError", "")]


def test_a_helper_spends_the_time_of_what_imports_it_and_is_told_before() -> None:
    started: list[wire.Started] = []
    namespace, notes = load(
        "import math\nimport tools\nx = 1", helpers={"tools.py": "while True: pass"}, starts=started
    )
    assert (namespace["x"], notes) == (1, [(0, 2, wire.TIMED_OUT, "")])
    assert [one.line for one in started] == [2, 3]


@pytest.mark.parametrize("path", ["random.py", "numpy.py", "numpy/tools.py", "json/tools.py", "tomllib.py"])
def test_no_helper_takes_the_place_of_what_is_there(path: str) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    _, notes = load(f"import {module}\nx = {module}.MINE", helpers={path: "MINE = 1\n"})
    assert {error for _, _, error, _ in notes} <= {"ModuleNotFoundError", "AttributeError", "NameError"}
    assert notes


@pytest.mark.parametrize(
    ("magic", "name"),
    [("%%writefile tools.py", "tools"), ("\n%%file ./tools.py", "tools"), ("%%writefile 'pkg/tools.py'", "pkg.tools")],
)
def test_what_a_cell_writes_is_imported_by_the_cells_below_it(magic: str, name: str) -> None:
    cell = f"{magic}\nimport not_there\ndef one():\n    return 1\n"
    namespace, notes = load(f"import {name}", cell, f"from {name} import one\nx = one()")
    assert namespace["x"] == 1
    assert notes == [
        (0, 1, "ModuleNotFoundError", name),
        (1, 2 + magic.count("\n"), "ModuleNotFoundError", "not_there"),
    ]


def test_a_cell_may_write_more_of_a_file_and_what_is_no_module_is_passed_over() -> None:
    cells = [
        "%%writefile a.py\nx = 1\n",
        "%%writefile -a a.py\ny = 2\n",
        "%%writefile b.txt\nx = (\n",
        "import a\nz = a.x + a.y",
    ]
    namespace, notes = load(*cells)
    assert (namespace["z"], notes) == (3, [])


def test_what_a_cell_writes_replaces_what_was_handed_in() -> None:
    namespace, notes = load(
        "%%writefile a.py\nx = 5\n", "import importlib, a\nz = importlib.reload(a).x", helpers={"a.py": "x = 1"}
    )
    assert (namespace["z"], notes) == (5, [])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a, b.c as d ,e\nfrom f.g import h", {"a", "b", "e", "f"}),
        (
            "def k():\n    from a import (\n        b)\n    try: import c\n    except: pass; import d # import e",
            {"a", "c", "d"},
        ),
        ("from . import a\nfrom .b import c\nimportant = 1\nx = 'import a'", set()),
        ("if x: from a import b", {"a"}),
    ],
)
def test_what_a_text_imports_is_found_without_parsing(text: str, names: set[str]) -> None:
    assert imported(text) == names


# -- loading ----------------------------------------------------------------------------------------------------------


def test_cells_share_one_namespace_in_order() -> None:
    namespace, notes = load("a = 1", "b = a + 1\na = 5", "c = a + b")
    assert (namespace["a"], namespace["b"], namespace["c"]) == (5, 2, 7)
    assert notes == []


def test_a_failing_statement_costs_itself_only() -> None:
    namespace, notes = load("a = 1\nb = 1 / 0\nc = 3", "d = a")
    assert (namespace["c"], namespace["d"]) == (3, 1)
    assert "b" not in namespace
    assert notes == [(0, 2, "ZeroDivisionError", "")]


def test_a_plot_above_the_functions_costs_no_function() -> None:
    source = "import no_plots as plt\nplt.show()\nassert False\ndef f():\n    return 1\nopen('/data')\n"
    namespace, notes = load(source, kind="module")
    assert namespace["f"]() == 1
    assert [note[2] for note in notes] == ["ModuleNotFoundError", "NameError", "AssertionError", "FileNotFoundError"]


def test_a_top_level_await_costs_no_function() -> None:
    namespace, notes = load("async def main():\n    pass\n\ndef f():\n    return 1\n\nawait main()\n")
    assert namespace["f"]() == 1
    assert notes == []


@pytest.mark.parametrize("kind", ["module", "notebook"])
def test_a_request_to_end_ends_its_cell(kind: SourceKind) -> None:
    namespace, notes = load("def f():\n    return 1\n\nraise SystemExit\nf = None", kind=kind)
    assert namespace["f"]() == 1
    assert notes == [(0, 4, "SystemExit", "")]


def test_the_line_is_that_of_the_cell_which_failed() -> None:
    _, notes = load("def f():\n    \n    raise OSError", "\n\nf()")
    assert notes == [(1, 3, "OSError", "")]


def test_a_missing_module_costs_that_import_only() -> None:
    namespace, notes = load(
        """\
        import math, torch_is_not_here, json
        from no_such_package.sub import thing
        from math import no_such_name
        from . import sibling
        a = math.pi
        """
    )
    assert namespace["a"] > 3
    assert "json" in namespace
    assert [note[1:] for note in notes[:3]] == [
        (1, "ModuleNotFoundError", "torch_is_not_here"),
        (2, "ModuleNotFoundError", "no_such_package.sub"),
        (3, "ImportError", ""),
    ]
    assert len(notes) == 4


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        (
            "marimo.py",
            {8, 57, 80},
        ),  # an import, what is not Python, a name that nobody gives
        ("absent-packages.py", {1, 2, 3, 4, 5, 6, 8, 9, 12, 17, 22, 23, 28}),
        ("absent-in-if.py", None),
        ("odd-annotations.py", set()),
    ],
)
def test_what_needs_a_package_that_is_not_there_costs_no_function(
    file: str, lines: set[int] | None, assignment: Assignment
) -> None:
    text = Path("tests/submissions/odd", file).read_text(encoding="utf-8")
    for package in ("torch", "numba", "scipy", "pandas", "matplotlib"):
        text = re.sub(rf"\b{package}\b", f"no_{package}", text)
    namespace, notes = load(text, kind="module")
    assert [part.name for part in assignment.parts if not callable(namespace.get(part.name))] == []
    assert lines is None or {line for _, line, *_ in notes} == lines, notes


def test_an_import_inside_other_code_is_an_error_like_any_other() -> None:
    namespace, notes = load(
        "if True:\n    import no_such_package\na = 1",
        "import math\ntry:\n    import nope\nexcept ImportError:\n    b = 2",
    )
    assert (namespace["a"], namespace["b"]) == (1, 2)
    assert notes == [(0, 2, "ModuleNotFoundError", "no_such_package")]


def test_a_future_import_holds_for_its_whole_cell() -> None:
    namespace, notes = load("from __future__ import annotations\nimport math\ndef f(x: NoSuchName): return x")
    assert namespace["f"].__annotations__ == {"x": "NoSuchName"}
    assert notes == []


def test_dataclasses_work_in_notebooks_and_modules() -> None:
    text = """\
        from __future__ import annotations
        from dataclasses import dataclass
        @dataclass
        class A:
            x: int
        a = A(3).x, __name__
        """
    wanted: dict[SourceKind, str] = {"notebook": "__main__", "module": "submission"}
    for kind, name in wanted.items():
        namespace, notes = load(text, kind=kind)
        assert namespace["a"] == (3, name)
        assert notes == []


@pytest.mark.parametrize("raised", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "MemoryError", "BaseException"])
def test_nothing_a_cell_raises_stops_the_next(raised: str) -> None:
    namespace, notes = load(f"raise {raised}", "a = 1")
    assert namespace["a"] == 1
    assert notes == [(0, 1, raised, "")]


@pytest.mark.parametrize(
    ("cell", "errors"),
    [
        ("def f(:", {"SyntaxError"}),
        ("if True:\nx = 1", {"IndentationError"}),
        ("a = '\0'", {"SyntaxError", "ValueError"}),
        ("a = '\ud800'", {"UnicodeEncodeError"}),
        ("(" * 5000, {"MemoryError", "SyntaxError", "RecursionError"}),
        ("-" * 100_000 + "1", {"MemoryError", "RecursionError"}),
        ("return 3", {"SyntaxError"}),
    ],
)
def test_text_that_is_not_python_is_noted(cell: str, errors: set[str]) -> None:
    namespace, notes = load(cell, "a = 1")
    assert namespace["a"] == 1
    assert len(notes) == 1
    assert notes[0][2] in errors


def test_code_that_does_not_compile_does_not_run_in_part() -> None:
    namespace, notes = load("import math\na = 1\nimport json\nreturn a")
    assert "a" not in namespace
    assert notes == [(0, 4, "SyntaxError", "")]


def test_a_class_that_lies_about_itself_is_named_by_what_it_is() -> None:
    _, notes = load(
        """\
        class Lie(type):
            __name__ = property(lambda cls: 1 / 0)
            __mro__ = property(lambda cls: 1 / 0)
            def __hash__(cls): raise OSError
            def __eq__(cls, other): return True
        class Secret_42(ValueError, metaclass=Lie): pass
        raise Secret_42
        """
    )
    assert notes == [(0, 7, "ValueError", "")]


# -- IPython's syntax -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "!pip install numpy",
        "!!ls",
        "?np.exp",
        "np.exp?",
        "np.exp??  # what is it",
        "files = !ls",
        "p, q = %some_magic -x",
        "!pip install \\\n   numpy \\\n   scipy",
        "%timeit -n 1 f(3)",
    ],
)
def test_ipython_lines_are_taken_out_where_they_stand(line: str) -> None:
    cell = f"x = 7 % 4\n{line}\ndef f(a):\n    {line}\n    return a\ny = f(x)\nz = 1 / 0"
    namespace, notes = load(cell)
    assert namespace["y"] == 3
    assert notes == [(0, cell.count("\n") + 1, "ZeroDivisionError", "")]


def test_time_keeps_what_it_times() -> None:
    namespace, notes = load("%time y = 3", "%%time\ny = y + 1")
    assert (namespace["y"], notes) == (4, [])


@pytest.mark.parametrize(
    ("magic", "runs"), [("time", True), ("capture out", True), ("timeit -n 1", True), ("bash", False), ("html", False)]
)
def test_cell_magics_run_their_body_or_skip_it(magic: str, runs: bool) -> None:
    namespace, notes = load(f"\n%%{magic}\n%matplotlib inline\nx = 1" + ("" if runs else "\n<b>no python</b>"))
    assert ("x" in namespace) is runs
    assert notes == []


def test_text_that_is_python_is_left_alone() -> None:
    namespace, notes = load('x = (7\n  % 4)\ns = """\n%magic\n!ls\nwhat?\n"""')
    assert namespace["x"] == 3
    assert namespace["s"] == "\n%magic\n!ls\nwhat?\n"
    assert notes == []


def test_strings_survive_the_repair_of_other_lines() -> None:
    namespace, _ = load('%matplotlib inline\ns = """\n!ls\n"""')
    assert namespace["s"] == "\n!ls\n"


def test_many_ipython_lines_are_repaired_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    parses: list[str] = []
    parse = ast.parse

    def counted(text: str, name: str) -> ast.Module:
        parses.append(text)
        return parse(text, name)

    monkeypatch.setattr(ast, "parse", counted)
    source.pieces("x = 1\n" + "!ls\n" * 450 + "y = 2", "<cell>")
    assert len(parses) <= source.TRIES + 3


def test_ipythons_own_names_do_nothing() -> None:
    _, notes = load("get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('ls')\ndisplay(1, x=2)")
    assert notes == []


# -- time -------------------------------------------------------------------------------------------------------------

HANG = "while True: pass"


@pytest.mark.parametrize(
    "slow",
    [
        HANG,
        "import time\ntime.sleep(99)",
        "for n in range(99): time.sleep(0.01)",
        "try:\n    while True: pass\nexcept Exception: pass",
        "try:\n    while True: pass\nexcept BaseException: pass",
        "sum(n for n in iter(int, 1))",
        "import numpy as np\nwhile True: np.ones(9).sum()",
    ],
)
def test_a_slow_statement_is_noted_and_what_stands_around_it_is_there(slow: str) -> None:
    namespace, notes = load(f"import time\na = 1\n{slow}\nb = 2", "c = 3")
    assert (namespace["a"], namespace["b"], namespace["c"]) == (1, 2, 3)
    assert [(cell, error) for cell, _, error, _ in notes] == [(0, "timed_out")]


def test_when_the_time_for_loading_is_used_up_definitions_still_run() -> None:
    cells = [HANG] * 4 + ["def f(): return 1", HANG, "g = 2"]
    namespace, notes = load(*cells)
    assert (namespace["f"](), namespace["g"]) == (1, 2)
    assert [cell for cell, _, error, _ in notes if error == "timed_out"] == [0, 1, 2, 3, 5]


def test_after_all_time_for_loading_nothing_runs() -> None:
    namespace, notes = load(*[HANG] * 20, "a = 1")
    assert "a" not in namespace
    assert {error for *_, error, _ in notes} == {"timed_out", "not_run"}
    assert notes[-1] == (20, 0, "not_run", "")


def test_what_is_left_out_does_not_run_and_what_may_be_slow_is_told_before() -> None:
    starts: list[wire.Started] = []
    text = "import math\ndef f(x=1): return x\na = 1\nraise OSError\nfor n in range(2): pass\n@f\ndef g(): pass"
    namespace, notes = load("b = 1", text, left_out=frozenset({(1, 3)}), starts=starts)
    assert (namespace["n"], [note[:3] for note in notes]) == (1, [])
    assert [(one.cell, one.statement, one.line) for one in starts] == [(0, 0, 1), (1, 2, 3), (1, 4, 5), (1, 5, 7)]


def test_a_slow_call_costs_itself_and_after_too_many_the_others_are_not_made() -> None:
    calls = [call("f", n) for n in (1, 0, 2, 0, 0, 0, 3)]
    text = "def f(x):\n    while not x: pass\n    return x"
    answers = run(text, *calls, failures=2)
    assert [answer.overrun for answer in answers] == [None, "call", None, "call", "call", "call", "call"]
    assert [answer.seconds > 0.1 for answer in answers] == [False, True, False, True, True, False, False]


def test_all_calls_of_a_function_have_a_limit_too() -> None:
    answers = run("import time\ndef f(x):\n    time.sleep(0.06)\n    return x", *[call("f", 1)] * 9, seconds=0.2)
    assert [answer.overrun for answer in answers] == [None] * 3 + ["function"] * 6
    assert sum(answer.seconds for answer in answers) == pytest.approx(0.24, abs=0.05)


@pytest.mark.parametrize("limit", [5.0, 0.05])
def test_a_timer_that_runs_ahead_ends_nothing_before_its_time(limit: float) -> None:
    clock = Clock()

    def work() -> str:
        start = time.process_time()
        while time.process_time() - start < 0.1:
            signal.raise_signal(signal.SIGPROF)
        return "done"

    spell = clock.take(limit, work)
    clock.stop()
    assert (spell.value, spell.over) == (("done", False) if limit > 1 else (None, True))
    assert spell.seconds >= min(limit, 0.1)


def test_a_timer_that_was_set_for_one_thing_serves_the_next() -> None:
    clock = Clock()

    def work(seconds: float) -> str:
        start = time.process_time()
        while time.process_time() - start < seconds:
            pass
        return "done"

    assert clock.take(0.05, lambda: "done").value == "done"
    assert clock.take(5.0, lambda: work(0.2)).value == "done"
    assert clock.take(0.05, lambda: work(60)).seconds < 1
    assert clock.take(0.2, lambda: work(0.02)).value == "done"
    assert clock.take(0.2, lambda: work(60)).seconds == pytest.approx(0.2, abs=0.1)
    clock.stop()
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_sleep_counts_and_is_cut_short() -> None:
    clock = Clock()
    begun = time.monotonic()
    spell = clock.take(0.05, lambda: time.sleep(3600))
    assert spell.over
    assert spell.seconds == pytest.approx(0.05, abs=0.02)
    assert time.monotonic() - begun < 1800
    for wrong in (-1, float("nan"), "1", None):
        assert isinstance(clock.take(1, lambda wrong=wrong: time.sleep(wrong)).error, ValueError | TypeError)  # type: ignore[misc]


# -- calls ------------------------------------------------------------------------------------------------------------


def call(function: str, *inputs: Any, layout: Layout = "plain") -> wire.EncodedCall:
    return wire.encode_call(wire.Call(function=function, layout=layout, inputs=inputs))


def run(
    cell: str,
    *calls: wire.EncodedCall,
    outputs: int = 1,
    per_call: int = 1 << 20,
    total: int = 1 << 20,
    seconds: float = 9.0,
    failures: int = 9,
) -> list[wire.Answer]:
    frames: list[bytes] = []
    data = wire.encode_job(
        kind="module",
        cells=[textwrap.dedent(cell)],
        functions={"f": wire.Allowance(outputs=outputs, seconds=seconds, failures=failures)},
        calls=calls,
        times=TIMES,
        left_out=(),
        returned_bytes_per_call=per_call,
        returned_bytes=total,
    )
    job.run(iter([data, b""]).__next__, frames.append, Clock())
    answers = [frame[4:] for frame in frames if not wire.decode_started(frame[4:])]
    wire.decode_loaded(answers.pop(0))
    return [wire.decode_answer(answer) for answer in answers]


def test_answers_come_in_the_order_of_the_calls() -> None:
    answers = run("def f(x, b=2.0): return x * b", call("f", np.arange(3.0)), call("f", np.ones(2), 3))
    assert [answer.call for answer in answers] == [0, 1]
    assert [answer.values[0].tolist() for answer in answers] == [[0, 2, 4], [3, 3]]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "status", "exception"),
    [
        ("def g(x): return x", "missing", ""),
        ("f = 3", "missing", ""),
        ("def f(x): return 1 / 0", "raised", "ZeroDivisionError"),
        ("def f(): return 1", "raised", "TypeError"),
        ("def f(x): raise SystemExit", "raised", "SystemExit"),
        ("def f(x): raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
        ("class E(KeyError): pass\ndef f(x): raise E(x)", "raised", "KeyError"),
        ("import numpy as np\ndef f(x): return np.linalg.inv(np.zeros((2, 2)))", "raised", "ValueError"),
        ("def f(x): raise MemoryError", "out_of_memory", ""),
        ("import numpy as np\ndef f(x): return np.zeros(1 << 50)", "out_of_memory", ""),
        ("import numpy as np\ndef f(x): return np.broadcast_to(1.0, (1 << 20, 1 << 20))", "output_limit", ""),
        ("import numpy as np\ndef f(x): return np.zeros((0, 1 << 30))", "output_limit", ""),
        ("class L(list):\n    def __iter__(self): raise OSError\ndef f(x): return L([1])", "raised", "OSError"),
        ("def f(x): return f(x)", "raised", "RecursionError"),
    ],
)
def test_what_a_call_comes_to(body: str, status: str, exception: str) -> None:
    (answer,) = run(body, call("f", np.arange(3.0)))
    assert (answer.status, answer.exception, answer.values) == (status, exception, ())


def test_one_bad_call_costs_that_call_only() -> None:
    answers = run("def f(x): return 1 / x", call("f", 1), call("f", 0), call("f", 2))
    assert [answer.status for answer in answers] == [None, "raised", None]


def test_returned_bytes_are_counted_per_call_and_altogether() -> None:
    body = "import numpy as np\ndef f(n): return np.zeros(n)"
    sizes = [call("f", n) for n in (5, 4, 4, 3, 1)]
    found = run(body, *sizes, per_call=32, total=72)
    assert [answer.status for answer in found] == ["output_limit", None, None, "output_limit", None]


def test_several_outputs() -> None:
    (answer,) = run("def f(x): return x, 'text'", call("f", 1.5), outputs=2)
    assert answer.values[0] == np.array(1.5)
    assert answer.values[1] == "text"
    (answer,) = run("def f(x): return x", call("f", 1.5), outputs=2)
    assert answer.values == ("arity", "arity")


@pytest.mark.parametrize("layout", ["plain", "strided"])
@pytest.mark.parametrize(
    "change", ["x[0] = 9", "x *= 2", "x.shape = (1, 3)", "x.sort()", "x[:] = x + 0.0; x[1] = -0.0"]
)
def test_changed_inputs_are_noticed(layout: Layout, change: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (answer,) = run(f"def f(x):\n    {change}\n    return 1.0", call("f", np.array([3.0, 0.0, 1.0]), layout=layout))
    assert answer.mutated or answer.status == "raised"


def test_what_only_reads_its_inputs_is_not_suspected() -> None:
    body = "def f(x):\n    y = x.copy()\n    y *= 2\n    x[0] = x[0]\n    return y"
    found = run(body, call("f", np.array([np.nan, 1.0])), call("f", np.zeros((2, 0))))
    assert [(answer.status, answer.mutated) for answer in found] == [(None, False), (None, False)]


def test_each_call_gets_fresh_arrays() -> None:
    same = call("f", np.ones(2))
    answers = run("def f(x):\n    x += 1\n    return x", same, same)
    assert [answer.values[0].tolist() for answer in answers] == [[2, 2], [2, 2]]  # type: ignore[union-attr]
    assert all(answer.mutated for answer in answers)


def test_arrays_lie_as_asked_and_numbers_stay_python_numbers() -> None:
    def lie(layout: Layout, value: Any) -> Any:
        arguments, _ = job.arrange(wire.Call(function="f", layout=layout, inputs=(value,)))
        return arguments[0]

    matrix = np.arange(6.0).reshape(2, 3)
    strided = lie("strided", matrix)
    assert not strided.flags.c_contiguous
    assert np.array_equal(strided, matrix)
    assert lie("strided", np.arange(3)).strides == (16,)
    assert lie("strided", np.array(3.0)).shape == ()
    assert not lie("read_only", matrix).flags.writeable
    assert lie("plain", matrix).flags.writeable
    assert not np.shares_memory(lie("plain", matrix), matrix)
    assert [type(lie("plain", value)) for value in (1, 1.0)] == [int, float]


# -- the lock ---------------------------------------------------------------------------------------------------------


def test_the_probe_sees_an_open_door() -> None:
    found = probe.attempts()
    for name in (
        "import from memory",
        "read the standard library",
        "ask for a path",
        "open a network socket",
        "read the accounts",
        "fork",
        "start a thread",
        "start a program",
        "write a file",
    ):
        assert found[name], name
    Path("/tmp/probe").unlink()


def test_without_landlock_there_is_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "landlock_abi", lambda: 0)
    with pytest.raises(lock.LockError, match="no Landlock"):
        lock.landlock_ruleset()


def test_what_is_imported_beforehand_is_there_in_every_sandbox() -> None:
    assert {name.partition(".")[0] for name in warm.COMMON} <= sys.stdlib_module_names | {"numpy"}


def test_gaps_of_every_small_size_are_filled_before_children_are_forked():
    filling = warm.filling()
    assert {-(-sys.getsizeof(one) // 16) * 16 for one in filling} == set(range(32, 513, 16))
    assert sum(map(sys.getsizeof, filling)) < 4_000_000
