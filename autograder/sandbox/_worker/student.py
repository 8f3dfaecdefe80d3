"""Run a student's cells in one namespace and keep what they define."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

from autograder import wire
from autograder.sandbox._worker.clock import Clock
from autograder.sandbox._worker.running import Pace, Space, Trouble, after_star

# By id: a student's metaclass may define __hash__ and __eq__.
_EXCEPTIONS = {id(getattr(builtins, name)): name for name in wire.EXCEPTIONS}
_FILE = "<cell %d>"
_MRO: Callable[[type], tuple[type, ...]] = vars(type)["__mro__"].__get__


def load(task: wire.Job, clock: Clock, starts: Callable[[wire.Started], None]) -> tuple[dict[str, Any], wire.Loaded]:
    """Run the cells in order: what they defined, what went wrong. `starts` is told of statements that may take long."""
    pace = Pace(
        statement_seconds=task.times.statement,
        loading_seconds=task.times.loading,
        left_out=task.left_out,
        starts=lambda cell, statement, line: starts(wire.Started(cell=cell, statement=statement, line=line)),
    )
    space = Space(task.kind, clock, pace)
    notes = [_note(one, index) for index, cell in enumerate(task.cells) for one in space.run(cell, _FILE % index)]
    notes += by_name_only(space.names, task.calls)
    return space.names, wire.Loaded(notes=tuple(notes), seconds=space.seconds)


def by_name_only(namespace: dict[str, Any], calls: Sequence[wire.Call]) -> list[wire.Note]:
    """Find functions that no call can reach, since a parameter of theirs stands after a ``*``.

    Each gets a `TypeError` that names the function in the place of a module.
    """
    functions = {
        call.function: namespace[call.function]
        for call in calls
        if call.function in namespace and after_star(namespace[call.function], len(call.inputs))
    }
    return [
        wire.Note(cell=cell, line=function.__code__.co_firstlineno, error="TypeError", module=name)
        for name, function in functions.items()
        if (cell := _cell(function.__code__.co_filename)) is not None
    ]


def exception_name(error: BaseException) -> str:
    """Name the builtin exception that an exception is, or comes from.

    Its class may lie about itself, so the question goes to `type`'s own descriptor.
    """
    return next(name for cls in _MRO(type(error)) if (name := _EXCEPTIONS.get(id(cls))))


def _cell(file: str) -> int | None:
    """Index of the cell of a name; None when it is none's."""
    number = file.removeprefix("<cell ").removesuffix(">")
    return int(number) if number.isdecimal() and file == _FILE % int(number) else None


def _note(trouble: Trouble, cell: int) -> wire.Note:
    """One note; a module is named only when its absence is the reason."""
    error = trouble.slow or ("NameError" if trouble.error is None else exception_name(trouble.error))
    module = trouble.module if wire.MODULE.fullmatch(trouble.module) else ""
    return wire.Note(cell=cell, line=trouble.line, error=error, module=module, statement=trouble.statement)
