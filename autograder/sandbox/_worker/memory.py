"""Imports from memory, and no page that is not there: what a child does leaves nothing behind that another could feel.

A child opens no file and asks for no path, for both leave traces in the kernel's caches. So the warm process takes in
what may be imported (`autograder.sandbox.modules` writes it), maps every extension module, which a child then only
initializes, and holds all pages of all files of which something is mapped.
"""

import _imp
import ctypes
import marshal
import mmap
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import BuiltinImporter, ExtensionFileLoader, FrozenImporter, ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

SOURCE, COMPILED, EXTENSION = 0, 1, 2
_LINK_MAP = struct.Struct("<QQQQQ")
_PROGRAM_HEADER = struct.Struct("<IIQQQQQQ")
_LOAD, _READ_ONLY_AFTER_LINKING = 1, 0x6474E552
_WRITABLE, _EXECUTABLE = 2, 1
_FAILED = ctypes.c_void_p(-1).value
_MADV_DONTFORK = 10

_libc = ctypes.CDLL(None, use_errno=True)
_map = _libc.mmap
_map.restype = ctypes.c_void_p
_map.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
_advise = _libc.madvise
_advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
_protect = _libc.mprotect
_protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


class Loader(InspectLoader):
    """Loads one module from memory: from what `marshal` wrote of its code, or from its source."""

    def __init__(self, file: str, data: memoryview, *, compiled: bool) -> None:
        self._file, self._data, self._compiled = file, data, compiled

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        """Its code, which says that it comes from its file."""
        if not self._compiled:
            return compile(bytes(self._data), self._file, "exec", dont_inherit=True)
        code: CodeType = marshal.loads(self._data)  # noqa: S302 - read from the standard library's own files
        _imp._fix_co_filename(code, self._file)  # type: ignore[attr-defined]
        return code

    def get_source(self, fullname: str) -> None:
        """None: tracebacks and `inspect` do without."""


class Finder(MetaPathFinder):
    """Finds modules in the file that `autograder.sandbox.modules` wrote.

    It is mapped and not read, since the page tables of memory of one's own are copied by every fork.
    """

    def __init__(self, descriptor: int) -> None:
        whole = memoryview(mmap.mmap(descriptor, 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ))
        os.close(descriptor)
        start = 8 + int.from_bytes(whole[:8], "little")
        self._modules: dict[str, tuple[str, bool, int, int, int]] = marshal.loads(whole[8:start])  # noqa: S302
        self._contents = whole[start:]

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Answer the import system: where to look is of no importance."""
        found = self._modules.get(fullname)
        if found is None:
            return None
        file, package, kind, start, size = found
        if kind == EXTENSION:
            loader: Loader | ExtensionFileLoader = ExtensionFileLoader(fullname, file)
        else:
            loader = Loader(file, self._contents[start : start + size], compiled=kind == COMPILED)
        spec = ModuleSpec(fullname, loader, origin=file, is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [file.rpartition("/")[0]]
        return spec

    def map_extensions(self) -> None:
        """Map every extension module: later the C library knows it by its name and opens nothing."""
        for file, _, kind, _, _ in self._modules.values():
            if kind == EXTENSION:
                with suppress(OSError):  # it needs a library that is not installed; whoever imports it is told
                    ctypes.CDLL(file, mode=os.RTLD_NOW)

    def install(self) -> None:
        """Be the only one who is asked for what is not built in."""
        sys.meta_path[:] = [BuiltinImporter, FrozenImporter, self]
        sys.path_hooks.clear()
        sys.path_importer_cache.clear()


def join() -> None:
    """Make two mappings of each library's five: every fork copies, and every end takes down, each of them.

    What is constant joins the code, and what the loader wrote joins the data. A child gains nothing: it could make
    those pages writable itself. Where the kernel refuses, forks are a little dearer.
    """
    for base, _ in _libraries():
        (first,) = struct.unpack("<Q", ctypes.string_at(base + 32, 8))
        (count,) = struct.unpack("<H", ctypes.string_at(base + 56, 2))
        table = ctypes.string_at(base + first, _PROGRAM_HEADER.size * count)
        headers = list(_PROGRAM_HEADER.iter_unpack(table))
        code = {at - offset for kind, how, offset, at, *_ in headers if kind == _LOAD and how & _EXECUTABLE}
        for kind, how, offset, at, _, _, size, _ in headers:
            if kind == _LOAD and not how & (_WRITABLE | _EXECUTABLE) and at - offset in code:
                _change(base + at, size, mmap.PROT_READ | mmap.PROT_EXEC)
            elif kind == _READ_ONLY_AFTER_LINKING:
                _change(base + at, size, mmap.PROT_READ | mmap.PROT_WRITE)


def _change(at: int, size: int, protection: int) -> None:
    """Give the pages of an address range their protection."""
    start = at // mmap.PAGESIZE * mmap.PAGESIZE
    _protect(start, at + size - start, protection)


def hold() -> int:
    """Hold every page of every file of which something is mapped, until this process ends; how many bytes they are.

    Whole files are mapped here, and not in children: with `mremap` a child reaches pages beyond what it has mapped.
    """
    return sum(map(_hold, dict.fromkeys(_mapped())))


def _hold(path: str) -> int:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(file).st_size
        at = _map(None, size, mmap.PROT_READ, mmap.MAP_SHARED | mmap.MAP_POPULATE, file, 0)
    finally:
        os.close(file)
    if at == _FAILED or _advise(at, size, _MADV_DONTFORK):
        raise OSError(ctypes.get_errno(), f"{path} cannot be held in memory")
    return size


def _libraries() -> Iterator[tuple[int, str]]:
    """Where each shared library lies, and its file.

    The loader's list is read as it lies in memory, for a callback (``dl_iterate_phdr``) would leave a page behind that
    children can write and execute.
    """
    at = ctypes.CDLL(None)._handle
    while at:
        base, name, _, at, _ = _LINK_MAP.unpack(ctypes.string_at(at, _LINK_MAP.size))
        if name and (path := os.fsdecode(ctypes.string_at(name))).startswith("/"):
            yield base, path


def _mapped() -> Iterator[str]:
    """Files of which something is mapped: the interpreter, the libraries and, if it is there, what /proc names."""
    yield sys.executable
    yield from (path for _, path in _libraries())
    with suppress(OSError), Path("/proc/self/maps").open(encoding="utf-8", errors="surrogateescape") as lines:
        fields = [line.rstrip("\n").split(maxsplit=5) for line in lines]
        yield from (field[5] for field in fields if len(field) == 6 and Path(field[5]).is_file())
