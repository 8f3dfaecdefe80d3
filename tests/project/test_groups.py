"""Tests that share something dear run in one worker, which makes it once."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_known_to_who_distributes_the_tests(request: pytest.FixtureRequest) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@together"), "pytest and pytest-xdist do not fit: see pyproject.toml"
