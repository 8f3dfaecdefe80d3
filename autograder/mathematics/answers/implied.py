"""Letters that a chain puts in the place of something: of ``a / b = a / S`` the second side says that S is b."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from autograder.mathematics.answers.records import Definition
from autograder.mathematics.formulas import tree as t

Key = tuple[str, int]


def put_in(plain: t.Node, named: t.Node, is_free: Callable[[t.Symbol], bool]) -> Mapping[Key, Definition]:
    """Find what free letters stand for, where they are all in which two sides differ; nothing where they are not.

    A letter for a whole side says nothing: that may be a claim about it.
    """
    found: dict[Key, Definition] = {}
    if isinstance(named, t.Symbol) or not _alike(plain, named, is_free, found):
        return {}
    # Letters that change places stand for nothing.
    return {} if {name for name, _ in found} & t.letters(*(one.body for one in found.values())) else found


def _alike(plain: object, named: object, is_free: Callable[[t.Symbol], bool], found: dict[Key, Definition]) -> bool:
    if isinstance(named, t.Symbol) and plain != named and is_free(named):
        return isinstance(plain, t.NODES) and _agrees(plain, named, found)
    if type(plain) is not type(named):
        return False
    if isinstance(plain, tuple) and isinstance(named, tuple):
        return len(plain) == len(named) and all(
            _alike(one, other, is_free, found) for one, other in zip(plain, named, strict=True)
        )
    if isinstance(plain, t.NODES) and not isinstance(plain, t.Symbol | t.Partial):
        return all(_alike(getattr(plain, one.name), getattr(named, one.name), is_free, found) for one in fields(plain))
    return plain == named


def _agrees(plain: t.Node, named: t.Symbol, found: dict[Key, Definition]) -> bool:
    """Keep what a letter stands for, unless it stood for something else."""
    key = (named.name, len(named.indices))
    before = found.setdefault(key, Definition(indices=named.indices, body=plain))
    letters = dict(zip(before.indices, named.indices, strict=True))
    mentioned = named.name in t.letters(plain)
    return not mentioned and t.reindexed(before.body, letters) == plain
