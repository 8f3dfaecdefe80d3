"""The exporter that ``nbgrader autograde`` makes before it touches a file, and through which every notebook goes.

nbgrader removes what it graded before, then converts one student after another, and removes what fails. So everything
that can go wrong on our side is done first, in the constructor: the homework is loaded, the gradebook looked at, the
class graded. A student whom we could not grade is taken off nbgrader's list, and is reported at the end.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import NbGraderException
from traitlets import Bool, List

from autograder.errors import AutograderError, InputError
from autograder.model import Assignment
from autograder.nbgrader_plugin._beside import leave_behind
from autograder.nbgrader_plugin._gradebook import one_engine, source_cells
from autograder.nbgrader_plugin._notebook import rebuild, unreadable
from autograder.nbgrader_plugin._preprocessors import by_test_cell
from autograder.nbgrader_plugin._source import repair
from autograder.results import Submission
from reports.cells import PartFeedback


class GradingExporter(NotebookExporter):
    """Grades the class, then hands nbgrader rebuilt notebooks. Everything trusted about this run is in its memory."""

    # Once at the end of each pass, not after every preprocessor.
    optimistic_validation = Bool(True).tag(config=True)

    homeworks: Any = List(
        help="Pairs of a homework's package and its course directory; hw1's configure sets them."
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._first: dict[str, str] = {}  # path of a submitted notebook of ours -> nbgrader's name of the student
        self._submissions: dict[str, Submission] = {}
        self._results: dict[str, dict[str, PartFeedback]] = {}
        self._faults: dict[str, str] = {}
        try:
            self._begin(self.parent)
        except AutograderError as error:
            line = " ".join(str(error).split())
            self.log.error("hw1: %s", line)
            raise NbGraderException(line) from None

    def results_of(self, resources: Any) -> dict[str, PartFeedback]:
        """Results that belong into a notebook.

        Parameters
        ----------
        resources : dict
            nbgrader's, which name student, assignment and notebook.

        Returns
        -------
        dict
            By grade id; empty for a notebook that is not ours to grade.

        Raises
        ------
        InputError
            If this submission was not graded at the start.
        """
        if not self.is_ours(resources):
            return {}
        student = resources["nbgrader"]["student"]
        if student not in self._results:
            raise InputError(f"{student} handed in while this was running; autograde again")
        return self._results[student]

    def is_ours(self, resources: Any) -> bool:
        """Say whether a notebook is ours to grade, and was rebuilt.

        Parameters
        ----------
        resources : dict
            nbgrader's.

        Returns
        -------
        bool
            By its name; an assignment may have other notebooks.
        """
        return bool(resources["nbgrader"]["notebook"] == self._assignment.id)

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> tuple[Any, Any]:
        """Convert a notebook; one of ours as submitted is rebuilt first.

        Parameters
        ----------
        filename : str
            The notebook.
        resources : dict, optional
            nbgrader's.
        **kwargs : Any
            nbconvert's.

        Returns
        -------
        tuple of (str, dict)
            The notebook's text, and resources.
        """
        student = self._first.get(filename)
        if student is None:
            return super().from_filename(filename, resources=resources, **kwargs)
        submission = self._submissions[student]
        if submission.problem is not None:
            self.log.warning("hw1: %s cannot be read and earns nothing: %s", student, submission.problem)
            cells = unreadable(submission.problem)
        else:
            cells = json.loads(submission.path.read_text(encoding="utf-8-sig"))["cells"]
        resources["metadata"] = {"name": self._assignment.id, "path": str(Path(filename).parent)}
        converted: tuple[Any, Any] = self.from_notebook_node(
            rebuild(cells, self._source), resources=resources, **kwargs
        )
        return converted

    def _begin(self, converter: Any) -> None:
        """Grade everybody whom nbgrader is about to process."""
        self._assignment, course = self._homework(converter.coursedir.assignment_id)
        directory = converter.coursedir
        self._source = source_cells(directory.db_url, directory.course_id, self._assignment, course)
        leave_behind(converter, self._assignment.id, lambda line: self.log.warning("hw1: %s", line))
        due = self._due(converter)
        self._grade(due, course)
        for folder, student in due.items():
            if student in self._faults:
                del converter.assignments[folder]
        older = [Path(converter._format_dest(self._assignment.id, student)) for student in due.values()]
        convert = converter.convert_notebooks
        # nbgrader has no other place for what comes after the last student.
        converter.convert_notebooks = lambda: self._convert(convert, older, course)

    def _homework(self, wanted: str) -> tuple[Assignment, Path]:
        from autograder.loading import load_assignment

        ids = []
        for package, course in self.homeworks:
            assignment = load_assignment(Path(package))
            if assignment.id == wanted:
                return assignment, Path(course)
            ids.append(assignment.id)
        raise InputError(
            f"nbgrader_config.py has no homework package for {wanted!r} (only for {', '.join(ids) or 'none'}), and "
            "running students' notebooks here would be unsafe: add one, or grade it in a course of its own"
        )

    def _due(self, converter: Any) -> dict[str, str]:
        """Folders that nbgrader will process, with its names of the students; those with a notebook of ours."""
        pattern = converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        due = {}
        for folder, notebooks in list(converter.assignments.items()):
            match = re.match(pattern, folder)
            if match is None:
                continue  # nbgrader's own message follows
            student = match["student_id"]
            ours = str(Path(folder) / f"{self._assignment.id}.ipynb")
            if not _will_process(converter, self._assignment.id, student):
                continue
            if ours in notebooks:
                self._first[ours] = student
            elif not os.path.lexists(ours):
                names = ", ".join(sorted(Path(path).name for path in notebooks))
                self._faults[student] = (
                    f"no {self._assignment.id}.ipynb in {folder}, only {names}: rename it if it is the one"
                )
            else:
                continue  # --notebook asks for another one
            due[folder] = student
        return due

    def _grade(self, due: dict[str, str], course: Path) -> None:
        from autograder.loading import Found, student_id
        from autograder.nbgrader_plugin._run import grade_for_nbgrader

        names = {student_id(student): student for student in due.values() if student not in self._faults}
        paths = {student: Path(path) for path, student in self._first.items()}
        mend = partial(repair, source=self._source)
        found = [Found(student=id_, paths=(paths[student],), repair=mend) for id_, student in sorted(names.items())]
        if not found:
            return
        results = grade_for_nbgrader(
            self._assignment,
            course,
            found,
            say=lambda line: self.log.info("hw1: %s", line),
            warn=lambda line: self.log.warning("hw1: %s", line),
        )
        self._submissions = {names[id_]: submission for id_, submission in results.submissions.items()}
        self._results = {names[id_]: by_test_cell(dict(parts)) for id_, parts in results.parts.items()}
        self._faults |= {names[id_]: reason for id_, reason in results.faults.items()}

    def _convert(self, convert: Callable[[], None], older: Sequence[Path], course: Path) -> None:
        """Let nbgrader work, put back what it removed for nothing, and end with our faults."""
        try:
            with one_engine(), _put_back(older, f"{self._assignment.id}.ipynb", course):
                convert()
        finally:
            for student, reason in sorted(self._faults.items()):
                self.log.error("hw1: %s was not graded, any older grade is kept: %s", student, reason)
        if self._faults:
            raise NbGraderException(f"{len(self._faults)} submissions were not graded")


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
    with tempfile.TemporaryDirectory(prefix="older-", dir=course / ".hw1") as aside:
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
