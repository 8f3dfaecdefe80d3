"""What may have been done to a formula: kinds of changes, how far from the formula each is, and the words for it.

Few sentences, written once: each names what was done and gives no answer away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_SENTENCES = 64
"""How many different sentences an answer may choose from: what a hostile function can say with them."""
SEPARATOR = ": "
"""Stands in a found name between the kind and the symbol."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of change."""

    #: Of two changes that explain as much, the one with the smaller rank is said.
    rank: int
    #: The sentence; ``{o}`` is the answer, ``{s}`` the symbol.
    told: str
    #: The sentence where no symbol stands for it, and its rank.
    plain: str = ""
    plain_rank: int = 0


KINDS: Mapping[str, Kind] = {
    "zero answer": Kind(
        rank=0, told="`{o}` is zero. Does nothing depend on the variable that you differentiate with respect to?"
    ),
    "zero where equal": Kind(rank=1, told="`{o}` is zero where the indices are equal. Does nothing happen there?"),
    "zero where different": Kind(
        rank=1, told="`{o}` is zero where the indices differ. Is each element really independent of the others?"
    ),
    "transposed answer": Kind(rank=1, told="`{o}` comes out transposed. Which index belongs to the rows?"),
    "rule for equal indices": Kind(
        rank=1, told="In `{o}`, the rule for equal indices is used for all of them. What changes when they differ?"
    ),
    "rule for different indices": Kind(
        rank=1, told="In `{o}`, the rule for different indices is used for all of them. What changes when they agree?"
    ),
    "missing factor": Kind(
        rank=2,
        told="`{s}` is missing in `{o}`, at least in one place. Where does it come in?",
        plain="A factor is missing in `{o}`. Compare it with your derivation, factor by factor.",
        plain_rank=4,
    ),
    "wrong sign": Kind(
        rank=2,
        told="The sign of `{s}` is wrong in `{o}`, at least in one place.",
        plain="A sign is wrong in `{o}`. Follow the signs through your derivation, line by line.",
    ),
    "opposite sign": Kind(rank=1, told="`{o}` has the opposite sign. Follow the signs through your derivation."),
    "extra factor": Kind(
        rank=3,
        told="`{s}` appears in `{o}` one time too many. Where does each one come from?",
        plain="A factor appears in `{o}` one time too many. Compare it with your derivation, factor by factor.",
        plain_rank=6,
    ),
    "wrong index": Kind(
        rank=3,
        told="An index of `{s}` is wrong in `{o}`. Write down the index of every factor.",
        plain="An index is wrong in `{o}`. Write down the index of every factor.",
    ),
    "turned around": Kind(
        rank=4,
        told="`{s}` runs the wrong way in `{o}`. Which number meets which?",
        plain="Something runs the wrong way in `{o}`. Which number meets which?",
    ),
    "shifted by one": Kind(rank=8, told="Something in `{o}` is off by one place. Where does each index begin?"),
    "missing term": Kind(rank=3, told="A term is missing in `{o}`. Which rule of differentiation has more than one?"),
    "missing denominator": Kind(rank=3, told="A denominator is missing in `{o}`. What is divided by what?"),
    "wrong power": Kind(rank=5, told="A power is wrong in `{o}`. How many times does that factor appear?"),
    "wrong sum": Kind(
        rank=7, told="A sum is wrong in `{o}`. Which index runs, over which terms, and is the sum averaged?"
    ),
    "one term": Kind(rank=6, told="In `{o}`, one term stands where a sum belongs, or a sum where one term does."),
    "wrong terms summed": Kind(
        rank=6, told="A sum in `{o}` has a term too many or too few. Over which terms does it run?"
    ),
    "averaged or not": Kind(
        rank=6,
        told="In `{o}`, something is averaged that should not be, or the other way around. Is anything averaged here?",
    ),
    "wrong number": Kind(rank=3, told="`{o}` is off by a fixed factor. Where does each number come from?"),
    "other number": Kind(
        rank=4, told="A number in `{o}` is wrong, or does not belong there. Where does each number come from?"
    ),
    "wrong function": Kind(
        rank=7, told="In `{o}`, a function is missing, is the wrong one, or stands where the formula has none."
    ),
    "lost sign": Kind(
        rank=6,
        told="`{o}` loses the sign of `{s}`. Nothing says that `{s}` is positive.",
        plain="`{o}` loses a sign. Nothing says that the number is positive.",
    ),
    "lost fraction": Kind(
        rank=6,
        told="`{o}` drops the fractional part of `{s}`. It need not be a whole number.",
        plain="`{o}` is truncated to whole numbers.",
    ),
    "other symbol": Kind(
        rank=9,
        told="In `{o}`, another symbol stands where `{s}` belongs.",
        plain="In `{o}`, one symbol stands where another belongs.",
    ),
    "fixed number": Kind(
        rank=6,
        told="In `{o}`, a fixed number stands where `{s}` belongs. Use the argument.",
        plain="In `{o}`, a fixed number stands where an argument belongs.",
    ),
    "unused switch": Kind(
        rank=1,
        told="`{o}` does not depend on `{s}` as it should.",
        plain="`{o}` does not depend on an argument as it should.",
    ),
    "wrong operation": Kind(
        rank=10,
        told="In `{o}`, `{s}` is added where it should multiply, divides where it should multiply, or the like.",
        plain="In `{o}`, an operation differs from the one in the formula: plus, minus, times, or divided by.",
    ),
    "wrong layout": Kind(
        rank=11,
        told="The numbers of `{o}` are right, but they are not arranged as they should be. What shape should it have?",
    ),
    "wrong extent": Kind(
        rank=11,
        told="Only a part of `{o}` comes back, or several of its numbers merged into one. What shape should it have?",
    ),
    "only an argument": Kind(rank=13, told="`{o}` is one of the arguments, as it came in. What is done to it?"),
    "whole numbers": Kind(
        rank=12, told="`{o}` is truncated to whole numbers, perhaps by the type of an array it is put into."
    ),
}

WHOLE = frozenset({"zero answer", "opposite sign", "transposed answer", "wrong layout", "wrong extent"})
"""Kinds that say something of a whole answer: of a part of one they need not be true."""


def name_of(kind: str, symbol: str = "") -> str:
    """Name a change, as a grade has it: an author's name is one word, these are more."""
    return f"{kind}{SEPARATOR}{symbol}" if symbol and KINDS[kind].plain else kind


def kind_of(name: str) -> str:
    """Take the kind out of a name."""
    return name.partition(SEPARATOR)[0]


def is_found(name: str) -> bool:
    """Whether a name was found by search, and is not an author's."""
    return kind_of(name) in KINDS


def sentence(name: str, output: str) -> str:
    """Say to a student what a name stands for."""
    return _told(name).replace("{o}", output)


def general(name: str) -> str:
    """Say it of nobody's answer in particular; nothing where the name is no found one."""
    if not is_found(name):
        return ""
    told = _told(name).replace("{o}", "the output").replace("`", "")
    return told[0].upper() + told[1:]


def _told(name: str) -> str:
    kind, _, symbol = name.partition(SEPARATOR)
    known = KINDS[kind]
    return (known.told if symbol or not known.plain else known.plain).replace("{s}", symbol)


def rank(name: str) -> int:
    """Say how far from the formula the change is."""
    kind, _, symbol = name.partition(SEPARATOR)
    known = KINDS[kind]
    return known.rank if symbol else known.plain_rank or known.rank
