"""Students' LaTeX in the words of our grammar: macros, fonts and spellings go, statements come apart at their ``=``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from autograder.mathematics.answers.document import Condition, conditions
from autograder.mathematics.answers.macros import TOKEN, DialectError, Macros, argument, expanded
from autograder.mathematics.answers.spelling import Spelling
from autograder.mathematics.formulas.greek import GREEK

MOST_LEVELS = 60
_BOLD = {
    r"\vec", r"\bm", r"\boldsymbol", r"\mathbf", r"\bold", r"\pmb", r"\underline", r"\textbf", r"\symbf", r"\mathbb",
}  # fmt: skip
_UPRIGHT = {
    r"\mathrm", r"\text", r"\operatorname", r"\operatorname*", r"\textrm", r"\mbox", r"\mathit", r"\mathsf",
    r"\textit", r"\hbox",
}  # fmt: skip
_DROPPED = {
    r"\left", r"\right", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\biggl", r"\biggr", r"\big", r"\Big", r"\bigg",
    r"\Bigg", r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits", r"\nonumber", r"\notag", r"\,", r"\;", r"\:",
    r"\!", r"\ ", r"\>", r"~", r"\hfill", r"\hline", r"\centering", r"\noindent", r"\rm", r"\mathstrut", r"\strut", ":",
}  # fmt: skip
_GONE = {
    r"\label", r"\tag", r"\tag*", r"\intertext", r"\vspace", r"\hspace", r"\hspace*", r"\color", r"\phantom",
}  # fmt: skip
_UNWRAPPED = {
    r"\boxed", r"\fbox", r"\underbrace", r"\overbrace", r"\mathcal", r"\textcolor", r"\ensuremath", r"\hat",
}  # fmt: skip
_SAME = {
    r"\ne": r"\neq", r"\times": r"\cdot", "*": r"\cdot", r"\ast": r"\cdot", r"\cdotp": r"\cdot", r"\dots": r"\ldots",
    r"\lbrack": "[", r"\rbrack": "]", r"\lbrace": "{", r"\rbrace": "}", r"\lparen": "(", r"\rparen": ")",
    r"\intercal": r"\top", r"\varepsilon": r"\epsilon", r"\triangleq": "=", r"\coloneqq": "=", r"\equiv": "=",
    "∂": r"\partial", "∑": r"\sum", "Σ": r"\sum", "≠": r"\neq", "·": r"\cdot", "×": r"\cdot",
    "⋅": r"\cdot", "−": "-", "–": "-", "ᵀ": r"^\top", "²": "^2", "≡": "=",
    **{letter: rf"\{name}" for name, letter in GREEK.items()},
}  # fmt: skip
_BETWEEN = {
    r"\implies", r"\Rightarrow", r"\Longrightarrow", r"\iff", r"\Leftrightarrow", r"\therefore", r"\because",
    r"\quad", r"\qquad", r"\to", r"\rightarrow", ";",
}  # fmt: skip
_OTHER_RELATIONS = {"<", ">", r"\le", r"\leq", r"\ge", r"\geq", r"\approx", r"\in", r"\propto", r"\sim", r"\neq"}
_ASIDE = re.compile(
    r"\\text\{\W*(if|for|when|where|and|or|with|since|by|because|so|thus|hence|case|otherwise|assuming|as|let|then|only)\b"
)
_INNER = {"matrix", "pmatrix", "bmatrix", "smallmatrix", "Bmatrix", "array", "cases", "dcases", "vmatrix", "rcases"}
_STACKED = {"aligned", "alignedat", "split", "gathered"}
_LETTER = re.compile(r"[a-z]")
_BARE = re.compile(r"[(\[]?\s*[a-z]\s*(=|\\neq)\s*[a-z]\s*[)\]]?")
_LENGTH = re.compile(r"\[\s*-?[\d.]+\s*[a-z]{2}\s*\]")
_STACK = re.compile(r"\\begin\s*\{(array|aligned|alignedat|split|gathered|matrix)\}")
_VECTOR = re.compile(rf"[A-Za-z]|\\({'|'.join(GREEK)})")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_FONTS = re.compile(r"\\(mathrm|mathsf|text|intercal|top|mathbf|bm|rm|textrm|mathit)|[{}]")
_OPEN, _CLOSE = {"{", "(", "["}, {"}", ")", "]"}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A chain of equalities."""

    #: At least two, in the grammar's words.
    sides: tuple[str, ...]
    #: The row of the display each side ends in, from 0, by newlines of the source.
    rows: tuple[int, ...]
    #: Two indices and whether they agree, from the words beside it.
    condition: Condition | None = None


def statements(latex: str, macros: Macros, spelling: Spelling) -> Iterator[Statement]:
    """Take what stands between the marks of a display or of inline mathematics apart, into its chains of ``=``.

    Raises
    ------
    DialectError
        If it is too long, too deep, or its macros grow too much.
    """
    tokens = expanded(TOKEN.findall(latex), macros)
    _must_be_flat(tokens)
    found = _chained(list(_Respelling(tokens, spelling).tokens()), spelling)
    for statement, following in zip_longest(found, found[1:]):
        if len(statement.sides) > 1 and _agreeing(statement) is None:
            condition = _agreeing(following) if following else None
            yield replace(statement, condition=condition or statement.condition)


def _agreeing(statement: Statement) -> Condition | None:
    """The two letters of a statement that says that they agree, and nothing else."""
    letters = [side for side in statement.sides if _LETTER.fullmatch(side)]
    return (letters[0], letters[1], True) if len(letters) == len(statement.sides) == 2 else None


def _chained(tokens: list[str], spelling: Spelling) -> list[Statement]:
    """Statements of one side and more, the conditions beside them taken in."""
    found: list[Statement] = []
    for kind, piece, row in _pieces(tokens):
        text = spelling.plain(piece)
        words = conditions(" ".join("".join(piece).split())) if kind in {"words", "start"} else None
        if words and (kind == "words" or _BARE.fullmatch(text)):
            if found:
                found[-1] = replace(found[-1], condition=words)
        elif kind == "words" or (not text and kind != "side"):
            continue
        elif kind == "start" or not found:
            found.append(Statement(sides=(text,), rows=(row,)))
        elif kind == "more":
            found[-1] = replace(found[-1], sides=(*found[-1].sides[:-1], f"{found[-1].sides[-1]} {text}"))
        else:
            found[-1] = replace(found[-1], sides=(*found[-1].sides, text), rows=(*found[-1].rows, row))
    return found


def _must_be_flat(tokens: list[str]) -> None:
    level = deepest = 0
    for mark in tokens:
        level += (mark in _OPEN) - (mark in _CLOSE)
        deepest = max(deepest, level)
    if deepest > MOST_LEVELS:
        raise DialectError(f"its brackets stand more than {MOST_LEVELS} deep")


class _Respelling:
    """Tokens in the grammar's spelling while they are read, one for one or fewer."""

    def __init__(self, tokens: list[str], spelling: Spelling) -> None:
        self._tokens, self._spelling = tokens, spelling
        self._at = 0
        #: What the grammar calls the environments that are open.
        self._kinds: list[str] = []
        self._one_sided = False

    def tokens(self) -> Iterator[str]:
        while self._at < len(self._tokens):
            mark = self._tokens[self._at]
            self._at += 1
            if (special := _SPECIAL.get(mark)) is not None:
                yield from special(self, mark)
            elif mark not in _DROPPED:
                yield _SAME.get(mark, mark)

    def _argument(self) -> list[str]:
        inner, self._at = argument(self._tokens, self._at)
        return inner

    def _next_is(self, token: str) -> bool:
        return self._tokens[self._at : self._at + 1] == [token]

    def _inside(self, tokens: list[str]) -> list[str]:
        return list(_Respelling(tokens, self._spelling).tokens())

    def gone(self, _: str) -> Iterator[str]:
        self._argument()
        return iter(())

    def unwrapped(self, mark: str) -> Iterator[str]:
        if mark == r"\textcolor":
            self._argument()
        yield from self._inside(self._argument())
        if self._next_is("_") and "brace" in mark:
            self._at += 1
            self._argument()

    def bold(self, _: str) -> Iterator[str]:
        """A bold letter; what else is in the font stays plain."""
        for mark in self._argument():
            if _VECTOR.fullmatch(mark):
                yield rf"\mathbf{{{mark}}}"
            elif mark not in _DROPPED and mark not in _BOLD:
                yield mark

    def upright(self, _: str) -> Iterator[str]:
        word = "".join(self._argument())
        name = word.strip().lower()
        if name in {"exp", "diag"}:
            yield rf"\{name}" if name == "exp" else r"\mathrm{diag}"
        elif len(word.strip()) == 1:
            yield word.strip()
        elif word.strip():
            yield rf"\text{{{word}}}"

    def nabla(self, mark: str) -> Iterator[str]:
        r"""``\nabla_A f`` is the derivative of f by A, and so is ``\partial_A f``."""
        if not self._next_is("_"):
            yield mark
            return
        self._at += 1
        by, of = self._argument(), self._argument()
        if len(of) == 1 and (of[0] in _BOLD or of[0] == r"\hat"):
            of = [*of, "{", *self._argument(), "}"]
        if self._next_is("_"):
            self._at += 1
            of = [*of, "_", "{", *self._argument(), "}"]
        upper, lower = self._inside(of), self._inside(by)
        yield from (r"\frac", "{", r"\partial", " ", *upper, "}", "{", r"\partial", " ", *lower, "}")

    def negated(self, mark: str) -> Iterator[str]:
        equal = self._next_is("=")
        self._at += equal
        yield r"\neq" if equal else mark

    def fraction(self, _: str) -> Iterator[str]:
        """A fraction; d or delta on both sides makes it a derivative."""
        upper, lower = self._inside(self._argument()), self._inside(self._argument())
        above, below = self._differential(upper), self._differential(lower)
        if below is not None and above is not None:
            upper, lower = [r"\partial", " ", *above], [r"\partial", " ", *below]
        yield from (r"\frac", "{", *upper, "}", "{", *lower, "}")

    def _differential(self, tokens: list[str]) -> list[str] | None:
        solid = [mark for mark in tokens if not mark.isspace()]
        if not solid or solid[0] not in {"d", r"\partial", r"\delta", r"\Delta"}:
            return None
        if solid[0] == r"\delta" and len(solid) > 1 and solid[1] == "_":
            return None
        return TOKEN.findall(self._spelling.of_cost(_joined(solid[1:])))

    def stacked(self, _: str) -> Iterator[str]:
        return ("," if piece == r"\\" else piece for piece in self._argument())

    def environment(self, mark: str) -> Iterator[str]:
        begins, name = mark == r"\begin", "".join(self._argument()).strip()
        if name == "array" and begins:
            self._argument()
        if name.rstrip("*") in _INNER or self._one_sided or (not begins and self._kinds and name in _STACKED):
            if begins:
                cases = self._one_sided or name in {"cases", "dcases", "rcases"}
                self._kinds.append("cases" if cases else "pmatrix")
                self._one_sided = False
            kind = (self._kinds[-1] if begins else self._kinds.pop()) if self._kinds else "pmatrix"
            yield f"{mark}{{{kind}}}"
        elif begins and name in {"alignat", "alignat*", "alignedat"}:
            self._argument()

    def row(self, mark: str) -> Iterator[str]:
        """A row's end may carry an optional length."""
        if self._next_is("[") and _LENGTH.match("".join(self._tokens[self._at : self._at + 12])):
            self._at = self._tokens.index("]", self._at) + 1
        yield mark

    def brace(self, mark: str) -> Iterator[str]:
        """A brace before a stack of lines: cases, written by hand."""
        if _STACK.match("".join(self._tokens[self._at : self._at + 24]).lstrip()):
            self._one_sided = True
        else:
            yield mark

    def sized(self, _: str) -> Iterator[str]:
        self._at += self._next_is(".")
        return iter(())

    def space(self, _: str) -> Iterator[str]:
        yield " "

    def raised(self, mark: str) -> Iterator[str]:
        if self._at == len(self._tokens):
            yield mark
            return
        inner = self._argument()
        text = "".join(mark for mark in inner if not mark.isspace())
        bare = _FONTS.sub("", text)
        if (bare in {"T", "t"} and text) or text in {r"\top", r"\intercal"}:
            yield r"^\top"
        else:
            yield from ("^", "{", *self._inside(inner), "}")


_SPECIAL: dict[str, Callable[[_Respelling, str], Iterator[str]]] = {
    **dict.fromkeys(_GONE, _Respelling.gone),
    **dict.fromkeys(_UNWRAPPED, _Respelling.unwrapped),
    **dict.fromkeys(_BOLD, _Respelling.bold),
    **dict.fromkeys(_UPRIGHT, _Respelling.upright),
    **dict.fromkeys((r"\nabla", r"\partial"), _Respelling.nabla),
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"), _Respelling.fraction),
    **dict.fromkeys((r"\begin", r"\end"), _Respelling.environment),
    **dict.fromkeys((r"\left", r"\right"), _Respelling.sized),
    r"\not": _Respelling.negated,
    r"\substack": _Respelling.stacked,
    r"\\": _Respelling.row,
    r"\{": _Respelling.brace,
    "~": _Respelling.space,
    "^": _Respelling.raised,
}


def _joined(marks: list[str]) -> str:
    """Marks as text: a command keeps its distance from a letter."""
    return "".join(f"{mark} " if _COMMAND.fullmatch(mark) else mark for mark in marks)


def _pieces(tokens: list[str]) -> Iterator[tuple[str, list[str], int]]:
    """Sides, in order: what starts a statement, what follows an ``=``, what goes on, and words beside them."""
    level = inside = row = 0
    piece: list[str] = []
    kind = "start"
    fresh = True
    for mark in [*tokens, r"\\"]:
        row += mark.count("\n")
        if mark.startswith(r"\begin{"):
            inside += 1
        elif mark.startswith(r"\end{"):
            inside -= 1
        level += (mark in _OPEN) - (mark in _CLOSE)
        if level > 0 or inside > 0:
            piece.append(mark)
            continue
        if mark == "&":
            continue
        if mark == r"\\":
            yield kind, piece, row
            piece, kind, fresh = [], "start", True
            level = inside = 0
        elif mark == "=" and kind != "words":
            if not (fresh and not "".join(piece).strip()):
                yield kind, piece, row
            piece, kind = [], "side"
        elif mark in _BETWEEN or mark == "," or _ASIDE.match(mark):
            yield kind, piece, row
            piece, kind = ([mark], "words") if _ASIDE.match(mark) else ([], "start")
        elif mark in _OTHER_RELATIONS and kind != "words":
            # No equality: to the row's end, these are words, perhaps a condition.
            if kind != "start":
                yield kind, piece, row
                piece = []
            piece, kind = [*piece, mark], "words"
        else:
            if fresh and kind == "start" and mark in {"+", "-", r"\cdot"} and not "".join(piece).strip():
                kind = "more"
            piece.append(mark)
        fresh = fresh and mark.isspace()
    if piece:
        # A bracket that nobody closed: the rest is one piece, which cannot be read.
        yield kind, piece[:-1], row
