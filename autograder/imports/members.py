"""The files of a download: a zip archive, or the folder it was unpacked into; bounded, and nothing leads out of it."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import InputError

MAX_FILES = 400_000
"""Number of files in the largest download that is read."""

MAX_FILE_BYTES = 100_000_000
"""Size of the largest file in it, unpacked."""

MAX_BYTES = 20_000_000_000
"""Size of all of them, unpacked."""

MAX_RATIO = 200
"""How many times its packed size a file may have, from a megabyte on."""

GIT = ".git"
"""Marks a clone; what is in it is not read."""

LONGEST_NAME = 255
"""Bytes of the longest name of a file; a disk has no longer ones, either."""

_AGAIN = "download it again"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, kw_only=True, eq=False)
class Member:
    """One file of a download."""

    #: Names of its folders, and its own.
    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.parts[-1]

    @property
    def path(self) -> str:
        """All of its names."""
        return "/".join(self.parts)


@contextmanager
def members_of(download: Path) -> Iterator[tuple[Member, ...]]:
    """Open a download, and list its files by path; what the system put in is not listed.

    Raises
    ------
    InputError
        If it is neither a zip archive nor a folder, cannot be read, is too large, or holds a link or a path that leads
        out.
    """
    try:
        if download.is_dir():
            yield tuple(sorted(_of_folder(download), key=lambda one: one.parts))
            return
        with zipfile.ZipFile(download) as archive:
            yield tuple(sorted(_of_archive(archive, download), key=lambda one: one.parts))
    except FileNotFoundError:
        raise InputError(
            f"{download}: no such file; give the downloaded zip, or the folder it was unpacked into"
        ) from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise InputError(f"{download}: damaged, or no zip archive ({error}); {_AGAIN}") from None
    except OSError as error:
        raise InputError(f"{download}: cannot be read ({error.strerror or error})") from error


def _of_archive(archive: zipfile.ZipFile, download: Path) -> Iterator[Member]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise InputError(f"{download}: {len(entries)} files; at most {MAX_FILES} are read")
    if (size := sum(entry.file_size for entry in entries)) > MAX_BYTES:
        raise InputError(f"{download}: would unpack to {size / 1e9:.0f} GB; at most {MAX_BYTES // 10**9} GB are read")
    seen: set[tuple[str, ...]] = set()
    for entry in entries:
        parts = _parts(entry.filename, download)
        if entry.is_dir() or not parts or _is_the_systems(parts):
            continue
        if stat.S_IFMT(entry.external_attr >> 16) == stat.S_IFLNK:
            raise InputError(f"{download}: {'/'.join(parts)!a} is a link; {_AGAIN}, or take it out")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
            raise InputError(f"{download}: {'/'.join(parts)!a} is encrypted, or packed in a way that is not read")
        if entry.file_size > max(MAX_RATIO * entry.compress_size, 1_000_000):
            raise InputError(
                f"{download}: {'/'.join(parts)!a} would unpack to {MAX_RATIO} times its size or more; take it out"
            )
        if parts in seen:
            raise InputError(f"{download}: {'/'.join(parts)!a} is in it twice; {_AGAIN}")
        seen.add(parts)
        yield Member(parts=parts, size=_bounded(entry.file_size, parts, download), read=_unpacking(archive, entry))


def _unpacking(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with archive.open(entry) as file:
            return file.read(MAX_FILE_BYTES)

    return read


def _parts(path: str, download: Path) -> tuple[str, ...]:
    plain = path.replace("\\", "/")
    parts = plain.split("/")
    if plain.startswith("/") or plain[1:2] == ":" or ".." in parts or "\0" in plain:
        raise InputError(f"{download}: {path[:LONGEST_NAME]!a} leads out of it; take that file out")
    if any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in parts):
        raise InputError(f"{download}: {path[:40]!a}... has a name of {len(path)} characters; take that file out")
    return tuple(part for part in parts if part not in ("", "."))


def _of_folder(download: Path) -> Iterator[Member]:
    found = 0
    for folder, folders, names in os.walk(download):
        here = Path(folder)
        if GIT in (*folders, *names):
            yield Member(parts=(*here.relative_to(download).parts, GIT), size=0, read=bytes)
        folders[:] = [name for name in folders if name != GIT]
        for name in (*folders, *names):
            path = here / name
            if path.is_symlink():
                raise InputError(f"{path} is a link; put the file itself there")
        for name in (name for name in names if name != GIT):
            path = here / name
            parts = path.relative_to(download).parts
            if _is_the_systems(parts):
                continue
            if not path.is_file():
                raise InputError(f"{path} is no file; take it out")
            found += 1
            if found > MAX_FILES:
                raise InputError(f"{download}: more than {MAX_FILES} files, which are not read")
            yield Member(parts=parts, size=_bounded(path.stat().st_size, parts, download), read=path.read_bytes)


def _bounded(size: int, parts: tuple[str, ...], download: Path) -> int:
    if size > MAX_FILE_BYTES:
        raise InputError(
            f"{download}: {'/'.join(parts)!a} has {size / 1e6:.0f} MB; at most {MAX_FILE_BYTES // 10**6} MB are read, "
            "so take it out"
        )
    return size


def _is_the_systems(parts: tuple[str, ...]) -> bool:
    return parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")
