"""A Slurm of our own: one node, started and ended by whoever asks, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch")
_PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
CONF = """\
ClusterName=hw1
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
MinJobAge=3600
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Name the programs that are not there, or what else keeps Slurm from running here."""
    absent = [name for name in PROGRAMS if shutil.which(name, path=_PATH) is None]
    if absent:
        return f"no {', '.join(absent)} (apt-get install slurm-wlm munge)"
    return "" if os.geteuid() == 0 else "slurmd wants root"


def until(true: Callable[[], object], what: str, seconds: float = 120) -> None:
    """Wait for something that other processes do."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds:g} s")
        time.sleep(0.2)


@contextmanager
def slurm(folder: Path, cpus: int = 2) -> Iterator[Mapping[str, str]]:
    """Run it; yields the environment for its commands."""
    folder.chmod(0o755)  # munged wants nobody else to write above its socket
    for name in ("state", "spool"):
        (folder / name).mkdir()
    ports = free_ports(2)
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(host=socket.gethostname().partition(".")[0], folder=folder, ports=ports, cpus=cpus))
    environment = {**os.environ, "PATH": _PATH, "SLURM_CONF": str(conf), "HOME": str(folder)}
    subprocess.run(["mungekey", "--create", f"--keyfile={folder}/munge.key"], env=environment, check=True)
    daemons = (
        [
            "munged", "--foreground", "--force", f"--key-file={folder}/munge.key", f"--socket={folder}/munge.socket",
            f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed",
        ],
        ["slurmctld", "-D"],
        ["slurmd", "-D"],
    )  # fmt: skip
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in daemons:
            with (folder / f"{command[0]}.out").open("wb") as told:
                running.append(subprocess.Popen(command, env=environment, stdout=told, stderr=told))
            if command[0] == "munged":
                until((folder / "munge.socket").exists, "munged")
        until(lambda: b"idle" in output(environment, "sinfo", "-h"), "an idle node")
        yield environment
    finally:
        subprocess.run(["scancel", "--me", "--signal=KILL"], env=environment, check=False, capture_output=True)
        for process in reversed(running):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def output(environment: Mapping[str, str], *command: str) -> bytes:
    """Run one of its commands; what it says, or nothing where it fails."""
    return subprocess.run(command, env=environment, check=False, capture_output=True).stdout


def free_ports(number: int) -> list[int]:
    """Find ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
