"""The error model: what people do to a formula, one change at a time.

A change is made in one place, or wherever a symbol stands. What it makes is another formula, or a right one whose
numbers are laid out otherwise (`layouts`).
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from autograder.naming.nodes import OTHERS, TWO, New, of_node, seen, symbols, undefined
from autograder.naming.sliding import back_to_front, of_sliding, put_in, stretched, within
from autograder.naming.terms import (
    ONE,
    ZERO,
    Form,
    Term,
    call,
    length,
    minus,
    number,
    over,
    plus,
    power,
    put,
    rebuilt,
    replaced,
    times,
    total,
)

_ON_TOP = ("exp", "log", "tanh", "sqrt", "sigmoid", "relu")
THREE = number(3)


@dataclass(frozen=True, kw_only=True, eq=False)
class Change:
    """A formula that somebody may have used instead."""

    kind: str
    symbol: str = ""  #: What it is about; empty where nothing has a name.
    form: Form


def changes(
    form: Form, defaults: Mapping[str, float], shapes: Mapping[str, tuple[str, ...]], ranks: Mapping[str, int]
) -> Iterator[Change]:
    """Change a right formula in every way, one at a time.

    `defaults` are what numbers are when they are left out; by input, `shapes` has a letter of the answer for each
    of its axes, where there is one, and `ranks` how many axes it has.
    """
    # The same form without a shift in its exponents comes too, and what is done to it comes to the same numbers.
    shifted = any(one.op == "largest" for one in seen(form.term))
    for new in (
        *_wherever(form, form.term, defaults),
        *_repeated(form, form.term),
        *_in_places(form, form.term),
        *_in_branches(form, defaults, shapes),
        *_whole(form, form.term, shapes),
        *_summed_in(form, shapes, ranks),
        *(() if shifted else _scaled(form.term, ranks)),
    ):
        yield Change(kind=new.kind, symbol=new.symbol, form=replace(form, term=new.term))
    yield from _other_symbols(form, ranks)
    for name, term in () if shifted else _taken(form.term, ranks):
        yield Change(kind="other symbol", symbol=name, form=replace(form, term=term))
    yield from _other_axes(form)
    yield from (Change(kind="wrong extent", form=one) for one in stretched(form))
    yield from (Change(kind="turned around", form=one) for one in back_to_front(form))
    for name, (letters, meaning) in form.defined.items():
        inside = replace(form, axes=letters, term=meaning)
        for new in (*_wherever(form, meaning, defaults), *_repeated(inside, meaning), *_in_places(inside, meaning)):
            yield Change(
                kind=new.kind,
                symbol=new.symbol,
                form=replace(form, defined={**form.defined, name: (letters, new.term)}),
            )
    if form.defined:
        yield from _through(form, defaults)


def _in_branches(form: Form, defaults: Mapping[str, float], shapes: Mapping[str, tuple[str, ...]]) -> Iterator[New]:
    """Change one of two cases as a whole, or a symbol wherever it stands in it."""
    if form.term.op == "cases":
        for at in (1, 2):
            branch = form.term.args[at]
            for new in (*_wherever(form, branch, defaults), *_repeated(form, branch), *_whole(form, branch, shapes)):
                if new.kind not in {"zero answer", "opposite sign"}:
                    yield replace(new, term=put(form.term, (at,), new.term))


def _summed_in(form: Form, shapes: Mapping[str, tuple[str, ...]], ranks: Mapping[str, int]) -> Iterator[New]:
    """Multiply by the sum of an input that has no letter here."""
    for name, rank in ranks.items():
        letter = next((one for one, run in form.ranges.items() if run == (name, 0) and one not in form.axes), None)
        if name not in shapes and rank == 1 and letter is not None:
            summed = total((name, 0), letter, Term("input", name, (letter,)))
            yield New(kind="extra factor", symbol=name, term=times(summed, form.term))


def _other_symbols(form: Form, ranks: Mapping[str, int]) -> Iterator[Change]:
    """Take one input for another, sizes included."""
    mine = {one.name: len(one.letters) for one in symbols(form.term) if one.op == "input"}
    for name, rank in mine.items():
        for other in ranks:
            if other != name and ranks[other] == rank > 0:
                run = {(name, axis): (other, axis) for axis in range(rank)}
                ranges = {letter: run.get(one, one) for letter, one in form.ranges.items()}
                term = replaced(
                    form.term,
                    lambda one: replace(one, name=other) if one.op == "input" and one.name == name else None,  # noqa: B023
                )
                yield Change(kind="other symbol", symbol=name, form=replace(form, term=term, ranges=ranges))


def _scaled(term: Term, ranks: Mapping[str, int]) -> Iterator[New]:
    """Multiply one of several terms by a number that is given, or by what it leaves of 1."""
    numbers = [Term("input", name) for name, rank in ranks.items() if rank == 0]
    for node in dict.fromkeys(one for one in seen(term) if one.op == "plus"):
        for at, one in enumerate(node.args):
            for value in numbers:
                for symbol, factor in ((value.name, value), ("", plus(ONE, minus(value)))):
                    new = plus(*node.args[:at], times(factor, one), *node.args[at + 1 :])
                    yield New(kind="extra factor", symbol=symbol, term=put_in(term, node, new))


def _taken(whole: Term, ranks: Mapping[str, int]) -> Iterator[tuple[str, Term]]:
    """Take one input for another in one place, one number for another everywhere, or each for the other."""
    places = dict.fromkeys(one for one in symbols(whole) if one.op in {"input", "read"})
    for node in places:
        for other in ranks:
            if other != node.name and ranks[other] == ranks[node.name]:
                new = replace(node, name=other)
                for term in dict.fromkeys((new, within(node, new))):
                    yield node.name, put_in(whole, node, term)
    for one, other in itertools.combinations([name for name, rank in ranks.items() if rank == 0], 2):
        yield "", _exchanged(whole, {one: other, other: one})


def _exchanged(term: Term, names: Mapping[str, str]) -> Term:
    return replaced(term, lambda one: replace(one, name=names[one.name]) if one.name in names else None)


def _other_axes(form: Form) -> Iterator[Change]:
    """Leave a sum out, so that what it runs over becomes a dimension; or sum over a dimension of the answer instead."""
    node = form.term
    path: tuple[int, ...] = ()
    while node.op in {"times", "minus", "over"}:
        at = next((at for at, arg in enumerate(node.args) if arg.op in {"sum", "times", "minus", "over"}), 0)
        path, node = (*path, at), node.args[at]
    if node.op != "sum" or len(node.letters) > 1 or any(one.op in {"same", "upto"} for one in seen(node)):
        return
    letter, body = node.letters[0], node.args[0]
    for axes in ((letter, *form.axes), (*form.axes, letter)):
        yield Change(kind="one term", form=replace(form, axes=axes, term=put(form.term, path, body)))
    for axis in form.axes:
        other = total(form.ranges[axis], axis, body)
        axes = tuple(letter if one == axis else one for one in form.axes)
        yield Change(kind="wrong sum", form=replace(form, axes=axes, term=put(form.term, path, other)))


def _repeated(form: Form, term: Term) -> Iterator[New]:
    """Change what stands in several places in all of them: sums, and functions whatever they are of."""
    below = [one for one in seen(term) if one.op in {"sum", "call"}]
    for node in dict.fromkeys(one for one in below if below.count(one) > 1):
        for new in of_node(form, node):
            yield replace(new, term=replaced(term, lambda one: new.term if one == node else None))  # noqa: B023
    for name in dict.fromkeys(one.name for one in below if one.op == "call"):
        yield New(kind="wrong function", term=_called(term, name, ""))
        for other in OTHERS.get(name, ()):
            yield New(kind="wrong function", term=_called(term, name, other))


def _called(term: Term, name: str, other: str) -> Term:
    """Call another function wherever one is called, or none."""
    args = tuple(_called(arg, name, other) for arg in term.args)
    if term.op != "call" or term.name != name:
        return rebuilt(term, args)
    return call(other, args[0]) if other else args[0]


def _through(form: Form, defaults: Mapping[str, float]) -> Iterator[Change]:
    """Change a symbol wherever it stands, in what is defined too."""
    names = {one.name for one in symbols(form.term)}
    inside = {name: {one.name for one in symbols(meaning)} for name, (_, meaning) in form.defined.items()}
    for symbol in sorted(names & {one for some in inside.values() for one in some}):
        letters = next(one.letters for one in symbols(form.term) if one.name == symbol)
        for new in _of_symbol(form, Term("input", symbol, letters), defaults):
            defined = {
                name: (axes, _everywhere(meaning, symbol, new)) for name, (axes, meaning) in form.defined.items()
            }
            term = _everywhere(form.term, symbol, new)
            yield Change(kind=new.kind, symbol=new.symbol, form=replace(form, term=term, defined=defined))


def _everywhere(term: Term, symbol: str, new: New) -> Term:
    """Make the same change wherever a symbol stands, with the letters that it has there."""
    made_of = next((one for one in symbols(new.term) if one.name == symbol), None)

    def change(one: Term) -> Term | None:
        if one.op not in {"input", "named", "read"} or one.name != symbol:
            return None
        if made_of is None:
            return replace(new.term, letters=one.letters) if new.term.letters else new.term
        return replaced(new.term, lambda below: one if below == made_of else None)

    return replaced(term, change)


def _wherever(form: Form, term: Term, defaults: Mapping[str, float]) -> Iterator[New]:
    """Change a symbol in all places, and in each."""
    found: dict[str, list[Term]] = {}
    for one in symbols(term):
        found.setdefault(one.name, []).append(one)
    for name, places in found.items():
        if any(one.op == "read" for one in places):
            # Each is changed inside of what it reads.
            for news in zip(*(_of_symbol(form, one, defaults) for one in places), strict=False):
                put_in = {one: new.term for one, new in zip(places, news, strict=True)}
                yield replace(news[0], term=replaced(term, put_in.get))
            continue
        for new in _of_symbol(form, places[0], defaults):
            yield replace(new, term=_everywhere(term, name, new))


def _of_symbol(form: Form, one: Term, defaults: Mapping[str, float]) -> Iterator[New]:
    """What may be done to a symbol: where it slides, inside of what it is read from."""
    for new in _of_any(form, one, defaults):
        yield replace(new, term=within(one, new.term))
    if one.op == "read":
        yield New(kind="missing factor", symbol=one.name, term=ONE)


def _of_any(form: Form, one: Term, defaults: Mapping[str, float]) -> Iterator[New]:
    name = one.name
    yield New(kind="missing factor", symbol=name, term=ONE)
    yield New(kind="wrong sign", symbol=name, term=minus(one))
    yield New(kind="lost sign", symbol=name, term=call("abs", one))
    yield New(kind="lost fraction", symbol=name, term=call("trunc", one))
    yield New(kind="extra factor", symbol=name, term=times(one, one))
    yield New(kind="wrong operation", symbol=name, term=over(ONE, one))
    yield New(kind="wrong power", term=power(one, THREE))
    for function in _ON_TOP:
        yield New(kind="wrong function", term=call(function, one))
    yield New(kind="wrong function", term=call("sqrt", call("abs", one)))
    yield New(kind="other number", term=times(TWO, one))
    if name in defaults:
        yield New(kind="fixed number", symbol=name, term=number(defaults[name]))
        instead = Term("cases", args=(one, one, number(defaults[name])))
        yield New(kind="fixed number", symbol=name, term=instead)
    if not one.letters and one.op != "read":
        yield New(kind="lost sign", symbol=name, term=call("relu", one))
        yield New(kind="fixed number", symbol=name, term=TWO)
    yield from undefined(form, one)


def _in_places(form: Form, term: Term, path: tuple[int, ...] = ()) -> Iterator[New]:
    """Change one place after the other."""
    here = term
    in_exponent = False
    for at in path:
        in_exponent = in_exponent or (here.op, here.name) == ("call", "exp")
        here = here.args[at]
    for new in (*of_node(form, here), *of_sliding(form, here)):
        # A term of an exponent is a factor of the power.
        kind = "missing factor" if in_exponent and new.kind == "missing term" else new.kind
        yield replace(new, kind=kind, term=put(term, path, new.term))
    if here.op not in {"largest", "read"}:
        # An exponent is changed with its power.
        for at in range(1 if here.op == "power" else len(here.args)):
            yield from _in_places(form, term, (*path, at))


def _whole(form: Form, term: Term, shapes: Mapping[str, tuple[str, ...]]) -> Iterator[New]:
    """Change a formula as a whole."""
    yield New(kind="zero answer", term=ZERO)
    yield New(kind="opposite sign", term=minus(term))
    for factor in (2.0, 3.0, 4.0, 0.5, 1 / 3, 0.25):
        yield New(kind="wrong number", term=times(number(factor), term))
    for other in (plus(ONE, minus(term)), plus(term, ONE), plus(term, minus(ONE)), over(ONE, term)):
        yield New(kind="wrong operation", term=other)
    yield New(kind="wrong power", term=power(term, TWO))
    yield New(kind="lost sign", term=call("abs", term))
    yield New(kind="whole numbers", term=call("trunc", term))
    for function in _ON_TOP:
        yield New(kind="wrong function", term=call(function, term))
    for letter in form.axes:
        yield New(kind="averaged or not", term=over(term, length(form.ranges[letter])))
    for name, letters in shapes.items():
        if letters == form.axes != ():
            yield New(kind="only an argument", term=Term("input", name, letters))
    factors = term.args[0] if term.op == "minus" else term
    meanings = (meaning for _, meaning in form.defined.values())
    used = {below.name for one in (term, *meanings) for below in symbols(one)}
    for name, letters in shapes.items():
        one = Term("input", name, letters)
        yield New(kind="extra factor", symbol=name, term=times(one, term))
        kind = "wrong operation" if name in used else "extra factor"
        yield New(kind=kind, symbol=name, term=over(term, one))
        # Beside a product that it is a factor of, it may also be a 1 that stands beside the other factors.
        symbol = "" if one in factors.args else name
        yield New(kind=kind, symbol=symbol, term=plus(term, one))
        yield New(kind=kind, symbol=symbol, term=plus(term, minus(one)))
