"""Run a student's cells in one namespace and keep what they define."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import ModuleType, TracebackType
from typing import Any

from autograder import wire
from autograder._worker.source import pieces

_EXCEPTIONS = {vars(__builtins__)[name] if isinstance(__builtins__, ModuleType) else __builtins__[name]: name for name in wire.EXCEPTIONS}
_MRO: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__


class _Inert:
    """Stands where IPython's shell would: every method is there and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def load(kind: wire.Kind, cells: Sequence[str]) -> tuple[dict[str, Any], tuple[wire.Note, ...]]:
    """Run the cells in order.

    A failing top-level import is noted and the next statement runs; any other error ends its cell, and what was
    defined before stays.

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
    return next((_EXCEPTIONS[cls] for cls in _MRO(type(error)) if cls in _EXCEPTIONS), "BaseException")


def _run(cell: str, index: int, namespace: dict[str, Any]) -> list[wire.Note]:
    """Run one cell; what went wrong."""
    name = f"<cell {index}>"
    notes = []
    try:
        for piece in pieces(cell, name):
            try:
                exec(piece.code, namespace)  # noqa: S102 - this is what the sandbox is for
            except BaseException as error:
                notes.append(_note(error, index, _line(error.__traceback__, name) or piece.line, piece.module))
                if not piece.module:
                    break
    except BaseException as error:
        line = error.lineno if isinstance(error, SyntaxError) else 0
        notes.append(_note(error, index, line if type(line) is int else 0, ""))
    return notes
