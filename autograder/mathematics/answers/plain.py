"""Formulas that stand in a line without marks of mathematics."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, pairwise

from autograder.mathematics.answers import spoken
from autograder.mathematics.answers.marks import UNICODE
from autograder.mathematics.formulas.greek import GREEK

_ONE_CASE = r"\s*(?:[a-z]\s*(?:!=|\\neq?|\\not\s?=|≠)\s*[a-z]|[a-dh-tvw]\s*==?\s*[a-dh-tvw])\s*"
BARE = re.compile(rf"{_ONE_CASE}(?:(?:,|\\land|\\wedge|\\text\{{ ?and ?\}}){_ONE_CASE})?")
_NAMES = re.compile(rf"(?<![A-Za-z])(?:exp|log|sum|max|tanh|sqrt|{'|'.join(GREEK)})(?![A-Za-z])")
_LETTERS_ONLY = re.compile(
    r"(?!.{0,400}[A-Za-z]{3})(?![a-z] = [a-z]\Z)[A-Za-z](?:_?[A-Za-z0-9])? = (?=[^=]{0,200}[A-Za-z])"
    r"[A-Za-z0-9_+*/^() '.-]{1,200}(?: = [A-Za-z0-9+*/^() '.-]{1,200})?"
)
"""A formula of letters, digits and signs alone; words are longer."""
_ARTICLES = {"the", "a", "this", "that", "each", "one", "of"}
"""Before the name of a function that stands for a word."""
_SHORT_WORD = re.compile(
    "am|an|as|at|be|by|do|go|he|if|in|is|it|me|my|no|of|ok|on|or|so|to|up|us|we|vs|ie|eg|cf|la|el|de|le|un|et|ou",
    re.IGNORECASE,
)
_PIECE = re.compile(r"\S+")
_EQUAL = re.compile(r"(?<![!=<>])=(?!=)")
_LONGEST_REMARK = 40
"""Pieces in brackets."""
_GAP, _WIDE = 3, 8
"""Spaces that keep formulas apart."""
_LONG_WORD = re.compile(r"[a-z]{3,}(?:-[a-z]+)?")
_SPACES = re.compile(r"[ \t]{2,}")
_WORD = re.compile(
    r"[A-Za-z](?=[a-z']*[a-z])[a-z']+[,.:;!?]?|[A-Za-z][a-z]{2,}-[a-z]{3,}[,.:;!?]?|[A-Z]?[a-z]+:|[&|]|[.,;:]|\((?:i[iv]|ii[iv]?|vi+)\)"
    r"|[\[(]?[Ee]qn?s?[.]?\(?\d{0,2}\)?[\])]?"
)
_IN_BRACKETS = re.compile(r"\((?:[a-z]{3,}|a[nst]|i[nsft]|by|of|to|we|so|or)[,.:;]?|\(?[a-z]{3,}\.?\)[,.:;]?")
"""The first word in brackets, or the last."""
_SIZE = re.compile(r"[(\[][a-zA-Z\d][x×*][a-zA-Z\d][)\]]")
_PRODUCT = re.compile(r"[A-Za-z]{2}")
_BULLET = re.compile(
    r"[-*+•#%]|//|\d{1,2}[.)]|[Qq]?\d{1,2}\(?[a-z]?\)?[.):]|\(?[a-z]\)|\(\d{1,2}[a-z]?\)|\(?[ivx]{1,4}\)"
)
_GREEK_NAMES = frozenset(GREEK)
_LETTER_OF_WORDS = re.compile(r"[A-Za-z][,:]")
"""A letter that ends a clause."""
_BETWEEN = {
    "=>", "==>", "->", "-->", "<=>", "⇒", "→", "⟹", "⟶", "⇔", "⟺", "∴", "∵", "∎", "□", "■",
    "q.e.d.", "qed", "QED", "w/", "w/o", "b/c", "s.t.", "wrt", "w.r.t.", "i.e.", "e.g.", "def.", "resp.",
}  # fmt: skip
"""What stands between formulas as words do."""
_SHORT = 12
_PIECE_OF_A_FORMULA = re.compile(r"\d+|[a-z]|d[a-z]\w{0,3}/d[a-z]\w{0,4}|[a-z]\^?t")
_ARROW = re.compile(r"[-=~]{1,40}>{1,2}|<[-=]{1,6}>?")
_LABEL = re.compile(r"\*\*[^*]{1,40}\*\*[,.:;]?")
_DASHES = {"-", "*", "+", "•", "−", "–", "—", "∙", "·", "‣", "◦", "▪", "○"}
_SIGNS = ("=", "+", "-", "*", "/", "−", "·", "⋅", "×", "≠", "∙")
_FORMULA_SIGN = re.compile(
    r"\bd[A-Z]\d?_d[A-Za-z]\b|\w_\w{1,2}\)?[^=\n]{0,40}=|\\frac|\\partial|\\sum|(?<![A-Za-z])[dD][A-Za-z](?:_\w|\d|[ijkl]{1,2})?\s?/\s?[dD][A-Za-z]|\w\^T|\w_\w\s?="
)
_ANOTHER = re.compile(r"(?:[,;]|\b(?:and|or|but|while|whereas|(?P<else>else|otherwise)))(?: it is| is|,)?:?\s")
_IN_CODE = re.compile(r"`((?:J|d[A-Za-z]\w{0,6}|grad_?\w{1,3}) {0,2}= {0,2}[^`=\n]{1,160})`")
_ASSIGNS = re.compile(
    r"^[ \t]{0,40}((?:(?:J|d[A-Za-z]\w{0,6}|grad_?\w{1,3}) ?= ?(?=[^=\n#]{0,120}[a-z])"
    r"|[a-zA-Z]\w{0,4} ?= ?d[A-Z]\w{0,6}[ \t]{0,40}(?=[#\n]))[^=\n#:]{0,120})"
    r"(?=[ \t]{0,80}(?:#|$))",
    re.MULTILINE,
)
"""A line of a program that gives a name to a derivative, or a derivative to a name."""
_OF_A_PROGRAM = re.compile(r"\bNone\b|(?<![A-Za-z])(?!(?:outer|diag|exp|dot)\()[A-Za-z_]{2,40}\(|\[[^\[\]]*\bnp\b")
"""What only programs have: calls of functions that formulas do not know, new axes."""
_NEAR, _CLAUSES = 240, 6
"""Characters, and beginnings of clauses, behind a formula where a value for another case is looked for."""
_ENTRY = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,4}\[[a-z0-9](?:, ?[a-z0-9])?\]")


def is_plain(line: str) -> bool:
    """Whether a line of letters, digits and signs alone has a formula in it, such as ``y = Wx + b``."""
    return any(
        _LETTERS_ONLY.fullmatch(_NAMES.sub("f", _SPACES.sub(" ", line[begin:end])).rstrip(".,;: "))
        for begin, end in formulas_in(line, frozenset())
    )


def in_code(line: str) -> list[tuple[int, int]]:
    """Where equalities of derivatives stand as code among the words of a line that has no other formulas."""
    if "`" not in line or "$" in line or has_signs(line) or is_plain(line):
        return []
    return [one.span(1) for one in _IN_CODE.finditer(line)]


def assignments_in(code: str) -> list[tuple[int, int]]:
    """Where a program says what a derivative is, or gives a letter to one."""
    return [one.span(1) for one in _ASSIGNS.finditer(code) if not _OF_A_PROGRAM.search(one[1])]


def formulas_in(line: str, functions: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the formulas of a line without marks begin and end: around their signs of equality, up to words."""
    pieces = list(_PIECE.finditer(line))
    remarks = _remarks(pieces, functions)
    for word, run in groupby(range(len(pieces)), key=lambda k: k in remarks or _is_word(pieces, k, functions)):
        inside = [pieces[k] for k in run]
        if not word:
            inside = _without_beside(line, inside, remarks_follow=inside[-1] is not pieces[-1])
        while len(inside) > 1 and inside[0] is not pieces[0] and _LETTER_OF_WORDS.fullmatch(inside[0][0]):
            inside.pop(0)
        # A sign beside words is a dash.
        while inside and inside[0][0] in _DASHES:
            inside.pop(0)
        while inside and inside[-1][0] in _DASHES:
            inside.pop()
        while inside and not word:
            # A case before a formula is a formula of its own.
            many = _case_at(inside, 0) or next((k for k in range(1, len(inside)) if _case_at(inside, k)), len(inside))
            one, inside = inside[:many], inside[many:]
            for begin, end in _apart(line, one):
                yield from _stripped(line, begin, end)


def side_of(line: str, functions: frozenset[str]) -> str:
    """Give the formula that a line without a sign of equality begins with, up to words; nothing where it is words."""
    side = "0 = "
    found = next(formulas_in(f"{side}{line.strip()}", functions), (0, 0))
    return line.strip()[: max(0, found[1] - len(side))] if not found[0] else ""


def with_other_values(line: str, functions: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the formulas of a line without marks stand, and the bare values that it has for another case."""
    done, cased = 0, False
    for begin, end in [*formulas_in(line, functions), (len(line), len(line))]:
        between = line[done:begin][:_NEAR]
        for sign in islice(_ANOTHER.finditer(between), _CLAUSES):
            behind = line[done + sign.end() : begin]
            side = side_of(behind, functions) if cased or spoken.CASE.search(between, 0, sign.start()) else ""
            at = done + sign.end() + len(behind) - len(behind.lstrip())
            if side and (sign["else"] or spoken.CASE.match(line, at + len(side))):
                yield at, at + len(side.rstrip(" .,;"))
                break
        if begin < end:
            yield begin, end
        done, cased = end, BARE.fullmatch(line[begin:end]) is not None


def _without_beside(line: str, run: list[re.Match[str]], *, remarks_follow: bool) -> list[re.Match[str]]:
    """Pieces without those that a wide gap keeps apart at the end and that have no sign of equality: words follow."""
    for k in range(len(run) - 1, 0, -1):
        gap = len(line[run[k - 1].end() : run[k].start()].expandtabs(8))
        beside = run[k][0] in _SIGNS or run[k - 1][0] in _SIGNS or run[k][0][0] in _SIGNS
        if any(_EQUAL.search(one[0]) for one in run[k:]):
            return run
        if gap >= (_GAP if remarks_follow else _WIDE) and not beside:
            return run[:k]
    return run


def _stripped(line: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A formula without the brackets around it and the points behind it, unless it is none."""
    end = begin + len(line[begin:end].rstrip(" ?!"))
    bare = line[begin:end].rstrip(",.;:。，；：")
    if _is_in_brackets(bare) and BARE.fullmatch(bare[1:-1].replace("!=", "≠")):
        yield begin + 1, begin + len(bare) - 1
    elif ("=" in bare or "≠" in bare) and bare.strip("=: "):
        yield begin, begin + len(bare if BARE.fullmatch(bare) else line[begin:end].rstrip(";。，；："))


def _case_at(run: Sequence[re.Match[str]], k: int) -> int:
    """How many pieces say a case at some place in a run: none, one or three."""
    for many in (1, 3):
        said = "".join(found[0] for found in run[k : k + many]).replace("!=", "≠")
        bare = said.rstrip(",;:.")
        if _is_in_brackets(bare) and BARE.fullmatch(bare[1:-1]):
            is_a_factor = bare[0] == "[" and k > 0 and run[k - 1][0] in _SIGNS
            return 0 if is_a_factor else many
        begins = not k or run[k - 1][0][-1] in ",;.:"
        if begins and len(run) > k + many and BARE.fullmatch(bare) and (not k or bare != said):
            return many
    return 0


def _is_in_brackets(said: str) -> bool:
    return said[:1] + said[-1:] in {"()", "[]"}


def _apart(line: str, run: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Formulas that a wide gap keeps apart: each has its own sign of equality."""
    signs = [_EQUAL.search(piece[0]) is not None for piece in run]
    last = max((k for k, sign in enumerate(signs) if sign), default=0)
    begin, ends_here, first = run[0].start(), False, signs.index(True) if True in signs else 0
    for k, (before, after) in enumerate(pairwise(run)):
        gap = line[before.end() : after.start()]
        ends_here |= signs[k]
        if k < first and "\t" in gap and after[0] not in _SIGNS and before[0] not in _SIGNS:
            # Cells before the formula's are none of it.
            begin = after.start()
        apart = len(gap) >= _GAP or "\t" in gap
        if ends_here and k < last and apart and after[0] not in _SIGNS and before[0] not in _SIGNS:
            yield begin, before.end()
            begin, ends_here = after.start(), False
    yield begin, run[-1].end()


def _remarks(pieces: Sequence[re.Match[str]], functions: frozenset[str]) -> set[int]:
    """Pieces in brackets that hold a word, or that stand behind a gap."""
    found: set[int] = set()
    depths = [sum((one in "([") - (one in ")]") for one in piece[0]) for piece in pieces]
    for k, piece in enumerate(pieces):
        if k in found or not k or piece[0][0] not in "([":
            continue
        depth, end = 0, k
        while end < min(k + _LONGEST_REMARK, len(pieces)):
            depth += depths[end]
            if depth <= 0:
                break
            end += 1
        if depth > 0:
            wide = piece.start() - pieces[k - 1].end() >= _GAP
            if wide and any(_is_told(pieces, one, functions) for one in range(k, len(pieces))):
                found.update(range(k, len(pieces)))
            continue
        group = range(k, end + 1)
        told = "".join(pieces[one][0] for one in group)
        if _SIZE.fullmatch(told.rstrip(",.;:")):
            found.update(group)
            continue
        if BARE.fullmatch(told[1:-1].replace("!=", "≠")) or told.rstrip(".,;:")[-1:] not in ")]":
            continue
        if _EQUAL.search(piece.string, piece.start(), pieces[end].end()):
            continue
        behind = piece.start() - pieces[k - 1].end() > 1 and pieces[k - 1][0] not in _SIGNS
        if behind or (end > k and any(_is_told(pieces, one, functions) for one in group)):
            found.update(group)
    return found


def _is_told(pieces: Sequence[re.Match[str]], k: int, functions: frozenset[str]) -> bool:
    """Whether a piece in brackets is a word that no formula has."""
    bare = pieces[k][0].strip("`([])., :;").lower()
    return bool(_LONG_WORD.fullmatch(bare)) and bare not in functions and bare not in _GREEK_NAMES


def _is_word(pieces: Sequence[re.Match[str]], k: int, functions: frozenset[str]) -> bool:
    """Whether a piece of a line is no part of a formula, by itself and by what stands beside it."""
    piece = pieces[k][0].strip("`")
    before, after = (pieces[at][0].lower() if 0 <= at < len(pieces) else "" for at in (k - 1, k + 1))
    if piece == "." and before[-1:].isalnum() and len(before) < _SHORT and _PIECE_OF_A_FORMULA.fullmatch(after):
        return False
    if piece in _BETWEEN or _ARROW.fullmatch(piece) or _LABEL.fullmatch(piece) or (not k and _BULLET.fullmatch(piece)):
        return True
    if piece in {"a", "I"}:
        last = piece == "I" and not after and not _WORD.fullmatch(before)
        return not (last or before.endswith(_SIGNS) or after.startswith(_SIGNS))
    if before.endswith(_SIGNS) and len(piece.rstrip(",.:;")) == 1:
        return False
    if (before.endswith(_SIGNS) or after.startswith(_SIGNS)) and _PRODUCT.fullmatch(piece):
        # Two letters beside a sign are a product.
        return bool(_SHORT_WORD.fullmatch(piece))
    if _IN_BRACKETS.fullmatch(piece) and piece.strip("(),.:;") not in {*functions, *_GREEK_NAMES}:
        return True
    bare = piece.strip(",.:;")
    named = bare in functions or bare.lower() in functions
    mathematical = bare.lower() in _GREEK_NAMES or (named and before not in _ARTICLES)
    return bool(_WORD.fullmatch(piece)) and not mathematical


def has_signs(line: str) -> bool:
    """Whether a line without marks of mathematics has signs that only formulas have."""
    found = _ENTRY.search(line) or _FORMULA_SIGN.search(line)
    return found is not None or any(character in UNICODE for character in line)
