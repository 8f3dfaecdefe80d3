"""Sandboxes that start before anybody knows what they are for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.errors import IsolationError
from autograder.model import Limits
from autograder.sandbox import bubblewrap, launch
from autograder.sandbox.running import Sandbox
from autograder.words import Isolation

LIMITS = Limits()


def processes() -> list[subprocess.Popen[bytes]]:
    return [one.launched.process for one in launch._BEGUN]


@pytest.mark.parametrize("isolation", ["bubblewrap", "none"])
def test_who_asks_gets_what_was_started_ahead(isolation: Isolation) -> None:
    with launch.ahead(isolation, 2):
        started = [one.pid for one in processes()]
        with Sandbox(isolation=isolation, limits=LIMITS) as first, Sandbox(isolation=isolation) as second:
            taken = [one._warm._launched.process.pid for one in (first, second) if one._warm]
            with Sandbox(isolation=isolation, limits=LIMITS) as third:
                assert third.evidence == first.evidence
    assert len(started) == 2
    assert taken == started


def test_another_level_is_not_taken_and_ends_with_those_who_started_it() -> None:
    with launch.ahead("none", 1):
        (unused,) = processes()
        with Sandbox(isolation="bubblewrap", limits=LIMITS) as sandbox:
            assert sandbox.evidence["isolation"] == "bubblewrap"
        assert unused.poll() is None
    assert unused.poll() is not None
    assert not launch._BEGUN


def test_whoever_fails_meanwhile_leaves_none_behind() -> None:
    def fail() -> None:
        with launch.ahead("bubblewrap", 2):
            started.extend(processes())
            raise ZeroDivisionError

    started: list[subprocess.Popen[bytes]] = []
    with pytest.raises(ZeroDivisionError):
        fail()
    assert [one.poll() is not None for one in started] == [True, True]


def test_an_end_while_they_start_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        started.extend(processes())
        raise KeyboardInterrupt

    started: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(launch, "modules_file", interrupted)
    with pytest.raises(KeyboardInterrupt), launch.ahead("bubblewrap", 2):
        pass
    assert [one.poll() is not None for one in started] == [True, True]


def test_where_none_can_start_the_one_who_needs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise IsolationError("no bubblewrap")

    monkeypatch.setattr(bubblewrap, "find_bubblewrap", missing)
    with launch.ahead("bubblewrap", 2):
        assert not launch._BEGUN
        with pytest.raises(IsolationError, match="no bubblewrap"):
            Sandbox(limits=LIMITS)


def test_who_waits_for_its_modules_in_vain_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> int:
        started.extend(processes())
        raise PermissionError(13, "Permission denied", "/usr/lib/python3/os.py")

    started: list[subprocess.Popen[bytes]] = []
    monkeypatch.setattr(launch, "modules_file", unreadable)
    with launch.ahead("bubblewrap", 2):
        assert not launch._BEGUN
        with pytest.raises(PermissionError):
            Sandbox(limits=LIMITS)
    assert [one.poll() is not None for one in started[:2]] == [True, True]


def test_nothing_heavy_is_imported_before_they_start() -> None:
    program = (
        "import sys\n"
        "from autograder.cli import main\n"
        "from autograder.sandbox import launch\n"
        "heavy = {'numpy', 'rich', 'msgspec'}\n"
        "launch.ahead = lambda *asked: sys.exit(repr([asked, sorted(heavy & set(sys.modules))]))\n"
        "main(['grade', 'class', '--output', 'out', '--isolation', 'nested', '--assignment', '.'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == "[('nested', 2), []]\n"
