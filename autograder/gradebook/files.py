"""Files that are there whole or not at all, in folders for their owner alone; read only if they are ours."""

import errno
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import DiskError, InputError, OutputError
from autograder.gradebook.journal import LOG
from autograder.gradebook.record import Damage, GradeRecord, decode
from autograder.gradebook.results import Result, encoded, read_results, result_of, sha256
from autograder.paths import OurFolder, open_folder, write_at
from autograder.words import counted

GRADE, FEEDBACK = "grade.json", "feedback.md"
KEPT = "; what was there before is kept. Make room or choose another --output"
MAX_BYTES = 50_000_000
"""Size of the largest file that is read whole, in bytes; a usual grade.json has 40 kB."""

# How every grade.json of ours begins.
_BEGINNING = b'{"schema":"grade-1",'
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def private_folder(folder: Path) -> None:
    """Make a folder, and the missing ones above it, for their owner alone; one that is there stays as it is."""
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for each in (*reversed(missing), folder):
        each.mkdir(mode=0o700, exist_ok=True)


def open_to_others(folder: Path) -> int:
    """Tell whether anybody but the owner may use a folder: its mode if so, else 0."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    return mode if mode & 0o077 else 0


def refuse_foreign(ours: OurFolder, path: Path, name: str) -> None:
    """Find out whether a file may be appended to before anybody is graded.

    Raises `OutputError` if it is a link, cannot be opened, or belongs to another user.
    """
    try:
        os.close(ours.open(name, os.O_WRONLY | os.O_APPEND))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OutputError(
            f"cannot write {path / name}: {error.strerror}; move it away or choose another --output"
        ) from error


def tighten(ours: OurFolder, path: Path) -> tuple[str, ...]:
    """Close the folders of ours that others may look into, and say so; somebody's shared folder is not ours to close.

    Raises `OutputError` if others may write to such a folder.
    """
    names = ours.names()
    at = ours.descriptor
    graded = [name for name in names if os.access(f"{name}/{GRADE}", os.F_OK, dir_fd=at)]
    remarks = []
    if (mode := ours.mode) & 0o077:
        if graded or LOG in names or not names:
            ours.tighten()
            remarks = [f"{path} was open to others (mode {mode:04o}); it is yours alone now (0700)"]
        elif mode & 0o022:
            raise OutputError(
                f"cannot write to {path}: others may write to it, too (mode {mode:04o}), and it holds more "
                "than grades; choose another --output"
            )
        else:
            remarks = [
                f"{path} is open to others (mode {mode:04o}) and holds more than grades, so it is left as it is: "
                "they can see who handed in, but read no grade"
            ]
    lax = 0
    for name in graded:
        with suppress(OSError), ours.folder(name) as home:  # reading the grade will say what it is
            if home.mode & 0o077:
                home.tighten()
                lax += 1
    if lax:
        folders = counted(lax, "student's folder", "students' folders")
        are = "was open to others; it is" if lax == 1 else "were open to others; they are"
        remarks.append(f"{folders} in {path} {are} yours alone now")
    return tuple(remarks)


@contextmanager
def writing(what: object, advice: str = KEPT) -> Iterator[None]:
    """Turn an error of writing into one to tell: a disk's stops the run (`DiskError`), any other is that file's."""
    try:
        yield
    except OSError as error:
        kind = DiskError if error.errno in _DISK else OutputError
        raise kind(f"cannot write {what}: {error.strerror or error}{advice}") from error


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all, for its owner alone.

    Its folder is made when missing, a link in its place is replaced, and what was there is kept when writing fails.

    Raises `OutputError` if it cannot be written (no permission, or as `DiskError` no room).
    """
    with writing(path):
        private_folder(path.parent)
        folder = open_folder(path.parent)
        try:
            write_at(folder, path.name, encoded(content))
        finally:
            os.close(folder)


def read_ours(path: Path) -> bytes:
    """Read a file of ours, `MAX_BYTES` at most.

    Raises `OSError` if it cannot be read, is no file or a link, is larger, or it or its folder belongs to another user.
    """
    with OurFolder(path.parent) as folder:
        return read_in(folder, path.name)


def read_in(folder: OurFolder, name: str) -> bytes:
    """Read a file in a folder of ours, as `read_ours` does."""
    with os.fdopen(folder.open(name), "rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_BYTES // 1_000_000} MB")
    return content


def is_foreign(error: OSError) -> bool:
    """Tell whether something was not read because it is a link, no file, or another user's."""
    return error.errno in (errno.ELOOP, errno.EPERM)


def students_in(folder: OurFolder) -> Iterator[str]:
    """Name the students who have a grade.json, or something in its place, in a folder that we wrote."""
    for name in folder.names():
        path = f"{name}/{GRADE}"
        # A link to nothing, too: what is no grade of ours shall not look like none at all.
        if not name.startswith(".") and os.access(path, os.F_OK, dir_fd=folder.descriptor, follow_symlinks=False):
            yield name


def read_grade(folder: OurFolder, student: str) -> tuple[bytes, GradeRecord | Damage]:
    """Read a student's grade.json; raises `OSError` as `read_ours` does."""
    data = grade_bytes(folder, student)
    try:
        return data, decode(data)
    except Damage as damage:
        return data, damage


def grade_bytes(folder: OurFolder, student: str) -> bytes:
    """Read a student's grade.json, whatever it holds."""
    with folder.folder(student) as home:
        return read_in(home, GRADE)


def grades_in(folder: OurFolder, again: Collection[str] = ()) -> Iterator[tuple[str, Result, bool]]:
    """Read all grades in a folder that we wrote, each with its student, and whether ``results.jsonl`` has it.

    What a power cut left of a grade.json is passed over for those who are graded `again`.

    Raises `InputError` if one cannot be read, is not as we write it or no file, a link, or belongs to another user.
    """
    lines = read_results(folder)
    for name in students_in(folder):
        try:
            data = grade_bytes(folder, name)
            digest = sha256(data)
            line = lines.pop(name, None)
            if line is not None and line.grade_sha256 == digest:
                yield name, line, True
            elif not (name in again and _is_cut_off(data)):
                yield name, result_of(decode(data), digest), False
        except (OSError, Damage) as error:
            raise not_ours(folder.path / name / GRADE, error) from error


def _is_cut_off(data: bytes) -> bool:
    """Tell whether a file is what a power cut leaves of a grade: nothing, zeros, or its beginning."""
    rest = data.rstrip(b"\0")
    head = rest[: 2 * len(_BEGINNING)].replace(b" ", b"")
    begun = head.startswith(_BEGINNING) or _BEGINNING.startswith(head)
    return begun and not (rest.endswith(b"}\n") and rest == data)


def not_ours(path: Path, error: Exception, advice: str = "move it away or choose another --output") -> InputError:
    """Make the error to raise for a file that cannot be used: one line."""
    why = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return InputError(f"{path} is not a grade of ours{why}; {advice}")
