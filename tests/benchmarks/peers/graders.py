"""Four graders under one roof: hand in, run the real command in the namespaces, read what it wrote."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from textwrap import indent
from typing import Any, ClassVar

from tests.benchmarks.peers.box import Ran, run
from tests.benchmarks.peers.homework import Question

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What a run left behind."""

    ran: tuple[Ran, ...]
    scores: Mapping[str, float]
    """By student; nobody is in it without a grade."""
    shown: str
    """What the first student gets to read."""

    @property
    def seconds(self) -> float:
        """What the commands took."""
        return sum(ran.seconds for ran in self.ran)


class Grader(ABC):
    """How one grader is prepared, run and read."""

    name: ClassVar[str]
    shared: ClassVar[bool] = False
    """Whether it grades several submissions in one run."""
    results: ClassVar[str] = ""
    """Where, seen from inside, it writes its results as JSON; empty when it does not."""
    course: ClassVar[str]
    """Where, seen from inside, the instructor's files lie."""
    seconds: ClassVar[float]
    """When a run is ended from outside, as a container's own limit does."""
    python: ClassVar[Path]

    def __init__(self, template: Path, questions: Sequence[Question], course: Path) -> None:
        self.template = template
        shutil.copytree(course / ".autograder", template / ".autograder")
        self.canary = (template / ".autograder" / "secret").read_text(encoding="utf-8").strip()
        self.prepare(questions)

    @abstractmethod
    def prepare(self, questions: Sequence[Question]) -> None:
        """Write the assignment into the template, once; the secret and the truths lie there already."""

    @abstractmethod
    def grade(self, folder: Path, submissions: Mapping[str, str], loot: Path) -> Graded:
        """Grade a few students' modules in an empty folder."""

    def grade_in(self, folder: Path, submissions: Mapping[str, str]) -> tuple[Graded, Path]:
        """Grade in a folder that is made for it; also returns where whatever is written elsewhere arrives."""
        loot = folder.with_name(f"{folder.name}-loot")
        folder.mkdir()
        loot.mkdir()
        return self.grade(folder, submissions, loot), loot

    def run(
        self, *command: str | Path, folder: str, seconds: float, write: Mapping[str, Path], **environment: str
    ) -> Ran:
        """Run one of its commands."""
        return run(command, seconds=seconds, read=self.readable(), write=write, folder=folder, environment=environment)

    def program(self, name: str) -> Sequence[Path]:
        """Start a program beside this Python by this Python: a script's first line may name another way there."""
        return self.python, self.python.with_name(name)

    def readable(self) -> Sequence[Path]:
        """What it needs of the machine."""
        return [self.python.parents[1]]


class Nbgrader(Grader):
    """nbgrader autograde on a notebook with hidden tests in autograded cells."""

    name = f"nbgrader {version('nbgrader')}"
    shared = True
    course = "/course"
    seconds = 75.0
    python = Path(sys.executable)

    def prepare(self, questions: Sequence[Question]) -> None:
        source = self.template / "source" / "hw1" / "hw1.ipynb"
        source.parent.mkdir(parents=True)
        source.write_text(json.dumps(notebook(questions)), encoding="utf-8")
        # Stock is half a minute for a cell; with 15 cells that hang, this still ends before `seconds`.
        config = "c = get_config()\nc.CourseDirectory.course_id = 'ds-ga-1008'\nc.Execute.timeout = 2\n"
        (self.template / "nbgrader_config.py").write_text(config, encoding="utf-8")
        made = self._nbgrader("generate_assignment", "hw1", folder=self.template, loot=self.template)
        assert made.code == 0, made.said.decode()

    def grade(self, folder: Path, submissions: Mapping[str, str], loot: Path) -> Graded:
        shutil.copytree(self.template, folder, dirs_exist_ok=True)
        form = json.loads((folder / "release" / "hw1" / "hw1.ipynb").read_text(encoding="utf-8"))
        for student, source in submissions.items():
            home = folder / "submitted" / student / "hw1"
            home.mkdir(parents=True)
            form["cells"][0]["source"] = source
            (home / "hw1.ipynb").write_text(json.dumps(form), encoding="utf-8")
        ran = self._nbgrader("autograde", "hw1", folder=folder, loot=loot)
        scores: dict[str, float] = {}
        shown = ""
        for student in submissions:
            graded = folder / "autograded" / student / "hw1" / "hw1.ipynb"
            # It removes the notebook of whom it could not grade.
            if graded.exists() and (found := self._score(folder / "gradebook.db", student)) is not None:
                scores[student] = found
                shown = shown or graded.read_text(encoding="utf-8")
        return Graded(ran=(ran,), scores=scores, shown=shown)

    def _nbgrader(self, *arguments: str, folder: Path, loot: Path) -> Ran:
        return self.run(
            *self.program("nbgrader"), *arguments,
            folder="/course", seconds=self.seconds, write={"/course": folder, "/loot": loot},
            PATH=f"{self.python.parent}:/usr/bin:/bin", JUPYTER_NO_CONFIG="",
        )  # fmt: skip

    @staticmethod
    def _score(gradebook: Path, student: str) -> float | None:
        query = (
            "select sum(grade.auto_score) from grade join submitted_notebook n on grade.notebook_id = n.id "
            "join submitted_assignment a on n.assignment_id = a.id where a.student_id = ?"
        )
        try:
            with closing(sqlite3.connect(gradebook)) as book:
                (total,) = book.execute(query, [student]).fetchone()
        except sqlite3.Error:
            return None
        return None if total is None else float(total)


def notebook(questions: Sequence[Question]) -> dict[str, Any]:
    """Write the source notebook: one answer cell, then a test cell for each criterion."""

    def cell(name: str, text: str, points: float | None = None) -> dict[str, Any]:
        marks = {"grade_id": name, "schema_version": 3, "task": False, "solution": points is None}
        marks |= {"grade": points is not None, "locked": points is not None}
        marks |= {"points": points} if points is not None else {}
        return {
            "cell_type": "code", "execution_count": None, "id": name.replace("_", "-").lower(), "outputs": [],
            "metadata": {"nbgrader": marks}, "source": text,
        }  # fmt: skip

    answer = "import numpy as np\n\n### BEGIN SOLUTION\n### END SOLUTION\n"
    tests = [
        cell(
            q.name, f"# {q.title}\nimport numpy as np\n### BEGIN HIDDEN TESTS\n{q.body}### END HIDDEN TESTS\n", q.points
        )
        for q in questions
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [cell("answer", answer), *tests],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


class Otter(Grader):
    """otter run on an autograder.zip, which does without the container what is otherwise done in it."""

    name = "otter-grader 7.0.0"
    results = "../results/results.json"
    course = "../source"
    seconds = 30.0
    python = ROOT / "build" / "peers" / "otter" / "bin" / "python"

    def prepare(self, questions: Sequence[Question]) -> None:
        (self.template / "tests").mkdir()
        for question in questions:
            (self.template / "tests" / f"{question.name}.py").write_text(
                f"from otter.test_files import test_case\nimport numpy as np\n\nOK_FORMAT = False\n"
                f"name = {question.name!r}\n\n\n@test_case(points={question.points}, hidden=True)\n"
                f"def test_{question.name}({question.function}):\n{indent(question.body, '    ')}",
                encoding="utf-8",
            )
        words = ("generate", "--tests-dir", "tests", "--no-requirements", "--no-environment")
        made = self._otter(*words, folder=self.template, loot=self.template)
        assert made.code == 0, made.said.decode()
        with zipfile.ZipFile(self.template / "autograder.zip", "a") as file:
            for path in (self.template / ".autograder").iterdir():
                file.write(path, f".autograder/{path.name}")

    def grade(self, folder: Path, submissions: Mapping[str, str], loot: Path) -> Graded:
        shutil.copy(self.template / "autograder.zip", folder)
        found = []
        for student, source in submissions.items():
            (folder / student).mkdir()
            (folder / student / "hw1.py").write_text(source, encoding="utf-8")
            words = ("run", "--autograder", "autograder.zip", "--output-dir", student, f"{student}/hw1.py")
            ran = self._otter(*words, folder=folder, loot=loot)
            found.append((student, ran, folder / student / "results.json"))
        return gradescope_results(found)

    def _otter(self, *arguments: str, folder: Path, loot: Path) -> Ran:
        return self.run(
            *self.program("otter"), *arguments,
            folder="/grading", seconds=self.seconds, write={"/grading": folder, "/loot": loot},
            PATH=f"{self.python.parent}:/usr/bin:/bin",
        )  # fmt: skip


class Gradescope(Grader):
    """unittest with gradescope-utils' weights and JSON runner, in the layout of Gradescope's harness."""

    name = "gradescope-utils 0.5.0"
    results = "/autograder/results/results.json"
    course = "/autograder/source"
    seconds = 20.0
    python = ROOT / "build" / "peers" / "gradescope" / "bin" / "python"

    def prepare(self, questions: Sequence[Question]) -> None:
        (self.template / "tests").mkdir()
        methods = "\n".join(
            f"    @weight({q.points})\n    @visibility('hidden')\n    def test_{q.name}(self):\n"
            f'        """{q.title}"""\n{indent(q.body.replace(q.function, f"hw1.{q.function}"), " " * 8)}'
            for q in questions
        )
        (self.template / "tests" / "test_hw1.py").write_text(
            "import unittest\n\nimport hw1\nimport numpy as np\n"
            "from gradescope_utils.autograder_utils.decorators import visibility, weight\n\n\n"
            f"class TestHomework(unittest.TestCase):\n{methods}",
            encoding="utf-8",
        )
        (self.template / "run_tests.py").write_text(
            "import unittest\n\nfrom gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner\n\n"
            "if __name__ == '__main__':\n    suite = unittest.defaultTestLoader.discover('tests')\n"
            "    with open('/autograder/results/results.json', 'w') as f:\n"
            "        JSONTestRunner(visibility='visible', stream=f).run(suite)\n",
            encoding="utf-8",
        )
        (self.template / "run_autograder").write_text(
            "#!/usr/bin/env bash\ncp /autograder/submission/hw1.py /autograder/source/hw1.py\ncd /autograder/source\n"
            f"{self.python} run_tests.py\n",
            encoding="utf-8",
        )

    def grade(self, folder: Path, submissions: Mapping[str, str], loot: Path) -> Graded:
        found = []
        for student, source in submissions.items():
            home = folder / student
            for name in ("submission", "results"):
                (home / name).mkdir(parents=True)
            shutil.copytree(self.template, home / "source")
            (home / "submission" / "hw1.py").write_text(source, encoding="utf-8")
            ran = self.run(
                "/bin/bash", "/autograder/source/run_autograder",
                folder="/autograder", seconds=self.seconds, write={"/autograder": home, "/loot": loot},
            )  # fmt: skip
            found.append((student, ran, home / "results" / "results.json"))
        return gradescope_results(found)


class Ours(Grader):
    """hw1 grade, whose own sandbox starts inside these namespaces as it does outside."""

    name = "hw1 grade"
    shared = True
    results = "/grading/grades/attack/grade.json"
    course = "/grading"
    seconds = 90.0
    python = Path(sys.executable)

    def prepare(self, questions: Sequence[Question]) -> None:
        """Nothing: the course with its secret and truths is all it needs."""

    def grade(self, folder: Path, submissions: Mapping[str, str], loot: Path) -> Graded:
        shutil.copytree(self.template, folder, dirs_exist_ok=True)
        (folder / "submissions").mkdir()
        for student, source in submissions.items():
            (folder / "submissions" / f"{student}.py").write_text(source, encoding="utf-8")
        ran = self.run(
            *self.program("hw1"), "grade", "submissions",
            "--output", "grades", "--assignment", ROOT / "solutions",
            folder="/grading", seconds=self.seconds, write={"/grading": folder, "/loot": loot}, PYTHONPATH=str(ROOT),
        )  # fmt: skip
        scores: dict[str, float] = {}
        for student in submissions:
            try:
                grade = json.loads((folder / "grades" / student / "grade.json").read_text(encoding="utf-8"))
            except OSError:
                continue
            scores |= {student: grade["earned"]} if grade["status"] != "grader_fault" else {}
        feedback = folder / "grades" / next(iter(submissions)) / "feedback.md"
        return Graded(
            ran=(ran,), scores=scores, shown=feedback.read_text(encoding="utf-8") if feedback.exists() else ""
        )

    def readable(self) -> Sequence[Path]:
        return [*super().readable(), *(ROOT / name for name in ("autograder", "reports", "solutions"))]


def gradescope_results(found: Iterable[tuple[str, Ran, Path]]) -> Graded:
    """Read results as Gradescope does: a score of its own goes before the sum of the tests."""
    runs, scores, shown = [], {}, ""
    for student, ran, path in found:
        runs.append(ran)
        try:
            results = json.loads(path.read_text(encoding="utf-8"))
            tests = results["tests"]
            scores[student] = float(results["score"] if "score" in results else sum(t.get("score", 0) for t in tests))
        except (OSError, ValueError, TypeError, KeyError):
            continue
        shown = shown or "\n".join(
            str(part.get("output")) for part in [results, *tests] if part.get("visibility") != "hidden"
        )
    return Graded(ran=tuple(runs), scores=scores, shown=shown)
