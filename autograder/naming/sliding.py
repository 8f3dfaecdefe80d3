"""What people do to an index that slides: they turn it around, miss by one, take the other sign, or drop a part."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from autograder.naming.nodes import TWO, New, seen
from autograder.naming.shifts import UntracedError, moved, offset, place
from autograder.naming.terms import ONE, ZERO, Form, Term, call, length, minus, over, renamed, replaced, times


def slides(form: Form) -> bool:
    """Whether anything in a formula slides."""
    return any(one.op == "read" for one in seen(form.term))


def within(node: Term, new: Term) -> Term:
    """The same inside of what is read, and 0 outside."""
    return Term("cases", args=(replace(node, op="inside"), new, ZERO)) if node.op == "read" else new


def of_sliding(form: Form, node: Term) -> Iterator[New]:
    """Change one node of a formula in which something slides."""
    if node.op == "read":
        yield from of_read(node)
    elif node.op == "input" and node.letters and slides(form):
        yield from turned(form, node)
    elif node.op == "sum" and any(one.op == "read" for one in seen(node)):
        yield from of_slid_sum(node)


def of_read(node: Term) -> Iterator[New]:
    """An element by indices, in one place."""
    for at, index in enumerate(node.args):
        for kind, other in _of_index(node, at, index):
            yield New(kind=kind, symbol=node.name, term=_with(node, at, other))
        for step in (1, -1):
            # What leaves at one end may come in at the other.
            one = _with(node, at, replace(index, value=index.value + step))
            yield New(kind="shifted by one", term=replace(one, value=1.0))
    yield New(kind="missing factor", symbol=node.name, term=ONE)
    yield New(kind="missing factor", symbol=node.name, term=replace(node, op="inside"))
    yield New(kind="extra factor", symbol=node.name, term=times(node, node))
    yield New(kind="wrong operation", symbol=node.name, term=within(node, over(ONE, node)))


def _of_index(node: Term, at: int, index: Term) -> Iterator[tuple[str, Term]]:
    last = length((node.name, at))
    yield "turned around", offset(last, *map(minus, index.args), by=-index.value - 1)
    for step in (1, -1):
        yield "shifted by one", replace(index, value=index.value + step)
    for place_, one in enumerate(index.args):
        others = (*index.args[:place_], *index.args[place_ + 1 :])
        if others:
            yield "wrong index", replace(index, args=others)
            yield "wrong index", replace(index, args=(*index.args[:place_], minus(one), *index.args[place_ + 1 :]))
    if len(index.args) > 1:
        yield "wrong index", replace(index, args=tuple(map(minus, index.args)))


def _with(node: Term, at: int, index: Term) -> Term:
    return replace(node, args=(*node.args[:at], index, *node.args[at + 1 :]))


def turned(form: Form, node: Term) -> Iterator[New]:
    """Turn an input around that something slides along."""
    for at, letter in enumerate(node.letters):
        if letter in form.ranges:
            run = form.ranges[letter]
            back = offset(length(run), minus(place(letter, run)), by=-1)
            indices = [offset(place(one, form.ranges[one])) for one in node.letters if one in form.ranges]
            if len(indices) == len(node.letters):
                indices[at] = back
                yield New(kind="turned around", symbol=node.name, term=Term("read", node.name, args=tuple(indices)))


def stretched(form: Form) -> Iterator[Form]:
    """Let an answer run as far as anything overlaps, or as far as what it is read from."""
    reads = [one for one in seen(form.term) if one.op == "read" and len(one.args) == 1]
    for sum_ in [one for one in seen(form.term) if one.op == "sum"] if len(form.axes) == len(reads) == 1 else ():
        (letter,), (node,) = form.axes, reads
        name, axis = form.ranges[sum_.letters[0]]
        count = length((name, axis))
        for run, less in (
            ((f"{node.name}+{name}", axis), offset(count, by=-1)),
            ((node.name, 0), call("trunc", over(count, TWO))),
            ((node.name, 0), call("trunc", over(offset(count, by=-1), TWO))),
        ):
            new = f"{letter} {run[0]}"
            index = replace(node.args[0], args=(*node.args[0].args, minus(less)))
            term = renamed(put_in(form.term, node, replace(node, args=(index,))), {letter: new})
            term = put_in(term, place(new, form.ranges[letter]), place(new, run))
            yield replace(form, axes=(new,), ranges={**form.ranges, new: run}, term=term)


def back_to_front(form: Form) -> Iterator[Form]:
    """Turn the answer around, where something slides."""
    for letter in form.axes if slides(form) else ():
        run = form.ranges[letter]
        back = offset(length(run), minus(place(letter, run)), by=-1)
        with suppress(UntracedError):
            yield replace(form, term=moved(form.term, letter, back, form.ranges))


def put_in(term: Term, old: Term, new: Term) -> Term:
    """Put one term in the place of another, wherever it stands."""
    return replaced(term, lambda one: new if one == old else None)


def of_slid_sum(node: Term) -> Iterator[New]:
    """Put what should be added over what is there: the last, or the first, is left."""
    for op in ("first", "last"):
        yield New(kind="one term", term=replace(node, op=op, letters=node.letters[:1]))
