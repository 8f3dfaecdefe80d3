"""What Gradescope builds an autograder of: ``setup.sh``, run once, ``run_autograder``, and a node's archive.

Its image has an older Python than we need and no user namespaces, as far as is known; so a newer Python is brought, and
the isolation that works there is found out by trying. All of it is the instructors': root's alone, in folders that a
submission's user cannot enter.
"""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import Final

from autograder.exports.gradescope import Visibility
from autograder.templates import filled

SETTINGS: Final = "gradescope.json"
NODE: Final = "node.tar"
HOME: Final = "/opt/hw1"
USUAL_SECONDS: Final = 600  #: Settable in Gradescope from one minute up; ten minutes are its default.
_MARGIN: Final = 60
_UV = "0.9.7"
_BROUGHT = "3.12"
_FIND = (
    "import ensurepip, os, sys, venv; sys.version_info < (3, 11) and sys.exit(1); "
    "print(os.path.realpath(sys.executable))"
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an instructor decides about an autograder."""

    #: Folder of the homework in the node's archive.
    assignment: str
    visibility: Visibility = "visible"
    seconds: int = USUAL_SECONDS  #: Seconds that Gradescope gives a run.
    #: So many submissions are graded in so many hours; 0: any number.
    most: int = 0
    hours: float = 24.0


def package(node: bytes, settings: Settings) -> bytes:
    """Pack what is uploaded as an assignment's autograder, a node's archive in it: the same bytes each time."""
    files = {
        "setup.sh": filled(
            __package__, "gradescope_setup.sh.j2", home=HOME, node=NODE, uv=_UV, find=_FIND, brought=_BROUGHT
        ).encode(),
        "run_autograder": filled(__package__, "gradescope_run_autograder.sh.j2", home=HOME).encode(),
        SETTINGS: json.dumps(asdict(settings), indent=1).encode(),
        NODE: node,
    }
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100700 if name in ("setup.sh", "run_autograder") else 0o100600) << 16
            archive.writestr(entry, content)
    return whole.getvalue()


def seconds_to_grade(settings: Settings) -> int:
    """Find how long a run may take: well below the limit, since Gradescope overwrites the results of one it ends."""
    return max(settings.seconds - _MARGIN, settings.seconds // 2)
