"""Formulas that words or nothing but a sign join to the one before them, and words that change what one says."""

import re

_LONGEST = 40
"""Characters of words that are looked at, on each side of a formula."""
_BEGINS = re.compile(
    r"\s{0,9}(?:[-+*/·×−]|\\(?:cdot|times|odot)(?![A-Za-z]))\s{0,9}(?:\\[,;:!]\s{0,9}){0,3}(?!\\text|\*)[^\s=<>]"
)
"""How a formula begins that goes on with the one before it."""
_SIGNS = {
    "+": "+", "-": "-", "−": "-", "*": r"\cdot ", "·": r"\cdot ", "×": r"\cdot ", "/": "/", "plus": "+", "minus": "-",
    "times": r"\cdot ", "multiplied by": r"\cdot ", "divided by": "/", "=": "=", ":=": "=",
}  # fmt: skip
_CELLS = re.compile(r"[\s|&]*(:?=)[\s|&]*")
_NEXT_LINE = re.compile(r"[ \t]{1,80}(?:[+*/·×]|-(?=[^\n]{0,80}[_^(]))[ \t]{0,4}[^\s\-+*/=][^=\n]{0,200}\n?")
_BEFORE = re.compile(
    r"\b(?:half(?: of)?|twice|one over|(?:reciprocal|inverse|opposite|transpose|square(?: root)?) of)"
    r"(?: the)?[\s$(\\\[]{0,4}\Z",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[$)\\\]]{0,2}[\s,(]{0,3}(?:(?:transposed|squared|times|plus|minus|(?:multiplied|divided) by"
    r"|doubled|tripled|halved|negated|inverted|with (?:all |the |its |a |an ){0,2}(?:opposite |minus |negative )?signs?"
    r"|but negative|scaled by|summed over all entries|raised to|to the power|all over"
    r"|normali[sz]ed by|divided through by"
    r"|up to (?:a|an|the) (?:constant |overall )?(?:factor|sign|term))\b"
    r"|(?:false|wrong|incorrect)\))",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:(?:derivative|gradient|jacobian|sum|product|rank|norm|trace|sign|determinant|entry|element|component|mean"
    r"|logarithm|log|exponential|transpose|shape|size|dimension)s? of(?: the| all| every| each| any| both| an?){0,3}"
    r"|(?:shape|size|dimension)s?(?::| are| is)[^.\n]{0,80})[ $(\\\[]{0,4}\Z",
    re.IGNORECASE,
)
_FACTOR_BEFORE = re.compile(r"(?:\\(?:cdot|times)|[-+·×−])\s{0,3}(?:\$|\\\)) (?:\$|\\\()\s{0,3}\Z")

_JOINS = re.compile(
    r"(?<![A-Za-z\\])(?!(?:which|this|that|it|is|so|thus|hence|and|then|simplif(?:y|ies)|equals?|becomes?|gives?"
    r"|therefore|to|get|obtain|have|but|simply|exactly|precisely|clearly|also|indeed|now|finally|again|just|rule"
    r"|definition|result|or|as|we|i|yields?|means?|namely|where)\b)[A-Za-z]{2,20}[ \n]{0,3}\Z",
    re.IGNORECASE,
)
"""A word before a sign of equality that does not say that something goes on."""
_SUBJECT = re.compile(
    r"((?:\b[A-Za-z]{1,20} )?"
    r"\b(?!(?:which|that|this|is|so|thus|hence|then|and|therefore|again|also|it|or|yep|yes|yeah|ok|okay|right|correct"
    r"|sure|exactly|nope|no)\b)[a-z]{2,20}) ?\Z"
)
"""Words of which a formula that goes on behind them says something, in a line without marks."""
_TRAILS = re.compile(r"[\s,;$)\\\]]{0,6}\(?(?:where|with|in which)\b[^.!?]{0,30}\Z")
_GIVES = re.compile(
    r"\b(?:let|put|set|define|redefine)(?: now| us| again| instead)?[\s$(\\\[]{0,4}\Z"
    r"|\b(?:another|a new|a different)[ $]{1,3}(?:[A-Za-z]|\\[a-z]{2,8})[ $]{1,3}[^.;\n]{0,24}[\s$(\\\[]{0,4}\Z"
    r"|\b(?:now|again|this time),? (?:with|for|choose|choosing|take|taking|setting)[\s$(\\\[]{0,4}\Z",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s{0,4}(?:,|and|, and)\s{0,4}")


def trails(words: str) -> bool:
    """Whether words since the last formula say that what follows tells what letters in that one are."""
    return _TRAILS.match(words) is not None


def gives(words: str, *, before: bool) -> bool:
    """Whether words before a formula say that it gives a letter to something, as that before it may."""
    return _GIVES.search(words[-_LONGEST:]) is not None or (before and _LISTED.fullmatch(words) is not None)


def sign(words: str, latex: str) -> str | None:
    """The sign that stands between a formula and the one behind it; nothing where that begins with one.

    None where it is a formula of its own.
    """
    between = words.strip()
    if not between:
        return "" if _BEGINS.match(latex) else None
    if found := _CELLS.fullmatch(words):
        return _SIGNS[found[1]]
    # At the start of a line it is the mark of a list.
    listed = "\n" in words.partition(between)[0]
    return _SIGNS.get(between.lower()) if len(between) < _LONGEST and not listed else None


def is_next_line(line: str) -> bool:
    """Whether a line without marks of mathematics goes on with the formula in the one above it."""
    return _NEXT_LINE.fullmatch(line) is not None


def changing(text: str, begin: int, end: int) -> tuple[str, str]:
    """Find words right before and right behind a formula that change what it says."""
    head = text[max(0, begin - _LONGEST) : begin]
    before = _BEFORE.search(head) or _FACTOR_BEFORE.search(head)
    behind = _BEHIND.match(text[end : end + _LONGEST])
    return before[0].strip(" $\\(\n") if before else "", behind[0].strip(" $\\),(\n") if behind else ""


def taken(text: str, begin: int) -> str:
    """Find words right before a formula that may take something of its first side alone."""
    found = _TAKEN.search(text[max(0, begin - 3 * _LONGEST) : begin])
    return found[0].strip(" $\\(\n")[:_LONGEST] if found else ""


def joins(words: str) -> bool:
    """Whether the word before a sign of equality says nothing of that something goes on."""
    return _JOINS.search(words) is not None


def subject(words: str) -> str:
    """Find words of which a formula that goes on behind them says something, in a line without marks."""
    found = _SUBJECT.search(words)
    return found[1] if found else ""
