"""Words that speak of one number in place of a vector: of one input and one output, or of one output."""

import re

_ONE = r"(?:single|one|1|scalar)"
_SINGLE = re.compile(
    rf"\b{_ONE} neuron\b"
    rf"|\b(?:(?:{_ONE}|many|several|multiple)|[A-Za-z]\$?) inputs?,? (?:and )?(?:a |only )?{_ONE} output\b"
    rf"|\bonly (?:one|a single) output\b|\bplain numbers\b"
    r"|\b(?:everything|all) (?:is|are) (?:all )?(?:a )?(?:scalars?|numbers?)\b|\bare (?:all |both )?(?:1D|scalars)\b"
    r"|\bscalar (?:case|version|warm)"
    r"|\b(?:valores|números|valeurs|valori|nombres) (?:e?s[ck]ala\w+|réels)\b|\bskalare \w+"
    r"|\b(?:the|a) (?:multi-?dimensional|multivariate|matrix|vector) (?:case|version)"
    r" is (?:not|more|harder|less|another)\b"
    r"|\b(?:one[- ]dimensional case|in one dimension)\b|\b1D case\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\bmulti(?:ple|-?dimensional|variate)\b|\bvector(?:ized)? (?:case|version)|\b[A-Z]\$? outputs\b"
    r"|\b(?:several|many|more) (?:outputs|neurons)\b|\bmatrix (?:case|version)|\bgeneral case\b|\bin general\b"
    r"|\bhigher dimension",
    re.IGNORECASE,
)


def is_single(text: str) -> bool:
    """Whether words speak of one number in place of a vector."""
    return _SINGLE.search(text) is not None


def goes_on(words: str, *, single: bool) -> bool:
    """Whether words speak of one number, or leave it at that where the ones before did."""
    ones, many = (max((found.end() for found in pattern.finditer(words)), default=0) for pattern in (_SINGLE, _MANY))
    return ones > many if ones or many else single
