"""Warm processes that are started once for many runs in this process: a start takes longer than most runs.

They are real ones and each submission has fresh children, as in a class. How they start and end is not tried by whoever
borrows one, but in `tests/sandbox`, `tests/batch` and wherever a command is a process of its own.
"""

from __future__ import annotations

from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.sandbox.libraries import WORKER, Program
from autograder.sandbox.warm import Child, Exit, Warm
from autograder.words import Isolation


class Lender:
    """Starts warm processes and keeps those that came back whole; each has one borrower at a time."""

    def __init__(self) -> None:
        self.shelves: dict[Hashable, list[Warm]] = {}
        # bubblewrap ends with the thread that started it.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="lender")

    def lend(self, isolation: Isolation, limits: Limits, program: Program = WORKER) -> Warm:
        """Be `Warm`, for whoever asks for one."""
        shelf = self.shelves.setdefault((isolation, limits, program), [])
        return shelf.pop() if shelf else self._starter.submit(_Lent, shelf, isolation, limits, program).result()

    def close(self) -> None:
        """End all that is on the shelves."""
        for shelf in self.shelves.values():
            for warm in shelf:
                Warm.close(warm)
        self._starter.shutdown()


class _Lent(Warm):
    """Goes back to its shelf where another would end, unless a child is still at work in it or it has broken."""

    def __init__(self, shelf: list[Warm], isolation: Isolation, limits: Limits, program: Program) -> None:
        self._shelf = shelf
        self._at_work = False
        super().__init__(isolation, limits, program)

    def child(self) -> Child:
        self._at_work = True
        return super().child()

    def dismiss(self, child: Child) -> None:
        super().dismiss(child)
        self._at_work = False

    def wait_exit(self, child: Child) -> Exit:
        ended = super().wait_exit(child)
        self._at_work = False
        return ended

    def end(self) -> None:
        if self._at_work:
            super().end()

    def close(self) -> None:
        try:
            self.settle()
        except SandboxError:
            self._at_work = True
        if self._at_work or self._launched.process.poll() is not None:
            super().close()
        else:
            self._shelf.append(self)
