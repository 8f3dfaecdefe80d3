"""A PostgreSQL server of one's own, on a Unix socket, for as long as a test needs it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.classroom.people import as_user


def binaries() -> Path | None:
    """Return the folder of the newest installed server's programs, None when there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def server() -> Iterator[str]:
    """Start a server, and return the URL of an empty database on it that every account may use."""
    programs = binaries()
    assert programs is not None, "ask binaries() first"
    # The server refuses to run as root.
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    # The path of a Unix socket must be short.
    home = Path(tempfile.mkdtemp(prefix="hw1-pg-"))
    home.chmod(0o755)
    os.chown(home, account.pw_uid, account.pw_gid)

    def run(program: str, *argv: str) -> None:
        command = [*as_user(account, stays=True), str(programs / program), *argv]
        done = subprocess.run(command, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    data, log = str(home / "data"), str(home / "log")
    try:
        run("initdb", "-D", data, "-U", "hw1", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            run("createdb", "-h", str(home), "-U", "hw1", "gradebook")
            yield f"postgresql+psycopg2://hw1@/gradebook?host={home}"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)
