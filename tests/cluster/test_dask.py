"""A class on a Dask cluster of real processes with TLS: the same bytes as here, whatever happens to the workers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from tests.attacks._class import descendants
from tests.cli.test_cli import HW1
from tests.cli.test_going_on import journal, tree
from tests.cluster.certificates import certified
from tests.cluster.slurm import free_ports, missing, slurm, until

pytestmark = [
    pytest.mark.cluster,
    # What Dask leaves unclosed when its workers are killed is not ours to mend.
    pytest.mark.filterwarnings("ignore"),
]
DASK = Path(sys.executable).with_name("dask")
CLASS = ("student-01.py", "student-03", "student-05.py", "student-06.ipynb", "student-07.py", "student-10")
WAITS = "import signal\nsignal.sigwait([signal.SIGUSR1])\n"
REACHES = """
import socket
def softmax(x, beta):
    import numpy as np
    socket.create_connection(({host!r}, {port}), timeout=1)
    return np.exp(beta * x) / np.exp(beta * x).sum()
"""
ENDLESS = "def softmax(x, beta):\n    while True:\n        pass\n"


def environment(security):
    """Dask's configuration for the client, as the documentation says."""
    files = {"CA_FILE": "tls_ca_file", "CLIENT__CERT": "tls_client_cert", "CLIENT__KEY": "tls_client_key"}
    told = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": getattr(security, field) for name, field in files.items()}
    return {**os.environ, **told, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}


class Cluster:
    """Two workers of one thread each, in processes of their own, and the command that uses them."""

    def __init__(self, folder, **more):
        folder.mkdir(exist_ok=True)
        self.noted = folder / "noted"
        security = certified(folder)
        self.noted.touch()
        os.environ["HW1_NOTED"] = str(self.noted)
        # Else a worker that takes longer to come back on a busy machine is given up.
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"})
        self.cluster = LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            protocol="tls://",
            security=security,
            dashboard_address=None,
            local_directory=str(folder),
            preload=["tests.cluster.marked"],
            **more,
        )
        self.address = self.cluster.scheduler_address
        self.environment = environment(security)

    def start(self, *arguments, environment=None):
        """Start `hw1 grade` on it."""
        command = [HW1, "grade", *arguments, "--engine", "dask", "--scheduler", self.address]
        return subprocess.Popen(
            [*map(str, command)], env=environment or self.environment, stdout=-1, stderr=-1, text=True
        )

    def graded(self):
        """Who was graded, as often as they were."""
        return Counter(self.noted.read_text().split())

    def pids(self):
        return [worker.pid for worker in self.cluster.workers.values() if worker.pid]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("dask"))
    with contextlib.closing(made.cluster):
        yield made


class Alone:
    """A scheduler and workers that nobody starts again, by the commands that the documentation shows."""

    def __init__(self, folder):
        self.folder = folder
        self.noted = folder / "noted"
        security = certified(folder)
        self.tls = [f"--tls-ca-file={security.tls_ca_file}", f"--tls-cert={security.tls_client_cert}"]
        self.tls.append(f"--tls-key={security.tls_client_key}")
        self.environment = {**environment(security), "HW1_NOTED": str(self.noted)}
        self.processes = []
        self.port = free_ports(1)[0]
        self.address = f"tls://127.0.0.1:{self.port}"
        self.scheduler = self.schedule()

    def begin(self, *command):
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen([str(DASK), *command, *self.tls], env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def schedule(self):
        return self.begin("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    def workers(self, number):
        """Start so many more."""
        options = ("--no-nanny", "--no-dashboard", "--nthreads=1", f"--local-directory={self.folder}")
        preload = ("--preload", "tests.cluster.marked")
        return [self.begin("worker", self.address, *options, *preload) for _ in range(number)]

    start, graded = Cluster.start, Cluster.graded

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


def kill(*processes):
    for process in processes:
        process.kill()
        process.wait()


def ended(process):
    told, complaints = process.communicate()
    return process.returncode, told, complaints


def many(folder, number):
    folder.mkdir()
    for one in range(number):
        shutil.copy(f"tests/submissions/class/student-{(1, 5, 7)[one % 3]:02}.py", folder / f"s{one:03}.py")
    return folder


def same_as_here(tmp_path, course, number):
    """Compare everybody's files with a run here, of the three who handed in something of their own."""
    if not (tmp_path / "here").exists():
        arguments = ("grade", many(tmp_path / "three", 3), "--course", course, "--output", tmp_path / "here")
        subprocess.run([HW1, *map(str, arguments)], check=True, capture_output=True)
    for one in range(number):
        mine, its = (f"s{one:03}", f"s{one % 3:03}")
        for name in ("grade.json", "feedback.md"):
            here = (tmp_path / "here" / its / name).read_text().replace(its, mine)
            assert (tmp_path / "out" / mine / name).read_text() == here, f"{mine}/{name}"


def test_a_class_is_graded_to_the_same_bytes_and_again_to_nothing(cluster, quick, quick_course, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for name in CLASS:
        copy = shutil.copytree if "." not in name else shutil.copy
        copy(Path("tests/submissions/class") / name, folder / name)
    (folder / "waits.py").write_text(WAITS)
    (folder / "latin.py").write_bytes(b"# caf\xe9")
    host, port = cluster.address.removeprefix("tls://").split(":")
    (folder / "reaches.py").write_text(REACHES.format(host=host, port=int(port)))
    arguments = [folder, "--assignment", quick, "--course", quick_course, "--output"]
    code, told, complaints = ended(cluster.start(*arguments, tmp_path / "out"))
    assert code == 0, complaints
    assert "isolation bubblewrap" in complaints
    assert cluster.graded()["waits"] == 2, "what wall time ended is graded again"
    subprocess.run([HW1, *map(str, ("grade", *arguments, tmp_path / "here"))], check=True, capture_output=True)
    assert tree(tmp_path / "out") == tree(tmp_path / "here")
    feedback = (tmp_path / "out/reaches/feedback.md").read_text()
    assert "PermissionError was raised" in feedback or "OSError was raised" in feedback, feedback
    cluster.noted.write_text("")
    code, told, complaints = ended(cluster.start(*arguments, tmp_path / "out"))
    assert (code, cluster.graded()) == (0, Counter()), complaints
    assert f"{len(CLASS) + 3} unchanged since last graded" in told


def test_workers_killed_mid_run_cost_less_than_one_in_a_hundred_a_second_run(cluster, course, tmp_path):
    folder = many(tmp_path / "class", 600)
    cluster.noted.write_text("")
    process = cluster.start(folder, "--course", course, "--output", tmp_path / "out")
    for after in (200, 400):
        until(lambda after=after: len(journal(tmp_path / "out")) >= after, f"{after} grades", 900)
        os.kill(cluster.pids()[0], signal.SIGKILL)
    code, _, complaints = ended(process)
    assert code == 0, complaints
    twice = sum(times - 1 for times in cluster.graded().values())
    print(f"600 submissions, 2 workers killed: {twice} ran twice")
    assert twice < 6
    assert sorted(journal(tmp_path / "out")) == sorted(path.stem for path in folder.iterdir())
    same_as_here(tmp_path, course, 600)


def test_a_run_without_workers_goes_on_or_ends_in_one_line_and_nothing_graded_is_lost(course, tmp_path):
    folder, out = many(tmp_path / "class", 60), tmp_path / "out"
    (tmp_path / "dask").mkdir()
    there = Alone(tmp_path / "dask")
    patient = {**there.environment, "DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT": "300s"}
    soon = {**there.environment, "DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT": "3s"}

    def start(environment):
        return there.start(folder, "--course", course, "--output", out, environment=environment)

    def killed_at(number, *processes):
        until(lambda: len(journal(out)) >= number, f"{number} grades", 300)
        kill(*processes)

    def line_of(process):
        code, _, complaints = ended(process)
        assert (code, "Traceback" in complaints) == (2, False), complaints
        print(complaints)
        return complaints.strip().splitlines()[-1]

    with contextlib.closing(there):
        workers = there.workers(2)
        process = start(patient)
        killed_at(10, *workers)
        workers = there.workers(2)  # in time: it goes on
        killed_at(20, workers[0])
        code, _, complaints = ended(process)
        assert code == 0, complaints
        same_as_here(tmp_path, course, 60)
        shutil.rmtree(out)
        first = there.graded()
        print("went on after both workers were killed, then one:", sum(first.values()) - 60, "of 60 ran twice")
        assert sum(first.values()) <= 60 + 4 + 2, "at most what was in flight: two for each thread"
        there.noted.write_text("")
        process = start(soon)
        killed_at(10, workers[1])
        assert "has no workers any more, and none came back in 3 s; what is graded is kept" in line_of(process)
        kept = journal(out)
        assert len((out / "grades.csv").read_text().splitlines()) > len(kept)
        assert "has had no workers for 3 s; start some" in line_of(start(soon))
        there.workers(2)
        process = start(patient)
        killed_at(30, there.scheduler)
        assert f"the scheduler at {there.address} was lost" in line_of(process)
        there.scheduler = there.schedule()
        there.workers(2)
        code, _, complaints = ended(start(patient))
        assert code == 0, complaints
        assert journal(out)[: len(kept)] == kept
        assert sorted(journal(out)) == sorted(path.stem for path in folder.iterdir())
        twice = there.graded()
        print("ended without workers, then without scheduler:", sum(twice.values()) - 60, "of 60 ran twice")
        assert sum(twice.values()) <= 60 + 2 + 4, "at most what was in flight"
    same_as_here(tmp_path, course, 60)


def test_a_submission_that_kills_every_worker_is_the_only_fault(cluster, course, tmp_path):
    folder = many(tmp_path / "class", 30)
    shutil.copy("tests/submissions/class/student-01.py", folder / "poison.py")
    code, _, complaints = ended(cluster.start(folder, "--course", course, "--output", tmp_path / "out"))
    assert code == 2
    last = complaints.strip().splitlines()[-1]
    assert "1 of 31 could not be graded" in last
    assert "(first: poison: every worker that graded it died)" in last
    rows = (tmp_path / "out/grades.csv").read_text().splitlines()[1:]
    assert Counter(row.split(",")[1] for row in rows) == {"graded": 30, "grader_fault": 1}


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_an_ended_run_leaves_nothing_running_on_the_workers(cluster, course, tmp_path, number, expected):
    folder = tmp_path / "class"
    folder.mkdir()
    for one in range(4):
        (folder / f"s{one}.py").write_text(ENDLESS)
    before = {*descendants()}
    cluster.noted.write_text("")
    process = cluster.start(folder, "--course", course, "--output", tmp_path / "out")
    until(lambda: len(cluster.graded()) >= 2, "two that run", 400)
    process.send_signal(number)
    code, _, complaints = ended(process)
    assert code == expected, complaints
    assert ("0 of 4 graded" in complaints) == (expected > 0)
    until(lambda: {*descendants()} - {process.pid} <= before, "no process of the run")


def test_what_is_no_cluster_of_ours_is_refused_in_one_line(cluster, course, tmp_path):
    folder = many(tmp_path / "class", 1)
    cluster.noted.write_text("")
    arguments = (folder, "--course", course, "--output", tmp_path / "out")

    def line(**more):
        code, _, complaints = ended(cluster.start(*arguments, **more))
        assert (code, len(complaints.splitlines())) == (2, 1), complaints
        return complaints

    certificates = "DASK_DISTRIBUTED__COMM__TLS"
    bare = {name: value for name, value in cluster.environment.items() if certificates not in name}
    assert "no certificates for --scheduler" in line(environment=bare)
    other = environment(certified(tmp_path / "other"))
    assert f"no scheduler at {cluster.address}" in line(environment={**other, "HW1_NOTED": os.devnull})
    assert cluster.graded() == Counter()
    for options, says in (
        (("--engine", "dask"), "give its --scheduler"),
        (("--scheduler", cluster.address), "goes with --engine dask"),
        (("--engine", "dask", "--scheduler", "tcp://x:1"), "give one with TLS"),
        (("--engine", "dask", "--scheduler", cluster.address, "--workers", "2"), "a cluster has workers of its own"),
    ):
        command = [HW1, "grade", *arguments, *options]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert says in done.stderr


def test_a_worker_that_cannot_isolate_is_not_used(course, tmp_path):
    made = Cluster(tmp_path / "bare", env={"PATH": "/nonexistent"})
    with contextlib.closing(made.cluster):
        folder = many(tmp_path / "class", 1)
        code, _, complaints = ended(made.start(folder, "--course", course, "--output", tmp_path / "out"))
        assert code == 2
        assert "worker tls://" in complaints
        assert "bubblewrap" in complaints.splitlines()[-1]
        assert made.graded() == Counter()


@pytest.mark.skipif(bool(missing()), reason=missing() or "Slurm is here")
def test_workers_that_are_jobs_of_slurm_grade_the_class_though_one_is_cancelled(course, tmp_path):
    from dask_jobqueue import SLURMCluster

    folder = many(tmp_path / "class", 60)
    (tmp_path / "slurm").mkdir()
    with slurm(tmp_path / "slurm") as told, pytest.MonkeyPatch.context() as patch:
        for name in ("PATH", "SLURM_CONF"):
            patch.setenv(name, told[name])
        security = certified(tmp_path)
        jobs = SLURMCluster(
            cores=1, processes=1, memory="1GB", python=sys.executable, interface="lo", protocol="tls://",
            security=security, shared_temp_directory=str(tmp_path), local_directory=str(tmp_path),
            log_directory=str(tmp_path), job_extra_directives=["--mem=0"],
            scheduler_options={"dashboard_address": None}, worker_extra_args=["--no-dashboard"],
        )  # fmt: skip
        with contextlib.closing(jobs):
            jobs.scale(jobs=2)
            until(lambda: len(jobs.scheduler_info["workers"]) == 2, "two jobs")
            command = ["grade", folder, "--course", course, "--output", tmp_path / "out", "--engine", "dask"]
            process = subprocess.Popen(
                [HW1, *map(str, [*command, "--scheduler", jobs.scheduler_address])],
                env=environment(security), stderr=-1, stdout=-1, text=True,
            )  # fmt: skip
            until(lambda: len(journal(tmp_path / "out")) >= 10, "ten grades", 300)
            first = subprocess.run(["squeue", "-h", "-o", "%A"], capture_output=True, text=True, check=True).stdout
            subprocess.run(["scancel", "--signal=KILL", first.split()[0]], check=True)
            code, _, complaints = ended(process)
            assert code == 0, complaints
            print(subprocess.run(["scontrol", "show", "jobs"], capture_output=True, text=True, check=True).stdout)
    same_as_here(tmp_path, course, 60)
