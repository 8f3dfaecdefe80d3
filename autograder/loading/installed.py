"""Assignments that are installed as packages of their own, by the entry point that each of them has."""

import importlib.util
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

GROUP = "autograder.assignments"
"""The group of entry points: ``NAME = "package"``."""


def installed_assignments() -> Mapping[str, Path]:
    """Find the folder of each by the name that its package gives it; nothing of it is imported.

    One whose package is gone is passed over.
    """
    found = {one.name: _folder(one) for one in entry_points(group=GROUP)}
    return {name: folder for name, folder in sorted(found.items()) if folder is not None}


def _folder(one: EntryPoint) -> Path | None:
    try:
        spec = importlib.util.find_spec(one.module)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None
