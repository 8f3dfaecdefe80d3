"""Families of cases from an author's words: sizes, kinds of numbers, layouts; what nobody thought of is supplied."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeGuard

import numpy as np

from autograder.errors import AssignmentError
from autograder.model.cases import Draw, Family
from autograder.model.draws import COSTS, Input, Shape, Sizes, cost, linear, numbers, size_of
from autograder.words import Layout

SHOWN = "shown"  #: The group whose families are public.
ASKED, GENERAL = "asked", "general"
_MANY = 10  #: From this size on a dimension is large: sizes written out by hand end before.


Given = float | str | Input | Callable[[np.random.Generator], Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Words:
    """A family of cases as its author describes it; made by `family`. What `Family` has, too, is meant as there."""

    name: str
    title: str
    sizes: Sizes = field(default_factory=dict)  #: Dimensions that differ from the part's own.
    #: Draws of inputs in place of the part's own; a parameter without any keeps its default.
    given: Mapping[str, Given] = field(default_factory=dict)
    cost: str = ""  #: One of `draws.COSTS`; empty for a linear cost, whose gradient is drawn.
    whole: tuple[str, ...] = ()  #: Inputs that hold integers.
    #: Whether there are zeros among the inputs.
    zeros: bool = False
    layout: Layout = "plain"
    same_as: str | None = None
    draws: int = 2
    #: The author's own draw, instead of all the above.
    draw: Callable[[np.random.Generator], Draw] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """What all families of a part are drawn from."""

    #: By name, in the order in which they are drawn: names of dimensions, or a draw of its own.
    shapes: Mapping[str, str | Input]
    sizes: Sizes  #: The dimensions where a family says nothing.
    parameters: tuple[str, ...]  #: Of the function to write.
    #: The parameter that receives the cost's gradient; empty when the module's output is the cost, or there is none.
    upstream: str
    #: ``module(numpy, **tensors)``: what a cost is made for, and the names of its tensors.
    module: Callable[[Any, Mapping[str, Any]], Any]
    needs: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)  #: Of the function's parameters.

    def shape(self, name: str) -> Shape:
        """Name the dimensions of an input; none for a single number."""
        described = self.shapes[name]
        return tuple(described.split()) if isinstance(described, str) else described.shape

    @property
    def real(self) -> tuple[str, ...]:
        """The arrays of numbers in general position that the function gets."""
        return tuple(name for name in self.shapes if name in self.parameters and isinstance(self.shapes[name], str))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of all dimensions, in the order in which they come up."""
        words = [word for name in self.shapes for word in self.shape(name)]
        return tuple(dict.fromkeys(word for word in words if word.isidentifier()))


def family(
    name: str,
    title: str,
    *,
    cost: str = "",
    whole: str = "",
    zeros: bool = False,
    layout: Layout = "plain",
    same_as: str | None = None,
    draws: int = 2,
    draw: Callable[[np.random.Generator], Draw] | None = None,
    **given: int | Given,
) -> Words:
    """Describe a family of cases.

    Parameters
    ----------
    name
        Identifier, unique within its part. Numbers are drawn by it: with another name come other cases.
    title
        What the family is about, in words a student may read.
    cost
        Of an arbitrary cost: ``"quadratic"``, ``"log_sum_exp"``, ``"quartic"`` or ``"network"``; linear when empty.
    whole
        Names of the inputs that hold integers, separated by spaces.
    zeros
        Whether some numbers are 0; with a linear cost only.
    layout, draws
        How arrays lie in memory when the student's function gets them, and how many cases are drawn.
    same_as
        A family of the same part whose inputs come again.
    draw
        A draw of the author's own, instead of sizes, kinds and costs.
    **given
        By name: the size of a dimension; or what an input is here, such as ``0.0``, ``2`` or ``True``, or its draw.
    """
    if cost and cost not in COSTS:
        raise AssignmentError(f"family {name!r}: no cost {cost!r}; there are {', '.join(COSTS)}")
    return Words(
        name=name,
        title=title,
        sizes={word: value for word, value in given.items() if _is_whole(value)},
        given={word: value for word, value in given.items() if not _is_whole(value)},
        cost=cost,
        whole=tuple(whole.split()),
        zeros=zeros,
        layout=layout,
        same_as=same_as,
        draws=draws,
        draw=draw,
    )


def _is_whole(value: int | Given) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def placed(ground: Ground, groups: Mapping[str, Sequence[Words]]) -> dict[str, tuple[Words, ...]]:
    """Tell whole numbers that are a parameter's from sizes of dimensions, in the groups of families."""
    names = set(ground.parameters) - {*ground.dimensions, *ground.sizes}
    return {group: tuple(_placed(one, names) for one in families) for group, families in groups.items()}


def _placed(words: Words, names: Set[str]) -> Words:
    given = {name: value for name, value in words.sizes.items() if name in names}
    sizes = {name: value for name, value in words.sizes.items() if name not in names}
    return replace(words, sizes=sizes, given={**given, **words.given}) if given else words


def supplied(ground: Ground, groups: Mapping[str, Sequence[Words]]) -> dict[str, tuple[Words, ...]]:
    """Add what an author left out: a public case, layouts, integers, dimensions of 1 and of dozens, inputs that came.

    It stands at the end of ``"general"`` and of ``"shown"``. Where all families have draws of their own nothing is
    added, for nothing is known of them.
    """
    found = {group: tuple(families) for group, families in groups.items()}
    by_hand = [one for families in found.values() for one in families]
    if not any(one.draw is None for one in by_hand):
        return found
    hidden = [one for group, families in found.items() if group != SHOWN for one in families]
    names = {one.name for families in found.values() for one in families}
    missing = (replace(one, name=_free(one.name, names)) for one in _missing(ground, hidden))
    found[GENERAL] = (*found.get(GENERAL, ()), *missing)
    first = next(iter(found.get(ASKED, ())), by_hand[0])
    found.setdefault(SHOWN, (replace(first, name=_free("public", names), title="a public case", cost=""),))
    return found


def _free(name: str, names: Set[str]) -> str:
    """Name a family that is supplied otherwise than the author's own."""
    return _free(f"{name}_too", names) if name in names else name


def _missing(ground: Ground, hidden: Sequence[Words]) -> Iterator[Words]:
    """Families of the kinds that no hidden family is of."""
    # Sizes of their own, no two dimensions alike.
    sizes = {name: ground.sizes.get(name, 2) + 1 + place for place, name in enumerate(ground.dimensions)}
    plain = next((one.given for one in hidden if one.given), {})
    say = partial(Words, sizes=sizes, given=plain)
    there = [{**ground.sizes, **one.sizes} for one in hidden if one.draw is None]
    for name in ground.dimensions:
        small = {**ground.sizes, name: 1}
        if not any(one.get(name) == 1 for one in there) and _fits(ground, small):
            yield say(name=f"one_{name}", title=f"{name} = 1", sizes=small)
    many = [17 + 6 * place for place in range(len(ground.dimensions))]
    ways = ({**ground.sizes, **dict(zip(ground.dimensions, way, strict=True))} for way in (many, many[::-1]))
    large = next((way for way in ways if _fits(ground, way)), None)
    if large and not any(max(one.values(), default=0) >= _MANY for one in there):
        yield say(name="large", title="dozens of numbers", sizes=large)
    if not any(one.whole for one in hidden):
        yield from (
            say(name=f"integer_{name}", title=f"integers in {name}", whole=(name,))
            for name in (ground.real if len(ground.real) > 1 else ())
        )
        if ground.real:
            yield say(name="integers", title="integers only", whole=ground.real)
    if not any(one.layout == "strided" for one in hidden):
        yield say(name="strided", title="non-contiguous inputs", layout="strided")
    if not any(one.layout == "read_only" for one in hidden):
        yield say(name="read_only", title="read-only inputs", layout="read_only")
    if hidden and not any(one.same_as for one in hidden):
        yield replace(hidden[0], name="again", title="inputs that came before", same_as=hidden[0].name)


def _fits(ground: Ground, sizes: Sizes) -> bool:
    """Whether every dimension is at least 1."""
    return all(size_of(word, sizes) >= 1 for name in ground.shapes for word in ground.shape(name))


def made(ground: Ground, groups: Mapping[str, Sequence[Words]]) -> dict[str, tuple[Family, ...]]:
    """Turn words into families, in the same order and groups."""
    named = {one.name: one for families in groups.values() for one in families}
    return {
        group: tuple(_family(ground, one, named, hidden=group != SHOWN) for one in families)
        for group, families in groups.items()
    }


def _family(ground: Ground, words: Words, named: Mapping[str, Words], *, hidden: bool) -> Family:
    source = words
    if words.same_as is not None:
        if words.same_as not in named:
            raise AssignmentError(f"family {words.name!r} is the same as {words.same_as!r}, which is not a family here")
        source = named[words.same_as]
    unknown = [
        *(name for name in source.sizes if name not in {*ground.dimensions, *ground.sizes}),
        *(name for name in source.given if name not in ground.parameters),
        *(name for name in source.whole if name not in ground.real),
    ]
    if unknown and source.draw is None:
        raise AssignmentError(
            f"family {words.name!r}: {unknown[0]!r} is not a dimension ({', '.join(ground.dimensions)}) or a "
            f"parameter ({', '.join(ground.parameters)}); correct the word, or add it to the part's shapes"
        )
    return Family(
        name=words.name,
        title=words.title,
        draw=source.draw or partial(_drawn, ground=ground, words=source),
        hidden=hidden,
        draws=words.draws if hidden else 1,
        layout=words.layout,
        same_as=words.same_as,
    )


def _drawn(rng: np.random.Generator, *, ground: Ground, words: Words) -> Draw:
    """Draw the arrays, then a cost or its gradient, then single numbers."""
    sizes = {**ground.sizes, **words.sizes}
    shapes = {name: tuple(size_of(word, sizes) for word in ground.shape(name)) for name in ground.shapes}
    values: dict[str, Any] = {}
    for name, described in ground.shapes.items():
        if name in words.given:
            values[name] = _given(words.given[name], rng, sizes)
        elif isinstance(described, Input):
            values[name] = described.draw(rng, shapes[name], sizes)
        elif name != ground.upstream:
            values[name] = numbers(rng, shapes[name], whole=name in words.whole)
    asked = [name for name in ground.parameters if name in sizes and name not in ground.defaults]
    values.update({name: sizes[name] for name in asked if name not in values})
    found = None
    if words.cost:
        # What the module needs besides comes before its cost, all else after it.
        values.update({name: _given(one, rng, sizes) for name, one in words.given.items() if name in ground.needs})
        found = cost(rng, words.cost, np.asarray(ground.module(np, {**ground.defaults, **values})))
    elif ground.upstream:
        values[ground.upstream] = numbers(rng, shapes[ground.upstream], whole=ground.upstream in words.whole)
    if words.zeros:
        for place, name in enumerate(ground.real):
            values[name].flat[-1 if place % 2 == 0 else 0] = 0
    if ground.upstream in values:
        found = linear(values[ground.upstream])
    values.update({name: _given(one, rng, sizes) for name, one in words.given.items() if name not in values})
    values = {name: value[()] if isinstance(value, np.ndarray) else value for name, value in values.items()}
    return Draw(
        inputs={name: values[name] for name in ground.parameters if name in values},
        leaves={name: value for name, value in values.items() if name not in ground.parameters},
        cost=found,
    )


def _given(one: Given, rng: np.random.Generator, sizes: Sizes) -> Any:
    if isinstance(one, Input):
        return one.draw(rng, tuple(size_of(word, sizes) for word in one.shape), sizes)
    return one(rng) if callable(one) else one
