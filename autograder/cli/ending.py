"""What ends a run from outside: a signal that asks for it does as Ctrl-C does."""

import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from autograder.cli.common import lead_nowhere, notify

_ASKING = (signal.SIGTERM, signal.SIGHUP)


class Ended(KeyboardInterrupt):
    """The run was asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise `Ended` in the main thread; one that is ignored, as below ``nohup``, stays so."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: signal.getsignal(one) for one in _ASKING if signal.getsignal(one) is signal.SIG_DFL}
    for one in before:
        signal.signal(one, _end)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def ends_in_one_line() -> Iterator[None]:
    """End in one line outside of the run itself: before it, or when all is written."""
    try:
        yield
    except KeyboardInterrupt as end:
        notify("interrupted: nothing more is graded or written")
        sys.exit(exit_code(end))


def exit_code(end: KeyboardInterrupt) -> int:
    """Say with which code a shell expects a run to end that a signal ended."""
    return 128 + (end.number if isinstance(end, Ended) else signal.SIGINT)


def _end(number: int, _: FrameType | None) -> NoReturn:
    # Whoever ends a session often asks twice, and what was begun to be kept must be kept.
    for one in _ASKING:
        signal.signal(one, signal.SIG_IGN)
    _let_go_of_a_lost_terminal()
    raise Ended(number)


def _let_go_of_a_lost_terminal() -> None:
    """Write to nowhere instead of to a terminal that is closed: every line there would be an error."""
    for descriptor in (1, 2):
        poll = select.poll()
        poll.register(descriptor, 0)
        lost = select.POLLHUP | select.POLLERR | select.POLLNVAL
        with suppress(OSError):
            if any(event & lost for _, event in poll.poll(0)):
                lead_nowhere(descriptor)
