"""Files of ours are written by one function: there whole or not at all."""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder
import reports
from autograder.paths import NoFileError, open_folder, write_at

WRITERS = {"replace", "rename", "link", "mkstemp", "write_text", "write_bytes"}
# TeX and a cluster's worker read a folder that is gone when it ends; whole folders of nbgrader's are kept by links;
# the probe must fail.
OTHERS = {
    "reports/latex/runner.py": 1,
    "autograder/batch/station.py": 1,
    "autograder/nbgrader_plugin/exporter.py": 1,
    "autograder/sandbox/_worker/probe.py": 1,
    "autograder/exports/public_cases.py": 3,  # a program for students' repositories, which has none of ours
    "autograder/paths.py": 2,
}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[int]:
    descriptor = open_folder(tmp_path)
    yield descriptor
    os.close(descriptor)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.lstat().st_mode) for path in folder.iterdir()}


def test_the_caller_says_who_may_read_within_the_umask(at: int, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_at(at, "ours", b"1")
        write_at(at, "theirs", b"1", mode=0o666)
    finally:
        os.umask(before)
    assert modes(tmp_path) == {"ours": 0o600, "theirs": 0o640}


def test_a_device_or_a_pipe_stays_what_it_is(at: int, tmp_path: Path) -> None:
    """Root may write anywhere: `--output /dev/null` must not take it away from the machine."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "null").symlink_to("/dev/null")
    (tmp_path / "target").write_bytes(b"")
    with (tmp_path / "target").open() as file:
        (tmp_path / "stdout").symlink_to(f"/proc/self/fd/{file.fileno()}")
        before = {path.name: path.lstat().st_ino for path in tmp_path.iterdir()}
        for name in ("pipe", "link", "null", "stdout"):
            with pytest.raises(NoFileError):
                write_at(at, name, b"1")
    assert {path.name: path.lstat().st_ino for path in tmp_path.iterdir()} == before


def test_what_is_there_is_replaced_or_kept_as_asked_and_a_link_is_never_followed(at: int, tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"old")
    (tmp_path / "link").symlink_to("victim")
    with pytest.raises(FileExistsError):
        write_at(at, "link", b"new", fresh=True)
    assert (tmp_path / "link").is_symlink()
    write_at(at, "link", b"new")
    write_at(at, "first", b"1", fresh=True)
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert contents == {"victim": b"old", "link": b"new", "first": b"1"}


@pytest.mark.parametrize("fresh", [False, True])
def test_a_file_that_must_outlast_a_power_cut_is_on_the_disk_before_it_has_its_name(
    at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: bool
) -> None:
    synced: list[tuple[bool, list[str]]] = []

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append((is_folder, sorted(name for name in modes(tmp_path) if not name.startswith("."))))

    monkeypatch.setattr(os, "fsync", fsync)
    write_at(at, "grade", b"1", fresh=fresh)
    assert synced == []
    (tmp_path / "grade").unlink()
    write_at(at, "grade", b"1", fresh=fresh, sync=True)
    assert synced == [(False, []), (True, ["grade"])]


def test_nothing_else_of_ours_puts_a_file_in_place() -> None:
    found: dict[str, int] = {}
    for package in (autograder, reports):
        home = Path(package.__path__[0])
        for path in home.rglob("*.py"):
            calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
            written = [call for call in calls if isinstance(call, ast.Attribute) and _puts(call)]
            if written:
                found[path.relative_to(home.parent).as_posix()] = len(written)
    assert found == OTHERS


def _puts(call: ast.Attribute) -> bool:
    """Whether a file is meant: a text has a `replace`, too."""
    of_os = isinstance(call.value, ast.Name) and call.value.id in {"os", "tempfile"}
    return call.attr in WRITERS and (of_os or call.attr.startswith("write_"))
