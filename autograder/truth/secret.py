"""The secret that hidden cases are drawn under. Its value is in no message."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from autograder.course import PRIVATE, SECRET, VARIABLE, given_secret, private
from autograder.errors import SecretError
from autograder.paths import NoFileError, OurFolder
from autograder.words import counted

_SHORTEST = 16


def private_folder(course: Path) -> OurFolder:
    """Make sure that the course's private folder (``.autograder``, 0700) is there, and nobody else's; else OSError."""
    path = private(course)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    folder = OurFolder(path)
    if folder.mode & 0o077:
        folder.tighten()
    return folder


def read_private(course: Path, name: str) -> tuple[bytes, int]:
    """Read a file of the course's private folder, with its mode; OSError where it cannot be read."""
    with OurFolder(private(course)) as folder, os.fdopen(folder.open(name), "rb") as file:
        return file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode)


def read_secret(course: Path, *, create: bool) -> bytes:
    """Read the secret: ``$AUTOGRADER_SECRET``, else the file ``.autograder/secret`` in the course directory.

    It has a byte at least; what a file ends with in the way of line ends does not count.

    Raises `SecretError` if there is none and `create` is false, if it is empty or, from the environment, easily
    guessed; if the file cannot be read or written, or others can; if it or its folder is a link or another user's. The
    text never holds the secret.
    """
    given = given_secret()
    if given is not None:
        if not given:
            raise SecretError(f"${VARIABLE} is set but empty: give it a value, or unset it to use {PRIVATE}/secret")
        if len(given) < _SHORTEST:
            raise SecretError(
                f"${VARIABLE} has {counted(len(given), 'character')}, fewer than {_SHORTEST}, and could be "
                f"guessed: give it a longer value, or unset it to use {PRIVATE}/{SECRET}"
            )
        return given.encode("utf-8", "surrogateescape")
    path = private(course) / SECRET
    if not course.is_dir():
        raise SecretError(f"{course}: no such folder; --course takes the folder that holds {PRIVATE}/secret")
    secret = _read(path)
    if secret is None:
        if not create:
            raise SecretError(f"no secret: ${VARIABLE} is not set, and there is no file {path}")
        _create(course, path)
        secret = _read(path)
    if not secret:
        raise SecretError(f"{path} is empty: put the secret that graded before into it, or delete it to get a new one")
    return secret


def _read(path: Path) -> bytes | None:
    """Content of the file, None when there is none; refused when others had a hand in it, or can read it."""
    if not path.parent.exists():
        return None
    try:
        with OurFolder(path.parent) as folder:
            if folder.mode & 0o022:
                raise SecretError(
                    f"{path} cannot be trusted: others may write to its folder (mode {folder.mode:03o}): "
                    f"chmod 700 {path.parent}, and check what is in it"
                )
            descriptor = folder.open(path.name)
    except FileNotFoundError:
        return None
    except NoFileError:
        raise SecretError(f"{path} is not a file: remove it, and put the secret there as a file of mode 600") from None
    except OSError as error:
        raise SecretError(
            f"{path} cannot be read: {error.strerror}; put the secret into a file and folder of your own"
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            raise SecretError(
                f"{path} can be read by others (mode {mode:03o}): chmod 600 it, and check who has seen it"
            )
        return file.read().rstrip(b"\r\n")


def _create(course: Path, path: Path) -> None:
    """Write a new secret; when another process was faster, leave it its own."""
    try:
        # On the disk before anything is graded under it: no grade could be reproduced without it.
        with private_folder(course) as folder, contextlib.suppress(FileExistsError):
            folder.write(path.name, f"{secrets.token_hex(32)}\n".encode(), sync=True, fresh=True)
    except OSError as error:
        raise SecretError(
            f"{path} cannot be made: {error.strerror}; set ${VARIABLE}, or use another --course"
        ) from None
