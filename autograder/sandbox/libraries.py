"""Which files the worker needs: the interpreter, its standard library, numpy, and the shared libraries they load."""

import functools
import importlib.util
import mmap
import os
import struct
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import IsolationError

FOREIGN = ("site-packages", "dist-packages")
"""Folders in the standard library's that do not belong to it."""

_LOAD, _DYNAMIC, _INTERPRETER = 1, 2, 3
_NEEDED, _STRINGS, _RPATH, _RUNPATH = 1, 5, 15, 29


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """Where everything lies on this machine."""

    python: Path
    #: The dynamic loader, under the name the interpreter asks for.
    loader: Path
    #: The folder with ``os.py``.
    standard_library: Path
    #: Name of the folder above it, ``"lib"`` or ``"lib64"``.
    lib: str
    #: numpy's folder, and the one with its own shared libraries when there is one.
    packages: tuple[Path, ...]
    #: Every other shared library: the name it is asked for by, and the file.
    libraries: tuple[tuple[str, Path], ...]


@dataclass(frozen=True, kw_only=True)
class Program:
    """What runs in a sandbox."""

    #: The package of ours whose ``__main__`` is started.
    entry: str
    #: The packages and files of ours that it can read.
    ours: tuple[str, ...]
    #: Others' packages that it imports, all Python, beside numpy.
    packages: tuple[str, ...] = ()


WORKER = Program(entry="sandbox/_worker", ours=("words.py", "wire", "sandbox/_worker"))
"""Runs students' code."""
PROVER = Program(
    entry="sandbox/_prover",
    ours=(
        *("errors.py", "words.py", "model", "wire", "mathematics/formulas", "mathematics/answers"),
        *("sandbox/_worker", "sandbox/_prover"),
    ),
    packages=("lark",),
)
"""Reads students' written answers."""


def runtime_of(program: Program) -> Runtime:
    """Find the files that a program needs: this interpreter's, with the program's packages."""
    runtime = find_runtime()
    folders = [_folder(name) for name in program.packages]
    for folder in folders:
        _must_read(folder)
    return replace(runtime, packages=(*runtime.packages, *folders))


def _folder(name: str) -> Path:
    """Find a package, without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise IsolationError(f"{name} is not installed; install it (pip install {name})")
    return Path(found.origin).resolve().parent


@functools.cache
def find_runtime() -> Runtime:
    """Find the files of this interpreter and this numpy, all of them readable by this user, or an `IsolationError`."""
    python = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    standard_library = Path(os.__file__).resolve().parent
    numpy = _folder("numpy")
    packages = tuple(path for path in (numpy, numpy.with_name("numpy.libs")) if path.is_dir())
    objects = [python, *_extensions(standard_library / "lib-dynload")]
    for package in packages:
        objects += _extensions(package)
    loader = _read(python).interpreter
    if not loader:
        raise IsolationError(
            f"{python} is not linked dynamically, so its libraries cannot be found; use a usual build of Python"
        )
    found = dict(_closure(objects, (standard_library, *packages)))
    for path in (python, standard_library, *packages, *found.values()):
        _must_read(path)
    return Runtime(
        python=python,
        loader=Path(loader),
        standard_library=standard_library,
        lib=sys.platlibdir if standard_library.parent.name == sys.platlibdir else "lib",
        packages=packages,
        libraries=tuple(sorted(found.items())),
    )


def _must_read(path: Path) -> None:
    """Raise unless this user may read a file or list a folder."""
    wanted = os.R_OK | (os.X_OK if path.is_dir() else 0)
    if not os.access(path, wanted):
        raise IsolationError(
            f"{path} cannot be read by user {os.getuid()}, so the sandbox cannot be built; "
            "use a Python and a virtual environment that this user may read, such as the system's"
        )


def _extensions(folder: Path) -> list[Path]:
    """Shared objects below a folder, but tkinter's, which would bring a window system along."""
    return [
        Path(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if ".so" in name and not name.startswith("_tkinter")
    ]


def _closure(objects: list[Path], own: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    """Shared libraries that these need, directly or not, and that do not lie in their own folders."""
    seen: set[str] = set()
    waiting = list(objects)
    while waiting:
        path = waiting.pop()
        header = _read(path)
        folders = [folder.replace("$ORIGIN", str(path.parent)) for folder in header.folders]
        for name in header.needed:
            if name in seen:
                continue
            library = _locate(name, folders)
            if library is None:
                continue
            seen.add(name)
            if not any(library.is_relative_to(folder) for folder in own):
                yield name, library
                waiting.append(library)


def _locate(name: str, folders: list[str]) -> Path | None:
    """The file the loader would take; None when it is not installed, as for unused parts of Python."""
    for folder in (*folders, *_default_folders()):
        path = Path(folder, name)
        if path.is_file():
            return path.resolve()
    return None


@functools.cache
def _default_folders() -> tuple[str, ...]:
    """Where loaders look by themselves."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    roots = ("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib")
    return tuple(dict.fromkeys([f"{root}/{multiarch}" for root in roots[:2] if multiarch] + [*roots]))


@dataclass(frozen=True, kw_only=True)
class _Header:
    """What an ELF file says about what it needs."""

    interpreter: str = ""
    needed: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def _read(path: Path) -> _Header:
    """Read an ELF file's needs; a file that is none needs nothing."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
            return _parse(data) if data[:6] == b"\x7fELF\x02\x01" else _Header()
    except PermissionError:
        _must_read(path)
        raise
    except (ValueError, struct.error):
        return _Header()


def _parse(data: mmap.mmap) -> _Header:
    """Read program headers and the dynamic section of a 64-bit little-endian ELF file."""
    (start,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, start + size * index) for index in range(count)]
    loads = [(address, offset, length) for kind, _, offset, address, _, length in segments if kind == _LOAD]

    def text(at: int) -> str:
        return data[at : data.find(b"\0", at)].decode()

    interpreter = next((text(offset) for kind, _, offset, *_ in segments if kind == _INTERPRETER), "")
    entries: list[tuple[int, int]] = []
    for kind, _, offset, _, _, length in segments:
        if kind == _DYNAMIC:
            entries += struct.iter_unpack("<QQ", data[offset : offset + length])
    strings = next((value for tag, value in entries if tag == _STRINGS), 0)
    base = next(
        (offset + strings - address for address, offset, length in loads if address <= strings < address + length), 0
    )
    return _Header(
        interpreter=interpreter,
        needed=tuple(text(base + value) for tag, value in entries if tag == _NEEDED),
        folders=tuple(
            folder
            for tag, value in entries
            if tag in (_RPATH, _RUNPATH)
            for folder in text(base + value).split(":")
            if folder
        ),
    )
