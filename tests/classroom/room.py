"""A released course with an instructor, an exchange and places for students to work."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.classroom.people import COURSE_ID, ROOT, Person, Ran

ASSIGNMENT = "hw1"
NOTEBOOK = Path(ASSIGNMENT, f"{ASSIGNMENT}.ipynb")
ORDINARY = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
"""An account without rights: another than ours when we are root, else ours."""
SELF = pwd.getpwuid(os.geteuid()).pw_name


@dataclass(kw_only=True)
class Classroom:
    """Everything below one folder that every account may enter.

    Attributes
    ----------
    base : Path
        The folder.
    instructor : Person
        Owns the course.
    students : Person
        The account that students work under, each in a folder of their own.
    db_url : str
        nbgrader's gradebook.
    """

    base: Path
    instructor: Person
    students: Person
    db_url: str = ""
    transcript: list[Ran] = field(default_factory=list)

    @property
    def course(self) -> Path:
        return self.instructor.home / "course"

    @property
    def exchange(self) -> Path:
        return self.instructor.exchange

    def desk(self, student: str) -> Path:
        """The folder a student works in, with a memory of submissions of its own; made when missing."""
        desk = self.students.home / student
        if not desk.exists():
            desk.mkdir()
            cache = f"c = get_config()\nc.Exchange.cache = {str(desk / 'cache')!r}\n"
            (desk / "nbgrader_config.py").write_text(cache, encoding="utf-8")
            self.students.give(desk)
        return desk

    def teach(self, *argv: object, code: int | None = 0, real: bool = False, **environment: str) -> Ran:
        """Run an nbgrader command in the course; fail when it does not end with `code`."""
        return self._run(self.instructor, self.course, argv, code, real, environment)

    def study(self, student: str, *argv: object, code: int | None = 0, real: bool = False) -> Ran:
        """Run an nbgrader command at a student's desk."""
        return self._run(self.students, self.desk(student), argv, code, real, {})

    def _run(
        self,
        person: Person,
        cwd: Path,
        argv: tuple[object, ...],
        code: int | None,
        real: bool,
        environment: Mapping[str, str],
    ) -> Ran:
        if real:
            ran = person.execute("nbgrader", *argv, cwd=cwd, **environment)
        else:
            ran = person.nbgrader(*argv, cwd=cwd, **environment)
        self.transcript.append(ran)
        assert code is None or ran.code == code, f"nbgrader {' '.join(ran.command)} ended with {ran.code}\n{ran.output}"
        return ran

    def hw1(self, *argv: object, code: int | None = 0, **environment: str) -> Ran:
        """Run ``hw1`` as the instructor, in the course."""
        ran = self.instructor.execute("hw1", *argv, cwd=self.course, **environment)
        assert code is None or ran.code == code, f"hw1 {' '.join(ran.command)} ended with {ran.code}\n{ran.output}"
        return ran

    def released(self) -> dict[str, Any]:
        """Read the notebook that students get."""
        notebook: dict[str, Any] = json.loads((self.course / "release" / NOTEBOOK).read_text(encoding="utf-8"))
        return notebook

    def write(self, student: str, notebook: Mapping[str, Any]) -> None:
        """Save a notebook at a student's desk, over the fetched one."""
        path = self.desk(student) / NOTEBOOK
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        self.students.give(path.parent)

    def put(
        self,
        student: str,
        notebook: Mapping[str, Any] | bytes,
        *,
        when: str = "2020-02-01 12:00:00.000000 UTC",
        name: str = NOTEBOOK.name,
    ) -> Path:
        """Put a submission where ``collect`` would, for courses without the exchange."""
        home = self.course / "submitted" / student
        path = home / ASSIGNMENT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
        (path.parent / "timestamp.txt").write_text(when, encoding="utf-8")
        self.instructor.give(self.course / "submitted")
        return path


@contextmanager
def open_classroom(
    *,
    instructor: str,
    students: str,
    warm: Path | None = None,
    generated: Path | None = None,
    db_url: str = "",
    settings: str = "",
) -> Iterator[Classroom]:
    """Release the homework into a new course.

    Parameters
    ----------
    instructor, students : str
        Accounts.
    warm : Path, optional
        A course whose secret and truths are taken over, to save computing them.
    generated : Path, optional
        A course to be copied, gradebook and release and all, instead of releasing the homework.
    db_url : str
        Gradebook; nbgrader's own default when empty.
    settings : str
        What the instructor adds to ``nbgrader_config.py``.
    """
    # pytest's own folders are closed to other accounts.
    base = Path(tempfile.mkdtemp(prefix="hw1-nbgrader-"))
    base.chmod(0o755)
    exchange = base / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    room = Classroom(
        base=base,
        instructor=Person(user=instructor, home=base / "instructor", exchange=exchange),
        students=Person(user=students, home=base / "students", exchange=exchange),
        db_url=db_url,
    )
    try:
        if generated is not None:
            shutil.copytree(generated, room.course, ignore=shutil.ignore_patterns(".home"))
            room.instructor.give(room.course)
        else:
            room.course.mkdir()
            if warm is not None:
                shutil.copytree(warm / ".autograder", room.course / ".autograder")
            room.instructor.give(room.course)
            released = ("release", "nbgrader", "--course", ".", "--assignment", ROOT / "solutions")
            room.hw1(*released, "--course-id", COURSE_ID)
        config = room.course / "nbgrader_config.py"
        if db_url:
            settings = f"c.CourseDirectory.db_url = {db_url!r}\n{settings}"
        config.write_text(config.read_text(encoding="utf-8") + settings, encoding="utf-8")
        yield room
    finally:
        shutil.rmtree(base)
