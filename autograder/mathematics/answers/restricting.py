"""Words that may restrict a formula, and that nothing made a condition of: "ignoring ...", "if both are equal"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from autograder.mathematics.answers import prose
from autograder.mathematics.answers.denying import denying
from autograder.mathematics.answers.usual_words import is_foreign, unusual
from autograder.mathematics.answers.values import is_value

Span = tuple[int, int]
_MOST = 2_000
"""Characters of a sentence that are looked at, on each side of a formula."""
_AHEAD = 100
"""Characters behind a word in which a condition is looked for."""
_NEAR = 2
"""Sentences before one in its paragraph that may say for what it is meant."""
_HANGING = re.compile(r"_\{[^{}]{0,40}\}")
_HEADING = re.compile(
    r"^#[^\n]*|^[ \t>]{0,4}\*\*[^*\n]{1,24}\*\*:? ?[—–:-]"
    r"|\\(?:begin|end)\{[^{}\n]{1,20}\}(?:\{[^{}\n]{0,20}\})?|</?[a-z]{1,9}>"
    r"|\\(?:documentclass|usepackage|title|author|date|label|e?q?ref|pagestyle|(?:sub){0,2}section)\*?"
    r"(?:\[[^\]\n]{0,80}\])?\{[^{}\n]{0,120}\}|\b[A-Za-z]{3,14}(?=[ -](?:module|layer|map)s?\b)",
    re.MULTILINE,
)
_EXTREME = re.compile(
    r"\\(?:infty|ll|gg|approx)(?![A-Za-z])|[∞≪≫≈]"
    r"|\bover (?:all )?[$\\( ]{1,4}[a-z]\s?(?:\\neq?|≠|!=)"
    r"|(?:→|\\(?:to|(?:long)?rightarrow)(?![A-Za-z]))[ ${}]{0,4}[-+]?[ ${}]{0,4}\d"
)
"""In a formula: what is small or large, or goes to a number; an arrow between equalities says nothing of it."""
_LEVEL = re.compile(
    r"(?P<nothing>\bzeros?\b|\borigin\b)"
    r"|\bconstant (?:input|vector|entr|score|logit)"
    r"|\b(?:inputs?|entries|scores?|logits?)(?: [a-z]{2,5}){0,2} constant\b"
    r"|\b(?:equal|identical|uniform|coincid|ties?\b|symmetr|sanity|test|example|ones\b|alike)",
    re.IGNORECASE,
)
"""Words of entries that are alike, or all 0."""
_OF_A_TERM = re.compile(
    r"\b(?:terms?|derivatives?|gradients?|factors?|parts?|summands?|numerator|product|contributions?|pieces?)\b",
    re.IGNORECASE,
)
_FAR = 60
_EXAMPLE = re.compile(
    r"\b(?:examples?|instance|say|take|check|numbers?|numeric(?:al)?(?:ly)?|concrete(?:ly)?|sanity"
    r"|(?:two|three|only|binary) (?:classes|inputs|outputs|units|entries|components)"
    r"|special case|reduces to|symmetry)\b",
    re.IGNORECASE,
)
"""Words of an example."""
_INSTANCE = re.compile(r"examples?|instance|say", re.IGNORECASE)
_NAMES = re.compile(r"\\(?:mathrm|operatorname|text|mathsf|texttt)\s?\{([A-Za-z]{3,20})\}")
"""Of functions, as formulas have them."""
TWO_CASES = "two cases at once"
FORMULA = "\x01"
"""Stands for every character of a formula."""
_SENTENCE = re.compile(
    r"(?<![^A-Za-z][A-Za-z])(?<!resp)[.!?;](?=[\s$*)\\]|\Z)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|#{1,6}|\d{1,2}[.)]) )"
    r"|\\(?:begin|end)\{(?:frame|itemize|enumerate|block|theorem|lemma|proof|prop|claim|solution|remark|center|quote"
    r"|description)\*?\}|\\item\b|\\(?:sub){0,2}section\b|\\frametitle\b"
    r"|(?<=\x01)[.]?(?:\$\$|\\\]|\\end\{[A-Za-z*]{1,16}\})[ \t]*\n(?=[ \t]*[A-Z])"
)
_GOES_ON = re.compile(r"\s{0,8}(?:\$|\\\[|\\\(|\\begin|\x01|[a-z])")
_SPECIAL = (
    r"(?:very |sufficiently |extremely |all |only |exactly |just |a |an |the )?(?:large|small|tiny|huge|big|equal"
    r"|identical|two (?:classes|inputs|outputs|units)|binary|one-dimensional|scalar|single|zero|no|symmetric|square"
    r"|positive|negative|special|extreme|constant|uniform|limiting|degenerate|trivial|toy|simplest|most|some|such)\b"
)
_SUPPOSING = (
    r"suppos(?:e|es|ing)\b|assum(?:e|es|ing|ption)\b|pretend|imagin|hypothe|ignor(?:e|es|ing)\b|neglect|disregard"
    r"|forget|forgot|omit|leav(?:e|ing) (?:out|aside|away)|freez|frozen"
    r"|for (?:a|the) moment\b|for now\b|for the time being|temporarily|momentarily|if it were not for"
    r"|\b(?:fixed|frozen)\b(?! (?:scalar|number|vector|matrix|factor))"
    r"|\b(?:hold|keep|held|kept|treat|assum|suppos|regard|consider)[a-z]{0,4}\b[^.;\n]{0,40}\bconstant\b"
    r"|\b(?:if|for)\b[^.;:,\n]{0,40}\bconstant\b(?! (?:scalar|number|vector|matrix|factor))|as if\b|as though\b"
    rf"|\b(?:consider|restrict|take|look at|in)(?: the| a| an| to| only)* {_SPECIAL}(?! (?:steps?|way|terms?))"
)
_STRONG = (
    r"approximat|\bapprox\b|roughly|\bnearly|\balmost|first[- ]order|leading[- ]order|lineari[sz]|asymptot|\blimit\b"
    r"|(?:goes?|tends?|going|tending) to (?:zero|infinity|the limit|minus|plus|[$\x01∞\d])"
    r"|proportional|\bup to\b|unless\b|\bexcept|provided\b|\bhad (?:we|it|i|you)\b|\bwere\b"
    r"|\bwithout (?:the|any|its|this|that|a)\b|dropping|\bdrop (?:the|this|that)\b|\binstead\b(?! of)"
    r"|\bwould (?:be|have|give|get|become|look|read|then|only|just|also|still|hold|follow|imply|mean)"
    r"|(?:first|second|initial|failed|old|earlier|previous|bad) (?:attempt|try|version)|attempt (?:1|#1|one)\b|rejected"
    r"|discarded|scrapped|crossed out|superseded|na[iï]ve|tempting|guess|conjectur|wrong|incorrect|mistake|\bfalse\b"
    r"|\berror\b|fallac|typo|contradict"
    r"|\b(?:not|n't) (?:yet|quite|exactly|hold|true|right|correct|valid|the (?:answer|result|derivative|gradient|case))"
    r"|\bonly (?:true|valid|half|holds?|part|if|when|for|at|near|in|on|up)\b|\bjust (?:if|when|for)\b"
    rf"|\bfor {_SPECIAL}|\bwith {_SPECIAL}"
    r"|\bat (?:the|a|an|its|this|that)? ?(?:point|origin|optimum|minim|maxim|initial|start|convergence|zero)"
    r"|\bhad [$\x01]|\byou (?:index|store|lay|arrange|stack|transpose|swap)"
    r"|\b(?:set|put|send)\b[^.;\x01]{0,6}[$\x01]{1,40}[^.;\x01$]{0,4}\bto (?:zero|0|one)\b"
    r"|\b(?:needs?|requires?|demands?) [$\x01]|\biff\b|if and only if|stationary|critical point|\bwithout [$\x01]"
    r"|\btextbook|\brule,? (?:which |that )?(?:says|states|tells us|reads),?(?: that)?,? (?:for|if|when|whenever)\b"
    r"|\bfor (?:the|an|a) (?:ordinary|standard|plain|vanilla|classic|classical|regular|basic|normal|original|familiar) "
    r"|\bcolumn [$\x01]{1,40},? (?:and|in) (?:the )?row|\b(?:layout|orientation) of [$\x01]"
    r"|[$\x01] (?:is|for|labels|counts|denotes|being|indexes) (?:the )?columns?,? (?:and )?[$\x01]"
    r"|\b(?:first|left) index (?>[a-z]{2,8} ){0,3}column"
    r"|\b(?:runs?|running|ranges?|ranging|goes|going|taken|summed|sums?|summing|summation) (?:is |only )?over "
    r"(?:all |the |every |each ){0,2}(?:(?:indices|index|others?|terms|entries|classes) )?"
    r"(?:but|except|other|remaining|different|without)\b"
    r"|\ball[- ]ones\b|\bones[- ]vector|\bvector of (?:all )?ones\b"
    r"|\bindex(?:es|ed|ing)? (?>[^\s.]{1,12} ){0,2}as\b|\bforeign\b"
)
_RESTRICTING = re.compile(rf"\?|(?<![A-Za-z])(?=[A-Za-z])(?:(?:{_STRONG})|(?P<supposing>{_SUPPOSING}))", re.IGNORECASE)
_OF_A_CASE = re.compile(r"for\b|with\b|unless|except|provided|only|just", re.IGNORECASE)
"""Words of which what stands behind them may be understood."""
_HARMLESS = re.compile(
    r"\b(?:not|n't|never|cannot|wrong|mistake|error) (?:to )?(?:forget|ignor|drop|omit|neglect|assum)[a-z]*"
    r"|\b(?:mistakes?|errors?) (?:is|are|was|were) avoided|\berror (?:signal|term|function|vector)s?|\bat the start"
    r"|\b(?:the|an) (?:layer's |output )?errors? (?=[$\x01])"
    r"|\b(?:its|their|local|output|upstream|unit|back-?propagated|propagated|incoming|squared) errors?"
    r"|\b(?:suppos|assum)[a-z]{0,4} (?:that |throughout |here ){0,2}"
    r"(?>(?:the|a|an|all|every|our|everything|it|is|are|to|be|[$\x01]{1,400}) ){0,8}"
    r"(?:columns?|rows?|vectors?|differentiable|smooth|scalars?|layouts?|shapes?|given|known)\b"
    r"|\b(?:twice|(?:two|three|four|\d|[$\x01]{1,9}) times) (?:as (?:big|large)|bigger|larger|the size)\b"
    r"|\b(?:without|no) (?:any )?(?:further |other )?(?:changes?|modifications?|alterations?|difficulty|problems?)\b"
    r"(?! (?:of|in)\b)"
    r"|\b(?:is|are|stays?|remains?) (?:(?:(?<=[$\x01] is )|(?<=[$\x01] are ))(?:kept|held) (?:fixed|constant)"
    r"|(?:now |then |just |simply |here |also |only )?(?:a |an )?constants?"
    r"(?= (?:here|with respect to|w[.]?r[.]?t[.]?|for this|in this|now)\b|[.)]"
    r"|[.,;:) ]{1,2}(?:and|so|since|because|we|its|which|then|hence|therefore|thus)\b))"
    r"|\b(?:two|three|few|these|following|some) (?:small|tiny|simple|useful|easy) (?:facts?|results?|steps?|lemmas?"
    r"|observations?|derivatives?|ingredients?|pieces|computations?|calculations?|remarks?)\b"
    r"|\b(?:inputs?|weights?|bias|parameters?|others?(?: (?:inputs?|variables?|coordinates?|components?|entries"
    r"|weights?|indices))?)(?: [$\x01]{1,40})? (?:(?:is|are|being|stays?|remains?) )?(?:held |kept )?"
    r"(?:fixed|constant)\b"
    r"|\b(?:is|are|appears?|stands?|enters?|occurs?|shows up|sits?|contained|used) only (?:in|on|once)\b"
    r"|\b(?:multiplied|scaled|divided) by (?:a|some|any) constant\b|\btimes (?:a|some|any) constant\b"
    r"|\bwhen (?:only )?[$\x01]{1,40} (?:alone )?(?:moves|changes|varies|is varied|is changed|wiggles)\b"
    r"|\bin class\b|\bnothing special\b|\binverse temperature\b|\bnormali[sz](?:ation|ing) constant\b"
    r"|\bthe constant(?= [$\x01])|\bconstant(?= (?:factor|multiple|multiplier|in front)\b)"
    r"|\ba (?:small|short|tiny) (?:lemma|remark|calculation|computation|step|fact|observation|change of notation)\b"
    r"|\bwould (?:be|have) (?:nice|liked)|\b(?:fixed|constant) (?:indices|index|row|column)|\bfix(?:ed)? [$\x01]"
    r"|\bup to (?:now|here|this point)|\bno (?:more|other|longer|need|matter)\b|\bin all\b"
    r"|\b(?:a|one) single (?:[a-z]{3,12} )?(?:weight|entry|component|element|row|column|term|index|coordinate|unit)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|whenever|as long as|in case)\b|\b(?P<of>for|at)(?= [$\x01\\])", re.IGNORECASE)
_CONDITION_ENDS = re.compile(r"[,;:]")
_ANYONE = re.compile(
    r"[ \n](?:we|you|i|one|someone|people|need|necessary|desired|preferred)\b|[ \n][a-z]{2,12}(?:ing|ed)\b|[ \n]written"
    r"|[ \n](?:the )?(?:chain|product|quotient|sum) rule",
    re.IGNORECASE,
)
_RELATION = re.compile(
    r"[<>≈≪≫→]|\\(?:ll|gg|to|approx|sim|rightarrow|neq?|le|ge|leq|geq|propto)(?![A-Za-z])"
    r"|^[\w\\{} ^]{1,14}=[\w\\{} ^]{1,14}$"
)
_MULTIPLE = re.compile(
    r"\A\s?([A-Za-z])(?:_\{?\w\}?|'|\\prime)?\s?:?=\s?[\w.]{1,6}\s?(?:\\cdot|\\,|\*)?\s?\1\s?[.,]?\s?\Z"
)
"""What another letter is by the one it is made of: no condition on anything."""
_RANGE = re.compile(r"\\[lc]?dots|\.\.\.|\\in(?![A-Za-z])|…|=\s?-?\d{1,6}(?:\.\d{1,6})?\s*\Z|\\neq? ?0\s*\Z")
_FORMULAS = re.compile(r"\$?\x01+\$?")
_FORMULA = re.compile(r"[ \n$(\\]{0,6}(\x01+)")
_TAKES_BACK = re.compile(
    r"\s*(?:but|however|this|that|it|yet|of course|unfortunately|which|these|the above)\b", re.IGNORECASE
)
_RELEASES = re.compile(
    r"\b(?:in general|general case|generally|in fact|actually|really|in reality|however|without th(?:is|at|ese)"
    r"|back to|the (?:exact|full|true|actual|correct|proper|real|complete)|exactly|now)\b|\bwith (?:it|them)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, its formulas masked, and where it begins; whether it begins a paragraph."""

    masked: str
    raw: str
    begin: int
    fresh: bool


@dataclass(frozen=True, kw_only=True)
class Around:
    """What words around a formula may do to it; empty where they do nothing."""

    #: Words that may restrict it.
    restricting: str = ""
    #: A word that is no usual one of a derivation.
    unusual: str = ""
    #: Whether that stands in its own sentence.
    beside: bool = False
    #: Numbers that all entries of an array may have by these words.
    level: frozenset[int] = frozenset()
    #: Whether these words speak of an example.
    example: bool = False
    #: Words by which it is less than true.
    denied: str = ""

    def taking(self, words: str) -> Around:
        """The same, and words before it that take something of its first side alone."""
        return replace(self, restricting=self.restricting or words)


def around(text: str, formulas: Sequence[Span], functions: frozenset[str]) -> list[Around]:
    """For each formula of a text what the words of its sentence may do to it, and those of the two before."""
    told = list(_sentences(text, formulas))
    said = [_said(one) for one in told]
    names = frozenset(one.lower() for one in _NAMES.findall(text))
    words = [_told(one, _HEADING) for one in told]
    foreign = is_foreign(" ".join(words), functions)
    strange = ["" if foreign else unusual(one, {*functions, *names}) for one in words]
    begins = [one.begin for one in told]
    carried, close = "", 0
    found: list[Around] = []
    for k, one in enumerate(told):
        close = 0 if one.fresh else min(close + 1, _NEAR)
        if one.fresh or _RELEASES.search(one.masked):
            carried = ""
        own, supposing = said[k]
        behind = said[k + 1][0] if k + 1 < len(told) and _TAKES_BACK.match(told[k + 1].masked) else ""
        word = next(filter(None, strange[k - close : k + 1]), "")
        alike = [
            each
            for one_ in told[k - close : k + 1]
            for each in _LEVEL.finditer(one_.masked)
            # Indices that are equal say nothing of entries, nor does a term that is zero.
            if (not each[0].lower().startswith("equal") or prose.case_in(one_.raw) is None)
            and not (each["nothing"] and _OF_A_TERM.search(one_.masked, max(0, each.start() - _FAR), each.start()))
        ]
        level = frozenset(number for each in alike for number in ((0,) if each["nothing"] else (0, 1)))
        example = any(_EXAMPLE.search(one_.masked) for one_ in told[k - close : k + 1])
        restricting = own or carried or behind
        found.append(
            Around(restricting=restricting, unusual=word, beside=bool(strange[k]), level=level, example=example)
        )
        carried = own if supposing else carried
    each = (found[bisect_right(begins, begin) - 1] for begin, _ in formulas)
    denied = dict(_denied(text, told, formulas))
    return [
        replace(
            one,
            restricting=one.restricting or ("a quotation" if _is_quoted(text, begin) else ""),
            denied=denied.get(begin, ""),
            example=one.example and not _is_followed_by_an_example(told[bisect_right(begins, begin) - 1], begin),
        )
        for one, (begin, _) in zip(each, formulas, strict=True)
    ]


def _is_followed_by_an_example(one: Sentence, begin: int) -> bool:
    """Whether words of an example stand behind a formula of a sentence alone."""
    found = list(_EXAMPLE.finditer(one.masked))
    return bool(found) and all(_INSTANCE.fullmatch(each[0]) and one.begin + each.start() > begin for each in found)


def _denied(text: str, told: Sequence[Sentence], formulas: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Where equalities begin of which words of their sentence take something, and these words."""
    equalities = [begin for begin, end in formulas if "=" in text[begin:end]]
    for one, following in pairwise([*told, None]):
        assert one is not None
        words, at = denying(one.masked[: 2 * _MOST], following.masked if following else "")
        if not words:
            continue
        own = equalities[bisect_left(equalities, one.begin) : bisect_left(equalities, one.begin + len(one.masked))]
        before = bisect_right(own, one.begin + at)
        # Words before an equality with a formula in between are about that.
        if own and (before or not {FORMULA, "`"} & {*one.masked[at : own[0] - one.begin]}):
            yield own[max(0, before - 1)], words


def _is_quoted(text: str, at: int) -> bool:
    """Whether quotation marks stand around a place in its paragraph, which is short."""
    paragraph = text[max(text.rfind("\n\n", 0, at), at - _MOST, 0) : at]
    opened = paragraph.count("\u201c") > paragraph.count("\u201d")
    return opened or paragraph.count('"') % 2 == 1


def masked(text: str, formulas: Sequence[Span]) -> str:
    """A text without its formulas; the stop at the end of one is the sentence's."""
    pieces: list[str] = []
    at = 0
    for begin, end in formulas:
        if begin < at:
            continue
        stop = text[begin:end].rstrip(" \n\t").endswith(".")
        pieces += [text[at:begin], FORMULA * (end - begin - stop), "." * stop]
        at = end
    return "".join([*pieces, text[at:]])


def _sentences(text: str, formulas: Sequence[Span]) -> Iterator[Sentence]:
    hidden = masked(text, formulas)
    begin, fresh = 0, True
    for found in _SENTENCE.finditer(hidden):
        paragraph = found[0].startswith("\n")
        if paragraph and found[0].count("\n") > 1 and _continues(hidden, found):
            continue
        yield Sentence(masked=hidden[begin : found.end()], raw=text[begin : found.end()], begin=begin, fresh=fresh)
        begin, fresh = found.end(), paragraph
    yield Sentence(masked=hidden[begin:], raw=text[begin:], begin=begin, fresh=fresh)


def _continues(hidden: str, found: re.Match[str]) -> bool:
    """Whether a sentence goes on behind an empty line: into a display, or out of one."""
    before = hidden[max(0, found.start() - 8) : found.start()].rstrip()
    return before.endswith((":", ",")) or bool(_GOES_ON.match(hidden, found.end()))


def _told(one: Sentence, *others: re.Pattern[str]) -> str:
    """The words of a sentence but for those that are harmless there."""
    told = one.masked[: 2 * _MOST]
    for pattern in (*others, _HARMLESS):
        told = pattern.sub(lambda found: " " * len(found[0]), told)
    return told


def _said(one: Sentence) -> tuple[str, bool]:
    """The words of a sentence that restrict it, and whether they suppose what holds behind it, too."""
    told = _told(one)
    if prose.names_both(one.raw[: 2 * _MOST]):
        return TWO_CASES, False
    for found in _RESTRICTING.finditer(told):
        supposing = found["supposing"] is not None
        if not (supposing or _OF_A_CASE.match(found[0])) or not _is_understood(one, found.end()):
            return _FORMULAS.sub("...", found[0].strip()), supposing
    if extreme := _EXTREME.search(_HANGING.sub("", one.raw)):
        return extreme[0], True
    for found in _CONDITION.finditer(told):
        if not _is_harmless(one, found):
            return found[0], False
    return "", False


def _is_understood(one: Sentence, at: int) -> bool:
    """Whether a case, a value or a number is read from what stands behind a word."""
    ahead = one.raw[max(0, at - 24) : at + _AHEAD]
    formula = _FORMULA.search(one.masked, at, at + _AHEAD)
    chosen = formula is not None and _RANGE.search(one.raw[formula.start(1) : formula.end(1)]) is not None
    return chosen or prose.case_in(ahead) is not None or is_value(ahead)


def _is_harmless(one: Sentence, word: re.Match[str]) -> bool:
    """Whether a condition is one that is understood, or none at all."""
    stop = _CONDITION_ENDS.search(one.masked, word.end(), word.end() + _AHEAD)
    end = stop.start() if stop else word.end() + _AHEAD
    ahead = one.raw[word.start() : end]
    if prose.case_in(ahead) is not None or is_value(ahead) or _ANYONE.match(one.masked, word.end()):
        return True
    formula = _FORMULA.match(one.masked, word.end())
    if formula is None:
        return word["of"] is not None
    latex = one.raw[formula.start(1) : formula.end(1)]
    if _MULTIPLE.search(latex):
        return True
    return not _RELATION.search(latex) or _RANGE.search(latex) is not None
