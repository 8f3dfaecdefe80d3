"""A student's document: where its formulas stand, which question each belongs to, and under which condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST_BLOCKS = 400
LONGEST_BLOCK = 20_000
LONGEST_HEADING = 200
"""Characters of a heading that are looked at."""
_NEAR = 2_000
"""Characters before a formula where its condition may stand."""

Format = Literal["markdown", "latex"]

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


@dataclass(frozen=True, kw_only=True)
class Block:
    """One formula of a document.

    Attributes
    ----------
    latex : str
        What stands between its marks.
    line : int
        Where it begins, from 1.
    question : str
        Id of the question its heading names; empty when none does.
    condition : tuple of (str, str, bool), optional
        Two indices and whether they agree, from the words before it.
    inline : bool
        Whether it stands in running text.
    problem : str
        Why it cannot be read at all; empty when it may be.
    """

    latex: str
    line: int
    question: str = ""
    condition: tuple[str, str, bool] | None = None
    inline: bool = False
    problem: str = ""


def read_document(text: str, form: Format, question: str, questions: Sequence[str]) -> tuple[Block, ...]:
    """Find the formulas of a document, in time proportional to its length.

    Parameters
    ----------
    text : str
        Anything at all.
    form : {"markdown", "latex"}
        How to read it.
    question : str
        Id of the question it answers as a whole; empty when headings have to say.
    questions : sequence of str
        Ids that headings may name, such as ``"q1a"``.

    Returns
    -------
    tuple of Block
        In order, at most `MOST_BLOCKS`.
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
            condition = conditions(heading) or None
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
        inside = text[at:end]
        if mark not in {"```", "~~~", "<!--"}:
            condition = conditions(text[max(before, found.start() - _NEAR) : found.start()]) or condition
            inline = mark in {"$", r"\("}
            if not inline:
                before = end + len(closing)
            short = len(inside) <= LONGEST_BLOCK
            blocks.append(
                Block(
                    latex=inside if short else "",
                    line=line + 1,
                    question=now,
                    condition=condition,
                    inline=inline,
                    problem="" if short else f"the formula has more than {LONGEST_BLOCK} characters",
                )
            )
        at = end + len(closing)
    return tuple(blocks)


def conditions(prose: str) -> tuple[str, str, bool] | None:
    r"""Find the last condition on two indices in some words.

    Parameters
    ----------
    prose : str
        Such as ``"If $i \neq j$, then"``.

    Returns
    -------
    tuple of (str, str, bool), optional
        The two indices and whether they agree.
    """
    found = _CONDITION.findall(prose[-_NEAR:])
    if not found:
        return None
    left, sign, right = found[-1]
    return None if left == right else (left, right, sign == "=")


def named(heading: str, questions: Sequence[str], now: str) -> str:
    """Say which question a heading names.

    Parameters
    ----------
    heading : str
        Its words.
    questions : sequence of str
        The ids there are: ``q``, a number, perhaps a letter.
    now : str
        The question of the heading before, so that "(b)" means one of the same number.

    Returns
    -------
    str
        One of `questions`, or nothing.
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
