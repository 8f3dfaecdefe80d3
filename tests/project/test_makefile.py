"""What make does before any Python of ours runs: which Pythons it tests on, and what it says of a large download."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TORCH = re.findall(r"torch==[\d.]+", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def make(*arguments: object, path: str, **variables: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("make")
    assert found is not None
    return subprocess.run(
        [found, "-C", ROOT, *map(str, arguments)],
        env={"PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("failing", ["python3.11", ""])
def test_the_suite_runs_on_every_python_that_starts_each_in_its_own_environment(tmp_path, failing):
    for name, code in (("python3.11", 0), ("python3.12", 127), ("python3.13", 0)):
        script(tmp_path / "bin" / name, f"exit {code}")
    inner = script(tmp_path / "make", f'echo "ran $*"; case "$*" in *PYTHON={failing or "none"}\\ *) exit 1;; esac')
    done = make("test-pythons", f"MAKE={inner}", path=str(tmp_path / "bin"))
    assert re.findall(r"^ran .*\btest PYTHON=(\S+) VENV=build/pythons/(\S+)$", done.stdout, re.MULTILINE) == [
        ("python3.11", "python3.11"),
        ("python3.13", "python3.13"),
    ]
    assert f"ran on: python3.11 python3.13; failed on: {failing or 'none'}" in done.stdout
    assert (done.returncode != 0) is bool(failing)


def test_no_python_to_test_on_is_a_failure(tmp_path):
    done = make("test-pythons", path=str(tmp_path))
    assert done.returncode
    assert "put one on the PATH" in done.stdout


@pytest.mark.parametrize(
    ("machine", "there", "chosen", "says"),
    [
        ("Linux x86_64", False, "", True),
        ("Linux aarch64", False, "", False),
        ("Linux x86_64", True, "", False),
        ("Linux x86_64", False, "PIP_EXTRA_INDEX_URL", False),
        ("Linux x86_64", False, "PIP_FIND_LINKS", False),
    ],
    ids=["cuda", "no-cuda", "there-already", "index-named", "wheels-named"],
)
def test_a_large_download_is_said_beforehand_and_shows_progress(tmp_path, machine, there, chosen, says):
    script(tmp_path / "bin" / "uname", f"echo {machine}")
    script(tmp_path / "venv" / "bin" / "python", f"exit {int(not there)}")
    script(tmp_path / "venv" / "bin" / "pip", 'echo "pip $*"')
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = make(f"VENV={tmp_path / 'venv'}", tmp_path / "venv" / ".installed", path=path, **{chosen or "LANG": "C"})
    assert done.returncode == 0, done.stderr
    before, ran, _ = done.stdout.partition(f"pip install --no-compile {TORCH[0]}\n")
    assert ran, "without -q, pip shows a bar"
    for words in ("5.2 GB", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PyTorch's CPU index"):
        assert (words in before) is says
    assert ("which computes the truths; nothing else needs it" in before) is not there
