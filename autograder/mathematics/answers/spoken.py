"""Equalities whose sign is a word: "$A$ is $B$", "for $i = j$ this becomes $B$", "$A = B$ if $i = j$, else $D$"."""

import re
from typing import Literal

from autograder.mathematics.answers import prose

About = Literal["", "last", "case"]
"""What a formula is another value of: what the last chain begins with, or in a case that words tell the derivative
that is spoken of."""
LONGEST = 120
"""Characters of words that are looked at, on each side of a formula."""
_ADVERBS = (
    r"(?: (?:then|thus|hence|therefore|so|now|here|again|also|just|simply|exactly|precisely|clearly|instead|actually"
    r"|indeed|always|of course|in turn|finally|only))*"
)
_IS = (
    r"(?:is|are|equals?|becomes?|reads|comes out (?:as|to(?: be)?)|turns out to be|works out (?:as|to(?: be)?)"
    r"|(?:simplifies|reduces|evaluates|boils down|comes down|collapses) to|must be|will be|has to be)"
    rf"{_ADVERBS}(?: (?:equal to|given by|the same as|found to be))?:?\s{{0,2}}"
)
_SIGN = re.compile(rf"\s{{0,2}},?{_ADVERBS} ?{_IS}", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:this|it|that|which|they|the(?: partial)? (?:derivative|expression|result|entry|entries|gradient|answer))"
    rf"{_ADVERBS} {_IS}\Z",
    re.IGNORECASE,
)
_OF_A_PART = re.compile(
    r"\b(?:the|its) (?:(?:first|second|last|other|remaining) )?(?:bracket|parenthes[ei]s|factor|numerator|denominator"
    r"|sum|exponent|term|top|bottom|rest)s?(?: (?:in|of|on|at|with) [^.;:,]{1,30})? "
    rf"{_IS}(?![a-z]{{3}})",
    re.IGNORECASE,
)
"""Words that say of a part of what stands before them what it is: what comes behind is about that, too."""
_ELSEWHERE = re.compile(
    r"\b(?:in|on) (?:the|our|your) (?:homework|assignment|exercise|question|sheet|problem|task|lecture|slides|notes"
    r"|book)(?: text| notes)?,? (?:this|it|that) [a-z ]{2,12}\Z",
    re.IGNORECASE,
)
"""Words of what it is called elsewhere."""
_WE = re.compile(
    rf"\b(?:we|i|you|one){_ADVERBS} (?:gets?|have|has|obtains?|finds?|arrives? at|is left with|are left with)"
    rf"{_ADVERBS}:?\s{{0,2}}\Z",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\b(?:else|otherwise)(?: it is| is|,)?\s{0,2}\Z", re.IGNORECASE)
_AND = re.compile(r"(?:[,;]|\b(?:and|or|but|while|whereas))(?: (?:is|it is|to|by))?\s{0,2}\Z", re.IGNORECASE)
_LED = re.compile(r"[,;]?\s{0,2}(?:(?:and|but|while|whereas) )?(?:for|if|when)\b[^.;]{0,40}\Z", re.IGNORECASE)
CASE = re.compile(r"[$)\\\]]{0,2}\s{0,2}[,(]?\s?(?:if|for|when|whenever|where|in case|otherwise|else)\b", re.IGNORECASE)
"""A case behind a formula."""
_CLEAR = re.compile(
    r"[ .,;:)*$\]\\]{0,6}(?:(?:so|and|but|then|now|thus|hence|therefore|in particular|note that|while|whereas|finally"
    r"|again|also|indeed|that is),? ?){0,3}"
    r"(?:(?:for|if|when|where|whenever|in the case|in case|on|off) [^.;:]{1,40}[,:]? )?"
    rf"(?:this|it|that|which|the(?: partial)? derivative|we|i|you|one)\b{_ADVERBS}"
    rf" (?:{_IS}|(?:get|have|obtain|find)s?{_ADVERBS}:?\s?)",
    re.IGNORECASE,
)
"""Words that say nothing but a case and a sign of equality."""
_FOR_ANOTHER = re.compile(
    r"[$)\\\]]{0,2}\s{0,2}(?:for|by|with respect to|w[.]?r[.]?t[.]?)(?: the| all| any| every| other){0,2}"
    r"\s{0,2}(?:\$|\\\()?\s?\\?[A-Za-z]{1,8}\s?_(?:\w|\{[^{}]{1,8}\})\s?(?:\$|\\\))"
)
"""An entry behind a formula: it is what the derivative by that one is."""
_STOPS = re.compile(r"[$)\\\]]{0,2}\s{0,2}(?:[.;]|\n[ \t]*\n|\Z)")
_DIAGONAL = re.compile(
    r"\bdiagonal (?:entries|elements|terms|ones|components|entry|element|term|derivatives?)"
    rf"{_ADVERBS}(?: {_IS})?\s{{0,2}}\Z",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:of|to|by|in|for|from|with|on|at|than|as|like|between|over|under|behind|into|through|times|plus|minus|all"
    r"|every|each|any|no|without|about|inside|per|via|using|and|or|both|contains?|multipl(?:y|ies|ied))(?: the| a| an)?"
    r"\s{0,3}\Z",
    re.IGNORECASE,
)
_DERIVATIVE = re.compile(
    r"\s{0,3}(?:\\(?:displaystyle|boxed)\s?\{?\s?)?"
    r"(?:\\[dt]?frac\s?\{?\s?(?:\\partial(?![a-z])|d(?![a-z])|\\mathrm\s?\{?d(?![a-z]))|\\nabla(?![a-z])|\\partial(?![a-z])"
    r"|\\p?dv(?![a-z])|[∂∇]|d\s?\\?[A-Za-z]{1,7}(?:_\w|_\{\w{1,2}\})?\s?/\s?d|D_)"
)
_NAME = re.compile(r"\s{0,3}\\?[A-Za-z]+\s?(?:_\s?(?:\w|\{[^{}]{1,8}\}))?'?\s{0,3}")
_NO_SIDE = re.compile(
    r"\\(?:in|to|neq?|le|ge|leq|geq|approx|sim|propto|rightarrow|Rightarrow|times|dots|ldots|cdots|ll|gg)(?![A-Za-z])"
    r"|\\mathbb\s?\{?R|[<>≠≈∈→∝≤≥]|,(?!\s?:)"
)
_CONTENT = re.compile(
    r"[\d_^(/∂∇Α-ω∑]|\\(?:[dt]?frac|partial|nabla|sum|exp|log|p?dv)(?![A-Za-z])|[A-Za-z}] ?\\?[A-Za-z]"
)
_SPACES = re.compile(r"\s+")
_RESPECT = re.compile(
    r"\b(?:derivative|gradient|that|the one)"
    r"(?: of (?:the )?(?:cost|loss|objective|output|component|entry|function)?"
    r" ?(?P<of>(?![a-z]{2,20} )[^ ]{1,16}(?: [^a-z ]{1,8}){0,2})?)?"
    r" (?:with respect to|w[.]?r[.]?t[.]?|in|by) (?:the )?(?:[a-z]{3,10} ){0,2}\s{0,2}\Z",
    re.IGNORECASE,
)


def is_a_derivative(latex: str) -> bool:
    """Whether a formula begins with a derivative."""
    return _DERIVATIVE.match(latex) is not None


def is_said(before: str, first: str, between: str, second: str) -> bool:
    """Whether words say that a derivative is what the formula behind it tells."""
    return (
        is_a_derivative(first)
        and _is_sign(between)
        and not _PREPOSITION.search(before[-LONGEST:])
        and _is_a_side(second)
    )


def derivative(before: str, first: str, between: str, second: str) -> str:
    """The derivative that words before a letter name, where they say that it is what the formula behind tells."""
    if not _NAME.fullmatch(first) or not _is_sign(between) or not _is_a_side(second):
        return ""
    said = _RESPECT.search(_SPACES.sub(" ", before[-LONGEST:]))
    if said is None:
        return ""
    if said["of"]:
        return rf"\frac{{\partial {said['of']}}}{{\partial {first.strip()}}}"
    return rf"\nabla_{{{first.strip()}}}" if "_" not in first else ""


def about(words: str, latex: str, behind: str) -> About:
    """What a formula is another value of, by the words since the last chain and those behind it."""
    words = _SPACES.sub(" ", words)
    if not _is_a_side(latex) or _FOR_ANOTHER.match(behind):
        return ""
    near = words[-LONGEST:]
    if _OF_A_PART.search(words) or _ELSEWHERE.search(near):
        return ""
    cased = prose.leading(words) is not None or CASE.match(behind) is not None
    if _PRONOUN.search(near) or (cased and _WE.search(near)):
        return "case" if cased else "last"
    if _DIAGONAL.search(near):
        return "case"
    if len(words) > LONGEST or not CASE.match(words):
        return ""
    if _ELSE.search(near) or (_AND.search(near) and CASE.match(behind)):
        return "case"
    led = _LED.search(near.rstrip(" ,:"))
    return "case" if led and prose.leading(led[0]) and _STOPS.match(behind) else ""


def is_clear(words: str) -> bool:
    """Whether nothing but a case stands between a chain and the words that go on with it."""
    words = _SPACES.sub(" ", words)
    return CASE.match(words) is not None or _CLEAR.fullmatch(words) is not None


def is_otherwise(words: str) -> bool:
    """Whether words say that what follows is for the other case."""
    return _ELSE.search(words[-LONGEST:]) is not None


def _is_sign(between: str) -> bool:
    return len(between) <= LONGEST and _SIGN.fullmatch(_SPACES.sub(" ", between)) is not None


def _is_a_side(latex: str) -> bool:
    """Whether a formula may be a side of an equality."""
    if latex.strip(" .") == "0":
        return True
    return not _NO_SIDE.search(latex) and not _NAME.fullmatch(latex) and _CONTENT.search(latex) is not None
