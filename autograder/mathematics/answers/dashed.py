"""Indices with a prime, such as ``k'``: other letters while a text is read, and told as they were written."""

import re
from dataclasses import replace

from autograder import wire

_BELOW = re.compile(r"_\{[^{}\n]{0,24}?([a-z])'[^{}\n]{0,24}\}")
_ALONE = re.compile(r"(?<![A-Za-z\\])[a-z](?![A-Za-z])|_[a-z]|(?<=\{)[a-z]{2}(?=\})")
_PRIMED = re.compile(r"(?<![A-Za-z\\])([a-z])'(?![A-Za-z(])|(?<=_\{[a-z])([a-z])'")
_LETTER = re.compile(r"(?<![A-Za-z\\])[a-z](?![A-Za-z])")
_FREE = "qrpuvsmlhn"
"""Letters that may stand in the place of one, where a text does not have them."""


def plain(text: str) -> tuple[str, dict[str, str]]:
    """A text with letters in place of indices with a prime, every place what it was, and which stands for which."""
    primed = dict.fromkeys(_BELOW.findall(text) if "'" in text else ())
    used = {letter for found in _ALONE.findall(text) for letter in found} if primed else set[str]()
    names = dict(zip((one for one in _FREE if one not in used), primed, strict=False))
    places = {letter: free for free, letter in names.items()}

    def change(found: re.Match[str]) -> str:
        letter = found[1] or found[2]
        return f"{places[letter]} " if letter in places else found[0]

    return _PRIMED.sub(change, text) if places else text, {free: f"{letter}'" for free, letter in names.items()}


def told(finding: wire.Finding, names: dict[str, str]) -> wire.Finding:
    """A finding as the text writes its indices."""
    if not names:
        return finding

    def shown(text: str) -> str:
        return _LETTER.sub(lambda found: names.get(found[0], found[0]), text)

    return replace(finding, latex=shown(finding.latex), detail=shown(finding.detail))
