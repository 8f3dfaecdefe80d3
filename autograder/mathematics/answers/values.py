"""Under which values of its letters some words mean a formula: "for $u_i > 0$", "if $u_i < 0$, otherwise"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from autograder.mathematics.formulas import tree as t

MOST = 2_000
"""Characters of words that are looked at."""
_SIGNS = {"≤": r"\le", "≥": r"\ge", "<=": r"\le", ">=": r"\ge"}
_OPPOSITE = {"<": r"\ge", ">": r"\le", r"\le": ">", r"\ge": "<"}
_LETTER = r"\\?[A-Za-z]{1,8}(?:_(?:\{[^{}\n]{1,8}\}|[A-Za-z0-9]))?"
_VALUE = re.compile(
    r"\b(?:if|for|when|where|whenever|wherever|provided|provided that|as long as|in case|in the case|case)"
    r"(?: all| any| every| each)?(?:[ \n$(]|\\\(){1,6}"
    rf"(?<![A-Za-z])(?P<left>{_LETTER})\s{{0,3}}"
    r"(?P<sign><=|>=|<|>|≤|≥|\\(?:le|ge|leq|geq|leqslant|geqslant|lt|gt)(?![A-Za-z]))"
    rf"\s{{0,3}}(?P<right>-?\d{{1,6}}(?:\.\d{{1,6}})?|{_LETTER})(?![A-Za-z0-9_^<>(])",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"\b(?:otherwise|else|in the other case|if not)\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"[\s,)}]{0,6}[(\[]?(?:if|for|when|where|whenever|wherever|provided|as long as|in case|otherwise)\b"
)
_VERB = re.compile(r"\b(?:get|have|obtain|find|gives?|is|becomes?|yields?|follows|then|so)\b|:\s*\Z")
_SENTENCE = re.compile(r"[.;!?](?=\s|\Z)|\n[ \t]*\n(?=[ \t]*\S)|\n(?=[ \t]*(?:[-*+]|\d{1,2}[.)]) )")


@dataclass(frozen=True, kw_only=True)
class Value:
    """A number above or below another, as it was written."""

    left: str
    sign: str
    right: str

    def opposite(self) -> Value:
        """Say what holds otherwise."""
        return replace(self, sign=_OPPOSITE[self.sign])


@dataclass(kw_only=True)
class Values:
    """What holds while a document is read."""

    #: In the sentence, and the last one in the paragraph.
    now: Value | None = None
    near: Value | None = None
    #: The last one of all.
    last: Value | None = None

    def fresh(self) -> None:
        """Forget all of it."""
        self.now = self.near = self.last = None

    def words(self, words: str) -> Value | None:
        """Take words between two formulas, and give what they say of the formula before them."""
        if self.last is None and not any(sign in words for sign in ("<", ">", "≤", "≥", r"\l", r"\g")):
            return None
        sentences = _SENTENCE.split(words[-MOST:])
        behind: Value | None = None
        breaks = [found[0].count("\n") > 1 for found in _SENTENCE.finditer(words[-MOST:])]
        for k, sentence in enumerate(sentences):
            self.now = None if k else self.now
            self.near = None if k and breaks[k - 1] else self.near
            found = [*_VALUE.finditer(sentence)]
            if found:
                self.now = _value(found[-1])
            elif self.last and _OTHERWISE.search(sentence):
                self.now = self.last.opposite()
            else:
                continue
            if not k and _BEGINS.match(sentence) and not (len(sentences) == 1 and _VERB.search(sentence)):
                behind = _value(found[0]) if found else self.now
                self.near, self.now = behind, self.now if len(found) > 1 else None
            else:
                self.near = self.now
            self.last = self.near
        return behind


def _value(found: re.Match[str]) -> Value:
    sign = found["sign"]
    sign = _SIGNS.get(sign, r"\le" if sign.startswith(r"\le") else r"\ge" if sign.startswith(r"\ge") else sign)
    sign = {r"\lt": "<", r"\gt": ">"}.get(sign, sign)
    return Value(left=found["left"], sign=sign, right=found["right"])


def is_value(words: str) -> bool:
    """Whether some words say for which values something is meant."""
    return _VALUE.search(words) is not None


def opposite(one: t.Above, other: t.Above) -> bool:
    """Whether two cases are all there are, but for where both numbers agree."""
    return (one.left, one.right) == (other.right, other.left)
