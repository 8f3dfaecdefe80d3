"""Words of a plain derivation: where others stand around a formula, it may be meant for less than everything."""

import re
from collections.abc import Container
from pathlib import Path

from autograder.mathematics.formulas.greek import GREEK

_WORD = re.compile(r"(?<![A-Za-z\\'\u2019])[A-Za-z]{3,24}(?![A-Za-z]|['\u2019]t\b)")
_INSIDE = re.compile(r"[A-Za-z,;] \Z")
_NEAR = 3
_FEWEST = 12
_MOSTLY = 0.4
"""Of how many different words, and which share of them tells another language."""
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "wise")
_SPELLED = (("", ""), ("is", "iz"), ("ys", "yz"), ("our", "or"), ("tre", "ter"))
"""How British words are spelled in America."""
_CHANGED = ("ies", "ied", "ily", "ier")
"""Endings behind which a word has lost its last letter."""
_LIST = Path(__file__).with_name("usual_words.txt").read_text(encoding="utf-8")
_USUAL = frozenset({*_LIST.split(), *GREEK})
_WITHOUT_LAST = frozenset(one[:-1] for one in _USUAL if one[-1:] > "x" and one[-1:] < "z")


def is_foreign(words: str, functions: Container[str] = ()) -> bool:
    """Whether most words of a text are none of these, so that it is in another language."""
    found = {one.lower() for one in _WORD.findall(words)}
    strange = sum(not _is_usual(one, functions) for one in found)
    return len(found) >= _FEWEST and strange > _MOSTLY * len(found)


def unusual(words: str, functions: Container[str] = ()) -> str:
    """The first word that is none of a plain derivation's, nor the name of a function; nothing where all are."""
    for found in _WORD.finditer(words):
        word = found[0].lower()
        if found[0][0].isupper() and _INSIDE.search(words[max(0, found.start() - _NEAR) : found.start()]):
            # A name: how a sentence begins it would be a word like any.
            continue
        if not any(_is_usual(word.replace(*spelled), functions) for spelled in _SPELLED):
            return found[0]
    return ""


def _is_usual(word: str, functions: Container[str]) -> bool:
    if word.endswith(_CHANGED) and word[:-3] in _WITHOUT_LAST:
        return True
    for end in _ENDINGS:
        stem = word.removesuffix(end) if end else word
        if (
            stem in functions
            or stem in _USUAL
            or f"{stem}e" in _USUAL
            or (len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in _USUAL)
        ):
            return True
    return False
