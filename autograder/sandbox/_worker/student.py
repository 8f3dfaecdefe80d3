"""Run a student's cells in one namespace and keep what they define."""

import builtins
from collections.abc import Callable, Mapping, Sequence
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
    space = Space(task.kind, clock, pace, task.helpers)
    # Helpers are counted behind the cells.
    files = [*(_FILE % index for index in range(len(task.cells))), *(path for path, _ in task.helpers)]
    places = {file: place for place, file in enumerate(files)}
    notes = [
        _note(one, places[one.file]) for index, cell in enumerate(task.cells) for one in space.run(cell, _FILE % index)
    ]
    notes += by_name_only(space.names, task.calls, places)
    notes += _out_of_reach(space, task.calls, places)
    return space.names, wire.Loaded(notes=tuple(notes), seconds=space.seconds)


def by_name_only(namespace: dict[str, Any], calls: Sequence[wire.Call], places: Mapping[str, int]) -> list[wire.Note]:
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
        if (cell := places.get(function.__code__.co_filename)) is not None
    ]


def _out_of_reach(space: Space, calls: Sequence[wire.Call], places: Mapping[str, int]) -> list[wire.Note]:
    """Find functions that are missing since they are defined inside something else.

    Each gets an `UnboundLocalError` that names the function in the place of a module.
    """
    missing = dict.fromkeys(call.function for call in calls if call.function not in space.names)
    found = ((name, space.out_of_reach(name)) for name in missing)
    return [
        wire.Note(cell=places[place[0]], line=place[1], error="UnboundLocalError", module=name)
        for name, place in found
        if place
    ]


def exception_name(error: BaseException) -> str:
    """Name the builtin exception that an exception is, or comes from.

    Its class may lie about itself, so the question goes to `type`'s own descriptor.
    """
    return next(name for cls in _MRO(type(error)) if (name := _EXCEPTIONS.get(id(cls))))


def _note(trouble: Trouble, cell: int) -> wire.Note:
    """One note; a module is named only when its absence is the reason."""
    error = trouble.slow or ("NameError" if trouble.error is None else exception_name(trouble.error))
    module = trouble.module if wire.MODULE.fullmatch(trouble.module) else ""
    return wire.Note(cell=cell, line=trouble.line, error=error, module=module, statement=trouble.statement)
