"""The same attacks on nbgrader as it comes: they succeed there, so the detectors can fire.

Everything runs in a namespace of its own, with this machine read-only, no network and no other processes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder.loading import load_assignment, reference_source
from autograder.release import nbgrader_course
from tests.classroom.nbgrader_course import ASSIGNMENT, environment, private_home, released, submit
from tests.nbgrader_attacks import Attack, by_id
from tests.nbgrader_attacks._detectors import OWNED, leaks, points, total

HONEST = "honest"
SUCCESS = {
    "patched_numpy_testing": "points",
    "runs_the_source": "points",
    "displayhook_number": "points",
    "displayhook_nan": "points",
    "input_transformer": "points",
    "daemon": "points",
    "frames_and_history": "read",
    "numpy_beside": "points",
    "sql_extra_credit": "points",
    "zeroes_another": "others",
    "script_in_output": "runs",
    "prints_hidden_tests": "read",
    "os_exit": "lost",
    "endless_loop": "time",
    "prints_400_mb": "large",
    "deleted_test_cells": "lost",
}
"""What each attack achieves there: points, hidden numbers, others' points, a script, a lost grade, lost time.

Lost time has a bound: by default nbgrader interrupts a cell after 30 s, and goes on with the next one.
"""
_CELL_SECONDS = 30
_NUMBERS = ("0.123456789123", "1.718281828459", "2.645751311064")
_HIDDEN_TESTS = """import numpy as np

x, g = np.array([{0}, {1}]), np.array([{2}, 0.5])
### BEGIN HIDDEN TESTS
np.testing.assert_allclose({call}, {truth}, atol=1e-9)
### END HIDDEN TESTS
"""
_CALLS = {
    "affine_gradients": ("affine_gradients(x, g)[0]", "np.outer(g, x)"),
    "scaled_cost_gradients": ("scaled_cost_gradients(x, g)[0]", "3 * np.outer(g, x)"),
    "softmax": ("softmax(x, 2.0)", "np.exp(2 * x) / np.exp(2 * x).sum()"),
    "softmax_jacobian": ("softmax_jacobian(x, 2.0).sum()", "0"),
}
_CONFIG = f"""c = get_config()
c.CourseDirectory.course_id = "stock"
c.OverwriteCells.add_missing_cells = False
c.NbGrader.logfile = "{ASSIGNMENT}.log"
"""


def build(folder: Path) -> Path:
    """Write a course with hidden tests in its notebook, and the reference as the instructor's solution."""
    package = Path("solutions").resolve()
    assignment = load_assignment(package)
    text = nbgrader_course(assignment, package, "stock").files[f"source/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"]
    notebook: dict[str, Any] = json.loads(text)
    cells = by_id(notebook)
    for part, (call, truth) in _CALLS.items():
        cells[f"grade-{part}"]["source"] = _HIDDEN_TESTS.format(*_NUMBERS, call=call, truth=truth)
    first = next(iter(_CALLS))
    cells[first]["source"] = f"### BEGIN SOLUTION\n{reference_source(assignment)}\n### END SOLUTION"
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (source / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    private_home(folder)
    run(folder, "generate_assignment")
    submit(folder, HONEST, {part: reference_source(assignment) if part == first else "" for part in _CALLS})
    run(folder, "autograde")
    return folder


def run(course: Path, *commands: str) -> None:
    """Run nbgrader's commands in the namespace."""
    script = "; ".join(f"{sys.executable} -m nbgrader {command} {ASSIGNMENT}" for command in commands)
    sandbox = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    sandbox += ["--tmpfs", "/tmp", "--bind", str(course), str(course), "--chdir", str(course), "--", "/bin/sh", "-c"]
    variables = environment(course) | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    subprocess.run([*sandbox, script], env=variables, capture_output=True, timeout=600, check=False)


def attacked(course: Path, attack: Attack, folder: Path) -> set[str]:
    """Say what an attack achieved in a copy of a course."""
    mine = folder / "course"
    shutil.copytree(course, mine, symlinks=True)
    private_home(mine)
    attack.hand_in(mine, released(mine), dict.fromkeys(_CALLS, ""))
    if attack.name == "prints_400_mb":
        path = mine / "submitted" / attack.name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.write_text(path.read_text(encoding="utf-8").replace("range(400)", "range(10)"), encoding="utf-8")
    run(mine, "autograde", "generate_feedback")
    scored = points(mine)
    cells = scored.get(attack.name, [])
    page = mine / "feedback" / attack.name / ASSIGNMENT / f"{ASSIGNMENT}.html"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = leaks([page.parent], frozenset(), {})
    achieved = {
        "points": bool(cells) and total(cells) > 0,
        "others": total(scored[HONEST]) != total(points(course)[HONEST]),
        # Everybody's feedback shows the hidden tests; this is what the attack itself printed.
        "read": re.search(rf"LOOT[^\n]*{_NUMBERS[0]}", text) is not None,
        "large": any("bytes" in line for line in found),
        "runs": f"<script>window.{OWNED}" in text,
        "lost": not page.exists() or any(cell["auto_score"] is None for cell in cells),
        "time": _seconds_lost(mine) >= _CELL_SECONDS * (len(_CALLS) + 1),
    }
    return {name for name, is_so in achieved.items() if is_so}


def _seconds_lost(course: Path) -> int:
    """Add up how long nbgrader says that it waited for cells before it interrupted them."""
    log = (course / f"{ASSIGNMENT}.log").read_text(encoding="utf-8")
    return sum(map(int, re.findall(r"Timeout waiting for execute reply \((\d+)s\)", log)))
