"""What students handed in: found in a folder, read as bytes, at most parsed as JSON."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import InputError
from autograder.loading._repair import Repair, by_own_marks
from autograder.loading._written import (
    MAX_WRITTEN_BYTES,
    WRITTEN,
    files_beside,
    too_large,
    written_cells,
    written_file,
)
from autograder.results import Cell, SourceKind, Submission, Written

MAX_BYTES = 10_000_000
"""Size of the largest file that is read, in bytes."""

MAX_CELLS = 2_000
"""Number of cells, of any type, in the largest notebook that is read."""

_CODE = (".py", ".ipynb")
# What the results' own files are called: a student's folder lies beside them.
_OUTPUTS = ("grades.csv", "run.jsonl")
_SKIPPED = ("__pycache__", "__MACOSX", "hw1_check.py")
# Somebody's homework in a form that cannot be graded: losing that student without a word would be worse.
_MISTAKEN = (".pdf", ".zip", ".doc", ".docx", ".html", ".gz", ".tar", ".tgz", ".rar", ".7z", ".rtf")
_PLAIN_BYTES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-")
_ID_LENGTH = 64
_WHAT_TO_GIVE = "give a folder with a .py, a .ipynb or a folder for each student, or one such file"
_SAVE_AGAIN = "open it in Jupyter and save it again"
# What the machine or whoever copied the files did; the student is not charged for it.
_OURS = (errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)


class _Problem(Exception):  # noqa: N818 - never leaves this module: it is the student's, not an error of ours
    """Why a submission cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where one student's submission lies; not read yet.

    Attributes
    ----------
    student : str
        Identifier, safe as a folder name.
    paths : tuple of Path
        The file; several when the student handed in several, and the student's folder when it holds none.
    repair : Repair, optional
        What is done to a notebook's cells before they are read. None: they are what they say they are.
    """

    student: str
    paths: tuple[Path, ...]
    repair: Repair | None = None


def student_id(name: str) -> str:
    """Make a student's identifier from the name of a file or folder.

    Parameters
    ----------
    name : str
        File name without its suffix, or folder name.

    Returns
    -------
    str
        1 to 64 characters of ``[A-Za-z0-9._@%-]``: `name` itself where it has no other characters, else with its UTF-8
        bytes percent-encoded. Never ``.``, ``..`` or the name of a file that results go to, and different for different
        names.
    """
    data = name.encode("utf-8", "surrogateescape")
    encoded = "".join(chr(byte) if byte in _PLAIN_BYTES else f"%{byte:02X}" for byte in data)
    if encoded in (".", "..") or encoded.casefold() in _OUTPUTS:
        return encoded.replace(".", "%2E")
    if len(encoded) <= _ID_LENGTH:
        return encoded
    # "%-" is in no percent-encoding, so a shortened identifier is never another student's.
    return f"{encoded[:30]}%-{hashlib.sha256(data).hexdigest()[:32]}"


def find_submissions(path: Path) -> tuple[Found, ...]:
    """List the submissions in a folder, without reading them.

    Parameters
    ----------
    path : Path
        A folder with one ``<student>.py``, ``<student>.ipynb`` or folder ``<student>/`` for each student, or a single
        file. Hidden names, ``__pycache__`` and ``hw1_check.py`` are passed over, and so are other kinds of files, but a
        student who handed in only a PDF or an archive is listed, to be reported as unreadable.

    Returns
    -------
    tuple of Found
        Sorted by student.

    Raises
    ------
    InputError
        If there is nothing to grade there.
    """
    code: dict[str, list[Path]] = {}
    others: dict[str, list[Path]] = {}
    try:
        if path.is_dir():
            for entry in path.iterdir():
                _sort_in(entry, code, others)
        elif not path.exists() and not path.is_symlink():
            raise InputError(f"submissions {path}: no such file or folder; {_WHAT_TO_GIVE}")
        elif path.suffix.lower() not in _CODE:
            raise InputError(f"submissions {path}: neither a folder nor a .py or .ipynb file; {_WHAT_TO_GIVE}")
        else:
            code[student_id(path.stem)] = [path]
    except OSError as error:
        raise InputError(
            f"submissions {path}: cannot be listed ({error.strerror}); make the folder readable"
        ) from error
    paths = others | code
    if not paths:
        raise InputError(
            f"submissions {path}: no .py or .ipynb file in it; put one file or folder for each student there"
        )
    return tuple(Found(student=student, paths=tuple(sorted(paths[student]))) for student in sorted(paths))


def _sort_in(entry: Path, code: dict[str, list[Path]], others: dict[str, list[Path]]) -> None:
    """Put one name in the submissions' folder where it belongs, if anywhere."""
    if _passed_over(entry.name):
        return
    if entry.is_dir():
        student = student_id(entry.name)
        # What a link points to is not what the student handed in: it is reported, not followed.
        inside = [] if entry.is_symlink() else _code_inside(entry)
        if inside:
            code.setdefault(student, []).extend(inside)
        else:
            others.setdefault(student, []).append(entry)
    elif entry.suffix.lower() in _CODE:
        code.setdefault(student_id(entry.stem), []).append(entry)
    elif entry.suffix.lower() in _MISTAKEN:
        others.setdefault(student_id(entry.stem), []).append(entry)


def _passed_over(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED


def _code_inside(folder: Path) -> list[Path]:
    """Code files in one student's folder; none when it cannot be listed, which reading it will say."""
    try:
        files = [file for file in folder.iterdir() if not _passed_over(file.name) and file.suffix.lower() in _CODE]
        return [file for file in files if file.is_symlink() or not file.is_dir()]
    except OSError:
        return []


def read_submission(found: Found) -> Submission:
    """Read a submission.

    Parameters
    ----------
    found : Found
        Where it lies.

    Returns
    -------
    Submission
        Its code in order; when it cannot be read, no code and `Submission.problem`. It raises nothing a student caused.

    Raises
    ------
    InputError
        If we may not read the file, or the machine cannot.
    """
    path = found.paths[0]
    kind: SourceKind = "notebook" if path.suffix.lower() == ".ipynb" else "module"
    try:
        if len(found.paths) > 1:
            names = " and ".join(_shown(p, found.student) for p in found.paths[:5])
            raise _Problem(f"{len(found.paths)} files for one student: {names}; leave the one to be graded")
        name = _shown(path, found.student)
        text = _text(path, name)
        raw = (found.repair or by_own_marks)(_raw_cells(text, name)) if kind == "notebook" else []
        cells = _notebook_cells(raw, name) if kind == "notebook" else (Cell(label=name, source=text),)
    except _Problem as problem:
        return Submission(student=found.student, path=path, kind=kind, cells=(), sha256="", problem=str(problem))
    sha256 = submission_sha256(kind, [cell.source for cell in cells])
    written, why = _written(path, found.student, raw)
    return Submission(
        student=found.student,
        path=path,
        kind=kind,
        cells=cells,
        sha256=sha256,
        written=written,
        written_problem=why,
    )


def read_written(path: Path) -> tuple[Written, ...]:
    """Read a written part by itself.

    Parameters
    ----------
    path : Path
        A .md, .tex or .ipynb file.

    Returns
    -------
    tuple of Written
        Its pieces; none when a notebook holds no written part.

    Raises
    ------
    InputError
        If it cannot be read, or is larger than what is judged.
    """
    name = _shown(path, "")
    try:
        if path.suffix.lower() == ".ipynb":
            written = written_cells(_raw_cells(_text(path, name), name))
        else:
            written = written_file(_text(path, name, WRITTEN, MAX_WRITTEN_BYTES), name)
    except _Problem as problem:
        raise InputError(str(problem)) from None
    if why := too_large(written):
        raise InputError(f"{name}: {why}")
    return written


def _written(path: Path, student: str, cells: list[dict[str, Any]]) -> tuple[tuple[Written, ...], str]:
    """The written part of a submission, or why it cannot be read."""
    written = written_cells(cells)
    if not written:
        own_folder = student_id(path.parent.name) == student and path.stem != path.parent.name
        files = files_beside(path, own_folder=own_folder)
        if len(files) > 1:
            names = " and ".join(_shown(file, student) for file in files[:5])
            return (), f"{len(files)} written parts: {names}; leave the one to be judged"
        try:
            for file in files:
                label = _shown(file, student)
                written = written_file(_text(file, label, WRITTEN, MAX_WRITTEN_BYTES), label)
        except _Problem as problem:
            return (), str(problem)
    why = too_large(written)
    return (() if why else written), why


def submission_sha256(kind: SourceKind, sources: Sequence[str]) -> str:
    """Hash of a submission's code.

    Parameters
    ----------
    kind : {"module", "notebook"}
        How the sources relate.
    sources : sequence of str
        The code in order, without nbgrader's test cells; Unicode without lone surrogates.

    Returns
    -------
    str
        64 hexadecimal digits. Whatever is not code (outputs, Markdown, metadata) does not change them.
    """
    digest = hashlib.sha256(kind.encode())
    for source in sources:
        data = source.encode("utf-8")
        # Lengths go in too: moving code from one cell to the next is another submission.
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def _shown(path: Path, student: str) -> str:
    """Name a file in one printable line, with the student's folder but nothing above it."""
    inside = student_id(path.parent.name) == student and path.parent.name != ""
    name = f"{path.parent.name}/{path.name}" if inside else path.name
    name = "".join(character if character.isprintable() else "?" for character in name)
    return name if len(name) <= 100 else f"{name[:60]}...{name[-30:]}"


def _text(path: Path, name: str, kinds: Sequence[str] = _CODE, most: int = MAX_BYTES) -> str:
    """Read a file of one of some kinds, without following a link, waiting for a pipe or swallowing a giant."""
    try:
        # Neither a link nor a FIFO nor a terminal may be anything but a refusal.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        _raise_ours(error, name)
        why = "is a symbolic link" if error.errno == errno.ELOOP else f"cannot be opened ({error.strerror})"
        raise _Problem(f"{name} {why}; hand in the file itself") from None
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise _Problem(f"{name}/ holds no .py or .ipynb file; hand in one")
        if not stat.S_ISREG(status.st_mode):
            raise _Problem(f"{name} is not a regular file; hand in a {kinds[0]} or {kinds[1]} file")
        if path.suffix.lower() not in kinds:
            second = f"an {kinds[1]}" if kinds is _CODE else f"a {kinds[1]}"
            raise _Problem(f"{name} is neither a {kinds[0]} nor {second} file; hand in one of these")
        data = _read(descriptor, most) if status.st_size <= most else None
    except OSError as error:
        _raise_ours(error, name)
        raise _Problem(f"{name} cannot be read ({error.strerror}); hand it in again") from None
    finally:
        os.close(descriptor)
    if data is None or len(data) > most:
        size = max(status.st_size, most + 1) / 1e6
        how = "clear the outputs and save again" if kinds is _CODE else "shorten it"
        raise _Problem(f"{name} has {size:.1f} MB, the limit is {most / 1e6:g} MB; {how}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Problem(f"{name} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from None


def _raise_ours(error: OSError, name: str) -> None:
    if error.errno in _OURS:
        raise InputError(f"{name} cannot be read ({error.strerror}); make it readable, then grade it again") from error


def _read(descriptor: int, most: int) -> bytes:
    """Read at most one byte more than the limit: a file can grow while it is read."""
    pieces: list[bytes] = []
    left = most + 1
    while left and (piece := os.read(descriptor, min(left, 1 << 20))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _notebook_cells(raw: list[dict[str, Any]], name: str) -> tuple[Cell, ...]:
    """Code cells in order, labelled as Jupyter shows them, without nbgrader's test cells."""
    code = [cell for cell in enumerate(raw, 1) if cell[1].get("cell_type") == "code"]
    cells: list[Cell] = []
    for number, (position, cell) in enumerate(code, 1):
        metadata = cell.get("metadata")
        nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        if isinstance(nbgrader, dict) and nbgrader.get("grade") is True and not nbgrader.get("solution"):
            continue
        source = cell.get("source")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise _Problem(f"{name} has a code cell (position {position}) without text; {_SAVE_AGAIN}")
        # JSON can spell half a surrogate pair, which no later encoding would survive.
        cells.append(Cell(label=f"cell {number}", source=source.encode("utf-8", "replace").decode("utf-8")))
    return tuple(cells)


def _raw_cells(text: str, name: str) -> list[dict[str, Any]]:
    """Cells of a version 4 notebook as JSON has them."""
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise _Problem(f"{name} is not valid JSON (line {error.lineno}, column {error.colno}); {_SAVE_AGAIN}") from None
    except ValueError:
        raise _Problem(f"{name} holds a number with too many digits; {_SAVE_AGAIN}") from None
    except RecursionError:
        raise _Problem(f"{name} is nested too deeply; {_SAVE_AGAIN}") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if isinstance(version, bool) or not isinstance(version, int):
        raise _Problem(f"{name} is not a notebook; {_SAVE_AGAIN}")
    if version != 4:
        # Any number of digits may stand there, but only a short one helps.
        shown = str(version) if 0 <= version < 100 else "unknown"
        raise _Problem(f"{name} is a notebook of version {shown}, not 4; {_SAVE_AGAIN}")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise _Problem(f"{name} has no list of cells; {_SAVE_AGAIN}")
    if len(cells) > MAX_CELLS:
        raise _Problem(f"{name} has {len(cells)} cells, the limit is {MAX_CELLS}; remove some")
    return cells
