"""A course as nbgrader's configuration describes it: which homework, which folders, which gradebook.

Like every nbgrader command this runs the instructor's ``nbgrader_config.py``. It does so without nbgrader, which takes
seconds to import.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import SECRET, private
from autograder.errors import InputError
from autograder.loading import Found, LeftOut, Listing, printable, student_id
from autograder.nbgrader_plugin.source import read_source, repair

if TYPE_CHECKING:
    from traitlets.config import Config

_DEFAULTS = {
    "root": "",
    "directory_structure": "{nbgrader_step}/{student_id}/{assignment_id}",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "student_id": "*",
    "student_id_exclude": "",
    "db_url": "",
}
# What nbgrader called its sections and settings before, and still takes.
_OLD_SECTIONS = ("NbGraderConfig", "BasicConfig", "BaseNbGraderApp", "BaseApp", "NbGrader")
_OLD_NAMES = {"course_directory": "root"}
# Stands for the student in a path until it is known which part of the path names one; no path holds it.
ANYBODY = "\ue000"


@dataclass(frozen=True, kw_only=True)
class Course:
    """What nbgrader goes by in a course."""

    packages: tuple[Path, ...]  #: The homeworks that `autograder.nbgrader_plugin.configure` was called for.
    root: Path  #: nbgrader's folder of the course, absolute.
    settings: dict[str, str]  #: nbgrader's own, by their names in its section ``CourseDirectory``.

    @property
    def db_url(self) -> str:
        """The gradebook."""
        url = self.settings["db_url"] or "sqlite:///gradebook.db"
        file = url.removeprefix("sqlite:///")
        return url if file == url else f"sqlite:///{self.root / file}"

    def package(self) -> Path | None:
        """Say which homework the course grades.

        Raises `InputError` if it names several.
        """
        if len(self.packages) > 1:
            raise InputError(
                f"nbgrader_config.py names {len(self.packages)} homeworks; say which: --assignment {self.packages[0]}"
            )
        return self.packages[0] if self.packages else None

    def submissions(self, assignment_id: str, check: str = "") -> Listing:
        """List what nbgrader has collected, to be read with nbgrader's repairs; `check` is the self-check's module.

        Raises `InputError` if it is no course, nobody handed in, or the gradebook cannot be read.
        """
        self._refuse_no_course(assignment_id)
        source = read_source(self.db_url, assignment_id)
        mend = partial(repair, source=source) if source else None
        found, left_out = [], []
        root = trusted(self._around("submitted_directory", assignment_id)[0])
        for name, folder in self._folders("submitted_directory", assignment_id):
            notebook = folder / f"{assignment_id}.ipynb"
            if os.path.lexists(notebook):
                found.append(Found(student=student_id(name), paths=(notebook,), repair=mend, check=check, root=root))
            else:
                left_out.append(LeftOut(name=printable(name), **no_notebook(folder, assignment_id)))
        if not found:
            raise InputError(
                f"{self._nobody(assignment_id, left_out)}; collect submissions first (nbgrader collect "
                f"{assignment_id}), or give a folder of SUBMISSIONS and --output"
            )
        return Listing(
            found=tuple(sorted(found, key=lambda one: one.student)),
            left_out=tuple(sorted(left_out, key=lambda one: one.name)),
        )

    def was_autograded(self, assignment_id: str) -> bool:
        """Say whether nbgrader has graded anybody: then it needs ``--force`` to do so again."""
        return any(True for _ in self._folders("autograded_directory", assignment_id))

    def _refuse_no_course(self, assignment_id: str) -> None:
        """Tell a folder that nobody configured, and nobody handed in to, from a course."""
        configured = any((self.root / f"nbgrader_config.{kind}").is_file() for kind in ("py", "json"))
        where, _ = os.path.split(self._around("submitted_directory", assignment_id)[0])
        if not (configured or (private(self.root) / SECRET).exists() or os.path.lexists(where)):
            raise InputError(
                f"{self.root} is not a course: it has no nbgrader_config.py; make one with hw1 release nbgrader "
                "--course DIR, or give a folder of SUBMISSIONS and --output"
            )

    def _nobody(self, assignment_id: str, left_out: list[LeftOut]) -> str:
        before, after = self._around("submitted_directory", assignment_id)
        if left_out:
            return f"nobody handed in {assignment_id}.ipynb ({left_out[0]})"
        where, _ = os.path.split(before)
        try:
            os.scandir(where).close()
        except OSError as error:
            return f"{where}: cannot be listed ({error.strerror})"
        return f"{before}STUDENT{after}: nobody handed in {assignment_id}"

    def _folders(self, step: str, assignment_id: str) -> Iterator[tuple[str, Path]]:
        """Students and their folders for one of nbgrader's steps; ``STUDENT`` in a path may be anywhere."""
        before, after = self._around(step, assignment_id)
        excluded = self.settings["student_id_exclude"].split(",")
        pattern = f"{glob.escape(before)}{self.settings['student_id']}{glob.escape(after)}"
        for path in glob.iglob(pattern):  # noqa: PTH207 - as nbgrader, which passes over hidden names
            name = path[len(before) : len(path) - len(after)]
            if name not in excluded:
                yield name, Path(path)

    def _around(self, step: str, assignment_id: str) -> tuple[str, str]:
        """What comes before and after a student's name in a path."""
        structure = self.settings["directory_structure"]
        try:
            path = structure.format(nbgrader_step=self.settings[step], student_id=ANYBODY, assignment_id=assignment_id)
        except (KeyError, IndexError, ValueError):
            path = ""
        if path.count(ANYBODY) != 1:
            raise InputError(
                f"CourseDirectory.directory_structure {structure!r}: nbgrader needs {{nbgrader_step}}, {{student_id}} "
                "and {assignment_id} in it, once each"
            )
        before, _, after = os.path.normpath(self.root / path).partition(ANYBODY)
        return before, after


def trusted(before: str) -> Path:
    """Find the last whole folder before a student's name: links up to it are the instructor's own, none below it is."""
    return Path(os.path.split(before)[0])


def read_course(folder: Path) -> Course:
    """Read the configuration of a course as nbgrader does when it is started there; its defaults where nothing is set.

    Raises `InputError` if the course's own configuration cannot be run.
    """
    from jupyter_core.paths import jupyter_config_path

    folder = folder.resolve()
    if not folder.is_dir():
        raise InputError(f"course {folder}: no such folder")
    with _as_if_started_in(folder):
        config = _load("jupyter_config", jupyter_config_path(), folder)
        config.merge(_load("nbgrader_config", [str(folder), *jupyter_config_path()], folder))
        settings = _course_directory(config)
        root = Path(folder, settings["root"])
        if root != folder:
            config.merge(_load("nbgrader_config", [str(root)], root))
            settings = _course_directory(config)
    homeworks = config.GradingExporter.get("homeworks", []) if "GradingExporter" in config else []
    packages = dict.fromkeys(Path(folder, package) for package, _ in homeworks)
    return Course(packages=tuple(packages), root=root, settings=settings)


def no_notebook(folder: Path, assignment_id: str) -> dict[str, str]:
    """Say of a student's folder without the homework's notebook why nobody grades what is in it.

    ``why`` and ``advice`` are each a part of one line.
    """
    try:
        names = sorted(path.name for path in folder.iterdir() if path.name != "timestamp.txt")
    except OSError as error:
        return {"why": f"{folder} cannot be listed ({error.strerror})", "advice": "make it readable"}
    notebooks = [name for name in names if name.endswith(".ipynb")] or names
    shown = ", ".join(map(printable, notebooks[:5])) + " ..." * (len(notebooks) > 5)
    why = f"no {assignment_id}.ipynb in {folder}" + (f", only {shown}" if shown else "")
    return {"why": why, "advice": "rename it if it is the one" if shown else "ask for it"}


def _course_directory(config: Config) -> dict[str, str]:
    given: dict[str, Any] = dict(config.CourseDirectory) if "CourseDirectory" in config else {}
    for section in _OLD_SECTIONS:
        if section in config:
            given |= {_OLD_NAMES.get(key, key): value for key, value in config[section].items()}
    return {name: given[name] if isinstance(given.get(name), str) else default for name, default in _DEFAULTS.items()}


def _load(name: str, folders: list[str], course: Path) -> Config:
    """Merge the configuration files of a name, the first folder's last."""
    from traitlets.config.loader import Config, ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

    merged = Config()
    for path in reversed(folders):
        for loader in (PyFileConfigLoader(f"{name}.py", path=path), JSONFileConfigLoader(f"{name}.json", path=path)):
            try:
                merged.merge(loader.load_config())
            except ConfigFileNotFound:
                continue
            except (Exception, SystemExit) as error:
                if Path(path) != course:
                    continue  # nbgrader passes over it, too
                words = " ".join(str(error).split()) or "no reason given"
                raise InputError(f"{loader.full_filename}: {type(error).__name__}: {words}; correct it") from error
    return merged


@contextlib.contextmanager
def _as_if_started_in(folder: Path) -> Iterator[None]:
    """Let a configuration find what lies beside it."""
    before = list(sys.path)
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        sys.path[:] = before
