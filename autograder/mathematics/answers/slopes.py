"""How derivatives are written: as fractions, on one line, as operators, with a nabla, as differentials."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.marks import BOLD, WORDS, Mark, argument, source
from autograder.mathematics.answers.notations import (
    A_FACTOR,
    A_GRADIENT,
    DS,
    ENDS,
    GRADIENTS,
    NARROW,
    REACHES,
    UNSAID,
    Notations,
)
from autograder.mathematics.answers.scanner import PAIRS, is_letter, name_of, split
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError


def _without_braces(marks: list[Mark]) -> list[Mark]:
    """What stands in braces of its own within a fraction's half."""
    inner, end = argument(marks, 0)
    return inner if marks[:1] and marks[0].text == "{" and end == len(marks) else marks


def _apart(below: Sequence[Mark]) -> list[list[Mark]]:
    """What stands below a derivative of a derivative, taken apart before each sign for one."""
    pieces: list[list[Mark]] = []
    before, depth = "", 0
    for mark in below:
        depth += (mark.text == "{") - (mark.text == "}")
        hanging = before in {"_", "^"} or depth > 0
        if mark.text in DS and not hanging and not (pieces and not pieces[-1]):
            pieces.append([])
        elif pieces:
            pieces[-1].append(mark)
        before = mark.text
    return pieces


def _counted(piece: list[Mark]) -> tuple[list[Mark], int]:
    """A letter that a derivative is taken by, and how often."""
    at = next((k for k, mark in enumerate(piece) if k and mark.text == "^"), len(piece))
    count = "".join(mark.text for mark in piece[at + 1 :]).strip("{}")
    return (piece[:at], int(count)) if count in {"2", "3"} else (piece, 1)


class Slopes(Notations):
    """Marks while they become derivatives."""

    def _by(self, marks: Sequence[Mark]) -> t.Symbol:
        node = self.inside(marks)
        if isinstance(node, t.Transpose) and isinstance(node.of, t.Symbol):
            node = node.of
        if isinstance(node, t.Operation) and node.name == "vec" and isinstance(node.of[0], t.Symbol):
            return replace(node.of[0], indices=("vec",))
        if not isinstance(node, t.Symbol):
            raise self.error("a derivative must be taken with respect to one letter", source(marks))
        return node

    def _by_square(self, marks: Sequence[Mark]) -> t.Symbol | None:
        """The letter whose square a derivative is taken by."""
        if [mark.text for mark in marks[1:2]] != ["^"]:
            return None
        match self.inside(marks):
            case t.Power(base=t.Symbol() as base, exponent=t.Number(digits="2")):
                return base
        return None

    def _operator(self, by: t.Symbol) -> t.Node:
        """A derivative before what it is taken of: the product that follows, or the bracket alone."""
        at = self._at(by)
        node = self._operated(by)
        at = at or self._at(by)
        return t.Operation(name="slope", of=(node.of, by, at)) if at else node

    def _at(self, by: t.Symbol) -> t.Node | None:
        """Where a derivative by a letter of the student's own is taken, behind a bar."""
        if self.peek() != "|" or self.peek(1) != "_" or by.indices or self.letters.knows(by.name):
            return None
        inner, end = argument(self.marks, self.at + 2)
        left, *right = split(inner, "=")
        if len(right) != 1 or [name_of(mark.text) for mark in left] != [by.name]:
            return None
        self.at = end
        return self.inside(right[0])

    def _operated(self, by: t.Symbol) -> t.Partial:
        if self.peek() in PAIRS and self.peek() != "{":
            self.doubts.add(REACHES)
            if REACHES not in self.manner:
                return t.Partial(of=self.factor(), by=by)
        begin = self.at
        product = self.product()
        if not (isinstance(product, t.Times) and any(product.dots)):
            return t.Partial(of=product, by=by)
        self.doubts.add(NARROW)
        if NARROW not in self.manner:
            return t.Partial(of=product, by=by)
        self.at = begin
        return t.Partial(of=self.factor(), by=by)

    def fraction(self) -> t.Node:
        """A fraction, which may be a derivative or an operator."""
        self.at += 1
        above, below = _without_braces(self.raw()), _without_braces(self.raw())
        first, other = (marks[0].text if marks else "" for marks in (above, below))
        of_letters = above[1:2] and above[1].text == "_" and first in {r"\delta", "d"}
        if first in DS and other in DS and len(below) > 1 and not of_letters:
            if above[1:2] and above[1].text == "^":
                return self._repeated(above, below)
            if len(_apart([mark for mark in below if mark.text not in {r"\delta", r"\Delta"}])) > 1:
                raise self.error("a derivative must be taken with respect to one letter", source(below))
            if (by_square := self._by_square(below[1:])) is not None and len(above) > 1:
                # The slope by a square is that by its root, divided by twice the root.
                twice = t.Times(factors=(t.Number(digits="2"), by_square), dots=(False,))
                return t.Fraction(numerator=t.Partial(of=self.inside(above[1:]), by=by_square), denominator=twice)
            by = self._by(below[1:])
            node = t.Partial(of=self.inside(above[1:]), by=by) if len(above) > 1 else self._operator(by)
            if isinstance(node, t.Partial) and (at := self._at(by)) is not None:
                return t.Operation(name="slope", of=(node.of, by, at))
            turned = [mark.text for mark in below if mark.text not in {"{", "}"}][-2:] in (["^", "T"], ["^", r"\top"])
            return t.Transpose(of=node) if turned and not by.indices and self.letters.is_matrix(by) else node
        return t.Fraction(numerator=self.inside(above), denominator=self.inside(below))

    def _repeated(self, above: list[Mark], below: list[Mark]) -> t.Node:
        """A derivative of a derivative, such as by two letters, or by one twice."""
        order, at = argument(above, 2)
        by: list[t.Symbol] = []
        for piece in _apart(below):
            marks, count = _counted(piece)
            by += [self._by(marks)] * count
        if "".join(mark.text for mark in order) != str(len(by)) or len(by) > 3:
            raise self.error("the order of a derivative is how many times it is taken", source(above))
        rest = above[at:]
        node = t.Partial(of=self.inside(rest), by=by[-1]) if rest else self._operator(by[-1])
        for letter in by[-2::-1]:
            node = t.Partial(of=node, by=letter)
        return node

    def quotient(self) -> t.Node:
        r"""A command for a derivative, such as ``\pdv{f}{u}`` or ``\pdv{u} f``."""
        self.at += 1
        order = "".join(mark.text for mark in self.bracketed()) if self.peek() == "[" else "1"
        twice = order == "2"
        if order not in {"1", "2"}:
            raise self.error("derivatives of other orders are not read", order)
        first = self.raw()
        if self.peek() != "{":
            return self._operator(self._by(first))
        second = self.raw()
        if first and (twice or self.peek() == "{"):
            inner = t.Partial(of=self.inside(first), by=self._by(second if twice else self.raw()))
            return t.Partial(of=inner, by=self._by(second))
        return t.Partial(of=self.inside(first), by=self._by(second)) if first else self._operator(self._by(second))

    def nabla(self) -> t.Node:
        """A gradient, by what hangs below its sign or else by what a cost depends on; squared it is a Hessian."""
        self.at += 1
        if name_of(r"\nabla") in self.letters.own and self.peek() not in {"_", "^"}:
            return t.Symbol(name=name_of(r"\nabla"))
        if self.peek() == "^" and [mark.text for mark in argument(self.marks, self.at + 1)[0]] in (["T"], [r"\top"]):
            _, self.at = argument(self.marks, self.at + 1)
            return t.Transpose(of=self.derivative_below())
        twice = self._squared()
        if self.peek() == "_":
            below = self.marks[self.at + 1 :]
            _, end = argument(below, 0)
            if [mark.text for mark in below[end : end + 1]] == ["^"] and not twice:
                return self._raised_gradient(end)
            node = self.derivative_below()
            if isinstance(node, t.Partial) and not twice and not node.by.indices and self.letters.lone_nabla:
                self.doubts.add(A_GRADIENT)
                return t.Operation(name="gradient", of=(node,)) if A_GRADIENT in self.manner else node
            return t.Partial(of=node, by=node.by) if twice and isinstance(node, t.Partial) else node
        of = self.factor()
        letter = (self.letters.depends_on(of) or self.letters.input_of(of)) if isinstance(of, t.Symbol) else ""
        symbols = [one for one in t.walk(of) if isinstance(one, t.Symbol)]
        own = any(one.name in self.letters.own for one in symbols)
        if twice and not own:
            raise self.error("a Hessian must say what it is taken with respect to", r"\nabla")
        called = [self.peek(k) for k in range(3)]
        if own and (called[0], called[2]) == ("(", ")") and name_of(called[1]) in self.letters.own:
            # A function of a letter of the student's own.
            letter, self.at = name_of(called[1]), self.at + len(called)
        if own or any(one != of and self.letters.name(one) for one in symbols):
            letter = letter or self.letters.only_input
        known = any(map(self.letters.name, symbols)) and not any(map(self.letters.is_cost, symbols))
        if not letter and (own or known):
            letter = self.letters.likely_input
            self.doubts.add(UNSAID)
        if not letter:
            raise self.error("a gradient must say what it is taken with respect to", r"\nabla")
        by = t.Symbol(name=letter)
        return t.Partial(of=t.Partial(of=of, by=by) if twice else of, by=by)

    def _squared(self) -> bool:
        """Take a raised 2, if one stands here."""
        if self.peek() != "^":
            return False
        self.at += 1
        if "".join(mark.text for mark in self.raw()) != "2":
            raise self.error("second derivatives at most are read", r"\nabla")
        return True

    def _raised_gradient(self, end: int) -> t.Node:
        """A gradient with something raised behind what it is taken by: a 2 makes a Hessian, a T lays it down."""
        by = self._by(argument(self.marks, self.at + 1)[0])
        self.at += 1 + end
        raised = [mark.text for mark in argument(self.marks, self.at + 1)[0]]
        if raised in (["T"], [r"\top"]):
            _, self.at = argument(self.marks, self.at + 1)
            return t.Transpose(of=t.Partial(of=self.factor(), by=by))
        self._squared()
        return t.Partial(of=t.Partial(of=self.factor(), by=by), by=by)

    def derivative_below(self) -> t.Node:
        r"""``\nabla_A f``, ``\partial_A f`` and ``D_A f`` are the derivative of f by A."""
        self.at += 1
        below = self.raw()
        if below and all(mark.text.isdecimal() for mark in below):
            of = self.factor()
            if not isinstance(of, t.Symbol) or not (letter := self.letters.input_of(of)):
                raise self.error("a derivative must be taken with respect to one letter", source(below))
            return t.Partial(of=of, by=t.Symbol(name=letter, indices=("".join(mark.text for mark in below),)))
        by = self._by(below)
        if self.peek() in ENDS and (cost := self.letters.only_cost):
            return t.Partial(of=t.Symbol(name=cost), by=by)
        of = self.factor()
        if isinstance(of, t.Symbol) and of.name == "I" and (cost := self.letters.only_cost):
            # Nothing of an identity changes: it is a factor.
            return t.Times(factors=(t.Partial(of=t.Symbol(name=cost), by=by), of), dots=(False,))
        named = by.indices or self.letters.knows(by.name)
        if not named and (letter := self.letters.input_of(of)):
            # By an entry, told by its index alone; of a letter of the student's own that is found out later.
            return t.Partial(of=of, by=t.Symbol(name=letter, indices=(by.name,)))
        if isinstance(of, t.Transpose) and isinstance(of.of, t.Symbol) and self.letters.is_cost(of.of):
            # What is transposed is the derivative: a number is no matrix.
            return t.Transpose(of=t.Partial(of=of.of, by=by))
        return t.Partial(of=of, by=by)

    def differential_sign(self) -> t.Node:
        """A quotient on one line, an operator or a differential."""
        mark = self.peek()
        place = self.at
        self.at += 1
        called = mark == "d" and not self.letters.knows("d") and self._is_called_below()
        if self.peek() == "_" and (mark == r"\partial" or called):
            return self.derivative_below()
        if self.peek() == "/" and self.peek(1) in DS:
            self.at += 2
            return self._operator(self._below_slash())
        if mark in {r"\delta", r"\Delta", "d"} and (
            self.peek() in {"_", "^", "", "-", "+", "}", ")"} or self.letters.knows(name_of(mark))
        ):
            slashed = self._slashed()
            if slashed is not None:
                return slashed
            self.at = place + 1
            return t.Symbol(name=name_of(mark))
        slashed = self._slashed()
        if slashed is not None:
            return slashed
        self.at = place + 1
        if mark in self.letters.own_signs:
            if A_FACTOR in self.manner:
                return t.Symbol(name=name_of(mark))
            self.doubts.add(A_FACTOR)
        return self._differential()

    def _is_called_below(self) -> bool:
        """Whether one letter hangs below, and a bracket follows."""
        if self.peek() != "_":
            return False
        below, end = argument(self.marks, self.at + 1)
        return (
            len(below) == 1 and is_letter(below[0].text) and [mark.text for mark in self.marks[end : end + 1]] == ["("]
        )

    def _below_slash(self) -> t.Symbol:
        node = self.atom()
        if isinstance(node, t.Symbol) and self.take("_"):
            node = replace(node, indices=self.indices(self.raw()))
        if not isinstance(node, t.Symbol):
            raise self.error("a derivative must be taken with respect to one letter")
        return node

    def _slashed(self) -> t.Node | None:
        """The derivative ``df/du`` whose first sign was taken, if it is one."""
        if not (
            is_letter(self.peek())
            or self.peek() in BOLD
            or self.peek().startswith(WORDS)
            or self.peek() in {"(", "{", r"\log", r"\exp"}
        ):
            return None
        letter = self.peek() == "d" and self.peek(1) == "/"
        try:
            of = t.Symbol(name=self.marks[self.at].text) if letter else self.factor()
        except ParseError:
            return None
        self.at += letter
        if self.peek() != "/" or self.peek(1) not in DS:
            return None
        self.at += 2
        return t.Partial(of=of, by=self._below_slash())

    def _differential(self) -> t.Node:
        of = self.factor()
        if isinstance(of, t.Transpose):
            return t.Transpose(of=self._small(of.of))
        return self._small(of)

    def _small(self, of: t.Node) -> t.Node:
        if GRADIENTS in self.manner and isinstance(of, t.Symbol):
            cost = next((name for known in self.letters.known for name in known.setting.functions), "")
            return t.Partial(of=t.Symbol(name=cost), by=of)
        self.doubts.add(GRADIENTS)
        return t.Operation(name="differential", of=(of,))

    def big_d(self) -> t.Node | None:
        """A derivative with a large D, whose sign was taken; None where it is a letter."""
        if self.peek() == "_" and not self._stands_alone() and not self._has_two_indices():
            return self.derivative_below()
        if (composed := self._of_a_composition()) is not None:
            return composed
        output = t.Symbol(name=name_of(self.peek()))
        if (derivative := self._by_its_argument(output)) is not None:
            return derivative
        if self.letters.is_output(output) and (by := self.letters.input_of(output)) and self.peek(1) != "_":
            self.at += 1
            return t.Partial(of=output, by=t.Symbol(name=by))
        return None

    def _stands_alone(self) -> bool:
        """Whether a letter with an index, of which nothing is taken, cannot be an operator."""
        below, end = argument(self.marks, self.at + 1)
        names = [name_of(mark.text) for mark in below if is_letter(mark.text)]
        after = self.marks[end].text if end < len(self.marks) else ""
        return (after in ENDS or after == "^") and not any(map(self.letters.knows, names))

    def _by_its_argument(self, of: t.Symbol) -> t.Node | None:
        """The derivative of what stands here by the letter in brackets behind it."""
        at = self.at + 1
        marks = self.marks
        while at + 1 < len(marks) and marks[at].text == "_" and marks[at + 1].text.isdecimal():
            of, at = replace(of, indices=(marks[at + 1].text,)), at + 2
        inside = [mark.text for mark in marks[at : at + 3]]
        if len(inside) < 3 or inside[0] != "(" or inside[2] != ")" or not is_letter(inside[1]):
            return None
        by = t.Symbol(name=name_of(inside[1]))
        if self.letters.is_cost(of) and self.letters.depends_on(of) == by.name:
            self.at = at + 3
            return t.Partial(of=of, by=by)
        if not self.letters.is_output(of) or not self.letters.is_input(by):
            return None
        self.at = at + 3
        return t.Partial(of=of, by=by)

    def _of_a_composition(self) -> t.Node | None:
        """The derivative of a cost of the output, as a function of the letter in brackets behind it."""
        texts = [self.peek(k) for k in range(8)]
        names = [name_of(texts[k]) for k in (1, 3, 6)]
        if [texts[k] for k in (0, 2, 4, 5, 7)] != ["(", r"\odot", ")", "(", ")"]:
            return None
        of, by = t.Symbol(name=names[0]), t.Symbol(name=names[2])
        if self.letters.depends_on(of) != names[1] or not self.letters.is_input(by) or self.letters.is_matrix(by):
            return None
        self.at += 8
        return t.Partial(of=of, by=by)

    def _has_two_indices(self) -> bool:
        below, _ = argument(self.marks, self.at + 1)
        names = [name_of(mark.text) for mark in below if mark.text != ","]
        return (
            len(names) == 2
            and all(is_letter(mark.text) for mark in below if mark.text != ",")
            and not any(map(self.letters.knows, names))
        )
