"""What a file's name says: whose it is, and what is in it. One pure function, asked wherever a name decides."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

FileKind = Literal[
    "notebook", "module", "prose", "tex", "zip", "archive", "document", "picture", "readme", "ours", "system", "hidden",
    "unknown",
]  # fmt: skip
"""``prose`` is Markdown, Quarto or R Markdown; of what is ``unknown`` the content decides."""

CODE: tuple[FileKind, ...] = ("notebook", "module")
WRITTEN: tuple[FileKind, ...] = ("prose", "tex")
NOBODYS: tuple[FileKind, ...] = ("ours", "system", "hidden")
"""Passed over wherever they lie."""

_ENDINGS: dict[FileKind, tuple[str, ...]] = {
    "notebook": ("ipynb",),
    "module": ("py", "pyw"),
    "prose": ("md", "markdown", "qmd", "rmd"),
    "tex": ("tex", "latex"),
    "zip": ("zip",),
    "archive": ("gz", "tar", "tgz", "rar", "7z", "xz", "txz", "bz2", "tbz2", "zst"),
    "document": ("pdf", "doc", "docx", "odt", "html", "htm", "rtf", "pages"),
    "picture": ("png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "tif", "tiff", "heic", "heif"),
}
_KINDS: dict[str, FileKind] = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
_ADDED = ("txt", "text", "json", "bin")
_UNFINISHED = ("crdownload", "download", "part", "partial", "opdownload")
_SYSTEM = frozenset(
    {"__pycache__", "__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "node_modules", "site-packages", "venv"}
)
# What a release gives out besides what is to be filled in.
_HANDOUT, _HANDOUT_KINDS = "handout", ("prose", "document", "unknown")
_CHECK_KINDS = ("module", "unknown")
_CHECKPOINT = "-checkpoint"
_AGAIN = re.compile(r" ?\(\d{1,2}\)\Z")
_COPY = re.compile(r"(?: - |[ _-])(?:copy|\d{1,2})\Z")
_TAIL = 16
"""Longer than whatever marks a copy: only so much of a name's end is searched."""

_PLAIN_BYTES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-")
ID_LENGTH = 64
"""Characters of the longest identifier of a student."""

COLLECTED = ".collected.csv"
"""What `hw1 collect` leaves among the submissions: where each file came from."""
# What the results' own files are called: a student's folder lies beside them.
_OUTPUTS = ("grades.csv", "results.jsonl", "roster.csv", "run.jsonl")


@dataclass(frozen=True, kw_only=True)
class Name:
    """What the name of a file says."""

    #: What is left without endings and marks of a copy: the student, where the file lies among the submissions.
    stem: str
    kind: FileKind
    #: Whether it only counts where nothing better lies: an unfinished download, or Jupyter's own copy.
    spare: bool = False
    unfinished: bool = False  #: Whether a browser was still loading it; it may be whole all the same.


def read_name(name: str, check: str = "") -> Name:
    """Read the name of a file.

    The endings and numbers that browsers and mail programs add are read through: ``a (1).ipynb.txt`` is the notebook
    ``a``. `check` is `Assignment.check_module`, of which copies come back.
    """
    if name.startswith("."):
        return Name(stem=name, kind="hidden")
    if name.casefold() in _SYSTEM or name.casefold().endswith(".pyc"):
        return Name(stem=name, kind="system")
    rest, added = _without_added(name)
    stem, ending = _split(rest)
    kind: FileKind = _KINDS.get(ending, "unknown")
    if ending not in _KINDS:
        stem = rest
    stem = _without_code_endings(stem, kind)
    unfinished = any(one in _UNFINISHED for one in added)
    checkpoint = kind in (*CODE, "unknown") and stem.endswith(_CHECKPOINT) and stem != _CHECKPOINT
    if checkpoint:
        stem = _without_number(stem.removesuffix(_CHECKPOINT))
    released = _as_released(stem)
    if (released == _HANDOUT and kind in _HANDOUT_KINDS) or (
        check and released == check.casefold() and kind in _CHECK_KINDS
    ):
        kind = "ours"
    elif kind in ("prose", "unknown") and stem.casefold() == "readme":
        kind = "readme"
    return Name(stem=stem, kind=kind, spare=unfinished or checkpoint, unfinished=unfinished)


def folder_student(name: str) -> str:
    """Say whose a folder is: all of its name, but for what a browser adds while it loads a file into a folder."""
    read = read_name(name)
    return read.stem if read.unfinished else name


def student_id(name: str) -> str:
    """Make a student's identifier from the name of a file or folder.

    It is 1 to 64 characters of ``[A-Za-z0-9._@%-]``: `name` itself where it has no other characters, else with its
    UTF-8 bytes percent-encoded. It is never ``.``, ``..`` or the name of a file that results go to, and different for
    different names.
    """
    data = name.encode("utf-8", "surrogateescape")
    encoded = "".join(chr(byte) if byte in _PLAIN_BYTES else f"%{byte:02X}" for byte in data)
    if encoded in (".", "..") or encoded.casefold() in _OUTPUTS:
        return encoded.replace(".", "%2E")
    if len(encoded) <= ID_LENGTH:
        return encoded
    # "%-" is in no percent-encoding, so a shortened identifier is never another student's.
    return f"{encoded[:30]}%-{hashlib.sha256(data).hexdigest()[:32]}"


def is_id(name: str) -> bool:
    """Whether a name may be an identifier as `student_id` makes it."""
    plain = _PLAIN_BYTES.union(b"%").issuperset(name.encode("utf-8", "surrogateescape"))
    return plain and 0 < len(name) <= ID_LENGTH


def printable(text: str) -> str:
    """Spell a name in one line that no terminal obeys."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _split(name: str) -> tuple[str, str]:
    """Stem and ending, in small letters; no ending where nothing would be left."""
    stem, _, ending = name.rpartition(".")
    return (stem, ending.casefold()) if stem.strip(" .") else (name, "")


def _without_added(name: str) -> tuple[str, list[str]]:
    """Take off what browsers and mail programs put behind a name; what was taken off."""
    added: list[str] = []
    rest = _without_number(name.rstrip(" ."))
    while True:
        stem, ending = _split(rest)
        if ending not in (*_ADDED, *_UNFINISHED):
            return rest or name, added
        added.append(ending)
        rest = _without_number(stem)


def _without_code_endings(stem: str, kind: FileKind) -> str:
    """Take off the endings below the one that counts: a notebook that was printed, packed or exported has its own."""
    below: tuple[FileKind, ...] = (*CODE, "archive") if kind == "archive" else CODE
    rest = _without_number(stem)
    while True:
        stem, ending = _split(rest)
        if _KINDS.get(ending) not in below:
            return rest
        rest = _without_number(stem)


def _without_number(name: str) -> str:
    """Take off the numbers of further downloads, as long as something is left."""
    while found := _AGAIN.search(name, max(0, len(name) - _TAIL)):
        if not name[: found.start()].strip(" ."):
            break
        name = name[: found.start()]
    return name


def _as_released(stem: str) -> str:
    """What a file of ours was called before somebody copied it."""
    rest = stem.casefold().removeprefix("copy of ")
    found = _COPY.search(rest, max(0, len(rest) - _TAIL))
    return rest[: found.start()] if found else rest
