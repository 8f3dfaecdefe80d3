"""What Gradescope builds an autograder of: ``setup.sh``, run once, ``run_autograder``, and a node's archive.

Its image has an older Python than we need and no user namespaces, as far as is known; so a newer Python is brought, and
the isolation that works there is found out by trying. All of it is the instructors': root's alone, in folders that a
submission's user cannot enter.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from typing import Final

from autograder.exports.gradescope import Visibility

SETTINGS: Final = "gradescope.json"
NODE: Final = "node.tar"
HOME: Final = "/opt/hw1"
#: Settable in Gradescope from one minute up; ten minutes are its default.
USUAL_SECONDS: Final = 600
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
    #: Seconds that Gradescope gives a run.
    seconds: int = USUAL_SECONDS
    #: So many submissions are graded in so many hours; 0: any number.
    most: int = 0
    hours: float = 24.0


_SETUP = """\
#!/usr/bin/env bash
# Runs once, as root, when Gradescope builds the image.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap libseccomp2

mkdir -p -m 0700 {home}
tar xf /autograder/source/{node} -C {home} --strip-components=1
# References, hidden cases and truths: root's alone, and not twice.
rm -f /autograder/source/{node}
chown -R root:root {home}
chmod -R go= /autograder/source {home}

python=""
for one in python3.14 python3.13 python3.12 python3.11 python3; do
    # Its program, not a link to it: an environment that is made by a link may not find the library.
    if python=$("$one" -c '{find}' 2> /dev/null); then
        break
    fi
done
if [ -z "$python" ]; then
    # Students' code runs as nobody, who has to be able to read this Python.
    export UV_PYTHON_INSTALL_DIR=/opt/hw1-python
    # Debian and Ubuntu from 2023 on refuse pip outside an environment; this one is thrown away with the image.
    export PIP_BREAK_SYSTEM_PACKAGES=1
    python3 -m pip --version > /dev/null || apt-get install -y --no-install-recommends python3-pip
    python3 -m pip install --no-cache-dir uv=={uv}
    python3 -m uv python install {brought}
    python=$(python3 -m uv python find --managed-python {brought})
fi
"$python" -m venv {home}/.venv
cd {home}
.venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
chmod go+x {home}
chmod -R go+rX {home}/.venv
"""

_RUN = """\
#!/usr/bin/env bash
# Runs for each submission, as root; what it prints only instructors see.
cd {home} || exit 1
# Nothing of the harness's environment: it may hold what a submission shall not see.
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \\
    .venv/bin/hw1 gradescope-run /autograder
"""


def package(node: bytes, settings: Settings) -> bytes:
    """Pack what is uploaded as an assignment's autograder, a node's archive in it: the same bytes each time."""
    values = {"home": HOME, "node": NODE, "uv": _UV, "find": _FIND, "brought": _BROUGHT}
    files = {
        "setup.sh": _SETUP.format(**values).encode(),
        "run_autograder": _RUN.format(**values).encode(),
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
