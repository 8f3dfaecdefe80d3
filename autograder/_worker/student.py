"""Run a student's cells in one namespace and keep what they define."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Sequence
from types import ModuleType, TracebackType
from typing import Any

from autograder import wire
from autograder._worker.source import pieces

# By id: a student's metaclass may define __hash__ and __eq__.
_EXCEPTIONS = {id(getattr(builtins, name)): name for name in wire.EXCEPTIONS}
_MRO: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__


class _Inert:
    """Stands where IPython's shell would: every method is there and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def load(kind: wire.Kind, cells: Sequence[str]) -> tuple[dict[str, Any], tuple[wire.Note, ...]]:
    """Run the cells in order.

    A top-level statement that fails is noted and the next one runs: a plot, a file or a module that is not there must
    not cost the functions below it. Only what asks for the end (`SystemExit`) ends its cell.

    Parameters
    ----------
    kind : {"module", "notebook"}
        A notebook is ``__main__``, a module ``submission``; both are put into `sys.modules` under that name.
    cells : Sequence[str]
        The text of each cell; one for a module.

    Returns
    -------
    namespace : dict[str, object]
        What the cells defined.
    notes : tuple of wire.Note
        What went wrong.
    """
    module = ModuleType("__main__" if kind == "notebook" else "submission")
    sys.modules[module.__name__] = module
    namespace = vars(module)
    namespace["get_ipython"] = _Inert
    namespace["display"] = _nothing
    notes: list[wire.Note] = []
    for index, cell in enumerate(cells):
        notes += _run(cell, index, namespace)
    return namespace, tuple(notes)


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


def _run(cell: str, index: int, namespace: dict[str, Any]) -> list[wire.Note]:
    """Run one cell; what went wrong."""
    name = f"<cell {index}>"
    notes: list[wire.Note] = []
    try:
        for piece in pieces(cell, name):
            try:
                exec(piece.code, namespace)  # noqa: S102 - this is what the sandbox is for
            except BaseException as error:
                notes.append(_note(error, index, _line(name) or piece.line, piece.module))
                if not isinstance(error, Exception):
                    break
    except BaseException as error:
        line = error.lineno if isinstance(error, SyntaxError) else 0
        notes.append(_note(error, index, line or 0))
    return notes


def _note(error: BaseException, cell: int, line: int, imported: str = "") -> wire.Note:
    """One note; a module is named only when it is not there."""
    name = exception_name(error)
    missing = imported if name == "ModuleNotFoundError" and wire.MODULE.fullmatch(imported) else ""
    return wire.Note(cell=cell, line=line, error=name, module=missing)


def _line(name: str) -> int:
    """Line of the cell at which the exception being handled left it; 0 when it never was in it."""
    trace: TracebackType | None = sys.exc_info()[2]
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            return trace.tb_lineno
        trace = trace.tb_next
    return 0


def _nothing(*_: object, **__: object) -> None:
    """Do nothing, whatever is asked."""
