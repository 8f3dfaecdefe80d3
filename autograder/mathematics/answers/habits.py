"""What a whole text says of its letters: which are the student's own, labels, and where counting begins."""

from collections.abc import Container, Mapping, Sequence
from itertools import pairwise

from autograder.mathematics.answers.indices import INDICES, UPPER
from autograder.mathematics.answers.letters import Letters
from autograder.mathematics.answers.marks import BOLD, Mark, argument
from autograder.mathematics.answers.scanner import is_letter, name_of
from autograder.mathematics.answers.taking import Statement
from autograder.mathematics.formulas import tree as t

_LONGEST_CALL = 18
"""Marks of brackets with all entries of an input."""
_FEWEST_OF_A_CALL = 5
"""Marks of a function of two letters or more."""
OF_CHANCE = frozenset(rf"\mathrm{{{one}}}" for one in ("Cov", "cov", "Var", "var", "Corr", "Pr"))
"""Functions of what is random: no letters for anything."""
_WITH_AN_INDEX, _AN_INDEX, _ONE = 3, 2, 2
"""Marks of a letter with an index, of an index alone, and of brackets with one letter up to their end."""
_INDEX_LETTERS = frozenset("ijklmnpqrst")


def own_letters(placed: Sequence[Statement], letters: Letters) -> tuple[frozenset[str], frozenset[str]]:
    """Find letters that stand alone before a sign of equality, and those that are functions there."""
    own: set[str] = set()
    calls: set[str] = set()
    for statement in placed:
        for marks in statement.sides[:-1]:
            texts = [mark.text for mark in marks if mark.text not in {"{", "}", *BOLD, r"\quad"}]
            if texts == [r"\nabla"]:
                own.add(name_of(r"\nabla"))
            if not texts or not is_letter(texts[0]) or name_of(texts[0]) in letters.names or texts[0] in INDICES:
                continue
            name, rest = name_of(texts[0]), texts[1:]
            if texts[0] in OF_CHANCE:
                continue
            if name == "d" and rest[:1] == ["_"] and "(" in rest:
                # An operator, by the entry below it.
                continue
            if texts[0] in letters.spoken and marks is not statement.sides[0] and "(" in rest:
                # What comes behind is what a function of the setting gives.
                continue
            if _is_a_call(rest):
                calls.add(name)
                own.add(name)
            elif _is_a_letter(marks) and not (name == "delta" and len(rest) > 2) and (name != "d" or rest):
                own.add(name)
    return frozenset(own), frozenset(calls)


def clear_calls(placed: Sequence[Statement], calls: Container[str]) -> set[str]:
    """Find functions defined by nothing that may be a letter times what stands in brackets behind it."""
    found: set[str] = set()
    for statement in placed:
        first, *sides = ([mark.text for mark in side] for side in statement.sides)
        name = name_of(first[0]) if first and is_letter(first[0]) else ""
        others = (name_of(a) for side in sides for a, b in pairwise(side) if is_letter(a) and b == "(")
        if name in calls and "(" in first and all(one in calls for one in others):
            found.add(name)
    return found


def own_signs(placed: Sequence[Statement]) -> frozenset[str]:
    """Find signs of differentials that are a side by themselves, so that they are no such signs alone."""
    alone = {side[0].text for statement in placed for side in statement.sides if len(side) == 1}
    return frozenset(alone & {"d", r"\Delta"})


def own_functions(placed: Sequence[Statement], letters: Letters) -> frozenset[str]:
    """Find letters that are said to be a function of a letter that means nothing else."""
    found: set[str] = set()
    texts = [[mark.text for mark in side] for statement in placed for side in statement.sides]
    primed = {
        name_of(a)
        for side in texts
        for a, b, c in zip(side, side[1:], side[2:], strict=False)
        if is_letter(a) and (b, c) == ("'", "(")
    } - letters.names
    for statement in placed:
        if len(statement.sides) < 2:
            continue
        first, second = (
            [mark.text for mark in side if mark.text not in {"{", "}", *BOLD}] for side in statement.sides[:2]
        )
        if len(first) != 4 or first[1] != "(" or first[3] != ")" or not (is_letter(first[0]) and is_letter(first[2])):
            continue
        argument = first[2]
        below = {after for before, after in pairwise(second) if before == "_"}
        own = name_of(first[0]) not in letters.names and (
            not letters.knows(name_of(argument)) or name_of(first[0]) in primed or len(first[0]) > len(r"\mathrm{}")
        )
        if own and argument in second and argument not in below:
            found.add(name_of(first[0]))
    alone = {name_of(side[0]) for side in texts if len(side) == 1 and is_letter(side[0])}
    return frozenset(found | (primed - alone if found & primed else set()))


def always_of_one(placed: Sequence[Statement], letters: Letters) -> dict[str, list[str]]:
    """Find functions of the student's own that are taken of one thing wherever they stand, no letter: what it is."""
    sides = [[mark.text for mark in side] for statement in placed for side in statement.sides]
    firsts = ([mark.text for mark in statement.sides[0]] for statement in placed if len(statement.sides) > 1)
    found: dict[str, list[str]] = {}
    for first in firsts:
        if len(first) < _FEWEST_OF_A_CALL or not is_letter(first[0]) or (first[1], first[-1]) != ("(", ")"):
            continue
        name, inside = first[0], first[1:]
        strange = name_of(name) not in letters.names and name not in letters.spoken
        if strange and all(_is_of(side, name, inside) for side in sides):
            found[name] = inside
    return found


def _is_of(side: Sequence[str], name: str, inside: Sequence[str]) -> bool:
    return all(list(side[k + 1 : k + 1 + len(inside)]) == inside for k, text in enumerate(side) if text == name)


def costs_called(placed: Sequence[Statement], letters: Letters) -> frozenset[str]:
    """Find functions of the output, or of a letter that is none of a setting's, that a text says are the cost."""
    found: set[str] = set()
    for statement in placed:
        sides = [[mark.text for mark in side] for side in statement.sides[:2]]
        if [len(side) for side in sides] != [1, 4] or not letters.is_cost(t.Symbol(name=sides[0][0])):
            continue
        name, *brackets = sides[1]
        of = t.Symbol(name=name_of(brackets[1]))
        if is_letter(name) and name_of(name) not in letters.names and (brackets[0], brackets[2]) == ("(", ")"):
            output = letters.is_output(of) or (is_letter(brackets[1]) and of.name not in letters.names)
            found |= {name_of(name)} if output else set()
    return frozenset(found)


def outputs_called(placed: Sequence[Statement], letters: Letters) -> dict[str, str]:
    """Find functions of all inputs of which a text says that they give an output, and the letter of that."""
    found: dict[str, str] = {}
    firsts = {mark.text for statement in placed for mark in statement.sides[0][:1]}
    firsts |= {one.text for each in placed for side in each.sides for one, after in pairwise(side) if after.text == "'"}
    for statement in placed:
        sides = [[mark.text for mark in side if mark.text not in {"{", "}", *BOLD}] for side in statement.sides]
        outputs = [side[0] for side in sides if _is_an_output(side, letters)]
        for side in sides:
            name, arguments = side[0] if side else "", _arguments(side, letters)
            strange = is_letter(name) and name_of(name) not in letters.names and name not in firsts
            if outputs and arguments and strange:
                found[name] = outputs[0]
    return found


def _is_an_output(side: Sequence[str], letters: Letters) -> bool:
    is_bare = len(side) == 1 or (len(side) == _WITH_AN_INDEX and side[1] == "_")
    return is_bare and is_letter(side[0]) and letters.is_output(t.Symbol(name=name_of(side[0])))


def _arguments(side: Sequence[str], letters: Letters) -> range:
    """Where the brackets with all entries of an input stand that a letter is a function of, and nothing else."""
    begin = side.index("(") if "(" in side else 0
    if begin not in {1, _WITH_AN_INDEX} or ")" not in side:
        return range(0)
    end = side.index(")")
    beside = [*side[1:begin], *side[end + 1 :]]
    if beside and (beside[0] != "_" or len(beside) != _AN_INDEX):
        return range(0)
    within = pairwise(side[begin : end + 1])
    inside = [one for before, one in within if is_letter(one) and before != "_" and one != r"\dots"]
    all_inputs = bool(inside) and all(letters.is_input(t.Symbol(name=name_of(one))) for one in inside)
    whole = all_inputs and (len(inside) > 1 or end - begin == _ONE)
    return range(begin, end + 1) if whole else range(0)


def as_outputs(marks: Sequence[Mark], called: Mapping[str, str], letters: Letters) -> list[Mark]:
    """Give the marks of a side that is such a function alone with the letter of the output in its place."""
    bare = [mark for mark in marks if mark.text not in {"{", "}", *BOLD}]
    brackets = _arguments([mark.text for mark in bare], letters)
    if not brackets or bare[0].text not in called:
        return list(marks)
    kept = [mark for k, mark in enumerate(bare) if k not in brackets]
    return [kept[0]._replace(text=called[bare[0].text]), *kept[1:]]


def without_calls(marks: Sequence[Mark], calls: Mapping[str, Sequence[str]]) -> list[Mark]:
    """Give the marks of a side with letters in the place of such functions."""
    found: list[Mark] = []
    k = 0
    while k < len(marks):
        found.append(marks[k])
        k += 1 + len(calls.get(marks[k].text, ()))
    return found


def _is_a_call(rest: Sequence[str]) -> bool:
    """Whether what follows a letter is a letter in brackets, an index before or behind them."""
    if "(" not in rest[:3] or ")" not in rest or len(rest) > _LONGEST_CALL:
        return False
    begin, end = rest.index("("), rest.index(")")
    inside, beside = rest[begin + 1 : end], [*rest[:begin], *rest[end + 1 :]]
    return all(is_letter(text) or text in {"_", ",", r"\dots"} or text.isdecimal() for text in inside) and (
        not beside or (beside[0] == "_" and len(beside) == 2 and is_letter(beside[1]))
    )


def labels(placed: Sequence[Statement], letters: Letters) -> frozenset[tuple[str, str]]:
    """Find letters with a number that is no index: alone on a left side, and never with a letter below them."""
    labeled: set[tuple[str, str]] = set()
    indexed: set[str] = set()
    for statement in placed:
        for marks in statement.sides[:-1]:
            texts = [mark.text for mark in marks if mark.text not in {"{", "}", *BOLD, r"\quad"}]
            if len(texts) < 3 or texts[1] != "_" or not is_letter(texts[0]):
                continue
            if len(texts) == 3 and is_letter(texts[2]) and letters.is_cost(t.Symbol(name=name_of(texts[0]))):
                # A number has no entries.
                labeled.add((name_of(texts[0]), name_of(texts[2])))
            if name_of(texts[0]) in letters.names:
                continue
            if len(texts) == 3 and letters.is_input(t.Symbol(name=name_of(texts[2]))):
                labeled.add((name_of(texts[0]), name_of(texts[2])))
            elif not texts[2].isdecimal():
                indexed.add(name_of(texts[0]))
            elif len(texts) == 3:
                labeled.add((name_of(texts[0]), texts[2]))
    return frozenset(one for one in labeled if one[0] not in indexed)


def _is_a_letter(marks: Sequence[Mark]) -> bool:
    """Whether marks are one letter with what hangs below it."""
    marks = [mark for mark in marks if mark.text not in {*BOLD, r"\quad"}]
    _, end = argument(marks, 0)
    if marks[end:] and marks[end].text in {"_", "^"}:
        raised, (inner, end) = marks[end].text == "^", argument(marks, end + 1)
        if raised and not (len(inner) == 1 and inner[0].text in UPPER):
            return False
    return end == len(marks)


def counts_from_zero(placed: Sequence[Statement], letters: Letters) -> bool:
    """Whether an entry of a setting's letter has the number 0."""
    for statement in placed:
        for marks in statement.sides:
            for k, mark in enumerate(marks[:-2]):
                if marks[k + 1].text != "_" or not is_letter(mark.text):
                    continue
                below = "".join(one.text for one in marks[k + 2 : k + 7]).lstrip("{").partition("}")[0]
                below = below if marks[k + 2].text == "{" else below[:1]
                if "0" in below and below.replace(",", "").isdecimal() and set(below) <= set("0123456789,"):
                    symbol = t.Symbol(name=name_of(mark.text), indices=("0",))
                    if letters.is_input(symbol, whole=False) or letters.is_output(symbol):
                        return len(below) < 3
    return False


def factors_in(placed: Sequence[Statement]) -> frozenset[str]:
    """Find letters that stand beside others and not below them: no indices."""
    found: set[str] = set()
    for side in (side for statement in placed for side in statement.sides if len(side) > 1):
        level, hanging, before = 0, 0, ""
        for mark, behind in zip(side, [*(mark.text for mark in side[1:]), ""], strict=True):
            level += (mark.text == "{") - (mark.text == "}")
            hanging = level if before in {"_", "^"} and mark.text == "{" and not hanging else hanging
            hanging = 0 if level < hanging else hanging
            below = hanging or before in {"_", "^"} or behind in {"_", "("}
            if is_letter(mark.text) and not below:
                found.add(mark.text)
            before = mark.text
    return frozenset(found)


def is_a_range(statement: Statement, letters: Letters, factors: Container[str] = ()) -> bool:
    """Whether it only says which values an index takes; what stands as a factor elsewhere is none."""
    first = [mark.text for mark in statement.sides[0]]
    second = [mark.text for mark in statement.sides[1] if mark.text not in {"{", "}"}]
    if len(first) != 1 or not is_letter(first[0]) or first[0] in letters.names or name_of(first[0]) in letters.names:
        return False
    if first[0] in factors:
        return False
    dimensions = {name for known in letters.known for name in known.dimensions}
    plain = all(text.isdecimal() or text == r"\dots" for text in second)
    return (
        first[0] in _INDEX_LETTERS
        and first[0] not in dimensions
        and (plain or (len(second) == 1 and second[0] in _INDEX_LETTERS | dimensions))
    )
