"""Formulas that a text itself calls wrong, such as "it would be wrong to write ...": no claims of the student's."""

import re

from autograder.mathematics.answers.prose import sentences

LEFT_OUT = "left out"
"""The name of the remark that says so."""
REJECTED = "left out: the text itself says that this is not so"
THOUGHT = "the text says only that one might think so"
_LONGEST = 120
"""Characters of words that are looked at."""
_WRONG = (
    r"(?:false|wrong|incorrect|mistaken|invalid|nonsense|not (?:true|correct|right|the case|so|valid|what we want)"
    r"|n't (?:true|correct|right|the case|so|valid))"
)
_SAY = r"(?:write|say|claim|conclude|think|assume|believe|use|put|set|state|argue)"
_END = r"(?: that| simply| just| down| here| e\.g\.| something like)*[:, \n$(\\`]{0,6}\Z"
_BEFORE = re.compile(
    rf"\b(?:wrong|incorrect|a mistake|mistaken|false|tempting but wrong) to {_SAY}{_END}"
    rf"|\b(?:mistake|slip|pitfall|fallacy|(?:common|usual|typical|frequent|easy|classic|classical) error)"
    rf"(?: here| often made)?(?: is| would be)(?: to {_SAY})?{_END}"
    rf"|\berror(?: here| often made)?(?: is| would be) to {_SAY}{_END}"
    rf"|\b{_WRONG} that[:, \n$(\\`]{{0,6}}\Z"
    rf"|\b(?:do|does|did|should|must|can|could|would)(?: ?not|n't) (?:get|have|obtain|write|conclude|say|claim|imply)"
    rf"(?: that)?[:, \n$(\\`]{{0,6}}\Z"
    rf"|\b(?:cannot|can't|never) (?:get|have|obtain|write|conclude|say|claim)(?: that)?[:, \n$(\\`]{{0,6}}\Z"
    rf"|\b(?:wrongly|incorrectly|mistakenly) (?:get|gets|got|write|writes|wrote|claim|claims|find|finds)"
    rf"(?: that)?[:, \n$(\\`]{{0,6}}\Z"
    r"|\bconfused? (?:this |it |that |these )?with[:, \n$(\\`]{0,6}\Z"
    r"|(?<!if )\b(?:not|instead of|rather than)[ \n$(\\`]{1,4}\Z",
    re.IGNORECASE,
)
_ATTEMPT = (
    r"\b(?:my|our|the|a) (?:very )?first (?:attempt|try|guess|version|idea|thought)(?: here)? (?:was|had been|read)"
    r"|\b(?:at first|initially|first|originally),? i (?:had|wrote|thought|got|put)"
    r"|\bi (?:had|wrote|thought|got|put)[^.;\n]{0,30} (?:at first|initially|originally),?"
)
_MIGHT = re.compile(
    r"\b(?:one|you|we|someone|people|students|some|i) (?:might|may|could|would|can)?(?: first| at first| naively)?"
    rf" ?(?:think|thought|believe|believed|guess|guessed|expect|expected|be tempted to {_SAY}){_END}"
    rf"|(?:{_ATTEMPT}){_END}"
    rf"|\btempting to {_SAY}{_END}|\bit (?:might|may) seem{_END}|\bnaively,?{_END}",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"[\s,;:)(]{{0,4}}(?:-{{1,3}}|—|–)?\s{{0,2}}(?:(?:but|and|yet|however|which|this|that|it),? ){{0,3}}"
    rf"(?:(?:is|was|would be|are)(?: simply| clearly| just| of course| obviously)? ?{_WRONG}(?! only)\b"
    r"|(?:does not|doesn't|cannot|can't|would not|wouldn't) (?:hold|be (?:true|right|correct))\b"
    r"(?! (?:only|for|if|unless)))",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:but|however|yet|this|that|which|it|i take)\b", re.IGNORECASE)
_REFUTED = re.compile(
    rf"{_WRONG}\b|\b(?:take|took) (?:it|this|that) back\b|\bcannot be\b"
    r"|\b(?:does not|doesn't|cannot|fails|ignores|forgets)\b",
    re.IGNORECASE,
)


def before(words: str) -> str:
    """What words right before a formula make of it, if it is no claim: a reason to leave it out."""
    told = sentences(words)
    last = told[-1][-_LONGEST:].replace("*", "") if told else ""
    if _BEFORE.search(last):
        return REJECTED
    return THOUGHT if _MIGHT.search(last) else ""


def behind(words: str, said: str) -> str:
    """The same with the words right behind it, too, which may take back what one might think."""
    words = words[:_LONGEST]
    if said == THOUGHT and (turn := _TURN.search(words)) and _REFUTED.search(words, turn.end()):
        return REJECTED
    return REJECTED if not said and _BEHIND.match(words) else said
