"""Letters of a student's own whose names are words without any mark for that, such as "right = ..."."""

import re
from collections.abc import Iterable, Sequence

from autograder.mathematics.answers.marks import Mark

_WHOLE_SIDE = re.compile(r"(?:\A|=|&|\\\\)\s{0,9}([a-z]{3,8})(?=\s{0,9}(?:&?=|\\\\|[,.]?\s{0,9}\Z))")
_IN_CODE = re.compile(r"`([a-z]{3,8})`")
_VOWEL = re.compile(r"[aeiou]")
_NO_NAMES = frozenset(
    {"where", "with", "then", "else", "when", "otherwise", "since", "thus", "hence", "also", "true", "false"}
)


def spelled_names(latex: Iterable[str], text: str, functions: frozenset[str]) -> frozenset[str]:
    """Find words that stand for a letter of their own: alone on a side of an equality, or set as code in the text."""
    sides = {found[1] for one in latex for found in _WHOLE_SIDE.finditer(one)}
    code = {*_IN_CODE.findall(text)}
    found = {one for one in sides if (len(one) > 3 and _VOWEL.search(one)) or one in code}
    return frozenset(one for one in found if one not in functions and one not in _NO_NAMES)


def one_each(marks: Sequence[Mark], names: frozenset[str]) -> list[Mark]:
    """Give marks with one for each name that is spelled in letters without a gap."""
    found: list[Mark] = []
    k = 0
    while k < len(marks):
        end = k + 1
        while end < len(marks) and _follows(marks[end - 1], marks[end]):
            end += 1
        word = "".join(mark.text for mark in marks[k:end])
        found += [Mark(rf"\mathrm{{{word}}}", marks[k].at)] if word in names else marks[k:end]
        k = end
    return found


def _follows(mark: Mark, following: Mark) -> bool:
    letters = len(mark.text) == len(following.text) == 1 and mark.text.isalpha() and following.text.isalpha()
    return letters and following.at == mark.at + 1
