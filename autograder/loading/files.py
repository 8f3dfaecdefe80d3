"""Reading what a student handed in: bounded before it is looked at, no link followed, nothing waited for.

What the student can cause is `Unreadable`; that we may not read, or the machine cannot, is an `InputError`.
"""

import errno
import os
import re
import stat
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from autograder.errors import InputError
from autograder.loading.names import Name, printable, read_name, student_id
from autograder.paths import open_below
from autograder.sandbox._worker.text import MAX_BYTES, UnreadableError, decode_text

HEAD_BYTES = 65_536
"""So much of a file is looked at to see what is in it where its name does not say."""

SMALLER = "clear the outputs and save again"

# What the machine or whoever copied the files did; the student is not charged for it.
_OURS = (errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)
# Neither a link nor a FIFO nor a terminal may be anything but a refusal.
OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_NOTEBOOK = re.compile(r'"(?:cells|nbformat|cell_type)"\s*:')
_PYTHON = re.compile(
    r"^(?:(?:async )?def [^\W\d]\w*[ \t]*\(|class [^\W\d]\w*[ \t]*[(:]"
    r"|import [^\W\d][\w.]*(?:,| as |[ \t]*(?:$|#))|from [\w.]+ import [\w(*])",
    re.MULTILINE,
)
_LINE_ENDS = re.compile(r"\r\n?")


class Unreadable(Exception):  # noqa: N818 - never leaves this package: it is the student's, not an error of ours
    """Why a submission cannot be read: what lies there, and what to do."""


@dataclass(kw_only=True, eq=False)
class OnDisk:
    """One file that a student handed in: opened once, when it is first looked at, until all of it was read."""

    path: Path
    shown: str
    name: Name
    folder: str = ""  #: Where in the submission it lies, to tell what lies beside it.
    depth: int = 0  #: How many folders down.
    at: int | None = None  #: Descriptor of the folder that it is opened from; None where a person named the file.
    steps: tuple[str, ...] = ()  #: Names from there to the file, none of which may be a link.
    _descriptor: int = field(default=-1, init=False)
    _end: Callable[[], object] | None = field(default=None, init=False)

    def head(self) -> bytes:
        """Read the beginning, and say nothing about the size."""
        return self._first(HEAD_BYTES)

    def whole(self, most: int = MAX_BYTES, advice: str = SMALLER) -> bytes:
        """Read all of it, if it is no more than that; the line that refuses it ends in `advice`."""
        try:
            size = os.fstat(self._opened()).st_size
            data = self._first(most + 1) if size <= most else b""
        finally:
            self.close()
        if max(size, len(data)) > most:
            raise too_many_bytes(self.shown, max(size, most + 1), most, advice)
        return data

    def close(self) -> None:
        """Close it; whoever looks at it again opens it again."""
        if self._end is not None:
            self._end()
            self._end = None

    def _opened(self) -> int:
        if self._end is not None:
            return self._descriptor
        try:
            descriptor = os.open(self.path, OPEN) if self.at is None else open_below(self.at, self.steps)
        except OSError as error:
            raise cannot_be_opened(error, _up_to(error, self)) from None
        self._descriptor, self._end = descriptor, weakref.finalize(self, os.close, descriptor)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            self.close()
            raise Unreadable(f"{self.shown} is not a regular file; hand in a .py or .ipynb file")
        return descriptor

    def _first(self, most: int) -> bytes:
        """Its first bytes, and no more: a file can grow while it is read."""
        descriptor, pieces, left = self._opened(), list[bytes](), most
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            while left and (piece := os.read(descriptor, min(left, 1 << 20))):
                pieces.append(piece)
                left -= len(piece)
        except OSError as error:
            raise_ours(error, self.shown)
            raise Unreadable(f"{self.shown} cannot be read ({error.strerror}); hand it in again") from None
        return b"".join(pieces)


def on_disk(path: Path, student: str, at: int | None = None, check: str = "") -> OnDisk:
    """Name a file in one printable line, with the student's folder but nothing above it; `at` is its folder, open."""
    return OnDisk(path=path, shown=shown(path, student), name=read_name(path.name, check), at=at, steps=(path.name,))


def shown(path: Path, student: str) -> str:
    """Name a file as `on_disk` does."""
    inside = student_id(path.parent.name) == student and path.parent.name != ""
    return shorter(f"{path.parent.name}/{path.name}" if inside else path.name)


def shorter(name: str) -> str:
    """Spell a name in one short line."""
    name = printable(name)
    return name if len(name) <= 100 else f"{name[:60]}...{name[-30:]}"


def too_many_bytes(name: str, size: int, most: int, advice: str) -> Unreadable:
    """Say that a file is too large."""
    return Unreadable(f"{name} is {size / 1e6:.1f} MB, and the limit is {most / 1e6:g} MB; {advice}")


def decoded(data: bytes, name: str) -> str:
    """Decode a text."""
    try:
        return decode_text(data)
    except UnreadableError as error:
        raise Unreadable(f"{name} {error}") from None


def seen_in(head: bytes) -> Literal["notebook", "module"] | None:
    """Say what code a file holds whose name does not say so; nothing is parsed, and the time is linear."""
    text = head[:HEAD_BYTES].decode("utf-8-sig", "replace")
    if "\0" in text:
        return None
    if text.lstrip()[:1] == "{":
        return "notebook" if _NOTEBOOK.search(text) else None
    return "module" if _PYTHON.search(_LINE_ENDS.sub("\n", text)) else None


def raise_ours(error: OSError, name: str) -> None:
    """Tell what the machine or whoever copied the files did from what a student handed in."""
    if error.errno in _OURS:
        raise InputError(f"{name} cannot be read ({error.strerror}); make it readable, then grade it again") from error


def cannot_be_opened(error: OSError, name: str) -> Unreadable:
    """Say why something that was handed in cannot be opened."""
    raise_ours(error, name)
    why = "is a symbolic link" if error.errno == errno.ELOOP else f"cannot be opened ({error.strerror})"
    return Unreadable(f"{name} {why}; hand in the file itself")


def _up_to(error: OSError, file: OnDisk) -> str:
    """Name what could not be opened: the file, or a folder on the way to it."""
    reached = len(str(error.filename).split("/")) if file.at is not None else 0
    above = len(file.steps) - reached
    return "/".join(file.shown.split("/")[:-above]) if 0 < above < len(file.shown.split("/")) else file.shown


def names_in(at: int) -> list[str]:
    """List the names in an open folder; none when it may not be listed."""
    try:
        listed = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=at)
    except OSError:
        return []
    try:
        with os.scandir(listed) as entries:
            return [entry.name for entry in entries]
    finally:
        os.close(listed)
