"""`hw1 doctor` on a machine that has everything, on one that has next to nothing, and between."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import HW1

ROOT = Path(__file__).resolve().parents[2]
GRADING = (
    "click", "numpy", "numpy.libs", "msgspec", "rich", "pygments", "markdown_it", "mdurl", "mdit_py_plugins", "lark",
    "pylatex", "ordered_set", "pikepdf", "pikepdf.libs", "packaging", "lxml", "PIL", "pillow.libs", "jinja2",
    "markupsafe",
)  # fmt: skip
"""The packages that are there on the machine between."""


def doctor(path, packages, *arguments, path_of_programs=os.defpath):
    """Run it on a machine with these packages and programs alone: without site, Python sees no others."""
    for name in packages:
        source = Path(importlib.util.find_spec("numpy").origin).parents[1] / name
        if source.exists():
            (path / name).symlink_to(source)
    for name in ("autograder", "reports"):
        (path / name).symlink_to(ROOT / name)
    return subprocess.run(
        [sys.executable, "-S", "-B", "-c", "from autograder.cli import main; main()", "doctor", *arguments],
        env={"PYTHONPATH": str(path), "PATH": path_of_programs, "LC_ALL": "C.UTF-8"},
        cwd=path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def told(done):
    """Take what is told, by piece: the word, what follows, and the line of advice."""
    found: dict[str, tuple[str, str]] = {}
    name = ""
    for line in done.stdout.partition("\n\n")[0].splitlines():
        if line.startswith(" "):
            found[name] = (found[name][0], line.strip())
        else:
            name = line[9:26].strip()
            found[name] = (line[:9].strip(), "")
    return found


@pytest.fixture(scope="module")
def full():
    return subprocess.run([HW1, "doctor"], capture_output=True, text=True, timeout=300, check=False)


def test_where_all_is_there_grading_works(full):
    assert full.returncode == 0, full.stdout
    assert full.stdout.endswith("\ngrading works\n")
    assert {word for word, _ in told(full).values()} == {"ok"}
    assert full.stderr == ""


def test_it_says_the_same_in_whatever_process(hw1, full):
    here = hw1("doctor")
    assert here.exit_code == 0
    assert told(here).keys() == told(full).keys()


def test_on_a_bare_machine_each_missing_piece_has_its_command(full, tmp_path):
    bare = doctor(tmp_path, ["click"], path_of_programs=str(tmp_path))
    assert bare.stderr == ""
    assert bare.returncode == 1
    pieces = told(bare)
    # What extras would bring is known where the program is installed.
    unknown = {name for name in told(full) if name.startswith("extra ")}
    assert pieces.keys() == {*told(full)} - {"Landlock", "seccomp", "user namespaces", "bubblewrap"} - unknown
    missing = {name: advice for name, (word, advice) in pieces.items() if word != "ok"}
    assert {"grader", "PyTorch", "nbgrader", "SymPy", "PyLaTeX", "TeX"} <= missing.keys()
    assert all(missing.values()), missing
    assert missing["nbgrader"] == "-> pip install 'nbgrader'"
    assert bare.stdout.endswith("grading does not work here: see grader, isolation, PyTorch\n")


def test_without_bubblewrap_it_says_which_level_works(tmp_path):
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "secret").write_text("kept" * 8, encoding="utf-8")
    (tmp_path / ".autograder" / "truths").touch()
    some = doctor(tmp_path, GRADING, path_of_programs=str(tmp_path))
    pieces = told(some)
    assert pieces["grader"][0] == "ok", some.stdout
    assert pieces["bubblewrap"] == ("missing", "-> apt-get install bubblewrap (0.8 or later)")
    assert pieces["PyTorch"][0] == "missing", "not needed where truths are cached"
    assert "cp -a .autograder/secret" in pieces["secret"][1]
    assert some.returncode == 0
    assert some.stdout.endswith("\ngrading works, with --isolation nested\n")


def test_nothing_large_is_imported(tmp_path):
    for name in ("torch", "nbgrader", "sympy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    done = doctor(tmp_path, GRADING)
    assert "imported" not in done.stderr
    assert told(done)["SymPy"][0] == told(done)["nbgrader"][0] == "ok"


def test_an_extra_is_told_of_by_what_this_version_offers(tmp_path):
    about = tmp_path / "hw1_autograder-9.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: hw1-autograder\nVersion: 9\nProvides-Extra: dask\nProvides-Extra: test\n"
        "Requires-Dist: nbgrader>=0.9.6\nRequires-Dist: distributed>=1; extra == 'canvas'\n",
        encoding="utf-8",
    )
    pieces = told(doctor(tmp_path, ["click"]))
    assert pieces["extra canvas"] == ("missing", "-> pip install 'distributed>=1'")
    assert "extra test" not in pieces
    assert pieces["nbgrader"] == ("missing", "-> pip install 'nbgrader>=0.9.6'")
