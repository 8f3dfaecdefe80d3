"""The exporter that ``nbgrader autograde`` makes before it touches a file, and through which every notebook goes.

nbgrader removes what it graded before, then converts one student after another, and removes what fails. So everything
that can go wrong on our side is done first, in the constructor: the homework is loaded, the gradebook looked at, the
class graded. A student whom we could not grade is taken off nbgrader's list, and is reported at the end.
"""

import glob
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.preprocessors import CheckCellMetadata, OverwriteCells, SaveAutoGrades
from traitlets import Bool, List

from autograder.course import private
from autograder.errors import AutograderError, InputError
from autograder.loading import Found, read_again, student_id
from autograder.model import Assignment
from autograder.nbgrader_plugin.beside import handed_in_below, left_behind
from autograder.nbgrader_plugin.course import no_notebook
from autograder.nbgrader_plugin.gradebook import one_session, source_cells
from autograder.nbgrader_plugin.homeworks import homework_of
from autograder.nbgrader_plugin.notebook import rebuild, test_cell_id, unreadable
from autograder.nbgrader_plugin.preprocessors import CheckOtherNotebooks, OnlyOurGrades, SandboxGrades
from autograder.nbgrader_plugin.shown import PlainText
from autograder.nbgrader_plugin.source import repair
from autograder.results import PartFeedback, Submission
from autograder.words import counted


class GradingExporter(NotebookExporter):
    """Grades the class, then hands nbgrader rebuilt notebooks. Everything trusted about this run is in its memory."""

    # Once at the end of each pass, not after every preprocessor.
    optimistic_validation = Bool(True).tag(config=True)

    homeworks: Any = List(
        help="Pairs of a homework's package and its course directory; hw1's configure sets them."
    ).tag(config=True)

    def __init__(self, *, assignment: Assignment, course: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._assignment, self._course = assignment, course
        self._first: dict[str, str] = {}  # path of a submitted notebook of ours -> nbgrader's name of the student
        self._root = Path()
        self._found: dict[str, Found] = {}
        self._submissions: dict[str, Submission] = {}
        self._results: dict[str, dict[str, PartFeedback]] = {}
        self._faults: dict[str, str] = {}
        for name in ("sanitize_preprocessors", "autograde_preprocessors"):
            # A list that the instructor made for other assignments could change results, or run notebooks.
            setattr(self.parent, name, list(Autograde.class_traits()[name].default()))
        self._begin(self.parent)

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """Take a preprocessor of nbgrader's list, or what of ours stands in its place or before it.

        What runs notebooks is not taken.
        """
        if isinstance(preprocessor, (str, type)):
            return super().register_preprocessor(preprocessor, enabled)  # which comes back with an instance
        one = preprocessor
        if isinstance(one, ExecutePreprocessor):
            one = SandboxGrades(parent=self)
        elif isinstance(one, SaveAutoGrades):
            super().register_preprocessor(PlainText(parent=self), enabled)
            super().register_preprocessor(OnlyOurGrades(parent=self), enabled)
        elif isinstance(one, OverwriteCells):
            one.add_missing_cells = True
        elif type(one) is CheckCellMetadata:
            one = CheckOtherNotebooks(parent=self)
        return super().register_preprocessor(one, enabled)

    def results_of(self, resources: Any) -> dict[str, PartFeedback]:
        """Find the results that belong into a notebook.

        By grade id; there are none for a notebook that is not ours to grade.

        Raises `InputError` if this submission was not graded at the start.
        """
        if not self.is_ours(resources):
            return {}
        student = resources["nbgrader"]["student"]
        if student not in self._results:
            raise InputError(f"{student} handed in while this was running; autograde again")
        return self._results[student]

    def is_ours(self, resources: Any) -> bool:
        """Say whether a notebook is ours to grade, and was rebuilt.

        Its name decides: an assignment may have other notebooks.
        """
        return bool(resources["nbgrader"]["notebook"] == self._assignment.id)

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """Convert a notebook; one of ours as submitted is rebuilt first."""
        student = self._first.get(filename)
        if student is None:
            return super().from_filename(filename, resources=resources, **kwargs)
        submission = self._submissions[student]
        if submission.problem is not None:
            self.log.warning("hw1: %s cannot be read and earns nothing: %s", student, submission.problem)
            cells = unreadable(submission.problem)
        else:
            cells = read_again(self._found[student], submission.sha256)
        resources["metadata"] = {"name": self._assignment.id, "path": str(Path(filename).parent)}
        notebook = rebuild(cells, self._source)
        converted: tuple[Any, Any] = self.from_notebook_node(notebook, resources=resources, **kwargs)
        return converted

    def _begin(self, converter: Any) -> None:
        """Grade everybody whom nbgrader is about to process."""
        directory = converter.coursedir
        self._source = source_cells(directory.db_url, directory.course_id, self._assignment, self._course)
        with self._left_behind(converter):
            due = self._due(converter)
        self._grade(due)
        for folder, student in due.items():
            if student in self._faults:
                converter.assignments.pop(folder, None)
        older = [Path(converter._format_dest(self._assignment.id, student)) for student in due.values()]
        convert = converter.convert_notebooks
        # nbgrader has no other place for what comes after the last student.
        converter.convert_notebooks = lambda: self._convert(converter, convert, older)

    def _left_behind(self, converter: Any) -> AbstractContextManager[None]:
        return left_behind(converter, self._assignment.id, lambda line: self.log.warning("hw1: %s", line))

    def _due(self, converter: Any) -> dict[str, str]:
        """Folders that nbgrader will process, with its names of the students; those with a notebook of ours."""
        id_ = self._assignment.id
        self._root = handed_in_below(converter, id_)
        pattern = converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        folders = glob.glob(converter._format_source(id_, converter.coursedir.student_id))  # noqa: PTH207 - nbgrader's
        due = {}
        # nbgrader passes over folders without any notebook.
        for folder in {**dict.fromkeys(folders, ()), **converter.assignments}:
            match = re.match(pattern, folder)
            if match is None:
                continue  # nbgrader's own message follows
            student = match["student_id"]
            ours = str(Path(folder) / f"{id_}.ipynb")
            if not _will_process(converter, id_, student):
                continue
            if ours in converter.assignments.get(folder, ()):
                self._first[ours] = student
            elif not os.path.lexists(ours):
                missing = no_notebook(Path(folder), id_)
                self._faults[student] = f"{missing['why']}: {missing['advice']}"
            else:
                continue  # --notebook asks for another one
            due[folder] = student
        return due

    def _grade(self, due: dict[str, str]) -> None:
        from autograder.nbgrader_plugin.run import grade_for_nbgrader

        names = {student_id(student): student for student in due.values() if student not in self._faults}
        paths = {student: Path(path) for path, student in self._first.items()}
        mend = partial(repair, source=self._source)
        self._found = {
            student: Found(student=id_, paths=(paths[student],), repair=mend, root=self._root)
            for id_, student in sorted(names.items())
        }
        found = tuple(self._found.values())
        if not found:
            return
        results = grade_for_nbgrader(
            self._assignment,
            self._course,
            found,
            say=lambda line: self.log.info("hw1: %s", line),
            warn=lambda line: self.log.warning("hw1: %s", line),
        )
        self._submissions = {names[id_]: submission for id_, submission in results.submissions.items()}
        self._results = {
            names[id_]: {test_cell_id(name): part for name, part in parts.items()}
            for id_, parts in results.parts.items()
        }
        self._faults |= {names[id_]: reason for id_, reason in results.faults.items()}

    def _convert(self, converter: Any, convert: Callable[[], None], older: Sequence[Path]) -> None:
        """Let nbgrader work, put back what it removed for nothing, and end with our faults."""
        try:
            kept = _put_back(older, f"{self._assignment.id}.ipynb", self._course)
            with one_session(), self._left_behind(converter), kept:
                convert()
        finally:
            for student, reason in sorted(self._faults.items()):
                self.log.error("hw1: %s was not graded, any older grade is kept: %s", student, reason)
        if self._faults:
            were = "was" if len(self._faults) == 1 else "were"
            raise NbGraderException(f"{counted(len(self._faults), 'submission')} {were} not graded")


class EitherExporter(NotebookExporter):
    """Stands in nbgrader's configuration, and is never one: it makes ours for a homework, and else the course's own."""

    otherwise: type = NotebookExporter

    def __new__(cls, *, parent: Any = None, config: Any = None, **kwargs: Any) -> Any:
        """Make an exporter for the assignment that the converter is about to process.

        Raises `NbGraderException` if a homework cannot be graded.
        """
        try:
            mine = homework_of(config, parent.coursedir)
            if mine is None:
                return cls.otherwise(parent=parent, config=config, **kwargs)
            return GradingExporter(assignment=mine[0], course=mine[1], parent=parent, config=config, **kwargs)
        except AutograderError as error:
            line = " ".join(str(error).split())
            parent.log.error("hw1: %s", line)
            raise NbGraderException(line) from None


def either(otherwise: type) -> type:
    """Make an `EitherExporter`."""
    if issubclass(otherwise, EitherExporter):
        return otherwise
    return type("EitherExporter", (EitherExporter,), {"otherwise": otherwise})


def _will_process(converter: Any, assignment_id: str, student: str) -> bool:
    """Apply the rule that nbgrader only has together with the removal of what is there."""
    folder = converter._format_dest(assignment_id, student)
    if student in converter.coursedir.student_id_exclude.split(","):
        return False
    if converter.force or not Path(folder).exists() or converter.coursedir.notebook_id != "*":
        return True
    try:
        new = converter.coursedir.get_existing_timestamp(converter._format_source(assignment_id, student))
        old = converter.coursedir.get_existing_timestamp(folder)
    except Exception:  # a timestamp that is none: nbgrader fails on it by itself
        return True
    return new is not None and old is not None and bool(new > old)


@contextmanager
def _put_back(folders: Sequence[Path], notebook: str, course: Path) -> Iterator[None]:
    """Keep graded folders aside, and put back those whose notebook is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="older-", dir=private(course)) as aside:
        kept = {}
        for number, folder in enumerate(folders):
            if (folder / notebook).exists():
                kept[folder] = Path(aside) / str(number)
                shutil.copytree(folder, kept[folder], symlinks=True, copy_function=_link)
        try:
            yield
        finally:
            for folder, copy in kept.items():
                if not (folder / notebook).exists():
                    shutil.rmtree(folder, ignore_errors=True)
                    shutil.copytree(copy, folder, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> None:
    """Share the file's content where the file system can."""
    with suppress(OSError):
        os.link(source, target, follow_symlinks=False)
        return
    shutil.copy2(source, target)
