"""Rehearse Gradescope: its order of things, on a machine like the one that it gives, with memory and seconds.

Run as root, ``python -m tests.benchmarks.gradescope [FOLDER]``: a bare Debian with Python 3.10 as ``python3``, uid 0
with the capabilities that Docker leaves, no user namespaces (a process that is chrooted gets none), 768 MB and half a
processor. It is done where the image has a newer Python (``pip``), and where it has none (``uv``).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from autograder.exports.gradescope_package import HOME
from autograder.loading import load_assignment, reference_source
from autograder.model import Assignment
from tests.benchmarks.spent import Spent

MEGABYTES, PROCESSORS = 768, 0.5
SCHEMA = Path("tests/exports/schemas/gradescope-results.json")
_LEFT_BY_DOCKER = (
    "chown,dac_override,fsetid,fowner,mknod,net_raw,setgid,setuid,setfcap,setpcap,net_bind_service,sys_chroot,kill,"
    "audit_write"
)
_NEEDED = "ca-certificates,libssl3,libffi8,libsqlite3-0,libreadline8,libbz2-1.0,liblzma5,zlib1g,libuuid1,libexpat1"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_TOKEN = "sesame"
_GROUPS = Path("/sys/fs/cgroup")
_LEAKS = f"""
import os, socket

def environment(process):
    with open(f"/proc/{{process}}/environ", "rb") as file:
        return b"{_TOKEN}" in file.read()

probes = [lambda one=one: environment(one) for one in ("self", "1", os.getppid())]
probes += [lambda one=one: os.listdir(one) for one in ("{HOME}", "/autograder/source", "/autograder/results", "/root")]
probes += [socket.socket, lambda: os.getuid() == 0, lambda: os.setuid(0) is None, lambda: os.fork() >= 0]
for probe in probes:
    try:
        reached = probe()
    except (OSError, AttributeError):
        continue
    if reached:
        raise SystemExit
"""
_GREEDY = "import numpy as np\nx = [np.ones(1 << 27) for _ in range(9)]\n"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one command came to."""

    code: int
    seconds: float
    processor_seconds: float
    megabytes: float
    #: How often the kernel had to make room, or end something.
    full: int
    said: str

    def __str__(self) -> str:
        return (
            f"exit code {self.code}, {self.seconds:.0f} s ({self.processor_seconds:.1f} s of CPU time), at most "
            f"{self.megabytes:.0f} of {MEGABYTES} MB, memory was full {self.full} times"
        )


@contextmanager
def bounded() -> Iterator[list[Path]]:
    """Make control groups with the machine's memory and share of a processor: the folders, memory's first."""
    name = f"gradescope-{os.getpid()}"
    if (_GROUPS / "cgroup.controllers").is_file():
        group = _GROUPS / name
        group.mkdir()
        (group / "memory.max").write_text(f"{MEGABYTES << 20}")
        (group / "cpu.max").write_text(f"{int(PROCESSORS * 100_000)} 100000")
        groups = [group]
    else:
        groups = [_GROUPS / "memory" / name, _GROUPS / "cpu" / name]
        for group in groups:
            group.mkdir()
        (groups[0] / "memory.limit_in_bytes").write_text(f"{MEGABYTES << 20}")
        (groups[1] / "cpu.cfs_quota_us").write_text(f"{int(PROCESSORS * 100_000)}")
    try:
        yield groups
    finally:
        for group in groups:
            group.rmdir()


def step(image: Path, command: Sequence[str], environment: Mapping[str, str], folder: str) -> Step:
    """Run a command in the image, in namespaces of its own, and measure it."""
    with bounded() as groups:

        def enter() -> None:
            for group in groups:
                (group / "cgroup.procs").write_text(str(os.getpid()))

        with Spent() as spent:
            done = subprocess.run(
                ["unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", f"--mount-proc={image}/proc",
                 "setpriv", f"--bounding-set=-all,+{_LEFT_BY_DOCKER.replace(',', ',+')}",
                 "chroot", str(image), "env", "-i", "-C", folder, f"PATH={_PATH}",
                 *(f"{name}={value}" for name, value in environment.items()), *command],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, preexec_fn=enter,
            )  # fmt: skip
        most, full = ("memory.peak", "memory.events") if len(groups) == 1 else (
            "memory.max_usage_in_bytes", "memory.failcnt"
        )  # fmt: skip
        events = (groups[0] / full).read_text().split()
        return Step(
            code=done.returncode,
            seconds=spent.wall,
            processor_seconds=spent.cpu,
            megabytes=int((groups[0] / most).read_text()) / (1 << 20),
            full=int(events[events.index("max") + 1] if "max" in events else events[0]),
            said=done.stdout + done.stderr,
        )


def make_image(image: Path, way: str) -> None:
    """Lay out a bare Debian whose ``python3`` is 3.10; a newer one or where uv keeps its own."""
    if not image.parent.joinpath("base").is_dir():
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={_NEEDED}", "bookworm", image.parent / "base"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    subprocess.run(["cp", "-a", image.parent / "base", image], check=True)
    for name in ("/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"):
        shutil.copyfile(name, image / name[1:])
    places = [image / "usr/local"]
    newer = _prefix("python3.12")
    if way == "pip":
        places.append(image / "opt/python3.12")
        (image / "usr/local/bin/python3.12").symlink_to("/opt/python3.12/bin/python3.12")
    elif not _is_reachable("https://github.com"):
        print("uv's own download cannot be reached from here: its Python is laid where uv keeps it")
        version = subprocess.run([newer / "bin/python3.12", "-V"], check=True, capture_output=True, text=True).stdout
        places.append(image / f"opt/hw1-python/cpython-{version.split()[1]}-linux-x86_64-gnu")
    for place, prefix in zip(places, (_prefix("python3.10"), newer), strict=False):
        _copy_python(prefix, place)
    lines = [f"/{(place / 'lib').relative_to(image)}\n" for place in places]
    (image / "etc/ld.so.conf.d/pythons.conf").write_text("".join(lines), encoding="utf-8")
    subprocess.run(["chroot", image, "ldconfig"], check=True)


def _prefix(python: str) -> Path:
    command = [python, "-c", "import sys; print(sys.base_prefix)"]
    environment = {**os.environ, "PYENV_VERSION": ":".join(_pyenv_versions())}
    return Path(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip())


def _pyenv_versions() -> list[str]:
    folder = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return sorted(path.name for path in folder.glob("3.*"))


def _copy_python(prefix: Path, to: Path) -> None:
    def left_out(folder: str, names: list[str]) -> list[str]:
        packages = Path(folder).name == "site-packages"
        unneeded = ("test", "__pycache__", "idlelib", "tkinter", "share")
        return [one for one in names if one in unneeded or (packages and not one.startswith(("pip", "setuptools")))]

    shutil.copytree(prefix, to, symlinks=True, dirs_exist_ok=True, ignore=left_out)


def _is_reachable(address: str) -> bool:
    command = ["curl", "--silent", "--head", "--max-time", "10", "--output", "/dev/null", address]
    return subprocess.run(command, check=False).returncode == 0


def build(image: Path, archive: Path) -> Step:
    """Do what Gradescope does once, when an autograder is uploaded."""
    source = image / "autograder/source"
    source.mkdir(parents=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(source)
    shutil.copyfile(source / "run_autograder", image / "autograder/run_autograder")
    for script in (source / "setup.sh", image / "autograder/run_autograder"):
        script.chmod(0o755)
    return step(image, ["bash", "/autograder/source/setup.sh"], _from_here(), "/autograder")


def _from_here() -> dict[str, str]:
    """Say how packages are reached from here, as an image builder's network has it."""
    return {"PIP_CERT": "/etc/ssl/certs/ca-certificates.crt", "PIP_DEFAULT_TIMEOUT": "180", "HOME": "/root"}


def run(image: Path, submission: Mapping[str, str]) -> tuple[Step, Any]:
    """Do what Gradescope's harness does for one submission; the results, held against the schema."""
    folder = image / "autograder"
    for name in ("submission", "results"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    metadata = {"id": 1, "created_at": "2026-02-02T10:00:00.000000-05:00", "previous_submissions": []}
    (folder / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    for name, text in submission.items():
        (folder / "submission" / name).write_text(text, encoding="utf-8")
    environment = {"HOME": "/root", "AUTHENTICATION_TOKEN": _TOKEN}
    command = ["bash", "-c", "./run_autograder > results/stdout 2>&1"]
    done = step(image, command, environment, "/autograder")
    results = json.loads((folder / "results/results.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(results)
    return done, results


def submissions(assignment: Assignment) -> dict[str, dict[str, str]]:
    """Write what is handed in: all right each time, or nothing is earned."""
    code = reference_source(assignment)
    names = ", ".join(part.name for part in assignment.parts)
    cell = {"cell_type": "code", "source": f"from tools import {names}", "metadata": {}}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return {
        "a notebook with a module beside it": {"hw1.ipynb": notebook, "tools.py": code},
        "one that asks for gigabytes": {"hw1.py": _GREEDY + code},
        "one that looks for what it may not reach": {"hw1.py": _LEAKS + code},
    }


def main() -> int:
    """Print the log; 1 where something did not come out as it should."""
    if os.getuid() or not shutil.which("debootstrap"):
        print("This needs root and debootstrap (apt-get install debootstrap).")
        return 2
    package, hw1 = Path("solutions"), str(Path(sys.executable).with_name("hw1"))
    assignment, wrong = load_assignment(package), 0
    with tempfile.TemporaryDirectory(prefix="hw1-") as name:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else name).resolve()
        course, archive = Path(name, "course"), Path(name, "autograder.zip")
        course.mkdir()
        words = ["--course", str(course), "--assignment", str(package)]
        subprocess.run([hw1, "truths", *words], check=True)
        subprocess.run([hw1, "package", "gradescope", *words, "--output", str(archive)], check=True)
        for way in ("pip", "uv"):
            image = folder / way
            shutil.rmtree(image, ignore_errors=True)
            make_image(image, way)
            built = build(image, archive)
            print(f"\n{way}: setup.sh: {built}", flush=True)
            if built.code:
                print(built.said[-3000:])
                return 1
            print(built.said.strip().splitlines()[-1])
            for what, files in submissions(assignment).items():
                done, results = run(image, files)
                found = f"{results['score']:g} points, {results['extra_data']}, {len(results.get('tests', ()))} tests"
                print(f"{way}: {what}: {done}; {found}", flush=True)
                if results["score"] != assignment.possible or results["extra_data"] != {"isolation": "nested"}:
                    print((image / "autograder/results/stdout").read_text(encoding="utf-8"))
                    wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
