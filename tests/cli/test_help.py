"""What every command says of itself, and what a shell is told of it."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator

import click
import pytest

from autograder.cli import main
from tests.cli.test_cli import HW1


def every(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, below in command.commands.items() if isinstance(command, click.Group) else ():
        if not below.hidden:
            yield from every(below, (*path, name))


def test_what_a_command_does_is_said_in_full(hw1):
    listed = [hw1(*path, "--help").stdout.partition("\nCommands:\n")[2].partition("\n\n")[0] for path in every(main)]
    lines = [line for one in listed for line in one.splitlines()]
    assert len(lines) > len(main.commands)
    assert [line for line in lines if line.endswith("...")] == []


@pytest.mark.parametrize("path", [*every(main)], ids=" ".join)
def test_help_ends_with_examples_that_the_command_takes(hw1, path):
    shown = hw1(*path, "--help").stdout
    assert "Examples:\n" in shown
    lines = [shlex.split(line) for line in shown.partition("Examples:\n")[2].splitlines()]
    assert lines
    for program, *given in lines:
        assert program == "hw1"
        assert tuple(given[: len(path)]) == path
        arguments, command = given, main
        context = click.Context(main)
        while isinstance(command, click.Group):
            _, found, arguments = command.resolve_command(context, arguments)
            assert found is not None
            command = found
        command.make_context(command.name, arguments, parent=context)


@pytest.mark.parametrize(
    ("typed", "offered"), [("hw1 gr", {"grade"}), ("hw1 report so", {"solution"}), ("hw1 grade --is", {"--isolation"})]
)
def test_a_shell_completes(typed, offered):
    asked = {"_HW1_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    done = subprocess.run([HW1], env={**os.environ, **asked}, capture_output=True, text=True, timeout=60, check=True)
    assert {line.rpartition(",")[2] for line in done.stdout.splitlines()} == offered
