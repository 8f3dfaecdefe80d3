"""The line to a Dask scheduler: bytes go out to its workers, and bytes or a fault come back.

Dask itself waits for ever where a task has no worker any more; here a run ends when none came back in time.
"""

import contextlib
import logging
import math
import queue
import time
import warnings
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, Security
from distributed.scheduler import NoWorkerError
from distributed.versions import VersionMismatchWarning

from autograder.batch import station
from autograder.errors import AutograderError, ClusterError, InputError, SandboxError

_WAIT = "60s"
_SETTING = "distributed.scheduler.no-workers-timeout"
_LOOKS = 6
"""How often we look for workers in that time, while no answer comes."""
_SAME = "install the same version of hw1-autograder[dask] here, with the scheduler and with every worker"


def _security() -> Security:
    """Take certificates from Dask's own configuration."""
    security = Security(require_encryption=True)
    files = {"ca-file": security.tls_ca_file, "client.cert": security.tls_client_cert}
    if not all(files.values()):
        raise InputError(
            "no certificates for --scheduler: set distributed.comm.tls in Dask's configuration, or "
            "$DASK_DISTRIBUTED__COMM__TLS__CA_FILE and ...__CLIENT__CERT, ...__CLIENT__KEY"
        )
    for setting, file in (*files.items(), ("client.key", security.tls_client_key)):
        # A certificate may stand there itself.
        if file and "\n" not in file and not Path(file).is_file():
            raise InputError(f"distributed.comm.tls.{setting}: {file}: no such file")
    return security


def _quiet() -> None:
    """Leave it to us to say what went wrong: Dask would say it in many lines."""
    warnings.simplefilter("ignore", VersionMismatchWarning)
    for name in ("distributed", "distributed.client", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class Connection:
    """Calls functions of `station` on a cluster's workers, and takes the answers as they come.

    Raises `InputError` if the address is not one with TLS, or there are no certificates, and `SandboxError` if nobody
    answers there.
    """

    def __init__(self, scheduler: str) -> None:
        if not scheduler.startswith("tls://"):
            raise InputError(f"--scheduler {scheduler}: give one with TLS, such as tls://host:8786")
        _quiet()
        self._scheduler = scheduler
        self._patience: float = dask.utils.parse_timedelta(dask.config.get(_SETTING, None) or _WAIT)
        self._ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._run = ""
        self._threads = 0
        self._looked = self._there = -math.inf
        self._seen: set[str] = set()
        try:
            self._client = Client(scheduler, security=_security(), timeout=self._patience, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SandboxError(f"no scheduler at {scheduler}: {' '.join(str(error).split())}") from None

    def open(self, plugin: station.Station) -> None:
        """Have a desk opened on every worker that is there, and on those that will come, or raise SandboxError."""
        try:
            station.same(self._client.run_on_scheduler(station.versions), plugin.versions, "the scheduler")
            self._client.wait_for_workers(1, timeout=self._patience)
            self._client.register_plugin(station.Guard(plugin.name, self._client.id))
            self._run = plugin.name
            self._client.register_plugin(plugin)
            self._there = time.monotonic()
        except AutograderError:
            raise
        except TimeoutError:
            raise SandboxError(
                f"the scheduler at {self._scheduler} has had no workers for {self._patience:g} s; start some, or let "
                f"{_SETTING} in Dask's configuration be longer"
            ) from None
        except OSError as error:
            raise SandboxError(f"the scheduler at {self._scheduler} was lost ({type(error).__name__})") from error
        except Exception as error:
            words = " ".join(f"{type(error).__name__}: {error}".split())
            raise SandboxError(f"the cluster at {self._scheduler} cannot call our code ({words}); {_SAME}") from error

    def threads(self) -> int:
        """Count the workers' threads, once in a second; at least one, which may come."""
        if time.monotonic() - self._looked > 1:
            self._look()
        return max(1, self._threads)

    def _look(self) -> None:
        """See which workers are there; ClusterError where for too long there was none."""
        try:
            workers: dict[str, int] = self._client.nthreads()
        except Exception as error:
            raise self._lost(error) from error
        self._looked = time.monotonic()
        # A worker that cannot grade closes soon after it came: one counts when it is seen again.
        if self._seen & workers.keys():
            self._there = self._looked
        elif self._looked - self._there > self._patience:
            raise self._alone(self._patience)
        self._seen = set(workers)
        self._threads = sum(workers.values())

    def send(self, function: Callable[..., bytes], *arguments: Any, **named: Any) -> str:
        """Ask for a call on whichever worker is free; the key tells its answer."""
        future = self._client.submit(function, *arguments, **named, pure=False)
        future.add_done_callback(self._ended.put)
        key: str = future.key
        return key

    def take(self) -> tuple[str, bytes | Exception]:
        """Wait for the next answer, or for the fault that came instead, and let go of it on the worker.

        Raises `ClusterError` if the scheduler is lost, or all workers are and none comes back in time.
        """
        look = self._patience / _LOOKS
        while True:
            try:
                future = self._ended.get(timeout=look)
                break
            except queue.Empty:
                self._look()
        try:
            return future.key, self._result(future, look)
        except NoWorkerError as error:
            raise self._alone(error.timeout) from None
        except KilledWorker:
            return future.key, SandboxError("every worker that graded it died")
        except (CancelledError, OSError) as error:
            raise self._lost(error) from error
        except ClusterError:
            raise
        except Exception as error:
            return future.key, error
        finally:
            future.release()

    def _result(self, future: Future, look: float) -> bytes:
        """Fetch an answer; where its worker died before, it is made again."""
        while True:
            try:
                answer: bytes = future.result(timeout=look)
                self._there = time.monotonic()
                return answer
            except TimeoutError:
                self._look()

    def _alone(self, seconds: float) -> ClusterError:
        return ClusterError(
            f"the scheduler at {self._scheduler} has no workers any more, and none came back in {seconds:g} s; "
            "what is graded is kept, and the same command goes on with the others when there are workers again"
        )

    def _lost(self, error: BaseException) -> ClusterError:
        return ClusterError(
            f"the scheduler at {self._scheduler} was lost ({type(error).__name__}); what is graded is kept, and the "
            "same command goes on with the others"
        )

    def close(self) -> None:
        """End what runs on the workers, and let them hold nothing of the run."""
        if self._run and self._client.status == "running":
            with contextlib.suppress(Exception):
                self._client.run(station.stop, self._run, on_error="ignore")
            with contextlib.suppress(Exception):
                self._client.unregister_worker_plugin(self._run)
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)
