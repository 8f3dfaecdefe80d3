"""A released nbgrader course with a class of submissions, and nbgrader's own commands run on it.

HOME and all of Jupyter's folders lie below ``<course>/.home``: nothing of the machine's own configuration is read or
written.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.classroom.nbgrader_server import ask, server

COURSE_ID = "ds-ga-1008"
ASSIGNMENT = "hw1"


def make_course(folder: Path, assignment_path: Path, *, warm: Path | None = None, generate: bool = True) -> Path:
    """Write a course with its source notebook; `warm` is a course whose secret and truths are copied."""
    from click.testing import CliRunner

    from autograder.cli import main

    if warm is not None:
        shutil.copytree(warm / ".autograder", folder / ".autograder")
    done = CliRunner().invoke(
        main, ["release", "nbgrader", "--course", str(folder), "--assignment", str(assignment_path)]
    )
    if done.exit_code:
        raise RuntimeError(done.output)
    private_home(folder)
    if generate:
        made = nbgrader(folder, "generate_assignment", ASSIGNMENT)
        if made.returncode:
            raise RuntimeError(made.stdout)
    return folder


def copy_course(template: Path, folder: Path) -> Path:
    """Copy a course, gradebook and all; cheaper than making another."""
    shutil.copytree(template, folder, symlinks=True)
    private_home(folder)
    return folder


def private_home(course: Path) -> Path:
    """Write the machine's side of the configuration: an exchange of the course's own."""
    home = course.resolve() / ".home"
    (home / "jupyter").mkdir(parents=True, exist_ok=True)
    (home / "exchange").mkdir(exist_ok=True)
    (home / "exchange").chmod(0o777)
    (home / "jupyter" / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(home / 'exchange')!r}\nc.Exchange.cache = {str(home / 'cache')!r}\n"
        "c.ExchangeCollect.check_owner = False\n",
        encoding="utf-8",
    )
    return home


def environment(course: Path) -> dict[str, str]:
    """Environment in which Jupyter finds the course's own configuration and no other."""
    home = course.resolve() / ".home"
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR", "AUTOGRADER_SECRET") if name in os.environ}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_NO_CONFIG": "",
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def released(course: Path) -> dict[str, Any]:
    """Read the notebook as students get it."""
    path = course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def answered(notebook: Mapping[str, Any], sources: str | Mapping[str, str]) -> dict[str, Any]:
    """Fill in answer cells: by part, or a whole module in the first one and nothing in the others."""
    mine = copy.deepcopy(dict(notebook))
    answers = [cell for cell in mine["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    if isinstance(sources, str):
        sources = {cell["metadata"]["nbgrader"]["grade_id"]: "" for cell in answers} | {
            answers[0]["metadata"]["nbgrader"]["grade_id"]: sources
        }
    for cell in answers:
        cell["source"] = sources.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    return mine


def submit(
    course: Path,
    student: str,
    work: str | bytes | Mapping[str, Any],
    *,
    timestamp: str = "2020-02-01 12:00:00.000000 UTC",
) -> Path:
    """Hand in without the exchange: bytes as they are, a notebook, sources by part, or a module's text."""
    home = course / "submitted" / student / ASSIGNMENT
    home.mkdir(parents=True, exist_ok=True)
    if not isinstance(work, bytes):
        notebook = work if not isinstance(work, str) and "cells" in work else answered(released(course), work)
        work = json.dumps(notebook).encode()
    path = home / f"{ASSIGNMENT}.ipynb"
    path.write_bytes(work)
    (home / "timestamp.txt").write_text(timestamp, encoding="utf-8")
    return path


def scores(course: Path) -> dict[str, dict[str, tuple[float | None, float]]]:
    """Read the gradebook: by student and cell, the automatic score and the largest there is."""
    from nbgrader.api import Gradebook

    found: dict[str, dict[str, tuple[float | None, float]]] = {}
    with Gradebook(f"sqlite:///{course.resolve()}/gradebook.db", COURSE_ID) as book:
        for submission in book.assignment_submissions(ASSIGNMENT):
            for notebook in submission.notebooks:
                found[submission.student_id] = {g.name: (g.auto_score, g.max_score) for g in notebook.grades}
    return found


def nbgrader(course: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run one nbgrader command in the course directory; its errors stand among its output."""
    call = {"argv": arguments, "cwd": str(course), "environment": environment(course) | variables}
    (ended,) = ask(server(), [call])
    return subprocess.CompletedProcess(["nbgrader", *arguments], ended["code"], ended["output"])
