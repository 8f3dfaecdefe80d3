"""A release in memory, and how it gets into a folder where somebody may have been at work."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import PRIVATE, RELEASED
from autograder.errors import OutputError
from autograder.paths import open_folder, write_at

_RECORD = f"{PRIVATE}/{RELEASED}"
_LARGEST = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Release:
    """What one command gives out."""

    files: Mapping[str, bytes]  #: Content by path, relative to the release's folder, with ``/``.
    #: Of the instructor's own files, by path, a text that must be in it: an edited one that has it is kept as it is.
    #: Files that are not here go to students.
    kept: Mapping[str, str]
    #: Whether digests of what is written are kept in its ``.autograder``, to tell an edit from an older release.
    recorded: bool

    @property
    def students(self) -> dict[str, bytes]:
        """What students get."""
        return {path: content for path, content in self.files.items() if path not in self.kept}


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of one file."""

    path: str  #: As in `Release.files`.
    what: str  #: written, unchanged, replaced, or kept as it is, since the instructor edited it


def write(release: Release, folder: Path, *, force: bool) -> tuple[Written, ...]:
    """Write a release into a folder; nothing else in the folder is touched.

    The folder is made when it is not there. With `force` files that somebody edited are replaced as well.

    Raises `OutputError` if an edited file would have to be replaced, or students get the whole folder and there is more
    in it: then nothing was written. Or if a file cannot be written.
    """
    try:
        _refuse_others(release, folder)
        record = _read_record(folder) if release.recorded else {}
        plan = [
            Written(path=path, what=_fate(release, folder, path, record.get(path, ""), force=force))
            for path in release.files
        ]
        _refuse(release, folder, [one.path for one in plan if one.what == "edited"])
        # Grades will lie in a course beside what is released.
        folder.mkdir(mode=0o700 if release.recorded else 0o777, parents=True, exist_ok=True)
        for one in plan:
            if one.what in ("written", "replaced"):
                _write(folder / one.path, release.files[one.path])
        if release.recorded:
            ours = {one.path: _digest(release.files[one.path]) for one in plan if one.what != "kept"}
            _write_record(folder, dict(sorted({**record, **ours}.items())))
    except OSError as error:
        raise OutputError(
            f"{error.filename or folder}: cannot be written ({error.strerror}); check the folder"
        ) from None
    return tuple(plan)


def for_each(releases: Mapping[str, Release]) -> Release:
    """Put releases into folders of one, by the folder's name."""
    files = {f"{folder}/{path}": content for folder, one in releases.items() for path, content in one.files.items()}
    return Release(files=files, kept={}, recorded=False)


def beside(release: Release, folder: Path) -> dict[str, bytes]:
    """Read what lies among the students' files already: nbgrader hands that out, too.

    By path, like `Release.files`; what nbgrader leaves out is not there, and a file over 10 MB is empty.

    Raises `OutputError` if one cannot be read.
    """
    found: dict[str, bytes] = {}
    try:
        for home in sorted({Path(path).parent for path in release.students} - {Path()}):
            for file in sorted((folder / home).rglob("*")):
                path = file.relative_to(folder)
                left_out = any(part in (".ipynb_checkpoints", "__pycache__") for part in path.parts)
                if not left_out and path.as_posix() not in release.files and file.is_file():
                    found[path.as_posix()] = file.read_bytes() if file.stat().st_size <= _LARGEST else b""
    except OSError as error:
        raise OutputError(
            f"{error.filename}: cannot be read ({error.strerror}), and students would get it; make it readable "
            "or remove it"
        ) from None
    return found


def _refuse_others(release: Release, folder: Path) -> None:
    if release.recorded or not folder.is_dir():
        return
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir()}
    if others := sorted(there - set(release.files)):
        raise OutputError(
            f"{folder}: holds {others[0]!r} too, and students get the whole folder; nothing was written: give a folder "
            "of the release's own"
        )


def _fate(release: Release, folder: Path, path: str, recorded: str, *, force: bool) -> str:
    try:
        there = (folder / path).read_bytes()
    except FileNotFoundError:
        return "written"
    if there == release.files[path]:
        return "unchanged"
    if force or _digest(there) == recorded:
        return "replaced"
    return "kept" if path in release.kept and release.kept[path].encode() in there else "edited"


def _refuse(release: Release, folder: Path, edited: list[str]) -> None:
    """Stop before anything is overwritten that somebody may miss."""
    if not edited:
        return
    path = edited[0]
    if path in release.kept:
        raise OutputError(
            f"{folder / path} is not ours and does not say {release.kept[path]!r}: add to it the import and the call "
            "that a release into an empty folder has there (its course_id and root stay yours), or pass --force to "
            "replace it"
        )
    raise OutputError(
        f"{folder}: somebody edited {', '.join(edited)}, and nothing was written: "
        "move what is there elsewhere, or pass --force to replace it"
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_record(folder: Path) -> dict[str, str]:
    """Read the digests of an earlier release; a spoiled record knows none, and then every file counts as edited."""
    try:
        record = json.loads((folder / _RECORD).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write_record(folder: Path, record: Mapping[str, str]) -> None:
    (folder / _RECORD).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = (json.dumps(record, indent=1) + "\n").encode()
    path = folder / _RECORD
    if not path.exists() or path.read_bytes() != content:
        _write(path, content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = open_folder(path.parent)
    try:
        write_at(folder, path.name, content, mode=0o666)  # for whom the umask says
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        os.close(folder)
