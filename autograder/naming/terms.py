"""Formulas element by element: small trees over the inputs of a function, with a letter for each index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Op = Literal[
    "input",  # an element of an input: `name`, `letters`
    "read",  # an element of an input, by an index for each axis; 0 outside, or begun anew where `value` is 1
    "inside",  # 1 where such an index is inside the input, else 0
    "offset",  # an index: the sum of what is below and `value`
    "place",  # the number that a letter stands for: `name` is its range
    "named",  # an element of what the prompt defines: `name`, `letters`
    "number",
    "count",  # how many there are along `name`, a range
    "plus",
    "times",
    "minus",
    "over",
    "power",
    "call",  # a function of numbers: `name`
    "sum",  # over the first letter, all but those that follow: `name` is its range
    "largest",
    "product",
    "first",  # the first that is not 0
    "last",
    "same",  # 1 where two letters agree, else 0
    "upto",  # 1 where the first letter is at most the second
    "label",  # 1 where the letter is the number that stands below
    "cases",  # the second term where the first is 1, else the third
    "switch",  # the first term where the input `name` is true, else the second
]
Range = tuple[str, int]
"""An input, and one of its axes; of two inputs with a plus between, how far one can slide along the other."""
BINDERS = frozenset({"sum", "largest", "product", "first", "last"})  #: What runs over a letter of its own.
FIRST, LAST = "^", "$"  #: Letters that stand still.


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """One node of a formula."""

    op: Op
    name: str = ""
    letters: tuple[str, ...] = ()
    args: tuple[Term, ...] = ()
    value: float = 0.0
    #: Made once: trees share what does not change, and are looked up often.
    _hash: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Hash by what is below."""
        made = hash((self.op, self.name, self.letters, self.value, tuple(map(hash, self.args))))
        object.__setattr__(self, "_hash", made)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Term)
            and self._hash == other._hash
            and (self.op, self.name, self.letters, self.value) == (other.op, other.name, other.letters, other.value)
            and self.args == other.args
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """One way to write an answer."""

    axes: tuple[str, ...]  #: The letters of its dimensions, in order.
    #: What each letter runs over, bound ones included.
    ranges: Mapping[str, Range]
    term: Term
    #: What the prompt defines, by name: its letters, and what it is.
    defined: Mapping[str, tuple[tuple[str, ...], Term]] = field(default_factory=dict)


def number(value: float) -> Term:
    """A number."""
    return Term("number", value=float(value))


def plus(*args: Term) -> Term:
    """A sum of terms."""
    flat = [one for arg in args for one in (arg.args if arg.op == "plus" else (arg,)) if one != ZERO]
    return flat[0] if len(flat) == 1 else Term("plus", args=tuple(flat)) if flat else ZERO


def times(*args: Term) -> Term:
    """A product, without factors 1 and with one sign in front."""
    flat: list[Term] = []
    negative = False
    for arg in args:
        inner = arg
        if inner.op == "minus":
            negative, inner = not negative, inner.args[0]
        flat += [one for one in (inner.args if inner.op == "times" else (inner,)) if one != ONE]
    whole = flat[0] if len(flat) == 1 else Term("times", args=tuple(flat)) if flat else ONE
    return minus(whole) if negative else whole


def minus(arg: Term) -> Term:
    """A term with the other sign."""
    return arg.args[0] if arg.op == "minus" else Term("minus", args=(arg,))


def over(above: Term, below: Term) -> Term:
    """A fraction."""
    if above.op == "minus":
        return minus(over(above.args[0], below))
    return above if below == ONE else Term("over", args=(above, below))


def power(base: Term, exponent: Term) -> Term:
    """A power."""
    return base if exponent == ONE else Term("power", args=(base, exponent))


def call(name: str, arg: Term) -> Term:
    """A function of numbers."""
    return Term("call", name, args=(arg,))


def length(run: Range) -> Term:
    """How many there are along an axis."""
    return Term("count", f"{run[0]}.{run[1]}")


def total(run: Range, letter: str, body: Term) -> Term:
    """A sum over all that a letter runs through."""
    return Term("sum", f"{run[0]}.{run[1]}", (letter,), (body,))


ZERO, ONE = number(0.0), number(1.0)


def rebuilt(term: Term, args: tuple[Term, ...]) -> Term:
    """The same node above other ones."""
    if all(new is old for new, old in zip(args, term.args, strict=True)):
        return term
    match term.op:
        case "plus":
            return plus(*args)
        case "times":
            return times(*args)
        case "minus":
            return minus(args[0])
        case "over":
            return over(*args)
        case "power":
            return power(*args)
        case _:
            return Term(term.op, term.name, term.letters, args, term.value)


def replaced(term: Term, change: Callable[[Term], Term | None]) -> Term:
    """Put something else in the place of every node for which `change` has it."""
    new = change(term)
    return rebuilt(term, tuple(replaced(arg, change) for arg in term.args)) if new is None else new


def walk(term: Term) -> Iterator[Term]:
    """Iterate over a node and all below it."""
    yield term
    for arg in term.args:
        yield from walk(arg)


def renamed(term: Term, letters: Mapping[str, str]) -> Term:
    """Write other letters, bound ones included."""
    if not letters:
        return term
    args = tuple(renamed(arg, letters) for arg in term.args)
    return Term(term.op, term.name, tuple(letters.get(one, one) for one in term.letters), args, term.value)


def bound(term: Term) -> Iterator[str]:
    """Iterate over the letters that sums bind."""
    return (one.letters[0] for one in walk(term) if one.op in BINDERS)


def put(term: Term, path: tuple[int, ...], new: Term) -> Term:
    """Put something else in one place: `path` says which argument to follow at each level."""
    if not path:
        return new
    at, *rest = path
    args = list(term.args)
    args[at] = put(args[at], tuple(rest), new)
    return rebuilt(term, tuple(args))
