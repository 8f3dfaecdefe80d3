"""Marks in a row, taken one after the other: what a reader of sides stands on."""

import re
from collections.abc import Iterator, Sequence

from autograder.mathematics.answers.marks import CLOSE, OPEN, WORDS, Mark, argument
from autograder.mathematics.formulas.greek import GREEK
from autograder.mathematics.formulas.parsing import MOST_DIGITS, ParseError

_CAPITALS = ("Gamma", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")
GREEK_MARKS = {rf"\{name}": name for name in (*GREEK, *_CAPITALS, "ell")}
PAIRS = {"(": ")", "[": "]", r"\{": r"\}", "{": "}", r"\langle": r"\rangle"}
_SHIFTED = re.compile(r"([A-Za-z]+)([+-]\d{1,3})")
_TERMS = re.compile(r"([+-]?)([A-Za-z]+|\d{1,3})(?![A-Za-z\d])")
ANY = ":"
"""An index that stands for all of them."""


_DRESSED = re.compile(r"\\([a-z]+)\{(\\[A-Za-z]+|[A-Za-z])\}|\\mathrm\{[A-Za-z]{2,20}\}")
"""A letter with its accent in one mark, or the name of a function."""


def shifted(index: str) -> tuple[str, int] | None:
    """Take an index such as ``i+1`` apart: the letter, and how far from it."""
    found = _SHIFTED.fullmatch(index)
    return (found[1], int(found[2])) if found else None


def terms_of(index: str) -> list[tuple[int, str]]:
    """Take an index such as ``i+k-1`` apart: signs, and letters or numbers; it is one term where it is a letter."""
    return [(-1 if sign == "-" else 1, term) for sign, term in _TERMS.findall(index)]


def letters_of(index: str) -> list[str]:
    """Give the letters that an index is made of."""
    return [term for _, term in terms_of(index) if term.isalpha()] if "+" in index or "-" in index else [index]


def is_a_row(indices: Sequence[str]) -> bool:
    """Whether a matrix with these indices is a row of it: one index, which is not two digits."""
    return len(indices) == 1 and not (indices[0].isdecimal() and len(indices[0]) > 1)


def is_letter(text: str) -> bool:
    """Whether a mark is a letter that may be a name."""
    if len(text) == 1:
        return text.isascii() and text.isalpha()
    return text in GREEK_MARKS or bool(_DRESSED.fullmatch(text))


def bare_of(text: str) -> str:
    """The letter below an accent, where a mark is one."""
    found = _DRESSED.fullmatch(text)
    return (found[2] or "") if found else ""


def name_of(text: str) -> str:
    """A letter's name in the tree."""
    return GREEK_MARKS.get(text, text)


class Scanner:
    """A place among some marks; what cannot be read there raises `ParseError`."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks = marks
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """The text of the mark that comes, nothing at the end."""
        place = self.at + ahead
        return self.marks[place].text if place < len(self.marks) else ""

    def take(self, text: str) -> bool:
        """Take a mark if it comes next."""
        if self.peek() != text:
            return False
        self.at += 1
        return True

    def error(self, hint: str, found: str | None = None) -> ParseError:
        """Say what stands here and cannot be read."""
        text = self.peek() if found is None else found
        place = self.marks[min(self.at, len(self.marks) - 1)].at if self.marks else 0
        return ParseError(place, text[:30], hint)

    def raw(self) -> list[Mark]:
        """The braced group or the mark that comes."""
        if self.at >= len(self.marks):
            raise self.error("the line ends too early")
        inner, self.at = argument(self.marks, self.at)
        return inner

    def bracketed(self) -> list[Mark]:
        """What stands in the brackets that open here; they need not be of one kind, but nest."""
        level, end = 0, self.at
        while end < len(self.marks):
            text = self.marks[end].text
            level += (text in OPEN or text.startswith(r"\begin{")) - (text in CLOSE or text.startswith(r"\end{"))
            end += 1
            if not level:
                inner = list(self.marks[self.at + 1 : end - 1])
                self.at = end
                return inner
        raise self.error("a bracket is not closed")

    def closing_bar(self) -> int:
        """Where the bar that opens here is closed; 0 where it is not."""
        level = 0
        for k in range(self.at + 1, len(self.marks)):
            text = self.marks[k].text
            level += (text in OPEN or text.startswith(r"\begin{")) - (text in CLOSE or text.startswith(r"\end{"))
            if text == "|" and not level:
                return k if k > self.at + 1 else 0
            if level < 0:
                return 0
        return 0

    def environment(self) -> tuple[str, list[Mark]]:
        """Name and inside of the environment that begins here."""
        name = self.peek()[7:-1]
        level, end = 0, self.at
        while end < len(self.marks):
            text = self.marks[end].text
            level += text.startswith(r"\begin{") - text.startswith(r"\end{")
            end += 1
            if not level:
                inner = list(self.marks[self.at + 1 : end - 1])
                self.at = end
                return name, inner
        raise self.error("it does not end")

    def indices(self, marks: Sequence[Mark]) -> tuple[str, ...]:
        """Read what hangs below a letter: letters, numbers, or a sign for all of them."""
        found: list[str] = []
        joined = False
        for k, mark in enumerate(marks):
            text = mark.text
            if text in {"+", "-"} and found and _is_index(found[-1]) and marks[k + 1 : k + 2]:
                found[-1] += text
                joined = True
                continue
            if text.isdecimal() and text.isascii():
                if joined:
                    found[-1] += text
                else:
                    found.append(text)
                joined = True
                if len(found[-1]) > MOST_DIGITS + 2:
                    raise self.error(f"at most {MOST_DIGITS} digits", found[-1][:MOST_DIGITS])
                continue
            joined = False
            if is_letter(text) and found and found[-1][-1:] in {"+", "-"}:
                found[-1] += name_of(text)
            elif is_letter(text):
                found.append(name_of(text))
            elif (
                text == r"\cdot" and 0 < k < len(marks) - 1 and {marks[k - 1].text, marks[k + 1].text}.isdisjoint(",{}")
            ):
                continue  # between two sizes
            elif text in {":", r"\cdot", r"\bullet"}:
                found.append(ANY)
            elif text.startswith(WORDS) and text[len(WORDS) : -1].strip().isalpha() and text.isascii():
                found.append(text[len(WORDS) : -1].strip())
            elif text not in {",", "{", "}", "(", ")", "[", "]", "="}:
                raise self.error("an index is a letter or a whole number", text)
        if not found:
            raise self.error("an index is a letter or a whole number", "")
        return tuple(found)


def _is_index(found: str) -> bool:
    return is_letter(found) or found[-1:].isalpha()


def split(marks: Sequence[Mark], at: str) -> Iterator[list[Mark]]:
    """Take marks apart at those that stand in no bracket."""
    level = 0
    piece: list[Mark] = []
    for mark in marks:
        text = mark.text
        level += (text in OPEN or text.startswith(r"\begin{")) - (text in CLOSE or text.startswith(r"\end{"))
        if text == at and level <= 0:
            yield piece
            piece = []
        else:
            piece.append(mark)
    yield piece
