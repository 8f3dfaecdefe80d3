"""Which assignment a command is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import InputError

if TYPE_CHECKING:
    from autograder.nbgrader_plugin.course import Course

_HERE = Path("solutions")
_CONFIGURATIONS = ("nbgrader_config.py", "nbgrader_config.json")


def assignment_folder(given: Path | None, course: Path) -> Path:
    """Find the folder that is given, or installed under that name; without one what the course's configuration names.

    Else it is ``./solutions``, else the only one that is installed.

    Raises `InputError` if there is none, or several that nothing chooses among; the text lists them.
    """
    if given is not None:
        return given if given.exists() else _installed().get(str(given), given)
    named = course_in(course).package() if is_configured(course) else None
    if named is not None:
        return named
    if (_HERE / "__init__.py").is_file():
        return _HERE
    installed = _installed()
    if len(installed) == 1:
        return next(iter(installed.values()))
    if installed:
        choices = ", ".join(f"--assignment {name}" for name in installed)
        raise InputError(f"{len(installed)} assignments are installed; say which: {choices}")
    from autograder.loading import GROUP

    raise InputError(
        "which assignment? Give --assignment FOLDER, or a --course that hw1 release nbgrader made, or install one "
        f"(its package has an entry point in the group {GROUP})"
    )


def is_configured(course: Path) -> bool:
    """Say whether nbgrader has a configuration of its own there."""
    return any((course / name).is_file() for name in _CONFIGURATIONS)


def course_in(folder: Path) -> Course:
    """Read a course, whose configuration is a program, once for a command."""
    from autograder.nbgrader_plugin.course import read_course

    context = click.get_current_context(silent=True)
    read: dict[str, Course] = context.meta if context else {}
    key = f"{__name__}:{folder}"
    if key not in read:
        read[key] = read_course(folder)
    return read[key]


def _installed() -> Mapping[str, Path]:
    # Whoever knows the folder does not wait for all that loads an assignment.
    from autograder.loading import installed_assignments

    return installed_assignments()
