"""What the warm process does with its libraries, done to this process."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from autograder.sandbox._worker import memory


def test_every_mapped_file_is_held_whole() -> None:
    mapped = dict.fromkeys(memory._mapped())
    assert sys.executable in mapped
    assert any("numpy" in path for path in mapped)
    assert memory.hold() >= sum(Path(path).stat().st_size for path in mapped)


def test_joined_libraries_go_on_working() -> None:
    def mappings() -> int:
        return len(Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines())

    before = mappings()
    memory.join()
    assert mappings() < before
    assert np.linalg.inv(np.eye(3) * 2).trace() == 1.5
