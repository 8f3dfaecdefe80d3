"""Who handed in: every name in the folder of submissions is a student's, or is said to be nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import InputError
from autograder.loading.files import Unreadable, on_disk, seen_in
from autograder.loading.helpers import beside_alone
from autograder.loading.names import (
    CODE,
    COLLECTED,
    NOBODYS,
    WRITTEN,
    FileKind,
    Name,
    folder_student,
    is_id,
    printable,
    read_name,
    student_id,
)
from autograder.sandbox._worker.text import Repair
from autograder.words import few

_WHAT_TO_GIVE = "give a folder with a .py, a .ipynb or a folder for each student, or one such file"
_ASK = "ask for the .py or .ipynb file if it is somebody's work"
_NOBODYS: dict[FileKind, tuple[str, str]] = {
    "hidden": ("a hidden name", "rename it if it is somebody's work"),
    "system": ("left there by a program", "remove it or let it be"),
    "ours": ("which was handed out with the homework", "ask for the student's own file if it came instead of one"),
    "readme": ("a README", "rename it after the student if it is an answer"),
    "picture": ("a picture", _ASK),
    "unknown": ("neither Python nor a notebook", _ASK),
}
_NO_CODE: dict[FileKind, str] = {"document": "a document", "archive": "an archive that is not opened"}
# How likely it is that a name is what the student wants graded: only the best of them count.
_NAMED, _SPARE, _SEEN, _PACKED, _PROSE, _TEX, _MISTAKEN = range(7)
_RANKS: dict[FileKind, int] = {
    "zip": _PACKED,
    "prose": _PROSE,
    "tex": _TEX,
    "archive": _MISTAKEN,
    "document": _MISTAKEN,
}
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where one student's submission lies; not read yet."""

    student: str
    #: The file; several when the student handed in several, and the student's folder when the code is not in it by
    #: name.
    paths: tuple[Path, ...]
    #: Files of the same name that may hold the written part; None to look for them beside the code.
    written: tuple[Path, ...] | None = None
    #: What is done to a notebook's cells before they are read. None: they are what they say they are.
    repair: Repair | None = None
    #: Name of the self-check that was given out, to pass over copies of it.
    check: str = field(default="", compare=False)
    #: The folder of all submissions: it may be a link, and nothing below it may. None: the folder of the paths.
    root: Path | None = field(default=None, compare=False)
    #: Whether what lies beside a file that a person named is this student's, too.
    own: bool = field(default=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A name among the submissions that is not graded."""

    name: str  #: Of the file or folder, in one printable line.
    why: str
    advice: str

    def __str__(self) -> str:
        return f"not graded: {self.name}, {self.why}; {self.advice}"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What lies in a folder of submissions: every name of it is in one of both."""

    found: tuple[Found, ...]  #: Sorted by student.
    left_out: tuple[LeftOut, ...]  #: Sorted by name.
    remark: str = ""  #: What is to be known of a file that is listed alone.


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """One name in the folder, and what of it would be read."""

    path: Path
    name: Name
    rank: int
    paths: tuple[Path, ...]
    folder: bool


def list_submissions(path: Path, check: str = "") -> Listing:
    """List the submissions in a folder, without reading them, in time linear in the number of names.

    It has one file or one folder ``<student>/`` for each student, or is a single file. It may be a link itself; one in
    it is listed, and refused when it is read. A name that says nothing is looked at. Copies of the self-check that was
    given out, `Assignment.check_module`, are nobody's work.

    Raises `InputError` if there is nothing to grade there.
    """
    try:
        if path.is_dir():
            listing = _sorted_in(path, check)
        elif not path.exists() and not path.is_symlink():
            raise InputError(f"submissions {path}: no such file or folder; {_WHAT_TO_GIVE}")
        elif path.exists() and not path.is_file():
            raise InputError(f"submissions {path}: a pipe or a device, and no file; {_WHAT_TO_GIVE}")
        else:
            listing = _alone(path, check)
    except OSError as error:
        raise InputError(
            f"submissions {path}: cannot be listed ({error.strerror}); make the folder readable"
        ) from error
    if not listing.found:
        only = few([one.name for one in listing.left_out], _SHOWN)
        but = f", only {only}" if only else ""
        raise InputError(
            f"submissions {path}: no .py or .ipynb file in it{but}; put one file or folder for each student there"
        )
    return listing


def find_submissions(path: Path, check: str = "") -> tuple[Found, ...]:
    """List the submissions in a folder, and not what is left out.

    Raises `InputError` if there is nothing to grade there.
    """
    return list_submissions(path, check).found


def _alone(path: Path, check: str) -> Listing:
    """One file that is the whole class."""
    name = read_name(path.name, check)
    told = {kind: why for kind, (why, _) in _NOBODYS.items()} | _NO_CODE
    if name.kind in told and name.kind != "readme" and not (name.kind == "unknown" and _may_be_code(path)):
        why = told[name.kind]
        raise InputError(f"submissions {path}: neither a folder nor a .py or .ipynb file, but {why}; {_WHAT_TO_GIVE}")
    own, remark = beside_alone(path, check) if name.kind in CODE else (False, "")
    found = Found(student=student_id(name.stem), paths=(path,), check=check, own=own)
    return Listing(found=(found,), left_out=(), remark=remark)


def _sorted_in(folder: Path, check: str) -> Listing:
    """Put every name where it belongs."""
    students: dict[str, list[_Entry]] = {}
    left_out: list[LeftOut] = []
    collected = (folder / COLLECTED).is_file()
    for path in folder.iterdir():
        if path.name == COLLECTED:
            continue
        name = read_name(path.name, check)
        if collected and is_id(path.name) and _is_folder(path):
            # Its name was made by `student_id`.
            students.setdefault(path.name, []).append(_folder(path, name, check))
        elif path.is_dir() and name.kind not in ("hidden", "system"):
            students.setdefault(student_id(folder_student(path.name)), []).append(_folder(path, name, check))
        elif name.kind in _NOBODYS and not (name.kind == "unknown" and _may_be_code(path)):
            why, advice = _NOBODYS[name.kind]
            left_out.append(LeftOut(name=printable(path.name), why=why, advice=advice))
        else:
            rank = (_SPARE if name.spare else _NAMED) if name.kind in CODE else _RANKS.get(name.kind, _SEEN)
            one = _Entry(path=path, name=name, rank=rank, paths=(path,), folder=False)
            students.setdefault(student_id(name.stem), []).append(one)
    found = []
    for student, entries in sorted(students.items()):
        one_found, rest = _best(student, entries, folder, check)
        found.append(one_found)
        left_out += rest
    return Listing(found=tuple(found), left_out=tuple(sorted(left_out, key=lambda one: one.name)))


def _folder(path: Path, name: Name, check: str) -> _Entry:
    """One student's folder: its code where names say which it is, else the folder, to be opened when it is read."""
    # What a link points to is not what the student handed in: it is reported, not followed.
    inside = [] if path.is_symlink() else _inside(path, check)
    code = tuple(file for file, read in inside if read.kind in CODE and not read.spare and not _is_folder(file))
    useful = any(read.kind not in (*NOBODYS, "readme", "picture") for _, read in inside)
    rank = _NAMED if code else _PACKED if useful or path.is_symlink() else _MISTAKEN
    return _Entry(path=path, name=name, rank=rank, paths=code or (path,), folder=True)


def _inside(folder: Path, check: str) -> list[tuple[Path, Name]]:
    """Names in one student's folder; none when it cannot be listed, which reading it will say."""
    try:
        return [(file, read_name(file.name, check)) for file in folder.iterdir()]
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _best(student: str, entries: Sequence[_Entry], root: Path, check: str) -> tuple[Found, list[LeftOut]]:
    """Of all names of one student take what counts: the rest is a written part beside it, or left out."""
    least = min(entry.rank for entry in entries)
    best = [entry for entry in entries if entry.rank == least]
    rest = [entry for entry in entries if entry.rank != least]
    graded = min(best, key=lambda entry: entry.path.name)
    written = [entry for entry in rest if entry.name.kind in WRITTEN and not entry.folder and not graded.folder]
    others = [
        LeftOut(
            name=printable(entry.path.name),
            why=f"which lies beside {printable(graded.path.name)}",
            advice="remove the one that does not count",
        )
        for entry in rest
        if entry not in written
    ]
    found = Found(
        student=student,
        paths=tuple(sorted(path for entry in best for path in entry.paths)),
        written=None if graded.folder else tuple(sorted(entry.path for entry in written)),
        check=check,
        root=root,
    )
    return found, others


def _may_be_code(path: Path) -> bool:
    """Whether there is code in a file whose name does not say so; true where only reading it will tell."""
    try:
        return seen_in(on_disk(path, "").head()) is not None
    except (Unreadable, InputError):
        return True
