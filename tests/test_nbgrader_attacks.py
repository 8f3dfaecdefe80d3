"""Hostile notebooks through the real ``nbgrader autograde`` and ``generate_feedback``, one class in one process.

None earns what its functions do not deserve, reads a hidden case, changes a row of the gradebook that is not its own
score, leaves a process, or loses another student's grade; and each has its own grade and feedback in the end.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.nbgrader_attacks import _stock, attacks
from tests.nbgrader_attacks._arena import HONEST, fight
from tests.nbgrader_attacks._summary import PROPERTY

# All look at one fight: on one worker, or the other would wait for it.
pytestmark = pytest.mark.xdist_group("nbgrader-attacks")

NAMES = [attack.name for attack in attacks()]


@pytest.fixture(scope="module")
def fought(course: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Any]:
    """Fight once, also where the tests are spread over several processes: the first one does it, the others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "nbgrader-attacks.json"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            result = fight(tmp_path_factory.mktemp("attacks"), warm=course)
            record = {
                "findings": {finding.name: finding.record() for finding in result.findings},
                "honest": result.honest,
                "wrong": result.wrong,
                "log": result.log,
            }
            shared.write_text(json.dumps(record), encoding="utf-8")
    found: dict[str, Any] = json.loads(shared.read_text(encoding="utf-8"))
    return found


def test_there_are_attacks_of_both_kinds() -> None:
    assert {attack.path.parent.name for attack in attacks()} == {"code", "files"}
    assert len(NAMES) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_attack_gets_nothing(name: str, fought: dict[str, Any], record_property: Callable[[str, object], None]) -> None:
    finding = fought["findings"][name]
    record_property(PROPERTY, json.dumps(finding))
    assert finding["complaints"] == []


def test_honest_students_have_their_points(fought: dict[str, Any]) -> None:
    assert fought["honest"] == dict.fromkeys(HONEST, 50.0)


def test_nothing_else_changed(fought: dict[str, Any]) -> None:
    assert fought["wrong"] == [], fought["log"][-5000:]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _stock.build(tmp_path_factory.mktemp("stock"))


@pytest.mark.long
@pytest.mark.parametrize(("name", "success"), _stock.SUCCESS.items())
def test_attack_succeeds_on_nbgrader_as_it_comes(name: str, success: str, stock: Path, tmp_path: Path) -> None:
    """So that the attacks are real, and the detectors can fire."""
    attack = next(attack for attack in attacks() if attack.name == name)
    assert success in _stock.attacked(stock, attack, tmp_path)
