"""A student's document while it is read: which question each formula belongs to, and which case the words give."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from autograder.mathematics.answers import joining, prose, rejected, spoken
from autograder.mathematics.answers.accents import spelled
from autograder.mathematics.answers.blocks import Block, Found
from autograder.mathematics.answers.calling import LONGEST, definition, in_plain, summed
from autograder.mathematics.answers.casing import Casing
from autograder.mathematics.answers.deltas import wrong_deltas
from autograder.mathematics.answers.headings import LONGEST_HEADING, counts_steps, ends, named
from autograder.mathematics.answers.mentions import mentions
from autograder.mathematics.answers.plain import BARE, has_signs, in_code, is_plain, side_of, with_other_values
from autograder.mathematics.answers.restricting import around
from autograder.mathematics.answers.sayings import sayings, thing_before
from autograder.mathematics.answers.single import goes_on, is_single
from autograder.mathematics.answers.slices import put_together
from autograder.mathematics.answers.spoken import About
from autograder.mathematics.answers.tables import Entry
from autograder.mathematics.answers.typed import as_latex, indexed_in, letters_in, names_in
from autograder.mathematics.answers.values import Values

LONGEST_BLOCK = 20_000
_SPOKEN = 8
"""Pieces of words, and formulas among them, that may say of which a matrix is put together."""
_CLOSE = 4
"""Pieces of words that may be nothing but a sign between two formulas."""
_FAR = 12
"""Formulas and pieces of words behind which words no longer speak of the last chain."""
_LIMITS = re.compile(r"[_^]\{[^{}=]{0,20}=[^{}=]{0,20}\}")
"""Where a sum begins or ends."""
_NUMBER_AND_PLACE = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?!\d)")
_SENTENCE_ENDS = re.compile(r"[.!?;](?:\s|$)|\n[ \t]*\n")
_ONE_DELTA = re.compile(r"\s{0,3}\\delta(?:_\w|_\{\w\})?(?:\s{0,3}\\in[^=]{0,40})?\s{0,3}")
"""A delta that is no Kronecker's."""
_BETWEEN = 80
"""Characters of words between a formula and one that goes on with it."""
_EQUALS = re.compile(r"[=≡≔]|\\(?:equiv|triangleq|coloneqq?|eqdef|eqqcolon|doteq|xlongequal|circeq|eqcirc)(?![A-Za-z])")
_SIZE = re.compile(r"\s{0,2}\b(?:\d|[A-Za-z])\s{0,2}\\times\s{0,2}(?:\d|[A-Za-z])\b\s{0,2}")
_ROW = re.compile(r"[ \t]{0,80}\|[ \t]{0,80}(?P<first>[^|=\n]{1,80})\|")
"""The first cell of a table's row."""
_CODE = re.compile(r"`([^`\n]{1,40})` ?\Z")
_SIDE = re.compile(r"[ \t]{0,80}=[ \t]{0,8}[^=\s]")


class Document:
    """A document while it is read."""

    def __init__(
        self, text: str, question: str, questions: Sequence[str], functions: frozenset[str], before: str
    ) -> None:
        self._text = text
        #: Names of several letters that lines without marks have for something.
        self._names = names_in(text, functions)
        #: And letters with their indices right behind them.
        self._indexed = indexed_in(text)
        #: Words that are no words in a line without marks.
        self._words_of_formulas = functions | self._names | self._indexed
        self._whole, self._questions, self._functions = question, questions, functions
        self.blocks: list[Block] = []
        self.formulas = 0
        self._now = question or before
        #: Words since the last formula.
        self._words: list[str] = []
        self._fresh = True
        self._delta = False
        self._values = Values()
        self._casing = Casing()
        #: The last formula without an equality: its place among the words, and in the text.
        self._plainly = (0, "", 0)
        #: A formula without an equality, right before.
        self._mentioned: tuple[str, int] | None = None
        #: Whether headings count the steps of a derivation.
        self._steps = counts_steps(text, questions)
        #: Whether words since the last heading speak of one number in place of a vector.
        self._single = False
        #: How deep the heading is that names it.
        self._level = 0
        #: Where each formula begins and ends.
        self._spans: list[tuple[int, int]] = []

    def heading(self, heading: str, level: int) -> None:
        """A heading of some level, which may name a question or a case."""
        name = named(heading, self._questions, self._now, steps=self._steps)
        # "1.2" is the second of 1 to some, and a section to others: what stands below says which.
        numbered = _NUMBER_AND_PLACE.search(heading[:LONGEST_HEADING])
        over = numbered or ends(level, self._level)
        self._now = self._whole or name or ("" if over else self._now)
        self._level = level if name else self._level
        self._close()
        self._single = is_single(heading)
        self._casing.heading(heading)
        self._fresh = True
        self._values.fresh()

    def _close(self) -> None:
        """Take the words behind the last formula."""
        words = "".join(self._words)
        self._words.clear()
        self._plainly = (0, "", 0)
        value = self._values.words(words)
        if self._fresh or not self.blocks:
            self._casing.take(words, [])
            return
        if why := rejected.behind(words, self.blocks[-1].rejected):
            self.blocks[-1] = replace(self.blocks[-1], rejected=why)
        if value:
            self.blocks[-1] = replace(self.blocks[-1], value=value)
        self._casing.take(words, self.blocks)

    def words(self, text: str, at: int) -> None:
        """Words, in which formulas may stand without their marks."""
        for line, following in pairwise([*text.splitlines(keepends=True), ""]):
            if (said := in_plain(line)) is not None:
                self._add(self._as_latex(f"{said[0]} = {said[1]}"), at + said[2], inline=True, plain=True)
            if self._is_next_line(line, at):
                at += len(line)
                continue
            if spans := in_code(line):
                self.code(line, at, spans)
            elif "=" in line and (has_signs(line) or is_plain(line) or self._goes_on(line)):
                self._plain(line, at)
            elif self._is_side(line):
                self._plain(line, at, joined=True)
            elif "=" not in line and _SIDE.match(following) and (side := side_of(line, self._words_of_formulas)):
                # The first side stands in a line of its own.
                self.formula(self._as_latex(side), at + line.find(side), inline=True, plain=True)
            else:
                self._words.append(line)
            at += len(line)

    def code(self, line: str, at: int, spans: Sequence[tuple[int, int]]) -> None:
        """Take derivatives that stand as code in some places among words, or in a program."""
        done = 0
        for begin, end in spans:
            self._words.append(line[done:begin])
            latex = self._as_latex(line[begin:end].strip())
            self.formula(latex, at + begin, inline=True, plain=True, end=at + end)
            done = end
        self._words.append(line[done:])

    def _as_latex(self, written: str) -> str:
        return as_latex(written, self._names, self._indexed)

    def _is_next_line(self, line: str, at: int) -> bool:
        """Take a line without marks that goes on with the formula in the one above it."""
        if not self.blocks or not self.blocks[-1].plain or "".join(self._words).strip():
            return False
        is_open = self.blocks[-1].latex.rstrip().endswith("=")
        said = line.strip() if joining.is_next_line(line) else side_of(line, self._words_of_formulas) if is_open else ""
        begin = at + line.find(said)
        return bool(said) and self._extended("", self._as_latex(said), begin, end=begin + len(said))

    def _goes_on(self, line: str) -> bool:
        """Whether a line is the next side of the formula without marks right above."""
        return bool(_SIDE.match(line) and self.blocks and self.blocks[-1].plain and not "".join(self._words).strip())

    def _is_side(self, line: str) -> bool:
        """Whether a line begins with a sign of equality and a formula, whatever words stand before it."""
        plain = bool(_SIDE.match(line) and self.blocks and self.blocks[-1].plain and not self._fresh)
        return plain and bool(side_of(line.strip()[1:], self._words_of_formulas))

    def _plain(self, line: str, at: int, *, joined: bool = False) -> None:
        done = 0
        row = _ROW.match(line)
        for begin, end in with_other_values(line, self._words_of_formulas):
            self._words.append(line[done:begin])
            # A cell that goes on is about the first one of its row.
            first = row if row and begin > row.end() and line.startswith("=", begin) else None
            written = f"{first['first']}{line[begin:end]}" if first else line[begin:end]
            formula = self._as_latex(written)
            start = first.start("first") if first else begin
            self.formula(
                formula,
                at + start,
                inline=True,
                plain=True,
                end=at + end,
                subject=joining.subject(line[done:begin]) if line.startswith("=", begin) and not first else "",
                joined=joined,
            )
            done = end
        self._words.append(line[done:])

    def formula(
        self,
        latex: str,
        at: int,
        *,
        inline: bool,
        plain: bool = False,
        end: int = 0,
        subject: str = "",
        joined: bool = False,
    ) -> None:
        """A formula, which may go on with the one before it, or be nothing but a letter among words."""
        self.formulas += 1
        self._spans.append((at, end or at + len(latex)))
        latex = spelled(latex)
        equality = bool(_EQUALS.search(_LIMITS.sub("", latex)))
        goes_on = equality and latex.lstrip(" \n&:").startswith("=")
        code = _CODE.search("".join(self._words[-2:])) if goes_on and inline else None
        subject = subject or (code[1] if code else "")
        near = "".join(self._words) if len(self._words) < _CLOSE else "..."
        sign = joining.sign(near, latex)
        if (sign is not None and self._extended(sign, latex, at, end=end)) or self._is_a_side(latex, at):
            return
        subject = subject or (thing_before("".join(self._words[-2:])) if goes_on and inline else "")
        joined = joined or (goes_on and inline and not plain and joining.joins("".join(self._words)))
        if goes_on and not subject and self._mentioned:
            latex_, at_ = self._mentioned
            between = "".join(self._words).rpartition(latex_.strip())[2]
            close = not between.strip() or ("\\" in latex_ and not _SENTENCE_ENDS.search(between))
            if close and len(between) < _BETWEEN:
                self._add(latex_, at_, inline=True, plain=plain)
        if not inline or not BARE.fullmatch(latex):
            self._mentioned = (latex, at) if inline and latex.strip() and not equality else None
        if inline and not equality and (self._called(latex, at) or self._spoken(latex, at, plain=plain, end=end)):
            return
        self._delta |= _ONE_DELTA.fullmatch(latex) is not None
        kronecker = "\\delta" in latex[:8] and not _ONE_DELTA.fullmatch(latex)
        if inline and (not equality or BARE.fullmatch(latex) or kronecker):
            if not _SIZE.fullmatch(latex):
                self._plainly = (len(self._words), latex, at)
            self._words.append(f" {latex} ")
            if not kronecker and not subject:
                return
        self._add(latex, at, inline=inline, plain=plain, end=end, subject=subject, joined=joined)

    def table(self, entries: Sequence[Entry]) -> None:
        """Take what the cells of a table say; the cases in it are none of what follows."""
        for one in entries:
            self.formulas += 1
            self._spans.append((one.at, one.end))
            about: About = "case" if one.latex.startswith(" =") else ""
            self._add(spelled(one.latex), one.at, inline=True, plain=False, about=about)
            self.blocks[-1] = replace(self.blocks[-1], case=one.case, parts=((0, one.at, one.end),))

    def _extended(self, sign: str, latex: str, at: int, *, end: int) -> bool:
        """Let the last formula go on with a sign and another one; every mark stays where it is."""
        if not self.blocks or self._fresh or self.blocks[-1].problem or self.blocks[-1].rejected:
            return False
        last = self.blocks[-1]
        gap = at - (last.parts[-1][2] if last.parts else last.at + len(last.latex))
        if gap < len(sign) or len(last.latex) + gap + len(latex) > LONGEST_BLOCK:
            return False
        whole = f"{last.latex}{sign:>{gap}}{latex}" if gap else f"{last.latex}{latex}"
        parts = (*last.parts, (len(whole) - len(latex), at, end)) if last.parts else ()
        self.blocks[-1] = replace(last, latex=whole, parts=parts)
        self._words.clear()
        return True

    def _is_a_side(self, latex: str, at: int) -> bool:
        """Take a formula behind one without an equality and a sign of equality as its other side."""
        place, first, begin = self._plainly
        near = len(self._words) - place < _CLOSE
        sign = joining.sign("".join(self._words[place + 1 :]), latex) if first and near else None
        gap = at - begin - len(first)
        if sign != "=" or gap < 1:
            return False
        self._add(f"{first}{'=':>{gap}}{latex}", begin, inline=True, plain=False)
        return True

    def _called(self, latex: str, at: int) -> bool:
        """Take a letter that words give to the formula before it, or the other way round, as an equality of both."""
        place, first, begin = self._plainly
        near = "".join(self._words[-_SPOKEN:])
        if said := put_together(near, latex) or summed(near, latex):
            self._add(said, at, inline=True, plain=False)
            return True
        if not first:
            return False
        before, between = "".join(self._words[max(0, place - 2) : place]), "".join(self._words[place + 1 :])
        between = _SIZE.sub("", between)
        if not (said := definition(before, first, between, latex, self._text[at + len(latex) :][:LONGEST])):
            return False
        self._add(said, begin if said.startswith(first) else at, inline=True, plain=False)
        return True

    def _spoken(self, latex: str, at: int, *, plain: bool, end: int) -> bool:
        """Take a formula of which words say what it is equal to, as an equality of both."""
        if len(self._words) > _FAR:
            return False
        place, first, begin = self._plainly
        if first:
            before, between = "".join(self._words[:place]), "".join(self._words[place + 1 :])
            if spoken.is_said(before, first, between, latex):
                # Every mark stays where it is.
                self._add(f"{first}{'=':{at - begin - len(first)}}{latex}", begin, inline=True, plain=False)
                return True
            if said := spoken.derivative(before, first, between, latex):
                said = f"{said} = "
                self._add(f"{said}{latex}", max(0, at - len(said)), inline=True, plain=False, joined=True)
                return True
            if not BARE.fullmatch(first):
                return False
        words = "".join(self._words)
        about = spoken.about(words, latex, self._text[end or at + len(latex) :][: spoken.LONGEST])
        if about:
            joined = not spoken.is_clear(words)
            self._add(f"={latex}", at - 1, inline=True, plain=plain, end=end, about=about, joined=joined)
        return bool(about)

    def _add(
        self, latex: str, at: int, *, inline: bool, plain: bool, end: int = 0, subject: str = "",
        joined: bool = False, about: spoken.About = "",
    ) -> None:  # fmt: skip
        supposed = inline and prose.supposes("".join(self._words[-2:]), latex)
        before = "".join(self._words)
        rejecting = rejected.before(before)
        general = prose.general(before)
        self._single = goes_on(before, single=self._single)
        self._close()
        problem = "" if len(latex) <= LONGEST_BLOCK else f"the formula has more than {LONGEST_BLOCK} characters"
        case = self._casing.of(before, about)
        block = Block(
            latex="" if problem else latex, at=at, parts=((0, at, end),) if plain and end else (),
            question=self._now, case=case, inline=inline, plain=plain,
            fresh=self._fresh, supposed=supposed, value=self._values.now, near=self._values.near,
            rejected=rejecting, general=general, problem=problem, subject=subject, joined=joined, about=about,
            single=self._single, trails=bool(self.blocks) and joining.trails(before),
            gives=joining.gives(before, before=bool(self.blocks) and self.blocks[-1].gives),
        )  # fmt: skip
        self.blocks.append(block)
        self._fresh = False

    def end(self, text: str) -> Found:
        """Give all that was found, each formula with the words around it in the whole text."""
        self._close()
        words = around(text, self._spans, self._functions)
        said = {begin: word for (begin, _), word in zip(self._spans, words, strict=True)}
        blocks = tuple(
            replace(
                one,
                around=said.get(one.at + bool(one.about), one.around).taking(joining.taken(text, one.at)),
                changing=joining.changing(text, one.at, one.parts[-1][2] if one.parts else one.at + len(one.latex)),
            )
            for one in self.blocks
        )
        blocks = tuple(sorted([*blocks, *wrong_deltas(text, blocks, self._now)], key=lambda one: one.at))
        spans = self._spans
        if any(one.plain for one in blocks):
            spans = sorted([*spans, *letters_in(text, spans)])
        named_ = tuple(mentions(text, spans))
        said_ = tuple(sayings(text, spans, self._functions))
        return Found(
            blocks=blocks, formulas=self.formulas, last=self._now, mentions=named_, sayings=said_,
            delta=self._delta,
        )  # fmt: skip
