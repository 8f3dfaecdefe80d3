"""The sandbox: a warm process, and submissions that run in it one after another."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from autograder import wire
from autograder.errors import SandboxError
from autograder.model import Limits
from autograder.results import Case, Run, Submission
from autograder.sandbox.warm import Warm
from autograder.sandbox.way import Running, all_of
from autograder.words import Isolation


class Sandbox(AbstractContextManager["Sandbox"]):
    """A place where submissions run; a context manager.

    It belongs to the thread that made it: bubblewrap ends when that thread does. The isolation is proved at the start,
    and never silently less. The limits are for one submission.

    Raises `IsolationError` if this machine does not allow the isolation; the text says why and what to do. Raises
    `SandboxError` if the worker does not start.
    """

    def __init__(self, *, isolation: Isolation = "bubblewrap", limits: Limits | None = None) -> None:
        #: The level of isolation, as proved.
        self.isolation = isolation
        self._limits = limits or Limits()
        #: The last cases, which come with every submission, and their calls.
        self._cases: tuple[Case, ...] = ()
        self._encoded: Mapping[Case, wire.EncodedCall] = {}
        self._closed = False
        self._warm: Warm | None = Warm(isolation, self._limits)
        #: Versions of what isolates (bubblewrap, Landlock), of Python and numpy, and the hash of the seccomp filter.
        self.evidence = self._warm.evidence

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process, and with it everything inside."""
        self._closed = True
        self._drop()

    def kill(self) -> None:
        """End what runs, from any thread: the owner's `run` then raises `SandboxError`, and it still has to `close`."""
        self._closed = True
        warm = self._warm
        if warm is not None:
            warm.end()

    def run(
        self,
        submission: Submission,
        cases: Sequence[Case],
        outputs: Mapping[str, tuple[str, ...]],
        *,
        again: bool = False,
    ) -> Run:
        """Run one submission: one outcome per case, public or hidden, whatever the student's code did.

        `outputs` are the names of the outputs by part, `Keys` where they come in a dict. A run may be suspect, and then
        must be made `again`: the second time, wall time that is over is believed.

        Raises `SandboxError` if the fault is ours: the warm process is gone, or an input cannot be sent. The next
        submission gets a new warm process.
        """
        if self._closed:
            raise SandboxError("the sandbox is closed")
        if submission.problem is not None:
            return Run(notes=(), outcomes=all_of(cases, "unreadable"), seconds=0.0)
        try:
            if self._warm is None:
                self._warm = Warm(self.isolation, self._limits)
            if self._closed:
                raise SandboxError("the sandbox was closed while its warm process started")
            # Nobody's public run, whose answers are shown, may feel what is left of the hidden run before it.
            self._warm.settle()
            running = Running(
                warm=self._warm,
                limits=self._limits,
                submission=submission,
                outputs=outputs,
                encoded=self._encode(tuple(cases)),
                again=again,
            )
            return running.everything(cases)
        except wire.FrameError as error:
            raise SandboxError(f"a case cannot be sent to the sandbox ({error})") from error
        except BaseException:
            self._drop()
            raise

    def _encode(self, cases: tuple[Case, ...]) -> Mapping[Case, wire.EncodedCall]:
        """Encoded calls, by case."""
        if cases != self._cases:
            calls = [wire.Call(one.part, one.layout, tuple(one.inputs.values())) for one in cases]
            self._encoded = dict(zip(cases, map(wire.encode_call, calls), strict=True))
            self._cases = cases
        return self._encoded

    def _drop(self) -> None:
        """End the warm process."""
        if self._warm is not None:
            self._warm.close()
            self._warm = None
