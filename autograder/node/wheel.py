"""The program as a wheel, from the files that run here; it asks for nothing but what grading needs."""

import base64
import csv
import hashlib
import io
import zipfile
from collections.abc import Collection, Mapping
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograder

PRODUCT = "hw1-autograder"
_PACKAGES = ("autograder", "reports")
_TAG = "Wheel-Version: 1.0\nGenerator: hw1 node\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_WHEN = (1980, 1, 1, 0, 0, 0)


def grading_wheel(needed: Collection[str]) -> tuple[str, bytes]:
    """Build the wheel: its file's name, and its content, the same bytes from the same files.

    `needed` are the packages, in their canonical names, that it may ask for.
    """
    ours = metadata.distribution(PRODUCT)
    name = f"{PRODUCT.replace('-', '_')}-{ours.version}"
    files = {
        **_sources(Path(autograder.__file__).parents[1]),
        f"{name}.dist-info/METADATA": _metadata(ours.read_text("METADATA") or "", needed).encode(),
        f"{name}.dist-info/WHEEL": _TAG.encode(),
        f"{name}.dist-info/entry_points.txt": (ours.read_text("entry_points.txt") or "").encode(),
    }
    record = f"{name}.dist-info/RECORD"
    return f"{name}-py3-none-any.whl", _zipped({**files, record: _record(files, record)})


def _sources(root: Path) -> dict[str, bytes]:
    files = sorted(file for package in _PACKAGES for file in (root / package).rglob("*") if file.is_file())
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files if "__pycache__" not in file.parts}


def _metadata(text: str, needed: Collection[str]) -> str:
    """Leave out of the metadata what else is required."""
    head, blank, rest = text.partition("\n\n")
    kept = [
        line
        for line in head.splitlines()
        if not line.startswith(("Requires-Dist:", "Provides-Extra:")) or _is_needed(line.partition(":")[2], needed)
    ]
    return "\n".join(kept) + (blank or "\n") + rest


def _is_needed(requirement: str, needed: Collection[str]) -> bool:
    return canonicalize_name(Requirement(requirement).name) in needed and "extra" not in requirement


def _record(files: Mapping[str, bytes], itself: str) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.writerow((path, f"sha256={digest}", len(content)))
    lines.writerow((itself, "", ""))
    return text.getvalue().encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _WHEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
