"""A question of PrairieLearn's and what its grader does in its image."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from autograder.loading import reference_source
from autograder.model import Assignment
from tests.conftest import SMALL

#: Keys of info.json and of its options, which are closed (schemas/infoQuestion.json); those with True must be there.
INFO = {
    "uuid": True, "title": True, "topic": True, "type": True, "tags": False, "authors": False, "clientFiles": False,
    "gradingMethod": False, "singleVariant": False, "externalGradingOptions": False,
}  # fmt: skip
OPTIONS = {
    "image": True, "entrypoint": False, "timeout": False, "enableNetworking": False, "environment": False,
    "serverFilesCourse": False,
}  # fmt: skip


def test_the_question_has_the_keys_it_may_have_and_a_page_that_renders(
    hw1: Callable[..., Result], small: Assignment, small_course: Path, tmp_path: Path
) -> None:
    where = ("--course", small_course, "--assignment", SMALL, "-o", tmp_path / "o")
    done = hw1("package", "prairielearn", *where, "--image", "c/g")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "o" / "questions" / small.id
    info = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    for keys, found in ((INFO, info), (OPTIONS, info["externalGradingOptions"])):
        assert {key for key, needed in keys.items() if needed} <= set(found) <= set(keys)
    assert uuid.UUID(info["uuid"]).version == 5
    assert (info["type"], info["gradingMethod"]) == ("v3", "External")
    assert isinstance(info["externalGradingOptions"]["timeout"], int)
    page = (folder / "question.html").read_text(encoding="utf-8")
    # Formulas hold double braces, which mustache would take for its own.
    assert page.startswith("{{=<% %>=}}\n")
    assert all(element in page for element in ("<pl-file-upload", "<pl-external-grader-results>"))
    # What goes into the course holds nothing of the instructors'.
    given = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert reference_source(small).splitlines()[-1].strip().encode() not in given
    assert {path.name for path in (tmp_path / "o" / "image").iterdir()} == {"Dockerfile", "node.tar"}


@pytest.fixture
def job(tmp_path: Path, small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "opt"
    shutil.copytree(small_course / ".autograder", home / ".autograder")
    shutil.copytree(SMALL, home / "small", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "grade" / "student").mkdir(parents=True)
    monkeypatch.chdir(home)
    return tmp_path / "grade"


def test_a_right_answer_scores_one(hw1: Callable[..., Result], small: Assignment, job: Path) -> None:
    (job / "student" / "other.py").write_text(reference_source(small), encoding="utf-8")
    assert hw1("prairielearn-run", job, "--assignment", "small").exit_code == 0
    found = json.loads((job / "results" / "results.json").read_text(encoding="utf-8"))
    assert (found["gradable"], found["score"]) == (True, 1.0)
    assert sum(test["points"] for test in found["tests"]) == small.possible


def test_a_fault_of_ours_is_not_gradable(hw1: Callable[..., Result], job: Path) -> None:
    (job / "student" / "hw.py").write_text("x = 1\n", encoding="utf-8")
    shutil.rmtree(Path(".autograder"))
    assert hw1("prairielearn-run", job, "--assignment", "small").exit_code == 2
    found = json.loads((job / "results" / "results.json").read_text(encoding="utf-8"))
    assert found["gradable"] is False
    assert "score" not in found
