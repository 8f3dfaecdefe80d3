"""Every limit of a submission: small enough it is reached, large enough it is not, and the next one is none the worse.

One field is small at a time, so that whatever differs comes of it.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.results import Case, Cell, Submission
from autograder.sandbox import bubblewrap, libraries
from autograder.sandbox.prover import READING
from autograder.sandbox.running import Sandbox
from autograder.words import Isolation
from tests.classroom.people import ROOT, as_user

LARGE = Limits(
    cpu_seconds_per_call=9, cpu_seconds_per_function=60, cpu_seconds_per_statement=9, cpu_seconds_to_load=60,
    open_files=64, reforks=9, public_reforks=9, exit_seconds=9, file_bytes=1 << 10,
)  # fmt: skip
CASES = tuple(
    Case(id=f"f.{n}", part="f", family="f", hidden=n > 2, layout="plain", inputs={"x": np.array([float(n)])})
    for n in range(1, 7)
)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a submission reaches a limit: in cases 1 and 2 (public) and 3 to 6 (hidden) its argument is that number."""

    small: Any
    code: str
    seen: Mapping[str, int]
    """How often each status is seen where the limit is small."""
    otherwise: Mapping[str, int] = field(default_factory=dict)
    isolation: Isolation = "bubblewrap"
    """The kernel's own count is seen only where no filter stands before it."""
    top: str = ""
    """What stands above the function."""


SUBMISSIONS: Mapping[str, Reach] = {
    "cpu_seconds_per_call": Reach(
        small=0.1, code="while x[0] == 4 and time.process_time() < 0.6: pass", seen={"timed_out": 1}
    ),
    "cpu_seconds_per_function": Reach(small=0.2, code="time.sleep(0.2 * (x[0] > 2))", seen={"timed_out": 4}),
    "cpu_seconds_per_statement": Reach(small=0.1, code="slow", top="slow = time.sleep(0.4)", seen={"raised": 6}),
    "cpu_seconds_to_load": Reach(small=0.2, code="slow", top="slow = time.sleep(0.4)", seen={"raised": 6}),
    # None of it counts, for it must happen again to be believed.
    "wall_seconds": Reach(small=2, code="time.sleep(4 * (x[0] == 4))", seen={"timed_out": 6}),
    "memory_bytes": Reach(small=192 << 20, code="bytearray((128 << 20) * (x[0] == 4))", seen={"out_of_memory": 1}),
    # An argument by value lies on the stack.
    "stack_bytes": Reach(
        small=1 << 19,
        code="x[0] == 4 and ctypes.CDLL(None).getpid("
        "type('S', (ctypes.Structure,), {'_fields_': [('a', ctypes.c_char * (1 << 21))]})())",
        seen={"crashed": 1},
    ),
    "open_files": Reach(
        small=8,
        code="a = [open(os.__file__) for _ in range(12 * (x[0] == 4))]",
        seen={"raised": 1},
        isolation="none",
    ),
    "file_bytes": Reach(
        small=0,
        code="x[0] == 4 and open({file!r}, 'wb', buffering=0).write(b'1')",
        seen={"raised": 1},
        isolation="none",
    ),
    "returned_bytes_per_call": Reach(small=100, code="x = x.repeat(20 if x[0] == 4 else 1)", seen={"output_limit": 1}),
    "returned_bytes": Reach(small=500, code="x = x.repeat(20 if x[0] > 2 else 1)", seen={"output_limit": 1}),
    "reforks": Reach(small=0, code="x[0] == 4 and os._exit(0)", seen={"crashed": 4}, otherwise={"crashed": 1}),
    "public_reforks": Reach(small=0, code="x[0] == 1 and os._exit(0)", seen={"crashed": 2}, otherwise={"crashed": 1}),
    # It hangs up and stays; given the time, it does something deadly.
    "exit_seconds": Reach(
        small=0.1,
        code="x[0] == 4 and (os.closerange(3, 16), time.sleep(0.5), ctypes.CDLL(None).ptrace(0, 0, 0, 0))",
        seen={"crashed": 1},
        otherwise={"forbidden": 1},
    ),
}
OTHERS = {
    "processes": "test_no_process_is_started",
    "start_seconds": "test_a_worker_that_does_not_start_is_our_fault",
    "idle_seconds": "test_whoever_is_idle_for_longer_than_sleep_may_take_is_suspect",
}
"""Limits that a submission in this sandbox cannot reach by itself, or not while another one is large."""


def submission(code: str, top: str = "") -> Submission:
    cell = Cell(label="", source=f"import ctypes, os, signal, time\n{top}\ndef f(x):\n    {code}\n    return 2 * x")
    return Submission(student="ada", kind="module", cells=(cell,), sha256="ab")


def statuses(sandbox: Sandbox, code: str, top: str = "") -> Counter[str]:
    run = sandbox.run(submission(code, top), CASES, {"f": ("y",)})
    wrong = {case.id for case in CASES if run.outcomes[case.id].values.get("y", [0])[0] != 2 * case.inputs["x"][0]}
    return Counter(outcome.status or "wrong" for id_, outcome in run.outcomes.items() if outcome.status or id_ in wrong)


@pytest.fixture(scope="module")
def roomy() -> Iterator[Sandbox]:
    with Sandbox(limits=LARGE) as made:
        yield made


def test_every_limit_is_reached_here() -> None:
    assert {*SUBMISSIONS, *OTHERS} == {one.name for one in fields(Limits)}
    assert all(name in globals() for name in OTHERS.values())


@pytest.mark.parametrize("limit", SUBMISSIONS)
def test_a_limit_is_reached_where_it_is_small_and_the_next_one_is_none_the_worse(
    limit: str, roomy: Sandbox, tmp_path: Path
) -> None:
    reach = SUBMISSIONS[limit]
    code = reach.code.format(file=str(tmp_path / "written")) if "{file" in reach.code else reach.code
    with Sandbox(isolation=reach.isolation, limits=replace(LARGE, **{limit: reach.small})) as tight:
        assert statuses(tight, code, reach.top) == reach.seen
        assert not statuses(tight, "pass")
    if reach.isolation == "bubblewrap":
        assert statuses(roomy, code, reach.top) == reach.otherwise
    else:
        with Sandbox(isolation=reach.isolation, limits=LARGE) as sandbox:
            assert statuses(sandbox, code) == reach.otherwise


def test_what_is_printed_goes_nowhere_and_costs_its_time(roomy: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert not statuses(roomy, "print('a' * (1 << 24)); os.write(1, b'b' * 99); os.write(2, b'c' * 99)")
    assert capfd.readouterr() == ("", "")


FORK = """
import sys
from dataclasses import replace
from autograder.sandbox.running import Sandbox
from tests.sandbox.test_limits import LARGE, statuses
for most in 0, 1 << 12:
    with Sandbox(isolation="none", limits=replace(LARGE, processes=most)) as sandbox:
        print(dict(statuses(sandbox, "os.fork() or os._exit(0)")))
"""


def test_no_process_is_started(roomy: Sandbox) -> None:
    """By the filter; and by the kernel's count, which holds for everybody but root."""
    assert statuses(roomy, "os.fork()") == {"raised": 6}
    words = as_user(pwd.getpwnam("nobody")) if os.geteuid() == 0 else []
    done = subprocess.run([*words, sys.executable, "-c", FORK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "{'raised': 6}\n{}\n", done.stderr


def test_a_worker_that_does_not_start_is_our_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bwrap"
    slow.write_text("#!/bin/sh\nexec sleep 9\n")
    slow.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: (str(slow), "0.8.0"))
    with pytest.raises(SandboxError, match=r"did not start within 0\.2 s"):
        Sandbox(limits=replace(LARGE, start_seconds=0.2, exit_seconds=0.1))


@pytest.mark.parametrize("idle", [0.2, 60])
def test_whoever_is_idle_for_longer_than_sleep_may_take_is_suspect(idle: float) -> None:
    waits = submission("x[0] == 4 and signal.sigtimedwait({signal.SIGUSR1}, 2)")
    with Sandbox(limits=replace(LARGE, cpu_seconds_per_call=0.2, idle_seconds=idle)) as sandbox:
        assert sandbox.run(waits, CASES, {"f": ("y",)}).suspect == (idle < 1)
        assert not sandbox.run(submission("pass"), CASES, {"f": ("y",)}).suspect


def test_inside_bubblewrap_there_is_no_place_to_write() -> None:
    """Even where neither Landlock nor the filter stands before it."""
    runtime = libraries.find_runtime()
    bwrap, _ = bubblewrap.find_bubblewrap()
    command = bubblewrap.command(bwrap, runtime, libraries.WORKER, 0, 0)
    command = command[: command.index("--seccomp")] + command[command.index("--") : -2]
    done = subprocess.run([*command, "-c", WRITE], capture_output=True, text=True, check=False)
    folders, written = json.loads(done.stdout)
    assert (folders[0], written) == ("/", []), done.stderr
    assert len(folders) > 10


WRITE = """
import json, os
folders = [folder for folder, _, _ in os.walk("/")]
written = []
for folder in folders:
    try:
        open(folder + "/new", "w").close()
        written.append(folder)
    except OSError:
        pass
print(json.dumps([folders, written]))
"""

ROW = re.compile(r"\| `(?P<limit>\w+)` \| (?P<code>[^|]+) \| (?P<written>[^|]+) \| [^|]+ \| (?P<seen>[^|]+) \|")
UNITS = {"s": ("seconds", 1), "B": ("bytes", 1), "MiB": ("bytes", 1 << 20), "": ("", 1)}


def test_the_table_in_the_documents_is_the_code() -> None:
    rows = [match.groupdict() for match in ROW.finditer((ROOT / "SECURITY.md").read_text(encoding="utf-8"))]
    assert [row["limit"] for row in rows] == [one.name for one in fields(Limits)]
    for row in rows:
        for limits, text in ((Limits(), row["code"]), (READING, row["written"])):
            number, _, unit = text.strip().partition(" ")
            kind, size = UNITS[unit]
            assert kind in row["limit"]
            assert kind or not re.search("seconds|bytes", row["limit"])
            assert Fraction(number) * size == Fraction(getattr(limits, row["limit"])).limit_denominator(1000), row
        if row["limit"] in SUBMISSIONS:
            assert set(SUBMISSIONS[row["limit"]].seen) <= set(re.findall(r"`(\w+)`", row["seen"])), row
