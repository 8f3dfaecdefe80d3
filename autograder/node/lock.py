"""Of the versions and hashes that this program is locked to, those that grading needs."""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograder
from autograder.errors import InputError

GRADING = ("click", "lark", "msgspec", "numpy", "rich")
"""What `hw1 grade --shard` and `hw1 merge` import: no PyTorch, as truths are there, no SymPy, no nbgrader."""
_NAME = "requirements.lock"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==")


def grading_lock() -> tuple[str, frozenset[str]]:
    """Cut the lock down to what grading needs: its lines with all hashes, and the packages' names.

    Raises `InputError` if the lock is not there or lacks one of them.
    """
    path = _lock()
    pins = dict(_pins(path.read_text(encoding="utf-8")))
    needed = frozenset(_needed())
    missing = sorted(needed - pins.keys())
    if missing:
        raise InputError(f"{path} does not have {missing[0]}, which grading needs; write it anew (make lock)")
    return "".join(pins[name] for name in sorted(needed)), needed


def _lock() -> Path:
    path = Path(autograder.__file__).parents[1] / _NAME
    if not path.is_file():
        raise InputError(f"{path} is not there: it comes with the repository; run hw1 node from a checkout (make venv)")
    return path


def _pins(text: str) -> Iterator[tuple[str, str]]:
    """Each package with its lines: the version, and the hashes of its files."""
    name, lines = "", list[str]()
    for line in text.splitlines(keepends=True):
        if found := _PIN.match(line):
            if name:
                yield name, "".join(lines)
            name, lines = canonicalize_name(found[1]), []
        if not line.lstrip().startswith("#"):
            lines.append(line)
    if name:
        yield name, "".join(lines)


def _needed() -> set[str]:
    """All that grading needs, directly or not, on whatever platform."""
    found: set[str] = set()
    left = [canonicalize_name(name) for name in GRADING]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            wanted = map(Requirement, metadata.requires(name) or ())
            left += [canonicalize_name(one.name) for one in wanted if "extra" not in str(one.marker or "")]
    return found
