"""The archive: the wheel, the lock, the assignment, secret, truths and books of mistakes, and how to use them."""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from autograder import truth
from autograder.course import PRIVATE, SECRET, TRUTHS, VARIABLE, given_secret, private
from autograder.errors import InputError
from autograder.loading import package_files
from autograder.model import Assignment
from autograder.naming import Library
from autograder.node.lock import grading_lock
from autograder.node.wheel import grading_wheel
from autograder.paths import OurFolder
from autograder.templates import filled

FOLDER = "hw1-node"
LOCK = "requirements.lock"


def node_archive(assignment: Assignment, package: Path, course: Path) -> bytes:
    """Pack what a machine needs to grade, as a tar archive: folders 0700, files 0600, the same bytes each time.

    It has one folder, ``hw1-node``, and is not compressed, so that a release in which it lies is refused for what is in
    it. Secret and warm truths are the course's.

    Raises `InputError` if there is no secret, no warm truths or no lock.
    """
    try:
        cases = truth.stored(assignment, course, truth.read_secret(course, create=False))
    except InputError as error:
        raise InputError(f"{error}; run hw1 truths first") from error
    # Made here if they are not there: a machine that grades one submission would make them for it alone.
    books = Library(assignment, cases, course, lambda _: None).files(assignment)
    lock, needed = grading_lock()
    wheel, content = grading_wheel(needed)
    name = package.resolve().name
    from_variable = given_secret() is not None
    files = {
        "README.txt": filled(
            __package__,
            "README.txt.j2",
            title=assignment.title,
            lock=LOCK,
            assignment=name,
            variable=VARIABLE if from_variable else "",
        ).encode(),
        wheel: content,
        LOCK: f"{lock}./{wheel} --hash=sha256:{hashlib.sha256(content).hexdigest()}\n".encode(),
        **{f"{name}/{path}": data for path, data in package_files(package).items()},
        **{f"{PRIVATE}/{path}": data for path, data in _private(course, with_secret=not from_variable).items()},
        **{f"{PRIVATE}/{path}": data for path, data in books.items()},
    }
    return _packed(files)


def _private(course: Path, *, with_secret: bool) -> dict[str, bytes]:
    names = (SECRET, TRUTHS) if with_secret else (TRUTHS,)
    with OurFolder(private(course)) as folder:
        return {name: folder.read(name) for name in names}


def _packed(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    folders = {folder.as_posix() for path in files for folder in Path(FOLDER, path).parents} - {"."}
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for folder in sorted(folders):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o700
            archive.addfile(entry)
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{FOLDER}/{path}")
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
    return whole.getvalue()
