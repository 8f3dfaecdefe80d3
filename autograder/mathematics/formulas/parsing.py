"""LaTeX to a tree: lark's LALR parser behind bounds, so that no text makes it slow, deep or loud."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken
from lark.exceptions import VisitError

from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.greek import GREEK

MOST_CHARACTERS = 10_000
MOST_LEVELS = 40
MOST_DIGITS = 12
READABLE = (
    r"letters with indices, \mathbf, \partial fractions, \frac, \sum, \exp, \log, \tanh, \sqrt, \max, \cdot, ^\top, "
    r"powers, pmatrix, cases, \mathrm{diag} and brackets"
)
_WORD = re.compile(r"\\[A-Za-z]*|.", re.DOTALL)
_OPENING = re.compile(r"\\begin\b|\\end\b|\\[{}]|[({\[\]})]")


class ParseError(Exception):
    """LaTeX that cannot be read: where (from 0), what stands there (nothing at the end), what can be read instead."""

    def __init__(self, position: int, found: str, hint: str) -> None:
        super().__init__(f"at character {position}: {found!r}: {hint}")
        self.position = position
        self.found = found
        self.hint = hint


class _Group:
    """A bracket while it may still turn out to hold an argument."""

    def __init__(self, inner: t.Node) -> None:
        self.inner = inner


def _plain(value: Any) -> t.Node:
    node: t.Node = value.inner if isinstance(value, _Group) else value
    return node


def _word(token: str) -> str:
    return token.removeprefix("\\")


class _Builder(Transformer[Token, Any]):
    """Build nodes as lark reduces."""

    def start(self, children: list[Any]) -> t.Node:
        return _plain(children[0])

    def first(self, children: list[Any]) -> t.Node:
        node = _plain(children[-1])
        return t.Negative(of=node) if children[0] == "-" else node

    def sum(self, children: list[Any]) -> Any:
        if len(children) == 1:
            return children[0]
        terms = [_plain(children[0])]
        for sign, product in zip(children[1::2], children[2::2], strict=True):
            terms.append(t.Negative(of=_plain(product)) if sign == "-" else _plain(product))
        return t.Plus(terms=tuple(terms))

    def chain(self, children: list[Any]) -> list[tuple[bool, Any]]:
        if len(children) == 1:
            return [(False, children[0])]
        before: list[tuple[bool, Any]] = children[0]
        # The list grows in place: a copy for each factor would be quadratic.
        before.append((isinstance(children[1], Token) and children[1].type == "DOT", children[-1]))
        return before

    def product(self, children: list[Any]) -> t.Node:
        chain = children[0] if isinstance(children[0], list) else []
        if not isinstance(children[-1], list):
            dot = any(isinstance(child, Token) for child in children)
            chain = [*chain, (dot, children[-1])]
        factors: list[t.Node] = []
        dots: list[bool] = []
        for dot, piece in chain:
            applied = _applied(factors[-1] if factors else None, piece, dot=dot)
            if applied is not None:
                factors[-1] = applied
                continue
            factors.append(_plain(piece))
            dots.append(dot)
        return factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=tuple(dots[1:]))

    def total(self, children: list[Any]) -> t.Node:
        _, limits, body = children
        return t.Total(body=_plain(body), **limits)

    def limits(self, children: list[Any]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for child in children:
            merged |= child
        return merged

    def below(self, children: list[Any]) -> dict[str, Any]:
        pieces = [child for child in children if child is not None]
        index = str(pieces[0])
        limits: dict[str, Any] = {"index": index}
        rest = pieces[1:]
        if rest and not isinstance(rest[0], Token):
            limits["lower"] = _plain(rest[0])
            rest = rest[1:]
        elif rest and rest[0].type == "NEQ":
            rest = [pieces[0], *rest]
        others = []
        for letter, _, other in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            if letter != index:
                raise ParseError(letter.start_pos or 0, str(letter), f"a condition on {index} belongs below this sum")
            others.append(str(other))
        return limits | {"skipped": tuple(others)}

    def above(self, children: list[Any]) -> dict[str, Any]:
        return {"upper": _exponent(children[0])}

    def power(self, children: list[Any]) -> t.Node:
        base, exponent = _plain(children[0]), children[1]
        if exponent is t.Transpose:
            return t.Transpose(of=base)
        exponent = _exponent(exponent)
        if base == t.Symbol(name="e"):
            return t.Function(name="exp", argument=exponent)
        return t.Power(base=base, exponent=exponent)

    def top(self, _: list[Any]) -> type[t.Transpose]:
        return t.Transpose

    def operator(self, children: list[Any]) -> t.Node:
        return t.Partial(of=_plain(children[-1]), by=children[-2])

    def partial(self, children: list[Any]) -> t.Node:
        _, _, of, _, by = children
        return t.Partial(of=_plain(of), by=by)

    def partial_applied(self, children: list[Any]) -> t.Node:
        function, argument, by = (child for child in children if isinstance(child, t.Symbol))
        applied = _applied(function, _Group(argument), dot=False)
        of = applied or t.Times(factors=(function, argument), dots=(False,))
        return t.Partial(of=of, by=by)

    def fraction(self, children: list[Any]) -> t.Node:
        return t.Fraction(numerator=_plain(children[1]), denominator=_plain(children[2]))

    def group(self, children: list[Any]) -> _Group:
        (inner,) = (child for child in children if not isinstance(child, Token))
        return _Group(_plain(inner))

    def function(self, children: list[Any]) -> t.Node:
        name = next((one for one in ("exp", "log", "tanh", "sqrt") if children[0] == rf"\{one}"), "diag")
        argument = next(_plain(child) for child in children[1:] if not isinstance(child, Token))
        if name in {"exp", "diag"}:
            return t.Function(name=name, argument=argument)
        return t.Operation(name=name, of=(argument,))

    def maximum(self, children: list[Any]) -> t.Node:
        return t.Operation(name="max", of=tuple(_plain(child) for child in children if not isinstance(child, Token)))

    def number(self, children: list[Any]) -> t.Node:
        (digits,) = children
        if len(digits) > MOST_DIGITS:
            raise ParseError(digits.start_pos or 0, digits[:MOST_DIGITS] + "...", f"at most {MOST_DIGITS} digits")
        return t.Number(digits=str(digits))

    def name(self, children: list[Any]) -> str:
        return _word(children[0])

    def index(self, children: list[Any]) -> str:
        (token,) = children
        if len(token) > MOST_DIGITS:
            raise ParseError(token.start_pos or 0, token[:MOST_DIGITS] + "...", f"at most {MOST_DIGITS} digits")
        if "." in token:
            raise ParseError(token.start_pos or 0, str(token), "an index is a letter or a whole number")
        return _word(token)

    def subscript(self, children: list[Any]) -> tuple[str, ...]:
        return tuple(children)

    def symbol(self, children: list[Any]) -> t.Node:
        return t.Symbol(name=children[0], indices=children[1] if len(children) > 1 else ())

    def bold(self, children: list[Any]) -> t.Node:
        return t.Symbol(name=children[1], bold=True, indices=children[2] if len(children) > 2 else ())

    def row(self, children: list[Any]) -> tuple[t.Node, ...]:
        return tuple(map(_plain, children))

    def matrix(self, children: list[Any]) -> t.Node:
        rows = tuple(child for child in children if not isinstance(child, Token))
        if len({len(row) for row in rows}) > 1:
            raise ParseError(
                children[0].start_pos or 0, str(children[0]), "the rows of a matrix must have the same length"
            )
        return t.Matrix(rows=rows)

    def agree(self, children: list[Any]) -> t.Condition:
        return t.Condition(left=children[0], right=children[1], equal=True)

    def differ(self, children: list[Any]) -> t.Condition:
        return t.Condition(left=children[0], right=children[2], equal=False)

    def greater(self, children: list[Any]) -> t.Above:
        return t.relation(_plain(children[0]), str(children[1]), _plain(children[2]))

    def case(self, children: list[Any]) -> tuple[t.Node, t.When]:
        condition = children[-1] if isinstance(children[-1], t.Condition | t.Above) else None
        return _plain(children[0]), condition

    def cases(self, children: list[Any]) -> t.Node:
        return t.Cases(rows=tuple(child for child in children if not isinstance(child, Token)))


def _exponent(value: Any) -> t.Node:
    if isinstance(value, Token):
        return t.Number(digits=str(value))
    return t.Symbol(name=value) if isinstance(value, str) else _plain(value)


def _applied(before: t.Node | None, piece: Any, *, dot: bool) -> t.Applied | None:
    """Read a letter before a bracketed bold vector as a function of it."""
    if not isinstance(piece, _Group) or not isinstance(piece.inner, t.Symbol) or dot:
        return None
    argument = piece.inner
    if isinstance(before, t.Symbol) and argument.bold and not argument.indices and not before.bold:
        return t.Applied(function=before, argument=argument)
    return None


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    grammar = grammar.replace("(ALPHABET)", f"({'|'.join(GREEK)})")
    return Lark(grammar, parser="lalr", transformer=_Builder(), maybe_placeholders=False)


def parse(latex: str) -> t.Node:
    """Read one side of an equality.

    Raises
    ------
    ParseError
        If it cannot be read, or is longer or deeper than the bounds allow. Nothing else is raised.
    """
    if len(latex) > MOST_CHARACTERS:
        raise ParseError(MOST_CHARACTERS, "", f"a line of at most {MOST_CHARACTERS} characters")
    level = 0
    for bracket in _OPENING.finditer(latex):
        level += 1 if bracket[0] in {"(", "{", "[", r"\{", r"\begin"} else -1
        # \frac{a}{b} adds two brackets for one level, \begin{pmatrix} one that it closes again.
        if level > 2 * MOST_LEVELS:
            raise ParseError(bracket.start(), bracket[0], f"at most {MOST_LEVELS} levels of brackets")
    try:
        node: t.Node = _parser().parse(latex)  # type: ignore[assignment] # the transformer builds nodes
    except UnexpectedCharacters as error:
        position = error.pos_in_stream or 0
        word = _WORD.match(latex, position)
        raise ParseError(position, word[0][:30] if word else "", f"what can be read: {READABLE}") from None
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise ParseError(len(latex), "", "the line ends too early") from None
        raise ParseError(
            error.token.start_pos or 0, str(error.token)[:30], "nothing of this kind may stand here"
        ) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ParseError):
            raise error.orig_exc from None
        raise
    if t.depth(node) > MOST_LEVELS:
        raise ParseError(0, latex[:10], f"at most {MOST_LEVELS} levels")
    return node


def parse_condition(latex: str) -> t.Condition:
    r"""Read a condition on two indices.

    Raises
    ------
    ParseError
        If it is anything else.
    """
    found = parse(rf"\begin{{cases}} 0 & {latex} \end{{cases}}")
    if isinstance(found, t.Cases) and len(found.rows) == 1 and isinstance(found.rows[0][1], t.Condition):
        return found.rows[0][1]
    raise ParseError(0, latex[:30], r"a condition such as i \neq j")
