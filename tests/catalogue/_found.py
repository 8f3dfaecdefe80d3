"""How the second half of the catalogue is named: held against what each entry says was done."""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.grading.diagnosis import call
from autograder.grading import PartGrader
from autograder.model import Assignment, Part
from autograder.naming import Library
from autograder.results import Cases, Outcome, Score
from autograder.results.found import SEPARATOR, is_found
from tests.catalogue._entries import Entry
from tests.catalogue._formulas import Formula, formulas

CALLED: Mapping[str, str] = {
    "zero answer": "zero",
    "zero where equal": "zero",
    "zero where different": "zero",
    "transposed answer": "transposed",
    "rule for equal indices": "equal rule",
    "rule for different indices": "unequal rule",
    "missing factor": "missing",
    "wrong sign": "sign",
    "opposite sign": "sign",
    "extra factor": "extra",
    "wrong index": "index",
    "turned around": "reversed",
    "shifted by one": "shifted",
    "missing term": "term",
    "missing denominator": "denominator",
    "wrong power": "power",
    "wrong sum": "sum",
    "one term": "sum",
    "wrong terms summed": "sum",
    "averaged or not": "sum",
    "wrong number": "number",
    "other number": "number",
    "wrong function": "function",
    "lost sign": "absolute",
    "lost fraction": "truncated",
    "other symbol": "symbol",
    "only an argument": "symbol",
    "fixed number": "constant",
    "unused switch": "missing",
    "wrong operation": "arithmetic",
    "wrong layout": "layout",
    "wrong extent": "layout",
    "whole numbers": "type",
}
"""What the engine's kinds are called in the text, which is older."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Naming:
    """One entry under one secret."""

    formula: Formula
    #: Of every output that is wrong, whether some criterion has a name.
    told: bool
    #: The same, with what only the instructor reads.
    possibly: bool
    #: Names that were said, and that are none of those that the text allows.
    names: frozenset[str]
    misnamed: frozenset[str]


def agrees(name: str, way: str) -> bool:
    """Whether a found name is one of the changes that the text says."""
    kind, _, symbol = name.partition(SEPARATOR)
    for change in (one.strip() for one in way.split("+")):
        if change.endswith("rule"):
            if CALLED[kind] == change:
                return True
        else:
            word, _, of = change.partition(" ")
            if word == CALLED[kind] and (not of or not symbol or of == symbol or kind == "unused switch"):
                return True
    return False


class Judge:
    """Names every entry of one homework under one secret, with the authors' mistakes and without."""

    def __init__(self, folder: str, assignment: Assignment, cases: Cases) -> None:
        self.entries = list(formulas(folder, assignment))
        self._cases = {part.name: [c for c in cases.cases if c.part == part.name] for part in assignment.parts}
        self._parts = {part.name: part for part in assignment.parts}
        library = Library(assignment, cases, None, lambda _: None)
        self._graders = {
            part.name: PartGrader(question, part, cases, library=library)
            for question in assignment.questions
            for part in question.parts
        }
        self._bare = {
            part.name: PartGrader(question, _without(part), cases, library=library)
            for question in assignment.questions
            for part in question.parts
        }
        self._listed = {
            part.name: PartGrader(question, part, cases) for question in assignment.questions for part in question.parts
        }
        self._answers = {entry: self._run(entry) for entry in self.entries}
        numbers = {entry: self._numbers(entry) for entry in self.entries}
        alike: dict[Any, set[str]] = {}
        for entry in self.entries:
            alike.setdefault(numbers[entry], set()).update(way for ways in entry.kinds for way in ways)
        #: Numbers cannot tell formulas apart that come to the same ones: each may be called what the other is.
        self._ways = {entry: alike[numbers[entry]] for entry in self.entries}

    def _run(self, entry: Formula | Entry) -> dict[str, Outcome]:
        names: dict[str, Any] = {"np": np, "math": math}
        exec(entry.source, names)
        outputs = self._parts[entry.part].names
        with contextlib.redirect_stdout(None):
            return {case.id: call(names[entry.part], case, outputs) for case in self._cases[entry.part]}

    def found(self, entry: Entry) -> set[str]:
        """What the search says of an entry of the first half that keeps what it should, or is only approximate."""
        scores = self._bare[entry.part].scores(self._run(entry))
        return {score.misconception for score in scores if score.misconception is not None}

    def called(self, entry: Entry) -> set[str]:
        """What is said of an entry of the first half, by whoever knows it."""
        scores = self._graders[entry.part].scores(self._run(entry))
        return {score.misconception for score in scores if score.misconception is not None}

    def _numbers(self, entry: Formula) -> tuple[str, bytes]:
        """A digest of what a function answers as asked, rounded."""
        families = self._parts[entry.part].criteria[0].families
        digest = hashlib.sha256()
        for case in self._cases[entry.part]:
            for value in self._answers[entry][case.id].values.values() if case.family in families else ():
                array = np.asarray(value)
                digest.update(f"{case.id} {array.shape}".encode())
                if array.dtype.kind in "fiu":
                    digest.update(np.char.mod("%.4e", array.astype(float) + 0.0).tobytes())
        return entry.part, digest.digest()

    def named(self, which: str) -> list[Naming]:
        """Name all entries: by the list and the search (``"both"``), by ``"list"`` or by ``"search"`` alone."""
        graders = {"both": self._graders, "list": self._listed, "search": self._bare}[which]
        return [self._one(entry, graders[entry.part].scores(self._answers[entry])) for entry in self.entries]

    def _one(self, entry: Formula, scores: Sequence[Score]) -> Naming:
        outputs = {c.id: c.output for c in self._parts[entry.part].criteria}
        lost = [score for score in scores if score.status != "passed"]
        wrong = {outputs[score.criterion] for score in lost}
        told = {outputs[score.criterion] for score in lost if score.misconception is not None}
        perhaps = {outputs[score.criterion] for score in lost if score.possibly}
        names = {score.misconception for score in lost if score.misconception is not None}
        misnamed = {
            name for name in names if is_found(name) and not any(agrees(name, way) for way in self._ways[entry])
        }
        return Naming(
            formula=entry,
            told=told == wrong,
            possibly=told | perhaps == wrong,
            names=frozenset(names),
            misnamed=frozenset(misnamed),
        )


def _without(part: Part) -> Part:
    return replace(part, misconceptions=())


HEAD = ("named by", "one change: told", "misnamed", "two changes: told", "all: told or, to the instructor, possibly")
TITLES: Mapping[str, str] = {
    "solutions": "this one",
    "tests/assignments/modules": "modules of a network",
    "tests/small": "sums and errors",
    "tests/assignments/training": "training a network",
}
"""What the documentation calls the homeworks."""


def table(rows: Mapping[tuple[str, str], Sequence[Naming]]) -> list[tuple[str, ...]]:
    """Say what was named: by homework and by what named it."""
    lines = []
    for (folder, which), found in rows.items():
        one = [naming for naming in found if naming.formula.changes == 1]
        two = [naming for naming in found if naming.formula.changes > 1]
        lines.append(
            (
                TITLES[folder],
                which,
                _share(sum(n.told for n in one), len(one)),
                str(sum(bool(n.misnamed) for n in one)),
                f"{sum(n.told for n in two)} of {len(two)}",
                _share(sum(n.possibly for n in found), len(found)),
            )
        )
    return lines


def _share(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})"
