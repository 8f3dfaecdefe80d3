"""Run cells in one namespace, statement by statement: the same in the sandbox and in the self-check."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType, TracebackType
from typing import Any, Literal, NoReturn

from autograder._worker.absent import Absent, bound
from autograder._worker.marimo import INERT
from autograder._worker.source import Piece, pieces

MODULE_NAMES = {"notebook": "__main__", "module": "submission"}
"""What a student's code is called, in `sys.modules` too."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that went wrong while a cell ran.

    Attributes
    ----------
    error : BaseException, optional
        What was raised; None when a decorator or a default value was left out.
    line : int
        In the cell, from 1; 0 when unknown.
    module : str
        The module whose absence is the reason, else empty.
    """

    error: BaseException | None
    line: int
    module: str = ""


class Space:
    """The namespace of one submission.

    Parameters
    ----------
    kind : {"module", "notebook"}
        A notebook is ``__main__``, a module ``submission``; both are put into `sys.modules` under that name.
    execute : Callable[[CodeType, dict], None]
        Runs one statement.
    passing : tuple of exception types
        Not caught, whatever raises them.

    Attributes
    ----------
    names : dict[str, object]
        What the cells defined.
    """

    def __init__(
        self,
        kind: Literal["module", "notebook"],
        *,
        execute: Callable[[CodeType, dict[str, Any]], None] | None = None,
        passing: tuple[type[BaseException], ...] = (),
    ) -> None:
        module = ModuleType(MODULE_NAMES[kind])
        sys.modules[module.__name__] = module
        sys.argv[:] = [""]
        self.names: dict[str, Any] = vars(module)
        self.names.update(get_ipython=_Inert, display=_nothing, help=_nothing, exit=_end, quit=_end)
        self.names[INERT] = _Inert()
        self._absent = Absent(self.names)
        self._execute = execute or run_statement
        self._passing = passing

    def run(self, cell: str, file: str) -> list[Trouble]:
        """Run one cell.

        A statement that fails is noted and the next one runs: a plot, a file or a module that is not there must not
        cost the functions below it. Only what asks for the end (`SystemExit`) ends its cell.

        Parameters
        ----------
        cell : str
            The text as the student wrote it.
        file : str
            What tracebacks call it; each cell has its own name.

        Returns
        -------
        list of Trouble
            What went wrong, in order.
        """
        found: list[Trouble] = []
        try:
            for piece in pieces(cell, file):
                try:
                    self._execute(piece.code, self.names)
                except self._passing:
                    raise
                except BaseException as error:
                    found.append(self._trouble(error, piece, file))
                    if not issubclass(type(error), Exception):
                        break
                found += [Trouble(error=None, line=line, module=name) for line, name in self._absent.left_out(file)]
        except self._passing:
            raise
        except BaseException as error:
            line = error.lineno if isinstance(error, SyntaxError) else 0
            found.append(Trouble(error=error, line=line or 0))
        return found

    def _trouble(self, error: BaseException, piece: Piece, file: str) -> Trouble:
        module = ""
        if type(error) is ModuleNotFoundError:
            module = piece.module or str(error.name or "")
        elif type(error) is NameError:
            module = self._absent.module(error.name)
        if module:
            self._absent.learn(bound(piece.statement), module)
        return Trouble(error=error, line=_line(file) or piece.line, module=module)


def run_statement(code: CodeType, names: dict[str, Any]) -> None:
    """Run one statement to its end; what it awaits has to come without waiting, for there is no event loop.

    Parameters
    ----------
    code : CodeType
        From `autograder._worker.source.pieces`.
    names : dict[str, object]
        The namespace.
    """
    result = eval(code, names)  # noqa: S307 - this is what the sandbox is for
    if code.co_flags & inspect.CO_COROUTINE:
        try:
            while True:
                result.send(None)
        except StopIteration:
            pass


def after_star(function: object, count: int) -> tuple[str, ...]:
    """Name the parameters that stand after a ``*`` and keep a function from being called by position.

    Parameters
    ----------
    function : object
        What is to be called; only a plain function tells.
    count : int
        How many arguments it gets.

    Returns
    -------
    tuple of str
        None when a call can reach it.
    """
    if type(function) is not FunctionType:
        return ()
    code = function.__code__
    named = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
    too_many = count > code.co_argcount and not code.co_flags & inspect.CO_VARARGS
    return named if too_many or not set(named) <= set(function.__kwdefaults__ or ()) else ()


def _line(file: str) -> int:
    """Line of the cell at which the exception being handled left it; 0 when it never was in it."""
    trace: TracebackType | None = sys.exc_info()[2]
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            return trace.tb_lineno
        trace = trace.tb_next
    return 0


class _Inert:
    """Stands where IPython's shell would, or marimo: all that is asked for is there and does nothing."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_: object, **__: object) -> Any:
        return self


def _nothing(*_: object, **__: object) -> None:
    """Do nothing, whatever is asked."""


def _end(*_: object) -> NoReturn:
    raise SystemExit
