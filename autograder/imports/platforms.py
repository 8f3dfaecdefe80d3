"""Which platform a download is from: the names at its top decide, all of them, and none that a student chose."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import InputError
from autograder.imports import blackboard, brightspace, canvas, folders, gradescope, moodle
from autograder.imports.members import GIT, MAX_FILES, Member, cut, is_the_systems, quoted
from autograder.imports.records import NO_FOLDER, Fits, Reader, Tops, Unpacked, tops_of
from autograder.loading.names import CODE, FileKind, read_name

# The first of two that know as many names is the one whose names hold more.
_PLATFORMS: Mapping[str, tuple[Fits, Reader]] = {
    "gradescope": (gradescope.fits, gradescope.read),
    "moodle": (moodle.fits, moodle.read),
    "brightspace": (brightspace.fits, brightspace.read),
    "blackboard": (blackboard.fits, blackboard.read),
    "canvas": (canvas.fits, canvas.read),
}
_FOLDERS, _CLONES = "folders", "clones"
_ARCHIVES: tuple[FileKind, ...] = ("zip", "archive")
_WORK: tuple[FileKind, ...] = (*CODE, *_ARCHIVES)
_NBGRADERS = ("archive", "extracted")
_DEEPEST = 8
PLATFORMS = "Canvas, Gradescope, Moodle, Blackboard or Brightspace, clones of repositories, or one folder per student"


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice:
    """What a download is taken for."""

    platform: str  #: Empty where its names say nothing, or say two things.
    inside: Sequence[Member]  #: Its files, named from the folder that all of it was packed in.
    beside: Sequence[Member] = ()  #: Files beside that folder.

    @property
    def misfits(self) -> frozenset[str]:
        """Names at the top that may be a student's work and are not called as this platform's."""
        return _misfits(tops_of(self.inside), self.platform)


def may_be_work(name: str) -> bool:
    """Whether a file's name says that a student may have handed it in."""
    return read_name(name).kind in _WORK


def recognized(members: Sequence[Member], download: Path) -> Unpacked:
    """Read a download as the platform's that its names are of.

    Raises `InputError` if it is no platform's, or holds several downloads.
    """
    choice = choose(members)
    tops = tops_of(choice.inside)
    if choice.platform == _FOLDERS and (several := _downloads(choice.inside)):
        raise InputError(
            f"{download}: {quoted(several[0])} and {quoted(several[1])} are two downloads; collect each by itself"
        )
    if not choice.platform:
        why = _why_not(members, choice.inside) or f"its files are not named like those of {PLATFORMS}{_most(tops)}"
        raise InputError(f"{download}: {why}")
    whole = [one for one in choice.inside if not (one.is_empty_folder or one.is_link)]
    files = [one for one in whole if one.name != GIT or choice.platform == _CLONES]
    readers = {_FOLDERS: folders.read_folders, _CLONES: folders.read_clones}
    reader = readers.get(choice.platform) or _PLATFORMS[choice.platform][1]
    found = reader(files)
    if found is None:
        raise InputError(f"{download}: holds no submission of {choice.platform}")
    return replace(found, others=(*found.others, *((member, NO_FOLDER) for member in choice.beside)))


def choose(members: Sequence[Member], deepest: int = _DEEPEST) -> Choice:
    """Find the platform whose names a clear majority of those at the top are.

    A folder that all of a download was packed in is nobody's if a platform's names lie right in it, or students'
    folders: more than one, and no code beside them.
    """
    tops = tops_of(members)
    here = _platform(members, tops)
    outer = [name for name, folder in tops.items() if folder]
    loose = any(may_be_work(name) for name in tops if not tops[name])
    if here not in ("", _FOLDERS) or len(outer) != 1 or loose or not deepest:
        return Choice(platform=here, inside=members)
    beside = [one for one in members if len(one.parts) == 1 and not one.is_empty_folder]
    packed = [one for one in members if len(one.parts) > 1]
    deeper = [replace(one, parts=one.parts[1:], above=(*one.above, one.parts[0])) for one in packed]
    inner = choose(deeper, deepest - 1)
    below = tops_of(inner.inside)
    folder_each = sum(below.values()) > 1 and not any(may_be_work(name) for name in below if not below[name])
    told = not inner.platform and _is_nobodys(below)
    if inner.platform in (*_PLATFORMS, _CLONES) or (inner.platform == _FOLDERS and folder_each) or told:
        return replace(inner, beside=(*inner.beside, *beside))
    return Choice(platform=here, inside=members)


def _platform(members: Sequence[Member], tops: Tops) -> str:
    best = max(_PLATFORMS, key=lambda name: len(_PLATFORMS[name][0](tops)))
    if len(_PLATFORMS[best][0](tops)) > len(_misfits(tops, best)):
        return best
    names = _students(tops)
    if len(names) <= len(_misfits(tops, _FOLDERS)):
        return ""
    return _CLONES if names == folders.clones_in(members) else _FOLDERS


def _students(tops: Tops) -> frozenset[str]:
    """Find the folders that may be called after a student, as no platform would."""
    if _is_nobodys(tops):
        return frozenset()
    strange = moodle.fits(tops) | brightspace.fits(tops)
    return frozenset(name for name, folder in tops.items() if folder and name not in strange)


def _misfits(tops: Tops, platform: str) -> frozenset[str]:
    fit = _PLATFORMS[platform][0](tops) if platform in _PLATFORMS else _students(tops)
    return frozenset(name for name, folder in tops.items() if name not in fit and (folder or may_be_work(name)))


def _is_nobodys(tops: Tops) -> bool:
    """Whether folders are a platform's, and nothing says whose."""
    return gradescope.lacks_list(tops) or {*tops} == {*_NBGRADERS}


def _why_not(members: Sequence[Member], inside: Sequence[Member]) -> str:
    """Say what a download is that is none, where its names tell."""
    tops = tops_of(inside)
    if gradescope.lacks_list(tops):
        return (
            "Gradescope's submissions without submission_metadata.yml, which says whose they are; export them again, "
            "and collect the zip as it is"
        )
    if {*tops} == {*_NBGRADERS}:
        return (
            f"what nbgrader downloaded ({' and '.join(_NBGRADERS)}); collect the platform's zip itself, or what "
            "nbgrader zip_collect made of it, the folder submitted"
        )
    files = [one.name for one in members if not one.is_empty_folder]
    if files and all(read_name(name).kind in _ARCHIVES for name in files):
        return (
            f"holds archives alone (first: {quoted(files[0])}); collect a download by itself, and grade a folder of "
            "archives that are called after students as it is, with hw1 grade"
        )
    return ""


def _most(tops: Tops) -> str:
    """Say how many names fit best, where some do."""
    fitting = {name: len(fits(tops)) for name, (fits, _) in _PLATFORMS.items()} | {_FOLDERS: len(_students(tops))}
    best = max(fitting, key=lambda name: fitting[name])
    like = "folders like students'" if best == _FOLDERS else f"named like {best}'s"
    told = f"; {like}: {fitting[best]} of {len(tops)}, so take the others out"
    return told if fitting[best] else ""


def _downloads(members: Sequence[Member]) -> list[str]:
    """Find downloads that lie side by side; none where most folders are none."""
    inner: dict[str, list[Member]] = {}
    for one in members:
        if len(one.parts) > 1:
            inner.setdefault(one.parts[0], []).append(replace(one, parts=one.parts[1:]))
    found = [name for name, files in inner.items() if _is_whole(choose(files))]
    return sorted(found) if len(found) > max(1, len(inner) // 2) else []


def _is_whole(choice: Choice) -> bool:
    named = choice.platform != "canvas" or canvas.has_long_numbers(tops_of(choice.inside))
    return choice.platform in _PLATFORMS and named


def is_download(path: Path) -> bool:
    """Whether a zip archive is a class's, by the names in it: one student's own has none of a platform's."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return False
    paths = [name.replace("\\", "/") for name in names[:MAX_FILES]]
    parts = [tuple(path.split("/")) for path in paths if path.strip("/") and not path.endswith("/")]
    named = {cut(one) for one in parts if all(one) and not is_the_systems(one)}
    members = [Member(parts=_to_git(one), size=0, read=bytes) for one in sorted(named)]
    choice = choose(members)
    if choice.platform in (_FOLDERS, _CLONES):
        return _is_class(choice.inside)
    if choice.platform == "gradescope" or not choice.platform:
        return bool(choice.platform) or _is_nobodys(tops_of(choice.inside))
    found = _PLATFORMS[choice.platform][1](choice.inside)
    with_code = [one for one in found.attempts if any(_is_code(name) for name, _ in one.files)] if found else []
    return not choice.misfits or len(with_code) > 1


def _to_git(parts: tuple[str, ...]) -> tuple[str, ...]:
    return parts[: parts.index(GIT) + 1] if GIT in parts else parts


def _is_class(members: Sequence[Member]) -> bool:
    """Whether folders are students': of one student's own, at most one holds a notebook, or else modules."""
    code = [one for one in members if _is_code(one.name)]
    if any(len(one.parts) == 1 for one in code):
        return False
    notebooks = {one.parts[0] for one in code if read_name(one.name).kind == "notebook"}
    named = {(one.parts[0], read_name(one.name).stem) for one in code}
    stems = [stem for _, stem in named]
    return len(notebooks or {folder for folder, _ in named}) > 1 or (len(notebooks) == 1 and len({*stems}) < len(stems))


def _is_code(name: str) -> bool:
    return read_name(name).kind in CODE
