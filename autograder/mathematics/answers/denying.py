"""Words of a sentence by which what a formula in it says is less than true: "up to a sign", "I dropped the factor"."""

import re

_THE = r"(?:(?:a|an|the|its|some|one|this|that|another|my|our|any|single|possible) ){0,2}+"
_WHICH = (
    r"(?:(?:overall|constant|missing|numerical|multiplicative|scalar|common|positive|negative|additional|extra|global"
    r"|irrelevant|small|minus|wrong|opposite|other) ){0,2}+"
)
_FACTOR = (
    r"(?:factors?|signs?|minus|constants?|multiples?|scale|scaling|prefactors?|coefficients?|transpos[a-z]{1,6}"
    r"|multiplicative)"
)
_DENYING = re.compile(
    rf"\b(?:up to|modulo|apart from|aside from|except(?:ing)?(?: for)?|save(?: for)?|but for) {_THE}{_WHICH}{_FACTOR}\b"
    r"|\bin (?:absolute value|magnitude|modulus|size only)\b|\bmodulo sign"
    r"|\b(?:(?:i|we|have|has|had|having|been|is|are|was|were|here|yet) "
    r"(?:also |just |now |still |intentionally |deliberately )?)"
    r"(?:dropped|dropping|left out|leaving out|omitted|omitting|forgot|forgotten|forgetting|ignored|ignoring|neglected"
    rf"|missed|missing|lost|skipped|suppressed) {_THE}{_WHICH}{_FACTOR}\b"
    r"|\b(?:ignoring|neglecting|disregarding|dropping|omitting|forgetting|suppressing|leaving (?:out|off|away|aside))"
    rf" {_THE}{_WHICH}{_FACTOR}\b"
    rf"|\b(?:misses|lacks|forgets|loses|(?:still |only |just )needs|is short of|is missing|are missing) {_THE}{_WHICH}"
    r"(?:factors?|signs?|minus|constants?|coefficients?|transpos[a-z]{1,6})\b"
    rf"|\b{_FACTOR} (?:[$\x01of ]{{1,40}} ?)?(?:is|are|was|were|still|has been|have been) ?"
    r"(?:missing|lacking|left out|dropped|omitted|ignored|suppressed|forgotten|wrong|lost|to be added)\b"
    rf"|\b(?:that|which) (?:i|we) (?:leave|left) (?:out|away|off|aside)\b",
    re.IGNORECASE,
)
"""A factor or a sign that is not there."""
_DOUBTING = re.compile(
    r"(?:\A|\n)[ \t*_#>-]{0,6}\(?(?:wrong|incorrect|false|not (?:right|correct|true))(?:\)|:)"
    r"|\b(?:friend|classmate|colleague|somebody|someone|chatgpt|the internet|roommate)s?"
    r" (?:claims?|says?|thinks?|believes?)"
    r"|\boff by\b|\b(?:only|just) (?:half|partly|partially|nearly|almost) (?:true|correct|right|valid)\b"
    r"|\b(?:is|are|holds?|be) (?:only|just) (?:true|correct|right|valid) (?:up to|for (?:some|a few|one))\b"
    r"|\b(?:no ?body|no one|nobody) (?:would|should|could|will)\b"
    r"|\b(?:far|nowhere near|anything but|hardly|scarcely|barely|never) (?:from )?(?:true|correct|right|valid)\b"
    r"|\bcan ?not be (?:true|correct|right|valid|the (?:answer|result))\b"
    r"|\bwith (?:its|the|all|both|their)?(?: of)? ?(?:the |its )?(?:entries|elements|rows|columns|indices|index|roles"
    r"|components|signs?|letters|subscripts|cases|rows and (?:the )?columns|factors)(?: of [$\x01]{1,40})?"
    r" (?:being |all )?(?:swapped|exchanged|reversed|interchanged|permuted|flipped|doubled|halved|negated|inverted"
    r"|switched|squared|shifted|the other way)\b"
    r"|\bin reverse(?:d)? order\b"
    r"|\bin the (?:first|second|last|third) (?:component|entry|coordinate|element|row|column)s? (?:and|but)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\s{0,3}(?:[*_]{0,2})(?:no\b(?! (?:other|more|further|sum|need|matter|index|problem|surprise|change))|nope\b"
    r"|wrong\b|false\b|not (?:so|true|quite|really|at all|exactly|correct|right)\b|of course not\b|certainly not\b"
    r"|incorrect\b|(?:but |however,? )?(?:that|this|it)(?:'s| is| was| would be) (?:clearly |obviously |of course )?"
    r"(?:wrong|false|incorrect|not (?:right|correct|true|quite right|so)|nonsense|a mistake)\b)",
    re.IGNORECASE,
)
_RETRACTS = re.compile(
    r"(?:\A|\n)[\s*_(]{0,4}+(?:(?:edit|update|correction|oops|wait|hmm+|no|sorry|ps|note)\b[*_]{0,2}[:,.!-]?[*_]{0,2}"
    r" ?)?"
    r"(?:but |however,? |yet |in fact,? )?(?:(?:this|that|it|the above|the last)"
    r"(?: one| line| result| formula| equation| answer)?(?: is| was| would be| looks| must be)"
    r"(?: clearly| obviously| of course| simply| just| actually| still| probably)? "
    r"(?:wrong|false|incorrect|nonsense|a mistake|not (?:right|correct|true|quite (?:right|correct)))\b"
    r"(?! (?:for|to)\b)"
    r"|(?:edit|correction|erratum|oops)\b[^.\n]{0,160}\b(?:forg[eo]t|forgot|ignore|drop|miss|mistake|vice versa"
    r"|mixed|swap|instead|should|has to|must|have to)"
    r"|i (?:disagree|take (?:it|this|that) back)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that takes back what the one before it says."""
_ASKS = re.compile(r"\?\s{0,4}\Z")
_MOST = 300
"""Characters of a sentence that are looked at, on each side of a formula."""


def denying(sentence: str, following: str) -> tuple[str, int]:
    """Find words of a sentence, its formulas masked, or of the next one, that take from what it says, and where."""
    if found := _DENYING.search(sentence) or _DOUBTING.search(sentence) or _RETRACTS.search(sentence, 1):
        return found[0].strip(" *_\n"), found.start()
    answer = _NO.match(following) if _ASKS.search(sentence[-_MOST:]) else _RETRACTS.match(following)
    return (answer[0].strip(" *_\n"), len(sentence)) if answer else ("", 0)
