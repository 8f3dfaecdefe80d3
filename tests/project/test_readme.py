"""The sessions in the README and in docs/ print what they say, and every link in them leads somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
DOCS = sorted(REPOSITORY.glob("docs/**/*.md"))
PAGES = {path: path.read_text(encoding="utf-8") for path in (*(REPOSITORY / name for name in TOP), *DOCS)}
README = PAGES[REPOSITORY / "README.md"]
SESSION = [
    (command, output)
    for page in PAGES.values()
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    for command, output in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


@pytest.fixture(scope="module")
def here(tmp_path_factory, course):
    """Return a folder that looks like the repository to the commands, after a first run, and keeps what they write."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("solutions", "tests"):
        (folder / name).symlink_to(REPOSITORY / name)
    shutil.copytree(course, folder / "build")
    return folder


def test_the_readme_has_a_session():
    assert {"make demo", "make test"} <= set(re.findall(r"^    (make \w+)", README, re.MULTILINE))
    assert any("hw1 grade" in command for command, _ in SESSION)


@pytest.mark.early
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


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub and the built pages give to a page's headings."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    heads = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def broken(path: Path, page: str) -> list[str]:
    """The links of a page that lead nowhere."""
    found = []
    for link in re.findall(r"\]\((?!https?://)([^)\s]+)\)", page):
        target, _, anchor = link.partition("#")
        file = path.parent / target if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            found.append(link)
    return found


def test_pictures_files_and_headings_named_in_the_pages_are_there():
    assert {str(path): links for path, page in PAGES.items() if (links := broken(path, page))} == {}
    planted = "[a](README.md#a-session) [b](README.md#no-such) [c](nowhere.md) ![d](docs/no.png)"
    assert broken(REPOSITORY / "x.md", planted) == ["README.md#no-such", "nowhere.md", "docs/no.png"]


def test_the_readme_is_a_page():
    assert len(README.split()) <= 950
    assert all(f"]({name})" in README for name in ("docs/index.md", "SECURITY.md", "CONTRIBUTING.md"))


def test_every_page_stands_in_the_contents():
    """Sphinx says so, too, but it is not asked by every run of the tests."""
    contents = PAGES[REPOSITORY / "docs" / "index.md"]
    listed = [line for block in re.findall(r"```{toctree}\n(.*?)```", contents, re.DOTALL) for line in block.split()]
    for path in DOCS:
        name = str(path.relative_to(REPOSITORY / "docs").with_suffix(""))
        assert name == "index" or any(fnmatch(name, pattern) for pattern in listed), name
