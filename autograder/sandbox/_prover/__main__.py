"""Started as ``python __main__.py FD``, as the worker is; a child judges one written part."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).absolute().parents[3]))

from autograder.sandbox._worker.__main__ import Work, main


def load_judge() -> Work:  # pragma: no cover - it runs inside the sandbox
    """Import what reads written answers, and read one, so that the grammar is built once."""
    from autograder.sandbox._prover import job

    job.rehearse()
    return lambda channel: job.run(channel.receive(), channel.write)


if __name__ == "__main__":
    main(int(sys.argv[1]), load_judge)
