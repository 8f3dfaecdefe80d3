"""The secret that hidden cases are drawn under. Its value is in no message."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from autograder.errors import SecretError

VARIABLE = "HW1_SECRET"
FOLDER = ".hw1"


def private_folder(course: Path) -> Path:
    """Make sure that the course's private folder is there, and that only its owner can look into it.

    Parameters
    ----------
    course : Path
        The course directory.

    Returns
    -------
    Path
        ``course/.hw1``, mode 0700.

    Raises
    ------
    OSError
        If it cannot be had.
    """
    folder = course / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)
    return folder


def read_secret(course: Path, *, create: bool) -> bytes:
    """Read the secret: ``$HW1_SECRET``, else the file ``.hw1/secret`` in the course directory.

    Parameters
    ----------
    course : Path
        The course directory.
    create : bool
        Whether to make a new secret when there is none.

    Returns
    -------
    bytes
        At least one; what a file ends with in the way of line ends does not count.

    Raises
    ------
    SecretError
        If there is none and `create` is false, if it is empty, if the file cannot be read or written, or if others can
        read it. The text never holds the secret.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        if not given:
            raise SecretError(f"${VARIABLE} is set but empty: give it a value, or unset it to use {FOLDER}/secret")
        return given.encode("utf-8", "surrogateescape")
    path = course / FOLDER / "secret"
    if not course.is_dir():
        raise SecretError(f"{course}: no such folder; --course takes the folder that holds {FOLDER}/secret")
    secret = _read(path)
    if secret is None:
        if not create:
            raise SecretError(f"no secret: neither ${VARIABLE} is set nor is there a file {path}")
        _create(course, path)
        secret = _read(path)
    if not secret:
        raise SecretError(f"{path} is empty: put the secret that graded before into it, or delete it to get a new one")
    return secret


def _read(path: Path) -> bytes | None:
    """Content of the file, None when there is none; refused when others can read it."""
    try:
        # Without blocking, so that a pipe in its place is found out instead of waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretError(f"{path} cannot be read: {error.strerror}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SecretError(f"{path} is no file: remove it, and put the secret there as a file of mode 600")
        mode = stat.S_IMODE(status.st_mode)
        if mode & 0o077:
            raise SecretError(
                f"{path} can be read by others (mode {mode:03o}): chmod 600 it, and check who has seen it"
            )
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read().rstrip(b"\r\n")
    finally:
        os.close(descriptor)


def _create(course: Path, path: Path) -> None:
    """Write a new secret; when another process was faster, leave it its own."""
    try:
        folder = private_folder(course)
        new = folder / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
            # A link appears with its content or not at all: nobody can read half a secret.
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    except OSError as error:
        raise SecretError(
            f"{path} cannot be made: {error.strerror}; set ${VARIABLE}, or use another --course"
        ) from None
