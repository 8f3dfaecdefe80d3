"""A student's document: where its formulas stand, which question each belongs to, and under which condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.words import Format

MOST_BLOCKS = 400
LONGEST_BLOCK = 20_000
LONGEST_HEADING = 200
"""Characters of a heading that are looked at."""
_NEAR = 2_000
"""Characters before a formula where its condition may stand."""

_DISPLAYS = "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math"
_OPENING = re.compile(
    r"\\\\|\\\$|```|~~~|<!--|\$\$|\\\[|\\\(|\$|\\begin\{(?P<env>" + _DISPLAYS + r")(?P<star>\*?)\}"
    r"|^[ \t>]*(?:#{1,6}[ \t]+(?P<hash>[^\n]*)|\*\*(?P<bold>[^*\n$]{1,80})\*\*[ \t.:]*$)"
    r"|\\(?:(?:sub)*section|(?:sub)?paragraph|part|textbf)\*?[ \t]*\{(?P<section>[^{}\n]{0,120})\}"
    r"|\\item\[(?P<item>[^\]\n]{0,40})\]"
    r"|^[ \t]*(?P<letter>\([a-z]\)|[a-z]\))(?=\s)",
    re.MULTILINE,
)
_CLOSING = {"```": "```", "~~~": "~~~", "<!--": "-->", "$$": "$$", r"\[": r"\]", r"\(": r"\)", "$": "$"}
_CONDITION = re.compile(r"(?<![A-Za-z0-9_}\\])([a-z])\s*(=|\\neq?|\\not\s*=|≠|!=)\s*([a-z])(?![A-Za-z0-9_(])")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_NUMBER_AND_LETTER = re.compile(r"(?<![\d.])(\d+)[\s.(\-]{0,3}([a-z])(?![a-z])")
_LETTER = re.compile(r"\W*(?:(?:part|question)\s*\(?)?([a-z])\W*")
_NUMBER_AND_PLACE = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?!\d)")
_NUMBER = re.compile(r"(?:question|problem|exercise|^q|^)\s*(\d+)(?![\d.])")
_ID = re.compile(r"\D*(\d+)([a-z]?)")


_NO_FORMULA = {"```", "~~~", "<!--"}
Condition = tuple[str, str, bool]
"""Two indices and whether they agree."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One formula of a document."""

    #: What stands between its marks.
    latex: str
    #: Where it begins, from 1.
    line: int
    #: Id of the question its heading names; empty when none does.
    question: str = ""
    #: From the words before it.
    condition: Condition | None = None
    #: Whether it stands in running text.
    inline: bool = False
    #: Why it cannot be read at all; empty when it may be.
    problem: str = ""


def read_document(text: str, form: Format, question: str, questions: Sequence[str]) -> tuple[Block, ...]:
    """Find the formulas of any text, in order and at most `MOST_BLOCKS`, in time proportional to its length.

    It answers one question as a whole, or none: then headings have to say, by ids such as ``"q1a"``.
    """
    if form == "latex":
        # As many characters stay as there were lines: only line numbers are told.
        text = _COMMENT.sub("", text)
    blocks: list[Block] = []
    missing: set[str] = set()
    now, condition = question, None
    at = before = line = counted = 0
    while len(blocks) < MOST_BLOCKS and (found := _OPENING.search(text, at)):
        at = found.end()
        heading = next((found[name] for name in ("hash", "bold", "section", "item", "letter") if found[name]), None)
        if heading is not None:
            now = question or named(heading, questions, now) or now
            condition = conditions(heading)
            before = found.start("hash") if found["hash"] else at
            continue
        mark = found[0]
        closing = rf"\end{{{found['env']}{found['star']}}}" if found["env"] else _CLOSING.get(mark, "")
        if not closing:
            continue
        end = -1 if closing in missing else text.find(closing, at)
        if end < 0:
            missing.add(closing)
            continue
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        if mark not in _NO_FORMULA:
            condition = conditions(text[max(before, found.start() - _NEAR) : found.start()]) or condition
            blocks.append(_block(text[at:end], line + 1, now, condition, inline=mark in {"$", r"\("}))
            before = before if blocks[-1].inline else end + len(closing)
        at = end + len(closing)
    return tuple(blocks)


def _block(latex: str, line: int, question: str, condition: Condition | None, *, inline: bool) -> Block:
    problem = "" if len(latex) <= LONGEST_BLOCK else f"the formula has more than {LONGEST_BLOCK} characters"
    latex = "" if problem else latex
    return Block(latex=latex, line=line, question=question, condition=condition, inline=inline, problem=problem)


def conditions(prose: str) -> Condition | None:
    r"""Find the last condition on two indices in some words, such as ``If $i \neq j$, then``."""
    found = _CONDITION.findall(prose[-_NEAR:])
    if not found:
        return None
    left, sign, right = found[-1]
    return None if left == right else (left, right, sign == "=")


def named(heading: str, questions: Sequence[str], now: str) -> str:
    """Say which question a heading names, or nothing.

    Ids are ``q``, a number, perhaps a letter; "(b)" means one of the same number as the heading before.
    """
    words = heading[:LONGEST_HEADING].lower()
    both = set(_NUMBER_AND_LETTER.findall(words))
    if lettered := next((id_ for id_ in questions if _pieces(id_) in both), ""):
        return lettered
    if found := _LETTER.fullmatch(words):
        letter = found[1]
        number = _pieces(now)[0] if now else ""
        fitting = [id_ for id_ in questions if _pieces(id_)[1] == letter and number in ("", _pieces(id_)[0])]
        return fitting[0] if fitting else ""
    if found := _NUMBER_AND_PLACE.search(words):
        of_number = [id_ for id_ in questions if _pieces(id_)[0] == found[1]]
        place = int(found[2]) if len(found[2]) < 3 else 0
        return of_number[place - 1] if 0 < place <= len(of_number) else ""
    if found := _NUMBER.search(words.strip()):
        return next((id_ for id_ in questions if _pieces(id_)[0] == found[1]), "")
    return ""


def _pieces(question: str) -> tuple[str, str]:
    found = _ID.fullmatch(question)
    return (found[1], found[2]) if found else (question, "")
