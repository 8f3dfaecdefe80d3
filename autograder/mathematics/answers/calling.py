"""Letters that words give to a formula: "denote $...$ by $g$", "write $g$ for $...$", "let $g$ be $...$"."""

import re

from autograder.mathematics.formulas.greek import GREEK

LONGEST = 60
"""Characters of words between the two."""
_NAME = re.compile(
    r"\s{0,2}(?:\\(?:bar|hat|tilde|vec|mathbf|boldsymbol|bm|dot|underline|overline|mathcal|mathrm)\s?\{?\s?)?"
    r"(?:\\?[A-Za-z]|\\[A-Za-z][a-z]{1,7})\s?\}?(?:_(?:\w|\{\w{1,3}\}))?\s{0,2}"
)
_BODY = re.compile(r"[_^(/]|\\(?:[dt]?frac|partial|nabla|sum|exp|log|pdv?|dv)(?![a-z])")
_PRODUCT = re.compile(
    rf"\s{{0,2}}\\(?:{'|'.join(GREEK)})\s?(?:\\[,;]\s?)?(?:\\(?:mathbf|bm|boldsymbol|vec)\s?\{{?\s?)?[A-Za-z]\b.*",
    re.DOTALL,
)
"""A number's letter before another."""
_NO_BODY = re.compile(r"\\(?:times|in|mathbb|rightarrow|to)(?![a-z])|(?<!\+)\s?\\[cl]?dots(?![a-z])|,")
_ENTRIES = re.compile(r"\b(?:entries|components|elements|coordinates)\b")
_WHERE_FROM = re.compile(r"\s?(?:\\in(?![a-z])|∈).{0,40}\Z", re.DOTALL)
"""What says of which space a letter is."""
_WORD = r"(?!(?:twice|half|minus|negative|double|triple|one|over|anything|everything|but|except|not|any)\b)[a-z]{3,14} "
_KIND = rf"(?:(?:the|a|this|its|our|whole|column|row|upstream|incoming)? ?(?:{_WORD}){{0,4}})?"
_FOR = re.compile(
    rf"\s(?:for|to denote|to mean|as (?:a )?(?:shorthand|abbreviation|short) for|as short for|short for)"
    rf" {_KIND}\s{{0,2}}"
)
_BE = re.compile(rf"\s(?:be|denote|stand for|mean|represent|abbreviate|be short for) {_KIND}\s{{0,2}}")
_IS = re.compile(
    rf"\s(?:denotes|stands for|abbreviates|represents|is short(?:hand)? for|is (?:the|our) ){_KIND}\s{{0,2}}"
)
_BY = re.compile(rf"\s{{0,2}}(?:by|as|simply|just|with)?(?: {_KIND})?\s{{0,2}}")
_CALLED = re.compile(
    r"\s{0,2}(?:(?:is|are|was|be) [a-z ]{2,30}[;:,.] )?[,(]?\s?"
    r"(?:(?:which|that) (?:we|i|i'll|we'll|i will|we will|i shall|we shall)"
    r" (?:call|denote by|write as|abbreviate as|abbreviate by)"
    r"|(?:let's|let us|we|i'll|we'll|i) (?:just )?call (?:it|this)|call (?:it|this)|denoted(?: by)?|abbreviated(?: as)?"
    r"|written(?: as)?|called)\s{0,2}",
    re.IGNORECASE,
)
_USING = re.compile(
    r"\b(?:use|using|write|writing|put|have|take|introduce|adopt)(?: the (?:letter|symbol|name))?\s{0,2}\Z",
    re.IGNORECASE,
)
_LET = re.compile(r"\blet\s{0,2}\Z", re.IGNORECASE)
_WHERE = re.compile(r"(?:\b(?:where|here|with|and)|[.,(]|\A)\s{0,2}\Z", re.IGNORECASE)
_DENOTE = re.compile(rf"\b(?:denote|call|abbreviate|name|label|write) {_KIND}\s{{0,2}}\Z", re.IGNORECASE)
_DENOTE_BY = re.compile(r"\bdenote by\s{0,2}\Z", re.IGNORECASE)
_SIMPLY = re.compile(r"\s(?:be|denote|stand for)\s{0,2}")
_CALL = re.compile(r"\bcall\s{0,2}\Z", re.IGNORECASE)
_AND = re.compile(r"\b(?:for|by)\b[^.;]{0,30}\band\s{0,2}\Z", re.IGNORECASE)
_SUM = re.compile(
    r"\s(?:be|is|denotes?|for|denoting)? ?the (?:sum|total) (?:of|over) (?:all )?(?:of )?(?:the |these |those )?"
    r"(?:exponentials?|exponents|terms|numbers|quantities|entries|values)?,?\s{0,3}"
)
_SUMS = re.compile(r"(?:\b(?:let|where|here|with|and|write|use)|[.,;:]|\\[a-z]{3,14}|\A)\s{0,3}\Z", re.IGNORECASE)
_EXPONENTIAL = re.compile(r"\s(?:be|is|denotes?|for|denoting)? ?the exponential of (?:the )?\s{0,2}")
_DIAGONAL = re.compile(
    r"\s(?:be|is|denotes?|for|denoting)? ?(?:the|a) (?:square )?diagonal matrix (?:with|of|whose|that has|having"
    r"|carrying|formed (?:from|by)|made (?:from|of)|built from)(?: the)?"
    r"(?: (?:diagonal )?(?:entries|elements|vector|components|values|diagonal)(?: are| is| of| the){0,2})?\s{0,3}"
)
_SUM_OVER = re.compile(
    r"(?<![\w\\])(?P<name>\\?[A-Za-z]{1,8}) (?:be|is|denotes?|stands? for|for|means?) the sum,? (?:over|for)"
    r" (?:all |every )?(?:indices |classes |the index )?(?P<index>[a-z]),? of"
    r" (?:all |the ){0,2}(?:exponentials |terms |numbers )?\Z"
)
_TASK = (
    r"(?:of|in|from) (?:the|our|this|your) (?:homework|question|exercise|sheet|assignment|problem|task|statement)"
    r"(?:'s (?:text|notation))?"
)
_OF_THE_TASK = re.compile(rf"[$)\\]{{0,2}} {_TASK}\b")
_OF_THE_TASK_IS = re.compile(
    rf" {_TASK} (?:is|equals|corresponds to|becomes|is called)(?: just| simply| then| here)?\s{{0,2}}"
)
_STANDS_FOR = re.compile(r" (?:now |here )?(?:stands|is short|is written|is my name) for(?: the)?\s{0,2}")
_IS_THE = re.compile(r" (?:is|means|stands for|denotes|corresponds to|plays the role of)(?: the| your| our)?\s{0,2}")
_MULTIPLES = {
    "twice": "2", "three times": "3", "thrice": "3", "half": r"\frac12", "minus": "-", "the negative of": "-",
    "one minus": "1 -", "one over": "1 /",
}  # fmt: skip
_MULTIPLE = re.compile(
    rf"\s(?:(?:be|is|being|denotes?|equals?|as|for) )?({'|'.join(_MULTIPLES)})(?: of)?(?: the)?\s{{0,2}}", re.IGNORECASE
)
_LETS = re.compile(r"\b(?:let|where|with|here|and|put|set|write|use|denote by|call|take)\s{0,2}\Z", re.IGNORECASE)
_AS_A_ROW = re.compile(
    r"[$)\\]{0,2},? (?:but )?(?:written|taken|laid out|arranged|seen|viewed|regarded)? ?as (?:a |an )?row\b"
)
_LEAVES_OUT = re.compile(
    r"[$)\\]{0,2},? (?:over|for)(?: all)?(?: the)?(?: indices)?(?:"
    r"[ $(\\]{1,4}(?P<index>[a-z])\s?(?:\\neq?|≠|!=)\s?([a-z])"
    r"|[ $(\\]{1,4}(?:[a-z][$)\\]{0,2} )?(?:except|but|other than|different from|without)(?: for)?"
    r"[ $(\\]{1,4}(?:[a-z]\s?=\s?)?([a-z])(?![A-Za-z])|[^.;]{0,20}(?:except|but|other|different|without))"
)
_INDEX = re.compile(r"_\{?([a-z])\}?(?![a-z])")
_HANGING = re.compile(r"_(?:\w|\{\w{1,3}\})")
_ARTICLE = re.compile(rf" (?:to )?{_KIND}\s{{0,2}}")


_PLAIN_LETTER = rf"(?:[A-Za-zα-ωΓΔΘΛΞΠΣΦΨΩ](?:_?\d|_\w|[ᵢⱼₖ])?|{'|'.join(GREEK)})"
_PLAIN_BODY = (
    r"(?=[^\n]{0,60}[/^_∂Σ∑ᵢⱼₖ])[^\s.,;:=]{1,40}(?: ?[-+*/·] ?[^\s.,;:=]{1,30}){0,3}(?=[.,;:)]|\s|\Z)(?! ?[=+*/])"
)
_PLAIN_BEGINS = r"(?:\A[ \t]{0,9}|[:,;(]|\b(?:where|so|thus|hence|then|and|that)) {0,4}"
_SURELY = r"(?=(?:exp|e\^|[Σ∑∂(\d]|sum)|[a-zA-Z]\()"
"""How a formula begins where words may stand, too."""
_PLAIN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:write|use|writing|using|put|with|take) (?P<name>{_PLAIN_LETTER})"
        rf" (?:for|to denote|as short for|in place of) (?:the )?(?P<body>{_PLAIN_BODY})",
        rf"(?:\A|[:,;(]|\band) {{0,4}}(?P<name>{_PLAIN_LETTER}) (?:for|short for) (?:the )?"
        rf"(?P<body>{_SURELY}{_PLAIN_BODY})",
        rf"{_PLAIN_BEGINS}(?P<name>{_PLAIN_LETTER}) (?:is|means|denotes|stands for) (?:just |simply )?(?:the )?"
        rf"(?P<body>(?=d[A-Z]|∂[A-Z]|\(d){_PLAIN_BODY})",
        rf"{_PLAIN_BEGINS}(?P<name>[d∂][A-Z]_?\d?/[d∂]\w{{1,8}}) (?:is|equals|is equal to|is just|is simply) "
        rf"(?P<body>{_PLAIN_BODY})(?=[ \t]{{0,3}}(?:[.;,)]|\n|\Z))",
        rf"\blet (?P<name>{_PLAIN_LETTER}) (?:be|denote|stand for) (?:the )?(?P<body>{_PLAIN_BODY})",
        rf"\b(?:denote|call|abbreviate|write) (?![a-z]{{2,}} )(?P<body>{_PLAIN_BODY})"
        rf" (?:by|as) (?P<name>{_PLAIN_LETTER})(?![\w^_(])",
    )
)


def _left_out(index: str, behind: str) -> str | None:
    """What words behind a sum leave out of it, as it stands below its sign; None where that is not read."""
    if found := _LEAVES_OUT.match(behind):
        return rf" \neq {found[2] or found[3]}" if found["index"] in {None, index} and (found[2] or found[3]) else None
    return ""


def summed(words: str, latex: str) -> str:
    """The equality that words before a formula say of a sum of it: "$S$ denotes the sum over all $k$ of"."""
    found = _SUM_OVER.search(" ".join(words[-2 * LONGEST :].split()) + " ")
    indices = {*_INDEX.findall(latex)}
    return rf"{found['name']} = \sum_{{{found['index']}}} {latex}" if found and found["index"] in indices else ""


def in_plain(line: str) -> tuple[str, str, int] | None:
    """Find the letter and the formula that a line without marks of mathematics gives it, and where that stands."""
    if "$" in line or "\\" in line:
        return None
    found = next((one for pattern in _PLAIN if (one := pattern.search(line))), None)
    return (found["name"], found["body"], found.start()) if found else None


def definition(before: str, first: str, between: str, second: str, behind: str = "") -> str:
    """The equality that words say of two formulas, where one of them is a letter for the other; else nothing."""
    if len(between) > LONGEST:
        return ""
    before, between = before[-LONGEST:].replace("\n", " "), between.replace("\n", " ")
    first, second = (_WHERE_FROM.sub("", one) for one in (first, second))
    if _ENTRIES.search(between) and "_" not in first and len(places := {*_INDEX.findall(second)}) == 1:
        first = f"{first.strip()}_{{{places.pop()}}}"
    indices = {*_INDEX.findall(second)}
    if len(indices) == 1 and _NAME.fullmatch(first) and _SUMS.search(before) and _SUM.fullmatch(between):
        over = indices.pop()
        return (
            rf"{first} = \sum_{{{over}{left_out}}} {second}"
            if (left_out := _left_out(over, behind)) is not None
            else ""
        )
    if _NAME.fullmatch(first) and _LETS.search(before) and (many := _MULTIPLE.fullmatch(between)):
        return f"{first} = {_MULTIPLES[many[1].lower()]}\\left({second}\\right)"
    if (
        _NAME.fullmatch(first)
        and _SUMS.search(before)
        and _EXPONENTIAL.fullmatch(between)
        and not _NO_BODY.search(second)
    ):
        return rf"{first} = \exp({second})"
    if _NAME.fullmatch(first) and _NAME.fullmatch(second) and _DIAGONAL.fullmatch(between):
        return rf"{first} = \mathrm{{diag}}({_HANGING.sub('', second).strip()})"
    names = [bool(_NAME.fullmatch(one)) for one in (first, second)]
    if _OF_THE_TASK_IS.fullmatch(between) or (all(names) and _IS_THE.fullmatch(between) and _OF_THE_TASK.match(behind)):
        return f"{first} = {second}"
    if all(names) and _STANDS_FOR.fullmatch(between):
        return f"{first} = {second}"
    if all(names) and _LET.search(before) and _SIMPLY.fullmatch(between):
        return f"{first} = {second}"
    body = second if names[0] else first
    if names[0] == names[1] or not (_BODY.search(body) or _PRODUCT.fullmatch(body)) or _NO_BODY.search(body):
        return ""
    if names[0]:
        second = rf"\left({second}\right)^T" if _AS_A_ROW.match(behind) else second
        pairs = ((_USING, _FOR), (_LET, _BE), (_WHERE, _IS), (_DENOTE_BY, _ARTICLE), (_AND, _FOR), (_CALL, _ARTICLE))
        return f"{first} = {second}" if any(b.search(before) and m.fullmatch(between) for b, m in pairs) else ""
    called = _CALLED.fullmatch(between) or (_DENOTE.search(before) and _BY.fullmatch(between))
    return f"{second} = {first}" if called else ""
