"""The benchmark beside other graders: what is chosen, what the tests in it say, and what the detectors see."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import truth
from autograder.loading import reference_source, stub_source
from autograder.model import Assignment
from autograder.results import Cases
from tests.attacks import attacks
from tests.benchmarks.attacks import WRONG, Entry, placed, portable, signs
from tests.benchmarks.peers.box import run
from tests.benchmarks.peers.graders import Gradescope, Nbgrader, Otter, Ours, gradescope_results
from tests.benchmarks.peers.homework import known_by, questions

CHOSEN = portable(attacks("code"))


@pytest.fixture(scope="module")
def cases(assignment: Assignment, course: Path) -> Cases:
    return truth.load(assignment, course, truth.read_secret(course, create=False), lambda _: None)


@pytest.mark.parametrize("grader", [Nbgrader, Otter, Gradescope, Ours])
def test_thirty_attacks_and_more_are_tried_on_each(grader: Any) -> None:
    sources = [placed(attack.path.read_text(encoding="utf-8"), grader) for attack in CHOSEN]
    tried = [source for source in sources if source is not None]
    assert len(tried) >= 30
    assert not [source for source in tried if '"students"' in source or "@LOOT@" in source or "@COURSE@" in source]
    assert {attack.kind for attack in CHOSEN} >= {
        "liar",
        "frames",
        "gc",
        "forge",
        "late",
        "kill",
        "hang",
        "flood",
        "poison",
    }


@pytest.mark.parametrize(("source", "points"), [(reference_source, 50), (WRONG, 33), (stub_source, 0)])
def test_the_tests_written_for_them_are_worth_our_points(
    source: Any, points: float, assignment: Assignment, cases: Cases
) -> None:
    written: dict[str, Any] = {"np": np}
    exec(source.read_text(encoding="utf-8") if isinstance(source, Path) else source(assignment), written)
    earned = 0.0
    for question in questions(assignment, cases):
        try:
            exec(question.body, written)
        except Exception:
            continue
        earned += question.points
    assert earned == points


NAIVE = '{"tests": [{"score": 8, "max_score": 8, "visibility": "hidden", "output": "@NUMBER@"}]}'
SEEN = {
    f"echo '{NAIVE}' > results.json": {},
    f"echo '{NAIVE}' | sed 's/: 8/: 9/' > results.json": {"points": "9"},
    """echo '{"score": 50, "tests": []}' > results.json""": {"points": "50"},
    f"echo '{NAIVE}' | tee /loot/answers > results.json": {"reached": "a file"},
    f"echo '{NAIVE}' > results.json; cp /template/.autograder/secret /loot": {"reached": "a file"},
    f"echo '{NAIVE}' | sed 's/hidden/visible/' > results.json": {"reached": "a text"},
    f"echo '{NAIVE}' > results.json; setsid sleep 60 &": {"left": "1"},
    "true": {"aborted": "no grade: attack"},
    "kill -9 -1; kill -9 $$": {"aborted": "no grade: attack"},
    f"echo '{NAIVE}' > results.json; sleep 60": {"aborted": "not ended after 1 s"},
}


@pytest.mark.parametrize("script", SEEN)
def test_what_a_run_leaves_behind_is_seen(
    script: str, assignment: Assignment, cases: Cases, course: Path, tmp_path: Path
) -> None:
    grader = Gradescope(tmp_path / "template", questions(assignment, cases), course)
    entry = Entry(grader=grader, folder=tmp_path, canary=grader.canary, nothing=8.0)
    known = known_by(cases)
    work, loot = tmp_path / "work", tmp_path / "loot"
    work.mkdir()
    loot.mkdir()
    ran = run(
        ["/bin/bash", "-c", script.replace("@NUMBER@", min(known))],
        seconds=1.0 if "sleep 60" in script and "setsid" not in script else 60.0,
        read=[],
        write={"/grading": work, "/loot": loot, "/template": grader.template},
        folder="/grading",
    )
    graded = gradescope_results([("attack", ran, work / "results.json")])
    assert signs(graded, loot, entry, known, assignment.possible) == SEEN[script]


def test_ours_grades_in_the_same_namespaces_and_from_a_linked_environment(
    assignment: Assignment, cases: Cases, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "linked").symlink_to(sys.prefix)
    monkeypatch.setattr(Ours, "python", tmp_path / "linked" / "bin" / "python")
    ours = Ours(tmp_path / "template", questions(assignment, cases), course)
    entry = Entry(grader=ours, folder=tmp_path, canary=ours.canary)
    attack = placed(next(one for one in CHOSEN if one.kind == "replay").path.read_text(encoding="utf-8"), ours)
    assert attack is not None
    graded, loot = entry.run("run", {"attack": attack, "next": reference_source(assignment)})
    assert graded.scores == {"attack": 0, "next": 50}, graded.ran[0].said.decode()
    assert json.loads((tmp_path / "run" / "grades" / "next" / "grade.json").read_text())["isolation"] == "bubblewrap"
    assert signs(graded, loot, entry, known_by(cases), assignment.possible) == {}
