"""The certificates of a cluster, made by the commands that the documentation shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from distributed import Security

DOCS = Path(__file__).parents[2] / "docs" / "scaling.md"


def certified(folder: Path) -> Security:
    """Make an authority, and a certificate for all: files of the folder's folder ``tls``."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    (script,) = re.findall(r"```sh\n(mkdir -m 700 tls.+?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    folder.mkdir(exist_ok=True)
    subprocess.run(["sh", "-ec", script], cwd=folder, check=True, capture_output=True)
    tls = folder / "tls"
    roles = {
        f"tls_{role}_{what}": str(tls / f"{what}.pem")
        for role in ("client", "scheduler", "worker")
        for what in ("cert", "key")
    }
    return Security(tls_ca_file=str(tls / "ca.pem"), require_encryption=True, **roles)
