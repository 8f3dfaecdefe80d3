"""From LaTeX to a PDF that may be handed out: an empty folder, limits, and a gate that reads the log.

TeX can read files, write files and run for ever. Here it may read what lies in its own fresh folder and its
installation, write beside it, start nothing, and take so much time and room.
"""

import errno
import hashlib
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import ReportError
from reports.latex.engine import Engine, find_engine

EPOCH = 1_581_984_000
"""The date that PDFs carry, in seconds: the day the homework was due. The same document gives the same bytes."""

SECONDS = 120
MAX_BYTES = 50 << 20  #: Of any one file that TeX writes; a class's feedback has 2 MB.
_SILENT = "no PDF, no message"
_TOO_LITTLE = 64 << 10  #: Bytes that are left where TeX found no room for more.
_ROOM = 4 << 20  #: Bytes that one document may take beside its parts.
_RUNS = 5
_OVERFULL_POINTS = 5.0
_NAME = "document"
# `openin_any` does not hold for pdfTeX's \pdfobj, which puts any file into the PDF: nobody needs it here.
_FORGET = "".join(
    rf"\expandafter\let\csname {name}\endcsname\undefined"
    for name in ("pdfobj", "tex_pdfobj:D", "pdfprimitive", "tex_pdfprimitive:D", "tex_primitive:D")
)
_ERROR = re.compile(r"^(?:\./)?document\.tex:(?P<line>\d+): (?P<words>.*)$", re.MULTILINE)
_FATAL = re.compile(r"^! (?P<words>.*)$", re.MULTILINE)
_OVERFULL = re.compile(r"^Overfull \\[hv]box \((?P<points>[\d.]+)pt too (?:wide|high)\).*$", re.MULTILINE)
_BROKEN = re.compile(
    r"^(?:Missing character: .*|LaTeX Warning: (?:Reference|Citation) .* undefined.*|"
    r".*There were undefined references.*|LaTeX Warning: Label .* multiply defined.*|"
    r"LaTeX Font Warning: Font shape .* undefined.*)$",
    re.MULTILINE,
)


class NoRoomError(ReportError):
    """The folder for temporary files is full."""


class StoppedError(Exception):
    """TeX was ended from another thread."""


class Stop:
    """Ends TeX from another thread: what runs is killed, and nothing begins any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def __call__(self) -> None:
        """End it all."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _kill(process)

    @contextmanager
    def watching(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Wait for a process, which may be ended meanwhile."""
        with self._lock:
            if self._stopped:
                raise StoppedError
            self._running.add(process)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(process)
        if self._stopped:
            raise StoppedError


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what still runs, and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def compile_pdf(tex: str, *, engine: Engine | None = None, seconds: float = SECONDS, stop: Stop | None = None) -> bytes:
    """Compile a document until its references have settled; once is enough for one that leaves itself nothing to read.

    The PDF is the same for the same document on the same engine, which is found unless given. `seconds` are wall time
    for all runs together; `stop` ends it from another thread.

    Raises `NoRoomError` if the folder for temporary files is full; `ReportError` if there is no engine, if TeX stops at
    an error, takes too long or writes too much, or if the page is not fit to be seen: a line sticks out by more than
    5 pt, a reference or a character is missing; `StoppedError` if it was ended.
    """
    engine, stop = engine or find_engine(), stop or Stop()
    with _room_for_tex() as folder:
        (folder / f"{_NAME}.tex").write_text(tex, encoding="utf-8")
        settled = _auxiliary(folder)
        end = time.monotonic() + seconds
        for _ in range(_RUNS):
            log = _run(engine, folder, tex, end=end, stop=stop)
            now = _auxiliary(folder)
            if now == settled:
                break
            settled = now
        else:
            raise ReportError(f"the document's references did not settle in {_RUNS} runs; this is a fault of ours")
        _gate(log)
        return (folder / f"{_NAME}.pdf").read_bytes()


@contextmanager
def _room_for_tex() -> Iterator[Path]:
    """Make a folder for one document, and say so where it finds no room: of that TeX says nothing."""
    try:
        with tempfile.TemporaryDirectory(prefix="hw1-tex-") as name:
            try:
                yield Path(name)
            except ReportError as error:
                left = os.statvfs(name)
                # It ends without a word where its PDF found no room, and takes away what there was of it.
                needed = _ROOM if _SILENT in str(error) else _TOO_LITTLE
                if left.f_bavail * left.f_frsize < needed or (left.f_files and not left.f_favail):
                    raise _no_room(os.strerror(errno.ENOSPC)) from error
                raise
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _no_room(str(error.strerror)) from error


def _no_room(why: str) -> NoRoomError:
    where = tempfile.gettempdir()
    return NoRoomError(f"TeX has no room in {where} ({why}); make room there, or let $TMPDIR name another folder")


def _run(engine: Engine, folder: Path, tex: str, *, end: float, stop: Stop) -> str:
    """Run TeX once; its log."""
    command = [
        str(engine.path), "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape",
        f"-jobname={_NAME}", rf"{_FORGET}\input{{{_NAME}.tex}}",
    ]  # fmt: skip
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TEXMFHOME": str(folder / "none"),
        "TEXMFVAR": str(folder / "none"),
        "openin_any": "p",
        "openout_any": "p",
        "SOURCE_DATE_EPOCH": str(EPOCH),
        "FORCE_SOURCE_DATE": "1",
        "max_print_line": "10000",
        "error_line": "254",
        "half_error_line": "238",
    }
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ReportError(
            f"{engine.path} does not start ({error.strerror}); name a pdflatex in $AUTOGRADER_PDFLATEX"
        ) from error
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (MAX_BYTES, MAX_BYTES))
    try:
        with stop.watching(process):
            code = process.wait(max(end - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise ReportError("TeX took too long, and was stopped") from None
    finally:
        _kill(process)
        process.wait()
    path = folder / f"{_NAME}.log"
    log = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if code < 0:
        what = "wrote more than it may" if -code == signal.SIGXFSZ else f"was ended by signal {-code}"
        raise ReportError(f"TeX {what}")
    pdf = folder / f"{_NAME}.pdf"
    if code or not pdf.is_file() or not pdf.stat().st_size:
        raise ReportError(_why(log, tex, code))
    return log


def _why(log: str, tex: str, code: int) -> str:
    """TeX's own message, with the line of the document it points at."""
    found, fatal = _ERROR.search(log), _FATAL.search(log)
    if found is None:
        return f"TeX stopped: {fatal['words'].strip()}" if fatal else f"TeX ended with code {code}, {_SILENT}"
    # The reason stands before the place for a file that is not there.
    words = fatal["words"] if fatal is not None and found["words"].startswith("Emergency stop") else found["words"]
    number = int(found["line"])
    lines = tex.split("\n")
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    # TeX shows how far it came; what is at fault ends it.
    _, _, context = log[found.end() :].partition(f"\nl.{number} ")
    read = context.partition("\n")[0].strip()
    after = f" TeX read as far as: {read[-80:]}" if read and not line.endswith(read) else ""
    return f"TeX stopped at line {number}: {words.strip()} The line is: {line[:200]}{after}"


def _auxiliary(folder: Path) -> str:
    """Digest of what one run leaves for the next."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".aux", ".out", ".toc") and path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _gate(log: str) -> None:
    """Refuse a document that is not fit to be seen."""
    for found in _OVERFULL.finditer(log):
        if float(found["points"]) > _OVERFULL_POINTS:
            raise ReportError(f"a line of the document sticks out: {found[0]}")
    broken = _BROKEN.search(log)
    if broken is not None:
        raise ReportError(f"the document is not complete: {broken[0].strip()[:300]}")
