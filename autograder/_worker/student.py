"""Run a student's cells in one namespace and keep what they define."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Sequence
from types import ModuleType, TracebackType
from typing import Any

from autograder import wire
from autograder._worker.clock import Clock
from autograder._worker.source import Piece, pieces

LAST_THIRD = 1 / 3
"""Share of the time for loading that is kept for what comes when the rest is used up."""
SHORT_SECONDS = 0.1
"""What a statement then gets: much more than a definition or an import takes."""
LONG_CELL = 50_000
"""Characters of a cell that may take long to compile."""

# By id: a student's metaclass may define __hash__ and __eq__.
_EXCEPTIONS = {id(getattr(builtins, name)): name for name in wire.EXCEPTIONS}
_MRO: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__


class _Inert:
    """Stands where IPython's shell would: every method is there and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def load(task: wire.Job, clock: Clock, starts: Callable[[wire.Started], None]) -> tuple[dict[str, Any], wire.Loaded]:
    """Run the cells in order.

    A top-level statement that fails or takes too long is noted and the next one runs: a plot, a file, a module that is
    not there or a long demonstration must not cost the functions below it. Only what asks for the end (`SystemExit`)
    ends its cell.

    Parameters
    ----------
    task : wire.Job
        The cells, how they relate, what there is of time, and the statements that are not run. A notebook is
        ``__main__``, a module ``submission``; both are put into `sys.modules` under that name.
    clock : Clock
        What takes the time.
    starts : Callable[[wire.Started], None]
        Called before each statement that may take long.

    Returns
    -------
    namespace : dict[str, object]
        What the cells defined.
    loaded : wire.Loaded
        What went wrong, and how long it took.
    """
    module = ModuleType("__main__" if task.kind == "notebook" else "submission")
    sys.modules[module.__name__] = module
    namespace = vars(module)
    namespace["get_ipython"] = _Inert
    namespace["display"] = _nothing
    loading = _Loading(namespace, task, clock, starts)
    for index, cell in enumerate(task.cells):
        loading.run(cell, index)
    return namespace, wire.Loaded(notes=tuple(loading.notes), seconds=loading.seconds)


def exception_name(error: BaseException) -> str:
    """Name the builtin exception that an exception is, or comes from.

    Parameters
    ----------
    error : BaseException
        Anything that was raised; its class may lie about itself, so the question goes to `type`'s own descriptor.

    Returns
    -------
    str
        One of `autograder.wire.EXCEPTIONS`.
    """
    return next(name for cls in _MRO(type(error)) if (name := _EXCEPTIONS.get(id(cls))))


class _Loading:
    """Runs one cell after another, with one eye on the clock."""

    def __init__(
        self, namespace: dict[str, Any], task: wire.Job, clock: Clock, starts: Callable[[wire.Started], None]
    ) -> None:
        self._namespace = namespace
        self._clock = clock
        self._times = task.times
        self._left_out = task.left_out
        self._starts = starts
        self.notes: list[wire.Note] = []
        self.seconds = 0.0

    def run(self, cell: str, index: int) -> None:
        """Run one cell."""
        name = f"<cell {index}>"
        for number, piece in enumerate(self._compiled(cell, index, name)):
            if (index, number) in self._left_out:
                continue
            if not self._statement(piece, index, number, name):
                break

    def _compiled(self, cell: str, index: int, name: str) -> Sequence[Piece]:
        """Compile one cell; nothing when that fails or takes too long."""
        if (index, wire.WHOLE_CELL) in self._left_out:
            return ()
        seconds = self._allowed()
        if seconds <= 0:
            self.notes.append(wire.Note(cell=index, line=0, error=wire.NOT_RUN))
            return ()
        if len(cell) >= LONG_CELL:
            self._starts(wire.Started(cell=index, statement=wire.WHOLE_CELL, line=0))
        spell = self._clock.take(seconds, lambda: pieces(cell, name))
        self.seconds += spell.seconds
        if spell.over:
            self.notes.append(wire.Note(cell=index, line=0, error=wire.TIMED_OUT, statement=wire.WHOLE_CELL))
        elif spell.error is not None:
            line = spell.error.lineno if isinstance(spell.error, SyntaxError) else 0
            self.notes.append(_note(spell.error, index, line or 0))
        return spell.value or ()

    def _statement(self, piece: Piece, cell: int, number: int, name: str) -> bool:
        """Run one statement; whether the cell goes on."""
        seconds = self._allowed()
        if seconds <= 0:
            self.notes.append(wire.Note(cell=cell, line=piece.line, error=wire.NOT_RUN, statement=number))
            return False
        if not piece.quick:
            self._starts(wire.Started(cell=cell, statement=number, line=piece.line))
        spell = self._clock.take(seconds, lambda: exec(piece.code, self._namespace))  # noqa: S102 - what this is for
        self.seconds += spell.seconds
        if spell.over:
            self.notes.append(wire.Note(cell=cell, line=piece.line, error=wire.TIMED_OUT, statement=number))
        elif spell.error is not None:
            line = _line(spell.error, name) or piece.line
            self.notes.append(_note(spell.error, cell, line, piece.module, number))
            return isinstance(spell.error, Exception)
        return True

    def _allowed(self) -> float:
        """CPU time for the next statement; none when all of it is used up."""
        left = self._times.loading - self.seconds
        return min(self._times.statement, left, max(left - LAST_THIRD * self._times.loading, SHORT_SECONDS))


def _note(error: BaseException, cell: int, line: int, imported: str = "", statement: int = 0) -> wire.Note:
    """One note; a module is named only when it is not there."""
    name = exception_name(error)
    missing = imported if name == "ModuleNotFoundError" and wire.MODULE.fullmatch(imported) else ""
    return wire.Note(cell=cell, line=line, error=name, module=missing, statement=statement)


def _line(error: BaseException, name: str) -> int:
    """Line of the cell at which an exception left it; 0 when it never was in it."""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            return trace.tb_lineno
        trace = trace.tb_next
    return 0


def _nothing(*_: object, **__: object) -> None:
    """Do nothing, whatever is asked."""
