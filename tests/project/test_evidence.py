"""Every table of the evidence page can be written anew by the command that it names, and nothing else changes."""

from __future__ import annotations

import re

import pytest

from tests import evidence

TEXT = evidence.PAGE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"<!-- written by (.+) -->", TEXT)


def test_each_command_is_a_target_of_the_makefile() -> None:
    targets = (evidence.PAGE.parents[1] / "Makefile").read_text(encoding="utf-8")
    assert len(COMMANDS) == len(set(COMMANDS)) == 12
    for command in COMMANDS:
        assert re.search(rf"^{command.partition(',')[0].removeprefix('make ')}: ", targets, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_takes_the_place_of_the_one_before(command: str) -> None:
    new = evidence.table(("a", "b"), [("x", 1), (r"\1", 2.5)])
    changed = evidence.replaced(TEXT, command, new)
    assert f"{evidence.named(command)}| a | b |\n| --- | --- |\n| x | 1 |\n| \\1 | 2.5 |\n" in changed
    old = TEXT.partition(evidence.named(command))[2].partition("\n\n")[0]
    assert evidence.replaced(changed, command, f"{old.rstrip()}\n") == TEXT


def test_a_table_without_a_place_is_refused() -> None:
    with pytest.raises(LookupError, match="0 tables below <!-- written by make tea -->"):
        evidence.replaced(TEXT, "make tea", "| a |\n")
