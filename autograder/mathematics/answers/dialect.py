"""A formula's marks taken apart: into statements, each a chain of sides, and the case that stands beside each."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from autograder.mathematics.answers import prose
from autograder.mathematics.answers.accents import joined
from autograder.mathematics.answers.cleaning import cleaned
from autograder.mathematics.answers.factors import is_frobenius, with_dots
from autograder.mathematics.answers.hanging import unhung
from autograder.mathematics.answers.macros import DialectError, Macros, expanded
from autograder.mathematics.answers.marks import (
    CLOSE,
    OPEN,
    WORDS,
    Mark,
    argument,
    marks_of,
)
from autograder.mathematics.answers.spelled import one_each
from autograder.mathematics.answers.stated import BETWEEN, bare_case, case_below_a_bar, case_in_brackets
from autograder.mathematics.answers.taking import Statement, Taken, Taking

MOST_LEVELS = 60
_OTHER_RELATIONS = {
    "<", ">", r"\leq", r"\geq", r"\approx", r"\in", r"\propto", r"\sim", r"\neq", r"\simeq", r"\ll", r"\gg", r"\mid",
    r"\subset", r"\cong", r"\mapsto", r"\gets", r"\leftarrow", r"\notin",
}  # fmt: skip
_COMPARING = {"<", ">", r"\leq", r"\geq", r"\approx", r"\simeq", r"\ll", r"\gg", r"\propto", r"\sim"}
"""Those between two things of one kind: what stands behind may begin a chain."""
_STACKS = {
    "aligned", "alignedat", "split", "gathered", "align", "gather", "equation", "alignat", "multline", "multlined",
    "flalign", "eqnarray", "IEEEeqnarray", "dmath", "array", "matrix", "cases", "dcases", "subequations", "empheq",
    "tabular", "rcases", "numcases", "darray",
}  # fmt: skip
_CASES = {"cases", "dcases", "rcases"}
_SIGNS = {"+", "-", r"\cdot", r"\odot", "/", r"\otimes"}
_BRACES = {r"\underbrace", r"\overbrace"}
_ANOTHER = re.compile(r"\W*(?:and|but|or|else|otherwise)\b", re.IGNORECASE)
"""How words begin behind a case that another value follows."""
_INDEX = re.compile(r"[a-z]")
_REASON = re.compile(r"\W*(?:since|because|as|by|using|where|with|from|via|due|recall|note|def|here)\b", re.IGNORECASE)
"""How words begin that give the reason of what stands before them."""
_CHANGES = re.compile(r"\W{0,3}(?:plus|minus|times|squared|transposed|(?:multiplied|divided) by)\b", re.IGNORECASE)
"""How words begin that change what stands before them."""
_OR = re.compile(r"\\text\{\W*or\W*\}")
_OPERATOR = re.compile(r"\\operatorname\{([A-Za-z]{2,20})\}")
_UPRIGHT = "\\mathrm{"
_NAME = re.compile(r"\\text\{([A-Za-z]{2,20})\}")
_THING = re.compile(r"(?:num|numer|numerator|den|denom|denominator|(?!LHS|RHS|QED)[A-Z]{2,5})")
"""Words that are a letter like any, wherever they stand."""
_OF_A_THING = re.compile(
    r"(?:the )?(?:derivative|gradient|numerator|denominator|sum|jacobian|output|top|bottom)\b", re.IGNORECASE
)
"""How words begin of which a sign of equality says something."""
UNREADABLE = r"\words"
_NO_NAME = re.compile(
    r"if|for|when|where|and|so|or|since|as|with|by|thus|hence|else|otherwise|case|then|because|let|that|is|are|to|in|at"
    r"|on|we|get|have|from|all|only|not|but|also|note|see|using|the|of|both|via|def|rule",
    re.IGNORECASE,
)
"""Words before a bracket that are no function's name."""


def statements(
    latex: str,
    at: int,
    macros: Macros,
    functions: frozenset[str],
    known: frozenset[str],
    *,
    accented: frozenset[str] = frozenset(),
    spelled: frozenset[str] = frozenset(),
) -> Taken:
    """Take what stands between the marks of a display or of inline mathematics apart; some words are letters there.

    Raises
    ------
    DialectError
        If it is too long, too deep, or its macros grow too much.
    """
    raw = expanded(marks_of(latex, at), macros)
    marks = cleaned(joined(list(unhung(raw)), accented))
    marks = one_each(marks, spelled) if spelled else marks
    marks = _with_names(with_dots(marks, known), functions)
    _must_be_flat(marks)
    taken = _taken(_with_case_columns(_flattened(marks)), functions, known)
    return replace(taken, statements=[*taken.statements, *_labelled(raw)])


def _labelled(marks: Sequence[Mark]) -> list[Statement]:
    """What labels of braces say that stands above or below them: with a sign of equality, or a number."""
    found: list[Statement] = []
    for k, mark in enumerate(marks):
        if mark.text not in _BRACES:
            continue
        inner, end = argument(marks, k + 1)
        if end >= len(marks) or marks[end].text not in {"_", "^"}:
            continue
        label = cleaned(argument(marks, end + 1)[0])
        says = label[:1] and (label[0].text == "=" or (len(label) == 1 and label[0].text.isdecimal()))
        if says and len(inner) > 1:
            found.append(Statement(sides=[cleaned(inner), label[label[0].text == "=" :]]))
    return [one for one in found if all(one.sides)]


def _with_names(marks: list[Mark], functions: frozenset[str]) -> list[Mark]:
    """Words right before a bracket are the name of a function: a letter like any, where they are not a known one."""
    for k, mark in enumerate(marks):
        if operator := _OPERATOR.fullmatch(mark.text):
            known = operator[1].lower() in functions
            marks[k] = Mark(f"{WORDS if known else _UPRIGHT}{operator[1]}}}", mark.at)
    for k, (mark, following) in enumerate(pairwise(marks)):
        found = _NAME.fullmatch(mark.text) if following.text in {"(", "'"} else None
        if found and found[1].lower() not in functions and not _NO_NAME.fullmatch(found[1]):
            marks[k] = Mark(rf"\mathrm{{{found[1]}}}", mark.at)
    for k, mark in enumerate(marks):
        if mark.text.startswith(WORDS):
            words = mark.text[len(WORDS) : -1].strip()
            if _THING.fullmatch(words) and words.lower() not in functions:
                marks[k] = Mark(rf"\mathrm{{{words}}}", mark.at)
            elif _OF_A_THING.match(words) and k + 1 < len(marks) and marks[k + 1].text == "=":
                marks[k] = Mark(UNREADABLE, mark.at)
    return marks


def _must_be_flat(marks: Sequence[Mark]) -> None:
    level = deepest = 0
    for mark in marks:
        level += (mark.text in OPEN) - (mark.text in CLOSE)
        deepest = max(deepest, level)
    if deepest > MOST_LEVELS:
        raise DialectError(f"its brackets stand more than {MOST_LEVELS} deep")


def _flattened(marks: list[Mark]) -> list[Mark]:
    """Marks without the environments that only stack lines: their rows are the display's."""
    flat: list[Mark] = []
    waiting: list[tuple[int, str]] = []
    dropped: set[int] = set()
    level = 0
    for k, mark in enumerate(marks):
        if mark.text.startswith(r"\begin{"):
            name = mark.text[7:-1]
            outer = not level and all(place in dropped for place, _ in waiting)
            if outer and name in _STACKS and _stacks_lines(marks, k, name):
                dropped.add(k)
            waiting.append((k, name))
        elif mark.text.startswith(r"\end{") and waiting:
            place, _ = waiting.pop()
            if place in dropped:
                dropped.add(k)
        elif not waiting or waiting[-1][0] in dropped:
            level = max(0, level + (mark.text in OPEN) - (mark.text in CLOSE))
        flat.append(Mark(r"\\", mark.at) if k in dropped else mark)
        inside = bool(waiting) and waiting[-1][0] in dropped and waiting[-1][1] in _CASES
        if inside and not level and mark.text == r"\\" and k + 1 < len(marks):
            # A row of cases is about what stands before them, and goes on with no other.
            flat += [Mark(";", mark.at), *(one._replace(at=mark.at) for one in _left_of(marks, waiting[-1][0]))]
    return flat


def _with_case_columns(marks: list[Mark]) -> list[Mark]:
    """Marks without those of columns inside of a case in the last columns of a row, as in ``& i &= j``."""
    texts = [mark.text for mark in marks]
    inside = {
        k + 2
        for k, text in enumerate(texts[:-4])
        if text == texts[k + 2] == "&"
        and texts[k + 3] in {"=", r"\neq"}
        and _INDEX.fullmatch(texts[k + 1])
        and _INDEX.fullmatch(texts[k + 4])
        and (len(texts) == k + 5 or texts[k + 5] in {r"\\", ",", "."})
    }
    return [mark for k, mark in enumerate(marks) if k not in inside] if inside else marks


def _left_of(marks: Sequence[Mark], begin: int) -> list[Mark]:
    """The side before an environment, with the sign of equality between them."""
    if not begin or marks[begin - 1].text != "=":
        return []
    level, k = 0, begin - 2
    while k >= 0 and (level or marks[k].text not in {r"\\", "&", ",", ";", "=", r"\quad"}):
        level += (marks[k].text in CLOSE) - (marks[k].text in OPEN)
        k -= 1
    return list(marks[k + 1 : begin])


def _stacks_lines(marks: Sequence[Mark], begin: int, name: str) -> bool:
    """Whether an environment holds lines with equalities of their own, and no entries or cases."""
    if name not in _CASES | {"array", "matrix", "tabular"}:
        # A display's environment may be cases by hand, too: then something stands before it in its row.
        before = marks[begin - 1].text if begin else r"\\"
        if before not in {"=", r"\cdot", "+", "-"}:
            return True
    level = inside = 0
    first = True
    for k in range(begin + 1, len(marks)):
        text = marks[k].text
        inside += text.startswith(r"\begin{") - text.startswith(r"\end{")
        if inside < 0:
            return False
        level += (text in OPEN) - (text in CLOSE)
        if inside or level > 0:
            continue
        if text == r"\\":
            first = True
        elif text == "&" and name in _CASES:
            first = False
        elif text == "=" and first and not bare_case(marks, k - 1)[0]:
            return True
    return False


def _remark_at(marks: Sequence[Mark], k: int, functions: frozenset[str]) -> int:
    """Where brackets end that hold words, perhaps beside formulas; the place itself where none open there."""
    if k >= len(marks) or marks[k].text not in {"(", "["}:
        return k
    level = 0
    for end in range(k, len(marks)):
        level += (marks[end].text in OPEN) - (marks[end].text in CLOSE)
        if not level:
            inside = marks[k + 1 : end]
            return end + 1 if any(_is_words(mark, functions) for mark in inside) else k
    return k


def _is_words(mark: Mark, functions: frozenset[str]) -> bool:
    """Words that are no name of a function; so are letters of another script."""
    if mark.text.startswith(WORDS):
        return mark.text[len(WORDS) : -1].strip().lower() not in functions
    return len(mark.text) == 1 and mark.text > "~" and mark.text.isalpha()


def _taken(marks: list[Mark], functions: frozenset[str], known: frozenset[str]) -> Taken:
    """Statements of one side and more, the cases beside them taken in."""
    taking = Taking(functions=functions)
    level = inside = k = 0
    end = Mark(r"\\", marks[-1].at if marks else 0)
    fresh = True
    while k <= len(marks):
        mark = marks[k] if k < len(marks) else end
        last = k == len(marks)
        text = mark.text
        beside = not level and not inside and not taking.piece and taking.kind != "side"
        case = beside and bare_case(marks, k, known)[0]
        if beside and not case and (behind := _remark_at(marks, k, functions)) > k:
            for at in range(k + 1, behind - 1):
                if _is_words(marks[at], functions):
                    _one(taking, marks, at, marks[at], fresh)
            k, fresh = behind, False
            continue
        opened = text.startswith(r"\begin{")
        inside = max(0, inside + opened - text.startswith(r"\end{"))
        level = max(0, level + (text in OPEN) - (text in CLOSE))
        if not last and (level or inside or opened or text in CLOSE or text.startswith(r"\end{")):
            case, following = case_in_brackets(taking, marks, k, known)
            if case and level == 1 and not inside:
                taking.flush()
                taking.said(case)
                level, k, fresh = 0, following, False
                continue
            if text not in {r"\\", "&"} or inside:
                taking.piece.append(mark)
                fresh = False
            k += 1
            continue
        case, following = case_below_a_bar(marks, k)
        if case is not None:
            taking.beside(case)
            k = following
            continue
        case, following = bare_case(marks, k, known) if not taking.piece and taking.kind != "side" else (None, k)
        if case is not None:
            taking.flush()
            taking.said(case)
            k, fresh = following, False
            continue
        fresh = _one(taking, marks, k, mark, fresh)
        k += 1
    if level and taking.piece:
        taking.flush()
    return Taken(statements=taking.ended(), lost=taking.lost)


def _one(taking: Taking, marks: Sequence[Mark], k: int, mark: Mark, fresh: bool) -> bool:
    """Take one mark that stands in no bracket, and say whether a row has just begun."""
    text = mark.text
    column, taking.column = taking.column, text == "&"
    if text == r"\\":
        hanging = taking.piece and taking.piece[-1].text in _SIGNS
        if hanging and k + 1 < len(marks):
            return False
        if taking.kind == "side" and not taking.piece and k + 1 < len(marks):
            return False
        taking.flush()
        taking.row()
        return True
    if text == "&":
        return _cell(taking, marks, k, fresh)
    if text == "=" and taking.kind == "drop" and not taking.compares:
        taking.lost.append(mark.at)
    elif text == "=":
        taking.kind = "start" if taking.kind == "drop" else taking.kind
        taking.again = False
        if taking.piece or taking.kind == "side":
            taking.flush()
        taking.kind = "side"
    elif _is_words(mark, taking.functions):
        _words(taking, text, mark.at)
        taking.remark |= taking.begun and (column or bool(_REASON.match(text[len(WORDS) :])))
    elif text == ":" and is_frobenius(taking, marks, k):
        taking.piece.append(mark)
    elif text == ":" and taking.kind == "side" and not taking.piece:
        # As in "a + b =: c".
        return fresh
    elif text in BETWEEN:
        if not (text == "." and k + 1 < len(marks) and marks[k + 1].text.isdecimal()):
            if text == r"\quad" and not taking.piece and taking.kind != "drop":
                return fresh
            if text == r"\quad" and taking.kind == "side" and _goes_on(taking.piece, marks, k + 1):
                return fresh
            taking.flush()
            taking.apart = text
        else:
            taking.piece.append(mark)
    elif text in _OTHER_RELATIONS and taking.kind != "drop":
        # No equality: what stands up to the next sign that separates is passed over.
        if taking.kind == "side":
            taking.flush()
        taking.piece, taking.kind, taking.compares = [], "drop", text in _COMPARING
    else:
        begins = taking.kind == "start" and not (taking.piece or taking.again or taking.other) and text in _SIGNS
        begins = begins and bool(taking.statements)
        if begins and (fresh or (taking.begun and not _is_a_left_side(marks, k))):
            taking.kind = "more"
        taking.piece.append(mark)
    return False


_OPERATORS = (["{", r"\partial", "}"], ["{", "d", "}"])
"""Above the bar of a derivative of what stands behind it."""


def _goes_on(piece: Sequence[Mark], marks: Sequence[Mark], at: int) -> bool:
    """Whether a side goes on behind a wide space: with a sign or an operator, or behind a sign."""
    while at < len(marks) and marks[at].text == r"\quad":
        at += 1
    behind = marks[at].text if at < len(marks) else ""
    signs = _SIGNS - {"-"}
    operator = behind == r"\frac" and [mark.text for mark in marks[at + 1 : at + 4]] in _OPERATORS
    alone = (behind == "-" or operator) and not _is_a_left_side(marks, at)
    return piece[-1].text in _SIGNS or behind in signs or alone


def _is_a_left_side(marks: Sequence[Mark], at: int) -> bool:
    """Whether a sign of equality comes before anything that separates statements."""
    level = 0
    for mark in marks[at:]:
        level += (mark.text == "{") - (mark.text == "}")
        if level <= 0 and mark.text in {"=", r"\\", r"\quad", ",", ";"}:
            return mark.text == "="
    return False


def _cell(taking: Taking, marks: Sequence[Mark], k: int, fresh: bool) -> bool:
    """A mark between columns: before a sign it is nothing, else another statement or a case follows."""
    following = next((mark.text for mark in marks[k + 1 :] if mark.text != "&"), r"\\")
    if not taking.piece or following in {"=", *_SIGNS, *_OTHER_RELATIONS, r"\\"}:
        return fresh and not taking.piece
    taking.flush()
    return False


def _words(taking: Taking, text: str, at: int) -> None:
    """Words end a piece; a case in them belongs to what stands before them, or to what follows."""
    taking.apart = WORDS
    if taking.piece or taking.kind == "drop":
        taking.flush()
    elif taking.kind == "side":
        # What is said in words is no formula.
        taking.piece.append(Mark(text, at))
        return
    if taking.begun and taking.statements and (changes := _CHANGES.match(text[len(WORDS) : -1])):
        taking.statements[-1].behind = changes[0].strip()
    taking.other = bool(_OR.fullmatch(text))
    said = prose.case_in(text[len(WORDS) : -1]) if text.startswith(WORDS) else None
    if taking.begun and taking.statements and taking.statements[-1].case and _ANOTHER.match(text[len(WORDS) :]):
        taking.follows(said)
    elif said is not None:
        taking.said(said)
