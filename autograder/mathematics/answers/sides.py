"""One side of a student's equality, read: every spelling becomes the same tree.

It goes once from left to right, with bounded depth. Where a spelling has two meanings the reader takes the usual one
and says so, so that the other can be tried where the usual one does not hold.
"""

from collections.abc import Sequence
from dataclasses import replace

from autograder.mathematics.answers.letters import Letters
from autograder.mathematics.answers.marks import Mark
from autograder.mathematics.answers.notations import (
    COLUMN,
    DEEPEST,
    ENDS,
    KRONECKER,
    LOOSE,
    PLAIN,
    Manner,
)
from autograder.mathematics.answers.scanner import ANY, is_a_row, split
from autograder.mathematics.answers.scripts import Scripts
from autograder.mathematics.answers.series import going_on, one_of_many, through, written_out
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import MOST_CHARACTERS, MOST_LEVELS, ParseError


class SideReader(Scripts):
    """Marks while they become a tree."""

    def read(self) -> t.Node:
        """Read all of it."""
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
        if (only := self._between_zeros()) is not None:
            return only
        if (many := self._between_dots() or self._through()) is not None:
            terms.append(many)
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
            # Dots at the end may leave out anything.
            summed = (written_out(terms, gap) or going_on(terms, gap)) if gap < len(terms) else None
            if summed is None:
                raise self.error("dots between terms that are not alike", r"\dots")
            terms = summed
        return terms[0] if len(terms) == 1 else t.Plus(terms=tuple(terms))

    def _between_zeros(self) -> t.Node | None:
        """The only term of a sum written out of which the others are 0."""
        pieces = list(split(self.marks[self.at :], "+")) if self.peek() == "0" else []
        texts = ["".join(mark.text for mark in piece) for piece in pieces]
        if texts.count(r"\dots") != 2 or texts[-1:] != ["0"] or sum(one not in {r"\dots", "0"} for one in texts) != 1:
            return None
        self.at = len(self.marks)
        return self.inside(
            next(piece for piece, text in zip(pieces, texts, strict=True) if text not in {r"\dots", "0"})
        )

    def _between_dots(self) -> t.Node | None:
        """A term between dots with another one behind: the sum of all that are like it."""
        if self.peek() != r"\dots" or self.peek(1) != "+":
            return None
        pieces = list(split(self.marks[self.at :], "+"))
        if len(pieces) < 4 or [mark.text for mark in pieces[2]] != [r"\dots"] or not pieces[1]:
            return None
        total = one_of_many(self.inside(pieces[1]))
        if total is not None:
            self.at += sum(len(piece) + 1 for piece in pieces[:3]) - 1
        return total

    def _through(self) -> t.Node | None:
        """A first term, dots, one of the others, dots, and perhaps the last one: the sum of all."""
        pieces = list(split(self.marks[self.at :], "+"))
        texts = ["".join(mark.text for mark in piece) for piece in pieces]
        if texts[1:2] != [r"\dots"] or texts[3:4] != [r"\dots"] or not (texts[0] and texts[2]):
            return None
        first, one = self.inside(pieces[0]), self.inside(pieces[2])
        for count in (5, 4) if len(pieces) > 4 and texts[4] else (4,):
            last = self.inside(pieces[4]) if count == 5 else None
            if (found := through(first, one, last)) is not None:
                self.at += sum(len(piece) + 1 for piece in pieces[:count]) - 1
                return found
        return None

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
            elif text == r"\over":
                raise self.error("what is above and below it must stand in braces", text)
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
        node = self.scripts(self.atom())
        self.level -= 1
        return node


def _whole(factors: list[t.Node], dots: list[bool]) -> t.Node:
    return factors[0] if len(factors) == 1 else t.Times(factors=tuple(factors), dots=tuple(dots[1:]))


def _is_by_a_row(node: t.Node, letters: Letters) -> bool:
    """Whether it is a derivative by a row or a column of a matrix, which may stand the other way."""
    if not isinstance(node, t.Partial) or node.by.indices == ("vec",):
        return False
    line = is_a_row(node.by.indices) or (len(node.by.indices) == 2 and ANY in node.by.indices)
    return line and letters.is_matrix(node.by)


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
