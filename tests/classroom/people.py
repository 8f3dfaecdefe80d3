"""Instructors and students on one machine, each with a home, and nbgrader's local exchange between them."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.classroom.nbgrader_server import ask, server

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
COURSE_ID = "ds-ga-1008"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended.

    Attributes
    ----------
    command : tuple of str
        What followed ``nbgrader``.
    code : int
        Exit code.
    output : str
        Standard output and error together.
    seconds : float
        How long it took.
    """

    command: tuple[str, ...]
    code: int
    output: str
    seconds: float

    def ok(self) -> Ran:
        """Return itself, or fail with the output."""
        assert self.code == 0, f"nbgrader {' '.join(self.command)} ended with {self.code}\n{self.output}"
        return self


def as_user(account: pwd.struct_passwd, *, stays: bool = False) -> list[str]:
    """Words that, put before a command, run it under an account; `stays` when it leaves a process behind."""
    if account.pw_uid == os.geteuid():
        return []
    return [*opened(stays=stays), "setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]


def opened(*, stays: bool = False) -> list[str]:
    """Words that, put before a command of root's, run it where everybody can read this checkout and this Python.

    They may lie below a folder that only root may enter (``/root``). Such folders are covered by empty ones for these
    processes alone, and what Python needs is bound back into them.
    """
    needed = {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT}
    closed = {
        folder
        for path in needed
        for folder in (path, *path.parents)
        if not stat.S_IMODE(folder.stat().st_mode) & stat.S_IXOTH
    }
    covers = [word for folder in sorted(closed) for word in ("--tmpfs", str(folder))]
    # Folders on the way are made explicitly: bubblewrap's own are closed to others.
    binds = [
        word
        for path in sorted(needed)
        for folder in reversed(path.parents)
        if any(folder.is_relative_to(cover) and folder != cover for cover in closed)
        for word in ("--dir", str(folder))
    ] + [word for path in sorted(needed) for word in ("--bind", str(path), str(path))]
    namespace = ["bwrap", "--dev-bind", "/", "/", *covers, *(binds if closed else [])]
    rights = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", *([] if stays else ["--die-with-parent"]), "--"]
    return [*namespace, *rights]


@dataclass(kw_only=True)
class Person:
    """Somebody who types nbgrader commands.

    Attributes
    ----------
    user : str
        Name of the account; processes run under it.
    home : Path
        Home, made when missing; Jupyter's folders lie in it, and none of this machine's are read.
    exchange : Path
        Root of the exchange.
    """

    user: str
    home: Path
    exchange: Path

    def __post_init__(self) -> None:
        self.home.mkdir(exist_ok=True)
        config = self.home / "jupyter"
        config.mkdir(exist_ok=True)
        (config / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            f"c.CourseDirectory.course_id = {COURSE_ID!r}\nc.Exchange.root = {str(self.exchange)!r}\n",
            encoding="utf-8",
        )
        self.give(self.home)

    @property
    def account(self) -> pwd.struct_passwd:
        return pwd.getpwnam(self.user)

    def give(self, path: Path) -> None:
        """Make the person the owner of a file or a whole folder."""
        if os.geteuid() == 0:
            for name in (path, *path.rglob("*")):
                os.chown(name, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "HW1_", "NBGRADER"))}
        return {
            **kept,
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.home),
            "USER": self.user,
            "LOGNAME": self.user,
            "JUPYTER_CONFIG_DIR": str(self.home / "jupyter"),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "JUPYTER_PLATFORM_DIRS": "1",
        }

    def execute(self, *argv: object, cwd: Path, **environment: str) -> Ran:
        """Run a command through the real executable; `argv` begins with its name."""
        command = tuple(map(str, argv))
        start = time.monotonic()
        done = subprocess.run(
            [*as_user(self.account), str(BIN / command[0]), *command[1:]],
            cwd=cwd,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.decode("utf-8", "replace")
        return Ran(command=command[1:], code=done.returncode, output=output, seconds=time.monotonic() - start)

    def nbgrader(self, *argv: object, cwd: Path, **environment: str) -> Ran:
        """Run one nbgrader command in a fork of a process that has imported it already."""
        return self.together([(cwd, argv)], **environment)[0]

    def together(self, commands: Sequence[tuple[Path, Sequence[object]]], **environment: str) -> list[Ran]:
        """Run several nbgrader commands at the same time, each in its folder."""
        texts = [tuple(map(str, argv)) for _, argv in commands]
        calls = [
            {"argv": argv, "cwd": str(cwd), "environment": self.environment | environment}
            for argv, (cwd, _) in zip(texts, commands, strict=True)
        ]
        answers = ask(server(*as_user(self.account)), calls)
        return [Ran(command=argv, **answer) for argv, answer in zip(texts, answers, strict=True)]
