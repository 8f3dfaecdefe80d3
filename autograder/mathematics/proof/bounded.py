"""Decisions within bounds on time: made in a process of its own, so that one that hangs is ended, whatever it is in.

The process is a fork: it has the trees and what SymPy has loaded, and nothing has to be copied or sent but decisions.
Its clock is CPU time, set anew for each; when it runs out, the signal's own default ends the process, within any
computation. The next process goes on after the decision that was not made.
"""

import json
import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import IO, NoReturn

from autograder.mathematics.proof.records import Decided, Decision

#: CPU time that a decision may take; the slowest of the homework takes a third of a second.
STEP_SECONDS = 20.0
#: Makes the decisions that come after those that were made.
Work = Callable[[Sequence[Decision]], Iterator[Decision]]


def bounded(work: Work, count: int, seconds: float) -> Iterator[Decision]:
    """Make decisions, each within so much CPU time.

    Parameters
    ----------
    work : Callable[[Sequence[Decision]], Iterator[Decision]]
        Makes the decisions that come after those it is given.
    count : int
        How many there are in all.
    seconds : float
        CPU time of one.

    Yields
    ------
    Decision
        Each as it is made; ``"stopped"`` for one that took too long, or that ended its process.

    Raises
    ------
    RuntimeError
        If one raised an exception; its traceback is the message.
    """
    made: list[Decision] = []
    while len(made) < count:
        reading, writing = os.pipe()
        child = _forked()
        if child == 0:  # pragma: no cover - coverage ends where the process does
            os.close(reading)
            _make(work, made, seconds, os.fdopen(writing, "w", encoding="utf-8"))
        os.close(writing)
        try:
            with os.fdopen(reading, encoding="utf-8") as answers:
                for answer in answers:
                    if answer.endswith("\n"):
                        made.append(_decision(answer))
                        yield made[-1]
            _, status = os.waitpid(child, 0)
        except BaseException:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        if len(made) < count:
            made.append(Decision(verdict="stopped", complaint=_why(status, seconds)))
            yield made[-1]


def _forked() -> int:
    with warnings.catch_warnings():
        # Newer versions of Python warn when there are other threads, even numpy's. The child takes none of their locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _make(work: Work, made: Sequence[Decision], seconds: float, out: IO[str]) -> NoReturn:  # pragma: no cover
    """Write decisions, a line each, or the traceback of what went wrong; the child's whole life."""
    try:
        # Neither a handler of the parent's nor Python's own may stand between the clock and the end.
        for number in (signal.SIGPROF, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        for decision in work(made):
            signal.setitimer(signal.ITIMER_PROF, 0)
            print(json.dumps(asdict(decision)), file=out, flush=True)
            signal.setitimer(signal.ITIMER_PROF, seconds)
    except BaseException:
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps(traceback.format_exc()), file=out, flush=True)
    finally:
        os._exit(0)


def _decision(line: str) -> Decision:
    found = json.loads(line)
    if isinstance(found, str):
        raise RuntimeError(found)
    decisions = tuple(Decided(**one) for one in found.pop("decisions"))
    return Decision(decisions=decisions, **found)


def _why(status: int, seconds: float) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
        return f"it took more than {seconds:g} s of CPU time"
    return f"it ended the process that decided it (wait status {status})"
