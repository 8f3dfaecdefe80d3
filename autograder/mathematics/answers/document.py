"""A student's document: where its formulas stand, which question each belongs to, and which case the words give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from autograder.mathematics.answers import prose, rejected
from autograder.mathematics.answers.accents import spelled
from autograder.mathematics.answers.calling import definition
from autograder.mathematics.answers.headings import LONGEST_HEADING, ends, level_of, named
from autograder.mathematics.answers.marks import UNICODE
from autograder.mathematics.answers.mentions import Mention, mentions
from autograder.mathematics.answers.plain import BARE, formulas_in, is_plain
from autograder.mathematics.answers.prose import Case
from autograder.mathematics.answers.restricting import Around, around
from autograder.mathematics.answers.sayings import Saying, sayings, thing_before
from autograder.mathematics.answers.values import Value, Values
from autograder.mathematics.formulas.greek import GREEK
from autograder.words import Format

LONGEST_BLOCK = 20_000

LONGEST_STRUCK = 2_000
"""Characters of what is struck out."""
_DISPLAYS = (
    "equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath|dgroup|IEEEeqnarray|empheq|xalignat"
    "|darray|aligned|split|gathered"
)
_OPENING = re.compile(
    r"\\\\|\\\$|```[ \t]*(?P<fence>[\w-]{0,20})|~~~|<!--|~~|<del>|<s>|<strike>|\$\$|\$`|\\\[|\\\(|\$"
    r"|\\begin\{(?P<env>" + _DISPLAYS + r")(?P<star>\*?)\}"
    r"|^[ \t>]*(?:#{1,6}[ \t]+(?P<hash>[^\n]*)|\*\*(?P<bold>[^*\n$]{1,80})\*\*[ \t.:]*$"
    r"|\*\*(?P<run>(?:[Qq]uestion|[Pp]roblem|[Ee]xercise|Q)[ \t.]{0,2}\d[^*\n$=]{0,40}"
    r"|\d{1,2}(?:\.\d)?[ .]?\(?[a-z]?\)?[.:]?)\*\*)"
    r"|\\(?:(?:sub)*section|(?:sub)?paragraph|part|textbf)\*?[ \t]*\{(?P<section>[^{}\n]{0,120})\}"
    r"|\\item\[(?P<item>[^\]\n]{0,40})\]"
    r"|^[ \t]*(?P<letter>\([a-z]\)|[a-z]\))(?=\s)"
    r"|^[ \t]*(?P<line>(?:[Qq]uestion|[Pp]roblem|[Ee]xercise|Q)[ \t.]{0,3}\d[^\n$=\\∂]{0,60})$",
    re.MULTILINE,
)
_LIMITS = re.compile(r"[_^]\{[^{}=]{0,20}=[^{}=]{0,20}\}")
"""Where a sum begins or ends."""
_HEADINGS = ("hash", "bold", "section", "item", "letter", "line", "run")
_CLOSING = {
    "~~~": "~~~", "<!--": "-->", "~~": "~~", "<del>": "</del>", "<s>": "</s>", "<strike>": "</strike>",
    "$$": "$$", r"\[": r"\]", r"\(": r"\)", "$": "$", "$`": "`$",
}  # fmt: skip
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_QUOTED = re.compile(r"(?<=\n)[ \t]{0,8}>[> \t]{0,8}")
_NUMBER_AND_PLACE = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?!\d)")
_MATH_FENCES = {"math", "latex", "tex", "katex"}
_PLAIN_FENCES = {"", "text", "txt"}
_ARGUED = {"alignat", "xalignat", "IEEEeqnarray", "empheq", "darray"}
_ARGUMENT = re.compile(r"\s*\{[^{}\n]{0,60}\}")
_STRUCK = {"~~", "<del>", "<s>", "<strike>"}
_NO_FORMULA = {"~~~", "<!--", *_STRUCK}
_INLINE = {"$", r"\(", "$`"}
_FORMULA_SIGN = re.compile(r"\\frac|\\partial|\\sum|(?<![A-Za-z])d[A-Za-z](?:_\w|\d)?\s?/\s?d[A-Za-z]|\w\^T|\w_\w\s?=")
_SENTENCE_ENDS = re.compile(r"[.!?;](?:\s|$)|\n[ \t]*\n")
_JOINS = re.compile(
    r"(?<![A-Za-z\\])(?!(?:which|this|that|it|is|so|thus|hence|and|then|simplif(?:y|ies)|equals?|becomes?|gives?|therefore|to"
    r"|get|obtain|have|but|simply|exactly|precisely|clearly|also|indeed|now|finally|again|just|rule|definition|result|or|as|we|i|yields?|means?|namely|where)\b)[A-Za-z]{2,20}"
    r"[ \n]{0,3}\Z",
    re.IGNORECASE,
)
"""A word before a sign of equality that does not say that something goes on."""
_ONE_DELTA = re.compile(r"\s{0,3}\\delta(?:_\w|_\{\w\})?(?:\s{0,3}\\in[^=]{0,40})?\s{0,3}")
"""A delta that is no Kronecker's."""
_BETWEEN = 80
"""Characters of words between a formula and one that goes on with it."""
_GREEK = re.compile(rf"(?<![A-Za-z\\])({'|'.join(GREEK)})(?![A-Za-z])")
_EQUALS = re.compile(r"[=≡≔]|\\(?:equiv|triangleq|coloneqq?|eqdef|eqqcolon|doteq|xlongequal)(?![A-Za-z])")
_SIZE = re.compile(r"\s{0,2}\b(?:\d|[A-Za-z])\s{0,2}\\times\s{0,2}(?:\d|[A-Za-z])\b\s{0,2}")
_AND = re.compile(r"\s{0,4},?\s{0,4}(?:and(?: also)?|as well as|&)\s{0,4}")
_LETTERS = re.compile(r"[A-Za-z]")
_ROW = re.compile(r"[ \t]{0,80}\|[ \t]{0,80}(?P<first>[^|=\n]{1,80})\|")
"""The first cell of a table's row."""
_CODE = re.compile(r"`([^`\n]{1,40})` ?\Z")
_OTHERWISE = re.compile(r"[,;]?\s{1,9}(?:or )?(?:else|otherwise),?\s{1,9}")
_BEGINS_A_LINE = re.compile(r"[.,;]?\s{0,9}\n[^\n]{1,80}[,:]\s{0,9}")
_BEHIND = re.compile(
    r"((?:\b[A-Za-z]{1,20} )?"
    r"\b(?!(?:which|that|this|is|so|thus|hence|then|and|therefore|again|also|it|or)\b)[a-z]{2,20}) ?\Z"
)
"""Words of which a formula that goes on behind them says something, in a line without marks."""
_SIDE = re.compile(r"[ \t]{0,80}=[ \t]{0,8}[^=\s]")
_TURNED = re.compile(r"(?<=[\w)\]])\.T(?![A-Za-z])")
"""How code writes a transpose."""
_BELOW = re.compile(r"_([a-z]{2,4}|\d{2,3})(?![A-Za-z0-9({_])")
_CODED = re.compile(r"(?<![A-Za-z])([a-zA-Z]{1,3}|[∂A-Z][A-Za-z])\[([a-z0-9])(?:, ?([a-z0-9]))?\]")
"""How code writes an entry."""
_POWER = re.compile(r"\^\(((?:[^()\n]|\([^()\n]{0,40}\)){1,80})\)")
"""How a line without marks writes a power of more than a letter."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One formula of a document."""

    #: What stands between its marks.
    latex: str
    #: Where that begins in the text, from 0.
    at: int
    #: Id of the question its heading names; empty when none does.
    question: str = ""
    #: From the words around it.
    case: Case | None = None
    #: Whether it stands in running text.
    inline: bool = False
    #: Whether it stands in the text without any marks of mathematics.
    plain: bool = False
    #: Whether a heading stands between it and the one before.
    fresh: bool = False
    #: Whether the words before it suppose it.
    supposed: bool = False
    #: Under which values words of its sentence mean it, and what was said last in its paragraph.
    value: Value | None = None
    near: Value | None = None
    #: Letters for all of whose values words mean it; "" for everything.
    general: frozenset[str] = frozenset()
    #: The words that it says something of, where it begins with a sign of equality.
    subject: str = ""
    #: Whether words stand before its sign of equality that may be what it is about.
    joined: bool = False
    #: Why it is no claim of the student's; empty where it is one.
    rejected: str = ""
    #: What words around it may do to it, where nothing made a condition of them.
    around: Around = field(default_factory=Around)
    #: Why it cannot be read at all; empty when it may be.
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The formulas of a document."""

    blocks: tuple[Block, ...]
    #: How many there are, those without any equality too.
    formulas: int
    #: The question that the last heading names.
    last: str
    #: Letters of which words say what they are.
    mentions: tuple[Mention, ...] = ()
    #: Those of which they say it by a thing of the question.
    sayings: tuple[Saying, ...] = ()
    #: Whether a delta stands alone in it.
    delta: bool = False


def without_comments(text: str) -> str:
    """Blank LaTeX comments out, so that every place stays what it is."""
    return _COMMENT.sub(lambda found: " " * len(found[0]), text)


class _Document:
    """A document while it is read."""

    def __init__(self, question: str, questions: Sequence[str], functions: frozenset[str], before: str) -> None:
        self._whole, self._questions, self._functions = question, questions, functions
        self.blocks: list[Block] = []
        self.formulas = 0
        self._now = question or before
        #: The case that holds until another is said.
        self._case: Case | None = None
        #: The one that was said last, whether or not it still holds: "otherwise" is its opposite.
        self._last: Case | None = None
        #: Words since the last formula.
        self._words: list[str] = []
        self._fresh = True
        self._delta = False
        self._values = Values()
        #: The last formula without an equality: its place among the words, and in the text.
        self._plainly = (0, "", 0)
        #: A formula without an equality, right before.
        self._mentioned: tuple[str, int] | None = None
        #: How deep the heading is that names it.
        self._level = 0
        #: The case that words right before the last formula give to it.
        self._leads: prose.Case | None = None
        #: The words right before the last formula.
        self._before = ""
        #: Where each formula begins and ends.
        self._spans: list[tuple[int, int]] = []

    def heading(self, heading: str, level: int) -> None:
        name = named(heading, self._questions, self._now)
        # "1.2" is the second of 1 to some, and a section to others: what stands below says which.
        numbered = _NUMBER_AND_PLACE.search(heading[:LONGEST_HEADING])
        over = numbered or ends(level, self._level)
        self._now = self._whole or name or ("" if over else self._now)
        self._level = level if name else self._level
        self._close()
        said = prose.case_in(heading)
        self._case = self._last = said.after(self._last) if said else None
        self._fresh = True
        self._values.fresh()

    def _close(self) -> None:
        """Give the last formula the case that stands behind it."""
        words = "".join(self._words)
        self._words.clear()
        if self.blocks and not self._fresh and (why := rejected.behind(words, self.blocks[-1].rejected)):
            self.blocks[-1] = replace(self.blocks[-1], rejected=why)
        if (value := self._values.words(words)) and self.blocks and not self._fresh:
            self.blocks[-1] = replace(self.blocks[-1], value=value)
        # A line of notes that begins with a case says it of what stands in that line.
        begins = _BEGINS_A_LINE.fullmatch(words) and self.blocks and self.blocks[-1].plain
        if self.blocks and not self._fresh and not begins:
            behind, rest, both = prose.trailing(words)
            # Of "when A it is this, when B it is that", B is no case of this.
            leads = self._leads
            other = leads and (behind == replace(leads, equal=not leads.equal) or _OTHERWISE.fullmatch(words))
            if behind and not other and (case := behind.after(self._last)):
                words = rest
                self._last = case
                self.blocks[-1] = replace(self.blocks[-1], case=case)
                # Where a delta is 1 is no case of what follows.
                self._of_both(case)
                own = both or self.blocks[-1].latex.lstrip().startswith("\\delta")
                self._case = None if own else case
        self._leads = prose.leading(words)
        if self._leads:
            self._case = self._last = self._leads.after(self._last) or self._case

    def _of_both(self, case: Case) -> None:
        """Give a case behind "A and B" to A, too, where both of its letters stand in it."""
        if len(self.blocks) > 1 and _AND.fullmatch(self._before) and case.kind == "letters":
            other = self.blocks[-2]
            if other.case is None and {case.left, case.right} <= {*_LETTERS.findall(other.latex)}:
                self.blocks[-2] = replace(other, case=case)

    def words(self, text: str, at: int) -> None:
        """Words, in which formulas may stand without their marks."""
        for line in text.splitlines(keepends=True):
            signs = any(c in UNICODE for c in line) or _FORMULA_SIGN.search(line) or is_plain(line)
            if "=" in line and (signs or self._goes_on(line)):
                self._plain(line, at)
            else:
                self._words.append(line)
            at += len(line)

    def _goes_on(self, line: str) -> bool:
        """Whether a line is the next side of the formula without marks right above."""
        return bool(_SIDE.match(line) and self.blocks and self.blocks[-1].plain and not "".join(self._words).strip())

    def _plain(self, line: str, at: int) -> None:
        done = 0
        row = _ROW.match(line)
        for begin, end in formulas_in(line, self._functions):
            self._words.append(line[done:begin])
            # A cell that goes on is about the first one of its row.
            first = row if row and begin > row.end() and line.startswith("=", begin) else None
            written = f"{first['first']}{line[begin:end]}" if first else line[begin:end]
            written = _CODED.sub(lambda one: f"{one[1]}_{{{one[2]}{one[3] or ''}}}", written)
            formula = _TURNED.sub("^T", written.replace("`", " ").replace("**", "^").replace("@", " "))
            formula = _POWER.sub(r"^{\1}", _BELOW.sub(r"_{\1}", formula))
            formula = _GREEK.sub(r"\\\1 ", formula)
            start = first.start("first") if first else begin
            behind = _BEHIND.search(line, done, begin) if line.startswith("=", begin) and not first else None
            self.formula(
                formula, at + start, inline=True, plain=True, end=at + end, subject=behind[1] if behind else ""
            )
            done = end
        self._words.append(line[done:])

    def formula(
        self, latex: str, at: int, *, inline: bool, plain: bool = False, end: int = 0, subject: str = ""
    ) -> None:
        self.formulas += 1
        self._spans.append((at, end or at + len(latex)))
        latex = spelled(latex)
        equality = bool(_EQUALS.search(_LIMITS.sub("", latex)))
        goes_on = equality and latex.lstrip(" \n&:").startswith("=")
        code = _CODE.search("".join(self._words[-2:])) if goes_on and inline else None
        subject = subject or (code[1] if code else "")
        subject = subject or (thing_before("".join(self._words[-2:])) if goes_on and inline else "")
        joined = goes_on and inline and not plain and bool(_JOINS.search("".join(self._words)))
        if goes_on and not subject and self._mentioned:
            latex_, at_ = self._mentioned
            between = "".join(self._words).rpartition(latex_.strip())[2]
            close = not between.strip() or ("\\" in latex_ and not _SENTENCE_ENDS.search(between))
            if close and len(between) < _BETWEEN:
                self._add(latex_, at_, inline=True, plain=plain)
        if not inline or not BARE.fullmatch(latex):
            self._mentioned = (latex, at) if inline and latex.strip() and not equality else None
        if inline and not equality and self._called(latex, at):
            return
        self._delta |= _ONE_DELTA.fullmatch(latex) is not None
        kronecker = "\\delta" in latex[:8] and not _ONE_DELTA.fullmatch(latex)
        if inline and (not equality or BARE.fullmatch(latex) or kronecker):
            if not _SIZE.fullmatch(latex):
                self._plainly = (len(self._words), latex, at)
            self._words.append(f" {latex} ")
            if not kronecker and not subject:
                return
        self._add(latex, at, inline=inline, plain=plain, subject=subject, joined=joined)

    def _called(self, latex: str, at: int) -> bool:
        """Take a letter that words give to the formula before it, or the other way round, as an equality of both."""
        place, first, begin = self._plainly
        if not self._words or place >= len(self._words):
            return False
        before, between = "".join(self._words[max(0, place - 2) : place]), "".join(self._words[place + 1 :])
        between = _SIZE.sub("", between)
        if not (said := definition(before, first, between, latex)):
            return False
        self._add(said, begin if said.startswith(first) else at, inline=True, plain=False)
        return True

    def _add(self, latex: str, at: int, *, inline: bool, plain: bool, subject: str = "", joined: bool = False) -> None:
        supposed = inline and prose.supposes("".join(self._words[-2:]))
        rejecting = rejected.before("".join(self._words))
        general = prose.general("".join(self._words))
        before = "".join(self._words)
        self._close()
        self._before = before
        problem = "" if len(latex) <= LONGEST_BLOCK else f"the formula has more than {LONGEST_BLOCK} characters"
        case = None if self._case and self._case.kind == "all" else self._case
        block = Block(
            latex="" if problem else latex, at=at, question=self._now, case=case, inline=inline, plain=plain,
            fresh=self._fresh, supposed=supposed, value=self._values.now, near=self._values.near,
            rejected=rejecting, general=general, problem=problem, subject=subject, joined=joined,
        )  # fmt: skip
        self.blocks.append(block)
        self._fresh = False

    def end(self, text: str) -> Found:
        self._close()
        words = around(text, self._spans, self._functions)
        said = {begin: word for (begin, _), word in zip(self._spans, words, strict=True)}
        blocks = (replace(one, around=said.get(one.at, one.around)) for one in self.blocks)
        named_ = tuple(mentions(text, self._spans))
        said_ = tuple(sayings(text, self._spans, self._functions))
        return Found(
            blocks=tuple(blocks), formulas=self.formulas, last=self._now, mentions=named_, sayings=said_,
            delta=self._delta,
        )  # fmt: skip


def read_document(
    text: str,
    form: Format,
    question: str,
    questions: Sequence[str],
    functions: frozenset[str] = frozenset(),
    *,
    before: str = "",
) -> Found:
    """Find the formulas of any text, in order, in time proportional to its length.

    It answers one question as a whole, or none: then headings have to say, by ids such as ``"q1a"``, the first ones
    perhaps `before` it. Some words may be names of functions.
    """
    if form == "latex":
        text = without_comments(text)
    if ">" in text:
        text = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    document = _Document(question, questions, functions, before)
    # Two ties are a space there.
    missing: set[str] = {"~~"} if form == "latex" else set()
    at = 0
    for found, closing, end in _openings(text, missing):
        if found.start() < at:
            continue
        document.words(text[at : found.start()], at)
        at = found.end()
        heading = next(
            (name for name in ("hash", "bold", "section", "item", "letter", "line", "run") if found[name]), ""
        )
        if heading:
            document.heading(found[heading], level_of(found[0]))
            # Formulas in a heading are formulas.
            if "$" in found[heading] or r"\(" in found[heading]:
                at = found.start(heading)
            continue
        if not closing:
            continue
        mark, inner = found[0], text[found.end() : end]
        fence = found["fence"]
        if fence is not None and fence not in _MATH_FENCES:
            if fence in _PLAIN_FENCES:
                document.words(inner, found.end())
        elif mark not in _NO_FORMULA:
            argued = _ARGUMENT.match(inner) if found["env"] in _ARGUED else None
            begin = argued.end() if argued else 0
            document.formula(inner[begin:], found.end() + begin, inline=mark in _INLINE)
        at = end + len(closing)
    document.words(text[at:], at)
    return document.end(text)


def _openings(text: str, missing: set[str]) -> Iterator[tuple[re.Match[str], str, int]]:
    """What may open something, what closes it (nothing where it stays open), and where."""
    at = 0
    while found := _OPENING.search(text, at):
        at = found.end()
        closing = _CLOSING.get(found[0], "")
        if found["env"]:
            closing = rf"\end{{{found['env']}{found['star']}}}"
        elif found["fence"] is not None:
            closing = "```"
        for name in ("hash", "section", "item", "bold"):
            if found[name] and ("$" in found[name] or r"\(" in found[name]):
                at = found.start(name)
        end = -1
        if closing and closing not in missing:
            struck = found[0] in _STRUCK
            end = text.find(closing, found.end(), found.end() + LONGEST_STRUCK if struck else len(text))
            if struck and "\n\n" in text[found.end() : max(end, 0)]:
                # What is struck out ends with its paragraph.
                end = -1
            if end >= 0:
                at = end + len(closing)
            elif not struck:
                missing.add(closing)
        yield found, closing if end >= 0 else "", end
