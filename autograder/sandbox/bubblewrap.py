"""The command that starts the worker inside bubblewrap: of the machine only what `find_runtime` found."""

import functools
import re
import shutil
import subprocess
from pathlib import Path

from autograder import errors
from autograder.sandbox.libraries import FOREIGN, Program, Runtime

ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    "PATH": "/nonexistent",
}
"""All of the worker's environment, at every level of isolation. The fixed hash seed makes two runs alike."""

PYTHON_FLAGS = ("-s", "-P", "-S", "-B")
"""``-I`` without ``-E``: the environment is ours, and `ENVIRONMENT` shall reach the interpreter."""

SITE = "/python/site"
NOBODY = 65534
_PYTHON = "/python/bin"
_LIBRARIES = "/python/libraries"
_WORKER = "/worker/autograder"
_OLDEST = (0, 8)
_PACKAGE = Path(__file__).resolve().parents[1]


@functools.cache
def find_bubblewrap() -> tuple[str, str]:
    """Find bubblewrap: its path and its version, such as ``"0.8.0"``. None, or one too old, is an `IsolationError`."""
    path = shutil.which("bwrap")
    if path is None:
        raise errors.IsolationError(
            "bubblewrap is not installed; install it (apt-get install bubblewrap, dnf install bubblewrap)"
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    found = re.search(r"(\d+)\.(\d+)(\.\d+)*", said)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST:
        raise errors.IsolationError(
            f"{path} says {said.strip()!r}, but the sandbox needs bubblewrap 0.8 or later; install a newer one"
        )
    return path, found[0]


def standard_library(runtime: Runtime) -> str:
    """Say where the standard library lies inside."""
    return f"/python/{runtime.lib}/{runtime.standard_library.name}"


def command(bwrap: str, runtime: Runtime, program: Program, filter_fd: int, control_fd: int) -> list[str]:
    """Write the whole command; one descriptor holds the outer filter, the other is the worker's end of the socket."""
    library = standard_library(runtime)
    python = f"{_PYTHON}/{runtime.python.name}"
    binds = [
        (runtime.python, python),
        (runtime.loader.resolve(), str(runtime.loader)),
        (runtime.standard_library, library),
        *((path, f"{SITE}/{path.name}") for path in runtime.packages),
        *((path, f"{_LIBRARIES}/{name}") for name, path in runtime.libraries),
        *((_PACKAGE / name, f"{_WORKER}/{name}") for name in program.ours),
    ]
    arguments = [
        bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox", "--clearenv",
    ]  # fmt: skip
    for name, value in {**ENVIRONMENT, "LD_LIBRARY_PATH": _LIBRARIES}.items():
        arguments += ("--setenv", name, value)
    for source, target in binds:
        arguments += ("--ro-bind", str(source), target)
    for folder in FOREIGN:
        if (runtime.standard_library / folder).is_dir():
            # A .pth file in there would make the grader's own packages importable.
            arguments += ("--tmpfs", f"{library}/{folder}", "--remount-ro", f"{library}/{folder}")
    arguments += (
        "--dev-bind", "/dev/null", "/dev/null", "--chdir", "/", "--remount-ro", "/", "--seccomp", str(filter_fd), "--",
        python, *PYTHON_FLAGS, f"{_WORKER}/{program.entry}/__main__.py", str(control_fd),
    )  # fmt: skip
    return arguments


def explain(complaint: str) -> str:
    """Say in one line why bubblewrap did not start, by what it wrote, and the ways out."""
    reason = complaint.strip().splitlines()[-1].strip() if complaint.strip() else "it ended without a word"
    text = f"bubblewrap cannot build the sandbox ({reason})"
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            f"{text}: AppArmor does not let it use user namespaces; allow them with an AppArmor profile for bwrap "
            "(apt-get install apparmor-profiles) or sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return f"{text}: the kernel forbids user namespaces; allow them with sysctl kernel.unprivileged_userns_clone=1"
    if _setting("user/max_user_namespaces") == "0":
        return f"{text}: the kernel forbids user namespaces; allow them with sysctl user.max_user_namespaces=10000"
    return f"{text}: in a container, allow user namespaces (docker run --security-opt seccomp=unconfined)"


def _setting(name: str) -> str:
    """A kernel setting; empty when this kernel has none of that name."""
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip()
    except OSError:
        return ""
