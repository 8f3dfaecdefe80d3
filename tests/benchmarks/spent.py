"""What commands take: wall time, and CPU time with all that they started, whatever becomes of it.

A sandbox ends by a kill, after which the kernel gives the time of what ran inside to nobody's account. So the whole
tree of processes is looked at while it is there: what vanishes from its sum is what a kill took.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_EVERY = 0.25
"""Seconds from one look to the next: what is spent between the last look and a kill is missed."""


def descendants() -> list[int]:
    """List the processes that come from this one."""
    found: list[int] = []
    unseen = [os.getpid()]
    while unseen:
        here = unseen.pop()
        try:
            mine = [
                int(child)
                for task in Path(f"/proc/{here}/task").iterdir()
                for child in (task / "children").read_text(encoding="ascii").split()
            ]
        except OSError:
            continue
        found += mine
        unseen += mine
    return found


def seconds_of(process: int) -> float:
    """CPU time of a process and of its children that have ended, to a tick of 10 ms each; 0 when it is gone."""
    return sum(_fields(process)[11:15]) * _TICK


def _fields(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return [0] * 15
    # The name may hold anything; the fields after its last parenthesis are numbers, but for the state.
    state, *numbers = text.rpartition(")")[2].split()
    return [ord(state), *map(int, numbers)]


class Spent:
    """Looks at all that comes from this process while a block runs: its wall seconds, and CPU seconds of what ran."""

    def __init__(self) -> None:
        self.wall = 0.0
        self.cpu = 0.0
        self._sum = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Self:
        self._sum = self._tree()
        self._watch.start()
        self.wall -= time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall += time.perf_counter()
        self._over.set()
        self._watch.join()
        self._look()

    def _tree(self) -> float:
        # Of this process only what its children have left to it.
        ended = sum(_fields(os.getpid())[13:15]) * _TICK
        return ended + sum(map(seconds_of, descendants()))

    def _look_on(self) -> None:
        while not self._over.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        now = self._tree()
        self.cpu += max(0.0, now - self._sum)
        self._sum = now
