"""Letters with an accent: where it tells them from others, and how Unicode writes it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from autograder.mathematics.answers.marks import BOLD, TOKEN, Mark, argument

_ABOVE = {
    "\u0304": r"\bar", "\u0305": r"\bar", "\u0302": r"\hat", "\u0303": r"\tilde", "\u0307": r"\dot", "\u20d7": r"\vec",
}  # fmt: skip
"""Combining characters, as commands."""
_WITH_ABOVE = re.compile(rf"([^\W\d_])([{''.join(_ABOVE)}])")


def spelled(latex: str) -> str:
    """Write accents of Unicode as commands."""
    if latex.isascii():
        return latex
    apart = (unicodedata.normalize("NFD", one) for one in latex)
    whole = "".join(two if two[1:] in _ABOVE else one for one, two in zip(latex, apart, strict=True))
    return _WITH_ABOVE.sub(lambda found: f"{_ABOVE[found[2]]}{{{found[1]}}}", whole)


_NAMES = ("hat", "widehat", "tilde", "widetilde", "bar", "overline", "dot", "check", "breve", "mathring")
_ACCENTS = frozenset(rf"\{name}" for name in _NAMES)
_DRESSED = re.compile(
    rf"\\({'|'.join(_NAMES)})(?![A-Za-z])[ \t]{{0,4}}\{{?[ \t]{{0,4}}"
    r"(?:\\(?:mathbf|boldsymbol|bm|vec|underline)(?![A-Za-z])[ \t]{0,4}\{?[ \t]{0,4})?(\\[A-Za-z]+|[A-Za-z])"
)


def accented_letters(formulas: Iterable[str]) -> frozenset[str]:
    """Find letters with an accent that tells them from others: one of those with it stands without it, too."""
    text = "\n".join(formula.lstrip() for formula in formulas)
    dressed = {(found[1], found[2]) for found in _DRESSED.finditer(text)}
    bare = {*TOKEN.findall(_DRESSED.sub(" ", text))} if dressed else set()
    telling = {accent for accent, letter in dressed if letter in bare}
    return frozenset(letter for accent, letter in dressed if accent in telling)


def joined(marks: Sequence[Mark], accented: frozenset[str]) -> Sequence[Mark]:
    """Join some letters and their accents to one mark."""
    if not accented:
        return marks
    found: list[Mark] = []
    at = 0
    while at < len(marks):
        mark = marks[at]
        at += 1
        inner, end = argument(marks, at) if mark.text in _ACCENTS else ([], at)
        letter = next((k for k, one in enumerate(inner) if one.text in accented), -1)
        if letter >= 0 and all(one.text in BOLD | {"{", "}"} or one.text.isspace() for one in inner[:letter]):
            found.append(Mark(f"{mark.text}{{{inner[letter].text}}}", mark.at))
            found += (one for one in inner[letter + 1 :] if one.text != "}" or not letter)
            at = end
        else:
            found.append(mark)
    return found
