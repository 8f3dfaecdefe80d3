"""Letters that only words define, by naming a thing of the question: "let $f$ be the numerator"."""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.mathematics.answers.letters import LONE_SUM
from autograder.mathematics.answers.restricting import Span
from autograder.mathematics.answers.scanner import name_of

Kind = Literal[
    "numerator",
    "denominator",
    "sum",
    "others",
    "exponential",
    "exponentials",
    "argument",
    "diagonal",
    "gradient",
    "jacobian",
    "output",
    "cost",
    "unit",
]
_LONGEST = 160
"""Characters that are looked at, on each side of a letter."""
_LONGEST_LETTER = 60
_MOST = 4
"""Places before a letter at which words for it may begin."""
_DRESS = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|mathrm|symbf|left|right)(?![A-Za-z])|\\[,;!: ]|[{}\s]")
_LETTER = re.compile(
    r"(?P<name>\\[A-Za-z]{2,10}|[A-Za-z])(?:_(?P<index>\\[a-z]{2,7}|\w))?(?:(?:\\in|∈|:)[^⟨⟩]{0,40})?[.,;]?"
)
_ACCENTED = re.compile(
    r"\s{0,3}\\(bar|hat|tilde|widehat|overline|widetilde)\s?\{?\s?(\\[a-z]{2,10}|[A-Za-z])\s?\}?\s{0,3}"
)
_ENDS = re.compile(r"(?:\$\$?|\\[(\[])[ \n]{0,2}\Z")
_BEGINS = re.compile(r"[ \n]{0,2}(?:\$\$?|\\[)\]])")
_BREAK = re.compile(r"(?:\A|\n)[ \t]{0,3}#{1,6} [^\n]{0,120}(?=\n)|\n[ \t]*\n|\n[ \t]{0,4}(?:[-*+•]|\d{1,2}[.)])[ \t]")
"""Headings, and where a paragraph or an item of a list begins."""
_SPACES = re.compile(r"\s{1,20}")

_NAME = r"⟨[^⟨⟩]{1,24}⟩"
_NAMED = re.compile(_NAME)
_EXPONENTIALS = r"(?:exponentials?|exponents|exps)(?: terms?)?"
_COST = rf"(?:the |our )?(?:(?:cost|loss|objective|error)(?: function)?(?: {_NAME})?|{_NAME})"
_OUTPUT = rf"(?:the |its |our )?(?:(?:module'?s? |layer'?s? )?outputs?(?: vector)?(?: {_NAME})?|{_NAME})"
_THINGS: dict[Kind, str] = {
    "numerator": r"(?:whole |entire )?(?:numerator|top)",
    "denominator": (
        r"(?:whole |entire |common |\(common\) |shared )?(?:denominator|bottom|normali[sz]er"
        r"|normali[sz](?:ing|ation) (?:constant|factor|term|sum)|partition (?:function|sum))"
    ),
    "sum": (
        r"(?:whole |entire |full )?sum(?: in the denominator"
        rf"| (?:of|over) (?:all )?(?:of )?(?:these |those |the )?{_EXPONENTIALS}"
        r"(?: in the denominator)?| over (?:all )?(?:the )?⟨\w⟩| of (?:them|these)(?: all)?| of all of them)?"
        r"|total(?: of (?:all )?(?:of )?them)?"
    ),
    "others": rf"rest of (?:the |that )?(?:sum|denominator)|remaining (?:sum|{_EXPONENTIALS}|terms)"
    rf"|(?:sum|total) (?:of|over) (?:all )?(?:of )?(?:the )?\*?other\*? (?:{_EXPONENTIALS}|terms|summands)",
    "exponential": rf"(?:⟨\w⟩-?(?:st|nd|rd|th)? |unnormali[sz]ed )?{_EXPONENTIALS}(?: in the numerator)?",
    "gradient": (
        r"(?:⟨\w⟩-?(?:st|nd|rd|th)? (?:component|entry|element) of (?:the )?)?"
        r"(?:(?:(?:upstream|incoming|backpropagated|back-propagated) (?:gradient|derivative|error|signal)s?"
        r"|error signal)"
        r"(?: vector)?"
        r"|(?:gradient|derivative|signal)s?(?: vector)?(?: which| that)? (?:is )?"
        r"(?:(?:comes?|coming|arrives|arriving|flows|flowing|passed) )?(?:down |back )?"
        r"from (?:above|upstream|the layers? above|the next layer|later layers)"
        r"|(?:column |row )?(?:vector )?(?:of )?(?:all )?(?:the )?(?:partial )?(?:derivative|gradient)s?(?: vector)? "
        rf"(?:of (?P<cost>{_COST}) )?(?:with respect to|w[.]?r[.]?t[.]?|by|at) (?P<by>{_OUTPUT}))"
    ),
    "jacobian": r"jacobian(?: matrix)?",
    "unit": r"(?:⟨\w⟩-?(?:st|nd|rd|th)? )?(?:unit|(?:standard |canonical )?basis|one-hot) vector",
    "cost": r"(?:scalar |total |training |overall )?(?:cost|loss|objective)(?: function)?",
    "output": (
        r"(?:(?P<place>⟨\w⟩-?(?:st|nd|rd|th)|first|second|third) )?(?:output|probability)(?: vector)?"
        r"(?: (?:of|for) (?:class|unit|component|element|entry|output) (?P<which>⟨\w⟩))?"
        r"|(?:vector of )?(?:outputs|probabilities)"
    ),
}
_WORDS = re.compile(
    r"numerator|denominator|\b(?:top|bottom|sum|total)\b|normali|partition|exponential|gradient|derivative|signal"
    r"|jacobian|output|probabilit|cost|loss|objective|unit|basis|one-hot",
    re.IGNORECASE,
)
"""A word for each of them."""
_PLACES = {"first": "1", "second": "2", "third": "3"}
_OF = rf"(?: (?:of|in) (?P<of>(?:the |this |that |our )?(?:{_NAME}|[a-z]{{3,14}})(?: [a-z]{{6,10}})?))?"
_WITH_RESPECT = rf"(?: (?:with respect to|w[.]?r[.]?t[.]?) (?:the )?(?:inputs? ?)?(?:{_NAME})?)?"


def _named(kind: Kind, behind: str = "") -> str:
    return rf"(?:the |this |that |our |their |its )?(?:{_THINGS[kind]}){_OF}{behind}(?![A-Za-z])"


_NUMERATOR = re.compile(_named("numerator"), re.IGNORECASE)
_DENOMINATOR = re.compile(_named("denominator"), re.IGNORECASE)
_SUM = re.compile(_named("sum"), re.IGNORECASE)
_OTHERS = re.compile(_named("others"), re.IGNORECASE)
_EXPONENTIAL = re.compile(_named("exponential"), re.IGNORECASE)
_GRADIENT = re.compile(_named("gradient"), re.IGNORECASE)
_JACOBIAN = re.compile(_named("jacobian", _WITH_RESPECT), re.IGNORECASE)
_COSTS = re.compile(_named("cost"), re.IGNORECASE)
_OUTPUTS = re.compile(_named("output"), re.IGNORECASE)
_UNIT = re.compile(_named("unit"), re.IGNORECASE)
_ANY_THING: dict[Kind, re.Pattern[str]] = {
    "numerator": _NUMERATOR,
    "denominator": _DENOMINATOR,
    "others": _OTHERS,
    "sum": _SUM,
    "exponential": _EXPONENTIAL,
    "gradient": _GRADIENT,
    "jacobian": _JACOBIAN,
    "output": _OUTPUTS,
    "cost": _COSTS,
    "unit": _UNIT,
}
_ORDINARY = frozenset(
    {"the", "this", "that", "our", "fraction", "quotient", "ratio", "expression", "definition", "formula"}
    | {"output", "module", "function"}
)
"""Words for a question's own thing behind "of"."""
_TELLING = re.compile(r"in the denominator|exponential|normali[sz]|partition", re.IGNORECASE)
"""Words for the only sum there is below a fraction."""
_TAIL = re.compile(
    r"\s{0,3}(?:\Z|[.,;:()⟨]|(?:and|so|then|which|such|where|here|below|again|we|for short|for brevity|as a|that is"
    r"|in (?:what follows|the following|the shape|this)|from (?:now|here)|throughout|respectively|i\.e)(?![A-Za-z]))"
)
_CHANGED = re.compile(
    r"[\s,(]{1,3}(?:but |and |then )?(?:halved|doubled|tripled|negated|squared|inverted|transposed|flipped|scaled"
    r"|reversed|with (?:its|the) signs?|with a minus"
    r"|(?:without|times|plus|minus|divided|multiplied|except|excluding)\b)",
    re.IGNORECASE,
)
"""Words behind a thing by which it is another."""
_CHANGING = re.compile(r"\b(?:half|twice|double|minus|negative(?: of)?|without)\s{0,2}\Z", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:\A|[.,;:(!]|\b(?:let|where|here|with|and|now|while|say|so|define|set|if))\s{0,3}\Z", re.IGNORECASE
)
_VERBLESS = re.compile(r"(?:\b(?:let|with|and|where|denote by|denoting by|call)|[,;(])\s{0,3}\Z", re.IGNORECASE)
_BARE = re.compile(r",?\s{1,3}(?:short for )?(?=(?:the|their|our|its) )")
_IS = re.compile(
    r"\s{0,3}(?:be|denot(?:es?|ing)|is|are|stand(?:s|ing)? for|means?|represent(?:s|ing)?|abbreviates?|being|:?=?"
    r"|(?:is |as )?short(?:hand)? for)\s(?:(?:always|simply|just|again|now|here|then) )?"
)
_USING = re.compile(
    r"\b(?:write|writing|use|using|put|have|take|introduce|adopt)(?: the (?:letter|symbol|name|notation))?\s{0,3}\Z",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s{0,3}(?:for|to denote|to mean|as (?:a |an )?(?:shorthand|abbreviation|short) for|short for)\s")
_CALL = re.compile(
    r"\b(?:calls?|denote|name|label|abbreviate|write|calling|denoting|writing|abbreviating)\s", re.IGNORECASE
)
_BY = re.compile(r"(?:\s(?:by|as|with|simply|just|to be)){0,2}\s{0,3}\Z")
_CALLED = re.compile(
    r"[,;]?(?:\s(?:which|that|and|i|we|i'll|we'll|will|shall|be|is|here|let us|let me)){0,4}"
    r"\s(?:(?:denoted?|call(?:ed)?|written|named|abbreviated?|write)(?: (?:it|this))?(?: (?:by|as|with))?|is|be)"
    r"\s{0,3}\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:]\s")
_ONE_OVER = re.compile(
    r"(?:the )?(?:(?:one|1) ?(?:over|/|divided by)|(?:reciprocal|inverse) of|inverse(?= sum| denominator| normali))"
    r"\s{1,2}(?:of )?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"\b(?:the|this|that|our|their)\s|(?:\b(?:with|and|as|its|let)|[:,.])\s(?=(?:numerator|denominator|normali[sz]er)\b)",
    re.IGNORECASE,
)
_BESIDE: tuple[Kind, ...] = ("numerator", "denominator", "gradient")
"""Things that a letter right behind them is a name of."""
_SHORT = r"⟨[^⟨⟩]{1,12}⟩"
_FIRST, _SECOND = re.compile(rf" and {_SHORT}"), re.compile(rf"{_SHORT} and \Z")
_PAIR = re.compile(
    r"\s(?:be|denote|are|stand for)\s(?P<first>(?:the )?[^.;:,⟨⟩]{3,40}?) and (?P<second>[^.;:,⟨⟩]{3,40}?)"
    r"(?=[.,;:()⟨]|\Z| of | respectively)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What words call a thing of the question, or a letter that they say is one."""

    kind: Kind
    #: Of an output, the entry that is meant.
    place: str = ""
    #: Of what it is one, by what it is a derivative, as letters; empty where words say so.
    of: str = ""
    by: str = ""
    #: Whether it is one over that.
    inverse: bool = False
    #: Whether the words leave no other thing that may be meant.
    certain: bool = False
    #: The letter, its index there, and where it stands.
    name: str = ""
    index: str = ""
    at: int = 0


LONE = Saying(kind="denominator", name=LONE_SUM, certain=True)
"""A sign for a sum of which nothing is summed stands for the one below a fraction."""


def sayings(text: str, formulas: Sequence[Span], functions: Container[str]) -> list[Saying]:
    """Find letters that words define by things of a question, in order."""
    told, places = _rendered(text, formulas)
    things = [one.start() for one in _WORDS.finditer(told)]
    found: list[Saying] = []
    for (begin, end), (left, right) in zip(formulas, places, strict=True):
        accented = _ACCENTED.fullmatch(text, begin, end)
        letter = _LETTER.fullmatch(told, left + 1, right - 1) if right - left < _LONGEST_LETTER else None
        near = bisect_left(things, left - _LONGEST)
        if letter is None or near == len(things) or things[near] > right + _LONGEST:
            continue
        before, after = told[max(0, left - _LONGEST) : left], told[right : right + _LONGEST]
        if said := next(filter(None, _said(before, after, functions)), None):
            index = name_of(letter["index"]) if letter["index"] else ""
            name = rf"\{accented[1]}{{{accented[2]}}}" if accented else name_of(letter["name"])
            found.append(replace(said, name=name, at=begin, index=index))
    return found


def thing_before(words: str) -> str:
    """What some words name at their end, where a formula behind them begins with a sign of equality."""
    last = words[-_LONGEST_LETTER:].split()[-2:]
    return next((one for one in (" ".join(last), last[-1]) if _thing(one, (), whole=True)), "") if last else ""


def _rendered(text: str, formulas: Sequence[Span]) -> tuple[str, list[Span]]:
    """A text on one line, its formulas in angles without what dresses letters, and where these stand."""
    pieces: list[str] = []
    places: list[Span] = []
    at = length = 0
    for begin, end in formulas:
        words = _words(text[at:begin], first=not at, last=False) if begin >= at else ""
        formula = f"⟨{_DRESS.sub('', text[begin:end])}⟩"
        pieces += [words, formula]
        places.append((length + len(words), length + len(words) + len(formula)))
        length += len(words) + len(formula)
        at = max(at, end)
    return "".join([*pieces, _words(text[at:], first=not at, last=True)]), places


def _words(text: str, *, first: bool, last: bool) -> str:
    text = text if first else _BEGINS.sub("", text, count=1) if _BEGINS.match(text) else text
    text = _BREAK.sub(". ", text if last else _ENDS.sub("", text))
    return _SPACES.sub(" ", text.replace("*", "").replace("`", "").replace("⟨", "(").replace("⟩", ")"))


def _said(before: str, after: str, functions: Container[str]) -> Iterator[Saying | None]:
    """What words around a letter may say that it is."""
    if _SECOND.search(before) and (pair := _PAIR.match(after)):
        yield _thing(pair["second"], functions, whole=True)
    if (behind := _FIRST.match(after)) and (pair := _PAIR.match(after, behind.end())):
        yield _thing(pair["first"], functions, whole=True)
    for opens, joins in ((_OPENS, _IS), (_USING, _FOR), (_VERBLESS, _FOR), (_VERBLESS, _BARE)):
        if opens.search(before) and (verb := joins.match(after)):
            yield _thing(after[verb.end() :], functions, whole=False)
    for call in [*_CALL.finditer(before)][-_MOST:]:
        if _CHANGING.search(before[call.end() :].partition(" the ")[0]):
            continue
        yield _thing(_BY.sub("", before[call.end() :]), functions, whole=True)
    if called := _CALLED.search(before):
        clause = before[: called.start()]
        yield _thing(_CLAUSE.split(clause)[-1], functions, whole=True)
        for article in [*_ARTICLE.finditer(clause)][-_MOST:]:
            if _CHANGING.search(clause[: article.start()]):
                continue
            yield _thing(clause[article.end() :], functions, whole=True)
    for article in [*_ARTICLE.finditer(before)][-_MOST:]:
        if _CHANGING.search(before[: article.start()]):
            continue
        beside = _thing(before[article.end() :].rstrip(" ,:"), functions, whole=True)
        yield beside if beside and beside.kind in _BESIDE and not beside.of else None


def _thing(words: str, functions: Container[str], *, whole: bool) -> Saying | None:
    """Which thing some words name, if they begin with one, or are one as a whole."""
    words = words.strip()
    if (over := _ONE_OVER.match(words)) is not None:
        below = _thing(words[over.end() :], functions, whole=whole)
        return replace(below, inverse=True) if below and below.kind in {"numerator", "denominator", "sum"} else None
    for kind, pattern in _ANY_THING.items():
        found = pattern.fullmatch(words) if whole else pattern.match(words)
        if found is None or not (whole or _TAIL.match(words, found.end())):
            continue
        if not whole and _CHANGED.match(words, found.end()):
            return None
        groups = {name: value or "" for name, value in found.groupdict().items()}
        if any(
            word not in _ORDINARY and word not in functions for word in _NAMED.sub(" ", groups["of"]).lower().split()
        ):
            return None
        place = groups.get("place", "") or groups.get("which", "")
        return Saying(
            kind=kind,
            certain=_is_certain(kind, found[0], groups, functions),
            of=_letter_in(groups.get("cost") or groups["of"]),
            by=_letter_in(groups.get("by", "")),
            place=_PLACES.get(place.lower(), _letter_in(place)),
        )
    return None


def _is_certain(kind: Kind, words: str, groups: Mapping[str, str], functions: Container[str]) -> bool:
    if kind == "gradient":
        return bool(groups["cost"] and groups["by"])
    of_it = bool(_letter_in(groups["of"])) or any(word in functions for word in groups["of"].lower().split())
    if kind in {"denominator", "sum"}:
        return of_it or _TELLING.search(words) is not None
    return kind == "unit" or (of_it and kind in {"jacobian", "output"})


def _letter_in(words: str) -> str:
    found = _NAMED.search(words)
    return found[0][1:-1] if found else ""
