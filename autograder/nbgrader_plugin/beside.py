"""What lies beside a submitted notebook. nbgrader copies it all, through links, into folders that are given back.

Grading reads what it needs, modules that the notebook imports, where they were handed in, and formgrader would serve a
student's page under its own address. So only pictures and nbgrader's own two notes are passed on: the time of
submission, and the secret under which feedback is released.
"""

import glob
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.nbgrader_plugin.course import ANYBODY, trusted
from autograder.paths import open_folder, write_at

_PICTURES = (".png", ".jpg", ".jpeg", ".gif")
_TIMESTAMP = "timestamp.txt"
_FEEDBACK_KEY = "submission_secret.txt"
_LONGEST = 200


@contextmanager
def left_behind(converter: Any, assignment_id: str, warn: Callable[[str], None]) -> Iterator[None]:
    """Let a converter of nbgrader's copy only pictures, and read only timestamps that are some.

    formgrader keeps one directory for all its runs: the next one may be of an assignment that is none of ours.
    """
    directory = converter.coursedir
    copy = converter.init_assignment
    read = directory.get_existing_timestamp

    def init_assignment(assignment: str, student: str) -> None:
        ignored = directory.ignore
        folder = Path(converter._format_source(assignment, student))
        names = _unwanted(folder, linked=_is_linked(folder, handed_in_below(converter, assignment)))
        if assignment == assignment_id:
            # What was given out comes back from everybody: no word about it.
            source = Path(directory.format_path(directory.source_directory, ".", assignment))
            own = [name for name in names if not (source / name).exists()]
            if own:
                shown = ", ".join(ascii(name)[1:-1] for name in own[:5]) + " ..." * (len(own) > 5)
                warn(f"{student} handed in more than a notebook; not passed on: {shown}")
            directory.ignore = [*ignored, *map(glob.escape, names)]
        try:
            copy(assignment, student)
        finally:
            directory.ignore = ignored
        _complete(Path(converter._format_dest(assignment, student)))

    def get_existing_timestamp(folder: str) -> datetime | None:
        path = Path(folder) / _TIMESTAMP
        if os.path.lexists(path) and not _is_timestamp(path):
            warn(f"{path} holds no date, so the submission counts as on time; write a date into it to change that")
            return None
        found: datetime | None = read(folder)
        return found

    converter.init_assignment = init_assignment
    directory.get_existing_timestamp = get_existing_timestamp
    try:
        yield
    finally:
        vars(converter).pop("init_assignment", None)
        vars(directory).pop("get_existing_timestamp", None)


def pass_over_no_dates(api: Any) -> None:
    """Let formgrader's lists read a timestamp only where it is one: its log would show what a link leads to."""
    read = api.get_submitted_timestamp
    if read.__module__ == __name__:
        return

    def get_submitted_timestamp(self: Any, assignment_id: str, student_id: str) -> datetime | None:
        directory = self.coursedir
        folder = directory.format_path(directory.submitted_directory, student_id, assignment_id)
        path = Path(folder) / _TIMESTAMP
        found: datetime | None = None
        if os.path.lexists(path) and _is_timestamp(path):
            found = read(self, assignment_id, student_id)
        return found

    api.get_submitted_timestamp = get_submitted_timestamp


def _complete(folder: Path) -> None:
    """Write what `nbgrader release_feedback` stops at for the whole class where one student has none."""
    folder.mkdir(parents=True, exist_ok=True)
    at = open_folder(folder)
    try:
        for name, text in ((_TIMESTAMP, ""), (_FEEDBACK_KEY, secrets.token_hex())):
            if not (folder / name).exists():
                write_at(at, name, text.encode(), mode=0o666)
    finally:
        os.close(at)


def handed_in_below(converter: Any, assignment: str) -> Path:
    """Find the folder of the course where what students handed in begins: no link below it is the instructor's."""
    return trusted(converter._format_source(assignment, ANYBODY).partition(ANYBODY)[0])


def _is_linked(folder: Path, root: Path) -> bool:
    """Whether a submission's folder is another one's, by a link on the way to it."""
    try:
        os.close(open_folder(root, folder.relative_to(root).parts))
    except OSError:
        return True
    return False


def _unwanted(folder: Path, *, linked: bool) -> list[str]:
    """Names below a submission's folder that stay there."""
    found = set()
    for path, folders, files in os.walk(folder):
        # A folder called like a file would stand where nbgrader or we write one.
        found |= {name for name in folders if "." in name or (Path(path) / name).is_symlink()}
        for name in files:
            file = Path(path) / name
            if linked or not _is_wanted(file):
                found.add(name)
    return sorted(found)


def _is_wanted(file: Path) -> bool:
    status = file.lstat()
    if file.name == _TIMESTAMP:
        return _is_timestamp(file)
    if file.name == _FEEDBACK_KEY:
        return stat.S_ISREG(status.st_mode) and status.st_size <= _LONGEST and file.read_bytes().isascii()
    return stat.S_ISREG(status.st_mode) and file.suffix.lower() in (*_PICTURES, ".ipynb")


def _is_timestamp(path: Path) -> bool:
    """Look into a file that may be a link, a pipe or a giant."""
    from nbgrader.utils import parse_utc

    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LONGEST:
        return False
    try:
        text = path.read_text(encoding="utf-8").strip()
        return not text or parse_utc(text) is not None
    except (ValueError, OverflowError, TypeError):
        return False
