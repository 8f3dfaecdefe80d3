"""What is installed with the product is pinned, used and freely usable, and what is given away holds no secret."""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from packaging.utils import canonicalize_name

from autograder import truth
from autograder.model import Assignment
from autograder.release import find_leaks
from tests.licenses import BY_HAND, LOCK, ROOT, TABLE, Pin, declared, license_of, needed, pins, table

PRODUCT = ("autograder", "reports", "solutions")
# Students' files and wrong answers, which import what they like.
NOT_OURS = {"submissions", "code", "catalogue"}
ON_ITS_OWN = re.compile(r"torch|triton|cuda-.*|nvidia-.*")
"""PyTorch, and what its builds for GPUs need besides."""
PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU",
    "PSF-2.0", "Zlib", "LLVM-exception",
}  # fmt: skip
FILE_COPYLEFT = {"MPL-2.0"}


@functools.cache
def locked() -> dict[str, Pin]:
    return {pin.name: pin for pin in pins(LOCK.read_text(encoding="utf-8"))}


# ------------------------------------------------------------------------------------------------------------- the lock


def test_the_lock_has_every_declared_dependency_in_a_version_that_is_asked_for() -> None:
    asked = {canonicalize_name(line.name): line.specifier for line in declared()}
    # PyTorch has no hash there, so its version stands in pyproject.toml.
    assert [one.operator for one in asked.pop("torch")] == ["=="]
    assert asked
    assert {name: str(allowed) for name, allowed in asked.items() if locked()[name].version not in allowed} == {}


def test_what_the_product_needs_here_is_locked_and_nothing_else() -> None:
    here = {name for name, pin in locked().items() if pin.here}
    assert here == {name for name in needed() if not ON_ITS_OWN.fullmatch(name)}


def test_what_other_machines_need_is_asked_for_by_something() -> None:
    elsewhere = [pin for pin in locked().values() if not pin.here]
    assert elsewhere
    assert all(pin.by and {*pin.by} <= {*locked(), "hw1-autograder"} for pin in elsewhere)


def test_every_file_has_a_hash_and_no_registry_is_named() -> None:
    assert [name for name, pin in locked().items() if not pin.hashes] == []
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE), "no option but hashes"


# ------------------------------------------------------------------------------------------------------------- licenses


def test_the_page_of_licenses_is_what_the_packages_say() -> None:
    said = dict(re.findall(r"^\| (\S+) \| ([^|]+) \| [^|]+ \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    assert said.keys() - {"package"} == {*locked(), "torch"}
    installed = {canonicalize_name(one.name) for one in metadata.distributions()}
    known = installed & {*said} | BY_HAND.keys()
    assert {name: said[name] for name in known} == {name: license_of(name) for name in known}
    if installed >= said.keys() - BY_HAND.keys():
        assert TABLE.read_text(encoding="utf-8") == table(), "make lock writes it anew"


@pytest.mark.no_cover  # it reads the source, and runs none of it
def test_no_license_binds_what_imports_it() -> None:
    """All are permissive, or copyleft a file at a time, or not imported but started as a program."""
    for name, spdx in re.findall(r"^\| (\S+) \| ([^|]+) \| ", TABLE.read_text(encoding="utf-8"), re.MULTILINE):
        if name != "package" and not _ids(spdx) <= PERMISSIVE | FILE_COPYLEFT:
            assert not _modules(name) & {module for module, _ in imports(*PRODUCT, "tests")}, f"{name} is {spdx}"
            assert locked()[name].by == ("hw1-autograder",), f"{name} is {spdx}, and others import it"


def _ids(expression: str) -> set[str]:
    return {*re.split(r"\s+(?:AND|OR|WITH)\s+|[()\s]+", expression)}


# ------------------------------------------------------------------------------------------------- used, and declared


@functools.cache
def imports(*folders: str) -> frozenset[tuple[str, str]]:
    """Top-level modules from elsewhere that files of ours import, or look for without importing, and the file."""
    found = set()
    for file, text in _sources(*folders).items():
        for name in _imported(ast.parse(text)):
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in (*PRODUCT, "tests"):
                found.add((top, file))
    return frozenset(found)


@functools.cache
def _sources(*folders: str) -> dict[str, str]:
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    names = {file: file.relative_to(ROOT) for file in files}
    return {str(name): file.read_text("utf-8") for file, name in names.items() if not NOT_OURS & {*name.parts}}


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module


def _modules(name: str) -> set[str]:
    """Top-level modules of a package; of one that is not installed, the likely one."""
    return _by_package().get(canonicalize_name(name), {name.replace("-", "_")})


@functools.cache
def _by_package() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module, names in metadata.packages_distributions().items():
        for name in names:
            found.setdefault(canonicalize_name(name), set()).add(module)
    return found


def _undeclared(folders: Iterable[str], lines: Iterable[str]) -> set[tuple[str, str]]:
    allowed = {module for name in lines for module in _modules(name)}
    return {one for one in imports(*folders) if one[0] not in allowed}


@pytest.mark.no_cover  # it reads the source, and runs none of it
def test_every_dependency_is_imported_and_every_import_declared() -> None:
    names = [line.name for extra in ("", "canvas", "parquet", "dask") for line in declared(extra)]
    assert _undeclared(PRODUCT, names) == set()
    # The TeX is looked for and started, never imported.
    used = {module for module, _ in imports(*PRODUCT)} | {
        *re.findall(r'find_spec\("(\w+)"\)', "".join(_sources(*PRODUCT).values()))
    }
    assert [name for name in names if not _modules(name) & used] == []


@pytest.mark.no_cover  # it reads the source, and runs none of it
def test_every_dependency_of_the_tests_is_used_and_every_import_declared() -> None:
    extras = [line.name for extra in ("test", "fuzz", "cluster", "bench") for line in declared(extra)]
    assert _undeclared(["tests"], [*extras, *(line.name for line in declared())]) == set()
    assert [name for name in extras if not _is_used(name)] == []


def test_every_dependency_of_the_documentation_is_used() -> None:
    settings = (ROOT / "docs" / "conf.py").read_text(encoding="utf-8")
    used = settings.replace("_", "-").lower() + (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [name for name in (line.name for line in declared("docs")) if name.removesuffix("-parser") not in used] == []


def _is_used(name: str) -> bool:
    """Whether tests or an extra import it, pytest loads it, mypy reads it, or the Makefile or a test starts it."""
    commands = (ROOT / "Makefile").read_text(encoding="utf-8") + "".join(_sources("tests").values())
    if name.startswith("types-") or _modules(name) & {module for module, _ in imports("tests", *PRODUCT)}:
        return True
    points = metadata.distribution(name).entry_points if canonicalize_name(name) in _by_package() else ()
    starts = {name, *(point.name for point in points if point.group == "console_scripts")}
    return (
        f'with_name("{name}")' in commands
        or any(point.group == "pytest11" for point in points)
        or any(f"$(BIN)/{start} " in commands or f"$(BIN)/{start}\n" in commands for start in starts)
        or any(re.search(rf'"-m", "{module}"|\+{module}\b', commands) for module in _modules(name))
    )


# ---------------------------------------------------------------------------------------------------------- no secret


def test_a_source_distribution_holds_neither_solutions_nor_tests(tmp_path: Path) -> None:
    """As the wheel (tests/release/test_leaks.py), which is built from the same folders."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        names = [Path(*Path(name).parts[1:]) for name in files.getnames()]
    assert {name.parts[0] for name in names} == {
        "autograder", "reports", "pyproject.toml", "requirements.lock", "LICENSE", "LICENSES.md", "PKG-INFO",
        ".gitignore",
    }  # fmt: skip


def test_no_secret_is_tracked_and_none_can_be_by_accident() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")

    def git(*arguments: str) -> list[str]:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.splitlines()

    tracked = git("ls-files")
    assert tracked
    assert [name for name in tracked if {".autograder", "secret"} & {*Path(name).parts}] == []
    places = [
        ".autograder/secret",
        "build/.autograder/secret",
        "course/.autograder/truths",
        "build/demo/grades.csv",
        "dist/a.whl",
    ]
    assert git("check-ignore", *places) == places
    secrets = [
        file.read_bytes().strip()
        for file in (ROOT / ".autograder/secret", ROOT / "build/.autograder/secret")
        if file.exists()
    ]
    files = [ROOT / name for name in tracked if (ROOT / name).is_file()]
    assert [file for file in files if any(secret in file.read_bytes() for secret in secrets if secret)] == []


@pytest.mark.long
def test_the_demo_tells_neither_the_secret_nor_a_hidden_input_or_truth(
    hw1: Callable[..., Result], assignment: Assignment, tmp_path: Path
) -> None:
    """What `make demo` prints and writes, PDFs by the text that they show; solution and class report too."""
    files = {}
    for line in re.findall(r"^\t\$\(BIN\)/hw1 (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE):
        done = hw1(*re.sub(r"\bbuild\b", str(tmp_path), line).split())
        assert done.exit_code == 0, done.output
        files[f"{line}.txt"] = done.output.encode()
    written = [file for file in tmp_path.rglob("*") if file.is_file() and ".autograder" not in file.parts]
    assert {".pdf", ".html", ".csv", ".jsonl", ".json", ".md"} <= {file.suffix for file in written}
    files |= {str(file.relative_to(tmp_path)): file.read_bytes() for file in written}
    secret = truth.read_secret(tmp_path, create=False)
    cases = truth.load(assignment, tmp_path, secret, print)
    # Grades name the cases that they were given under; the name tells nothing.
    leaks = find_leaks(files, assignment, secret=secret, cases=dataclasses.replace(cases, cases_id="no name"))
    told = {"the secret", "an input or a truth of a hidden case", "inputs or truths of a hidden case"}
    assert [leak for leak in leaks if leak.kind in told] == []
    case = next(case for case in cases.cases if case.hidden)
    planted = {"secret": secret, "input": repr(float(np.ravel(case.inputs["x"])[0])).encode()}
    assert len(find_leaks(planted, assignment, secret=secret, cases=cases)) == 2
