"""A question of PrairieLearn's and what its grader does in its image."""

from __future__ import annotations

import html
import json
import re
import runpy
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chevron
import pytest
from click.testing import Result

from autograder.exports.markup import prompt_to_html
from autograder.loading import reference_source
from autograder.model import Assignment
from tests.conftest import SMALL

#: Keys of info.json and of its options, which are closed (schemas/infoQuestion.json); those with True must be there.
INFO = {
    "uuid": True, "title": True, "topic": True, "type": True, "tags": False, "authors": False,
    "gradingMethod": False, "singleVariant": False, "externalGradingOptions": False,
}  # fmt: skip
OPTIONS = {
    "image": True, "entrypoint": False, "timeout": False, "enableNetworking": False, "environment": False,
    "serverFilesCourse": False,
}  # fmt: skip
#: Attributes that each element may have, by the `check_attribs` in its own file; those with True must be there.
ELEMENTS = {
    "pl-question-panel": {}, "pl-submission-panel": {}, "pl-external-grader-results": {}, "pl-file-preview": {},
    "pl-file-download": {"file-name": True, "type": False, "directory": False, "label": False, "force-download": False},
    "pl-file-upload": {
        "file-names": False, "optional-file-names": False, "file-patterns": False, "optional-file-patterns": False,
    },
}  # fmt: skip


def test_the_question_has_the_keys_it_may_have_and_a_page_that_renders(
    hw1: Callable[..., Result], small: Assignment, small_course: Path, tmp_path: Path
) -> None:
    where = ("--course", small_course, "--assignment", SMALL, "-o", tmp_path / "o")
    for image in ("bad image", "Course/grader", "", "c/g:", "c//"):
        done = hw1("package", "prairielearn", *where, "--image", image)
        assert (done.exit_code, done.output.count("\n"), "no image can be called so" in done.output) == (2, 1, True)
    done = hw1("package", "prairielearn", *where, "--image", "ghcr.io:443/c-1/g_r:v1.0")
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
    body = page.removeprefix("{{=<% %>=}}\n")
    assert set(re.findall("<%.*?%>", body)) == {"<% params.cases %>"}
    elements = re.findall(r"<(pl-[a-z-]+)((?: [a-z-]+=\"[^\"<>]*\")*)>", body)
    assert {name for name, _ in elements} == ELEMENTS.keys()
    assert len(elements) == body.count("<pl-") == body.count("</pl-")
    for name, text in elements:
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', text))
        assert {key for key, needed in ELEMENTS[name].items() if needed} <= set(attributes) <= set(ELEMENTS[name])
        assert name != "pl-file-download" or (folder / "clientFilesQuestion" / attributes["file-name"]).is_file()
    # Formulas are as the author wrote them.
    formulas = re.findall(r"\$\$.+?\$\$|\$.+?\$", "".join(one.prompt for one in small.questions), re.DOTALL)
    assert formulas
    assert all(" ".join(one.split()) in " ".join(html.unescape(body).split()) for one in formulas)
    _shows_public_cases(folder / "server.py", small)
    _renders(page, body, folder / "server.py")
    # What goes into the course holds nothing of the instructors'.
    given = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert reference_source(small).splitlines()[-1].strip().encode() not in given
    assert {path.name for path in (tmp_path / "o" / "image").iterdir()} == {"Dockerfile", "node.tar"}


@pytest.mark.parametrize("formula", [r"$3\, C \in \{1, \dots\}$", "$a_1 * b_1 * c$", "$$x_i \\\\ y_i$$", "$[a](b)$"])
def test_a_formula_is_as_the_author_wrote_it(formula: str) -> None:
    assert formula in prompt_to_html(f"All of *this* {formula} is <b>.")
    assert "<em>this</em>" in prompt_to_html(f"All of *this* {formula} is <b>.")
    assert "&lt;b&gt;" in prompt_to_html(f"All of *this* {formula} is <b>.")
    assert prompt_to_html("$a < b$ & $c$").count("&lt;") == 1


def _renders(page: str, body: str, server: Path) -> None:
    """Render as PrairieLearn does, by chevron: a variant's cases are put in, as text, and nothing else changes."""
    data: dict[str, Any] = {"variant_seed": "7", "params": {}}
    runpy.run_path(str(server))["generate"](data)
    data["params"]["cases"] += "\nw < 1 & <b>{{params.cases}}</b>"
    before, after = body.split("<% params.cases %>")
    rendered = chevron.render(page, data)
    assert rendered.startswith(before)
    assert rendered.endswith(after)
    shown = rendered.removeprefix(before).removesuffix(after)
    assert "<" not in shown
    assert html.unescape(shown) == data["params"]["cases"]


def _shows_public_cases(server: Path, small: Assignment) -> None:
    generate = runpy.run_path(str(server))["generate"]
    # This homework has one public case a function, so there is one variant; others have more.
    generate.__globals__["CASES"][0].append(f"{small.parts[0].name}()")
    shown = []
    for seed in ("1", "2", "3", "4", "5", "1"):
        data: dict[str, Any] = {"variant_seed": seed, "params": {}}
        generate(data)
        shown.append(json.loads(json.dumps(data))["params"]["cases"])
        assert [line.partition("(")[0] for line in shown[-1].splitlines() if "(" in line] == [
            p.name for p in small.parts
        ]
    assert shown[0] == shown[-1]
    assert len(set(shown)) > 1


@pytest.fixture
def job(tmp_path: Path, small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "opt"
    shutil.copytree(small_course / ".autograder", home / ".autograder")
    shutil.copytree(SMALL, home / "small", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "grade" / "student").mkdir(parents=True)
    monkeypatch.chdir(home)
    return tmp_path / "grade"


def test_a_right_answer_scores_one(hw1: Callable[..., Result], small: Assignment, job: Path) -> None:
    # With a module of the student's own, which may be uploaded too.
    names = ", ".join(part.name for part in small.parts)
    (job / "student" / "other.py").write_text(f"from tools import {names}\n", encoding="utf-8")
    (job / "student" / "tools.py").write_text(reference_source(small), encoding="utf-8")
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
