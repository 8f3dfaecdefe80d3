"""Count the floor's instructions under valgrind: were it to grow dearer, what is measured beside it would look cheap.

    python -m tests.benchmarks.floor.counted

Fork and lock are the kernel's work and not counted. The number is one submission's, on average over six.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder import truth
from autograder.loading import load_assignment
from tests.benchmarks.__main__ import sources
from tests.benchmarks.floor import HERE, written

INSTRUCTIONS = 28.6e6
"""As it was first measured: Python 3.11.7, numpy 2.4.6, x86_64."""
_MORE = 1.05
_FEW, _MANY = 2, 8


def instructions(file: Path, number: int) -> int:
    """Count what so many submissions take, with the start of Python."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable]
    done = subprocess.run(
        [*command, HERE / "__main__.py", file, "0", str(number)],
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=True,
    )
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])  # type: ignore[index]


def main() -> int:
    """Print the count; 1 when it has grown."""
    with tempfile.TemporaryDirectory() as folder:
        course, file = Path(folder), Path(folder, "floor")
        cases = truth.load(
            load_assignment(Path("solutions")), course, truth.read_secret(course, create=True), lambda _: None
        )
        file.write_bytes(written(list(sources(_MANY, hostile=False)), cases.cases))
        each = (instructions(file, _MANY) - instructions(file, _FEW)) / (_MANY - _FEW)
    print(f"the floor: {each / 1e6:.1f} million instructions a submission, {INSTRUCTIONS / 1e6:.1f} million at first")
    return int(each > _MORE * INSTRUCTIONS)


if __name__ == "__main__":
    sys.exit(main())
