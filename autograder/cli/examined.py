"""The pieces that ``hw1 doctor`` looks for. Nothing large is imported: PyTorch, nbgrader and SymPy are only found."""

import importlib.util
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from autograder.course import SECRET, TRUTHS, VARIABLE, given_secret, has_secret, private
from autograder.errors import AutograderError

_US = "hw1-autograder"
_OLDEST = (3, 11)
_EXTRAS: Mapping[str, str] = {
    "canvas": "gives hw1 export canvas-api: grades sent to Canvas",
    "parquet": "gives hw1 export parquet",
    "dask": "gives hw1 grade --engine dask: a class on a cluster's workers",
}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One thing that was looked for."""

    name: str
    found: str  #: Empty when it is missing.
    gives: str = ""  #: What it gives, or what is in its way.
    advice: str = ""  #: The command for it, or what to do with it.
    needed: bool = False  #: Whether nothing can be graded without it.


def pieces(course: Path) -> Iterator[Piece]:
    """Look at this machine, from what grading needs to what few do."""
    yield Piece(
        name="Python",
        found=platform.python_version() if sys.version_info >= _OLDEST else "",
        gives=f"is {platform.python_version()}; 3.11 or later is needed",
        advice="" if sys.version_info >= _OLDEST else "python3.11 -m venv .venv",
        needed=True,
    )
    yield _imports()
    yield from _sandbox()
    yield _pytorch(course)
    yield _secret(course)
    yield _assignment(course)
    yield _tex()
    yield _package("PyLaTeX", "pylatex", "gives every PDF: handout, solution, feedback, class report")
    yield _package("nbgrader", "nbgrader", "gives nbgrader courses: release, collect, autograde, formgrader")
    yield _package("SymPy", "sympy", "gives hw1 prove and the solution; grading goes without")
    yield from _extras()


def _imports() -> Piece:
    """Import what grading imports."""
    piece = Piece(name="grader", found="all that it imports is installed", needed=True)
    try:
        import rich.progress  # noqa: F401

        import autograder.batch
        import autograder.gradebook.regrade
        import autograder.loading  # noqa: F401
        import reports.feedback.markdown  # noqa: F401
    except ImportError as error:
        return _without(piece.name, error, needed=True)
    return piece


def _without(name: str, error: ImportError, *, needed: bool = False) -> Piece:
    """Tell of what cannot even be looked for."""
    package = (error.name or "").partition(".")[0]
    return Piece(name=name, found="", gives=f"cannot start: {error}", advice=_install(package), needed=needed)


def _sandbox() -> Iterator[Piece]:
    try:
        from autograder.sandbox import bubblewrap, machine
    except ImportError as error:
        yield _without("isolation", error, needed=True)
        return
    if sys.platform != "linux":
        yield Piece(
            name="isolation", found="", gives=f"needs Linux, and this is {sys.platform}", needed=True,
            advice="use a virtual machine or a container with Linux",
        )  # fmt: skip
        return
    kernel = platform.release()
    abi = machine.landlock()
    yield Piece(
        name="Landlock", found=f"version {abi}" if abi else "",
        gives=f"keeps files from students' code; the kernel ({kernel}) has none",
        advice="" if abi else "boot a kernel 5.13 or later with lsm=landlock,... in its command line",
    )  # fmt: skip
    blocked = machine.seccomp_obstacle()
    yield Piece(
        name="seccomp", found="" if blocked else "filter compiled", gives=blocked,
        advice="apt-get install libseccomp2" if blocked else "",
    )  # fmt: skip
    spaces = machine.has_user_namespaces()
    yield Piece(
        name="user namespaces", found="allowed" if spaces else "",
        gives="bubblewrap is made of them; they are forbidden",
        advice="" if spaces else "sysctl user.max_user_namespaces=10000; in Docker --security-opt seccomp=unconfined",
    )  # fmt: skip
    try:
        path, version = bubblewrap.find_bubblewrap()
        yield Piece(name="bubblewrap", found=f"{version} ({path})")
    except AutograderError:
        yield Piece(
            name="bubblewrap", found="", gives="gives the strongest isolation, a file system of its own",
            advice="apt-get install bubblewrap (0.8 or later)",
        )  # fmt: skip
    in_the_way = machine.obstacle("bubblewrap")
    nested = machine.obstacle("nested") if in_the_way else ""
    works = "nested" if in_the_way else "bubblewrap"
    yield Piece(
        name="isolation",
        found="" if nested else f"{works}: started, and a locked child could do nothing that it may not",
        gives=nested,
        advice=in_the_way,
        needed=True,
    )


def _pytorch(course: Path) -> Piece:
    cached = any(private(course).glob(f"{TRUTHS}*"))
    piece = _package("PyTorch", "torch", "computes the truths; without it only where they are cached")
    if piece.found or not cached:
        return replace(piece, needed=not piece.found)
    return replace(piece, gives=f"{piece.gives}, as in {private(course)}")


def _secret(course: Path) -> Piece:
    file = private(course) / SECRET
    if given_secret() is not None:
        found, advice = f"${VARIABLE}", "keep its value with the grades: without it nobody can be graded again"
    elif has_secret(course):
        found, advice = str(file), f"keep a copy: cp -a {file} SAFE-PLACE; without it nobody can be graded again"
    else:
        found, advice = f"none yet: the first hw1 grade makes {file}", "then keep a copy of it"
    return Piece(name="secret", found=found, advice=advice)


def _assignment(course: Path) -> Piece:
    try:
        from autograder.cli.choosing import assignment_folder

        return Piece(name="assignment", found=str(assignment_folder(None, course)))
    except ImportError as error:
        return _without("assignment", error)
    except AutograderError as error:
        return Piece(name="assignment", found="", gives="is to be named each time", advice=str(error))


def _tex() -> Piece:
    gives = "gives every PDF: handout, solution, feedback, class report"
    try:
        from reports.latex.engine import find_engine

        engine = find_engine()
    except ImportError as error:
        return _without("TeX", error)
    except AutograderError as error:
        return Piece(name="TeX", found="", gives=gives, advice=str(error))
    return Piece(name="TeX", found=f"{engine.path} ({engine.origin})")


def _extras() -> Iterator[Piece]:
    """Look for what the extras bring that this version has."""
    for extra, gives in _EXTRAS.items():
        asked = _requirements(extra)
        lacking = [line for line in asked if not _version(re.split(r"[^\w.-]", line, maxsplit=1)[0])]
        if asked:
            yield Piece(
                name=f"extra {extra}", found="" if lacking else "installed", gives=gives,
                advice=" ".join(("pip install", *map(repr, lacking))) if lacking else "",
            )  # fmt: skip


def _requirements(extra: str = "") -> list[str]:
    """List what this version asks for, always or with an extra, as pip takes it."""
    try:
        lines = metadata.requires(_US) or []
    except metadata.PackageNotFoundError:
        return []
    found = [(line.partition(";")[0].strip(), re.search(r"extra == ['\"]([^'\"]*)['\"]", line)) for line in lines]
    return [asked for asked, only in found if (only[1] if only else "") == extra]


def _package(name: str, module: str, gives: str) -> Piece:
    """Look for a package without importing it."""
    if importlib.util.find_spec(module) is None:
        return Piece(name=name, found="", gives=gives, advice=_install(module))
    return Piece(name=name, found=_version(module) or "installed")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _install(package: str) -> str:
    """Write the command that installs a package as we ask for it."""
    exact = re.compile(rf"{re.escape(package)}(?![\w.-])", re.IGNORECASE)
    return f"pip install '{next(filter(exact.match, _requirements()), package)}'"
