"""Marks without dress: spaces, sizes and colors go, spellings of one thing become one, words are one mark each."""

import re
from collections.abc import Callable, Iterator, Sequence

from autograder.mathematics.answers.marks import BOLD, CLOSE, OPEN, UPRIGHT_D, WORDS, Mark, argument

_TEXTS = {
    r"\text", r"\textrm", r"\textit", r"\textbf", r"\textsf", r"\texttt", r"\textnormal", r"\mbox", r"\hbox",
    r"\mathrm", r"\operatorname", r"\operatorname*", r"\mathsf", r"\mathit", r"\intertext", r"\mathtt",
    r"\shortintertext", r"\emph", r"\textsc", r"\symup", r"\mathnormal",
}  # fmt: skip
_DROPPED = {
    r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\biggl", r"\biggr", r"\Biggl", r"\Biggr", r"\big", r"\Big", r"\bigg",
    r"\Bigg", r"\bigm", r"\Bigm", r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\limits", r"\nolimits",
    r"\nonumber", r"\notag", r"\,", r"\;", r"\:", r"\!", r"\ ", r"\>", "~", r"\hfill", r"\hline", r"\centering",
    r"\noindent", r"\rm", r"\it", r"\mathstrut", r"\strut", r"\thinspace", r"\medspace", r"\thickspace",
    r"\scriptscriptstyle", r"\negthinspace", r"\left", r"\right", r"\middle", r"\small", r"\footnotesize", r"\large",
    r"\Large", r"\normalsize", r"\allowbreak", r"\break", r"\nobreak", r"\par", r"\relax", r"\hskip", r"\qedhere",
    r"\ensuremath", r"\smallskip", r"\medskip", r"\bigskip", r"\allowdisplaybreaks", r"\nobreakspace", r"\mathord",
    r"\mathrel", r"\mathbin", r"\mathop", r"\tiny", r"\scriptsize", r"\huge", r"\Huge", r"\LARGE", r"\/", r"\-",
    r"\enspace",
    r"\noalign", "@",
}  # fmt: skip
_GAPS = {r"\;", r"\:", r"\ ", "~", r"\quad"}
_GONE = {
    r"\label": 1, r"\tag": 1, r"\tag*": 1, r"\vspace": 1, r"\vspace*": 1,
    r"\color": 1, r"\phantom": 1, r"\hphantom": 1, r"\vphantom": 1, r"\ref": 1, r"\eqref": 1, r"\footnote": 1,
    r"\cite": 1, r"\renewcommand": 2, r"\newcommand": 2, r"\setlength": 2, r"\numberthis": 0,
}  # fmt: skip
_UNWRAPPED = {
    r"\boxed": 0, r"\fbox": 0, r"\underbrace": 0, r"\overbrace": 0, r"\mathcal": 0, r"\textcolor": 1, r"\colorbox": 1,
    r"\hat": 0, r"\widehat": 0, r"\tilde": 0, r"\widetilde": 0, r"\bar": 0, r"\overline": 0, r"\mathscr": 0,
    r"\mathfrak": 0, r"\cancel": 0, r"\bcancel": 0, r"\xcancel": 0, r"\mathclap": 0, r"\smash": 0, r"\fcolorbox": 2,
    r"\qty": 0,
    r"\bbox": 0, r"\Aboxed": 0, r"\underset": 1, r"\overset": 1, r"\stackrel": 1, r"\mathrlap": 0, r"\mathllap": 0,
}  # fmt: skip
_SAME = {
    r"\ne": r"\neq", r"\times": r"\cdot", "*": r"\cdot", r"\ast": r"\cdot", r"\cdotp": r"\cdot", r"\bullet": r"\cdot",
    r"\lbrack": "[", r"\rbrack": "]", r"\rbrace": r"\}", r"\lparen": "(", r"\rparen": ")",
    r"\intercal": r"\top", r"\varepsilon": r"\epsilon", r"\triangleq": "=", r"\coloneqq": "=", r"\equiv": "=",
    r"\eqqcolon": "=", r"\coloneq": "=", r"\vcentcolon": ":", r"\xlongequal": "=", r"\eqdef": "=",
    r"\circeq": "=", r"\eqcirc": "=",
    r"\doteq": "=", r"\ldots": r"\dots", r"\cdots": r"\dots", r"\vdots": r"\dots",
    r"\ddots": r"\dots", r"\dotsc": r"\dots", r"\dotsb": r"\dots", r"\iddots": r"\dots", r"\hdots": r"\dots",
    r"\colon": ":", r"\circ": r"\odot", r"\hadamard": r"\odot", r"\dfrac": r"\frac", r"\tfrac": r"\frac",
    r"\cfrac": r"\frac", r"\sfrac": r"\frac", r"\nicefrac": r"\frac", r"\flatfrac": r"\frac", r"\newline": r"\\",
    r"\cr": r"\\", r"\varphi": r"\phi", r"\vartheta": r"\theta", r"\varsigma": r"\sigma", r"\prime": "'",
    r"\implies": r"\Rightarrow", r"\Longrightarrow": r"\Rightarrow", r"\iff": r"\Rightarrow", r"\rightarrow": r"\to",
    r"\Leftrightarrow": r"\Rightarrow", r"\Longleftrightarrow": r"\Rightarrow", r"\therefore": r"\Rightarrow",
    r"\because": r"\Rightarrow", r"\leadsto": r"\Rightarrow", r"\longrightarrow": r"\to", r"\le": r"\leq",
    r"\ge": r"\geq", r"\lvert": "|", r"\rvert": "|", r"\vert": "|", r"\dd": UPRIGHT_D, r"\diff": UPRIGHT_D,
    r"\qquad": r"\quad", r"\tab": r"\quad", r"\gradient": r"\nabla", r"\grad": r"\nabla", r"\odv": r"\pdv",
    r"\dv": r"\pdv", r"\pderiv": r"\pdv", r"\deriv": r"\pdv", r"\diffp": r"\pdv", r"\derivative": r"\pdv",
    r"\partialderivative": r"\pdv", r"\Tr": r"\tr", r"\trace": r"\tr", r"\exponential": r"\exp", r"\ln": r"\log",
    r"\lVert": r"\|", r"\rVert": r"\|", r"\Vert": r"\|", r"\slash": "/", r"\div": "/",
}  # fmt: skip
_STACKED = {
    r"\eqalign": "aligned", r"\displaylines": "gathered", r"\matrix": "matrix", r"\pmatrix": "pmatrix",
    r"\cases": "cases", r"\bordermatrix": "pmatrix",
}  # fmt: skip
"""Plain TeX's commands for what LaTeX has environments for."""
_SWITCHES = {r"\rm", r"\tt", r"\sf", r"\it", r"\sc"}
"""Fonts for the rest of a group."""
_CODE_NAME = re.compile(r"[A-Za-z_]{2,20}")
_LIKE_LETTERS = re.compile(r"[A-Za-z]")
_LENGTH = re.compile(r"\s*-?[\d.]+\s*(?:[a-z]{2}|\\[a-z]+)\s*")
_WIDE = re.compile(r"\s*(\d{1,4}(?:\.\d{1,4})?)\s*(em|pc|cm|mm|pt|in|ex)\s*")
_PER_UNIT = {"em": 1.0, "pc": 1.2, "cm": 2.8, "mm": 0.28, "pt": 0.1, "in": 7.2, "ex": 0.45}
"""How many ems one unit is."""
_ARGUED = {
    "array": 1, "alignat": 1, "alignedat": 1, "tabular": 1, "IEEEeqnarray": 1, "subarray": 1, "spreadlines": 1,
    "xalignat": 1, "NiceArray": 1,
}  # fmt: skip
_SLOPES = ([r"\partial"], ["d"])
_STACKS = re.compile(r"array|aligned|alignedat|split|gathered|matrix|cases")
_TIMES = {"twice": "2", "thrice": "3", "two times": "2", "three times": "3", "four times": "4"}
"""Words for a factor."""


class _Cleaning:
    """Marks while dress is taken off them, one for one or fewer."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        self._at = 0
        #: How many square brackets are open.
        self._square = 0
        #: Where a group belongs to no command before it.
        self._bare = 0

    def all(self) -> Iterator[Mark]:
        """What is left, in order."""
        while self._at < len(self._marks):
            mark = self._marks[self._at]
            self._at += 1
            text = mark.text
            self._square += (text == "[") - (text == "]")
            if text in _GAPS and self._square > 0 and self._text() in _GAPS:
                # Two spaces in square brackets stand between entries.
                self._at += 1
                yield Mark(",", mark.at)
                continue
            if text.isspace() or (text in _DROPPED and text not in _GONE):
                if text in {r"\left", r"\right", r"\middle"}:
                    self._empty_side()
                continue
            special = _SPECIAL.get(text)
            if special is not None:
                yield from special(self, mark)
            else:
                yield Mark(_SAME.get(text, text), mark.at)

    def _empty_side(self) -> None:
        self._space()
        if self._text() == ".":
            self._at += 1

    def _text(self) -> str:
        return self._marks[self._at].text if self._at < len(self._marks) else ""

    def _space(self) -> None:
        while self._text().isspace():
            self._at += 1

    def _argument(self) -> list[Mark]:
        inner, self._at = argument(self._marks, self._at)
        return inner

    def _option(self) -> str:
        """An argument in square brackets, if one follows."""
        if self._text() != "[":
            return ""
        end = self._at
        while end < len(self._marks) and self._marks[end].text != "]" and end - self._at < 40:
            end += 1
        if end >= len(self._marks) or self._marks[end].text != "]":
            return ""
        inner = "".join(mark.text for mark in self._marks[self._at + 1 : end])
        self._at = end + 1
        return inner

    def gone(self, mark: Mark) -> Iterator[Mark]:
        for _ in range(_GONE[mark.text]):
            self._argument()
        self._bare = self._at
        return iter(())

    def _before(self, at: int) -> str:
        at -= 1
        while at >= 0 and self._marks[at].text.isspace():
            at -= 1
        return self._marks[at].text if at >= 0 else ""

    def _is_alone(self) -> bool:
        """Whether the group that begins here hangs on nothing and belongs to no command."""
        before = self._before(self._at)
        return before in {"", "&", r"\\", ",", ";", ":", r"\quad", r"\qquad"} or self._bare == self._at

    def stacked(self, mark: Mark) -> Iterator[Mark]:
        self._space()
        if self._text() != "{":
            return
        inner = list(_Cleaning(self._argument()).all())
        yield from (Mark(rf"\begin{{{_STACKED[mark.text]}}}", mark.at), *inner)
        yield Mark(rf"\end{{{_STACKED[mark.text]}}}", inner[-1].at if inner else mark.at)

    def bold(self, mark: Mark) -> Iterator[Mark]:
        """A whole equality may stand in bold."""
        begin = self._at
        inner = self._argument()
        if _has_relation(inner):
            yield from _Cleaning(inner).all()
            return
        self._at = begin
        yield mark

    def gap(self, mark: Mark) -> Iterator[Mark]:
        """A wide space stands between two formulas."""
        found = _WIDE.fullmatch("".join(one.text for one in self._argument()))
        if found and float(found[1]) * _PER_UNIT[found[2]] >= 1:
            yield Mark(r"\quad", mark.at)

    def group(self, mark: Mark) -> Iterator[Mark]:
        """A group may begin with the font of a word."""
        begin = self._at
        self._space()
        if self._text() not in _SWITCHES:
            self._at = begin - 1
            alone = self._is_alone()
            inner = self._argument()
            hanging = self._before(begin - 1) in {"_", "^"}
            text, first = [one.text for one in inner], self._before(begin - 1) == "{"
            bare = text in (["="], [r"\nabla"]) or (first and text in _SLOPES) or _is_an_operator(inner)
            if (bare and not hanging) or (alone and _has_relation(inner)):
                yield from _Cleaning(inner).all()
                return
            self._at = begin
            yield mark
            return
        switch = self._marks[self._at]
        self._at = begin - 1
        inner = [one for one in self._argument() if one is not switch and not one.text.isspace()]
        command = r"\mathbf" if [one.text for one in inner] == ["1"] else r"\mathrm"
        end = self._marks[self._at - 1].at
        yield from _Cleaning([switch._replace(text=command), Mark("{", mark.at), *inner, Mark("}", end)]).all()

    def unwrapped(self, mark: Mark) -> Iterator[Mark]:
        for _ in range(_UNWRAPPED[mark.text]):
            self._argument()
        self._option()
        inner = list(_Cleaning(self._argument()).all())
        if mark.text == r"\underset" and [one.text for one in inner] != ["="]:
            yield from inner
            return
        whole = len(inner) > 1 and not _has_relation(inner) and not _is_an_operator(inner)
        yield from ([Mark("{", mark.at), *inner, Mark("}", mark.at)] if whole else inner)
        if mark.text.endswith("brace"):
            self._space()
            if self._text() in {"_", "^"}:
                self._at += 1
                self._argument()

    def words(self, mark: Mark) -> Iterator[Mark]:
        """Words, a letter or a name set upright."""
        inner = self._argument()
        word = "".join(one.text for one in inner)
        bare = word.strip()
        if mark.text == r"\texttt" and _CODE_NAME.fullmatch(bare):
            yield Mark(rf"\mathrm{{{bare.replace('_', '')}}}", mark.at)
        elif len(bare) == 1 and _LIKE_LETTERS.match(bare):
            yield Mark(UPRIGHT_D if bare == "d" and mark.text not in {r"\mathit", r"\textit"} else bare, mark.at)
        elif mark.text.startswith(r"\operatorname") and _CODE_NAME.fullmatch(bare):
            yield Mark(rf"\operatorname{{{bare.replace('_', '')}}}", mark.at)
        elif "\\" in word and mark.text.startswith(r"\math"):
            yield from _Cleaning(inner).all()
        elif times := _TIMES.get(bare.lower()):
            yield from (Mark(times, mark.at), Mark(r"\cdot", mark.at))
        elif bare.strip("-–—─ "):
            yield Mark(f"{WORDS}{word}}}", mark.at)

    def sized(self, mark: Mark) -> Iterator[Mark]:
        """A row's end may carry a length."""
        if self._text() == "*":
            self._at += 1
        before = self._at
        self._space()
        if not _LENGTH.fullmatch(self._option()):
            self._at = before
        yield Mark(r"\\", mark.at)

    def negated(self, mark: Mark) -> Iterator[Mark]:
        self._space()
        if self._text() == "=":
            self._at += 1
            yield Mark(r"\neq", mark.at)
        else:
            yield mark

    def defined(self, mark: Mark) -> Iterator[Mark]:
        """``:=``, ``!=`` and ``==`` are one sign."""
        if self._text() != "=":
            yield mark
            return
        self._at += 1
        yield Mark(r"\neq" if mark.text == "!" else "=", mark.at)

    def environment(self, mark: Mark) -> Iterator[Mark]:
        name = "".join(one.text for one in self._argument()).strip().rstrip("*")
        if mark.text == r"\begin":
            self._option()
            for _ in range(_ARGUED.get(name, 0)):
                self._argument()
        yield Mark(f"{mark.text}{{{name}}}", mark.at)

    def brace(self, mark: Mark) -> Iterator[Mark]:
        """A brace before a stack of lines: cases, written by hand."""
        self._space()
        ahead = "".join(one.text for one in self._marks[self._at : self._at + 24])
        if not ahead.startswith(r"\begin") or not _STACKS.match(ahead[6:].lstrip(" {")):
            yield Mark(r"\{", mark.at)
            return
        self._at += 1
        list(self.environment(Mark(r"\begin", mark.at)))
        level, end = 1, self._at
        while end < len(self._marks) and level:
            one = self._marks[end].text
            level += (one == r"\begin") - (one == r"\end")
            end += 1
        inner = list(_Cleaning(self._marks[self._at : end - 1 if not level else end]).all())
        self._at = end
        if not level:
            self._argument()
        yield Mark(r"\begin{cases}", mark.at)
        yield from inner
        yield Mark(r"\end{cases}", mark.at)

    def substack(self, _: Mark) -> Iterator[Mark]:
        for one in _Cleaning(self._argument()).all():
            yield Mark(",", one.at) if one.text == r"\\" else one


_SPECIAL: dict[str, Callable[[_Cleaning, Mark], Iterator[Mark]]] = {
    **dict.fromkeys(_GONE, _Cleaning.gone),
    **dict.fromkeys(_UNWRAPPED, _Cleaning.unwrapped),
    **dict.fromkeys(_TEXTS, _Cleaning.words),
    **dict.fromkeys(BOLD, _Cleaning.bold),
    **dict.fromkeys((r"\hspace", r"\hspace*"), _Cleaning.gap),
    **dict.fromkeys((r"\begin", r"\end"), _Cleaning.environment),
    **dict.fromkeys((":", "!"), _Cleaning.defined),
    r"\not": _Cleaning.negated,
    r"\substack": _Cleaning.substack,
    **dict.fromkeys(_STACKED, _Cleaning.stacked),
    "{": _Cleaning.group,
    r"\\": _Cleaning.sized,
    r"\{": _Cleaning.brace,
    r"\lbrace": _Cleaning.brace,
}


def cleaned(marks: Sequence[Mark]) -> list[Mark]:
    """Give marks without spaces and dress, other spellings of a mark made one, words in one mark each."""
    found: list[Mark] = []
    for mark in _without_labels(list(_Cleaning(_divided(marks)).all())):
        if mark.text == "|" and found and found[-1] == ("|", mark.at - 1):
            found[-1] = Mark(r"\|", found[-1].at)
        elif mark.text == "." and [one.text for one in found[-2:]] == [".", "."]:
            found[-2:] = [Mark(r"\dots", found[-2].at)]
        else:
            found.append(mark)
    return found


def _without_labels(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Give marks without what hangs on a sign of equality, and without what is empty above something."""
    at = 0
    while at < len(marks):
        if marks[at].text in {"_", "^"} and at:
            inner, end = argument(marks, at + 1)
            if (not inner and marks[at].text == "^") or marks[at - 1].text == "=":
                at = end
                continue
        yield marks[at]
        at += 1


def _divided(marks: Sequence[Mark]) -> list[Mark]:
    r"""Give marks with a fraction's command for every ``\over`` in a group; one outside of any stays."""
    found: list[Mark | None] = []
    #: Where there is room for a fraction at the beginning of each group, and whether it is one.
    groups: list[tuple[int, bool]] = []
    delimited = False
    for mark in marks:
        if mark.text == r"\over" and groups and not groups[-1][1]:
            groups[-1] = (groups[-1][0], True)
            found += [mark._replace(text="}"), mark._replace(text="{")]
            continue
        if mark.text in {"}", r"\right"} and groups:
            begin, divided = groups.pop()
            if divided:
                here = found[begin - 1] or mark
                found[begin : begin + 2] = [here._replace(text=r"\frac"), here._replace(text="{")]
                found.append(mark._replace(text="}"))
        found.append(mark)
        if mark.text == "{" or (delimited and not mark.text.isspace()):
            groups.append((len(found), False))
            found += [None, None]
            delimited = False
        elif mark.text == r"\left":
            delimited = True
    return [mark for mark in found if mark is not None]


def _is_an_operator(marks: Sequence[Mark]) -> bool:
    """Whether it is a derivative's fraction of which nothing is differentiated yet."""
    marks = [mark for mark in marks if not mark.text.isspace()]
    slope = (r"\partial", "d")
    if [mark.text for mark in marks[:1]] not in ([r"\frac"], [r"\dfrac"], [r"\tfrac"]):
        return False
    above, at = argument(marks, 1)
    below, end = argument(marks, at)
    over, by = ([mark.text for mark in half if mark.text not in {"{", "}"}] for half in (above, below))
    return len(over) == 1 and over[0] in slope and len(by) > 1 and by[0] in slope and end == len(marks)


def _has_relation(marks: Sequence[Mark]) -> bool:
    level = 0
    for mark in marks:
        level += (mark.text in OPEN or mark.text.startswith(r"\begin")) - (
            mark.text in CLOSE or mark.text.startswith(r"\end")
        )
        if not level and mark.text == "=":
            return True
    return False
