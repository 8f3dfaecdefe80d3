"""A student's own modules beside the code: those that it imports, itself or through another of them."""

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from autograder.loading.files import OnDisk, Unreadable, decoded, on_disk, shorter, shown
from autograder.loading.names import CODE
from autograder.loading.notebook import code_of, read_cells
from autograder.loading.packed import File, Opened
from autograder.model.assignment import check_module_of
from autograder.results import Cell
from autograder.sandbox._worker.helpers import MAX_HELPER_BYTES, MAX_HELPERS, followed, imported, is_taken
from autograder.sandbox._worker.text import by_own_marks

Near = Callable[[str], Mapping[str, File]]
"""Gives the files of the module, or of the package, of a name: by their paths from the code."""


def read_helpers(sources: Iterable[str], near: Near, name: str) -> tuple[Cell, ...]:
    """Read the modules that code imports from beside it, by path; `name` is the code's, for messages.

    Raises `Unreadable` if they are too many, too large, or no text.
    """
    texts: list[int] = []

    def read(module: str) -> dict[str, str]:
        found = {}
        for path, file in near(module).items():
            data = file.whole(MAX_HELPER_BYTES, "shorten it")
            texts.append(len(data))
            if len(texts) > MAX_HELPERS:
                raise Unreadable(f"{name} imports more than {MAX_HELPERS} modules beside it; put them into fewer")
            if sum(texts) > MAX_HELPER_BYTES:
                most = f"{MAX_HELPER_BYTES / 1e6:g} MB"
                raise Unreadable(f"{name} imports more than {most} of modules beside it; shorten them")
            found[path] = decoded(data, file.shown)
        return found

    return tuple(Cell(label=path, source=text) for path, text in sorted(followed(sources, read).items()))


def near_on_disk(code: OnDisk, at: int, names: Callable[[], Sequence[str]], student: str, check: str) -> Near:
    """Look beside a file in the student's own folder, which is open; `names` lists it."""

    @cache
    def beside() -> tuple[Mapping[str, File], frozenset[str]]:
        listed = frozenset(names())
        files = [on_disk(code.path.with_name(name), student, at, check) for name in listed - {code.path.name}]
        return _modules(files, ""), listed

    def near(module: str) -> Mapping[str, File]:
        files, listed = beside()
        path = f"{module}.py"
        found = {path: files[path]} if path in files else {}
        if module in listed and is_folder(module, at):
            inside = code.path.with_name(module)
            for path, file in _modules(Opened(check).folder(inside, shown(inside, student), at), "").items():
                found[f"{module}/{path}"] = file
        return found

    return near


def near_in(files: Iterable[File], code: File) -> Near:
    """Look beside a file among all that lie in a folder or an archive."""
    by_name: dict[str, dict[str, File]] = {}
    for path, file in _modules((one for one in files if one is not code), code.folder).items():
        by_name.setdefault(path.removesuffix(".py").partition("/")[0], {})[path] = file
    return lambda module: by_name.get(module, {})


def not_imported(candidates: Sequence[File]) -> Sequence[File]:
    """Take those that no other imports: one module of several, or the notebook, may be the one that is handed in."""
    if not 1 < len(candidates) <= MAX_HELPERS or sum(file.name.kind == "notebook" for file in candidates) > 1:
        return candidates
    base = min((file.folder for file in candidates), key=len)
    imports = [_imports_of(file) for file in candidates]
    rest = [
        file
        for number, file in enumerate(candidates)
        if file.name.kind == "notebook"
        or not any(_top(file, base) in names for n, names in enumerate(imports) if n != number)
    ]
    return rest or candidates


def beside_alone(code: Path, check: str) -> tuple[bool, str]:
    """Find out whether a file that a person named lies in a folder of its student's own; else what is to be said.

    It does if it is called as it was given out, and no other code lies there than what it imports: in a folder of
    everybody's files each is called after its student, and what one imports may be another's.
    """
    file = on_disk(code, "", check=check)
    names = sorted(entry.name for entry in code.parent.iterdir() if entry.name != code.name)
    files = [on_disk(code.with_name(name), "", check=check) for name in names]
    modules = [one for one in files if one.name.kind in CODE and not one.name.spare]
    called = {one for one in _imports_of(file) if not is_taken(one)}
    folders = [name for name in names if name in called and code.with_name(name).is_dir()]
    asked = [one.name.stem for one in modules if one.name.kind == "module" and one.name.stem in called] + folders
    if not asked:
        return False, ""
    others = [one for one in modules if one.path.stem != code.stem]
    elsewhere = any(one.name.startswith(f"{code.stem}.") for name in folders for one in code.with_name(name).iterdir())
    if check_module_of(code.stem) == check and not_imported([file, *others]) == [file] and not elsewhere:
        return True, ""
    return False, (
        f"{shorter(code.name)}: {', '.join(map(shorter, asked))} beside it may be another student's: not read; put the "
        f"file, called {check.removesuffix('_check')}{code.suffix}, into a folder with its own modules alone"
    )


def is_folder(name: str, at: int) -> bool:
    """Whether there is a folder of this name in an open one; a link is none."""
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _modules(files: Iterable[File], base: str) -> dict[str, File]:
    """Modules by path from a folder; of two that a browser made of one name, the one that kept it."""
    found: dict[str, File] = {}
    for file in sorted(files, key=lambda one: (not one.shown.endswith(f"{one.name.stem}.py"), one.shown)):
        if file.name.kind == "module" and not file.name.spare and file.folder.startswith(base):
            found.setdefault(f"{file.folder[len(base) :]}{file.name.stem}.py", file)
    return found


def _top(file: File, base: str) -> str:
    """What an import of it begins with."""
    return file.folder.removeprefix(base).partition("/")[0] or file.name.stem


def _imports_of(file: File) -> set[str]:
    """What a file imports; nothing where it cannot be read, which is said when it is graded."""
    try:
        if file.name.kind == "notebook":
            cells = code_of(by_own_marks(read_cells(file)), file.shown)
            return {name for cell in cells for name in imported(cell.source)}
        return imported(decoded(file.whole(MAX_HELPER_BYTES), file.shown))
    except Unreadable:
        return set()
