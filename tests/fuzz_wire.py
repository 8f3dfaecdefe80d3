"""Feed the grader's end of the wire format with hostile bytes: a million from mutation, a million from atheris.

    python -m tests.fuzz_wire [N]

Each input must be refused with `FrameError` or be the one spelling of what it decodes to: encoding that again gives the
same bytes, so nothing malformed is ever taken for an answer. Memory is measured on every fiftieth input.
"""

from __future__ import annotations

import random
import re
import struct
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

import numpy as np

from autograder import wire
from autograder.wire import frames
from autograder.wire import reader as _pieces
from autograder.words import CALL_OVERRUNS, CALL_STATUSES

MEMORY_PER_BYTE = 3
MEMORY_BASE = 1 << 16
"""The bound on what decoding may hold at its highest: three times the payload and 64 kB."""
_EVERY = 50


@dataclass
class Count:
    inputs: int = 0
    accepted: int = 0
    memory: float = 0.0
    """Highest memory seen, as a share of the bound."""


def seeds() -> list[bytes]:
    """Return payloads of every kind, to be damaged."""
    arrays = [
        np.zeros(shape, dtype)
        for shape in ((), (0,), (3,), (2, 3), (1, 2, 1, 2))
        for dtype in ("f8", "f4", "i1", "i8", "u2", "u8")
    ]
    arrays.append(np.ones((40, 40)))
    answers = [wire.Answer(call=7, values=(array, "ragged")) for array in arrays]
    answers += [wire.Answer(call=0, status=status) for status in CALL_STATUSES if status not in {"raised", "timed_out"}]
    answers += [wire.Answer(call=0, status="timed_out", overrun=overrun, seconds=2.5) for overrun in CALL_OVERRUNS]
    answers += [wire.Answer(call=0, status="raised", exception=name) for name in wire.EXCEPTIONS]
    notes = [wire.Note(cell=1, line=2, error=name, module="numpy.linalg") for name in wire.NOTED]
    frames = [wire.encode_answer(answer) for answer in answers] + [wire.encode_loaded(notes[:n]) for n in range(4)]
    return [frame[4:] for frame in frames]


def damaged(random_: random.Random, start: list[bytes]) -> bytes:
    """Damage one or two payloads in one to four places."""
    data = bytearray(random_.choice(start))
    for _ in range(random_.randrange(1, 5)):
        at = random_.randrange(len(data) + 1)
        match random_.randrange(7):
            case 0 if at < len(data):
                data[at] = random_.randrange(256)
            case 1:
                del data[at : at + random_.randrange(1, 9)]
            case 2:
                data[at:at] = random_.randbytes(random_.randrange(1, 9))
            case 3:
                data[at : at + 4] = struct.pack("<I", random_.choice((0, 1, 2**31, 2**32 - 1, random_.getrandbits(32))))
            case 4:
                data[at:] = random_.choice(start)
            case 5:
                data += data[:at]
            case _:
                data[at : at + 1] = bytes((random_.choice((0, 1, 2, 4, 9, 16, 17, 255)),))
    return bytes(data)


def examine(data: bytes, count: Count) -> None:
    """Decode one input both ways.

    Raises
    ------
    AssertionError
        If something malformed was accepted, or too much memory was taken.
    """
    measured = count.inputs % _EVERY == 0
    count.inputs += 1
    if measured:
        tracemalloc.start()
    accepted = []
    try:
        with suppress(wire.FrameError):
            accepted.append(wire.encode_answer(wire.decode_answer(data)))
        with suppress(wire.FrameError):
            loaded = wire.decode_loaded(data)
            accepted.append(wire.encode_loaded(loaded.notes, loaded.seconds))
        if measured:
            share = tracemalloc.get_traced_memory()[1] / (MEMORY_PER_BYTE * len(data) + MEMORY_BASE)
            count.memory = max(count.memory, share)
            assert share <= 1, f"{len(data)} bytes took {share:.1f} times the bound: {data[:80].hex()}"
    finally:
        if measured:
            tracemalloc.stop()
    for frame in accepted:
        assert frame[4:] == data, f"accepted, but not in its one spelling: {data.hex()}"
        count.accepted += 1


def inputs(number: int, seed: int = 0) -> Iterator[bytes]:
    """Yield that many damaged payloads, the same at every run."""
    random_ = random.Random(seed)
    start = seeds()
    for _ in range(number):
        yield damaged(random_, start)


def run(number: int) -> Count:
    """Examine that many damaged payloads."""
    count = Count()
    for data in inputs(number):
        examine(data, count)
    return count


def led_by_coverage(number: int) -> None:
    """Let atheris look for inputs that reach new code; it ends the process, with an error code on a finding."""
    import atheris

    helpers = (frames._values, _pieces.elements, _pieces.view, _pieces.choose)
    for decode in (frames.decode_answer, frames.decode_loaded, *vars(_pieces.Reader).values(), *helpers):
        if isinstance(decode, FunctionType):
            atheris.instrument_func(decode)
    count = Count()
    with tempfile.TemporaryDirectory() as folder:
        for position, seed in enumerate(seeds()):
            Path(folder, str(position)).write_bytes(seed)
        options = [f"-runs={number}", "-max_len=512", "-verbosity=0", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], *options, folder], lambda data: examine(data, count))
        atheris.Fuzz()


def main() -> None:
    if sys.argv[1:2] == ["--atheris"]:
        led_by_coverage(int(sys.argv[2]))
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    count = run(number)
    print(
        f"mutation: {count.inputs:,} inputs, {count.accepted:,} accepted and each in its one spelling, no exception "
        f"but FrameError, memory at most {count.memory:.0%} of the bound ({MEMORY_PER_BYTE} x payload + "
        f"{MEMORY_BASE >> 10} kB)"
    )
    command = [sys.executable, "-m", "tests.fuzz_wire", "--atheris", str(number)]
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        sys.exit(ended.stderr)
    statistics = dict(re.findall(r"stat::(\w+):\s+(\d+)", ended.stderr))
    print(
        f"atheris:  {int(statistics['number_of_executed_units']):,} inputs led by coverage, "
        f"{statistics['new_units_added']} of them reached new code; the same rules, no finding"
    )


if __name__ == "__main__":
    main()
