"""What checks look at, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import AssignmentError
from autograder.grading import PartGrader
from autograder.grading.diagnosis import call
from autograder.loading import page_text
from autograder.model import Array, Assignment, Part, Question
from autograder.results import Case, Cases, Outcome, Score
from autograder.truth import Examined, examine

SECRETS = (b"one", b"two", b"three")  #: What cases are drawn under: a rule holds under each.


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One rule that is broken."""

    file: str
    line: int  #: From 1; 0 for the file as a whole.
    rule: str  #: In a word or two.
    text: str  #: What is wrong, the value, what to do.

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.rule}: {self.text}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """One part under one secret: what was drawn, and what came of it."""

    page: Page
    part: Part
    secret: bytes

    @cached_property
    def examined(self) -> tuple[Examined, ...]:
        """Every case with its truths, or what went wrong; drawing ends where a draw fails."""
        alone = replace(self.page.assignment, questions=(replace(self.page.question, parts=(self.part,)),))
        found: list[Examined] = []
        try:
            found.extend(examine(alone, self.secret))
        except AssignmentError as error:
            found.append(Examined(drawn=None, truths={}, fault=str(error)))
        return tuple(found)

    @cached_property
    def cases(self) -> Cases | None:
        """Cases and truths, when there is nothing wrong with any."""
        if not self.examined or any(one.fault for one in self.examined):
            return None
        return Cases(
            cases=tuple(one.drawn.case() for one in self.examined if one.drawn is not None),
            truths={one.drawn.id: one.truths for one in self.examined if one.drawn is not None},
            cases_id="",
            torch_version="",
        )

    @cached_property
    def _grader(self) -> PartGrader | None:
        if self.cases is None:
            return None
        try:
            return PartGrader(self.page.question, self.part, self.cases)
        except (AssignmentError, ValueError, TypeError):
            return None  # another check has said why

    def outcomes(self, function: Callable[..., Any]) -> Mapping[str, Outcome]:
        """Run a function of the author's on all cases, as the sandbox would."""
        return {case.id: call(function, case, self.part.names) for case in self.drawn}

    @property
    def drawn(self) -> tuple[Case, ...]:
        """The cases, none where something is wrong with them."""
        return self.cases.cases if self.cases is not None else ()

    def truth(self, case: Case, output: str) -> Array:
        """The truth of one output."""
        assert self.cases is not None
        return self.cases.truths[case.id][output]

    def scores(self, function: Callable[..., Any]) -> tuple[Score, ...] | None:
        """Grade a function of the author's; None where the part cannot be graded."""
        return None if self._grader is None else self._grader.scores(self.outcomes(function))


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """One question and the file it stands in."""

    assignment: Assignment
    question: Question
    file: Path
    #: Sets Markdown with formulas, and says what TeX makes of it: empty when all is well; None where there is no TeX.
    typeset: Callable[[str], str] | None
    _sheets: dict[tuple[str, bytes], Sheet] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The file's text, as it is in this variant."""
        text = self.file.read_text(encoding="utf-8")
        return page_text(text, self.assignment.variant, f"{self.file.parent.name}/{self.file.name}")

    def line(self, *pieces: str, below: str = "") -> int:
        """Find the line on which the first of some pieces stands that does: a name in quotes, else as it is.

        A derivation is looked for by its heading, and what belongs to it below.
        """
        heading = re.search(rf"^\s*##?!?\s+{re.escape(below)}$", self.text, re.MULTILINE) if below else None
        start = heading.start() if heading else 0
        for piece in filter(None, pieces):
            words = r"\s+".join(map(re.escape, piece.split()))
            for pattern in (rf"""["']{words}["']""", rf"^def {words}\b", words):
                if found := re.compile(pattern, re.MULTILINE).search(self.text, start):
                    return self.text.count("\n", 0, found.start()) + 1
        return self.text.count("\n", 0, heading.end() if heading else 0) + 1

    def complaint(self, rule: str, text: str, *pieces: str, below: str = "") -> Complaint:
        """Complain about the line where the first of some pieces stands."""
        where = f"{self.file.parent.name}/{self.file.name}"
        return Complaint(file=where, line=self.line(*pieces, below=below), rule=rule, text=" ".join(text.split()))

    def sheet(self, part: Part, secret: bytes) -> Sheet:
        """The part's cases under a secret, made once."""
        return self._sheets.setdefault((part.name, secret), Sheet(page=self, part=part, secret=secret))

    def sheets(self, part: Part) -> Iterator[Sheet]:
        """The part's cases under every secret."""
        return (self.sheet(part, secret) for secret in SECRETS)


def shown(number: Any) -> str:
    """Write a number so that it can be told from another."""
    return f"{float(np.asarray(number)):.12g}"
