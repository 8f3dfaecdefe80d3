"""Matrices, rows and cases as students write them."""

import re
from collections.abc import Callable, Sequence
from string import ascii_lowercase

from autograder.mathematics.answers import prose
from autograder.mathematics.answers.marks import CLOSE, OPEN, WORDS, Mark, argument, source
from autograder.mathematics.answers.scanner import PAIRS, is_letter, split
from autograder.mathematics.formulas import tree as t
from autograder.mathematics.formulas.parsing import ParseError

Read = Callable[[Sequence[Mark]], t.Node]
_SIGNS = {"+", "-", r"\cdot", "/", r"\odot", r"\otimes"}
_STOPS = {".", ",", ";"}
MOST_ENTRIES = 400
_EITHER = re.compile(r"\bor\b|\\(?:lor|vee)(?![a-z])")
_RELATIONS = {">", "<", r"\le", r"\ge", r"\leq", r"\geq"}


def _entry(marks: list[Mark], read: Read, *, dotted: bool = False) -> t.Node:
    while marks and marks[-1].text in _STOPS:
        marks = marks[:-1]
    if [mark.text for mark in marks] == [r"\dots"] or (dotted and not marks):
        return t.Operation(name="dots")
    return read(marks)


def _array(rows: list[list[t.Node]], at: int) -> t.Node:
    dots = t.Operation(name="dots")
    wide = max(map(len, rows))
    # A row of dots may say so once.
    rows = [row * wide if row == [dots] else row for row in rows]
    if len({len(row) for row in rows}) > 1:
        raise ParseError(at, "", "the rows of a matrix must have the same length")
    if sum(map(len, rows)) > MOST_ENTRIES:
        raise ParseError(at, "", f"a matrix of at most {MOST_ENTRIES} entries")
    if any(entry == dots for row in rows for entry in row):
        entries = tuple(entry for row in rows for entry in row)
        return t.Operation(name="array", of=entries, indices=(str(len(rows)), str(len(rows[0]))))
    return t.Matrix(rows=tuple(map(tuple, rows)))


def matrix_of(marks: Sequence[Mark], read: Read) -> t.Node:
    """Read what stands inside of a matrix."""
    lines = [line for line in split(marks, r"\\") if line]
    at = marks[0].at if marks else 0
    if not lines:
        raise ParseError(at, "", "an empty matrix")
    dotted = any(mark.text == r"\dots" for mark in marks)
    cells = [list(split(line, "&")) for line in lines]
    if len(cells) == 1 and len(cells[0]) == 1:
        # A row with commas between its entries, or nothing.
        pieces = [piece for piece in split(cells[0][0], ",") if piece]
        cells = [(blocks_in(cells[0][0]) if len(pieces) == 1 else []) or pieces]
    rows = [[_entry(cell, read, dotted=dotted) for cell in line] for line in cells]
    if dotted and len(cells) > 2 and not (cells[0][-1] or cells[-1][0]):
        # Nothing beside a diagonal is 0.
        rows[0][-1] = rows[-1][0] = t.Number(digits="0")
    return _array(rows, at)


def blocks_in(marks: Sequence[Mark]) -> list[list[Mark]]:
    """What stands side by side in square brackets around dots, with no sign between."""
    pieces = list(split(marks, r"\dots"))
    plain = all(piece and piece[0].text not in _SIGNS and piece[-1].text not in _SIGNS for piece in pieces)
    if len(pieces) != 2 or not plain:
        return []
    dots = [mark for mark in marks if mark.text == r"\dots"][:1]
    return [*_entries_in(pieces[0]), dots, *_entries_in(pieces[1])]


def rows_in(pieces: Sequence[list[Mark]]) -> list[list[list[Mark]]]:
    """What stands in rows of brackets, as code writes a matrix; nothing where that is no such thing."""
    if not all(len(piece) > 2 and (piece[0].text, piece[-1].text) == ("[", "]") for piece in pieces):
        return []
    rows = [list(split(piece[1:-1], ",")) for piece in pieces]
    return rows if len({*map(len, rows)}) == 1 else []


def _entries_in(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Letters with an index that stand side by side, each by itself; anything else is one."""
    found: list[list[Mark]] = []
    at = 0
    while at < len(marks):
        if not is_letter(marks[at].text) or at + 2 >= len(marks) or marks[at + 1].text != "_":
            return [list(marks)]
        _, end = argument(marks, at + 2)
        found.append(list(marks[at:end]))
        at = end
    return found


def row_of(pieces: Sequence[list[Mark]], read: Read) -> t.Node:
    """Read numbers between commas in brackets: a row."""
    at = next((mark.at for piece in pieces for mark in piece), 0)
    return _array([[_entry(piece, read) for piece in pieces]], at)


def cases_of(marks: Sequence[Mark], read: Read) -> t.Node:
    """Read values and when they hold."""
    rows: list[tuple[t.Node, t.When]] = []
    both: list[tuple[int, list[prose.Case], int]] = []
    at = marks[0].at if marks else 0
    for line in (line for line in split(marks, r"\\") if line):
        value, when = _cut(line)
        above = _above(when, read)
        if above is not None:
            rows.append((_entry(value, read), above))
            continue
        sentence = _words_of(when)
        said = prose.case_in(sentence) if when else None
        if len(pairs := prose.pairs_in(sentence)) > 1:
            if _EITHER.search(sentence):
                raise ParseError(when[0].at, source(when)[:30], "a case with two pairs of indices says that both agree")
            both.append((len(rows), pairs, when[0].at))
        if when and said is None:
            raise ParseError(when[0].at, source(when)[:30], "a case says which indices agree or differ")
        if said is not None and said.kind == "letters":
            rows.append((_entry(value, read), t.Condition(left=said.left, right=said.right, equal=said.equal)))
        elif said is None or said.kind == "otherwise":
            rows.append((_entry(value, read), None))
        else:
            rows.append((_entry(value, read), t.Condition(left="", right="", equal=said.equal)))
    if any(when is None for _, when in rows[:-1]):
        raise ParseError(at, "", "a case says which indices agree or differ")
    if not rows:
        raise ParseError(at, "", "no cases")
    for row, pairs, here in both:
        if len(rows) != 2 or row or rows[1][1] is not None:
            raise ParseError(here, "", "two pairs of indices in a case have one other case behind them")
        for pair in reversed(pairs):
            inner: t.Node = t.Cases(rows=tuple(rows)) if pair is not pairs[-1] else rows[0][0]
            rows = [(inner, t.Condition(left=pair.left, right=pair.right, equal=pair.equal)), rows[1]]
    return t.Cases(rows=tuple(rows))


def _above(when: Sequence[Mark], read: Read) -> t.Above | None:
    """Read which of two numbers is the larger one."""
    said = [mark for mark in when if not mark.text.startswith(WORDS) and mark.text not in _STOPS]
    for k, mark in enumerate(said):
        if mark.text in _RELATIONS:
            return t.relation(read(said[:k]), mark.text, read(said[k + 1 :]))
    return None


def above_in(marks: Sequence[Mark], at: int, read: Read) -> tuple[t.Node, int] | None:
    """Read brackets that hold a comparison of numbers, which is 1 where it is true, and where they end."""
    end = at
    while end < len(marks) and marks[end].text in PAIRS:
        end += 1
    depth = end - at
    if not depth:
        return None
    closing = [PAIRS[mark.text] for mark in marks[at:end]][::-1]
    inner: list[Mark] = []
    level = 0
    while end < len(marks) and (level or marks[end].text != closing[0]):
        level += (marks[end].text in OPEN) - (marks[end].text in CLOSE)
        inner.append(marks[end])
        end += 1
    if [mark.text for mark in marks[end : end + depth]] != closing:
        return None
    if sum(mark.text in _RELATIONS for mark in inner) != 1 or (found := _above(inner, read)) is None:
        return None
    strict = ("strict",) if found.strict else ()
    return t.Operation(name="above", of=(found.left, found.right), indices=strict), end + depth


def _words_of(marks: Sequence[Mark]) -> str:
    return " ".join(source(marks).replace("\\text{", " ").replace("}", " ").split())


def _is_a_case(marks: Sequence[Mark]) -> bool:
    """Whether marks are two letters with a sign between them, and nothing else."""
    texts = [mark.text for mark in marks if mark.text not in {*_STOPS, ":", r"\quad"}]
    return len(texts) == 3 and texts[1] in {"=", r"\neq"} and {*texts[::2]} <= {*ascii_lowercase}


def _has_words(marks: Sequence[Mark]) -> bool:
    return any(mark.text.startswith(WORDS) for mark in marks)


def _spelled(cell: list[Mark]) -> list[Mark]:
    """A cell that is a word in letters as words."""
    word = "".join(mark.text for mark in cell)
    return [Mark(f"{WORDS}{word}}}", cell[0].at)] if len(cell) > 1 and word.isalpha() else cell


def _cut(line: list[Mark]) -> tuple[list[Mark], list[Mark]]:
    """A case's value and the words about it: behind a mark of columns, a comma or words."""
    cells = [cell for cell in split(line, "&") if cell]
    if len(cells) > 1 and (_is_a_case(cells[0]) or _has_words(cells[0])) and prose.case_in(_words_of(cells[0])):
        return cells[1], cells[0]
    if len(cells) > 1:
        return cells[0], [mark for cell in cells[1:] for mark in _spelled(cell)]
    line = cells[0] if cells else line
    for k, mark in enumerate(line):
        if k and (mark.text.startswith(WORDS) or mark.text in {",", ":", r"\quad"}):
            return line[:k], line[k + 1 :] if mark.text in {",", ":", r"\quad"} else line[k:]
    return line, []
