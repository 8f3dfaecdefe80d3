"""A written part of several files: one LaTeX document, and what it takes in from the files beside it."""

import os
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograder.loading.files import OnDisk, Unreadable, decoded, shorter
from autograder.loading.names import WRITTEN, read_name
from autograder.loading.packed import File, Opened
from autograder.loading.written import MAX_WRITTEN_BYTES, written_file
from autograder.paths import open_below
from autograder.results import Written
from autograder.words import few

MAX_FILES = 100
"""Files that one document may take in."""

NOT_READ = "is not read; hand in the .tex or .md file that it was made from"
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages")
_DEEPEST = 8
_SHOWN = 3
_TAKES_IN = re.compile(
    r"(?<!\\)%[^\n]*"
    r"|\\(?:input|include|subfile|subfileinclude)[ \t]{0,8}\{(?P<name>[^{}\n]{1,200})\}"
    r"|\\input[ \t]{1,8}(?P<bare>[^\s{}\\%]{1,200})"
    r"|\\(?:sub)?(?:import|inputfrom|includefrom)\*?[ \t]{0,8}\{(?P<folder>[^{}\n]{0,200})\}"
    r"[ \t]{0,8}\{(?P<inside>[^{}\n]{1,200})\}"
    r"|\\(?:usepackage|RequirePackage)[ \t]{0,8}(?:\[[^\]\n]{0,200}\])?[ \t]{0,8}\{(?P<package>[^{}\n]{1,200})\}"
)
_WHOLE = re.compile(r"^[^%\n]{0,200}\\documentclass(?![^\n]{0,200}\{(?:subfiles|standalone)\})", re.MULTILINE)
Lookup = Callable[[str], File | None]
"""Finds a file by its path below the document's folder or archive."""


def among(files: Sequence[File]) -> Lookup:
    """Look for files among those that a folder or an archive holds."""
    by_path = {_path(file): file for file in files}
    return by_path.get


def _path(file: File) -> str:
    name = file.steps[-1] if isinstance(file, OnDisk) else file.entry.filename.replace("\\", "/").rpartition("/")[2]
    return f"{file.folder}{name}"


def below(at: int, main: OnDisk) -> Lookup:
    """Look for files in the folder that is open, and below it; a link is opened by nobody."""

    def find(path: str) -> File | None:
        steps = tuple(path.split("/"))
        try:
            os.close(open_below(at, steps))
        except OSError:
            return None
        return OnDisk(
            path=main.path.parent.joinpath(*steps),
            shown=shorter(path),
            name=read_name(steps[-1]),
            folder="".join(f"{step}/" for step in steps[:-1]),
            at=at,
            steps=steps,
        )

    return find


def main_document(files: Sequence[File]) -> File | None:
    """The one file of a written part: of several LaTeX files the one that is a document, or that takes in the others.

    Raises `Unreadable` if several could be it.
    """
    if len(files) < 2:
        return files[0] if files else None
    if all(file.name.kind == "tex" for file in files):
        heads = [(file, file.head().decode("utf-8", "replace")) for file in files]
        for file in files:
            file.close()
        whole = [file for file, head in heads if _WHOLE.search(head)]
        top = [file for file in whole if file.depth == min(one.depth for one in whole)]
        taken = {posixpath.basename(name).removesuffix(".tex") for _, head in heads for name in _names(head)}
        roots = [file for file in files if posixpath.basename(_path(file)).removesuffix(".tex") not in taken]
        for chosen in (top, [file for file in whole if file in roots], [] if whole else roots):
            if len(chosen) == 1:
                return chosen[0]
    several([file.shown for file in files])
    return None


def several(names: Sequence[str]) -> None:
    """Refuse more than one written part.

    Raises `Unreadable` if there are several names.
    """
    if len(names) > 1:
        raise Unreadable(f"{len(names)} written parts: {' and '.join(names[:5])}; keep only the one to be judged")


def _names(text: str) -> list[str]:
    found = (one["name"] or one["bare"] or one["inside"] for one in _TAKES_IN.finditer(text))
    return [name for name in found if name]


@dataclass(kw_only=True)
class _Project:
    """A document while it is put together."""

    main: File
    find: Lookup
    pieces: list[Written] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    left: int = MAX_WRITTEN_BYTES

    def read(self, file: File, depth: int) -> None:
        """Add a file, and in their places those that it takes in."""
        data = file.whole(MAX_WRITTEN_BYTES, "shorten it")
        self.left -= len(data)
        if self.left < 0:
            most = MAX_WRITTEN_BYTES / 1e3
            raise Unreadable(f"{self.main.shown} has more than {most:g} kB with the files it includes; shorten it")
        text = decoded(data, file.shown)
        done = 0
        for found in _TAKES_IN.finditer(text):
            if found.lastgroup is None:
                continue
            taken = list(self._taken(found, file))
            if taken:
                self._add(file, text, done, found.start())
                done = found.end()
            for path in taken:
                self._take(path, depth)
        self._add(file, text, done, len(text))

    def _add(self, file: File, text: str, begin: int, end: int) -> None:
        self.pieces += written_file(text[begin:end], file.shown, "tex", first_line=text.count("\n", 0, begin) + 1)

    def _taken(self, found: re.Match[str], file: File) -> list[str]:
        """Paths of what a command takes in; a package counts where it lies beside."""
        if packages := found["package"]:
            return [path for name in packages.split(",") if (path := self._resolved(f"{name.strip()}.sty", "", file))]
        name = (found["name"] or found["bare"] or found["inside"]).strip().strip('"')
        folder = found["folder"] or ""
        for one in (f"{name}.tex", name):
            if path := self._resolved(one, folder, file):
                return [path]
        self.missing.append(shorter(posixpath.join(folder, name)))
        return []

    def _resolved(self, name: str, folder: str, file: File) -> str:
        """Where a file is, from the document's folder or the one that names it; empty where none is, or outside."""
        for base in dict.fromkeys((self.main.folder, file.folder)):
            path = posixpath.normpath(posixpath.join(base, folder, name))
            if not path.startswith(("/", "..")) and "\0" not in path and self.find(path):
                return path
        return ""

    def _take(self, path: str, depth: int) -> None:
        file = self.find(path)
        if file is None or path in self.seen:
            return
        self.seen.add(path)
        if depth >= _DEEPEST or len(self.seen) > MAX_FILES:
            raise Unreadable(f"{self.main.shown} includes more than {MAX_FILES} files, or files {_DEEPEST} deep")
        self.read(file, depth + 1)


def read_project(main: File, find: Lookup) -> tuple[tuple[Written, ...], str]:
    """Read a LaTeX document with what it takes in, and say what it asks for that is not there.

    Raises `Unreadable` if a file cannot be read, or there is too much.
    """
    project = _Project(main=main, find=find, seen={_path(main)})
    project.read(main, 0)
    missing = list(dict.fromkeys(project.missing))
    if not missing:
        return tuple(project.pieces), ""
    told = few(missing, _SHOWN)
    return tuple(project.pieces), f"{main.shown} includes {told}, not found in its folder, so that was not read"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What may hold the written part of a submission."""

    answers: Sequence[File]
    find: Lookup
    #: A document that nothing here reads; empty when there is none.
    document: str = ""

    def read(self) -> tuple[tuple[Written, ...], str]:
        """Read the written part, and say what of it is not there or not read.

        Raises `Unreadable` if it cannot be read, or there are several.
        """
        main = main_document(self.answers)
        if main is None:
            return (), f"{self.document} {NOT_READ}" if self.document else ""
        if main.name.kind == "tex":
            return read_project(main, self.find)
        text = decoded(main.whole(MAX_WRITTEN_BYTES, "shorten it"), main.shown)
        return written_file(text, main.shown, main.name.kind), ""


def beside(files: Sequence[File], folder: str, opened: Opened) -> Beside:
    """Find what may hold the written part: prose in this folder, else anywhere below, else in archives."""
    answers = [file for file in files if file.name.kind in WRITTEN and file.folder == folder]
    answers = answers or [file for file in files if file.name.kind in WRITTEN]
    if not answers and (packed := [file for file in files if file.name.kind == "zip"]):
        inside = [one for file in packed for one in opened.archive(file)]
        if within := [file for file in inside if file.name.kind in WRITTEN]:
            answers, files = within, inside
    document = next((file.shown for file in files if file.shown.lower().endswith(_DOCUMENTS)), "")
    return Beside(answers=answers, find=among(files), document=document)
