"""How derivatives, sums and functions are written: the part of the reader of sides that knows their notations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.letters import Letters
from autograder.mathematics.answers.marks import BOLD, UPRIGHT_D, WORDS, Mark, argument, source
from autograder.mathematics.answers.scanner import PAIRS, Scanner, is_letter, name_of, split
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError

Manner = frozenset[str]
"""Which of two meanings is taken, where it is not the usual one."""
PLAIN: Manner = frozenset()
REACHES, KRONECKER, GRADIENTS, COLUMN = "operators reach over brackets", "kronecker", "gradients", "rows stand"
ENTRYWISE, LOOSE, MEANS = "powers of entries", "products by entries last", "bars are means"
LAID_OUT = "entries as laid out"
DRESSED = "accents"
"""No other meaning, but a letter with an accent that stands without it, too, and is taken for the same."""
ENDS = {"", "+", "-", ")", "]", "}", r"\}", r"\rangle", "&", r"\\", ",", "=", ".", "|", r"\pm", ";", r"\dots"}
DS = {"d", UPRIGHT_D, r"\partial", r"\delta", r"\Delta"}
DEEPEST = 45


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


def _apart_outside(marks: Sequence[Mark]) -> list[list[Mark]]:
    """What stands below a sum, taken apart at commas; a set has commas of its own."""
    items = list(split(marks, ","))
    at = next((k for k, item in enumerate(items) if [mark.text for mark in item[1:2]] == [r"\in"]), len(items))
    return [*items[:at], *([[mark for item in items[at:] for mark in item]] if at < len(items) else [])]


class Notations(Scanner):
    """Marks while they become derivatives, sums and functions; what they are taken of is read by who knows it all."""

    def __init__(self, marks: Sequence[Mark], letters: Letters, manner: Manner = PLAIN, level: int = 0) -> None:
        super().__init__(marks)
        self.letters, self.manner, self.level = letters, manner, level
        #: Other meanings that some of it may have.
        self.doubts: set[str] = set()

    def product(self) -> t.Node:
        """Give factors side by side, with signs between them."""
        raise NotImplementedError

    def factor(self) -> t.Node:
        """What stands in a product, with what hangs on it."""
        raise NotImplementedError

    def atom(self) -> t.Node:
        """A letter, a number, a bracket or a command with what belongs to it."""
        raise NotImplementedError

    def inside(self, marks: Sequence[Mark]) -> t.Node:
        """Read some of the marks by themselves."""
        raise NotImplementedError

    def group(self) -> t.Node:
        """What stands in brackets."""
        raise NotImplementedError

    def signs(self) -> bool:
        """Take signs, and say whether they make a minus."""
        minus = False
        while self.peek() in {"+", "-"}:
            minus ^= self.peek() == "-"
            self.at += 1
        return minus

    def spelled(self) -> str:
        """The name of a function whose letters come one after the other."""
        letters = ""
        while len(letters) < 16 and len(mark := self.peek(len(letters))) == 1 and mark.isascii() and mark.isalpha():
            letters += mark
        fitting = [word for word in self.letters.functions if len(word) > 1 and letters.lower().startswith(word)]
        return letters[: len(max(fitting, key=len))] if fitting else ""

    # ------------------------------------------------------------ functions

    def exp(self) -> t.Node:
        """An exponential whose name was taken."""
        if self.take("^"):
            marks = self.raw()
            if all(mark.text.isdecimal() for mark in marks):
                return t.Power(base=t.Function(name="exp", argument=self.argument_of()), exponent=self.inside(marks))
            return t.Function(name="exp", argument=self.inside(marks))
        return t.Function(name="exp", argument=self.argument_of())

    def operation(self, name: str) -> t.Node:
        """What has a name and one argument."""
        if name == "sqrt" and self.peek() == "[":
            raise self.error("only square roots are read")
        if name == "max":
            return self._max()
        if self.peek() == "^" and self.peek(1).isdecimal():
            self.at += 1
            exponent = self.inside(self.raw())
            return t.Power(base=t.Operation(name=name, of=(self.argument_of(),)), exponent=exponent)
        return t.Operation(name=name, of=(self.argument_of(),))

    def _max(self) -> t.Node:
        """The larger of two things in brackets, the largest entry of a vector, or that over an index."""
        if self.peek() == "_":
            total = self.total()
            return t.Operation(name="largest", of=(total,))
        pieces = list(split(self.bracketed(), ",")) if self.peek() in {"(", "[", r"\{"} else []
        if not 0 < len(pieces) <= 2:
            raise self.error("the larger of two things in brackets is read")
        return t.Operation(name="max", of=tuple(map(self.inside, pieces)))

    def argument_of(self) -> t.Node:
        """What a function is taken of: a bracket, or the factors up to a sign, a bracket or another function."""
        if self.peek() in {"(", "[", r"\{", "{"}:
            return self.group()
        minus = self.signs()
        factors = [self.factor()]
        while self.peek() not in ENDS and (is_letter(self.peek()) or self.peek() in BOLD or self.peek().isdecimal()):
            if self.spelled():
                break
            factors.append(self.factor())
        node = factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=(False,) * (len(factors) - 1))
        return t.Negative(of=node) if minus else node

    def total(self, *, product: bool = False) -> t.Node:
        """A sum, or a product, whose sign was taken."""
        below: list[Mark] = []
        upper: t.Node | None = None
        while self.peek() in {"_", "^"}:
            if self.take("_"):
                below = self.raw()
            else:
                self.at += 1
                upper = self.inside(self.raw())
        return self._summed(list(_apart_outside(below)) if below else [], upper, product=product)

    def _summed(self, items: list[list[Mark]], upper: t.Node | None, *, product: bool) -> t.Node:
        """A sum from what stands below its sign: letters, where they begin, what they leave out."""
        names: list[str] = []
        lower: t.Node | None = None
        skipped: list[str] = []
        items = [piece for one in items for piece in split(one, ":")]
        if len(items) == 1 and len(items[0]) == 2 and all(is_letter(mark.text) for mark in items[0]):
            items = [items[0][:1], items[0][1:]]
        for item in items:
            texts = [mark.text for mark in item]
            if not texts or not is_letter(texts[0]):
                raise self.error("a sum must have its letter below it", source(item))
            name = name_of(texts[0])
            if name not in names and not (len(names) == 1 and texts[1:2] == [r"\neq"] and name_of(texts[-1]) in names):
                names.append(name)
            if texts[1:2] == ["="]:
                lower = self.inside(item[2:])
            elif texts[1:2] == [r"\neq"]:
                other = self.indices(item[2:])[0]
                skipped.append(other if name in names and other not in names[:1] else name)
            elif texts[1:2] and texts[1] != r"\in":
                raise self.error("a sum must have its letter below it", source(item))
            elif texts[1:2] and not self._is_all(texts[2:]):
                raise self.error("nothing says what is in this set", source(item[2:]))
        body = self.product()
        if not names:
            return self._over_all(body, product=product)
        if len(names) > 2:
            raise self.error("a sum over so many letters is not read", ",".join(names))
        node = t.Total(index=names[-1], body=body, lower=lower, upper=upper, skipped=tuple(skipped), product=product)
        outer = len(names) == 2
        return t.Total(index=names[0], body=node, lower=lower, upper=upper, product=product) if outer else node

    def _over_all(self, body: t.Node, *, product: bool) -> t.Node:
        """A sum whose letter nobody writes: over the only one there is, or over all entries."""
        letters = {i for one in t.walk(body) if isinstance(one, t.Symbol) for i in one.indices if not i.isdecimal()}
        if len(letters) == 1:
            return t.Total(index=letters.pop(), body=body, product=product)
        if letters or product:
            raise self.error("a sum needs its letter")
        return t.Operation(name="sum", of=(body,))

    def _is_all(self, texts: Sequence[str]) -> bool:
        """Whether a set is all that an index may be: ``[K]`` or ``{1, ..., K}``."""
        names = [text for text in texts if is_letter(text)]
        known = {name for known in self.letters.known for name in known.dimensions}
        return bool(names) and set(names) <= known and (r"\dots" in texts or texts[0] in {"[", r"\{", "{"})

    # ------------------------------------------------------------ derivatives

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
        if self.peek() in PAIRS and self.peek() != "{":
            self.doubts.add(REACHES)
            if REACHES not in self.manner:
                return t.Partial(of=self.factor(), by=by)
        return t.Partial(of=self.product(), by=by)

    def fraction(self) -> t.Node:
        """A fraction, which may be a derivative or an operator."""
        self.at += 1
        above, below = self.raw(), self.raw()
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
        twice = self._squared()
        if self.peek() == "_":
            below = self.marks[self.at + 1 :]
            _, end = argument(below, 0)
            if [mark.text for mark in below[end : end + 1]] == ["^"] and not twice:
                return self._hessian(end)
            node = self.derivative_below()
            return t.Partial(of=node, by=node.by) if twice and isinstance(node, t.Partial) else node
        if twice:
            raise self.error("a Hessian must say what it is taken with respect to", r"\nabla")
        of = self.factor()
        letter = (self.letters.depends_on(of) or self.letters.input_of(of)) if isinstance(of, t.Symbol) else ""
        if not letter:
            raise self.error("a gradient must say what it is taken with respect to", r"\nabla")
        return t.Partial(of=of, by=t.Symbol(name=letter))

    def _squared(self) -> bool:
        """Take a raised 2, if one stands here."""
        if self.peek() != "^":
            return False
        self.at += 1
        if "".join(mark.text for mark in self.raw()) != "2":
            raise self.error("second derivatives at most are read", r"\nabla")
        return True

    def _hessian(self, end: int) -> t.Node:
        """A Hessian whose 2 stands behind what it is taken by."""
        by = self._by(argument(self.marks, self.at + 1)[0])
        self.at += 1 + end
        self._squared()
        return t.Partial(of=t.Partial(of=self.factor(), by=by), by=by)

    def derivative_below(self) -> t.Node:
        r"""``\nabla_A f``, ``\partial_A f`` and ``D_A f`` are the derivative of f by A."""
        self.at += 1
        by = self._by(self.raw())
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
        if mark == r"\partial" and self.peek() == "_":
            return self.derivative_below()
        if self.peek() == "/" and self.peek(1) in DS:
            self.at += 2
            return self._operator(self._below_slash())
        if mark in {r"\delta", "d"} and (
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
        return self._differential()

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
