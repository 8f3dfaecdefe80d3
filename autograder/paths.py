"""Opening by descriptor: no link is followed, nothing is waited for, and what is ours belongs to us.

What another user puts in the place of a folder after it was opened changes nothing: all that lies in it is opened from
its descriptor, one name at a time.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pwd
import re
import secrets
import stat
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

_QUICK = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_THROUGH = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC  # Enough to go through a folder that may not be listed.
_BESIDE = re.compile(r"\.(.+)\.[0-9a-f]{8}", re.DOTALL)  # What `write_at` calls a file beside its place.


def open_folder(root: Path, steps: Sequence[str] = ()) -> int:
    """Open a folder below a trusted one, to open from it what lies there.

    `root` is where trust ends: it may be a link, and links may lead there; no step from there may be one. The caller
    closes the descriptor.

    Raises `OSError` if it cannot be opened; ``ELOOP`` and the link's path from the root where there is a link.
    """
    at = os.open(root, _THROUGH)
    if not steps:
        return at
    try:
        return open_below(at, steps, _THROUGH)
    finally:
        os.close(at)


def open_below(at: int, steps: Sequence[str], flags: int = os.O_RDONLY, mode: int = 0o600) -> int:
    """Open what lies below an open folder, with no link anywhere on the way; a pipe is never waited for.

    `flags` are for the last of the steps, `mode` is a file's that is made. The caller closes the descriptor.

    Raises `OSError` if it cannot be opened; ``ELOOP`` and the link's path from there where there is a link.
    """
    here = at
    try:
        for number, step in enumerate(steps, 1):
            last = number == len(steps)
            try:
                below = os.open(step, (flags if last else _THROUGH) | _QUICK, mode, dir_fd=here)
            except OSError as error:
                path = "/".join(steps[:number])
                if _is_link(step, here):
                    raise OSError(errno.ELOOP, "it is a symbolic link", path) from None
                raise OSError(error.errno, error.strerror, path) from None
            if here != at:
                os.close(here)
            here = below
    except BaseException:
        if here != at:
            os.close(here)
        raise
    return here


def _is_link(name: str, at: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode)
    except OSError:
        return False


def refuse_others(status: os.stat_result) -> None:
    """Refuse what belongs to another user than the one we run as."""
    if status.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, f"it belongs to {_called(status.st_uid)}, not to {_called(os.geteuid())}")


def _called(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


class NoFileError(OSError):
    """A folder, a pipe, a device: something that is not read or written to."""

    def __init__(self) -> None:
        super().__init__(errno.EPERM, "it is not a file")


def read_named(path: Path, most: int) -> bytes:
    """Read the first so many bytes of a file that a person names, whoever's it is and through whatever links.

    Raises `NoFileError` if it is something else, of which nothing is awaited; `OSError` if it cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | _QUICK & ~os.O_NOFOLLOW)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - it is open already
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NoFileError
        return file.read(most)


class OurFolder(contextlib.AbstractContextManager["OurFolder"]):
    """A folder that belongs to us, open.

    With `at`, the descriptor of another folder, `path.name` is opened from there. `named` says that a person gave the
    path: then a link is followed that is theirs or root's. `descriptor` is closed with the last reference, or by
    `close`.

    Raises `OSError` if it is no folder, a link, cannot be opened, or belongs to another user.
    """

    def __init__(self, path: Path, *, at: int | None = None, named: bool = False) -> None:
        self.path = path
        listed = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        if at is not None:
            self.descriptor = open_below(at, (path.name,), listed)
        elif path.is_symlink() and not (named and path.lstat().st_uid in (0, os.geteuid())):
            raise OSError(errno.ELOOP, "it is a symbolic link", str(path))
        else:
            self.descriptor = os.open(path, listed | (0 if named else os.O_NOFOLLOW))
        self.close = weakref.finalize(self, os.close, self.descriptor)
        refuse_others(os.fstat(self.descriptor))

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def mode(self) -> int:
        """Permissions."""
        return stat.S_IMODE(os.fstat(self.descriptor).st_mode)

    def tighten(self, *names: str) -> None:
        """Close it to everybody else, and those of the files of these names in it that are there."""
        os.fchmod(self.descriptor, 0o700)
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                descriptor = self.open(name)
                try:
                    os.fchmod(descriptor, 0o600)
                finally:
                    os.close(descriptor)

    def names(self) -> list[str]:
        """List what is in it."""
        with os.scandir(self.descriptor) as entries:
            return sorted(entry.name for entry in entries)

    def has(self, name: str) -> bool:
        """Tell whether there is anything of that name, be it a link to nothing."""
        try:
            os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def folder(self, name: str, *, make: bool = False) -> OurFolder:
        """Open a folder in it; with `make` it is made, for us alone, when it is missing."""
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(name, 0o700, dir_fd=self.descriptor)
        return OurFolder(self.path / name, at=self.descriptor)

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """Open a file in it, made for us alone if the flags say so.

        A file that is written may have no second name. The caller closes the descriptor.

        Raises `NoFileError` if it is something else. Raises `OSError` if it is a link, cannot be opened, or belongs to
        another user.
        """
        try:
            descriptor = open_below(self.descriptor, (name,), flags)
        except OSError as error:
            if error.errno in (errno.ENXIO, errno.EISDIR):  # a pipe that nobody reads, a folder
                raise NoFileError from None
            raise
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise NoFileError
            refuse_others(status)
            if flags & (os.O_WRONLY | os.O_RDWR) and status.st_nlink != 1:
                raise OSError(errno.EPERM, "it has a second name elsewhere")
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def read(self, name: str) -> bytes:
        """Read all of a file in it, as `open` opens it."""
        with os.fdopen(self.open(name), "rb") as file:
            return file.read()

    def append(self, name: str, line: bytes) -> None:
        """Add a line to a file of ours, in one write; it begins anew behind half a line that a crash left."""
        descriptor = self.open(name, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        try:
            os.fchmod(descriptor, 0o600)  # one from elsewhere may be laxer
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line
            while line:
                line = line[os.write(descriptor, line) :]
        finally:
            os.close(descriptor)

    def remove(self, name: str) -> None:
        """Remove a file in it, whatever it is, for good; one that is not there is none to remove."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.descriptor)
            os.fsync(self.descriptor)

    def sync(self, *names: str) -> None:
        """Bring files in it, then the names in it, to the disk; a file that is not there is passed over."""
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                descriptor = self.open(name)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        os.fsync(self.descriptor)

    def sweep(self, *names: str) -> None:
        """Remove what is left of files of these names by a process that ended while it wrote them."""
        for name in self.names():
            found = _BESIDE.fullmatch(name)
            if found and found[1] in names:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=self.descriptor)

    def lock(self, name: str, *, waiting: Callable[[], object] | None = None) -> Callable[[], object]:
        """Hold a lock until what is returned is called, or the process ends, however it does.

        With `waiting`, which is called where it has to be waited for, it is.

        Raises `BlockingIOError` if another process holds it, and nobody waits. Raises `OSError` if it cannot be locked.
        """
        descriptor = self.open(name, os.O_RDWR | os.O_CREAT)
        release = weakref.finalize(self, os.close, descriptor)
        try:
            os.fchmod(descriptor, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting is None:
                    raise
                waiting()
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        except BaseException:
            release()
            raise
        return release

    def write(self, name: str, content: bytes, *, sync: bool = False, fresh: bool = False) -> None:
        """Write a file in it for us alone, as `write_at` does."""
        write_at(self.descriptor, name, content, sync=sync, fresh=fresh)


def write_at(at: int, name: str, content: bytes, *, mode: int = 0o600, sync: bool = False, fresh: bool = False) -> None:
    """Write a file beside its place and move it there: it is there whole or not at all.

    A link of this name is replaced, not followed; a device or a pipe stays, and so does a link to one. `mode` is taken
    as far as the umask leaves it. With `sync` it is on the disk on return, so that even a power cut leaves it whole;
    with `fresh` what is there already stays.

    Raises `FileExistsError` if it is to be fresh, and something is there; `NoFileError` if what is there is no file;
    `OSError` if it cannot be written: what was there is kept.
    """
    _refuse_devices(at, name)
    new = f".{name}.{secrets.token_hex(4)}"
    descriptor = open_below(at, (new,), os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(descriptor)
        if fresh:
            os.link(new, name, src_dir_fd=at, dst_dir_fd=at)
            os.unlink(new, dir_fd=at)
        else:
            os.replace(new, name, src_dir_fd=at, dst_dir_fd=at)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(new, dir_fd=at)
        raise
    if sync:
        _sync_folder(at)


def _refuse_devices(at: int, name: str) -> None:
    """Refuse to put a file in the place of what all programs of a machine use, such as ``/dev/null``: root could."""
    try:
        mode = os.stat(name, dir_fd=at).st_mode
    except OSError:
        return
    is_plain = stat.S_ISREG(mode) or stat.S_ISDIR(mode)  # a folder in the way is told of as one
    # /dev/stdout may lead to a file.
    if not is_plain or (_is_link(name, at) and os.readlink(name, dir_fd=at).startswith(("/proc/", "/dev/"))):
        raise NoFileError


def _sync_folder(at: int) -> None:
    """Bring a folder's names to the disk; a descriptor that only leads through it cannot."""
    folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=at)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
