"""The books of a homework, and what its mistakes answer: made when first asked for, and kept beside the truths."""

import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from autograder.course import PRIVATE, formulas, mistakes
from autograder.errors import OutputError
from autograder.grading.diagnosis import Sheet
from autograder.grading.library import Known
from autograder.grading.sheets import sheets
from autograder.model import Array, Assignment, Part, Question
from autograder.naming.book import Book, frame
from autograder.naming.kept import packed, unpacked
from autograder.naming.search import Search
from autograder.results import Cases
from autograder.results.found import sentence
from autograder.truth import private_folder, read_private

FORMAT = 5
_ARRAYS = ("sums", "allowed", "shapes", "ordinary")


class Library:
    """Books by function and answer, and mistakes by function, for any number of threads.

    They are kept in the `course`; nowhere when it is None. Without `keep` what is there is read, and nothing is kept.
    `notify` is called with one line when a book is made, or something cannot be kept.
    """

    def __init__(
        self,
        assignment: Assignment,
        cases: Cases,
        course: Path | None,
        notify: Callable[[str], None],
        *,
        keep: bool = True,
    ) -> None:
        self._made_from = f"{FORMAT} {assignment.source_sha256} {cases.cases_id} {np.__version__}"
        self._variant = assignment.variant
        self._cases = cases
        self._course = course
        self._keeps = keep
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

    def make(self, assignment: Assignment) -> None:
        """Make all books that are not there."""
        for question in assignment.questions:
            for part in question.parts:
                for sheet in sheets(part, self._cases).values():
                    self._book(question, part, sheet)

    def files(self, assignment: Assignment) -> dict[str, bytes]:
        """Make all books and read what is kept, for another machine; nothing where nothing is kept."""
        if self._course is None:
            return {}
        self.make(assignment)
        names = [mistakes(part.name, self._variant) for part in assignment.parts]
        names += [formulas(part.name, output, self._variant) for part in assignment.parts for output in part.names]
        found = {}
        for name in names:
            with suppress(OSError):
                found[name] = read_private(self._course, name)[0]
        return found

    def known(self, part: Part, make: Callable[[], Known]) -> Known:
        """Take what a part's misconceptions answer from its file, or make it and keep it there."""
        name = mistakes(part.name, self._variant)
        with self._lock:
            arrays = self._read(name)
            found = None if arrays is None else unpacked(arrays, part)
            if found is None:
                found = make()
                self._keep(name, packed(found))
            return found

    def _book(self, question: Question, part: Part, sheet: Sheet) -> Book:
        name = formulas(part.name, sheet.output.name, self._variant)
        with self._lock:
            arrays = self._read(name)
            if arrays is not None and set(arrays) == {"names", *_ARRAYS}:
                return Book(names=tuple(map(str, arrays["names"])), **{one: arrays[one] for one in _ARRAYS})
            # Most runs find their books: the grammar and the changes are not imported for them.
            from autograder.naming.writing import build

            where = f"{part.name}, variant {self._variant}," if self._variant else part.name
            self._notify(f"mistakes: formulas like that of {sheet.output.name} in {where} are computed, once")
            found = build(question, part, sheet, self._cases.cases_id)
            arrays = {one: getattr(found, one) for one in _ARRAYS}
            self._keep(name, {"names": np.array(found.names, dtype=np.str_), **arrays})
            return found

    def _read(self, name: str) -> dict[str, Array] | None:
        """Open a file that is there, and was made from the very same."""
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
                return {one: arrays[one] for one in arrays if one != "made_from"}
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            return None

    def _keep(self, name: str, arrays: Mapping[str, Array]) -> None:
        if self._course is None or not self._keeps:
            return
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, made_from=np.array(self._made_from), **arrays)
        try:
            with private_folder(self._course) as folder:
                folder.write(name, content.getvalue())
        except (OSError, OutputError):
            self._notify(f"mistakes: {self._course / PRIVATE / name} cannot be written; the next run computes it again")
