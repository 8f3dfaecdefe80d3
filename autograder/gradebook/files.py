"""Files that are there whole or not at all, in folders for their owner alone."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from autograder.errors import DiskError, OutputError

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


def _cannot(what: object, error: OSError, advice: str) -> OutputError:
    """The error to raise: a disk's stops the run, any other is that file's."""
    kind = DiskError if error.errno in _DISK else OutputError
    return kind(f"cannot write {what}: {error.strerror or error}{advice}")


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all, for its owner alone.

    Parameters
    ----------
    path : Path
        Where; its folder is made when missing.
    content : str or bytes
        What; text becomes UTF-8.

    Raises
    ------
    OutputError
        If it cannot be written (no permission, or as `DiskError` no room); what was there before is kept.
    """
    handle, name = -1, ""
    try:
        private_folder(path.parent)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
        Path(name).replace(path)
    except OSError as error:
        if name:
            with contextlib.suppress(OSError):
                Path(name).unlink()
        raise _cannot(path, error, "; what was there before is kept. Make room or choose another --output") from error
