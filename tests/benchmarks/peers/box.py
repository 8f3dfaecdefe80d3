"""Namespaces of a run's own, so that neither a grader without a sandbox nor its processes can reach the machine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_FIRST = Path(__file__).with_name("first.py")
_SYSTEM = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/passwd",
    "/etc/group",
    "/etc/hosts",
    "/etc/nsswitch.conf",
)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command in the namespaces ended."""

    code: int | None
    """None when it had to be killed."""
    seconds: float
    left: int
    """Processes that were still there a second after it had ended."""
    said: bytes
    """The end of what it printed."""


def run(
    command: Sequence[str | Path],
    *,
    seconds: float,
    read: Sequence[Path],
    write: Mapping[str, Path],
    folder: str,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command in new user, process, network, mount and IPC namespaces.

    It reads the system's programs, this Python and `read`; it writes to `write` (places inside to folders outside) and
    to a /tmp of its own. Memory, files' sizes and the wall clock are limited.
    """
    python = Path(sys.base_prefix).resolve()
    readable = [*_SYSTEM, str(python), str(_FIRST), *map(str, read)]
    arguments = [word for path in readable for word in ("--ro-bind-try", path, path)]
    arguments += [word for inside, outside in write.items() for word in ("--bind", str(outside), inside)]
    settings = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8", **(environment or {})}
    arguments += [word for name, value in settings.items() for word in ("--setenv", name, value)]
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [
                "bwrap", "--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session", "--clearenv",
                "--dev", "/dev", "--proc", "/proc", "--size", str(512 << 20), "--tmpfs", "/tmp", *arguments,
                "--chdir", folder, "--", python / "bin" / "python3", "-I", "-S", _FIRST, str(seconds), *command,
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, check=False, timeout=seconds + 60,
        )  # fmt: skip
        said.seek(max(0, said.seek(0, 2) - (1 << 16)))
        text = said.read()
    if done.returncode or not done.stdout:
        raise RuntimeError(f"bubblewrap ended with {done.returncode}: {text.decode(errors='replace')[-500:]}")
    return Ran(**json.loads(done.stdout), said=text)
