"""What students handed in, read as bytes, at most parsed as JSON."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import InputError
from autograder.loading.blocks import MAX_BLOCKS_BYTES, Blocks, read_blocks
from autograder.loading.files import (
    OnDisk,
    Unreadable,
    cannot_be_opened,
    decoded,
    names_in,
    on_disk,
    seen_in,
    shorter,
    shown,
)
from autograder.loading.helpers import is_folder, near_in, near_on_disk, not_imported, read_helpers
from autograder.loading.listing import Found
from autograder.loading.names import CODE, WRITTEN, FileKind
from autograder.loading.notebook import code_of, parse_cells, read_cells
from autograder.loading.packed import File, Opened, shallowest
from autograder.loading.projects import NOT_READ, Beside, among, below, beside, several
from autograder.loading.written import files_beside, has_derivatives, own_folder, too_large, written_cells, written_file
from autograder.paths import open_folder
from autograder.results import Cell, Submission, Written
from autograder.sandbox._worker.text import NotebookCell, Repair, by_own_marks
from autograder.words import SourceKind

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

_HAND_IN = "hand in the .py or .ipynb file"
_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class _Code:
    """The code of a submission, and what was read of it besides; `any` where there is code or a place for it."""

    kind: SourceKind
    cells: tuple[Cell, ...]
    notebook: Sequence[NotebookCell] = ()
    prose: tuple[Written, ...] = ()
    any: bool = True
    helpers: tuple[Cell, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of all that is run; two who handed in no code at all did not hand in the same code."""
        return submission_sha256(self.kind, [cell.source for cell in self.cells], self.helpers) if self.any else ""


def read_submission(found: Found) -> Submission:
    """Read a submission: its code in order; when it cannot be read, no code and `Submission.problem`.

    Raises nothing a student caused, and `InputError` if we may not read the file, or the machine cannot.
    """
    try:
        with _home(found) as at:
            path = _main(found, at)
            code, beside = _folder(path, found, at) if is_folder(path.name, at) else _file(path, found, at)
            written, why = _written(code, beside)
    except Unreadable as problem:
        return Submission(student=found.student, kind="module", cells=(), sha256="", problem=str(problem))
    return Submission(
        student=found.student,
        kind=code.kind,
        cells=code.cells,
        sha256=code.sha256,
        helpers=code.helpers,
        written=written,
        written_problem=why,
    )


def read_written(path: Path) -> tuple[tuple[Written, ...], str]:
    """Read a written part by itself: a .md, .tex or .ipynb file, or a .zip of a LaTeX project.

    Its pieces come with what it takes in that is not there; a notebook may hold none.

    Raises `InputError` if it cannot be read, or is larger than what is judged.
    """
    try:
        at = open_folder(path.parent, ())
    except OSError as error:
        raise InputError(f"{path}: its folder cannot be opened ({error.strerror})") from error
    try:
        file = on_disk(path, "", at)
        written, why = _by_itself(file, at)
    except Unreadable as problem:
        raise InputError(str(problem)) from None
    finally:
        os.close(at)
    if large := too_large(written):
        raise InputError(f"{file.shown}: {large}")
    return written, why


def _by_itself(file: OnDisk, at: int) -> tuple[tuple[Written, ...], str]:
    if file.name.kind == "notebook":
        return written_cells(read_cells(file)), ""
    if file.name.kind == "zip":
        opened = Opened("")
        return beside(opened.archive(file), "", opened).read()
    if file.name.kind in WRITTEN:
        return Beside(answers=[file], find=below(at, file)).read()
    if file.name.kind == "document":
        raise Unreadable(f"{file.shown} {NOT_READ}")
    raise Unreadable(f"{file.shown} is neither a .md nor a .tex file; hand in one of these")


def read_again(found: Found, sha256: str) -> list[NotebookCell]:
    """Read a submission that is one notebook once more, to show it: a class of them would not fit into memory.

    Raises `InputError` if it cannot be read any more, or `sha256` is not the hash of what is in it now.
    """
    try:
        with _home(found) as at:
            file = on_disk(found.paths[0], found.student, at)
            code = _with_helpers(_notebook(file, file.whole(), found.repair), file, found, at)
    except Unreadable as problem:
        raise InputError(f"{problem}; it has changed since it was graded") from None
    if code.sha256 != sha256:
        raise InputError(f"{file.shown} has changed since it was graded; autograde again")
    return list(code.notebook)


def submission_sha256(kind: SourceKind, sources: Sequence[str], helpers: Sequence[Cell] = ()) -> str:
    """Hash of a submission's code.

    `sources` is the code in order, without nbgrader's test cells and lone surrogates; `helpers` the modules of the
    student's own. Whatever is not code (outputs, Markdown, metadata) does not change the hash.
    """
    digest = hashlib.sha256(kind.encode())
    for source in sources:
        _add(digest, source)
    for one in helpers:
        # No source is as long as this says, so a helper is never taken for a cell.
        digest.update(b"\xff" * 8)
        _add(digest, one.label)
        _add(digest, one.source)
    return digest.hexdigest()


def _add(digest: Hash, text: str) -> None:
    """Add a text and its length: moving code from one cell to the next is another submission."""
    data = text.encode("utf-8")
    digest.update(len(data).to_bytes(8, "big"))
    digest.update(data)


@contextlib.contextmanager
def _home(found: Found) -> Iterator[int]:
    """Open the folder that a submission lies in, once: all of it is opened from there."""
    path = found.paths[0]
    root = path.parent if found.root is None else found.root
    steps = path.parent.relative_to(root).parts
    try:
        at = open_folder(root, steps)
    except OSError as error:
        raise cannot_be_opened(error, shorter(str(error.filename)) if steps else shown(path, found.student)) from None
    try:
        yield at
    finally:
        os.close(at)


def _main(found: Found, at: int) -> Path:
    """Of several files that lie in the student's own folder, take the one that imports the others."""
    if len(found.paths) == 1:
        return found.paths[0]
    if not _in_own_folder(found):
        raise _several([shown(one, found.student) for one in found.paths])
    files = [on_disk(one, found.student, at) for one in found.paths]
    rest = _one(not_imported(files))
    return found.paths[0] if rest is None else rest.path


def _in_own_folder(found: Found) -> bool:
    """Whether what lies beside the code is this student's, too: below the folder of all, and of one name."""
    if found.root is None:
        return found.own
    return all(found.root != one.parent == found.paths[0].parent for one in found.paths)


def _file(path: Path, found: Found, at: int) -> tuple[_Code, Callable[[], Beside]]:
    """Read a submission that is one file, and say where to look for its written part."""
    file = on_disk(path, found.student, at)
    if file.name.kind == "zip":
        return _packed(Opened(found.check), [file], file.shown, found.repair)

    def near() -> Beside:
        if found.written is None and own_folder(path, found.student):
            opened = Opened(found.check)
            inside = opened.folder(path.parent, shorter(path.parent.name), at, ".")
            return beside([one for one in inside if one.path != path], "", opened)
        paths = files_beside(path, names_in(at)) if found.written is None else found.written
        return Beside(answers=[on_disk(one, found.student, at) for one in paths], find=lambda _: None)

    kind = file.name.kind if file.name.kind != "unknown" else seen_in(file.head())
    if kind in WRITTEN:
        return _prose(file), near
    if kind not in CODE:
        file.head()
        raise Unreadable(_not_code(file))
    return _with_helpers(_code(file, found.repair), file, found, at), near


def _with_helpers(code: _Code, file: OnDisk, found: Found, at: int) -> _Code:
    """Add the modules that code imports, if it lies in a folder of the student's own."""
    if not _in_own_folder(found):
        return code
    near = near_on_disk(file, at, lambda: names_in(at), found.student, found.check)
    return replace(code, helpers=read_helpers([cell.source for cell in code.cells], near, file.shown))


def _folder(path: Path, found: Found, at: int) -> tuple[_Code, Callable[[], Beside]]:
    opened = Opened(found.check)
    name = shown(path, found.student)
    return _packed(opened, opened.folder(path, name, at), f"{name}/", found.repair)


def _packed(opened: Opened, files: list[File], name: str, repair: Repair | None) -> tuple[_Code, Callable[[], Beside]]:
    """Read the one submission in a folder or an archive."""
    everything: list[File] = []
    file = _one(not_imported(_code_among(files, opened, everything)))
    if file is not None:
        code = _code(file, repair)
        helpers = read_helpers([cell.source for cell in code.cells], near_in(everything, file), file.shown)
        return replace(code, helpers=helpers), lambda: beside(everything, file.folder, opened)
    answers = [file for file in everything if file.name.kind in WRITTEN]
    read = [(file, _prose(file)) for file in answers]
    with_code = _one(shallowest(file for file, prose in read if prose.cells))
    if with_code is None and answers:
        empty = _Code(kind="notebook", cells=(), any=False)
        return empty, lambda: Beside(answers=answers, find=among(everything))
    if with_code is None:
        raise Unreadable(_nothing(everything, opened.passed, name))
    prose = next(prose for file, prose in read if file is with_code)
    others = [file for file in answers if file is not with_code]
    return prose, lambda: Beside(answers=others, find=among(everything))


def _code_among(files: list[File], opened: Opened, everything: list[File]) -> list[File]:
    """Find what may be the code: by name, by content, in archives; all that was looked at goes into `everything`."""
    everything += files
    named = [file for file in files if file.name.kind in CODE]
    for wanted in ([file for file in named if not file.name.spare], named):
        if wanted:
            return shallowest(wanted)
    if seen := _holding_code([file for file in files if file.name.kind == "unknown"]):
        return shallowest(seen)
    inside = [one for file in files if file.name.kind == "zip" for one in opened.archive(file)]
    return _code_among(inside, opened, everything) if inside else []


def _holding_code(files: Sequence[File]) -> list[File]:
    """Find those with code in them; the first, the only one that can count, stays open to be read."""
    found: list[File] = []
    for file in files:
        with contextlib.suppress(Unreadable):
            if seen_in(file.head()) is not None:
                found.append(file)
        if file not in found[:1]:
            file.close()
    return found


def _one(files: Sequence[File]) -> File | None:
    """The only one of them."""
    if len(files) > 1:
        raise _several([file.shown for file in files])
    return files[0] if files else None


def _several(names: Sequence[str]) -> Unreadable:
    told = " and ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return Unreadable(f"{len(names)} files for one student: {told}; keep only the one to be graded")


def _code(file: File, repair: Repair | None) -> _Code:
    """Read a notebook or a module: a notebook by its name or by what is in it, whatever it is called."""
    data = file.whole()
    if file.name.kind == "notebook" or seen_in(data) == "notebook":
        return _notebook(file, data, repair)
    cell = Cell(label=file.shown, source=decoded(data, file.shown))
    return _Code(kind="module", cells=(cell,))


def _notebook(file: File, data: bytes, repair: Repair | None) -> _Code:
    cells = (repair or by_own_marks)(parse_cells(data, file))
    return _Code(kind="notebook", cells=code_of(cells, file.shown), notebook=cells)


def _prose(file: File) -> _Code:
    """Read a file whose prose is the written part, and whose Python blocks, if any, are the code."""
    text = decoded(file.whole(MAX_BLOCKS_BYTES, "shorten it"), file.shown)
    blocks = read_blocks(text, file.shown) if file.name.kind == "prose" else Blocks(cells=(), prose=text)
    prose = written_file(blocks.prose, file.shown, file.name.kind)
    return _Code(kind="notebook", cells=blocks.cells, prose=prose, any=bool(blocks.cells))


def _written(code: _Code, near: Callable[[], Beside]) -> tuple[tuple[Written, ...], str]:
    """The written part of a submission, and what of it cannot be read."""
    written, why = written_cells(code.notebook), ""
    if not written:
        try:
            found = near()
            if code.prose and (not found.answers or has_derivatives(code.prose)):
                several([code.prose[0].label, *(file.shown for file in found.answers)])
                written = code.prose
            else:
                written, why = found.read()
        except Unreadable as problem:
            return (), str(problem)
    large = too_large(written)
    return ((), large) if large else (written, why)


def _not_code(file: OnDisk) -> str:
    """Say what a file is that holds no code."""
    told: dict[FileKind, str] = {
        "archive": f"is an archive that is not opened; {_HAND_IN} itself, or a .zip",
        "unknown": f"is neither Python nor a notebook; {_HAND_IN}",
    }
    return f"{file.shown} {told.get(file.name.kind, 'is neither a .py nor an .ipynb file; hand in one of these')}"


def _nothing(files: Sequence[File], passed: Sequence[str], name: str) -> str:
    """Say what lies in a folder or an archive that holds no code."""
    names = [file.shown.rpartition("/")[2] for file in files if file.shown != name]
    if names:
        return f"{name} holds no .py or .ipynb file, only {_some(names)}; hand in one"
    if passed:
        return f"{name} holds no file of yours, only {_some(passed)}; hand in a .py or .ipynb file"
    return f"{name} is empty; hand in a .py or .ipynb file"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    told = " and ".join(names[:_NAMED]) if more <= 0 else ", ".join(names[:_NAMED])
    return f"{told} and {more} more" if more > 0 else told
