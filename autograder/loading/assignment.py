"""An assignment, from its package's folder."""

import hashlib
import importlib
import importlib.util
import inspect
import itertools
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from autograder.errors import AssignmentError, AutograderError
from autograder.loading.variants import constants_of, joined, page_text, pages_of
from autograder.model import Assignment, Constants, Limits, Part, Question
from autograder.model.variants import count_of
from autograder.words import counted

_HEADINGS = ("ID", "TITLE", "COURSE", "TERM", "DUE")
_numbers = itertools.count(1)


def load_assignment(path: Path) -> Assignment:
    """Import an assignment from its package's folder, its questions ordered by file name.

    The folder's name and place do not matter. ``__init__.py`` holds ``ID``, ``TITLE``, ``COURSE``, ``TERM`` and
    ``DUE``, and may hold ``LIMITS``; every ``q*.py`` holds a ``QUESTION``. Relative imports inside the package work.
    Where a page has variants the assignment holds them all, each as an assignment.

    Raises `AssignmentError` if a rule is broken; the text names the file and the rule.
    """
    folder = path.resolve()
    where = f"assignment {path}"
    if not folder.is_dir():
        raise AssignmentError(f"{where}: no such folder; --assignment takes a package's folder, such as ./solutions")
    if not (folder / "__init__.py").is_file():
        raise AssignmentError(f"{where}: no __init__.py; write one that sets {', '.join(_HEADINGS)}")
    files = sorted(file for file in folder.glob("q*.py") if file.is_file())
    if not files:
        raise AssignmentError(f"{where}: no q*.py; write one file for each question, such as q1.py")
    constants = {file: found for file in files if (found := constants_of(_text(file), _named(file)))}
    count = _count(constants)
    if not count:
        return _load(path, files, {})
    return joined([_load(path, files, constants, variant=number) for number in range(1, count + 1)])


def _text(file: Path) -> str:
    """Text of a page; importing it says why there is none."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return ""


def _count(constants: Mapping[Path, Constants]) -> int:
    """Say how many variants the pages have, 0 when none has any."""
    counts = {file: count_of(one, _named(file)) for file, one in constants.items()}
    if len({*counts.values()}) > 1:
        first = next(iter(counts))
        other = next(file for file in counts if counts[file] != counts[first])
        raise AssignmentError(
            f"{_named(first)} has {counted(counts[first], 'variant')} and {_named(other)} {counts[other]}; give every "
            "question that has variants the same number of them"
        )
    return next(iter(counts.values()), 0)


def _load(path: Path, files: Sequence[Path], constants: Mapping[Path, Constants], *, variant: int = 0) -> Assignment:
    """Import the package, once for every variant."""
    folder = path.resolve()
    name = f"_assignment_{next(_numbers)}"
    pages = {file: page_text(_text(file), variant, _named(file)) for file in constants}
    try:
        package = _import(folder, "__init__.py", lambda: _import_package(folder, name))
        headings = {what: _heading(package, folder, what) for what in _HEADINGS}
        limits = _limits(package, folder)
        late = _late(package, folder)
        with pages_of(name, variant, pages):
            questions = tuple(_question(folder, name, file, constants.get(file, {})) for file in files)
        _check_names(questions, files)
        assignment = Assignment(
            id=headings["ID"],
            title=headings["TITLE"],
            course=headings["COURSE"],
            term=headings["TERM"],
            due=headings["DUE"],
            questions=questions,
            source_sha256=_source_sha256(folder, variant),
            author=str(getattr(package, "AUTHOR", "")),
            limits=limits,
            late_points_per_day=late,
            folder=folder,
            variant=variant,
        )
        for half in filter(_has_half_a_character, _texts(assignment)):
            raise AssignmentError(
                f"{folder.name}: the text {half!a:.80} has half a character in it; write the whole one"
            )
    except AssignmentError:
        for module in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
            del sys.modules[module]
        raise
    return assignment


def _has_half_a_character(text: str) -> bool:
    """Whether there is a surrogate in it, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _texts(record: object) -> Iterator[str]:
    """Give every text in what an author wrote."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, Mapping):
        yield from _texts((*record.keys(), *record.values()))
    elif isinstance(record, list | tuple):
        for one in record:
            yield from _texts(one)
    elif is_dataclass(record):
        for field in fields(record):
            yield from _texts(getattr(record, field.name))


def package_files(path: Path) -> dict[str, bytes]:
    """Read an assignment's files, by path in its folder, without what Python and editors leave there."""
    folder = path.resolve()
    files = {file.relative_to(folder): file for file in sorted(folder.rglob("*")) if file.is_file()}
    return {
        name.as_posix(): file.read_bytes()
        for name, file in files.items()
        if not any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    }


def _import_package(folder: Path, name: str) -> ModuleType:
    """Import the folder as a package of that name, which nothing else has."""
    file = folder / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise AssertionError("a .py file always has a loader")
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package
    spec.loader.exec_module(package)
    return package


def _import(folder: Path, file: str, action: Callable[[], ModuleType]) -> ModuleType:
    """Do the import; any failure becomes one line that names file, line and exception."""
    try:
        return action()
    except (Exception, SystemExit) as error:
        where = _place(folder, error) or f"{folder.name}/{file}"
        words = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
        if not isinstance(error, AutograderError):
            words = f"{type(error).__name__}: {words}"
        raise AssignmentError(f"{where}: {words}") from error


def _place(folder: Path, error: BaseException) -> str:
    """Innermost place inside the package that the error came through; empty when there is none."""
    places = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((Path(error.filename), error.lineno))
    inside = [(file, line) for file, line in places if file.is_relative_to(folder)]
    if not inside:
        return ""
    file, line = inside[-1]
    return f"{folder.name}/{file.relative_to(folder).as_posix()}, line {line}"


def _named(file: Path) -> str:
    """How a message names a file of the package."""
    return f"{file.parent.name}/{file.name}"


def _heading(package: ModuleType, folder: Path, what: str) -> str:
    """Look up one of the texts in ``__init__``."""
    value = getattr(package, what, None)
    if not isinstance(value, str) or not value.strip():
        raise AssignmentError(
            f'{folder.name}/__init__.py: {what} is missing; write {what} = "..." with some text in it'
        )
    return value


def _limits(package: ModuleType, folder: Path) -> Limits:
    """Look up what a submission may use; the engine's own limits where nothing is said."""
    limits = getattr(package, "LIMITS", None) or Limits()
    if not isinstance(limits, Limits):
        raise AssignmentError(
            f"{folder.name}/__init__.py: LIMITS is {limits!r}; write LIMITS = Limits(...), from autograder.model"
        )
    return limits


def _late(package: ModuleType, folder: Path) -> float:
    """Look up what a day late costs; nothing where nothing is said."""
    points = getattr(package, "LATE_POINTS_PER_DAY", 0.0)
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points <= sys.float_info.max:
        raise AssignmentError(f"{folder.name}/__init__.py: LATE_POINTS_PER_DAY is {points!r}; write points, 0 or more")
    return float(points)


def _question(folder: Path, package: str, file: Path, constants: Constants) -> Question:
    """Import the question in one file."""
    if not file.stem.isidentifier():
        raise AssignmentError(f"{_named(file)}: no name for a module; rename the file to something like q1.py")
    # The only import by name in the engine: ruff bans it elsewhere, because import-linter cannot see it.
    module = _import(folder, file.name, lambda: importlib.import_module(f"{package}.{file.stem}"))  # noqa: TID251
    question = getattr(module, "QUESTION", None)
    if not isinstance(question, Question):
        raise AssignmentError(f"{_named(file)}: no QUESTION; end the file with QUESTION = Question(...)")
    if {name: [*values] for name, values in question.variants.items()} != {
        name: [*values] for name, values in constants.items()
    }:
        raise AssignmentError(
            f"{_named(file)}: variants= is found only where it is written out; write "
            'QUESTION = question(..., variants={"SCALE": (3.0, 2.5)})'
        )
    if not question.parts and not question.written:
        raise AssignmentError(
            f"{_named(file)}: question {question.id!r} has no parts and nothing to derive; give it one part at least, "
            "or a setting"
        )
    for function in question.handed_out:
        if not isinstance(function, FunctionType) or not function.__name__.isidentifier():
            what = "gradient_check" if function is question.gradient_check else "what the self-check holds"
            raise AssignmentError(f"{_named(file)}: {what} is not a plain function; write it with def")
    for part in question.parts:
        _check_part(file, part)
    return question


def _check_part(file: Path, part: Part) -> None:
    """Rules on one part that its record does not check itself."""
    where = _named(file)
    if not isinstance(part.reference, FunctionType) or not part.name.isidentifier():
        raise AssignmentError(f"{where}: the reference {part.name!r} is not a plain function; write it with def")
    where = f"{where}: {part.name}"
    if not inspect.getdoc(part.reference):
        raise AssignmentError(f"{where}: the reference has no docstring; write one, it becomes the stub's")
    ours = _shape(part.reference)
    for misconception in part.misconceptions:
        if _shape(misconception.function) != ours:
            raise AssignmentError(
                f"{where}: misconception {misconception.name!r} takes {_bare(misconception.function)}, the"
                f" reference {_bare(part.reference)}; name the same parameters, with defaults for the same"
            )
    judged = {criterion.output for criterion in part.criteria}
    for output in part.outputs:
        if output.name not in judged:
            raise AssignmentError(f"{where}: no criterion judges output {output.name!r}; add one or drop the output")
    if not part.outputs:
        raise AssignmentError(f"{where}: no outputs; name what the function returns")


def _shape(function: Callable[..., Any]) -> list[tuple[str, Any, bool]]:
    """Parameters as (name, kind, has a default); default values may differ, for a wrong default can be the mistake."""
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, p.kind, p.default is not p.empty) for p in parameters]


def _bare(function: Callable[..., Any]) -> str:
    """Write a signature without annotations."""
    signature = inspect.signature(function)
    bare = [one.replace(annotation=one.empty) for one in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


def _check_names(questions: Sequence[Question], files: Sequence[Path]) -> None:
    """Names that must be unique over the whole assignment."""
    seen: dict[tuple[str, str], Path] = {}
    for question, file in zip(questions, files, strict=True):
        keys = [("question", question.id)]
        keys += [("part", part.name) for part in question.parts]
        keys += [("criterion", criterion.id) for part in question.parts for criterion in part.criteria]
        for key in keys:
            if key in seen:
                both = " and ".join(sorted({_named(seen[key]), _named(file)}))
                raise AssignmentError(f"{both}: {key[0]} {key[1]!r} is there twice; give one of them another name")
            seen[key] = file


def _source_sha256(folder: Path, variant: int) -> str:
    """Digest of the names and bytes of the package's Python files, and of which variant of them it is."""
    digest = hashlib.sha256(f"variant {variant}".encode() if variant else b"")
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*.py") if file.is_file()}
    for name, file in sorted(files.items()):
        for piece in (name.encode("utf-8", "surrogateescape"), file.read_bytes()):
            # Lengths go in too: no two packages may look the same piece by piece.
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()
