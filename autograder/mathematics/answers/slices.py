"""Letters that words give to the rows or the columns of a matrix: "let $c_j$ be the $j$-th column of $W$"."""

import re

_LONGEST = 120
"""Characters of words that are looked at."""
_TURNED = r"(?:\^\s?(?:T|\\top|\\intercal|\{\s?(?:T|\\top|\\intercal)\s?\}))"
_LETTER = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s?\{?\s?)?(?:\\[A-Za-z]{2,8}|[A-Za-z])\s?\}?"
_NAME = (
    rf"(?P<name>{_LETTER})_\{{?(?:\w)\}}?(?P<turned>{_TURNED})?"
    rf"(?:\s?,\s?(?:[^,$]{{1,20}},\s?){{1,2}}(?P=name)_\{{?\w\}}?{_TURNED}?)?(?:\s?\\in\b.{{0,30}})?"
)
_MATRIX = r"(?P<matrix>(?:\\(?:mathbf|boldsymbol|bm)\s?\{?\s?)?[A-Z]\s?\}?)"
_DRESS = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec)\b|[{}\s]")
_LINE = (
    r"(?:the |its |a )?(?:\w(?:\^\{?\\?[a-z]{0,8}\{?th\}{0,2})? ?(?:-?(?:th|st|nd)|:th)? )?(?P<line>row|column)s?"
    r"(?: vectors?)?"
)
_OF = r" (?:of|in)(?: the)?(?: weight)?(?: matrix)? "
_THEN = re.compile(
    rf"{_NAME} ?,? ?(?:be|is|are|denotes?|denoting|for|to be|stands? for|to denote|as|:)?,? {_LINE}{_OF}\Z"
)
_BEFORE = re.compile(
    rf"\b{_LINE}{_OF}{_MATRIX} "
    r"(?:by|as|(?:(?:be|are|is) )?(?:called|denoted(?: by)?|written|named)|be|are|is|with|:|,)\s?\Z"
)
_ALONE = re.compile(rf"{_MATRIX}(?:\s?\\in\b.{{0,40}})?")
_NAMED = re.compile(_NAME)
_SPACES = re.compile(r"\s+")


def put_together(before: str, latex: str) -> str:
    """The matrix as words before a formula put it together of its rows or columns; nothing where they do not."""
    latex = latex.strip()
    before = _SPACES.sub(" ", before[-_LONGEST:])
    if (alone := _ALONE.fullmatch(latex)) and (found := _THEN.search(before)):
        named, matrix, line = found, alone["matrix"], found["line"]
    elif (named_ := _NAMED.fullmatch(latex)) and (found := _BEFORE.search(before)):
        named, matrix, line = named_, found["matrix"], found["line"]
    else:
        return ""
    if _bare(named["name"]) == _bare(matrix):
        return ""
    letter, sign = named["name"].strip(), r" & \cdots & " if line == "column" else r" \\ \vdots \\ "
    ends = sign.join(f"{letter}_{index}{named['turned'] or ''}" for index in "1n")
    return rf"{matrix} = \begin{{bmatrix}} {ends} \end{{bmatrix}}"


def _bare(letter: str) -> str:
    return _DRESS.sub("", letter).lower()
