"""How sums and functions are written, and what the reader of sides must know to read what they are taken of."""

from collections.abc import Sequence

from autograder.mathematics.answers.letters import Letters
from autograder.mathematics.answers.marks import BOLD, UPRIGHT_D, Mark, source
from autograder.mathematics.answers.nearby import VANISHING
from autograder.mathematics.answers.scanner import Scanner, is_letter, name_of, split
from autograder.mathematics.formulas import tree as t

Manner = frozenset[str]
"""Which of two meanings is taken, where it is not the usual one."""
PLAIN: Manner = frozenset()
REACHES, KRONECKER, GRADIENTS, COLUMN = "operators reach over brackets", "kronecker", "gradients", "rows stand"
A_FACTOR, A_GRADIENT = "a sign of differentials is a factor", "a nabla has the shape of what it is taken by"
ENTRYWISE, LOOSE, MEANS = "powers of entries", "products by entries last", "bars are means"
LAID_OUT, NARROW = "entries as laid out", "operators take one factor"
PRIMED = "primes are transposes"
LISTED = "lists stand"
DRESSED = "accents"
"""No other meaning, but a letter with an accent that stands without it, too, and is taken for the same."""
RAISED, UNSAID = "a raised label", "a gradient that says no letter"
"""No other meanings, but what is taken for an index, or for a gradient by the input."""
ENDS = {"", "+", "-", ")", "]", "}", r"\}", r"\rangle", "&", r"\\", ",", "=", ".", "|", r"\pm", ";", r"\dots"}
DS = {"d", UPRIGHT_D, r"\partial", r"\delta", r"\Delta"}
DEEPEST = 45


def _apart_outside(marks: Sequence[Mark]) -> list[list[Mark]]:
    """What stands below a sum, taken apart at commas; a set has commas of its own."""
    items = list(split(marks, ","))
    at = next((k for k, item in enumerate(items) if [mark.text for mark in item[1:2]] == [r"\in"]), len(items))
    return [*items[:at], *([[mark for item in items[at:] for mark in item]] if at < len(items) else [])]


def _index_letters(node: t.Node) -> set[str]:
    return {i for one in t.walk(node) if isinstance(one, t.Symbol) for i in one.indices if not i.isdecimal()}


class Notations(Scanner):
    """Marks while they become sums and functions; what they are taken of is read by who knows it all."""

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

    def total(self, *, product: bool = False, called: bool = False) -> t.Node:
        """A sum, or a product, whose sign was taken; one that is called like a function is of its bracket alone."""
        below: list[Mark] = []
        upper: t.Node | None = None
        while self.peek() in {"_", "^"}:
            if self.take("_"):
                below = self.raw()
            else:
                self.at += 1
                above = self.raw()
                upper = self.inside(above) if above else None
        items = list(_apart_outside(below)) if below else []
        return self._summed(items, upper, product=product, called=called)

    def _summed(self, items: list[list[Mark]], upper: t.Node | None, *, product: bool, called: bool) -> t.Node:
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
        body = self.inside(self.bracketed()) if called and self.peek() == "(" else self.product()
        if not names and isinstance(body, t.Times) and len(_index_letters(body)) > 1 and not product:
            first, *rest = body.factors
            summed = self._over_all(first, product=product)
            return t.Times(factors=(summed, *rest), dots=body.dots)
        if not names:
            return self._over_all(body, product=product)
        if len(names) > 2:
            raise self.error("a sum over so many letters is not read", ",".join(names))
        node = t.Total(index=names[-1], body=body, lower=lower, upper=upper, skipped=tuple(skipped), product=product)
        outer = len(names) == 2
        return t.Total(index=names[0], body=node, lower=lower, upper=upper, product=product) if outer else node

    def _over_all(self, body: t.Node, *, product: bool) -> t.Node:
        """A sum whose letter nobody writes: over the only one there is, or over all entries."""
        letters = _index_letters(body)
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

    def norm(self) -> t.Node:
        """The length of a vector, or of a matrix by all of its entries."""
        begin = self.at + 1
        end = next((k for k in range(begin, len(self.marks)) if self.marks[k].text == r"\|"), 0)
        if not end:
            raise self.error("a bracket is not closed")
        of = self.inside(self.marks[begin:end])
        self.at = end + 1
        kind = "".join(mark.text for mark in self.raw()) if self.take("_") else ""
        if kind not in {"", "2", "F", "1"}:
            raise self.error("nothing says which norm this is", kind)
        return t.Operation(name="norm", of=(of,), indices=(kind,) if kind in {"F", "1"} else ())

    def vanishing(self) -> t.Node | None:
        """What vanishes faster than what stands in brackets behind a small or a capital o."""
        sign = self.peek()
        if sign not in {"o", "O"} or self.peek(1) != "(" or self.letters.knows(sign):
            return None
        self.at += 1
        return t.Operation(name=VANISHING, of=(self.inside(self.bracketed()),), indices=(sign,))

    def bars(self) -> t.Node:
        """What stands between bars."""
        end = self.closing_bar()
        if not end:
            raise self.error("a bar is not closed")
        of = self.inside(self.marks[self.at + 1 : end])
        self.at = end + 1
        return t.Operation(name="abs", of=(of,))
