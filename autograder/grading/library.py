"""What grading asks of whoever knows the formulas of a homework."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from autograder.grading import diagnosis
from autograder.model import Part, Question


class Search(Protocol):
    """Names the mistakes of one function that nobody listed."""

    def names(self, criteria: Sequence[str], answers: Mapping[str, diagnosis.Answers]) -> Mapping[str, tuple[str, ...]]:
        """Name what is behind some criteria that do not pass, one change or two; others are left out."""

    def near(self, criteria: Sequence[str], answers: Mapping[str, diagnosis.Answers]) -> Collection[str]:
        """Say of which criteria that do not pass every number comes of one change."""


Known = Mapping[str, Mapping[str, diagnosis.Answers]]
"""What a part's misconceptions answer: by output, then by name."""


class Library(Protocol):
    """Knows what may be done to a question's formulas, and keeps what misconceptions answer."""

    def known(self, part: Part, make: Callable[[], Known]) -> Known:
        """Take what a part's misconceptions answer from where it is kept, or make it and keep it."""

    def search(self, question: Question, part: Part, pages: Mapping[str, diagnosis.Sheet]) -> Search:
        """Make what names one function's mistakes."""
