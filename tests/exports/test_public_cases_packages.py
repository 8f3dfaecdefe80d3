"""What checks public cases in a student's repository: for Classroom 50, and as a workflow of GitHub's."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from jsonschema import Draft7Validator

from autograder.exports import public_cases
from autograder.exports.public_cases_package import slug_of
from autograder.loading import reference_source, stub_source
from autograder.model import Assignment
from autograder.truth import read_secret
from tests.conftest import SMALL
from tests.exports.test_documents_of_platforms import SCHEMAS, check

HOMEWORK = SMALL.resolve()
#: What Classroom 50's runner gives to an entry point (its runner.py).
RUNNER = {
    "CLASSROOM": "cs", "ASSIGNMENT": "other", "ASSIGNMENT_TYPE": "individual", "OWNER": "alice", "USERNAME": "alice",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d", "COMMIT_URL": "https://x/commit/a", "RELEASE_URL": "https://x/r",
    "REVIEW_URL": "https://x/compare/a...b",
}  # fmt: skip


@pytest.fixture
def pack(hw1: Callable[..., Result], tmp_path: Path) -> Callable[[str], Path]:
    def run(what: str) -> Path:
        done = hw1("package", what, "--output", tmp_path / what, "--assignment", HOMEWORK)
        assert done.exit_code == 0, done.output
        return tmp_path / what

    return run


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go into a student's checkout, with nothing of GitHub's in the environment."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in (*RUNNER, "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def started(script: Path) -> int:
    """Run the script as its workflow does, but in this process."""
    return int(runpy.run_path(str(script), run_name="script")["main"]([]))


def test_classroom_50_gets_a_result_that_its_schema_takes(
    pack: Callable[[str], Path], small: Assignment, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = pack("classroom50")
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    (checkout / "other.py").write_text(reference_source(small).replace("return", "return 2 *", 1), encoding="utf-8")
    # The runner takes every end but 0 for an error of the autograder.
    assert started(bundle / "autograders" / "other" / "autograder.py") == 0
    result = json.loads((checkout / "result.json").read_text(encoding="utf-8"))
    check(result, "classroom50-result.json")
    assert (result["owner"], result["assignment"], result["submission"]) == ("alice", "other", RUNNER["SUBMISSION_TAG"])
    tests = result["tests"]
    assert 0 < result["score"] == sum(test["score"] for test in tests) < result["max-score"] == len(tests)
    assert all(test["passed"] == (test["score"] == 1) and ", public case: " in test["test-name"] for test in tests)
    body = (checkout / "release-body.md").read_text(encoding="utf-8")
    assert body.startswith("### Public cases, not a grade\n")
    assert "decide the grade" in body
    runtime = json.loads((bundle / "runtime.json").read_text(encoding="utf-8"))
    # Closed keys, by assignments-v1.schema.json of the same project.
    assert set(runtime) <= {"runs-on", "container", "python", "node", "java", "go", "rust", "apt"}
    assert re.fullmatch(r"[A-Za-z0-9._+-]{1,32}", runtime["python"])


class _Yaml12(yaml.SafeLoader):
    """In YAML 1.2, which GitHub reads, ``on`` is a word."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        sign: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
        for sign, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def test_the_workflow_has_the_keys_it_may_have_and_says_what_apparmor_needs(
    pack: Callable[[str], Path], small: Assignment
) -> None:
    (path,) = (pack("github-action") / ".github" / "workflows").iterdir()
    text = path.read_text(encoding="utf-8")
    workflow: Any = yaml.load(text, Loader=_Yaml12)
    validator = Draft7Validator(json.loads((SCHEMAS / "github-workflow.json").read_text(encoding="utf-8")))
    validator.validate(workflow)
    assert workflow["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["public-cases"]
    assert job["runs-on"] == "ubuntu-24.04"
    assert "kernel.apparmor_restrict_unprivileged_userns=0" in text
    script = path.parents[2] / job["steps"][-1]["run"].split()[-1]
    assert script.is_file()
    job["stpes"] = []
    assert not validator.is_valid(workflow)


@pytest.mark.parametrize(
    ("files", "code", "told"),
    [
        ({"other.py": "reference", "tools.py": "x = 1"}, 0, "{all} of {all} public cases are right"),
        ({"other.py": "stub"}, 1, "0 of {all} public cases are right"),
        ({}, 2, "neither other.ipynb nor other.py is here"),
        ({"other.py": "stub", "other.ipynb": "{}"}, 2, "both other.ipynb and other.py are here"),
        ({"other.ipynb": "{}"}, 2, "other.ipynb could not be checked, or ended the program; the log says more"),
        ({"other.py": "def ("}, 1, "0 of {all} public cases are right"),
        ({"other.py": "import os; os._exit(0)"}, 1, "0 of {all} public cases are right"),
        ({"other.py": "import os; os.kill(os.getpid(), 9)"}, 2, "other.py could not be checked, or ended the program"),
    ],
)
def test_a_push_is_told_how_many_public_cases_are_right(
    pack: Callable[[str], Path],
    small: Assignment,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    code: int,
    told: str,
) -> None:
    shutil.copytree(pack("github-action") / ".github", checkout / ".github")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(checkout / "summary.md"))
    texts = {"reference": reference_source(small), "stub": stub_source(small)}
    for name, text in files.items():
        (checkout / name).write_text(texts.get(text, text), encoding="utf-8")
    script = checkout / ".github" / "public-cases" / "public_cases.py"
    # The module that was packed, with what was filled in, so that its lines count.
    for name, value in (("FILES", ("other.ipynb", "other.py")), ("CHECK", "other_check.py"), ("__file__", str(script))):
        monkeypatch.setattr(public_cases, name, value)
    assert public_cases.main([]) == code
    summary = (checkout / "summary.md").read_text(encoding="utf-8")
    told = told.format(all=sum("| `" in line for line in summary.splitlines()))
    kind = "error" if code == 2 else "notice"
    assert f"::{kind} title=Public cases, not a grade::{told}" in capsys.readouterr().out
    assert told.partition(";")[0] in summary
    # Why a function is missing.
    assert ("- other.py, line 1: SyntaxError" in summary) == (files == {"other.py": "def ("})


def test_what_was_found_is_left_for_the_other_process(
    pack: Callable[[str], Path], small: Assignment, checkout: Path
) -> None:
    check, out = pack("classroom50") / "autograders" / "other" / "other_check.py", checkout / "found.json"
    (checkout / "other.py").write_text(reference_source(small), encoding="utf-8")
    assert public_cases.main([str(check), "other.py", str(out)]) == 0
    found = json.loads(out.read_text())
    assert ({row[2][0] for row in found["rows"]}, found["notes"]) == ({"ok"}, [])
    out.unlink()
    assert public_cases.main([str(check), "none.py", str(out)]) == 2
    assert not out.exists()


def test_neither_holds_what_a_student_may_not_read(
    pack: Callable[[str], Path], small: Assignment, small_course: Path
) -> None:
    secret = read_secret(small_course, create=False)
    for what in ("classroom50", "github-action"):
        files = [path.read_bytes() for path in pack(what).rglob("*") if path.is_file()]
        text = b"".join(files)
        assert sum(map(len, files)) < 10_000_000
        assert secret not in text
        for part in small.parts:
            body = reference_source(small).partition(f"def {part.name}(")[2].strip().splitlines()[-1].strip()
            assert body.encode() not in text


def test_what_a_students_code_says_is_no_mark_and_no_command(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "![x](http://evil) <img src=x> | a | `\n::set-output name=x::y% <b>"
    rows = [("f", "case", [f"raised ValueError: {hostile}"])]
    monkeypatch.setattr(public_cases, "_checked", lambda _: (rows, [hostile], f"f {hostile}"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(checkout / "s.md"))
    assert public_cases.main([]) == 2
    line = capsys.readouterr().out
    assert (line.count("\n"), line.count("%0A")) == (1, 1)
    lines = (checkout / "s.md").read_text().splitlines()
    (note,) = [one for one in lines if one.startswith("- ")]
    assert not set("<[!|`") & set(note)
    (row,) = [one for one in lines if "raised" in one]
    assert row.count("|") == 4
    assert not set("<[!") & set(row)


def test_numpy_is_fetched_where_it_is_not_there_and_an_endless_file_is_ended(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / public_cases.FILES[1]).write_text("x = 1")
    fetched: list[list[str]] = []

    def run(command: list[str], *, check: bool, timeout: float | None = None) -> None:
        fetched.append(command)
        if timeout is not None:
            raise public_cases.subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(public_cases.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(public_cases.subprocess, "run", run)
    assert public_cases.main([]) == 2
    assert fetched[0] == [sys.executable, "-m", "pip", "install", "--quiet", "numpy"]
    assert len(fetched) == 2


@pytest.mark.parametrize(
    ("id_", "slug"),
    [("hw1", "hw1"), ("Home Work_2.b", "home-work-2-b"), ("7", "hw-7"), ("é", "hw"), ("x" * 60, "x" * 39)],
)
def test_a_slug_is_what_classroom_50_allows(small: Assignment, id_: str, slug: str) -> None:
    assert slug_of(replace(small, id=id_)) == slug
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,38}", slug)
