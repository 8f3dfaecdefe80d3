"""A folder or a zip archive that holds one submission, perhaps some folders down.

An archive is opened in memory: nothing of it is ever written to disk, no link in it is followed, and its size is known
to be bounded before anything is unpacked.
"""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.loading.files import HEAD_BYTES, SMALLER, OnDisk, Unreadable, raise_ours, shorter, too_many_bytes
from autograder.loading.names import NOBODYS, Name, read_name
from autograder.paths import open_below
from autograder.sandbox._worker.text import MAX_BYTES

MAX_ENTRIES = 2_000
"""Number of names in the largest folder or archive that is opened."""

MAX_DEPTH = 8
"""Number of folders and archives, one inside the other, that are opened."""

MAX_ARCHIVE_BYTES = 20_000_000
"""Size of the largest archive that is opened, in bytes."""

MAX_UNPACKED_BYTES = 100_000_000
"""Size of all that is in it, as it says."""

MAX_RATIO = 200
"""How many times its own size that may be, from a megabyte on."""

_WITHOUT = "hand in the .py or .ipynb file itself"
_ENTRY = b"PK\x01\x02"
_LONGEST_NAME = 1_000
_ENCRYPTED = 0x1
_T = TypeVar("_T")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, kw_only=True)
class InArchive:
    """One file in an archive; the attributes are those of `OnDisk`, and `path` is the archive's."""

    path: Path
    shown: str
    name: Name
    folder: str
    depth: int
    archive: zipfile.ZipFile
    entry: zipfile.ZipInfo

    def head(self) -> bytes:
        """Unpack the beginning."""
        return self._unpacked(HEAD_BYTES)

    def whole(self, most: int = MAX_BYTES, advice: str = SMALLER) -> bytes:
        """Unpack all of it."""
        if self.entry.file_size > most:
            raise too_many_bytes(self.shown, self.entry.file_size, most, advice)
        return self._unpacked(most)

    def close(self) -> None:
        """Nothing is open: the archive is in memory."""

    def _unpacked(self, most: int) -> bytes:
        kind = stat.S_IFMT(self.entry.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise Unreadable(f"{self.shown} is a symbolic link; hand in the file itself")
        if self.entry.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{self.shown} is protected by a password; hand it in without one")
        # Other methods are unpacked by the block, however much comes out of one.
        if self.entry.compress_type not in _METHODS:
            raise Unreadable(f"{self.shown} is packed in a way that is not read here; {_WITHOUT}")

        def unpack() -> bytes:
            with self.archive.open(self.entry) as file:
                return file.read(most)

        return _unharmed(unpack, self.shown)


File = OnDisk | InArchive


class Opened:
    """All that lies in one student's folder or archive, and what is left of the bounds; `check` is as in `Found`.

    `passed` has the names of files that were passed over.
    """

    def __init__(self, check: str) -> None:
        self._check = check
        self.passed: list[str] = []
        self._entries = MAX_ENTRIES
        self._bytes = MAX_UNPACKED_BYTES

    def folder(self, path: Path, shown: str, at: int, name: str = "") -> list[File]:
        """List the files in a folder and in the folders in it, top down; what is nobody's is passed over.

        It is opened by its name, or by another, such as ``.``.
        """
        own = name or path.name
        found: list[File] = []
        level: list[tuple[str, ...]] = [()]
        for depth in range(MAX_DEPTH):
            below: list[tuple[str, ...]] = []
            for inside in level:
                for entry, is_folder in self._entries_of(at, (own, *inside), shown):
                    read = read_name(entry, self._check)
                    if read.kind in NOBODYS:
                        self.passed.append(entry)
                        continue
                    steps = (*inside, entry)
                    if is_folder:
                        below.append(steps)
                    else:
                        found.append(
                            OnDisk(
                                path=path.joinpath(*steps),
                                shown=shorter("/".join((shown, *steps))),
                                name=read,
                                folder="".join(f"{step}/" for step in inside),
                                depth=depth,
                                at=at,
                                steps=(own, *steps),
                            )
                        )
            if not below:
                return found
            level = below
        raise Unreadable(f"{shown}/ is nested more than {MAX_DEPTH} folders deep; {_WITHOUT}")

    def _entries_of(self, at: int, steps: tuple[str, ...], shown: str) -> list[tuple[str, bool]]:
        """Names in a folder, sorted, and whether each is a folder; a link is none."""
        names: list[tuple[str, bool]] = []
        told = shorter("/".join((shown, *steps[1:])))
        try:
            descriptor = open_below(at, steps, os.O_RDONLY | os.O_DIRECTORY)
            try:
                with os.scandir(descriptor) as entries:
                    for entry in entries:
                        self._count(shown)
                        names.append((entry.name, entry.is_dir(follow_symlinks=False)))
            finally:
                os.close(descriptor)
        except OSError as error:
            raise_ours(error, told)
            raise Unreadable(f"{told} cannot be listed ({error.strerror}); hand it in again") from None
        return sorted(names)

    def _count(self, shown: str) -> None:
        self._entries -= 1
        if self._entries < 0:
            raise Unreadable(f"{shown} holds more than {MAX_ENTRIES} files and folders; {_WITHOUT}")

    def archive(self, packed: File) -> list[File]:
        """List the files in an archive; what is nobody's is passed over."""
        shown = packed.shown
        if packed.depth >= MAX_DEPTH:
            raise Unreadable(f"{shown} is packed in too many layers; {_WITHOUT}")
        data = packed.whole(MAX_ARCHIVE_BYTES, _WITHOUT)
        # Python makes a record of each before it says how many there are.
        if data.count(_ENTRY) > self._entries:
            raise Unreadable(f"{shown} holds more than {MAX_ENTRIES} files and folders; {_WITHOUT}")
        archive = _unharmed(lambda: zipfile.ZipFile(io.BytesIO(data)), shown)
        entries = archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > max(MAX_RATIO * len(data), 1_000_000) or size > self._bytes:
            raise Unreadable(f"{shown} would unpack to {size / 1e6:.0f} MB, which is not done; {_WITHOUT}")
        self._bytes -= size
        found: list[File] = []
        for entry in entries:
            self._count(shown)
            parts = list(_parts(entry.filename, shown))
            if entry.filename.endswith(("/", "\\")) or not parts:
                continue
            if any(read_name(part, self._check).kind in NOBODYS for part in parts):
                self.passed.append(parts[-1])
                continue
            depth = packed.depth + len(parts)
            if depth > MAX_DEPTH:
                raise Unreadable(f"{shown} is nested more than {MAX_DEPTH} folders deep; {_WITHOUT}")
            found.append(
                InArchive(
                    path=packed.path,
                    shown=shorter("/".join((shown, *parts))),
                    name=read_name(parts[-1], self._check),
                    folder="".join(f"{part}/" for part in (shown, *parts[:-1])),
                    depth=depth,
                    archive=archive,
                    entry=entry,
                )
            )
        return found


def shallowest(files: Iterable[File]) -> list[File]:
    """Take those that lie least deep, and what is called the same further down: either may be the one that counts."""
    found = list(files)
    least = min((file.depth for file in found), default=0)
    top = {file.name.stem.casefold() for file in found if file.depth == least}
    return [file for file in found if file.depth == least or file.name.stem.casefold() in top]


def _parts(path: str, shown: str) -> Iterator[str]:
    """Parts of a path in an archive, which nothing is ever written to; one that leads out spoils the archive."""
    plain = path.replace("\\", "/")
    if len(path) > _LONGEST_NAME:
        raise Unreadable(f"{shown} holds a name of {len(path)} characters; {_WITHOUT}")
    if plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/"):
        raise Unreadable(f"{shown} holds a path that leads out of it ({shorter(path)}); {_WITHOUT}")
    return (part for part in plain.split("/") if part not in ("", "."))


def _unharmed(work: Callable[[], _T], shown: str) -> _T:
    """Unpack; a hostile archive makes `zipfile` raise nearly anything."""
    try:
        return work()
    except Exception:
        raise Unreadable(f"{shown} is damaged or not a zip archive; {_WITHOUT}") from None
