"""Run cells in one namespace, statement by statement: the same in the sandbox and in the self-check."""

import ast
import functools
import inspect
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType, TracebackType
from typing import Any, Literal, NoReturn, TypeVar

from autograder.sandbox._worker.absent import Absent, bound
from autograder.sandbox._worker.clock import Clock, Spell
from autograder.sandbox._worker.helpers import Helpers
from autograder.sandbox._worker.marimo import INERT
from autograder.sandbox._worker.source import Piece, pieces
from autograder.wire.notes import NOT_RUN, TIMED_OUT, WHOLE_CELL

_T = TypeVar("_T")

MODULE_NAMES = {"notebook": "__main__", "module": "submission"}
"""What a student's code is called, in `sys.modules` too."""

LAST_THIRD = 1 / 3
"""Share of the time for loading that is kept for what comes when the rest is used up."""
SHORT_SECONDS = 0.1
"""What a statement then gets: much more than a definition or an import takes."""
MOST_STARTS = 4_000
"""How many statements are told of before they run; the grader takes little more."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LONG_CELL = 50_000
"""Characters of a cell that may take long to compile."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that went wrong while a cell ran."""

    error: BaseException | None
    #: In the cell, from 1; 0 when unknown.
    line: int
    #: The module whose absence is the reason, else empty.
    module: str = ""
    statement: int = 0
    #: Whether it took too long, or what came before it did. With neither this nor an error, a decorator or a default
    #: value was left out.
    slow: str = ""
    #: What tracebacks call the cell, or the module of the student's own, that it stands in.
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a submission is loaded."""

    #: CPU time for one statement, and for all of them.
    statement_seconds: float
    loading_seconds: float
    #: Statements that are not run, as cell and index.
    left_out: Collection[tuple[int, int]] = ()
    #: Told cell, index and line of a statement that may take long before it runs.
    starts: Callable[[int, int, int], None] | None = None
    #: Not caught, whatever raises them.
    passing: tuple[type[BaseException], ...] = ()


class Space:
    """The namespace of one submission: a notebook is ``__main__``, a module ``submission``, in `sys.modules` too.

    `helpers` are modules of the student's own, by path, which the code may import.
    """

    def __init__(
        self,
        kind: Literal["module", "notebook"],
        clock: Clock,
        pace: Pace,
        helpers: Iterable[tuple[str, str]] = (),
    ) -> None:
        module = ModuleType(MODULE_NAMES[kind])
        sys.modules[module.__name__] = module
        sys.argv[:] = [""]
        self.names: dict[str, Any] = vars(module)
        self.names.update(get_ipython=_Inert, display=_nothing, help=_nothing, exit=_end, quit=_end)
        self.names[INERT] = _Inert()
        #: Of the code, and of the modules of the student's own that were imported.
        self.namespaces = [self.names]
        self.seconds = 0.0
        #: Of the slowest statement that was not too slow: CPU time, file and line.
        self.slowest = (0.0, "", 0)
        self._absent = Absent(self.names)
        self._helpers = Helpers(helpers, self._run_helper)
        self._in_helpers: list[Trouble] = []
        self._clock = clock
        self._pace = pace
        self._pieces: list[tuple[str, Piece]] = []
        self._cell = -1
        self._told = 0

    def run(self, cell: str, file: str) -> list[Trouble]:
        """Run the next cell; what went wrong, in order. `file` is what tracebacks call it.

        A statement that fails or takes too long is noted and the next one runs: a plot, a file or module that is not
        there or a long demonstration must not cost the functions below it. Only what asks for the end (`SystemExit`)
        ends its cell.
        """
        self._cell += 1
        if (self._cell, WHOLE_CELL) in self._pace.left_out:
            return []
        if self._helpers.written(cell, file):
            return []
        if len(cell) >= LONG_CELL:
            self._tell(WHOLE_CELL, 0)
        compiled = self._take(lambda: pieces(cell, file))
        if compiled.value is None or compiled.over:
            return [self._compiling(compiled, file)]
        found: list[Trouble] = []
        self._pieces += ((file, piece) for piece in compiled.value)
        for number, piece in enumerate(compiled.value):
            if (self._cell, number) in self._pace.left_out:
                continue
            if not piece.quick or self._helpers.has(piece.module):
                self._tell(number, piece.line)
            spell = self._take(functools.partial(run_statement, piece.code, self.names))
            if not spell.over:
                self.slowest = max(self.slowest, (spell.seconds, file, piece.line))
            if spell.over:
                slow = _slow(spell)
                found.append(Trouble(error=None, line=piece.line, statement=number, slow=slow, file=file))
                if slow == NOT_RUN:
                    break
            elif spell.error is not None:
                found.append(_trouble(spell.error, piece, number, file, self._absent))
                if not issubclass(type(spell.error), Exception):
                    break
            found += _left_out(self._absent, number, file)
        found += self._in_helpers
        self._in_helpers.clear()
        return found

    def out_of_reach(self, name: str) -> tuple[str, int] | None:
        """Find a function that is only defined inside something else: in which file, and in which line.

        That is a class, another function, or a block that was not run.
        """

        def search() -> tuple[str, int] | None:
            for file, piece in self._pieces:
                for statement in piece.statements():
                    for node in ast.walk(statement):
                        if isinstance(node, _FUNCTIONS) and node.name == name and node is not statement:
                            return file, node.lineno
            return None

        return self._clock.take(SHORT_SECONDS, search).value

    def _run_helper(self, text: str, file: str, names: dict[str, Any]) -> None:
        """Run a module of the student's own like a cell, in the time of the statement that imports it."""
        self.namespaces.append(names)
        absent = Absent(names)
        for number, piece in enumerate(pieces(text, file)):
            try:
                run_statement(piece.code, names)
            except Exception as error:
                self._in_helpers.append(_trouble(error, piece, number, file, absent))
            self._in_helpers += _left_out(absent, number, file)

    def _take(self, action: Callable[[], _T]) -> Spell[_T]:
        """Do something as long as there is time; nothing when there is none."""
        pace = self._pace
        left = pace.loading_seconds - self.seconds
        seconds = min(pace.statement_seconds, left, max(left - LAST_THIRD * pace.loading_seconds, SHORT_SECONDS))
        if seconds <= 0:
            return Spell(value=None, error=None, seconds=0.0, over=True)
        spell = self._clock.take(seconds, action)
        self.seconds += spell.seconds
        if isinstance(spell.error, pace.passing):
            raise spell.error
        return spell

    def _tell(self, statement: int, line: int) -> None:
        self._told += 1
        if self._pace.starts is not None and self._told <= MOST_STARTS:
            self._pace.starts(self._cell, statement, line)

    @staticmethod
    def _compiling(spell: Spell[list[Piece]], file: str) -> Trouble:
        if spell.over:
            return Trouble(error=None, line=0, statement=WHOLE_CELL, slow=_slow(spell), file=file)
        line = spell.error.lineno if isinstance(spell.error, SyntaxError) else 0
        return Trouble(error=spell.error, line=line or 0, file=file)


def _trouble(error: BaseException, piece: Piece, statement: int, file: str, absent: Absent) -> Trouble:
    """Say what a statement raised; where a module is not there, what it would have defined is noted."""
    module = ""
    if type(error) is ModuleNotFoundError:
        module = piece.module or str(error.name or "")
    elif type(error) is NameError:
        module = absent.module(error.name)
    if module:
        for one in piece.statements():
            absent.learn(bound(one), module)
    return Trouble(error=error, line=_line(error, file) or piece.line, module=module, statement=statement, file=file)


def _left_out(absent: Absent, statement: int, file: str) -> list[Trouble]:
    return [
        Trouble(error=None, line=line, module=name, statement=statement, file=file)
        for line, name in absent.left_out(file)
    ]


def _slow(spell: Spell[Any]) -> str:
    """Whether it took too long, or was not begun since there was no time left."""
    return TIMED_OUT if spell.seconds else NOT_RUN


def run_statement(code: CodeType, names: dict[str, Any]) -> None:
    """Run one statement to its end; what it awaits has to come without waiting, for there is no event loop."""
    result = eval(code, names)  # noqa: S307 - this is what the sandbox is for
    if code.co_flags & inspect.CO_COROUTINE:
        try:
            while True:
                result.send(None)
        except StopIteration:
            pass


def after_star(function: object, count: int) -> tuple[str, ...]:
    """Name the parameters after a ``*`` that keep a function from being called by position, if there are any."""
    if type(function) is not FunctionType:
        return ()
    code = function.__code__
    named = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
    too_many = count > code.co_argcount and not code.co_flags & inspect.CO_VARARGS
    return named if too_many or not set(named) <= set(function.__kwdefaults__ or ()) else ()


def _line(error: BaseException, file: str) -> int:
    """Line of the cell at which an exception left it; 0 when it never was in it."""
    trace: TracebackType | None = error.__traceback__
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
