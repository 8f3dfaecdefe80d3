"""Modules of a student's own, imported from memory: handed in beside the code, or written by a ``%%writefile`` cell.

None takes the place of numpy or of the standard library: they are asked for after everything else, and never for a name
of those.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MAX_HELPERS = 64
"""Number of modules of a student's own that are read."""

MAX_HELPER_BYTES = 1_000_000
"""Size of all of them, in bytes."""

_IMPORTS = re.compile(r"(?:^|[;:])[ \t]*import[ \t]+([^\r\n;#]+)", re.MULTILINE)
_IMPORTS_FROM = re.compile(r"(?:^|[;:])[ \t]*from[ \t]+([^\W\d]\w*)", re.MULTILINE)
_IMPORTED = re.compile(r"[ \t(]*([^\W\d]\w*)")
_WRITES = re.compile(r"\s*%%(?:writefile|file)[ \t]+(-a[ \t]+|--append[ \t]+)?(\S+)[ \t]*(?:\r\n?|\n|\Z)")
_MODULE_PATH = re.compile(r"(?:[^\W\d]\w*/)*[^\W\d]\w*\.py")


def is_taken(name: str) -> bool:
    """Whether a module of this name is there anyway: numpy's, or one of the standard library."""
    root = name.partition(".")[0]
    return root == "numpy" or root in sys.stdlib_module_names


def imported(text: str) -> set[str]:
    """Find the names, up to a dot, of what a text may import, nothing missed by much; it is not parsed."""
    names = set(_IMPORTS_FROM.findall(text))
    for listed in _IMPORTS.findall(text):
        names.update(found[1] for one in listed.split(",") if (found := _IMPORTED.match(one)))
    return names


def followed(sources: Iterable[str], read: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """Follow imports, those in what is imported too: texts by path, such as ``pkg/one.py``.

    `read` gives the texts of the module or the package of a name, none where there is no such file.
    """
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = list(sources)
    while waiting:
        for name in sorted(imported(waiting.pop())):
            if name not in seen and not is_taken(name):
                seen.add(name)
                texts = read(name)
                found.update(texts)
                waiting += texts.values()
    return found


class Helpers(Loader):
    """An import finder for them, and their loader; it joins the others when there is one.

    `run` runs a text, which came from a file, in a namespace.
    """

    def __init__(self, texts: Iterable[tuple[str, str]], run: Callable[[str, str, dict[str, Any]], None]) -> None:
        self._texts = {path: (path, text) for path, text in texts}
        self._run = run
        if self._texts:
            self._join()

    def _join(self) -> None:
        if not any(one is self for one in sys.meta_path):
            sys.meta_path.append(self)

    def written(self, cell: str, file: str) -> bool:
        """Take in what a ``%%writefile`` cell writes; false when the cell is none, or writes no module."""
        found = _WRITES.match(cell)
        path = found[2].strip("\"'").removeprefix("./") if found else ""
        if found is None or not _MODULE_PATH.fullmatch(path):
            return False
        above = "\n" * cell.count("\n", 0, found.end())  # lines keep their numbers
        before = self._texts.get(path) if found[1] else None
        where, text = before or (file, above)
        self._texts[path] = where, text + cell[found.end() :]
        self._join()
        return True

    def has(self, name: str) -> bool:
        """Whether a module is one of them."""
        return bool(self._texts) and self.find_spec(name) is not None

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002
        """Answer the import system."""
        if is_taken(fullname):
            return None
        inside = fullname.replace(".", "/")
        for file, package in ((f"{inside}/__init__.py", True), (f"{inside}.py", False), (f"{inside}/", True)):
            if file in self._texts or (file[-1] == "/" and any(one.startswith(file) for one in self._texts)):
                spec = ModuleSpec(fullname, self, origin=file, is_package=package)
                spec.has_location = True
                return spec
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run its text; a folder without ``__init__.py`` has none."""
        file, text = self._texts.get(str(module.__file__), ("", ""))
        self._run(text, file, vars(module))
