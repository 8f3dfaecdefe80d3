"""Public calls, then hidden ones in the same process: nothing that is hidden comes back as a public answer.

And whatever else a process says out of its turn spoils all of its calls, however fast or slow it is.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.model import Limits
from autograder.results import Case, Cell, Run, Submission
from autograder.sandbox.running import Sandbox

LIMITS = Limits(
    cpu_seconds_per_call=0.15, cpu_seconds_per_statement=0.3, cpu_seconds_per_function=0.3, cpu_seconds_to_load=3,
    idle_seconds=0.3, returned_bytes_per_call=1 << 12, returned_bytes=1 << 13, reforks=0,
)  # fmt: skip
PUBLIC, HIDDEN = (
    tuple(
        Case(id=f"f.{n}", part="f", family="f", hidden=hidden, layout="plain", inputs={"x": np.array([1000.0 + n])})
        for n in numbers
    )
    for hidden, numbers in ((False, (1, 2, 3)), (True, (4, 5, 6, 7)))
)
CASES = (*PUBLIC, *HIDDEN)
TOOLS = """
import os, struct, time
import numpy as np

def loaded():
    return struct.pack("<IBHf", 7, 0, 0, 0.0)

def answer(call, value=2.5):
    body = struct.pack("<BIBBBBBf", 1, call, 0, 0, 0, 0, 1, 0.0) + b"\\0" + struct.pack("<BBId", 0, 1, 1, value)
    return struct.pack("<I", len(body)) + body

def write(data):
    for fd in range(3, 16):
        try: os.write(fd, data)
        except OSError: pass

def read():
    for fd in range(3, 16):
        try: data = os.read(fd, 1 << 16)
        except OSError: continue
        if data: return data
    return b""

def wait(): time.sleep(0.1)

made = []
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=LIMITS) as made:
        yield made


def submission(text: str, sha256: str = "ab") -> Submission:
    cells = (Cell(label="cell 1", source=TOOLS), Cell(label="cell 2", source=text))
    return Submission(student="ada", kind="notebook", cells=cells, sha256=sha256)


def at_once(text: str) -> str:
    """What a submission does while it is loaded: one statement, so that the worker says nothing in between."""
    return f"def attack():\n{textwrap.indent(textwrap.dedent(text), '    ')}\nattack()"


def run(sandbox: Sandbox, text: str, *, again: bool = False) -> Run:
    return sandbox.run(submission(text), CASES, {"f": ("y",)}, again=again)


def statuses(found: Run, cases: tuple[Case, ...]) -> set[str | None]:
    return {found.outcomes[case.id].status for case in cases}


def values(found: Run, cases: tuple[Case, ...]) -> list[Any]:
    return [found.outcomes[case.id].values["y"].tolist() for case in cases]  # type: ignore[union-attr]


HONEST = "def f(x): return 2 * x"

# What is written in the middle of things; `seen` is what the hidden call got.
IN_A_HIDDEN_CALL = {
    "a public answer again": "answer(0, x[0])",
    "all public answers again": "b''.join(answer(n, x[0]) for n in range(3))",
    "a public answer that is a hidden one's": "answer(2, x[0]) + answer(3, x[0])",
    "its own answer twice": "answer(len(made) - 4)",
    "an answer too many": "answer(4)",
    "loading anew": "loaded()",
    "a statement": "struct.pack('<IBHII', 11, 3, 0, 0, 0)",
    "a number": "bytes(8)",
    "half a frame": "b'\\x09'",
}


@pytest.mark.parametrize("what", IN_A_HIDDEN_CALL)
def test_what_is_said_of_a_public_call_later_is_refused(sandbox: Sandbox, what: str) -> None:
    text = f"""
def f(x):
    made.append(x)
    if x[0] > 1003 and len(made) == 5: write({IN_A_HIDDEN_CALL[what]})
    return 2 * x
"""
    found = run(sandbox, text)
    assert statuses(found, CASES) == {"forbidden"}
    assert not any(outcome.values for outcome in found.outcomes.values())
    assert values(run(sandbox, HONEST), CASES) == [[2 * case.inputs["x"][0]] for case in CASES]  # type: ignore[index]


TOO_EARLY = {
    "hidden answers": "b''.join(map(answer, range(4)))",
    "a public answer too many": "answer(3)",
    "a number and hidden answers": "bytes(8) + b''.join(map(answer, range(4)))",
    "two bytes": "bytes(2)",
    "the length of a frame": "struct.pack('<I', 9)",
    "half an answer": "answer(0)[:9]",
}


@pytest.mark.parametrize("waits", ["", "wait()"], ids=["at once", "later"])
@pytest.mark.parametrize("what", TOO_EARLY)
def test_what_is_said_before_the_hidden_calls_are_there_is_refused(sandbox: Sandbox, what: str, waits: str) -> None:
    """Whether the grader has sent them by then or not: it makes no difference."""
    text = f"""
write(loaded() + b"".join(map(answer, range(3))))
{waits}
write({TOO_EARLY[what]})
wait()
os._exit(0)
"""
    found = run(sandbox, at_once(text))
    assert statuses(found, CASES) == {"forbidden"}


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_no_hidden_input_comes_before_every_public_answer_is_there(sandbox: Sandbox, answered: int) -> None:
    """Who waits for them waits in vain, and is found idle."""
    text = f"""
write(loaded() + b"".join(map(answer, range({answered}))))
got = read()
write(b"".join(answer(n, len(got)) for n in range({answered}, 3)))
os._exit(0)
"""
    assert run(sandbox, at_once(text)).suspect
    found = run(sandbox, at_once(text), again=True)
    assert statuses(found, PUBLIC) - {None} == {"timed_out"}
    told = [found.outcomes[case.id].values["y"] for case in PUBLIC if found.outcomes[case.id].values]
    assert told == [2.5] * answered


def test_half_of_the_last_public_answer_is_no_answer(sandbox: Sandbox) -> None:
    text = """
write(loaded() + b"".join(map(answer, range(3)))[:-1])
got = read()
"""
    assert run(sandbox, at_once(text)).suspect


def test_a_public_answer_that_is_refused_brings_no_hidden_input(sandbox: Sandbox) -> None:
    text = """
two = struct.pack("<BIBBBBBf", 1, 2, 0, 0, 0, 0, 2, 0.0) + b"\\1\\1"
write(loaded() + answer(0) + answer(1) + struct.pack("<I", len(two)) + two)
got = read()
while got: pass
os._exit(0)
"""
    found = run(sandbox, at_once(text))
    assert statuses(found, CASES) == {"forbidden"}


def test_who_answers_in_the_place_of_the_worker_answers_hidden_calls_for_itself_only(sandbox: Sandbox) -> None:
    """It may read the hidden inputs from the pipe, and say what it likes of them: the public answers stay."""
    text = """
write(loaded() + b"".join(map(answer, range(3))))
message = b""
while True:
    piece = read()
    if not piece: break
    message += piece
number = bytes.fromhex(message.split(b'"number":"')[1][:16].decode())
inputs = np.frombuffer(message[-32:])
write(number + b"".join(answer(n, 2 * inputs[n]) for n in range(4)))
os._exit(0)
"""
    found = run(sandbox, at_once(text))
    assert values(found, PUBLIC) == [[2.5]] * 3
    assert values(found, HIDDEN) == [[2 * case.inputs["x"][0]] for case in HIDDEN]  # type: ignore[index]


WHO = "def f(x): return np.array([os.getpid(), len(made), made.append(x) or 0.0])"


def test_one_process_makes_all_calls_the_public_ones_first(sandbox: Sandbox) -> None:
    found = run(sandbox, WHO)
    processes, before = np.array(values(found, CASES)).T[:2]
    assert len(set(processes)) == 1
    assert sorted(before[:3]) == [0, 1, 2]
    assert sorted(before[3:]) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    "slow",
    [
        "if x[0] == 1002: time.sleep(9)",
        "if x[0] == 1002: np.ones(1 << 28)",
        "if x[0] == 1002: os._exit(0)",
        "if x[0] < 1004: time.sleep(0.2)",
    ],
)
def test_who_did_not_keep_to_the_limits_starts_afresh(slow: str) -> None:
    limits = dataclasses.replace(LIMITS, public_reforks=3)
    with Sandbox(limits=limits) as sandbox:
        found = sandbox.run(submission(WHO.replace("def f(x): ", f"def f(x):\n    {slow}\n    ")), CASES, {"f": ("y",)})
    assert None not in statuses(found, PUBLIC[1:2])
    processes, before = np.array(values(found, HIDDEN)).T[:2]
    assert len(set(processes)) == 1
    assert sorted(before) == [0, 1, 2, 3]
    public = [found.outcomes[case.id].values.get("y", [0])[0] for case in PUBLIC]
    assert processes[0] not in public


def test_who_loaded_too_slowly_starts_afresh_without_what_was_slow(sandbox: Sandbox) -> None:
    found = run(sandbox, f"{WHO}\nmade.append(0)\nwhile True: pass")
    assert [note.error for note in found.notes] == ["timed_out"]
    processes = [value[0] for value in values(found, CASES)]
    assert len(set(processes)) == 2


@pytest.mark.parametrize("phase", ["x[0] < 1004", "x[0] > 1003"])
def test_public_and_hidden_calls_have_time_of_their_own(sandbox: Sandbox, phase: str) -> None:
    """Each of both takes most of what a function has."""
    slow = "wait()"
    found = run(sandbox, f"def f(x):\n    if {phase}: {slow}\n    return 2 * x")
    assert statuses(found, CASES) == {None}
    both = run(sandbox, f"def f(x):\n    {slow}\n    return 2 * x")
    assert statuses(both, CASES) == {None}
    assert both.part_seconds["f"] > 1.5 * LIMITS.cpu_seconds_per_function


def test_public_and_hidden_answers_have_room_of_their_own(sandbox: Sandbox) -> None:
    found = run(sandbox, "def f(x): return np.ones(500 if x[0] in (1001, 1002, 1004, 1005) else 1)")
    assert statuses(found, CASES) == {None}


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ("os._exit(0)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import ctypes; ctypes.CDLL(None).ptrace(0, 0, 0, 0)", "forbidden"),
    ],
)
def test_who_dies_of_a_hidden_call_keeps_the_public_answers(sandbox: Sandbox, ends: str, status: str) -> None:
    found = run(sandbox, f"def f(x):\n    if x[0] > 1003: {ends}\n    return 2 * x")
    assert values(found, PUBLIC) == [[2 * case.inputs["x"][0]] for case in PUBLIC]  # type: ignore[index]
    assert statuses(found, HIDDEN) == {status}


def test_who_dies_between_both_costs_only_that_process(sandbox: Sandbox) -> None:
    text = """
write(loaded() + b"".join(map(answer, range(3))))
os._exit(0)
"""
    found = run(sandbox, at_once(text))
    assert values(found, PUBLIC) == [[2.5]] * 3
    assert statuses(found, HIDDEN) == {"crashed"}
