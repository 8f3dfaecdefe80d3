"""The books of a homework: made when the first answer asks for one, and kept beside the truths."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from autograder.course import PRIVATE, formulas
from autograder.errors import OutputError
from autograder.grading.diagnosis import Sheet
from autograder.grading.part import sheets
from autograder.model import Assignment, Part, Question
from autograder.naming.book import Book, build, frame
from autograder.naming.search import Search
from autograder.results import Cases
from autograder.results.found import sentence
from autograder.truth import private_folder, read_private

FORMAT = 2
_ARRAYS = ("sums", "allowed", "shapes", "ordinary")


class Library:
    """Books by function and answer, for any number of threads.

    Parameters
    ----------
    assignment : Assignment
        Whose functions.
    cases : Cases
        What they are graded on.
    course : Path, optional
        Where books are kept; nowhere when None.
    notify : Callable[[str], None]
        Called with one line when a book is made, or cannot be kept.
    """

    def __init__(
        self, assignment: Assignment, cases: Cases, course: Path | None, notify: Callable[[str], None]
    ) -> None:
        self._made_from = f"{FORMAT} {assignment.source_sha256} {cases.cases_id} {np.__version__}"
        self._cases = cases
        self._course = course
        self._notify = notify
        self._lock = threading.Lock()

    def search(self, question: Question, part: Part, pages: Mapping[str, Sheet]) -> Search:
        """Make what names one function's mistakes; a book is opened when an answer asks for it."""
        frames = {output: frame(part, sheet, self._cases.cases_id) for output, sheet in pages.items()}
        return Search(part, frames, lambda output: self._book(question, part, pages[output]))

    def sentences(self, question: Question, part: Part, output: str) -> dict[str, str]:
        """All names that an answer may get, and what they say to a student."""
        sheet = sheets(part, self._cases)[output]
        return {name: sentence(name, output) for name in self._book(question, part, sheet).names}

    def _book(self, question: Question, part: Part, sheet: Sheet) -> Book:
        name = formulas(part.name, sheet.output.name)
        with self._lock:
            found = self._read(name)
            if found is None:
                self._notify(f"mistakes: formulas like that of {sheet.output.name} in {part.name} are computed, once")
                found = build(question, part, sheet, self._cases.cases_id)
                self._keep(name, found)
            return found

    def _read(self, name: str) -> Book | None:
        """Open a book that is there, and was made from the very same."""
        if self._course is None:
            return None
        try:
            content, mode = read_private(self._course, name)
        except OSError:
            return None
        if mode & 0o077:
            return None
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                if str(arrays["made_from"]) != self._made_from:
                    return None
                names = tuple(map(str, arrays["names"]))
                return Book(names=names, **{one: arrays[one] for one in _ARRAYS})
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            return None

    def _keep(self, name: str, book: Book) -> None:
        if self._course is None:
            return
        content = io.BytesIO()
        arrays = {one: getattr(book, one) for one in _ARRAYS}
        np.savez(content, made_from=np.array(self._made_from), names=np.array(book.names, dtype=np.str_), **arrays)
        try:
            with private_folder(self._course) as folder:
                folder.write(name, content.getvalue())
        except (OSError, OutputError):
            self._notify(f"mistakes: {self._course / PRIVATE / name} cannot be written; the next run computes it again")
