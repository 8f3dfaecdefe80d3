"""One side of a student's equality, read: every spelling becomes the same tree.

It goes once from left to right, with bounded depth. Where a spelling has two meanings the reader takes the usual one
and says so, so that the other can be tried where the usual one does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.atoms import Atoms
from autograder.mathematics.answers.letters import Letters
from autograder.mathematics.answers.marks import WORDS, Mark
from autograder.mathematics.answers.notations import (
    COLUMN,
    DEEPEST,
    ENDS,
    ENTRYWISE,
    KRONECKER,
    LAID_OUT,
    LOOSE,
    PLAIN,
    Manner,
)
from autograder.mathematics.answers.scanner import ANY, is_a_row, is_letter, name_of, split
from autograder.mathematics.answers.series import written_out
from autograder.mathematics.answers.unsized import ONES
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import MOST_CHARACTERS, MOST_LEVELS, ParseError
from autograder.mathematics.formulas.printing import index_latex

_BUT = {"-", r"\setminus", r"\neq", r"\backslash", "/", r"\lnot"}


class SideReader(Atoms):
    """Marks while they become a tree."""

    def read(self) -> t.Node:
        """Read all of it.

        Raises
        ------
        ParseError
            If it cannot be read.
        """
        node = self.sum()
        if self.at < len(self.marks):
            raise self.error("nothing of this kind may stand here")
        return node

    def inside(self, marks: Sequence[Mark]) -> t.Node:
        """Read some of the marks by themselves."""
        if self.level >= DEEPEST:
            raise self.error(f"at most {MOST_LEVELS} levels of brackets")
        reader = SideReader(marks, self.letters, self.manner, self.level + 1)
        try:
            return reader.read()
        finally:
            self.doubts |= reader.doubts

    # ------------------------------------------------------------ sums and products

    def sum(self) -> t.Node:
        """Terms, added."""
        terms: list[t.Node] = []
        gap = 0
        sign = False
        while not terms or self.peek() in {"+", "-"}:
            minus = self.signs()
            if terms and not gap and self.take(r"\dots"):
                gap, sign = len(terms), minus
                continue
            term = self.product()
            if gap == len(terms) and gap and minus is not sign:
                raise self.error("dots between terms of other signs", r"\dots")
            terms.append(t.Negative(of=term) if minus else term)
        if gap:
            summed = written_out(terms, gap) if gap < len(terms) else None
            if summed is None:
                raise self.error("dots between terms that are not alike", r"\dots")
            terms = summed
        return terms[0] if len(terms) == 1 else t.Plus(terms=tuple(terms))

    def product(self) -> t.Node:
        """Give factors side by side, with signs between them."""
        factors: list[t.Node] = []
        dots: list[bool] = []
        entrywise = False
        gap = 0
        while (text := self.peek()) not in ENDS or self._goes_on(text, len(factors)):
            if text == r"\dots":
                self.at += 1
                gap = len(factors)
                continue
            if text == r"\quad" or (text == "{" and self.peek(1) == "}"):
                self.at += 1 + (text == "{")
                continue
            dot = self.take(r"\cdot")
            if dot and self.peek() == r"\dots":
                continue
            if text == ":" and factors:
                self.at += 1
                return t.Operation(name="inner", of=(_whole(factors, dots), self.product()))
            if text == r"\odot" and factors and LOOSE in self.manner:
                self.at += 1
                return t.Operation(name="entrywise", of=(_whole(factors, dots), self.product()))
            if text == r"\odot" and len(factors) > 1:
                self.doubts.add(LOOSE)
            entrywise |= text == r"\odot"
            if text in {"/", r"\odot", r"\otimes"} and factors:
                self.at += 1
                factors[-1] = self._joined(text, factors[-1])
            elif text == r"\over" and factors:
                self.at += 1
                return t.Fraction(numerator=_whole(factors, dots), denominator=self.product())
            else:
                minus = dot and self.signs()
                factor = self.factor()
                if entrywise:
                    self.doubts.add(LOOSE)
                factors.append(t.Negative(of=factor) if minus else factor)
                dots.append(dot)
        if gap:
            summed = written_out(factors, gap, product=True) if gap < len(factors) else None
            if summed is None:
                raise self.error("dots between factors that are not alike", r"\dots")
            factors, dots = summed, [False] * len(summed)
        if not factors:
            raise self.error("the line ends too early" if not self.peek() else "nothing of this kind may stand here")
        return _whole(factors, dots)

    def _goes_on(self, text: str, before: int) -> bool:
        """Whether a mark that may end a product is a bar that opens, or dots between factors."""
        if text == "|":
            return bool(self.closing_bar())
        following = self.peek(1 + (self.peek(1) == r"\cdot"))
        return text == r"\dots" and bool(before) and following not in {*ENDS, r"\odot", r"\otimes", "/"}

    def _joined(self, sign: str, left: t.Node) -> t.Node:
        right = self.factor()
        if sign == "/":
            return t.Fraction(numerator=left, denominator=right)
        if sign == r"\odot":
            return t.Operation(name="entrywise", of=(left, right))
        self.doubts.add(KRONECKER)
        return t.Operation(name="kronecker" if KRONECKER in self.manner else "outer", of=(left, right))

    def factor(self) -> t.Node:
        """What stands in a product, with what hangs on it."""
        self.level += 1
        if self.level >= DEEPEST:
            raise self.error(f"at most {MOST_LEVELS} levels of brackets")
        node = self._scripts(self.atom())
        self.level -= 1
        return node

    # ------------------------------------------------------------ what hangs on a letter or a bracket

    def _scripts(self, node: t.Node) -> t.Node:
        while (text := self.peek()) in {"^", "_", "'"}:
            self.at += 1
            if text == "'":
                node = t.Operation(name="prime", of=(node,))
            elif text == "_":
                node = self._lowered(node, self.raw())
            else:
                node = self._raised(self._row(node) if isinstance(node, t.Symbol) else node, self.raw())
        if isinstance(node, t.Symbol) and self.peek() not in {"(", "["}:
            return self._row(node)
        if isinstance(node, t.Symbol) and self.peek() in {"(", "["}:
            return self._called(node)
        return node

    def _row(self, symbol: t.Symbol) -> t.Node:
        """A row of a matrix, which may stand as a column."""
        if not is_a_row(symbol.indices) or not self.letters.is_matrix(symbol):
            return symbol
        self.doubts.add(COLUMN)
        return t.Transpose(of=symbol) if COLUMN in self.manner else symbol

    def _lowered(self, node: t.Node, marks: list[Mark]) -> t.Node:
        if isinstance(node, t.Symbol) and len(marks) == 1 and marks[0].text.startswith(WORDS):
            return replace(node, name=f"{node.name}{marks[0].text[len(WORDS) : -1].strip()}")
        if isinstance(node, t.Symbol) and (others := self._all_but(node, marks)) is not None:
            return others
        indices = self.indices(marks)
        if node == t.Operation(name=ONES) and all(self._is_dimension(index) for index in indices):
            return t.Operation(name="sized", of=(node,), indices=indices[:2])
        if isinstance(node, t.Symbol) and node.name == "I" and all(map(self._is_dimension, indices)):
            return replace(node, indices=indices[:1])
        if isinstance(node, t.Symbol) and ANY not in node.indices:
            if len(indices) == 1 and (node.name, indices[0]) in self.letters.labels:
                label = indices[0] if indices[0].isdecimal() else f"_{{{index_latex(indices[0])}}}"
                return replace(node, name=f"{node.name}{label}" if label.isdecimal() else f"{{{node.name}{label}}}")
            return replace(node, indices=(*node.indices, *indices))
        if isinstance(node, t.Power) and isinstance(node.base, t.Symbol) and not node.base.indices:
            return replace(node, base=replace(node.base, indices=indices))
        if isinstance(node, t.Operation) and node.name == "prime" and isinstance(node.of[0], t.Symbol):
            return replace(node, of=(replace(node.of[0], indices=(*node.of[0].indices, *indices)),))
        if isinstance(node, t.Partial) and isinstance(node.by, t.Symbol) and not node.by.indices:
            of_known = isinstance(node.of, t.Symbol) and self.letters.is_cost(node.of)
            if of_known:
                # A letter by its position: (df/dA)_{ij} is the derivative by A_{ij}. Or an entry of the whole, which
                # is another one where that is laid out transposed.
                self.doubts |= {LAID_OUT} if self.letters.is_matrix(node.by) and len(indices) == 2 else set()
                if LAID_OUT not in self.manner:
                    return replace(node, by=replace(node.by, indices=indices))
        inside = {index for one in t.walk(node) if isinstance(one, t.Symbol) for index in one.indices}
        general = bool({*indices} & inside) and len({*indices}) == len(indices) < 3
        return t.Operation(name="general" if general else "entry", of=(node,), indices=indices)

    def _all_but(self, symbol: t.Symbol, marks: Sequence[Mark]) -> t.Symbol | None:
        """A letter of the student's own for all but one entry: another letter than that without the sign."""
        texts = [mark.text for mark in marks if mark.text not in {"(", ")", "{", "}"}]
        if len(texts) != 2 or texts[0] not in _BUT or not is_letter(texts[1]):
            return None
        if symbol.indices or self.letters.name(symbol):
            return None
        return replace(symbol, name=f"{{{symbol.name}_{{-}}}}", indices=(name_of(texts[1]),))

    def _raised(self, node: t.Node, marks: list[Mark]) -> t.Node:
        text = "".join(mark.text for mark in marks if mark.text not in {"{", "}"})
        if not text:
            return node
        own = text != "t" and "e" in self.letters.own
        if text in {"T", "t", r"\top"} and (node != t.Symbol(name="e") or own):
            return t.Transpose(of=node)
        if text in {"-T", "-t", "-\\top"}:
            return t.Transpose(of=t.Power(base=node, exponent=t.Negative(of=t.Number(digits="1"))))
        if text and set(text) == {"'"}:
            for _ in text:
                node = t.Operation(name="prime", of=(node,))
            return node
        if isinstance(node, t.Symbol) and text[:1] == "(" and (others := self._all_but(node, marks)) is not None:
            return others
        if isinstance(node, t.Symbol) and node.name == "delta" and len(node.indices) < 2:
            return replace(node, indices=(*node.indices, *self.indices(marks)))
        if text[:1] in {"(", "[", "*"} and text[-1:] in {")", "]", "*"} and len(text) < 6:
            raise self.error("a raised label is not a power", text)
        by_entries = text.startswith(r"\odot")
        exponent = self.inside([mark for mark in marks if mark.text != r"\odot"] if by_entries else marks)
        if node == t.Symbol(name="e"):
            return t.Function(name="exp", argument=exponent)
        if by_entries:
            return t.Operation(name="power", of=(node, exponent))
        if (
            isinstance(exponent, t.Number)
            and exponent.digits.isdecimal()
            and any(self._is_whole(below) for below in t.walk(node))
        ):
            self.doubts.add(ENTRYWISE)
            if ENTRYWISE in self.manner:
                return t.Operation(name="power", of=(node, exponent))
        return t.Power(base=node, exponent=exponent)

    def _is_whole(self, node: t.Node) -> bool:
        """Whether it is an array, and no entry of one."""
        return isinstance(node, t.Symbol) and not node.indices and self.letters.is_array(node)

    def _called(self, symbol: t.Symbol) -> t.Node:
        """A letter before a bracket: a function of it, or a factor."""
        before = self.at
        if self.letters.is_cost(symbol):
            return self._cost(symbol, self.bracketed())
        inner = None
        if symbol.name in self.letters.calls or self.letters.is_output(symbol):
            try:
                inner = [self.inside(piece) for piece in split(self.bracketed(), ",")]
            except ParseError:
                self.at = before
                return symbol
        if inner is None:
            return symbol
        if symbol.name in self.letters.calls and len(inner) == 1 and isinstance(inner[0], t.Symbol):
            return self._scripts(replace(symbol, indices=symbol.indices or inner[0].indices))
        if self.letters.is_output(symbol) and all(self._is_given(node) for node in inner):
            return self._scripts(symbol) if not symbol.indices or self.peek() != "_" else symbol
        if len(inner) == 1 and self._is_moved(symbol, inner[0]):
            if self.peek() == "_" and not symbol.indices:
                self.at += 1
                symbol = replace(symbol, indices=self.indices(self.raw()))
            return t.Operation(name="module", of=(symbol, inner[0]))
        self.at = before
        return symbol

    def _is_moved(self, symbol: t.Symbol, argument: t.Node) -> bool:
        """Whether a module is taken of its input moved along an axis."""
        letter = self.letters.input_of(symbol)
        if not letter or not isinstance(argument, t.Plus) or self.letters.knows("e"):
            return False
        whole = [isinstance(one, t.Symbol) and one.name == letter and not one.indices for one in argument.terms]
        along = [isinstance(one, t.Symbol) and one.name == "e" and bool(one.indices) for one in t.walk(argument)]
        return any(whole) and any(along)

    def _is_dimension(self, index: str) -> bool:
        return any(index in known.dimensions for known in self.letters.known)

    def _is_given(self, node: t.Node) -> bool:
        return self.letters.is_input(node) or (
            isinstance(node, t.Symbol) and not node.indices and self._is_number(node)
        )

    def _is_number(self, symbol: t.Symbol) -> bool:
        return any(known.name(symbol) in known.constants for known in self.letters.known)

    def _cost(self, symbol: t.Symbol, marks: list[Mark]) -> t.Node:
        pieces = list(split(marks, ","))
        if len(pieces) > 1 or not marks:
            return symbol
        argument = self.inside(marks)
        whole = isinstance(argument, t.Symbol) and not argument.indices
        return symbol if whole else t.Operation(name="call", of=(symbol, argument))


def _whole(factors: list[t.Node], dots: list[bool]) -> t.Node:
    return factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=tuple(dots[1:]))


def _is_by_a_row(node: t.Node, letters: Letters) -> bool:
    """Whether it is a derivative by a row of a matrix, which may stand as a column."""
    if not isinstance(node, t.Partial) or node.by.indices == ("vec",):
        return False
    return is_a_row(node.by.indices) and letters.is_matrix(node.by)


def _column(node: t.Node, letters: Letters) -> t.Node | None:
    """A matrix with one letter as its index, where that is a column."""
    match node:
        case t.Transpose(of=t.Symbol(indices=(index,)) as of) if index.isalpha() and letters.is_matrix(of):
            return t.Transpose(of=replace(of, indices=(ANY, index)))
        case t.Symbol(indices=(index,)) if index.isalpha() and index != "vec" and letters.is_matrix(node):
            return replace(node, indices=(ANY, index))
    return None


def read_side(marks: Sequence[Mark], letters: Letters, manner: Manner = PLAIN) -> tuple[t.Node, frozenset[str]]:
    """Read a side, and say which other meanings it may have.

    Raises
    ------
    ParseError
        If it cannot be read. Nothing else is raised.
    """
    if len(marks) > MOST_CHARACTERS:
        raise ParseError(marks[0].at, "", f"a line of at most {MOST_CHARACTERS} characters")
    reader = SideReader(marks, letters, manner)
    node = reader.read()
    if letters.columns:
        node = t.changed(node, lambda one: _column(one, letters))
    if any(_is_by_a_row(below, letters) for below in t.walk(node)):
        reader.doubts.add(COLUMN)
        if COLUMN in manner:
            node = t.changed(node, lambda one: t.Transpose(of=one) if _is_by_a_row(one, letters) else None)
    if t.depth(node) > MOST_LEVELS:
        raise ParseError(marks[0].at, "", f"at most {MOST_LEVELS} levels")
    return node, frozenset(reader.doubts)
