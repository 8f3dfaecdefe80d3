"""Which case some words are about: equal indices, different ones, the other case, or all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
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
    #: Whether the same words name other pairs of letters, too.
    several: bool = field(default=False, compare=False)

    def after(self, before: Case | None) -> Case | None:
        """What it comes to after another: "otherwise" is the opposite of what was said last."""
        if self.kind != "otherwise":
            return self
        return replace(before, equal=not before.equal) if before and before.kind in {"letters", "indices"} else None


ALL = Case("all")
OTHERWISE = Case("otherwise")
_LETTER = r"[$`]?+\\?+\(?+([a-z])\\?+\)?+[$`]?+"
_TWO = r"[$`]?+\\?+\(?+([a-z])\\?+\)?+[$`]?+,?(?: and |, ?)[$`]?+\\?+\(?+([a-z])\\?+\)?+[$`]?+"
"""Two letters, in one formula or in two."""
_SIGN = r"(=|==|\\neq?|\\not\s?=|≠|!=|<>)"
_SAMES = ("the same", "identical", "equal", "agree", "coincide", "match")
_SAME = "|".join(_SAMES)
_AGREE = rf"{_SAME}|different|distinct|unequal|differ"
_RELATION = (
    r"(?:does )?not equal(?:s| to)?|not the same as|different from|unequal to|other than|differs from|is not|not"
    r"|equal to|equals|the same as|is"
)
_EQUAL = frozenset({"equal to", "equals", "the same as", "is"})
_ONE = r"(?:variable|input|component|coordinate|logit|score|argument|entry|element)"
_CASE = re.compile(
    rf"(?<![A-Za-z0-9_}}\\^])([a-z])\s{{0,3}}+{_SIGN}\s{{0,3}}+([a-z])(?![A-Za-z0-9_(^])"
    r"|\b(?=\w)(otherwise|else|other case|remaining case|other cases|other entries|remaining entries|if not"
    r"|when not(?= ?(?:[.,;:]|\Z))"
    r"|(?:the )?rest(?= ?(?:are |is )?:)|the others"
    r"|off it|outside (?:of )?it|away from it|elsewhere"
    rf"|they (?:are|do) not(?! (?:{_SAME})))\b"
    r"|\b(?=\w)((?:off|outside|away from|beside)[- ]?(?:of[- ])?(?:the[- ])?(?:main[- ])?diagonal|non-?diagonal"
    r"|(?:different|distinct|unequal|non-?equal) (?:index|indices|ones|letters)"
    r"|cross[- ](?:terms?|effects?|derivatives?|partials?|entries|entry|elasticit(?:y|ies))"
    r"|indices (?:are )?(?:differ|different|distinct|unequal|not equal|disagree)"
    rf"|they (?:are |do )?(?:differ(?:ent)?|distinct|unequal|disagree|(?:not|don't) (?:{_SAME}))"
    rf"|respect to (?:an|a|the|some)? ?(?:different|other|distinct) {_ONE}"
    r"|(?:a(?:nother|ny other| different)|some other|other)"
    rf" (?:(?:one|{_ONE}|index)(?= ?[.,:;*])|[ $(\\`]{{0,3}}[b-z](?![A-Za-z])))"
    r"|\b(?=\w)((?:on the |main )?diagonal(?! matrix)|own[- ](?:effects?|derivatives?|partials?|elasticit(?:y|ies))"
    r"|(?:equal|same|identical|matching|coinciding) (?:index|indices|ones)"
    r"|indices (?:are )?(?:equal|the same|agree|coincide|match|identical)"
    rf"|they (?:are |do )?(?:{_SAME})|(?<=if )they are(?= ?[:,])|(?<=when )(?:they are|it does|they do)(?= ?[:,])"
    rf"|respect to (?:the same|its own|the own|its corresponding) {_ONE})"
    r"|\b(?=\w)(both cases|two cases|all (?:\$|\\\()?i\b|for all|for any|for every|in general|combin|altogether"
    r"|all together|taken together|any (?:\$|\\\()?i\b|in summary|in short|summaris|summariz|unif(?:y|ied)"
    r"|compactly|in one formula|as one|either way)",
    re.IGNORECASE,
)
_RELATED = re.compile(rf"(?<![A-Za-z_]){_LETTER} (?:is )?({_RELATION}) (?!a ){_LETTER}(?![A-Za-z])", re.IGNORECASE)
_RELATED_LETTERS = re.compile(r"(?<![\w{\\])([a-z])\s?(?:=|\\neq?(?![a-z])|≠)\s?([a-z])(?![\w(])")
_PAIR = re.compile(
    rf"(?<![A-Za-z]){_TWO},? (?:are |is |do |be )?(not |don't )?({_AGREE})\b"
    rf"|\b(different|distinct|unequal|equal)(?: indices)? {_TWO}(?![A-Za-z])",
    re.IGNORECASE,
)
_TWO_KINDS = re.compile(
    r"\b(?:another|others?|different|distinct|differ|same|own|itself|else|otherwise|diagonal|coincide|equal)\b",
    re.IGNORECASE,
)
_OF_A_DELTA = re.compile(
    r"(?:\\delta|δ|[Dd]elta)[^.δ0]{0,120}0(?:[$\\)},&\s]|text\s?\{|or |and ){0,12}(?:otherwise|else)\b"
)
"""What a delta is, which is no case of anything else."""
_BEFORE = 40
"""Characters before a case that may turn it round."""
_EXCEPT = re.compile(
    r"\b(?:unless|except(?:ing)?|apart from|other than|excluding|aside from|besides|assume not|suppose not|not)"
    r"(?: (?:for|if|when|where|whenever|in (?:the )?case|the case|that))*[ $({\\]{0,6}\Z",
    re.IGNORECASE,
)
_EXCEPT_FOR = re.compile(
    r"\b(?:unless|except|apart from|aside from)\b[^.;]{0,40}[\s,;]{1,3}"
    r"(?:where|when|then|in which case|there|for which)[^.;]{0,20}\Z",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(r"[$)\\ ]{0,4}(?:is|are) (?:excluded|ruled out|impossible|left out|not (?:allowed|possible))\b")
_AS_WELL = re.compile(r"\b(?:as well as|and also|and likewise|both for|in both)\b", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b|\bresp\b", re.IGNORECASE)
_BOTH = re.compile(
    r"(?<![A-Za-z_])[a-z]\s?(=|\\neq?(?![a-z])|≠|!=)\s?[a-z][$)\\ ]{1,4}(?:and|or|resp\.?|respectively),?\s{1,3}"
    r"(?:for |if )?[$(\\ ]{0,3}[a-z]\s?(=|\\neq?(?![a-z])|≠|!=)\s?[a-z](?![A-Za-z])"
)
"""Two cases side by side."""
_OF_A_TERM = re.compile(
    r"\b(?:terms?|summands?|addends?|factors?|exponentials?) (?:(?:in|of) (?:it|the sum|which) )?"
    r"(?:(?:with|for|where|having|whose index (?:is|has)|of index|that (?:has|have))(?: index)?)?[ $({\\]{0,6}\Z",
    re.IGNORECASE,
)
"""Words behind which a relation says which terms of a sum are meant."""
_EVEN = re.compile(r"\b(?:not (?:only|just)|even)(?: (?:for|if|when|where))?[ $({\\]{0,6}\Z", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:if|at|suppos(?:es?|ing|ed)|assum(?:es?|ing|ed)|this time(?: with)?)(?: that| all| also)?[ \n$(\\]{0,6}\Z",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\s?\\?[A-Za-z]{1,8}\s?=\s?-?\d{1,6}(?:\.\d{1,4})?\s?")
_OF_THE = re.compile(r"\b(?:the|a|an|this|with)[ \n$(\\]{1,6}\Z", re.IGNORECASE)
_GENERAL = re.compile(
    r"\b(?:in general|in the general case|generally|more generally"
    r"|for (?:any|all|every|each|arbitrary|general|an arbitrary|a general)(?: value of)?"
    r" {1,3}[$(\\]{0,3}([A-Za-z]{1,8}))\b|\\?\b([A-Za-z]{1,8})\s?(?:\\neq?|≠|!=)\s?-?\d",
    re.IGNORECASE,
)
_DELTA = re.compile(
    r"\\delta|δ|\bdelta\b|kronecker|\bindicator\b|\\mathbb\{?1|\\mathbf\{?1|\\mathds\{?1|𝟙", re.IGNORECASE
)
_SENTENCE = re.compile(
    r"(?<=[.!?;])(?<!resp\.)(?<!i\.e\.)(?<!e\.g\.)(?<!r\.t\.)\s|\n[ \t>]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,2}[.)]) )"
)
_TRAILING = re.compile(
    r"[\s,.)}]{0,6}[(\[]?(?P<and>and |but )?(?:(?:only|just|exactly|precisely) )?"
    r"(?:if|for|when|where|whenever|otherwise|provided|in case|in the case"
    r"|as long as|else|on the|off the|with|unless|except|apart from|excluding)\b"
    rf"|[ \t,.]{{0,80}}[(\[]\s{{0,3}}[a-z]\s{{0,3}}{_SIGN}\s{{0,3}}[a-z]\s{{0,3}}[)\]]"
)
_VERB = re.compile(
    r"\b(?:get|have|obtain|find|gives?|becomes?|yields?|write|see|reads?|follows|derive|compute|calculate)\b"
)


def is_about_cases(text: str) -> bool:
    """Whether words of a text tell an entry from another one."""
    return _TWO_KINDS.search(_OF_A_DELTA.sub("", text)) is not None


def case_in(sentence: str) -> Case | None:
    """What a sentence says of the case, by its last words on it; what it says of a delta is no case."""
    found, delta = _cases(sentence)
    if not found:
        return ALL if delta else None
    return replace(found[-1], several=_names_several(sentence))


def pairs_in(sentence: str) -> list[Case]:
    """Find all pairs of letters that a sentence says to agree or to differ, each once."""
    named = (one for one in _cases(sentence)[0] if one.kind == "letters")
    return list({frozenset((one.left, one.right)): one for one in named}.values())


def digits_of(word: str) -> str:
    """Write a small number in digits that may be a word."""
    return word if word.lstrip("-").isdecimal() else str(int(word.lower() == "one"))


def letters_in(sentence: str) -> list[Case]:
    """Find the cases of letters that a sentence names, in order."""
    return [one for one in _cases(sentence)[0] if one.kind == "letters"]


def excepts(words: str) -> bool:
    """Whether words name a case that is left out, and go on to say what holds there."""
    return _EXCEPT_FOR.search(words[-NEAR:]) is not None


def of_each(words: str) -> list[Case]:
    """Find two cases that words give to the two formulas before them, one to each."""
    said = sentences(words)
    cases = letters_in(said[0]) if said and _RESPECTIVELY.search(said[0]) else []
    return cases if len(cases) == 2 else []


def _names_several(sentence: str) -> bool:
    near = sentence[-NEAR:]
    found = _RELATED_LETTERS.finditer(near)
    pairs = {
        frozenset(one.groups())
        for one in found
        if not _OF_A_TERM.search(near[max(0, one.start() - _BEFORE) : one.start()])
    }
    return len(pairs) > 1


def turned(case: Case, before: str) -> Case:
    """What a case comes to behind some words: "unless" turns it round, and "even if" takes it back."""
    if _EVEN.search(before):
        return ALL
    return replace(case, equal=not case.equal) if _EXCEPT.search(before) else case


def _cases(sentence: str) -> tuple[list[Case], bool]:
    """All cases that a sentence names before any delta, and whether it has one."""
    sentence = " ".join(sentence[-NEAR:].split())
    delta = _DELTA.search(sentence)
    end = delta.start() if delta else len(sentence)
    found = [(one, _case(one)) for one in _CASE.finditer(sentence, 0, end)]
    found += [(one, _related(one)) for one in _RELATED.finditer(sentence, 0, end)]
    found += [(one, _pair(one)) for one in _PAIR.finditer(sentence, 0, end)]
    found.sort(key=lambda one: one[0].start())
    before = [sentence[max(0, one.start() - _BEFORE) : one.start()] for one, _ in found]
    cases: list[Case] = []
    for (one, case), words in zip(found, before, strict=True):
        if case and not _OF_A_TERM.search(words):
            told = turned(case, words)
            out = _RULED_OUT.match(sentence, one.end())
            cases.append(replace(told, equal=not told.equal) if out else told)
    return cases, bool(delta)


def _case(found: re.Match[str]) -> Case | None:
    left, sign, right, otherwise, differ, agree = found.groups()[:6]
    if left:
        return _letters(left, right, equal=sign in {"=", "=="})
    if otherwise:
        return OTHERWISE
    if differ or agree:
        return Case("indices", bool(agree))
    return ALL


def _related(found: re.Match[str]) -> Case | None:
    return _letters(found[1], found[3], equal=found[2].lower() in _EQUAL)


def _pair(found: re.Match[str]) -> Case | None:
    one, other, no, how, kind, first, second = found.groups()
    if one:
        return _letters(one, other, equal=(how.lower() in _SAMES) is not bool(no))
    return _letters(first, second, equal=kind.lower() == "equal")


def _letters(left: str, right: str, *, equal: bool) -> Case | None:
    return None if left == right else Case("letters", equal, left, right)


def names_both(sentence: str) -> bool:
    """Whether a sentence names both cases at once, so that each formula in it is about one of them."""
    found = _BOTH.search(sentence)
    beside = found is not None and (found[1] == "=") is not (found[2] == "=")
    return beside or (_RESPECTIVELY.search(sentence) is not None and len({*letters_in(sentence)}) > 1)


def general(words: str) -> frozenset[str]:
    """Find letters for all of whose values some words mean what follows; an empty one is everything."""
    return frozenset(found[1] or found[2] or "" for found in _GENERAL.finditer(words[-NEAR:]))


def supposes(words: str, latex: str) -> bool:
    """Whether what stands behind some words is supposed, or only a value at which something is looked at."""
    value = _VALUE.fullmatch(latex) is not None and _OF_THE.search(words[-_BEFORE:]) is not None
    return value or _SUPPOSED.search(words[-_BEFORE:]) is not None


def sentences(words: str) -> list[str]:
    """Give sentences of some words, the last ones where there are many."""
    return [one for one in _SENTENCE.split(words[-NEAR:]) if one and not one.isspace()]


def trailing(words: str) -> tuple[Case | None, str, Case | None]:
    """The case that words behind a formula give to it, the words that are left, and the next case that they name.

    The first case is the formula's; another in the same sentence is that of what it says next.
    """
    told = sentences(words)
    begins = _TRAILING.match(told[0]) if told else None
    cases, delta = _cases(told[0]) if begins else ([], False)
    if not begins or not (cases or delta):
        return None, words, None
    stop = told[0].rstrip(" \n\t*>")
    if len(told) == 1 and (begins["and"] or stop.endswith(":") or _VERB.search(stop)):
        return None, words, None
    first = replace(cases[0], several=_names_several(told[0])) if cases else ALL
    if len(cases) > 1 and _AS_WELL.search(told[0]) and cases[0].equal is not cases[1].equal:
        first = ALL
    return first, " ".join(told[1:]), cases[1] if len(cases) > 1 else None


def leading(words: str) -> Case | None:
    """The case that words before a formula give to it."""
    found = None
    for sentence in sentences(words):
        if names_both(sentence):
            return None
        said = case_in(sentence)
        found = (said.after(found) or said) if said else found
    return found
