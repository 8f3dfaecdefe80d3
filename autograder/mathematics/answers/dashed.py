"""Indices with a prime, such as ``k'``: other letters while a text is read, and told as they were written."""

from __future__ import annotations

import re
from dataclasses import replace

from autograder import wire

_BELOW = re.compile(r"_\{[^{}\n]{0,24}?(?<![A-Za-z\\])?([a-z])'[^{}\n]{0,24}\}")
_FREE = "qrpuvsmlhn"
"""Letters that may stand in the place of one, where a text does not have them."""


def plain(text: str) -> tuple[str, dict[str, str]]:
    """A text with letters in place of indices with a prime, every place what it was, and which stands for which."""
    names: dict[str, str] = {}
    for letter in dict.fromkeys(_BELOW.findall(text) if "'" in text else ()):
        alone = set(re.findall(r"(?<![A-Za-z\\])[a-z](?![A-Za-z])|_[a-z]|(?<=\{)[a-z]{2}(?=\})", text))
        used = {one[-1] for one in alone} | {one[0] for one in alone} | {*names}
        free = next((one for one in _FREE if one not in used), "")
        if free:
            names[free] = f"{letter}'"
            text = re.sub(rf"(?<![A-Za-z\\]){letter}'(?![A-Za-z(])|(?<=_\{{[a-z]){letter}'", f"{free} ", text)
    return text, names


def told(finding: wire.Finding, names: dict[str, str]) -> wire.Finding:
    """A finding as the text writes its indices."""
    for free, letter in names.items():
        shown = re.compile(rf"(?<![A-Za-z\\]){free}(?![A-Za-z])")
        latex, detail = (shown.sub(letter, one) for one in (finding.latex, finding.detail))
        finding = replace(finding, latex=latex, detail=detail)
    return finding
