"""What students may import, read once into a sealed file in memory: a locked child opens no file.

The file holds, in this order: the length of the index in eight bytes, the index (`marshal`: by name of the module its
file, whether it is a package, its kind, start and length), and the contents. `_worker.memory` reads it.
"""

import fcntl
import functools
import marshal
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

from autograder.sandbox import bubblewrap
from autograder.sandbox._worker.memory import COMPILED, EXTENSION, SOURCE
from autograder.sandbox.libraries import FOREIGN, Runtime
from autograder.words import Isolation

_NO_PACKAGES = frozenset(
    ("__pycache__", "test", "tests", "tkinter", "turtledemo", "idlelib", "lib2to3", "ensurepip", "distutils", *FOREIGN)
)
_EXTENSIONS = "lib-dynload"
_NOT_MAPPED = frozenset(("_tkinter", "readline", "nis", "ossaudiodev", "spwd", "_dbm", "_gdbm"))
"""Extensions that bring libraries along and that no homework needs."""
_TESTS_OF_PYTHON = ("_test", "_xx", "xx", "_interp", "_remote_debugging")
_HEADER_BYTES = 16
_CHECKED_BY_TIME, _UNCHECKED = 0, 1


@dataclass(frozen=True, kw_only=True)
class _Module:
    """One module that may be imported."""

    name: str
    file: str
    package: bool
    kind: int
    data: bytes = b""


@functools.cache
def modules_file(isolation: Isolation, runtime: Runtime) -> int:
    """Read what students may import into a file in memory that nobody can change any more.

    Inside bubblewrap files have other names. The descriptor is shared by all warm processes and stays open as long as
    the grader lives.
    """
    folders = [(runtime.standard_library, "", bubblewrap.standard_library(runtime))]
    folders += [
        (path, f"{path.name}.", f"{bubblewrap.SITE}/{path.name}")
        for path in runtime.packages
        if path.name.isidentifier()
    ]
    index: dict[str, tuple[str, bool, int, int, int]] = {}
    contents = bytearray()
    for outside, prefix, inside in folders:
        for one in _modules(outside, prefix):
            folder = inside if isolation == "bubblewrap" else outside
            index[one.name] = f"{folder}/{one.file}", one.package, one.kind, len(contents), len(one.data)
            contents += one.data
    head = marshal.dumps(index)
    descriptor = os.memfd_create("modules", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with open(descriptor, "wb", closefd=False) as file:
        file.write(len(head).to_bytes(8, "little") + head)
        file.write(contents)
    fcntl.fcntl(
        descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    )
    return descriptor


def _modules(root: Path, prefix: str) -> Iterator[_Module]:
    """Everything below a folder that can be imported, tests and windows left out."""
    for folder, folders, names in os.walk(root):
        inside = os.path.relpath(folder, root)
        folders[:] = sorted(
            name for name in folders if (name.isidentifier() and name not in _NO_PACKAGES) or name == _EXTENSIONS
        )
        package = prefix if inside in (".", _EXTENSIONS) else f"{prefix}{inside.replace('/', '.')}."
        if inside not in (".", _EXTENSIONS) and "__init__.py" not in names:
            yield _Module(name=package.removesuffix("."), file=f"{inside}/__init__.py", package=True, kind=SOURCE)
        for name in sorted(names):
            stem, _, suffix = name.partition(".")
            file = name if inside == "." else f"{inside}/{name}"
            if f".{suffix}" in EXTENSION_SUFFIXES:
                if stem not in _NOT_MAPPED and not stem.startswith(_TESTS_OF_PYTHON) and not stem.endswith("_tests"):
                    yield _Module(name=package + stem, file=file, package=False, kind=EXTENSION)
            elif suffix == "py" and (stem != "__init__" or package):
                whole = package.removesuffix(".") if stem == "__init__" else package + stem
                try:
                    kind, data = _read(f"{folder}/{name}")
                except OSError:
                    # Debian links sitecustomize.py into /etc, which a container may not have: nobody can import it.
                    continue
                yield _Module(name=whole, file=file, package=stem == "__init__", kind=kind, data=data)


def _read(path: str) -> tuple[int, bytes]:
    """The compiled module where there is one that is up to date, else its source."""
    try:
        with open(cache_from_source(path), "rb") as file:  # noqa: PTH123 - for seven hundred files time counts
            data = file.read()
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        data = b""
    else:
        made_of = struct.pack("<II", int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
        flags = int.from_bytes(data[4:8], "little")
        valid = flags == _UNCHECKED or (flags == _CHECKED_BY_TIME and data[8:_HEADER_BYTES] == made_of)
        if data[:4] == MAGIC_NUMBER and valid:
            return COMPILED, data[_HEADER_BYTES:]
    with open(path, "rb") as file:  # noqa: PTH123
        return SOURCE, file.read()
