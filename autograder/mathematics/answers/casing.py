"""The cases that words around formulas give to them, one formula after the other."""

import re
from dataclasses import replace

from autograder.mathematics.answers import listed, prose, spoken
from autograder.mathematics.answers.blocks import Block
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.answers.spoken import About

_AND = re.compile(r"\s{0,4},?\s{0,4}(?:and(?: also)?|as well as|&)\s{0,4}")
_TOGETHER = re.compile(r"\s{0,4},?\s{0,4}(?:and|respectively|resp\.|or|,)?\s{0,4}")
_LETTERS = re.compile(r"[A-Za-z]")
_OTHERWISE = re.compile(
    r"[,;]?\s{1,9}(?:or |and )?(?:else|otherwise|if (?:they (?:are|do) )?not|in the other case),?\s{1,9}"
)
_BEGINS_A_LINE = re.compile(r"[.,;]?\s{0,9}\n[^\n]{1,80}[,:]\s{0,9}")
_SENTENCE_ENDS = re.compile(r"[.!?;:]\s{0,9}\Z|\n[ \t]{0,9}\n")
_IS_LAST = re.compile(r"[$\s]{0,4}(?:otherwise|else):\s")


class Casing:
    """What has been said of cases so far."""

    def __init__(self) -> None:
        #: The case that holds until another is said.
        self._now: Case | None = None
        #: The one that was said last, whether or not it still holds: "otherwise" is its opposite.
        self._last: Case | None = None
        #: The one that words right before the last formula give to it.
        self._leads: Case | None = None
        #: Two that were named before anything was said of either.
        self._named: tuple[Case, Case] | None = None
        #: The words right before the last formula.
        self._before = ""

    def heading(self, heading: str) -> None:
        """Take what a heading says for all below it."""
        said = prose.case_in(listed.referring(heading, self._named))
        self._now = self._last = said.after(self._last) if said else None

    def of(self, before: str, about: About) -> Case | None:
        """Give the case of a formula behind some words, once these are taken."""
        self._before = before
        if about and not self._leads and spoken.is_otherwise(before):
            return prose.OTHERWISE.after(self._last)
        return None if self._now and self._now.kind == "all" else self._now

    def take(self, words: str, blocks: list[Block]) -> None:
        """Take words behind some formulas, which may give the last one its case, and the next one."""
        named, words = listed.both_in(words)
        self._named = named or self._named
        words = self._of_a_row(listed.referring(words, self._named), blocks)
        # A line of notes that begins with a case says it of what stands in that line.
        if blocks and not (blocks[-1].plain and _BEGINS_A_LINE.fullmatch(words)):
            words = self._behind(words, blocks)
        self._leads = prose.leading(words)
        if self._leads:
            self._now = self._last = self._leads.after(self._last) or self._now

    def _behind(self, words: str, blocks: list[Block]) -> str:
        """Give the last formula the case that stands behind it, and leave the words that say no more of it."""
        # "1 for A and 0 otherwise:" has said it all.
        said = words.rstrip().removesuffix(":") if blocks[-1].about and _IS_LAST.match(words) else words
        if (each := prose.of_each(said)) and len(blocks) > 1 and _TOGETHER.fullmatch(self._before):
            blocks[-2:] = [replace(one, case=case) for one, case in zip(blocks[-2:], each, strict=True)]
            return ""
        behind, rest, following = prose.trailing(said)
        # Of "when A it is this, when B it is that", B is no case of this.
        leads = self._leads
        other = leads and (behind == replace(leads, equal=not leads.equal) or _OTHERWISE.fullmatch(words))
        if not behind or other or not (case := behind.after(self._last)):
            return words
        blocks[-1] = replace(blocks[-1], case=case)
        self._of_both(case, blocks)
        # Where a delta is 1 is no case of what follows.
        own = following or any(one.is_of_a_delta for one in blocks[-1 - bool(blocks[-1].about) :])
        self._now, self._last = None if own else case, case
        if following and not rest and not _SENTENCE_ENDS.search(words):
            # Of "A if this, otherwise B" what comes next is B.
            self._now = following.after(case)
        if prose.excepts(said):
            self._now = self._last = replace(case, equal=not case.equal)
        return rest

    def _of_a_row(self, words: str, blocks: list[Block]) -> str:
        """Give the last formula the case in the rest of its row of a table, and leave the words behind that."""
        case, behind = listed.case_of_a_row(words)
        if not case or not blocks or self._leads or not (told := case.after(self._last)):
            return words
        blocks[-1] = replace(blocks[-1], case=told)
        self._now, self._last = None, told
        return behind

    def _of_both(self, case: Case, blocks: list[Block]) -> None:
        """Give a case behind "A and B" to A, too, where both of its letters stand in it."""
        if len(blocks) > 1 and _AND.fullmatch(self._before) and case.kind == "letters":
            other = blocks[-2]
            if other.case is None and {case.left, case.right} <= {*_LETTERS.findall(other.latex)}:
                blocks[-2] = replace(other, case=case)
