"""What one child could leave in the kernel for another to feel: names, files, pages; and that a defense is needed."""

from __future__ import annotations

import dataclasses
import importlib.util
import mmap
import os
import py_compile
import resource
import shutil
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.results import Case, Cell, Submission
from autograder.sandbox import bubblewrap, launch, libraries, modules, seccomp
from autograder.sandbox._worker import memory
from autograder.sandbox.running import Sandbox
from autograder.sandbox.warm import Warm
from autograder.words import Isolation
from tests.attacks._class import descendants

LEVELS: tuple[Isolation, ...] = ("bubblewrap", "nested")
CASE = Case(id="f.family.0", part="f", family="family", hidden=False, layout="plain", inputs={"x": np.ones(1)})


def answer(sandbox: Sandbox, text: str) -> Any:
    """What a submission's one function answers."""
    cell = Cell(label="cell 1", source=textwrap.dedent(text))
    submission = Submission(student="ada", kind="module", cells=(cell,), sha256="ab")
    run = sandbox.run(submission, (CASE,), {"f": ("y",)})
    outcome = run.outcomes[CASE.id]
    assert (run.notes, outcome.status) == ((), None)
    return outcome.values["y"]


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> Isolation:
    isolation: Isolation = request.param
    return isolation


@pytest.fixture
def without_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the filter away, and the probe that would tell; Landlock stays."""
    monkeypatch.setattr(seccomp, "child_filter", seccomp.outer_filter)
    monkeypatch.setattr(Warm, "_probe", lambda warm, isolation: None)


# -- names and files --------------------------------------------------------------------------------------------------

WALKS = """
import ctypes, errno, numpy as np
libc = ctypes.CDLL(None, use_errno=True)
name, room = b"/dev/null/name", ctypes.create_string_buffer(4096)
here, nothing = -100, ctypes.c_void_p(None)
with_name = {
    "open": (2, name, 0), "stat": (4, name, room), "lstat": (6, name, room), "access": (21, name, 0),
    "execve": (59, name, nothing, nothing), "truncate": (76, name, 0), "chdir": (80, name),
    "rename": (82, name, name), "mkdir": (83, name, 0), "rmdir": (84, name), "creat": (85, name, 0),
    "link": (86, name, name), "unlink": (87, name), "symlink": (88, name, name), "readlink": (89, name, room, 9),
    "chmod": (90, name, 0), "chown": (92, name, 0, 0), "utime": (132, name, nothing), "mknod": (133, name, 0, 0),
    "statfs": (137, name, room), "setxattr": (188, name, name, room, 1, 0), "getxattr": (191, name, name, room, 9),
    "listxattr": (194, name, room, 9), "utimes": (235, name, nothing),
    "inotify_add_watch": (254, 0, name, 1), "openat": (257, here, name, 0),
    "openat to write": (257, here, name, 2), "openat a path": (257, here, name, 0x200000),
    "mkdirat": (258, here, name, 0), "newfstatat": (262, here, name, room, 0), "unlinkat": (263, here, name, 0),
    "renameat": (264, here, name, here, name), "readlinkat": (267, here, name, room, 9),
    "fchmodat": (268, here, name, 0), "faccessat": (269, here, name, 0), "utimensat": (280, here, name, nothing, 0),
    "execveat": (322, here, name, nothing, nothing, 0), "statx": (332, here, name, 0, 0xFFF, room),
    "openat2": (437, here, name, room, 24), "faccessat2": (439, here, name, 0, 0),
    "fchmodat2": (452, here, name, 0, 0),
}
def walked(number, *arguments):
    longs = [ctypes.c_long(one) if type(one) is int else one for one in arguments]
    return libc.syscall(ctypes.c_long(number), *longs) == -1 and ctypes.get_errno() == errno.ENOTDIR
found = [walked(*call) for call in with_name.values()]
def f(x): return np.array([len(found), sum(found)])
"""
"""How many calls come as far as /dev/null, and see that it is no folder: the names on the way are looked up."""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are x86_64's")
def test_no_system_call_looks_for_a_name(level: Isolation) -> None:
    with Sandbox(isolation=level) as sandbox:
        calls, walked = answer(sandbox, WALKS)
    assert (calls, walked) == (41, 0)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of system calls are x86_64's")
@pytest.mark.usefixtures("without_filter")
def test_without_the_filter_landlock_lets_names_be_looked_for(level: Isolation) -> None:
    with Sandbox(isolation=level) as sandbox:
        calls, walked = answer(sandbox, WALKS)
    assert walked > calls / 2


IMPORTS = """
import sys, numpy as np
opened = []
sys.addaudithook(lambda event, _: opened.append(event) if event in ("open", "os.listdir", "os.scandir") else None)
import colorsys, csv, json.tool, unittest.mock, xml.dom.minidom, numpy.polynomial.hermite, numpy.ma
import _queue, _heapq, zlib, _bisect
np.testing.assert_allclose(1, 1)  # brings a hundred modules along
def f(x): return np.array([len(opened)])
"""


def test_an_import_opens_nothing(level: Isolation) -> None:
    with Sandbox(isolation=level) as sandbox:
        assert answer(sandbox, IMPORTS) == [0]


@pytest.mark.parametrize("how", ["no compiled file", "compiled", "out of date"])
def test_what_is_imported_is_what_the_file_says_now(tmp_path: Path, how: str) -> None:
    (tmp_path / "pack").mkdir()
    path = tmp_path / "pack" / "module.py"
    path.write_text("value = 1\n", encoding="utf-8")
    if how != "no compiled file":
        py_compile.compile(str(path))
    if how == "out of date":
        path.write_text("value = 'another'\n", encoding="utf-8")
    runtime = dataclasses.replace(libraries.find_runtime(), standard_library=tmp_path, packages=())
    finder = memory.Finder(os.dup(modules.modules_file("nested", runtime)))
    assert finder.find_spec("pack.nothing") is None
    folder, spec = finder.find_spec("pack"), finder.find_spec("pack.module")
    assert folder is not None
    assert folder.submodule_search_locations == [str(tmp_path / "pack")]
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    assert (found.value, found.__file__) == ("another" if how == "out of date" else 1, str(path))


def test_a_module_that_nobody_can_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("value = 1\n", encoding="utf-8")
    (tmp_path / "sitecustomize.py").symlink_to(tmp_path / "nowhere" / "sitecustomize.py")
    runtime = dataclasses.replace(libraries.find_runtime(), standard_library=tmp_path, packages=())
    finder = memory.Finder(os.dup(modules.modules_file("nested", runtime)))
    assert finder.find_spec("module") is not None
    assert finder.find_spec("sitecustomize") is None


# -- pages ------------------------------------------------------------------------------------------------------------


def _unpadded(span: str) -> str:
    """How map_files names a range of addresses: without the zeros that maps puts before a low one."""
    return "-".join(f"{int(end, 16):x}" for end in span.split("-"))


def held_and_not(pid: int) -> tuple[set[str], set[str]]:
    """Files of which something is mapped: those of which everything is, and the others."""
    mapped: set[str] = set()
    whole: set[str] = set()
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
        span, _, offset, _, inode, *_ = line.split(maxsplit=5)
        start, end = (int(number, 16) for number in span.split("-"))
        if inode != "0" and not line.endswith("(deleted)"):
            mapped.add(inode)
            size = Path(f"/proc/{pid}/map_files/{_unpadded(span)}").stat().st_size
            if int(offset, 16) == 0 and end - start >= size:
                whole.add(inode)
    return whole, mapped - whole


def warm_process() -> int:
    """Find the one of our only sandbox: a process comes before its children. Tests leave other servers running."""
    return next(
        pid
        for pid in descendants()
        if "python" in Path(f"/proc/{pid}/exe").readlink().name
        and b"/_worker/__main__.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is told how large another's mapped files are")
def test_every_page_of_what_is_mapped_is_held(level: Isolation) -> None:
    with Sandbox(isolation=level):
        warm = warm_process()
        whole, others = held_and_not(warm)
    assert len(whole) > 50
    assert others == set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads what nobody's process has mapped")
def test_an_extension_costs_a_fork_two_mappings(level: Isolation) -> None:
    with Sandbox(isolation=level):
        warm = warm_process()
        lines = Path(f"/proc/{warm}/maps").read_text(encoding="utf-8").splitlines()
    # What is held is shared, and not inherited.
    mapped = [line.split()[-1] for line in lines if "/lib-dynload/" in line and "r--s" not in line]
    # Five each as the loader leaves them.
    assert len(mapped) <= 3 * len(set(mapped))


BEYOND = """
import ctypes, resource, struct, numpy as np
libc = ctypes.CDLL(None, use_errno=True)
libc.mremap.restype = ctypes.c_void_p
at = ctypes.CDLL(None)._handle
while True:
    base, name, _, at, _ = struct.unpack("<QQQQQ", ctypes.string_at(at, 40))
    if b"@NAME@" in ctypes.string_at(name): break
first = struct.unpack("<Q", ctypes.string_at(base + 32, 8))[0]
count = struct.unpack("<H", ctypes.string_at(base + 56, 2))[0]
for index in range(count):
    header = ctypes.string_at(base + first + 56 * index, 56)
    kind, _, offset, _, _, length, _, _ = struct.unpack("<IIQQQQQQ", header)
    if kind == 1 and offset == 0: break
length = length + 4095 & ~4095
grown = libc.mremap(ctypes.c_void_p(base), ctypes.c_size_t(length), ctypes.c_size_t(@SIZE@), 1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
seen = sum(ctypes.string_at(grown + at, 1)[0] for at in range(@SIZE@ - 4096, length, -4096))
late = resource.getrusage(resource.RUSAGE_SELF).ru_majflt - before
def f(x): return np.array([grown is not None, late])
"""
"""Grows a library's first segment over its whole file, and counts the pages that had to be read from the disk."""


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the sandbox a library of which nothing is in memory, and which nobody else uses; a cell that looks."""
    whole = libraries.find_runtime()
    name, path = max(whole.libraries, key=lambda one: one[1].stat().st_size)
    copy = tmp_path / name
    copy.write_bytes(path.read_bytes())
    # More than any read-ahead takes in at once.
    os.truncate(copy, 32 << 20)
    with copy.open("rb") as file:
        os.fsync(file)
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_majflt
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as pages:
            assert pages[0]
        if resource.getrusage(resource.RUSAGE_SELF).ru_majflt == before:
            pytest.skip("files of this file system are always in memory")
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    others = (one for one in whole.libraries if one[0] != name)
    runtime = dataclasses.replace(whole, libraries=(*others, (name, copy)))
    monkeypatch.setattr(launch, "runtime_of", lambda program: runtime)
    return BEYOND.replace("@NAME@", name).replace("@SIZE@", str(copy.stat().st_size & ~4095))


def test_no_page_of_a_library_is_ever_missing(cold: str) -> None:
    with Sandbox() as sandbox:
        assert answer(sandbox, cold).tolist() == [1, 0]


def test_pages_are_missing_when_nobody_holds_them(cold: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "autograder"
    shutil.copytree(launch._PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    main = package / "sandbox" / "_worker" / "__main__.py"
    text = main.read_text(encoding="utf-8")
    assert "memory.hold()" in text
    main.write_text(text.replace("memory.hold()", "pass"), encoding="utf-8")
    monkeypatch.setattr(bubblewrap, "_PACKAGE", package)
    with Sandbox() as sandbox:
        grown, late = answer(sandbox, cold)
    assert grown
    assert late > 0
