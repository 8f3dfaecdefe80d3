"""The sessions in the README and in docs/ print what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = {
    path: path.read_text(encoding="utf-8") for path in (REPOSITORY / "README.md", *sorted(REPOSITORY.glob("docs/*.md")))
}
README = PAGES[REPOSITORY / "README.md"]
SESSION = [
    (command, output)
    for page in PAGES.values()
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    for command, output in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """Return a folder that looks like the repository to the commands, and keeps what they write."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("solutions", "tests"):
        (folder / name).symlink_to(REPOSITORY / name)
    (folder / "build").mkdir()
    return folder


def test_the_readme_has_a_session():
    assert {"make demo", "make test"} <= set(re.findall(r"^    (make \w+)", README, re.MULTILINE))
    assert any("hw1 grade" in command for command, _ in SESSION)


def test_the_readmes_session_is_true(here):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, output in SESSION:
        result = subprocess.run(
            ["bash", "-c", command],
            cwd=here,
            env={**os.environ, "PATH": path, "COLUMNS": "100", "TERM": "dumb"},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        printed = "\n".join(line.rstrip() for line in result.stdout.splitlines())
        told = "\n".join(line.rstrip() for line in output.splitlines())
        for piece in told.split("...\n"):
            assert piece.strip("\n") in printed, command


def test_pictures_and_files_named_in_the_pages_are_there():
    for path, page in PAGES.items():
        for target in re.findall(r"\]\((?!https?://|#)([^)]+)\)", page):
            assert (path.parent / target).exists(), (path.name, target)


def test_the_readme_is_a_page_and_names_every_other():
    assert len(README.split()) <= 950
    assert all(f"]({path.relative_to(REPOSITORY)})" in README for path in PAGES if path.parent.name == "docs")
