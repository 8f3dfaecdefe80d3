"""The files of a download: a zip archive, or the folder it was unpacked into; bounded, and nothing leads out of it."""

import hashlib
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import InputError

MAX_FILES = 400_000  #: Number of files in the largest download that is read.
MAX_FILE_BYTES = 100_000_000  #: Size of the largest file in it, unpacked.
MAX_BYTES = 20_000_000_000  #: Size of all of them, unpacked.

MAX_RATIO = 200
"""How many times its packed size a file may have, from a megabyte on, and all of a download from ten on."""

GIT = ".git"  #: Marks a clone; what is in it is not read.

LONGEST_NAME = 255
"""Characters of the longest name of a file that is looked at: a longer one is cut in its middle."""

MOST_FOLDERS = 100  #: How deep a file is looked for: what is between is cut out of a deeper one's path.

_KEPT_END, _KEPT_FOLDERS, _MARK_LENGTH, _AROUND = 80, 8, 16, "x"
_SHOWN = 150
_MAC = "__MACOSX"
_SMALL_BYTES = 10_000_000
_AGAIN = "download it again"
_ENCRYPTED, _NAME_IN_UTF_8 = 0x1, 0x800
_UNSAID = "cp437"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, kw_only=True, eq=False)
class Member:
    """One file of a download."""

    #: Names of its folders, and its own.
    parts: tuple[str, ...]
    size: int
    read: Callable[[], bytes]
    #: Folders that all of the download lies in, if that says nothing of whose the file is.
    above: tuple[str, ...] = ()
    uncut: str = ""  #: All of its names as they came, where they were cut.
    is_empty_folder: bool = False  #: Whether it is no file, but a folder without any.
    is_link: bool = False  #: Whether it is no file, but a link, which nobody follows.

    @property
    def name(self) -> str:
        """Its own name."""
        return self.parts[-1]

    @property
    def path(self) -> str:
        """All of its names."""
        return self.uncut or "/".join((*self.above, *self.parts)) + ("/" if self.is_empty_folder else "")


@contextmanager
def members_of(download: Path) -> Iterator[tuple[Member, ...]]:
    """Open a download, and list its files and empty folders by path; what the system put in is not listed.

    A link in a folder is listed as one, for a student may have handed it in.

    Raises `InputError` if it is neither a zip archive nor a folder, cannot be read, is too large, or is an archive with
    a link or a path that leads out.
    """
    with ExitStack() as opened:
        try:
            if not download.is_dir() and download.exists() and not download.is_file():
                raise InputError(f"{download}: neither a zip archive nor a folder; give one of them")
            if download.is_dir():
                found = tuple(_of_folder(download))
            else:
                archive = opened.enter_context(zipfile.ZipFile(download))
                found = tuple(_of_archive(archive, download))
        except FileNotFoundError:
            raise InputError(
                f"{download}: no such file; give the downloaded zip, or the folder it was unpacked into"
            ) from None
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise InputError(f"{download}: damaged, or not a zip archive ({error}); {_AGAIN}") from None
        except OSError as error:
            raise InputError(f"{download}: cannot be read ({error.strerror or error})") from error
        if not found:
            raise InputError(f"{download}: holds no file; {_AGAIN}")
        yield tuple(sorted(found, key=lambda one: one.parts))


def _of_archive(archive: zipfile.ZipFile, download: Path) -> Iterator[Member]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise InputError(f"{download}: {len(entries)} files; at most {MAX_FILES} are read")
    _bounded_whole(size := sum(entry.file_size for entry in entries), download)
    if size > max(MAX_RATIO * download.stat().st_size, _SMALL_BYTES):
        raise InputError(f"{download}: would unpack to {MAX_RATIO} times its size or more; {_AGAIN}")
    seen: set[tuple[str, ...]] = set()
    folders: set[tuple[str, ...]] = set()
    written: set[str] = set()
    for entry in entries:
        whole = _parts(_name(entry), download)
        parts = cut(whole)
        uncut = "" if parts == whole else "/".join(whole)
        if not parts or is_the_systems(parts):
            # Whoever handed in nothing else is listed all the same.
            folders.add(parts[: parts.index(_MAC)] if _MAC in parts else parts[:-1])
            continue
        if GIT in parts:
            place = parts[: parts.index(GIT) + 1]
            if place not in seen:
                seen.add(place)
                yield Member(parts=place, size=0, read=bytes)
            continue
        if entry.is_dir() or entry.filename.endswith("\\"):
            folders.add(parts)
            continue
        _refuse(entry, parts, download)
        if entry.filename in written:
            raise InputError(f"{download}: {quoted('/'.join(parts))} is in it twice; {_AGAIN}")
        written.add(entry.filename)
        # Two names that only look the same are no damage: a student may choose them.
        while parts in seen:
            parts = (*parts[:-1], f"{parts[-1]} (again)")
        seen.add(parts)
        size = _bounded(entry.file_size, parts, download)
        yield Member(parts=parts, size=size, read=_unpacking(archive, entry, download), uncut=uncut)
    yield from _empty(folders - {()}, seen)


def _name(entry: zipfile.ZipInfo) -> str:
    """Read a name that does not say how it is written, as UTF-8 where it is that: nothing else is so by chance."""
    if entry.flag_bits & _NAME_IN_UTF_8:
        return entry.filename
    try:
        return entry.filename.encode(_UNSAID).decode("utf-8")
    except UnicodeError:
        return entry.filename


def _refuse(entry: zipfile.ZipInfo, parts: tuple[str, ...], download: Path) -> None:
    told = f"{download}: {quoted('/'.join(parts))}"
    if stat.S_IFMT(entry.external_attr >> 16) == stat.S_IFLNK:
        raise InputError(f"{told} is a link; {_AGAIN}, or take it out")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise InputError(f"{told} is encrypted, or packed in a way that is not read; take it out, or pack it plainly")
    if entry.file_size > max(MAX_RATIO * entry.compress_size, 1_000_000):
        raise InputError(f"{told} would unpack to {MAX_RATIO} times its size or more; take it out")


def _empty(folders: Iterable[tuple[str, ...]], files: Iterable[tuple[str, ...]]) -> Iterator[Member]:
    """Give the folders that no file lies below, each without those in it."""
    filled = {parts[:n] for parts in files for n in range(len(parts))}
    empty = {parts for parts in folders if parts not in filled}
    for parts in empty:
        if not any(parts[:n] in empty for n in range(1, len(parts))):
            yield Member(parts=parts, size=0, read=bytes, is_empty_folder=True)


def _unpacking(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, download: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(entry) as file:
                return file.read(MAX_FILE_BYTES)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise InputError(
                f"{download}: {quoted(entry.filename)} is damaged ({str(error) or type(error).__name__}); {_AGAIN}"
            ) from None

    return read


def _parts(path: str, download: Path) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFC", path.replace("\\", "/"))
    parts = plain.split("/")
    if plain.startswith("/") or plain[1:2] == ":" or ".." in parts or "\0" in plain:
        raise InputError(f"{download}: {quoted(path)} leads out of it; take that file out")
    return tuple(part for part in parts if part not in ("", "."))


def quoted(path: str) -> str:
    """Write a name into a message, all of it unless it is long."""
    return f"{path!r}" if len(path) <= _SHOWN else f"{path[: _SHOWN // 2]!r}...{path[-_SHOWN // 2 :]!r}"


def cut(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Shorten names that no disk takes, so that two stay two: whose a file is stands at their ends, mostly."""
    deep = len(parts) > MOST_FOLDERS
    kept = (*parts[:_KEPT_FOLDERS], _mark(parts[_KEPT_FOLDERS:]), parts[-1]) if deep else parts
    return tuple(_cut(part) for part in kept)


def _cut(part: str) -> str:
    if len(part) <= LONGEST_NAME:
        return part
    mark = f"{_AROUND}{_mark((part,))}{_AROUND}"
    return f"{part[: LONGEST_NAME - _KEPT_END - len(mark)]}{mark}{part[-_KEPT_END:]}"


def _mark(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("/".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:_MARK_LENGTH]


def _reading(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(MAX_FILE_BYTES)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error

    return read


def _of_folder(download: Path) -> Iterator[Member]:
    seen: set[tuple[str, ...]] = set()
    listed: set[tuple[str, ...]] = set()
    whole = 0
    for folder, folders, names in os.walk(download, onerror=_cannot_be_listed):
        above = _normal(Path(folder).relative_to(download).parts)
        listed.add(above)
        if GIT in (*folders, *names):
            seen.add((*above, GIT))
            yield Member(parts=(*above, GIT), size=0, read=bytes)
        folders[:] = [name for name in folders if name != GIT and not is_the_systems((*above, name))]
        links = {name for name in (*folders, *names) if Path(folder, name).is_symlink()}
        for name in sorted(links):
            yield Member(parts=(*above, *_normal((name,))), size=0, read=bytes, is_link=True)
        for name in (name for name in names if name != GIT and name not in links):
            path, parts = Path(folder, name), (*above, *_normal((name,)))
            if is_the_systems(parts):
                continue
            if not path.is_file():
                raise InputError(f"{path} is not a file; take it out")
            if parts in seen:
                raise InputError(f"{path}: another name beside it looks the same; rename one of the two")
            seen.add(parts)
            if len(seen) > MAX_FILES:
                raise InputError(f"{download}: more than {MAX_FILES} files, which are not read")
            size = _bounded(path.stat().st_size, parts, download)
            _bounded_whole(whole := whole + size, download)
            yield Member(parts=parts, size=size, read=_reading(path))
    yield from _empty(listed - {()}, seen)


def _cannot_be_listed(error: OSError) -> None:
    raise InputError(f"{error.filename}: cannot be listed ({error.strerror}); make it readable, or take it out")


def _normal(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Spell names as most programs do: a Mac takes accents off their letters."""
    return tuple(unicodedata.normalize("NFC", part) for part in parts)


def _bounded(size: int, parts: tuple[str, ...], download: Path) -> int:
    if size > MAX_FILE_BYTES:
        raise InputError(
            f"{download}: {quoted('/'.join(parts))} has {size / 1e6:.0f} MB; at most {MAX_FILE_BYTES // 10**6} MB are "
            "read, so take it out"
        )
    return size


def _bounded_whole(size: int, download: Path) -> None:
    if size > MAX_BYTES:
        raise InputError(f"{download}: has {size / 1e9:.0f} GB unpacked; at most {MAX_BYTES // 10**9} GB are read")


def is_the_systems(parts: tuple[str, ...]) -> bool:
    """Whether an operating system put a file there."""
    return _MAC in parts or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")
