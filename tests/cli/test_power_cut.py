"""A run goes on to the same bytes after a power cut, whatever of what was not yet flushed reached the disk.

A real run is recorded: before each of its steps, what is in the output, under which name, and what of it was flushed.
From that follow the states in which a file system may come back: names reach the disk in order, and no earlier than the
last flush guarantees; what was written since a file's last flush is there, or not, or half of it, or as zeros.
"""

from __future__ import annotations

import marshal
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import Result

from autograder.loading import reference_source, stub_source
from autograder.model import Assignment
from tests.cli.test_going_on import tree
from tests.conftest import SMALL

RECORDED = """
import itertools, os, marshal, sys, threading
from pathlib import Path
kept, out = map(Path, sys.argv[1:3])
del sys.argv[1:3]
steps, flushed, lock, busy = [], {}, threading.Lock(), threading.local()
serials, known = itertools.count(), {}  # an inode is given to another file when its own is gone

def note(flush=None):
    if getattr(busy, "on", False) or not out.exists():
        return
    busy.on = True
    with lock:
        try:
            names, contents = {}, {}
            for path in (out, *sorted(out.rglob("*"))):
                inode = path.stat().st_ino
                one = known[inode] if inode in known else known.setdefault(inode, next(serials))
                names[str(path.relative_to(out))] = one
                contents[one] = path.read_bytes() if path.is_file() else None
            for inode in [inode for inode, one in known.items() if one not in contents]:
                del known[inode]
            if flush in known:
                flushed[known[flush]] = contents[known[flush]]
            steps.append((names, contents, dict(flushed), flush is not None))
        finally:
            busy.on = False

fsync = os.fsync
def flush(descriptor):
    fsync(descriptor)
    note(os.fstat(descriptor).st_ino)
os.fsync = flush
STEPS = {"open", "os.rename", "os.mkdir", "os.link", "os.remove"}
sys.addaudithook(lambda event, arguments: note() if event in STEPS else None)
from autograder.cli import main
try:
    main(sys.argv[1:])
finally:
    note()
    kept.write_bytes(marshal.dumps(steps))
"""
Command = Callable[..., Result]
Names = Mapping[str, int]
Contents = Mapping[int, bytes | None]
Step = tuple[Names, Contents, Contents, bool]
State = Mapping[str, bytes | None]


def recorded(arguments: Sequence[object], output: Path, kept: Path) -> list[Step]:
    """Run the command, and say before each of its steps what the disk has been told."""
    command = [sys.executable, "-c", RECORDED, kept, output, *arguments]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    steps: list[Step] = marshal.loads(kept.read_bytes())
    return steps


def half(whole: bytes, safe: bytes) -> bytes:
    return whole[: len(safe) + (len(whole) - len(safe)) // 2] if whole.startswith(safe) else whole[: len(whole) // 2]


def zeros(whole: bytes, safe: bytes) -> bytes:
    return safe + bytes(len(whole) - len(safe)) if whole.startswith(safe) else bytes(len(whole))


LOSSES: Sequence[Callable[[bytes, bytes], bytes]] = (
    lambda whole, safe: whole,
    lambda whole, safe: safe,
    half,
    zeros,
)


def states(steps: Sequence[Step]) -> Iterator[State]:
    """Every state in which the disk may come back, each once."""
    seen = set()
    last = 0
    latest: dict[int, bytes | None] = {}
    for at, (_, contents, flushed, is_flush) in enumerate(steps):
        latest.update(contents)
        last = at if is_flush else last
        for names in (steps[place][0] for place in range(last, at + 1)):
            for lose in LOSSES:
                state: dict[str, bytes | None] = {}
                for name, one in names.items():
                    whole = latest[one]
                    state[name] = None if whole is None else lose(whole, flushed.get(one) or b"")
                key = hash(tuple(sorted(state.items())))
                if key not in seen:
                    seen.add(key)
                    yield state


def lay_out(state: State, folder: Path) -> None:
    for name, content in sorted(state.items()):
        path = folder / name
        if content is None:
            path.mkdir(mode=0o700, parents=True)
        else:
            path.write_bytes(content)
            path.chmod(0o600)


def resumes(hw1: Command, small: Assignment, course: Path, tmp_path: Path, number: int | None) -> None:
    """Grade two, let the power fail in some of all ways, and grade again."""
    work = tmp_path / "class"
    work.mkdir()
    for name, source in (("ann", reference_source), ("ben", stub_source)):
        (work / f"{name}.py").write_text(source(small), encoding="utf-8")
    given = ("grade", work, "--course", course, "--assignment", SMALL, "--workers", "1")
    undisturbed = tmp_path / "undisturbed"
    steps = recorded((*given, "--output", undisturbed), undisturbed, tmp_path / "steps")
    every = list(states(steps))
    assert len(every) > 100
    expected = tree(undisturbed)
    chosen = every if number is None else random.Random(13).sample(every, number)
    for place, state in enumerate(chosen):
        output = tmp_path / f"cut-{place}"
        lay_out(state, output)
        done = hw1(*given, "--output", output)
        assert done.exit_code == 0, (state, done.output)
        assert tree(output) == expected, state


def test_a_run_goes_on_after_a_power_cut(hw1: Command, small: Assignment, small_course: Path, tmp_path: Path) -> None:
    resumes(hw1, small, small_course, tmp_path, 8)


@pytest.mark.long
@pytest.mark.no_cover
def test_a_run_goes_on_from_every_state_of_the_disk(
    hw1: Command, small: Assignment, small_course: Path, tmp_path: Path
) -> None:
    resumes(hw1, small, small_course, tmp_path, None)
