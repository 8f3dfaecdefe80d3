"""Students' LaTeX in the words of our grammar: macros, fonts and spellings go, statements come apart at their ``=``."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

from autograder.derivation.answers.document import conditions
from autograder.derivation.answers.macros import TOKEN, DialectError, Macros, argument, expanded
from autograder.derivation.answers.spelling import plain

MOST_LEVELS = 60

_BOLD = {
    r"\vec",
    r"\bm",
    r"\boldsymbol",
    r"\mathbf",
    r"\bold",
    r"\pmb",
    r"\underline",
    r"\textbf",
    r"\symbf",
    r"\mathbb",
}
_UPRIGHT = {
    r"\mathrm",
    r"\text",
    r"\operatorname",
    r"\operatorname*",
    r"\textrm",
    r"\mbox",
    r"\mathit",
    r"\mathsf",
    r"\textit",
    r"\hbox",
}
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
    "β": r"\beta", "∂": r"\partial", "∑": r"\sum", "Σ": r"\sum", "≠": r"\neq", "·": r"\cdot", "×": r"\cdot",
    "⋅": r"\cdot", "−": "-", "–": "-", "ᵀ": r"^\top", "δ": r"\delta", "²": "^2", "≡": "=",
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
_BEGIN = r"\begin"
_LETTER = re.compile(r"[a-z]")
_BARE = re.compile(r"[(\[]?\s*[a-z]\s*(=|\\neq)\s*[a-z]\s*[)\]]?")
_LENGTH = re.compile(r"\[\s*-?[\d.]+\s*[a-z]{2}\s*\]")
_STACK = re.compile(r"\\begin\s*\{(array|aligned|alignedat|split|gathered|matrix)\}")
_VECTOR = re.compile(r"[A-Za-z]|\\(beta|delta)")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_COST_OF_Y = re.compile(r"(C(?:_\{?2\}?)?)\((?:\\mathbf\{y\}|y)\)")
_FONTS = re.compile(r"\\(mathrm|mathsf|text|intercal|top|mathbf|bm|rm|textrm|mathit)|[{}]")
_OPEN, _CLOSE = {"{", "(", "["}, {"}", ")", "]"}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A chain of equalities.

    Attributes
    ----------
    sides : tuple of str
        At least two, in the grammar's words.
    rows : tuple of int
        The row of the display each side ends in, from 0, by newlines of the source.
    condition : tuple of (str, str, bool), optional
        Two indices and whether they agree, from the words beside it.
    """

    sides: tuple[str, ...]
    rows: tuple[int, ...]
    condition: tuple[str, str, bool] | None = None


def statements(latex: str, macros: Macros) -> Iterator[Statement]:
    """Take a formula apart.

    Parameters
    ----------
    latex : str
        What stands between the marks of a display or of inline mathematics.
    macros : Mapping
        From `find_macros`.

    Yields
    ------
    Statement
        Each chain of ``=``.

    Raises
    ------
    DialectError
        If it is too long, too deep, or its macros grow too much.
    """
    tokens = expanded(TOKEN.findall(latex), macros)
    _must_be_flat(tokens)
    tokens = list(_respelled(tokens))
    found: list[Statement] = []
    for kind, piece, row in _pieces(tokens):
        text = plain(piece)
        words = conditions(" ".join("".join(piece).split())) if kind in {"words", "start"} else None
        if words and (kind == "words" or _bare(text)):
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
    for number, statement in enumerate(found):
        if len(statement.sides) == 2 and all(_LETTER.fullmatch(side) for side in statement.sides):
            continue
        following = found[number + 1] if number + 1 < len(found) else statement
        if len(following.sides) == 2 and all(_LETTER.fullmatch(side) for side in following.sides):
            statement = replace(statement, condition=(*following.sides, True))  # noqa: PLW2901
        if len(statement.sides) > 1:
            yield statement


def _bare(text: str) -> bool:
    """Whether a piece is a condition and nothing else."""
    return _BARE.fullmatch(text) is not None


def _must_be_flat(tokens: list[str]) -> None:
    level = deepest = 0
    for mark in tokens:
        level += (mark in _OPEN) - (mark in _CLOSE)
        deepest = max(deepest, level)
    if deepest > MOST_LEVELS:
        raise DialectError(f"its brackets stand more than {MOST_LEVELS} deep")


def _respelled(tokens: list[str]) -> Iterator[str]:
    """Tokens in the grammar's spelling, one for one or fewer."""
    at = 0
    kinds: list[str] = []
    one_sided = False
    while at < len(tokens):
        mark = tokens[at]
        at += 1
        if mark in _GONE:
            _, at = argument(tokens, at)
        elif mark in _UNWRAPPED:
            if mark == r"\textcolor":
                _, at = argument(tokens, at)
            inner, at = argument(tokens, at)
            yield from _respelled(inner)
            if at < len(tokens) and tokens[at] == "_" and "brace" in mark:
                _, at = argument(tokens, at + 1)
        elif mark in _BOLD:
            inner, at = argument(tokens, at)
            yield from _bold(inner)
        elif mark in _UPRIGHT:
            inner, at = argument(tokens, at)
            yield from _upright("".join(inner))
        elif mark == r"\nabla" or (mark == r"\partial" and tokens[at : at + 1] == ["_"]):
            at = yield from _nabla(tokens, at)
        elif mark == r"\not" and at < len(tokens) and tokens[at] == "=":
            at += 1
            yield r"\neq"
        elif mark in {r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"}:
            upper, at = argument(tokens, at)
            lower, at = argument(tokens, at)
            yield from _fraction(list(_respelled(upper)), list(_respelled(lower)))
        elif mark == r"\substack":
            inner, at = argument(tokens, at)
            for piece in inner:
                yield "," if piece == r"\\" else piece
        elif mark in {r"\begin", r"\end"}:
            inner, at = argument(tokens, at)
            name = "".join(inner).strip()
            if name == "array" and mark == r"\begin":
                _, at = argument(tokens, at)
            if name.rstrip("*") in _INNER or one_sided or (mark == r"\end" and kinds and name in _STACKED):
                if mark == r"\begin":
                    kinds.append("cases" if one_sided or name in {"cases", "dcases", "rcases"} else "pmatrix")
                    one_sided = False
                yield f"{mark}{{{(kinds.pop() if mark != _BEGIN else kinds[-1]) if kinds else 'pmatrix'}}}"
            elif mark == r"\begin" and name in {"alignat", "alignat*", "alignedat"}:
                _, at = argument(tokens, at)
        elif mark == r"\\":
            # A row's end may carry an optional length.
            if at < len(tokens) and tokens[at] == "[" and _LENGTH.match("".join(tokens[at : at + 12])):
                at = tokens.index("]", at) + 1
            yield mark
        elif mark == r"\{" and _opens_cases(tokens, at):
            one_sided = True
        elif mark in {r"\left", r"\right"} and at < len(tokens) and tokens[at] == ".":
            at += 1
        elif mark in _DROPPED:
            if mark == "~":
                yield " "
        elif mark == "^" and at < len(tokens):
            at = yield from _raised(tokens, at)
        elif mark in _SAME:
            yield _SAME[mark]
        else:
            yield mark


def _opens_cases(tokens: list[str], at: int) -> bool:
    """Whether a brace stands before a stack of lines: cases, written by hand."""
    after = "".join(tokens[at : at + 24]).lstrip()
    return _STACK.match(after) is not None


def _bold(inner: list[str]) -> Iterator[str]:
    """A bold letter; what else is in the font stays plain."""
    for mark in inner:
        if _VECTOR.fullmatch(mark):
            yield rf"\mathbf{{{mark}}}"
        elif mark not in _DROPPED and mark not in _BOLD:
            yield mark


def _upright(word: str) -> Iterator[str]:
    name = word.strip().lower()
    if name in {"exp", "diag"}:
        yield rf"\{name}" if name == "exp" else r"\mathrm{diag}"
    elif len(word.strip()) == 1:
        yield word.strip()
    elif word.strip():
        yield rf"\text{{{word}}}"


def _nabla(tokens: list[str], at: int) -> Generator[str, None, int]:
    r"""``\nabla_W C`` is the derivative of C by W."""
    if at < len(tokens) and tokens[at] == "_":
        by, at = argument(tokens, at + 1)
        of, at = argument(tokens, at)
        if of and (of[0] in _BOLD or of[0] == r"\hat") and len(of) == 1:
            letter, at = argument(tokens, at)
            of = [*of, "{", *letter, "}"]
        if at < len(tokens) and tokens[at] == "_":
            index, at = argument(tokens, at + 1)
            of = [*of, "_", "{", *index, "}"]
        yield from (r"\frac", "{", r"\partial", " ", *_respelled(of), "}", "{", r"\partial", " ", *_respelled(by), "}")
    else:
        yield r"\nabla"
    return at


def _fraction(upper: list[str], lower: list[str]) -> Iterator[str]:
    """A fraction; d or delta on both sides makes it a derivative."""
    below = _differential(lower)
    above = _differential(upper)
    if below is not None and above is not None:
        upper, lower = [r"\partial", " ", *above], [r"\partial", " ", *below]
    yield from (r"\frac", "{", *upper, "}", "{", *lower, "}")


def _differential(tokens: list[str]) -> list[str] | None:
    solid = [mark for mark in tokens if not mark.isspace()]
    if not solid or solid[0] not in {"d", r"\partial", r"\delta", r"\Delta"}:
        return None
    if solid[0] == r"\delta" and len(solid) > 1 and solid[1] == "_":
        return None
    # C(y) is C: the costs are functions of y whatever stands behind them.
    rest = _joined(solid[1:])
    cost = _COST_OF_Y.fullmatch(rest)
    return TOKEN.findall(cost[1] if cost else rest)


def _joined(marks: list[str]) -> str:
    """Marks as text: a command keeps its distance from a letter."""
    return "".join(f"{mark} " if _COMMAND.fullmatch(mark) else mark for mark in marks)


def _raised(tokens: list[str], at: int) -> Generator[str, None, int]:
    inner, end = argument(tokens, at)
    text = "".join(mark for mark in inner if not mark.isspace())
    bare = _FONTS.sub("", text)
    if (bare in {"T", "t"} and text) or text in {r"\top", r"\intercal"}:
        yield r"^\top"
    else:
        yield from ("^", "{", *_respelled(inner), "}")
    return end


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
