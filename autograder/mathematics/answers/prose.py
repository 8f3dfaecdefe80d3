"""Which case some words are about: equal indices, different ones, the other case, or all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

NEAR = 2_000
"""Characters of words that are looked at."""


@dataclass(frozen=True)
class Case:
    """When a line is meant to hold."""

    kind: Literal["letters", "indices", "otherwise", "all"]
    equal: bool = True
    #: The two letters, where they are named; else those of the derivative are meant.
    left: str = ""
    right: str = ""

    def after(self, before: Case | None) -> Case | None:
        """What it comes to after another: "otherwise" is the opposite of what was said last."""
        if self.kind != "otherwise":
            return self
        return replace(before, equal=not before.equal) if before and before.kind in {"letters", "indices"} else None


ALL = Case("all")
_LETTER = r"\$?+\\?+\(?+([a-z])\\?+\)?+\$?+"
_SIGN = r"(=|==|\\neq?|\\not\s?=|≠|!=|<>)"
_AGREE = r"the same|equal|different|distinct|differ|agree|coincide"
_RELATION = r"not equal to|different from|unequal to|equal to|equals|differs from|the same as"
_CASE = re.compile(
    rf"(?<![A-Za-z0-9_}}\\^])([a-z])\s{{0,3}}+{_SIGN}\s{{0,3}}+([a-z])(?![A-Za-z0-9_(^])"
    rf"|(?<![A-Za-z]){_LETTER} (?:and|,) {_LETTER} (?:are |is )?(not )?({_AGREE})"
    rf"|(?<![A-Za-z]){_LETTER} (?:is )?({_RELATION}) {_LETTER}(?![A-Za-z])"
    r"|\b(otherwise|else|other case|remaining case|other cases|other entries|remaining entries|if not)\b"
    r"|\b(off[- ]?(?:the[- ])?diagonal|non-?diagonal|(?:different|distinct|unequal|non-?equal) (?:index|indices)"
    r"|indices (?:are )?(?:differ|different|distinct|unequal|not equal|disagree))"
    r"|\b((?:on the |main )?diagonal(?! matrix)|(?:equal|same|identical|matching|coinciding) (?:index|indices)"
    r"|indices (?:are )?(?:equal|the same|agree|coincide|match|identical))"
    r"|\b(both cases|two cases|all (?:\$|\\\()?i\b|for all|for any|for every|in general|combin|altogether"
    r"|all together|taken together|any (?:\$|\\\()?i\b|in summary|in short|summaris|summariz|unif(?:y|ied)"
    r"|compactly|in one formula|as one|either way)",
    re.IGNORECASE,
)
_DELTA = re.compile(
    r"\\delta|δ|\bdelta\b|kronecker|\bindicator\b|\\mathbb\{?1|\\mathbf\{?1|\\mathds\{?1|𝟙", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s|\n[ \t>]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,2}[.)]) )")
_TRAILING = re.compile(
    r"[\s,.)}]{0,6}(?:and |but )?(?:if|for|when|where|whenever|otherwise|provided|in case|in the case|as long as|else"
    r"|on the|off the|with)\b"
)
_VERB = re.compile(
    r"\b(?:get|have|obtain|find|gives?|becomes?|yields?|write|see|reads?|follows|derive|compute|calculate)\b"
)


def case_in(sentence: str) -> Case | None:
    """What a sentence says of the case, by its last words on it; what it says of a delta is no case."""
    sentence = " ".join(sentence[-NEAR:].split())
    delta = _DELTA.search(sentence)
    found = None
    for one in _CASE.finditer(sentence, 0, delta.start() if delta else len(sentence)):
        found = _case(one) or found
    return ALL if delta and found is None else found


def _case(found: re.Match[str]) -> Case | None:
    left, sign, right, one, other, no, how, that, relation, this = found.groups()[:10]
    otherwise, differ, agree = found.groups()[10:13]
    if left:
        return None if left == right else Case("letters", sign in {"=", "=="}, left, right)
    if one:
        return Case("letters", (how.lower() in {"the same", "equal", "agree", "coincide"}) is not bool(no), one, other)
    if that:
        return Case("letters", relation.lower() in {"equal to", "equals", "the same as"}, that, this)
    if otherwise:
        return Case("otherwise")
    if differ or agree:
        return Case("indices", bool(agree))
    return ALL


def sentences(words: str) -> list[str]:
    """Give sentences of some words, the last ones where there are many."""
    return [one for one in _SENTENCE.split(words[-NEAR:]) if one and not one.isspace()]


def trailing(words: str) -> tuple[Case | None, str]:
    """The case that words behind a formula give to it, and the words that are left for what follows."""
    told = sentences(words)
    if not told or not _TRAILING.match(told[0]) or (found := case_in(told[0])) is None:
        return None, words
    stop = told[0].rstrip(" \n\t*>")
    if len(told) == 1 and (stop.endswith(":") or _VERB.search(stop)):
        return None, words
    return found, " ".join(told[1:])


def leading(words: str) -> Case | None:
    """The case that words before a formula give to it."""
    found = None
    for sentence in sentences(words):
        said = case_in(sentence)
        found = (said.after(found) or said) if said else found
    return found
