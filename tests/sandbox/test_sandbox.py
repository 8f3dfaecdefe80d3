"""The sandbox, through the real one: honest work comes back, and nothing hostile gets out or hurts whoever is next."""

import contextlib
import ctypes
import dataclasses
import os
import random
import select
import signal
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import wire
from autograder.errors import IsolationError, SandboxError
from autograder.model import Limits
from autograder.results import (
    Case,
    Cell,
    LoadNote,
    Outcome,
    Run,
    Submission,
)
from autograder.sandbox import bubblewrap, launch, libraries, modules, running, seccomp
from autograder.sandbox.running import Sandbox
from autograder.sandbox.warm import Warm
from autograder.sandbox.way import Running
from autograder.words import Isolation

LIMITS = Limits(
    cpu_seconds_per_call=0.3, cpu_seconds_per_statement=0.3, cpu_seconds_per_function=3, cpu_seconds_to_load=3,
    idle_seconds=0.5, returned_bytes_per_call=1 << 16,
)  # fmt: skip
OUTPUTS = {"double": ("y",), "pair": ("a", "b")}
HONEST = """
import numpy as np
def double(x, factor=2.0): return factor * x
def pair(x): return x + 1, x.sum()
"""
X = np.array([1.5, -2.0, 4.0])


def case(part: str, number: int, *, hidden: bool = True, layout: Any = "plain", **inputs: Any) -> Case:
    inputs = inputs or {"x": X + number}
    return Case(id=f"{part}.family.{number}", part=part, family="family", hidden=hidden, layout=layout, inputs=inputs)


CASES = (
    case("double", 0, hidden=False),
    case("pair", 0, hidden=False),
    *(case(part, number) for number in range(1, 5) for part in ("double", "pair")),
)


def submission(*cells: str, kind: Any = "notebook", sha256: str = "ab") -> Submission:
    labeled = tuple(Cell(label=f"cell {index + 1}", source=textwrap.dedent(text)) for index, text in enumerate(cells))
    return Submission(student="ada", kind=kind, cells=labeled, sha256=sha256)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=LIMITS) as made:
        yield made


@pytest.fixture(scope="module", params=["bubblewrap", "nested"])
def walled(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Give the sandbox at each level that keeps anything out."""
    with Sandbox(isolation=request.param, limits=LIMITS) as made:
        yield made


def run(sandbox: Sandbox, *cells: str, cases: tuple[Case, ...] = CASES) -> Run:
    return sandbox.run(submission(*cells), cases, OUTPUTS)


def statuses(found: Run, part: str, *, hidden: bool = True) -> list[str | None]:
    return [found.outcomes[case.id].status for case in CASES if case.part == part and case.hidden == hidden]


def is_right(outcome: Outcome, x: np.ndarray[Any, Any]) -> bool:
    values: Mapping[str, Any] = outcome.values
    truth = {"y": 2 * x} if "y" in values else {"a": x + 1, "b": np.array(x.sum())}
    return values.keys() == truth.keys() and all(np.array_equal(values[name], truth[name]) for name in truth)


def all_right(found: Run, *parts: str) -> bool:
    return all(is_right(found.outcomes[c.id], c.inputs["x"]) for c in CASES if c.part in (parts or OUTPUTS))


# -- honest work ------------------------------------------------------------------------------------------------------


def test_right_answers_come_back_whole(sandbox: Sandbox) -> None:
    found = run(sandbox, HONEST)
    assert list(found.outcomes) == [case.id for case in CASES]
    assert all_right(found)
    assert not any(outcome.mutated or outcome.exception for outcome in found.outcomes.values())
    assert (found.notes, found.seconds > 0) == ((), True)


def test_layouts_numbers_and_defaults_reach_the_function(sandbox: Sandbox) -> None:
    cases = (
        case("double", 1, layout="strided", x=np.arange(6.0).reshape(2, 3)),
        case("double", 2, layout="read_only", x=X),
        case("double", 3, x=X, factor=3),
        case("double", 4, x=np.arange(3), factor=0.5),
    )
    text = """
    def double(x, factor=2.0):
        if type(factor) not in (int, float): raise TypeError
        x[0] = x[0]
        return factor * x, x.flags.c_contiguous
    """
    found = sandbox.run(submission(text), cases, {"double": ("y", "contiguous")})
    assert [found.outcomes[c.id].status for c in cases] == [None, "raised", None, None]
    assert found.outcomes[cases[1].id].exception == "ValueError"
    values: list[Any] = [found.outcomes[c.id].values.get("y") for c in cases]
    assert np.array_equal(values[0], 2 * np.arange(6.0).reshape(2, 3))
    assert np.array_equal(values[2], 3 * X)
    assert np.array_equal(values[3], [0, 0.5, 1])


def test_mutation_is_reported_and_reaches_nobody_else(sandbox: Sandbox) -> None:
    found = run(sandbox, "def double(x):\n    x *= 2\n    return x", HONEST.split("\n")[-2])
    assert all(found.outcomes[c.id].mutated == (c.part == "double") for c in CASES)
    assert all_right(found)
    assert np.array_equal(CASES[0].inputs["x"], X)


def test_what_a_call_left_of_its_inputs_is_told_of_public_cases_alone(sandbox: Sandbox) -> None:
    text = "def double(x):\n    x *= 2\n    return x\ndef pair(x):\n    x.shape = (1, 3)\n    return x, 1"
    found = run(sandbox, text)
    left = {name: outcome.left for name, outcome in found.outcomes.items() if outcome.left}
    assert {name: dict(arrays)["x"].tolist() for name, arrays in left.items()} == {  # type: ignore[union-attr]
        CASES[0].id: [3.0, -4.0, 8.0],
        CASES[1].id: [[1.5, -2.0, 4.0]],
    }


def test_notes_say_what_went_wrong_while_loading(sandbox: Sandbox) -> None:
    found = run(sandbox, "import matplotlib.pyplot as plt\n%matplotlib inline", HONEST, "print(1)\nraise OSError")
    assert all_right(found)
    assert found.notes == (
        LoadNote(label="cell 1", line=1, error="ModuleNotFoundError", module="matplotlib.pyplot"),
        LoadNote(label="cell 3", line=2, error="OSError"),
    )


@pytest.mark.parametrize(
    "module",
    [
        "csv",
        "unittest.mock",
        "ctypes",
        "numpy.polynomial.legendre",
        "numpy.doc.ufuncs",
        "sqlite3",
        "hashlib",
        "zoneinfo",
    ],
)
def test_the_standard_library_and_numpy_can_be_imported_late(walled: Sandbox, module: str) -> None:
    assert run(walled, f"import {module}\n{HONEST}", cases=CASES[:2]).notes == ()


#: What opens a file, a directory or a library only once it is used, where there is a file system.
LAZILY = r"""
import traceback, sys
try: 1 / 0
except ZeroDivisionError: assert 'ZeroDivisionError' in traceback.format_exc()

import warnings
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter('always')
    warnings.warn('w')
assert seen[0].lineno

from decimal import Decimal, getcontext
getcontext().prec = 50
assert len(str(Decimal(2).sqrt())) == 51

import fractions, statistics
assert statistics.mean([fractions.Fraction(1, 3)] * 3) == fractions.Fraction(1, 3)

import random, secrets, uuid
assert 0 <= random.random() < 1 and secrets.token_hex(4) and uuid.uuid4().hex

import hashlib, hmac
assert hashlib.sha3_256(b'').hexdigest() and hashlib.blake2b(b'').digest()
assert hmac.new(b'k', b'm', 'sha256').hexdigest()

for name in ('latin-1', 'utf-16', 'cp1252', 'koi8-r', 'shift_jis', 'gb18030', 'idna', 'punycode', 'rot13'):
    import codecs; codecs.lookup(name)

import unicodedata
assert unicodedata.name('β') == 'GREEK SMALL LETTER BETA' and '\N{GREEK SMALL LETTER BETA}'

import sqlite3
assert sqlite3.connect(':memory:').execute('select 1').fetchall() == [(1,)]

import doctest
def f():
    '>>> 1 + 1\n2'
assert doctest.run_docstring_examples(f, {}) is None

import json, pickle, csv, io, zlib, bz2, lzma, gzip, base64
assert pickle.loads(pickle.dumps(json.loads('[1]'))) == [1]
assert lzma.decompress(lzma.compress(b'x')) == bz2.decompress(bz2.compress(b'x')) == b'x'

import datetime, calendar, time, locale
assert datetime.datetime.strptime('Feb 1 2020', '%b %d %Y').month == 2
assert time.strftime('%Y', time.gmtime(0)) == '1970' and calendar.month(2020, 2)

import dataclasses, enum, typing, abc, functools, collections.abc, contextlib, itertools
@dataclasses.dataclass
class P:
    x: typing.Optional[int] = None
assert P(1) == P(1)

import re, string, textwrap, difflib, pprint
assert re.sub(r'(?i)A', 'b', 'a') == 'b' and pprint.pformat({1: [2]})

import ast, dis, tokenize, io, inspect
assert ast.unparse(ast.parse('x = 1')) == 'x = 1' and dis.code_info('x')

import inspect
def g(a, b=2): return a
assert str(inspect.signature(g)) == '(a, b=2)'

import asyncio
async def one(): return 1
coroutine = one(); coroutine.close()

import unittest
class T(unittest.TestCase):
    def test(self): self.assertAlmostEqual(1, 1 + 1e-9)
assert unittest.TextTestRunner(stream=__import__('io').StringIO()).run(T('test')).wasSuccessful()

import xml.etree.ElementTree as E, html, html.parser, urllib.parse
assert E.fromstring('<a>1</a>').text == '1'

import ctypes, struct, array, mmap
assert ctypes.sizeof(ctypes.c_double) == struct.calcsize('d')

import numpy as np
assert np.linalg.svd(np.eye(3))[1].sum() == 3 and np.linalg.eigh(np.eye(2)) and np.linalg.qr(np.eye(2))

import numpy as np
assert np.fft.fft(np.ones(4))[0] == 4 and np.polynomial.Polynomial([1, 2])(1) == 3

import numpy as np
rng = np.random.default_rng(0)
assert rng.normal(size=3).shape == np.random.rand(3).shape == (3,)

import numpy as np
np.testing.assert_allclose(np.einsum('i,j->ij', [1., 2], [3., 4]), np.outer([1, 2], [3, 4]))

import numpy as np
assert np.ma.masked_array([1, 2], [0, 1]).sum() == 1 and np.char.upper('a') == 'A'

import numpy as np, io
f = io.BytesIO(); np.savez(f, a=np.eye(2)); f.seek(0)
assert np.load(f)['a'].trace() == 2

import numpy as np, io
assert np.loadtxt(io.StringIO('1 2')).sum() == np.genfromtxt(io.StringIO('1,2'), delimiter=',').sum()

import numpy as np
assert repr(np.array([1e-9, np.nan])) and np.array2string(np.eye(2)) and str(np.datetime64('2020-02-01'))

import numpy as np, numpy.typing as npt
x: npt.NDArray[np.float64] = np.ones(2)
assert np.vectorize(abs)(x).all()

import numpy as np
with np.errstate(all='ignore'): assert np.isinf(np.float64(1) / 0)
assert np.show_config
""".strip().split("\n\n")


def test_what_is_needed_lazily_works_without_a_file_system(walled: Sandbox) -> None:
    assert run(walled, *LAZILY, HONEST, cases=CASES[:2]).notes == ()


@pytest.mark.parametrize("module", ["autograder", "solutions", "torch", "pytest", "_virtualenv"])
def test_nothing_else_can_be_imported(walled: Sandbox, module: str) -> None:
    (note,) = run(walled, f"import {module}", cases=()).notes
    assert (note.error, note.module) == ("ModuleNotFoundError", module)


def test_the_order_of_calls_comes_from_the_submission(sandbox: Sandbox) -> None:
    text = "n = 0\ndef double(x):\n    global n\n    n += 1\n    return n\npair = double"
    cases = tuple(case("double", number) for number in range(20))

    def order(sha256: str) -> list[int]:
        found = sandbox.run(submission(text, sha256=sha256), cases, OUTPUTS)
        return [int(value) for outcome in found.outcomes.values() for value in outcome.values.values()]

    first = order("aa")
    assert order("aa") == first
    assert sorted(first) == list(range(1, 21)) != first
    assert order("bb") != first


def test_a_submission_may_be_larger_than_a_pipe(sandbox: Sandbox) -> None:
    assert all_right(run(sandbox, "# a long story\n" * 50_000, HONEST))


def test_a_sandbox_that_is_killed_while_a_warm_process_starts_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        sandbox._drop()
        start = running.Warm
        monkeypatch.setattr(running, "Warm", lambda *given: (start(*given), sandbox.kill())[0])
        with pytest.raises(SandboxError, match="closed"):
            run(sandbox, HONEST)
        assert sandbox._warm is None


def test_an_unreadable_submission_is_not_run(sandbox: Sandbox) -> None:
    unreadable = dataclasses.replace(submission(HONEST), problem="no JSON")
    found = sandbox.run(unreadable, CASES, OUTPUTS)
    assert {outcome.status for outcome in found.outcomes.values()} == {"unreadable"}


# -- one bad call, one bad function -----------------------------------------------------------------------------------

CRASHES = {
    "missing": "",
    "not callable": "double = 3",
    "exception": "def double(x): raise KeyError('secret')",
    "exit": "import os\ndef double(x): os._exit(0)",
    "segfault": "import ctypes\ndef double(x): ctypes.string_at(0)",
    "hang": "def double(x):\n    while True: pass",
    "sleep": "import time\ndef double(x): time.sleep(100)",
    "memory": "import numpy as np\ndef double(x): return np.ones(1 << 28)",
    "output": "import numpy as np\ndef double(x): return np.ones(1 << 14)",
    "ptrace": "import ctypes\ndef double(x): ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    "input": "def double(x): return input()",
    "recursion": "def double(x): return double(x) + 1",
}
MEANS = {
    "missing": "missing",
    "not callable": "missing",
    "exception": "raised",
    "exit": "crashed",
    "segfault": "crashed",
    "hang": "timed_out",
    "sleep": "timed_out",
    "memory": "out_of_memory",
    "output": "output_limit",
    "ptrace": "forbidden",
    "input": "raised",
    "recursion": "raised",
}


@pytest.mark.parametrize("what", CRASHES)
def test_a_bad_function_costs_itself_only(walled: Sandbox, what: str) -> None:
    found = run(walled, "\n".join(line for line in HONEST.split("\n") if "double" not in line), CRASHES[what])
    assert set(statuses(found, "double")) == {MEANS[what]}
    assert statuses(found, "double", hidden=False) == [MEANS[what]]
    assert all_right(found, "pair")
    names = {outcome.exception for outcome in found.outcomes.values()}
    assert names <= {"", "KeyError", "EOFError", "RecursionError"}


def test_one_bad_call_costs_that_call_only(sandbox: Sandbox) -> None:
    found = run(
        sandbox, HONEST, "import os\ngood = double\ndef double(x):\n    if x[0] == 3.5: os._exit(1)\n    return good(x)"
    )
    assert statuses(found, "double") == [None, "crashed", None, None]
    assert all_right(found, "pair")
    assert is_right(found.outcomes["double.family.3"], X + 3)


def test_a_function_is_given_a_new_process_three_times(sandbox: Sandbox) -> None:
    cases = tuple(case("double", number) for number in range(9))
    found = run(sandbox, "import os\ndef double(x):\n    if x[0] < 9.5: os._exit(0)\n    return 2 * x", cases=cases)
    assert [outcome.status for outcome in found.outcomes.values()].count("crashed") == 8
    text = "import os\ndef double(x):\n    if x[0] in (2.5, 4.5, 6.5): os._exit(0)\n    return 2 * x"
    found = run(sandbox, text, cases=cases)
    assert [outcome.status for outcome in found.outcomes.values()].count("crashed") == 3
    assert [outcome.status for outcome in found.outcomes.values()].count(None) == 6


def test_code_that_does_not_load_has_that_status_everywhere(sandbox: Sandbox) -> None:
    found = run(sandbox, HONEST, "import os; os._exit(0)")
    assert {outcome.status for outcome in found.outcomes.values()} == {"crashed"}


# -- time -------------------------------------------------------------------------------------------------------------

STUBBORN = "sum(iter(int, 1))"
"""It does not let itself be interrupted."""
WAITS = "import signal\nsignal.sigwait({signal.SIGUSR1})"
"""It takes no time at all, and never ends."""


@pytest.mark.parametrize("slow", ["while True: pass", "import time\ntime.sleep(99)", STUBBORN])
@pytest.mark.parametrize("place", [0, 1])
def test_a_slow_statement_is_left_out_and_named(sandbox: Sandbox, slow: str, place: int) -> None:
    cells = [f"a = 1\n{slow}\nb = 1"]
    cells.insert(1 - place, HONEST)
    found = run(sandbox, *cells)
    assert all_right(found)
    (note,) = found.notes
    assert (note.label, note.error) == (f"cell {place + 1}", "timed_out")
    assert found.loading_seconds < 2


def test_a_submission_may_have_any_number_of_statements(sandbox: Sandbox) -> None:
    found = run(sandbox, "n = 0\n" + "n += 1\n" * 9_000, HONEST)
    assert all_right(found)


def test_statements_that_cannot_be_stopped_are_left_out_up_to_a_point(sandbox: Sandbox) -> None:
    assert all_right(run(sandbox, *[STUBBORN] * 3, HONEST))
    found = run(sandbox, *[STUBBORN] * 4, HONEST)
    assert {(outcome.status, outcome.overrun) for outcome in found.outcomes.values()} == {("timed_out", "loading")}


@pytest.mark.parametrize("slow", ["time.sleep(0.2)", "end = time.process_time() + 0.2\n    while end > now(): pass"])
def test_a_function_that_is_slow_in_all_its_calls_answers_them(sandbox: Sandbox, slow: str) -> None:
    text = f"import time\nnow = time.process_time\nfirst = double\ndef double(x):\n    {slow}\n    return first(x)"
    found = run(sandbox, HONEST, text)
    assert all_right(found)
    assert found.part_seconds["double"] == pytest.approx(1.0, abs=0.4)
    assert found.part_seconds["pair"] < 0.2


@pytest.mark.parametrize("slow", ["time.sleep(0.4)", "end = time.process_time() + 0.4\n    while end > now(): pass"])
def test_a_function_slow_in_every_call_takes_no_time_from_the_others(slow: str) -> None:
    """Each call is within its limit, all of them together are not: then none of them counts."""
    limits = dataclasses.replace(LIMITS, cpu_seconds_per_function=1)
    with Sandbox(limits=limits) as sandbox:
        cases = tuple(case(part, number) for part in ("double", "pair") for number in range(9))
        text = f"import time\nnow = time.process_time\ndef double(x):\n    {slow}\n    return 2 * x"
        found = run(sandbox, HONEST, text, cases=cases)
        slow_ones = {(o.status, o.overrun) for c in cases if c.part == "double" and (o := found.outcomes[c.id])}
        assert slow_ones == {("timed_out", "function")}
        assert all(is_right(found.outcomes[c.id], c.inputs["x"]) for c in cases if c.part == "pair")


@pytest.mark.parametrize("text", ["while True: pass", STUBBORN])
def test_one_slow_call_costs_that_call_only(sandbox: Sandbox, text: str) -> None:
    found = run(
        sandbox, HONEST, f"first = double\ndef double(x):\n    if x[0] == 3.5:\n     {text}\n    return first(x)"
    )
    assert statuses(found, "double") == [None, "timed_out", None, None]
    assert found.outcomes["double.family.2"].overrun == "call"
    assert all_right(found, "pair")


BREAKS_THE_CLOCK = {
    "stopped": "signal.setitimer(signal.ITIMER_PROF, 0)",
    "deaf": "signal.signal(signal.SIGPROF, signal.SIG_IGN)",
    "blocked": "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])",
    "deadly": "signal.signal(signal.SIGPROF, signal.SIG_DFL)",
    "disarmed": "import gc\n    for o in gc.get_objects():\n        if hasattr(o, '_armed'): o._armed = False",
    "swallowed": "while True:\n        try: [0 for n in iter(int, 1)]\n        except BaseException: pass",
}


@pytest.mark.parametrize("how", BREAKS_THE_CLOCK)
def test_whoever_breaks_the_clock_gets_no_more_time_and_takes_none_from_others(sandbox: Sandbox, how: str) -> None:
    text = f"import signal, sys\ndef double(x):\n    {BREAKS_THE_CLOCK[how]}\n    while True: pass"
    found = run(sandbox, HONEST, text)
    assert {found.outcomes[c.id].status for c in CASES if c.part == "double"} <= {"timed_out", "crashed"}
    assert all_right(found, "pair")
    assert found.part_seconds["double"] < 2 * 5 * LIMITS.cpu_seconds_per_call + 1


@pytest.mark.parametrize("place", ["def double(x):\n    ", ""])
def test_whoever_waits_in_vain_is_suspect_at_first_and_convicted_the_second_time(sandbox: Sandbox, place: str) -> None:
    text = place + WAITS.replace("\n", "; ")
    first = run(sandbox, HONEST, text)
    assert (first.suspect, {outcome.overrun for outcome in first.outcomes.values()}) == (True, {"waiting"})
    found = sandbox.run(submission(HONEST, text), CASES, OUTPUTS, again=True)
    assert not found.suspect
    if place:
        assert {found.outcomes[c.id].overrun for c in CASES if c.part == "double"} == {"waiting"}
        assert all_right(found, "pair")
    else:
        # A statement that waits is left out, as one that computes.
        assert all_right(found)
        assert [note.error for note in found.notes] == ["timed_out"]


def test_whoever_sleeps_in_pieces_is_not_taken_for_dead(sandbox: Sandbox) -> None:
    found = run(sandbox, "import time\nfor n in range(9): time.sleep(0.04)", HONEST)
    assert (found.suspect, all_right(found), found.notes) == (False, True, ())


def test_wall_time_is_believed_the_second_time_too() -> None:
    limits = dataclasses.replace(LIMITS, wall_seconds=0.3, cpu_seconds_per_call=30)
    with Sandbox(limits=limits) as sandbox:
        slow = "import time\ndef double(x):\n    while True: pass"
        assert run(sandbox, HONEST, slow).suspect
        found = sandbox.run(submission(HONEST, slow), CASES, OUTPUTS, again=True)
        assert {found.outcomes[c.id].status for c in CASES if c.part == "double"} == {"timed_out"}
        assert all_right(found, "pair")


def test_a_process_may_not_use_more_cpu_than_the_kernel_is_told() -> None:
    warm = Warm("bubblewrap", dataclasses.replace(LIMITS, wall_seconds=1.0))
    limits = dataclasses.replace(LIMITS, wall_seconds=99, cpu_seconds_per_call=30, cpu_seconds_per_function=30)
    try:
        text = "def double(x):\n    while True: pass"
        call = wire.encode_call(wire.Call(function="double", layout="plain", inputs=(X,)))
        running = Running(
            warm=warm, limits=limits, submission=submission(text), outputs=OUTPUTS, encoded={CASES[0]: call},
            again=False,
        )  # fmt: skip
        found = running.everything(CASES[:1])
        assert [outcome.status for outcome in found.outcomes.values()] == ["timed_out"]
    finally:
        warm.close()


# -- hostile work -----------------------------------------------------------------------------------------------------

WRITE = """
import os
def all_pipes(data):
    for fd in range(3, 64):
        try: os.write(fd, data)
        except OSError: pass
"""
BREAKS = {
    "noise": WRITE + "all_pipes(b'hello')",
    "a frame too long": WRITE + "all_pipes(b'\\xff' * 8)",
    "an answer before its call": WRITE + "all_pipes(b'\\x09\\0\\0\\0\\x01' + bytes(8))",
    "two answers": WRITE
    + HONEST
    + "def double(x):\n    all_pipes(b'\\x09\\0\\0\\0\\x01' + bytes(8))\n    return 2 * x",
    "a call nobody made": WRITE + HONEST + "def double(x):\n    all_pipes(b'\\x09\\0\\0\\0\\x01\\x63' + bytes(7))",
    "trailing bytes": WRITE + HONEST + "def pair(x):\n    all_pipes(b'\\x09\\0')\n    os._exit(0)",
    "an answer of another length": WRITE
    + "def double(x):\n    all_pipes(b'\\x0c\\0\\0\\0\\x01' + bytes(7) + b'\\x03\\1\\1\\1')\n    os._exit(0)\n"
    + "pair = double",
    "flood": WRITE + "while True: all_pipes(bytes(1 << 16))",
}


@pytest.mark.parametrize("what", BREAKS)
def test_whoever_writes_into_the_pipe_spoils_all_of_their_calls(walled: Sandbox, what: str) -> None:
    found = run(walled, BREAKS[what])
    assert {outcome.status for outcome in found.outcomes.values()} == {"forbidden"}
    assert not any(outcome.values for outcome in found.outcomes.values())
    assert all_right(run(walled, HONEST))


ATTACKS = {
    "the accounts": "open('/etc/passwd').read()",
    "processes": "import os; os.listdir('/proc')",
    "its folder": "import os; os.listdir('.')",
    "the root": "import os; os.listdir('/')",
    "the worker": "open('/worker/autograder/wire/__init__.py').read()",
    "this repository": f"open({str(Path(__file__))!r}).read()",
    "a file": "open('/tmp/x', 'w')",
    "a temporary file": "import tempfile; tempfile.TemporaryFile()",
    "the standard library": "import os; open(os.__file__, 'a')",
    "a network": "import socket; socket.socket()",
    "a local socket": "import socket; socket.socketpair()",
    "a fork": "import os; os.fork()",
    "a program": "import os; os.execv('/python/bin/python3', ['x'])",
    "a shell": "import subprocess; subprocess.run('true', shell=True)",
    "everyone": "import os; os.kill(-1, 9)",
    "its parent": "import os; os.kill(os.getppid(), 9)",
    "the first process": "import os; os.kill(1, 9)",
    "itself": "import os; os.kill(os.getpid(), 9)",
    "a thread": "import threading; threading.Thread(target=int).start()",
    "more files": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))",
    "executable memory": "import mmap; mmap.mmap(-1, 4096, prot=7)",
    # Free memory would be a channel from a submission that has hidden inputs to one whose answers are shown.
    "the machine's memory": "import ctypes as c; c.CDLL(None).sysinfo(c.create_string_buffer(512)) and open('/no')",
    "a timer": "import signal; signal.setitimer(signal.ITIMER_REAL, 1)",
    # A clock of the warm process would say what ran in it before; other people's pids are nobody's business.
    "another's clock": "import os, time; time.clock_gettime((~os.getppid()) << 3 | 2)",
    "another's clock, by waiting": "import ctypes as c, os; "
    "c.CDLL(None).clock_nanosleep((~os.getppid()) << 3 | 2, 0, c.create_string_buffer(16), None) and open('/no')",
    "another's limits": "import os, resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
    "another's cores": "import os; os.sched_getaffinity(os.getppid())",
    "another's group": "import os; os.getpgid(os.getppid())",
    "another's session": "import os; os.getsid(os.getppid())",
    "a link": "import os; os.symlink('/etc/passwd', '/tmp/x')",
    "what lies beside": "import os; open(os.path.dirname(os.__file__) + '/site-packages/pip/__init__.py')",
    "the terminal": "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
}


def tried(attack: str) -> str:
    """A cell whose function says 1 when the attack worked, 0 when it was refused."""
    refused = "except (OSError, RuntimeError, ValueError):\n    worked = 0.0"
    return f"try:\n    {attack}\n    worked = 1.0\n{refused}\ndef double(x): return worked"


@pytest.mark.parametrize("what", ATTACKS)
def test_what_is_outside_is_out_of_reach(walled: Sandbox, what: str) -> None:
    found = run(walled, HONEST, tried(ATTACKS[what]))
    assert found.notes == ()
    assert {float(found.outcomes[c.id].values["y"]) for c in CASES if c.part == "double"} == {0.0}
    assert all_right(found, "pair")


@pytest.mark.parametrize("mapped", ["library", "anonymous"])
def test_advice_about_memory_is_refused_but_for_large_pages(walled: Sandbox, mapped: str) -> None:
    """With it a page of a shared library is put out, or read alone: who finds it out, or in, reads a bit of another."""
    text = f"""
    import ctypes, mmap, numpy as np
    libc = ctypes.CDLL(None, use_errno=True)
    room = np.ones(1 << 16)
    address = room.ctypes.data if {mapped == "anonymous"} else ctypes.cast(libc.printf, ctypes.c_void_p).value
    def told(advice):
        done = libc.madvise(ctypes.c_void_p(address + 4095 & ~4095), ctypes.c_size_t(4096), advice)
        return ctypes.get_errno() if done else 0
    def double(x): return np.array([n for n in range(256) if told(n) != 1])
    """
    (outcome,) = run(walled, text, cases=CASES[:1]).outcomes.values()
    taken: Any = outcome.values["y"]
    assert set(taken.tolist()) == set(seccomp.ADVICE)


DEADLY = {
    "ptrace": (101, 0), "process_vm_readv": (310, 1), "pidfd_open": (434, 1), "io_uring_setup": (425, 1),
    "bpf": (321, 0), "keyctl": (250, 0),
    "unshare": (272, 0x10000000), "mount": (165, 0), "userfaultfd": (323, 0), "chroot": (161, 0),
}  # fmt: skip


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are x86_64's")
@pytest.mark.parametrize("what", DEADLY)
def test_what_no_homework_calls_is_deadly(walled: Sandbox, what: str) -> None:
    number, argument = DEADLY[what]
    found = run(walled, f"import ctypes\nctypes.CDLL(None).syscall({number}, {argument}, 0, 0, 0)", HONEST)
    assert {outcome.status for outcome in found.outcomes.values()} == {"forbidden"}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are x86_64's")
def test_every_other_system_call_is_refused(walled: Sandbox) -> None:
    number = ctypes.CDLL("libseccomp.so.2").seccomp_syscall_resolve_name
    by_arguments = "mmap mprotect madvise prlimit64 ioctl fcntl"
    listed = (seccomp.ALLOWED, seccomp.CLOCKS, seccomp.OF_ITSELF, seccomp.KILLED, seccomp.NO_FILE, by_arguments)
    # uretprobe and uprobe: no filter sees them, and they do nothing outside the kernel's own trampoline.
    known = {number(name.encode()) for names in listed for name in names.split()} | {335, 336}
    text = f"""
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    nothing = [ctypes.c_long(-1)] * 6
    others = [n for n in range(512) if n not in {known}]
    refused = [libc.syscall(n, *nothing) == -1 and ctypes.get_errno() == 1 for n in others]
    def pair(x): return len(others), sum(refused)
    """
    (outcome,) = run(walled, text, cases=CASES[1:2]).outcomes.values()
    assert outcome.values["a"] == outcome.values["b"] > 250


def test_names_that_leave_are_builtin_exceptions(walled: Sandbox) -> None:
    text = """
    class Meta(type):
        __name__ = property(lambda cls: 'x_is_1_5')
        __mro__ = property(lambda cls: (KeyError,))
    def double(x): raise Meta('x_is_1_5', (LookupError,), {})('x is', x)
    """
    found = run(walled, text)
    assert {found.outcomes[c.id].exception for c in CASES if c.part == "double"} == {"LookupError"}


def test_what_a_submission_leaves_behind_does_not_meet_the_next(walled: Sandbox) -> None:
    text = """
    import sys, numpy as np
    seen = getattr(sys, 'seen', 0.0)
    sys.seen = 1.0
    def double(x):
        sys.seen = np.seen = 1.0
        np.sum = None
        return seen + getattr(np, 'seen', 0.0) * 0.0
    """
    for _ in range(2):
        found = run(walled, text)
        assert {float(found.outcomes[c.id].values["y"]) for c in CASES if c.part == "double"} == {0.0}
    assert all_right(run(walled, HONEST))


def test_nothing_is_left_of_what_the_warm_process_did_before(walled: Sandbox) -> None:
    text = """
    import random, signal, sys, warnings, numpy as np
    found = "submission" in sys.modules, random.random(), np.random.rand()
    def double(x): return np.array(found)
    """
    found = run(walled, text, cases=CASES[:1])
    values: Any = found.outcomes[CASES[0].id].values["y"]
    assert values.tolist() == [0, random.Random(0).random(), np.random.RandomState(0).rand()]


def test_a_child_does_nothing_for_modules_when_it_is_forked(walled: Sandbox) -> None:
    text = """
    import gc, random, threading
    gc.unfreeze()
    hooks = threading._after_fork, random._inst.seed
    lists = [one for one in gc.get_objects() if type(one) is list and one]
    found = [one for one in lists if type(one[0]) in map(type, hooks) and one[0] in hooks]
    def double(x): return len(found)
    """
    found = run(walled, text, cases=CASES[:1])
    assert found.outcomes[CASES[0].id].values["y"] == 0


def test_the_public_run_knows_no_hidden_input(walled: Sandbox) -> None:
    text = """
    import gc, sys
    def double(x):
        import autograder
    def pair(x):
        return len(sys._getframe(4).f_locals['wanted']), 0
    """
    found = run(walled, text)
    assert float(found.outcomes[CASES[1].id].values["a"]) == 2
    assert float(found.outcomes[CASES[3].id].values["a"]) == 8


# -- the warm process -------------------------------------------------------------------------------------------------


def children(pid: int) -> set[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


def descendants(pid: int) -> set[int]:
    found = children(pid)
    return found.union(*map(descendants, found))


@pytest.mark.usefixtures("sandbox")
def test_nothing_is_left_after_it_is_closed() -> None:
    before, descriptors = children(os.getpid()), len(list(Path("/proc/self/fd").iterdir()))
    with Sandbox(limits=LIMITS) as sandbox:
        (outermost,) = children(os.getpid()) - before
        assert len(descendants(outermost)) >= 2
        run(sandbox, HONEST)
        poll = select.poll()
        handles = set()
        for pid in {outermost, *descendants(outermost)}:
            with contextlib.suppress(ProcessLookupError):  # a finished child, dismissed
                handles.add(os.pidfd_open(pid))
        for handle in handles:
            poll.register(handle, select.POLLIN)
    for _ in range(len(handles)):
        for handle, _ in poll.poll(10_000):
            poll.unregister(handle)
            os.close(handle)
            handles.remove(handle)
    assert not handles
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors
    with pytest.raises(SandboxError, match="closed"):
        run(sandbox, HONEST)


STAYS = """
import os, time
def stay(code):
    os.closerange(0, {closed})
    while True: time.sleep(1)
os._exit = stay
"""


def test_who_stays_when_all_is_answered_is_ended(sandbox: Sandbox) -> None:
    assert all_right(run(sandbox, STAYS.format(closed=0) + HONEST))
    assert all_right(run(sandbox, HONEST))


def test_who_hangs_up_and_stays_is_ended_before_the_next_one_starts() -> None:
    before = children(os.getpid())
    with Sandbox(limits=LIMITS) as sandbox:
        (outermost,) = children(os.getpid()) - before
        assert all_right(run(sandbox, STAYS.format(closed=20) + HONEST))
        staying = os.pidfd_open(min(pid for pid in descendants(outermost) if not children(pid)))
        assert all_right(run(sandbox, HONEST))
        poll = select.poll()
        poll.register(staying, select.POLLIN)
        assert poll.poll(0)
        os.close(staying)


def test_when_the_warm_process_dies_the_fault_is_ours_and_the_next_gets_a_new_one() -> None:
    before = children(os.getpid())
    with Sandbox(limits=LIMITS) as sandbox:
        run(sandbox, HONEST)
        (outermost,) = children(os.getpid()) - before
        os.kill(outermost, signal.SIGKILL)
        os.waitid(os.P_PID, outermost, os.WEXITED | os.WNOWAIT)
        with pytest.raises(SandboxError, match="gone"):
            run(sandbox, HONEST)
        assert all_right(run(sandbox, HONEST))


def test_an_input_that_cannot_be_sent_is_our_fault(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="cannot be sent"):
        run(sandbox, HONEST, cases=(case("double", 1, x=b"bytes"),))
    assert all_right(run(sandbox, HONEST))


def test_evidence_says_what_isolates(sandbox: Sandbox) -> None:
    assert sandbox.isolation == "bubblewrap"
    assert sandbox.evidence["isolation"] == "bubblewrap"
    assert int(sandbox.evidence["landlock"]) >= 1
    assert {"bubblewrap", "filter_sha256", "numpy", "python"} <= sandbox.evidence.keys()


# -- levels of isolation ----------------------------------------------------------------------------------------------


def test_without_isolation_the_worker_is_the_same() -> None:
    with Sandbox(isolation="none", limits=LIMITS) as sandbox:
        assert sandbox.isolation == "none"
        assert all_right(run(sandbox, HONEST))
        assert "filter_sha256" not in sandbox.evidence


def test_nested_is_the_lock_alone() -> None:
    with Sandbox(isolation="nested", limits=LIMITS) as sandbox:
        assert all_right(run(sandbox, HONEST))
        attacks = (
            "the accounts",
            "processes",
            "this repository",
            "a file",
            "a network",
            "a fork",
            "everyone",
            "what lies beside",
        )
        for what in attacks:
            found = run(sandbox, tried(ATTACKS[what]), cases=CASES[:1])
            assert float(found.outcomes[CASES[0].id].values["y"]) == 0, what


def test_a_door_that_the_probe_finds_open_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "child_filter", seccomp.outer_filter)
    with pytest.raises(IsolationError, match=r"does not hold here: a locked child could ask for a path, .*put memory"):
        Sandbox(limits=LIMITS)


def test_a_lock_behind_which_nothing_can_be_imported_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "_modules", lambda root, prefix: iter(()))
    modules.modules_file.cache_clear()
    with pytest.raises(SandboxError, match="cannot import from memory"):
        Sandbox(limits=LIMITS)
    modules.modules_file.cache_clear()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A PATH with nothing on it, and no memory of what was found before."""
    monkeypatch.setenv("PATH", str(tmp_path))
    bubblewrap.find_bubblewrap.cache_clear()
    yield tmp_path
    bubblewrap.find_bubblewrap.cache_clear()


def fake(folder: Path, version: str, complaint: str = "") -> None:
    path = folder / "bwrap"
    path.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "bubblewrap {version}" && exit 0\necho "{complaint}" >&2\nexit 1\n'
    )
    path.chmod(0o755)


def test_without_bubblewrap_the_way_out_is_named(machine: Path) -> None:
    with pytest.raises(IsolationError, match="apt-get install bubblewrap"):
        Sandbox()


def test_an_old_bubblewrap_is_not_enough(machine: Path) -> None:
    fake(machine, "0.6.1")
    with pytest.raises(IsolationError, match=r"0\.6\.1.*0\.8"):
        Sandbox()


@pytest.mark.parametrize(
    ("setting", "value", "way_out"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor"),
        ("kernel/unprivileged_userns_clone", "0", r"sysctl kernel\.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", r"sysctl user\.max_user_namespaces"),
        ("", "", "in a container, allow user namespaces"),
    ],
)
def test_where_namespaces_are_forbidden_the_way_out_is_named(
    machine: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, way_out: str
) -> None:
    fake(machine, "0.8.0", "bwrap: setting up uid map: Permission denied")
    monkeypatch.setattr(bubblewrap, "_setting", lambda name: value if name == setting else "")
    with pytest.raises(IsolationError, match=f"setting up uid map: Permission denied.*{way_out}") as caught:
        Sandbox()
    assert "\n" not in str(caught.value)


def test_a_worker_that_ends_at_its_start_is_our_fault(machine: Path) -> None:
    fake(machine, "0.8.0", "python: no such thing")
    with pytest.raises(SandboxError, match=r"code 1 \(python: no such thing"):
        Sandbox()


def test_without_libseccomp_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", gone)
    seccomp.child_filter.cache_clear()
    with pytest.raises(IsolationError, match="apt-get install libseccomp2"):
        seccomp.child_filter()


@pytest.mark.parametrize(("kept", "missing"), [(0, "No module named 'numpy'"), (1, "cannot open shared object file")])
def test_a_numpy_that_cannot_be_imported_is_not_blamed_on_the_kernel(
    monkeypatch: pytest.MonkeyPatch, kept: int, missing: str
) -> None:
    whole = libraries.find_runtime()
    if kept == len(whole.packages):
        pytest.skip("this numpy brings no libraries of its own")
    broken = dataclasses.replace(whole, packages=whole.packages[:kept])
    monkeypatch.setattr(launch, "runtime_of", lambda program: broken)
    with pytest.raises(SandboxError, match=f"cannot import what it needs .*{missing}.*reinstall numpy") as caught:
        Sandbox(limits=LIMITS)
    assert not isinstance(caught.value, IsolationError)
    assert len(str(caught.value)) < 400


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: "numpy" not in str(path))
    libraries.find_runtime.cache_clear()
    with pytest.raises(IsolationError, match=r"numpy cannot be read by user \d+"):
        Sandbox()
    libraries.find_runtime.cache_clear()


def test_every_level_is_a_level_of_the_results() -> None:
    levels: tuple[Isolation, ...] = ("bubblewrap", "none")
    for level in levels:
        with Sandbox(isolation=level, limits=LIMITS) as sandbox:
            assert sandbox.isolation == level
