"""Hostile notebooks through the real ``nbgrader autograde`` and ``generate_feedback``, one class in one process.

None earns what its functions do not deserve, reads a hidden case, changes a row of the gradebook that is not its own
score, leaves a process, or loses another student's grade; and each has its own grade and feedback in the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.model import Assignment
from tests.nbgrader_attacks import _stock, attacks
from tests.nbgrader_attacks._arena import HONEST, Fight
from tests.nbgrader_attacks._summary import PROPERTY

# All look at one fight, as formgrader does: on one worker.
pytestmark = pytest.mark.xdist_group("nbgrader-attacks")

NAMES = [attack.name for attack in attacks()]


def test_there_are_attacks_of_both_kinds() -> None:
    assert {attack.path.parent.name for attack in attacks()} == {"code", "files"}
    assert len(NAMES) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_attack_gets_nothing(name: str, fought: Fight, record_property: Callable[[str, object], None]) -> None:
    (finding,) = (one for one in fought.findings if one.name == name)
    record_property(PROPERTY, json.dumps(finding.record()))
    assert finding.complaints == ()


def test_honest_students_have_their_points(fought: Fight, assignment: Assignment) -> None:
    assert fought.honest == dict.fromkeys(HONEST, assignment.possible)


def test_nothing_else_changed(fought: Fight) -> None:
    assert fought.wrong == (), fought.log[-5000:]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _stock.build(tmp_path_factory.mktemp("stock"))


@pytest.mark.long
@pytest.mark.parametrize(("name", "success"), _stock.SUCCESS.items())
def test_attack_succeeds_on_nbgrader_as_it_comes(name: str, success: str, stock: Path, tmp_path: Path) -> None:
    """So that the attacks are real, and the detectors can fire."""
    attack = next(attack for attack in attacks() if attack.name == name)
    assert success in _stock.attacked(stock, attack, tmp_path)
