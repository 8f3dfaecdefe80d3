"""The archive for other machines: all that grading needs there, nothing else, and nobody's but the instructor's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder.release import find_leaks
from tests.cli.test_cli import HW1, one_line
from tests.cli.test_going_on import tree

# All look into one archive: on one worker.
pytestmark = pytest.mark.xdist_group("node")
SUBMISSIONS = ("student-01.py", "student-03", "student-05.py")
"""Code, and a folder with a written answer beside it."""


@pytest.fixture(scope="module")
def packed(course, tmp_path_factory):
    archive = tmp_path_factory.mktemp("node") / "node.tar"
    subprocess.run([HW1, "node", "--course", course, "--output", archive], check=True, capture_output=True)
    return archive


@pytest.fixture(scope="module")
def node(packed):
    """Return the folder that is in it, as tar unpacks it."""
    subprocess.run(["tar", "xf", packed.name], cwd=packed.parent, check=True)
    return packed.parent / "hw1-node"


def test_it_holds_what_grading_needs_for_the_instructor_alone(packed, node, course, assignment, hw1, tmp_path):
    assert packed.stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in (node, *node.rglob("*")) if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in node.rglob("*") if path.is_file()} == {0o600}
    wheel = next(node.glob("*.whl"))
    assert {path.name for path in node.iterdir()} == {
        "README.txt", "requirements.lock", "solutions", ".autograder", wheel.name
    }  # fmt: skip
    assert {path.name for path in (node / "solutions").iterdir()} == {
        *(path.name for path in Path("solutions").glob("*.py")),
        "pyproject.toml",
    }
    books = [f"formulas-{part.name}-{output}" for part in assignment.parts for output in part.names]
    for name in ("secret", "truths", *books):
        assert (node / ".autograder" / name).read_bytes() == (course / ".autograder" / name).read_bytes()
    pinned = {line.partition("==")[0] for line in (node / "requirements.lock").read_text().splitlines() if "==" in line}
    assert pinned >= {"numpy", "click", "lark", "msgspec", "rich"}
    assert not pinned & {"torch", "nbgrader", "sympy", "mpmath", "jinja2", "packaging", "pikepdf"}
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
    assert {"autograder/cli/grade.py", "autograder/schemas/grade-1.json", "reports/feedback/markdown.py"} <= {*names}
    assert not [name for name in names if name.startswith(("solutions", "tests")) or "__pycache__" in name]
    assert hw1("node", "--course", course, "--output", tmp_path / "again.tar").exit_code == 0
    assert (tmp_path / "again.tar").read_bytes() == packed.read_bytes()


def test_it_is_never_released(packed, assignment):
    leaks = find_leaks({"data.tar": packed.read_bytes()}, assignment, secret=None, cases=None)
    assert "code of a reference" in {leak.kind for leak in leaks}


def test_a_fresh_environment_with_what_is_locked_grades_to_the_same_bytes(node, hw1, course, tmp_path):
    (tmp_path / "class").mkdir()
    for name in SUBMISSIONS:
        copy = shutil.copytree if "." not in name else shutil.copy
        copy(Path("tests/submissions/class") / name, tmp_path / "class" / name)
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip = [sys.executable, "-m", "pip", "--python", venv / "bin/python"]
    install = [*pip, "install", "-q", "--no-deps", "--require-hashes", "-r", "requirements.lock"]
    subprocess.run(install, cwd=node, check=True)
    subprocess.run([*pip, "check"], cwd=node, check=True, capture_output=True)
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for number in (1, 2):
        command = f"grade {tmp_path / 'class'} --assignment solutions --course . --output {tmp_path / 'parts'}".split()
        done = subprocess.run(
            [venv / "bin/hw1", *command, "--shard", f"{number}/2"],
            cwd=node, env=plain, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    merge = [venv / "bin/hw1", "merge", tmp_path / "parts", "--assignment", "solutions", "--output", tmp_path / "out"]
    subprocess.run(merge, cwd=node, env=plain, check=True, capture_output=True)
    assert hw1("grade", tmp_path / "class", "--course", course, "--output", tmp_path / "whole").exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert '"written":[{' in (tmp_path / "out/student-03/grade.json").read_text()


def test_without_truths_there_is_none_and_a_secret_from_the_environment_stays_there(hw1, course, tmp_path, monkeypatch):
    line = one_line(hw1("node", "--course", tmp_path, "--output", tmp_path / "node.tar"))
    assert line.startswith("hw1: no secret: ")
    assert line.endswith("; run hw1 truths first")
    assert not (tmp_path / "node.tar").exists()
    monkeypatch.setenv("AUTOGRADER_SECRET", (course / ".autograder/secret").read_text().strip())
    assert hw1("node", "--course", course, "--output", tmp_path / "node.tar").exit_code == 0
    with tarfile.open(tmp_path / "node.tar") as archive:
        assert "hw1-node/.autograder/truths" in archive.getnames()
        assert "hw1-node/.autograder/secret" not in archive.getnames()
        readme = archive.extractfile("hw1-node/README.txt").read().decode()
    assert "set it for hw1 grade on each machine" in readme
