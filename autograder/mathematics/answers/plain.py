"""Formulas that stand in a line without marks of mathematics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from autograder.mathematics.formulas.greek import GREEK

BARE = re.compile(r"\s*[a-z]\s*(?:!=|\\neq?|\\not\s?=|≠)\s*[a-z]\s*|\s*[a-dh-tvw]\s*==?\s*[a-dh-tvw]\s*")
_NAMES = re.compile(rf"(?<![A-Za-z])(?:exp|log|sum|max|tanh|sqrt|{'|'.join(GREEK)})(?![A-Za-z])")
_LETTERS_ONLY = re.compile(
    r"(?!.{0,400}[A-Za-z]{3})(?![a-z] = [a-z]\Z)[A-Za-z](?:_?[A-Za-z0-9])? = (?=[^=]{0,200}[A-Za-z])"
    r"[A-Za-z0-9_+*/^() '.-]{1,200}(?: = [A-Za-z0-9+*/^() '.-]{1,200})?"
)
"""A formula of letters, digits and signs alone; words are longer."""
_ARTICLES = {"the", "a", "this", "that", "each", "one", "of"}
"""Before the name of a function that stands for a word."""
_SHORT_WORD = re.compile(
    "am|an|as|at|be|by|do|go|he|if|in|is|it|me|my|no|of|ok|on|or|so|to|up|us|we|vs|ie|eg|cf|la|el|de|le|un|et|ou",
    re.IGNORECASE,
)
_PIECE = re.compile(r"\S+")
_SPACES = re.compile(r"[ \t]{2,}")
_WORD = re.compile(r"[A-Za-z][a-z']+[,.:;!?]?|[A-Z]?[a-z]+:|[&|]|[.,;:]")
_IN_BRACKETS = re.compile(r"\((?:[a-z]{3,}|a[nst]|i[nsft]|by|of|to|we|so|or)[,.:;]?|\(?[a-z]{3,}\)[,.:;]?")
"""The first word in brackets, or the last."""
_PRODUCT = re.compile(r"[A-Za-z]{2}")
_BULLET = re.compile(r"[-*+•]|\d{1,2}[.)]|[Qq]?\d{1,2}\(?[a-z]?\)?[.):]|\(?[a-z]\)|\(?[ivx]{1,4}\)")
_GREEK_NAMES = frozenset(GREEK)
_BETWEEN = {
    "=>", "==>", "->", "-->", "<=>", "⇒", "→", "⟹", "⟶", "⇔", "⟺", "∴", "∵", "∎", "□", "■",
    "w/", "w/o", "b/c", "s.t.", "wrt", "w.r.t.", "i.e.", "e.g.", "def.", "resp.",
}  # fmt: skip
"""What stands between formulas as words do."""
_LABEL = re.compile(r"\*\*[^*]{1,40}\*\*[,.:;]?")
_DASHES = {"-", "*", "+", "•", "−"}
_SIGNS = ("=", "+", "-", "*", "/", "−", "·", "⋅", "×", "≠", "∙")


def is_plain(line: str) -> bool:
    """Whether a line of letters, digits and signs alone has a formula in it, such as ``y = Wx + b``."""
    return any(
        _LETTERS_ONLY.fullmatch(_NAMES.sub("f", _SPACES.sub(" ", line[begin:end])).rstrip(".,;: "))
        for begin, end in formulas_in(line, frozenset())
    )


def formulas_in(line: str, functions: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the formulas of a line without marks begin and end: around their signs of equality, up to words."""
    pieces = list(_PIECE.finditer(line))
    for word, run in groupby(range(len(pieces)), key=lambda k: _is_word(pieces, k, functions)):
        inside = [pieces[k] for k in run]
        # A sign beside words is a dash.
        while inside and inside[0][0] in _DASHES:
            inside.pop(0)
        while inside and inside[-1][0] in _DASHES:
            inside.pop()
        while inside and not word:
            # A case before a formula is a formula of its own.
            case = len(inside) > 3 and BARE.fullmatch("".join(found[0] for found in inside[:3]).replace("!=", "≠"))
            one, inside = (inside[:3], inside[3:]) if case else (inside, [])
            if "=" in line[one[0].start() : one[-1].end()]:
                yield one[0].start(), one[-1].end()


def _is_word(pieces: Sequence[re.Match[str]], k: int, functions: frozenset[str]) -> bool:
    """Whether a piece of a line is no part of a formula, by itself and by what stands beside it."""
    piece = pieces[k][0].strip("`")
    before, after = (pieces[at][0].lower() if 0 <= at < len(pieces) else "" for at in (k - 1, k + 1))
    if piece in _BETWEEN or _LABEL.fullmatch(piece) or (not k and _BULLET.fullmatch(piece)):
        return True
    if piece in {"a", "I"}:
        last = piece == "I" and not after and not _WORD.fullmatch(before)
        return not (last or before.endswith(_SIGNS) or after.startswith(_SIGNS))
    if (before.endswith(_SIGNS) or after.startswith(_SIGNS)) and _PRODUCT.fullmatch(piece):
        # Two letters beside a sign are a product.
        return bool(_SHORT_WORD.fullmatch(piece))
    if _IN_BRACKETS.fullmatch(piece) and piece.strip("(),.:;") not in functions:
        return True
    bare = piece.strip(",.:;").lower()
    mathematical = bare in _GREEK_NAMES or (bare in functions and before not in _ARTICLES)
    return bool(_WORD.fullmatch(piece)) and not mathematical
