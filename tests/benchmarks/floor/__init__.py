"""The floor: what one submission costs when nothing is done but to run it, in the very sandbox that grades it."""

from __future__ import annotations

import marshal
import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from autograder.model import Limits
from autograder.results import Case
from autograder.sandbox.launch import launch
from autograder.sandbox.libraries import WORKER, Program

HERE = Path(__file__).resolve().parent
FLOOR = Program(entry=str(HERE), ours=(*WORKER.ours, str(HERE)))


def written(sources: Sequence[str], cases: Sequence[Case]) -> bytes:
    """Write sources and calls as `__main__` reads them."""
    calls = [
        (
            case.part,
            [
                (value.dtype.str, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value
                for value in case.inputs.values()
            ],
        )
        for case in cases
    ]
    return marshal.dumps((list(sources), calls))


class Floor:
    """A sandbox of its own with the floor in it; a context manager."""

    def __init__(self, sources: Sequence[str], cases: Sequence[Case], limits: Limits, program: Program = FLOOR) -> None:
        self._launched, _ = launch("bubblewrap", limits, program)
        file = os.memfd_create("floor", os.MFD_CLOEXEC)
        try:
            with open(file, "wb", closefd=False) as content:
                content.write(written(sources, cases))
            socket.send_fds(self._launched.control, [b"F"], [file])
        finally:
            os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._launched.close()

    def seconds(self, first: int, end: int) -> float:
        """Run these of the sources; CPU time of each, on average."""
        self._launched.control.send(struct.pack("<II", first, end))
        reply = self._launched.receive(600.0)
        if not reply:
            raise RuntimeError(os.pread(self._launched.complaints, 10_000, 0).decode())
        return float(struct.unpack("<d", reply)[0]) / (end - first)
