"""Files that are there whole or not at all, in folders for their owner alone."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import DiskError, InputError, OutputError
from autograder.paths import OurFolder, open_folder, write_at

GRADE = "grade.json"
KEPT = "; what was there before is kept. Make room or choose another --output"

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def private_folder(folder: Path) -> None:
    """Make a folder, and the missing ones above it, for their owner alone.

    Parameters
    ----------
    folder : Path
        Which; one that is there already stays as it is.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for each in (*reversed(missing), folder):
        each.mkdir(mode=0o700, exist_ok=True)


def open_to_others(folder: Path) -> int:
    """Tell whether anybody but the owner may use a folder.

    Parameters
    ----------
    folder : Path
        Which.

    Returns
    -------
    int
        Its mode, if they may; else 0.
    """
    mode = stat.S_IMODE(folder.stat().st_mode)
    return mode if mode & 0o077 else 0


def cannot_write(what: object, error: OSError, advice: str = "") -> OutputError:
    """Make the error to raise: a disk's stops the run, any other is that file's.

    Parameters
    ----------
    what : object
        Path of the file.
    error : OSError
        Why.
    advice : str, optional
        What to do, with its punctuation.

    Returns
    -------
    OutputError
        A `DiskError` if no other file could be written either.
    """
    kind = DiskError if error.errno in _DISK else OutputError
    return kind(f"cannot write {what}: {error.strerror or error}{advice}")


def encoded(content: str | bytes) -> bytes:
    """Turn a text into UTF-8, with a question mark for half a surrogate pair.

    Parameters
    ----------
    content : str or bytes
        A text, or what is bytes already.

    Returns
    -------
    bytes
        What to write.
    """
    return content.encode("utf-8", "replace") if isinstance(content, str) else content


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all, for its owner alone.

    Parameters
    ----------
    path : Path
        Where; its folder is made when missing, a link there is replaced.
    content : str or bytes
        What; text becomes UTF-8.

    Raises
    ------
    OutputError
        If it cannot be written (no permission, or as `DiskError` no room); what was there before is kept.
    """
    try:
        private_folder(path.parent)
        folder = open_folder(path.parent)
        try:
            write_at(folder, path.name, encoded(content))
        finally:
            os.close(folder)
    except OSError as error:
        raise cannot_write(path, error, KEPT) from error


def read_ours(path: Path) -> bytes:
    """Read a file of ours.

    Parameters
    ----------
    path : Path
        Which.

    Returns
    -------
    bytes
        All of it.

    Raises
    ------
    OSError
        If it cannot be read, is no file or a link, or it or its folder belongs to another user.
    """
    with OurFolder(path.parent) as folder:
        return folder.read(path.name)


def grades_in(folder: OurFolder) -> Iterator[tuple[str, Any]]:
    """Read the grades in a folder that we wrote.

    Parameters
    ----------
    folder : OurFolder
        Which.

    Yields
    ------
    tuple of str and Any
        The student, and what is in grade.json.

    Raises
    ------
    InputError
        If one cannot be read, is no JSON or no file, a link, or belongs to another user.
    """
    for name in folder.names():
        # Through a link, too: what is no grade of ours shall not look like none at all.
        if name.startswith(".") or not os.access(f"{name}/{GRADE}", os.F_OK, dir_fd=folder.descriptor):
            continue
        try:
            with folder.folder(name) as home:
                record = json.loads(home.read(GRADE).decode("utf-8"))
        except (OSError, ValueError) as error:
            raise not_ours(folder.path / name / GRADE, error) from error
        yield name, record


def not_ours(path: Path, error: Exception) -> InputError:
    """Make the error to raise for a grade.json that cannot be used.

    Parameters
    ----------
    path : Path
        Where it is.
    error : Exception
        Why.

    Returns
    -------
    InputError
        One line.
    """
    why = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return InputError(f"{path} is not a grade of ours{why}; move it away or choose another --output")
