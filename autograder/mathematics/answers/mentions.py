"""Letters of which words say what they are: "let $b$ be the index of a batch", "call it $p$"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.mathematics.answers.restricting import FORMULA, Span, masked
from autograder.mathematics.answers.scanner import name_of

_LONGEST = 80
"""Characters of words that are looked at, on each side of a letter."""
_LETTER = re.compile(
    r"\s{0,3}(?:\\(?:vec|mathbf|boldsymbol|bm|mathcal|mathrm)\s?\{?\s?)?"
    r"(?:\\(?P<accent>bar|hat|tilde)\s?\{?\s?)?(?P<letter>\\[A-Za-z]{2,10}|[A-Za-z])\s?\}?(?:_(?:\w|\{[^{}]{1,12}\}))?\s{0,3}"
)
_LET = re.compile(r"\b(?:let|write|denote by|use|call|put|say|now|introduce) ?[$(\\]{0,2}\Z", re.IGNORECASE)
_NAMES = re.compile(
    r"\b(?:denote|call|abbreviate|name|label)(?: [a-z]{1,14}){1,6}(?: by| as)? ?[$(\\]{0,2}\Z"
    r"|\b(?:call it|call this|call them|called|denoted by|denoted|written as) ?[$(\\]{0,2}\Z",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(?:where|here|with|and|in which) ?[$(\\]{0,2}\Z", re.IGNORECASE)
_BEGINS = re.compile(
    r"(?:\A|[.;:,(!\x01\n]|\b(?:where|here,?|with|and|vector|matrix|letter|number|now|say)) {0,2}[$(\\]{0,2}\Z",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"[$)\\]{0,2} ?"
    r"(?:(?:be|being|denotes?|denoting|is|are|stands? for|means?|represents?|holds?|contains?)\b|:|(?=the ))"
    r"(?P<what>[^.;]{0,120})",
    re.IGNORECASE,
)
_IS = re.compile(
    r"[$)\\]{0,2} ?(?:be|denotes?|is|are|stands? for|means?|represents?|now denotes|for)"
    r" (?:(?:the|a|an|our|its|this|that|just|now)\b|(?=(?:twice|half|minus|negative|double|triple|one over)\b))"
    r"(?P<what>[^.;:,]{0,60})",
    re.IGNORECASE,
)
_USUAL = re.compile(
    r"\b(?:inputs?|outputs?|weights?|bias(?:es)?|costs?|loss|objective|vectors?|matrix|matrices|columns?|rows?|scalars?"
    r"|numbers?|size|dimension|parameters?|function|components?|entr(?:y|ies)|elements?|gradients?|derivatives?"
    r"|probabilit(?:y|ies)|utilit(?:y|ies)|scale|temperature|steepness|sharpness|precision|coldness|hyper-?parameter|energ(?:y|ies)|logits?|alternatives?|options?|states?|neurons?|layers?|modules?|units?|features?|activations?|scores?|results?|values?|usual|same|given)\b",
    re.IGNORECASE,
)
"""Words for what a letter of a setting is anyway."""


_CONSTANTS = re.compile(r"\W{0,3}constant\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:twice|half|halved|minus|negative|negated|opposite|doubled?|tripled?|squared?|one over|reciprocal"
    r"|inverse of|flipped|reversed|scaled|transposed|(?:second|third) derivative|new (?:cost|loss)|step|product|mean"
    r"|average|maximum|matrix of (?:all )?ones|without|except|excluding|whose (?:columns|rows|entries))\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:learning rate|step size|all[- ]ones|identity|number of|batch|targets?|labels?"
    r"|(?:with respect to|w[.]?r[.]?t[.]?) (?:the|our) (?:inputs?|weights?|bias(?:es)?|parameters?|logits?|scores?"
    r"|features?)"
    r")\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(rf",? and (?:where |with )?[$(\\]{{0,2}}{FORMULA}")
_DIFFERS = re.compile(r"\\neq?(?![a-z])|≠|!=")
_FOR_A_FORMULA = re.compile(r"[$)\\]{0,2} for [$(\\]{0,2}\x01")
_SIZES = re.compile(r"[$(\\]{0,2}\b(?:\d|[A-Za-z])\s{0,2}(?:\\times|×)\s{0,2}(?:\d|[A-Za-z])\b\\?[$)]{0,1}")
_IDLE = re.compile(rf"{_SIZES.pattern}|\$[i-n]\$|\\\([i-n]\\\)")
"""Sizes and indices."""
_SIGNS = re.compile(r"[$\\]")
"""Of a formula that is neither."""


_SYMBOL = r"\\?[A-Za-z]{1,8}(?:_\{?[a-z0-9]\}?)?"
_SPACE = re.compile(
    rf"(?<![A-Za-z\\_])(?P<letters>{_SYMBOL}(?:\s?,\s?{_SYMBOL}){{0,3}})\s?(?:\\in\b|∈)\s?"
    r"(?:\\mathbb\s?\{?R\}?|\\R\b|\\Re\b|ℝ)(?:\s?\^\s?(?:\{(?P<sizes>[^{}$]{1,24})\}|(?P<size>[A-Za-z0-9])))?"
)
_CONSTANT = re.compile(
    rf"\b(?:constant|scalar|number)s?(?: factor)? ?[$(\\]{{0,2}} ?(?P<before>{_SYMBOL})(?![A-Za-z_^({{])"
    rf"|(?<![A-Za-z\\_])(?P<behind>{_SYMBOL})[$)\\]{{0,2}} (?:is|be|denotes?)"
    r" (?:a|any|some)(?: fixed| real| arbitrary| given){0,2} (?:constant|scalar|number)\b",
)
_ARBITRARY = re.compile(
    rf"(?<![A-Za-z\\_])(?P<behind>{_SYMBOL})[$)\\]{{0,2}} (?:be|is|denotes?) (?:an?|any) "
    r"(?:arbitrary|any|small|general|random)(?: [$(\\]{0,2}[A-Za-z\d]\s?(?:\\times|×|x|by)\s?[A-Za-z\d][$)\\]{0,2})?"
    r"(?: (?:column|row|real))? (?P<kind>matrix|vector)\b"
    r"|\b(?:arbitrary|any|every) (?:[a-z]{3,9} )?(?P<what>matrix|vector) "
    rf"[$(\\]{{0,2}}(?P<before>{_SYMBOL})(?![A-Za-z_^({{])"
)
_CROSS = re.compile(r"\\times|×|\\cdot")
_ANY = re.compile(
    r"\b(?:arbitrary|any|every|all|directions?|perturbations?|perturb(?:ed|s|ing)?|increments?|test|nudged?)\b",
    re.IGNORECASE,
)
_NEAR = 90
"""Characters before and behind where a letter lives in which words may say that it is any."""


@dataclass(frozen=True, kw_only=True)
class Space:
    """Whether a text says that a letter is a number, a vector or a matrix, and beside that, that it may be any."""

    axes: int
    any: bool = True
    #: Whether it depends on nothing.
    constant: bool = False


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A letter, where words say what it is, and whether they may say of a letter of a setting what that is not."""

    name: str
    at: int
    #: Whether it is given to something there, and not only explained.
    given: bool
    strange: bool
    #: Whether it is no gradient, numerator or other thing of the question by these words.
    other: bool


def _name(letter: re.Match[str]) -> str:
    """A letter's name; one with an accent is another."""
    return rf"\{letter['accent']}{{{letter['letter']}}}" if letter["accent"] else name_of(letter["letter"])


def _is_other(what: str) -> bool:
    """Whether words say of a letter that it is no thing of the question, or not the whole of one."""
    return bool(_CHANGES.search(what) or _OTHER.search(what))


def mentions(text: str, formulas: Sequence[Span]) -> list[Mention]:
    """Find letters that words explain, in order."""
    lines = masked(text, formulas)
    hidden = lines.replace("\n", " ")
    found: list[Mention] = []
    for begin, end in formulas:
        letter = _LETTER.fullmatch(text, begin, end)
        if letter is None:
            continue
        before = hidden[max(0, begin - _LONGEST) : begin]
        said = _IS.match(hidden, end)
        let, named = bool(said and _LET.search(before)), bool(_NAMES.search(before))
        if let or named or (said and _WHERE.search(before)):
            what = _ANOTHER.split(said["what"], maxsplit=1)[0] if said else before
            if _CONSTANTS.match(what):
                # It only says that it does not change.
                continue
            told = _IDLE.sub("", text[said.start("what") :][: len(what)]) if said else what
            # An entry of what was just named is called what that is.
            entry = "_" in letter[0] and letter["letter"] in text[max(0, begin - _LONGEST) : begin - 1]
            other = _is_other(what) or bool(_DIFFERS.search(told))
            strange = not entry and ((FORMULA in what and bool(_SIGNS.search(told))) or not _USUAL.search(what))
            name = _name(letter)
            found.append(Mention(name=name, at=begin, given=let or named, strange=strange or other, other=other))
        elif _FOR_A_FORMULA.match(hidden, end):
            found.append(Mention(name=_name(letter), at=begin, given=False, strange=True, other=False))
        elif (
            (explained := _EXPLAINS.match(hidden, end))
            and _BEGINS.search(lines, max(0, begin - _LONGEST), begin)
            and _is_other(_ANOTHER.split(explained["what"], maxsplit=1)[0])
        ):
            found.append(Mention(name=_name(letter), at=begin, given=False, strange=False, other=True))
    return found


def spaces_in(text: str) -> dict[str, Space]:
    """Find letters of which a text says among which numbers, vectors or matrices they are."""
    found: dict[str, Space] = {}
    for one in _SPACE.finditer(text):
        sizes = [part for part in _CROSS.split(one["sizes"] or one["size"] or "") if part.strip()]
        around = text[max(0, one.start() - _NEAR) : one.end() + _NEAR]
        for letter in one["letters"].split(","):
            space = Space(axes=len(sizes), any=bool(_ANY.search(around)))
            found.setdefault(name_of(letter.strip()), space)
    for one in _ARBITRARY.finditer(text):
        axes = 2 if "matrix" in (one["kind"], one["what"]) else 1
        found.setdefault(name_of(one["before"] or one["behind"]), Space(axes=axes))
    for one in _CONSTANT.finditer(text):
        found.setdefault(name_of(one["before"] or one["behind"]), Space(axes=0, constant=True))
    return found
