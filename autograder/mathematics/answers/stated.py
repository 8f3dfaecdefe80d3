"""A case that stands in a formula: two letters with a sign between them, alone, in brackets or below a bar."""

import re
from collections.abc import Sequence

from autograder.mathematics.answers import prose
from autograder.mathematics.answers.marks import BOLD, WORDS, Mark, argument
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.answers.taking import Taking

BETWEEN = {r"\Rightarrow", r"\to", r"\quad", ";", ",", ":", r"\forall", "."}
"""Marks between statements."""
_DERIVATIVES = {r"\frac", r"\partial", r"\pdv", r"\nabla"}
_BEFORE_A_FACTOR = {"=", "+", "-", r"\cdot"}
_LETTER = re.compile(r"[a-z]")


def bare_case(marks: Sequence[Mark], at: int, known: frozenset[str] = frozenset()) -> tuple[Case | None, int]:
    """Read two letters with a sign between them and nothing beside them, and where they end."""
    k = at
    words = marks[k - 1].text if k and marks[k - 1].text.startswith(WORDS) else ""
    bracket = k < len(marks) and marks[k].text in {"(", "[", "{"}
    k += bracket
    if bracket and k < len(marks) and marks[k].text.startswith(WORDS):
        words, k = marks[k].text, k + 1
    texts = [mark.text for mark in marks[k : k + 5]]
    if len(texts) < 3 or not _LETTER.fullmatch(texts[0]) or texts[1] not in {"=", r"\neq"}:
        return None, at
    end = k + 3
    if not _LETTER.fullmatch(texts[2]) or texts[0] == texts[2] or {texts[0], texts[2]} & known:
        return None, at
    if bracket:
        if end >= len(marks) or marks[end].text not in {")", "]", "}"}:
            return None, at
        end += 1
    foreign = end < len(marks) and marks[end].text > "~" and marks[end].text.isalpha()
    if end < len(marks) and not foreign and marks[end].text not in {
        *BETWEEN, *_DERIVATIVES, r"\\", "&", ")", "]", "}", r"\neq",
    } and not marks[end].text.startswith((WORDS, r"\end")):  # fmt: skip
        return None, at
    case = Case("letters", texts[1] == "=", texts[0], texts[2])
    return prose.turned(case, words.removesuffix("}")), end


def case_in_brackets(taking: Taking, marks: Sequence[Mark], k: int, known: frozenset[str]) -> tuple[Case | None, int]:
    """Read a case in brackets, alone or at the end of what it is about, and where it ends; an indicator is none."""
    if marks[k].text not in {"(", "["} or (marks[k].text == "[" and k and marks[k - 1].text in _BEFORE_A_FACTOR):
        return None, k
    case, following = bare_case(marks, k, known)
    if case is None or not taking.piece:
        return case, following
    ends = following >= len(marks) or marks[following].text in {r"\\", "&", ",", ".", ";"}
    before = marks[k - 1].text
    if before == "}":
        opening = next((at for at in range(k - 2, 0, -1) if marks[at].text == "{"), 0)
        before = marks[opening - 1].text
    indicator = before in {"1", "I", r"\delta", r"\chi", *BOLD} or before.startswith(WORDS)
    return (case, following) if ends and marks[k].text == "(" and not indicator else (None, k)


def case_below_a_bar(marks: Sequence[Mark], k: int) -> tuple[Case | None, int]:
    """Read a case that hangs on a bar behind what is looked at there, and where it ends."""
    if [mark.text for mark in marks[k : k + 2]] != ["|", "_"]:
        return None, k
    inner, end = argument(marks, k + 2)
    case, following = bare_case(inner, 0)
    return (case, end) if case and following == len(inner) else (None, k)
