"""A question as its author writes it: a page. Everything here makes the records that the engine works with."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import AssignmentError
from autograder.model.assignment import HeatMap, Question, Slopes
from autograder.model.cases import Array, Family, Inputs, Kind, Output, Region
from autograder.model.derivation import Derivation, Setting, Symbol
from autograder.model.draws import Input
from autograder.model.families import ASKED, GENERAL, SHOWN, Ground, Words, made, supplied
from autograder.model.magnitudes import magnitude_of
from autograder.model.parts import Criterion, Misconception, Part

Magnitude = Callable[[Inputs, Array], Array]


@dataclass(frozen=True, kw_only=True, eq=False)
class Then:
    """A mistake that is made after all was right; made by `then`.

    Attributes
    ----------
    function
        What is done to the right answer.
    """

    function: Callable[[Array], Any]


Mistakes = Mapping[str, tuple[Callable[..., Any] | Then, str]]
"""By name: a wrong function, and the hint for whoever wrote it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Award:
    """Points for one criterion; made by `award`.

    Attributes
    ----------
    points, title, region
        As in `Criterion`; without a title the answer's own.
    groups
        Of families that decide it; the criterion's own when empty.
    """

    points: float
    title: str = ""
    groups: tuple[str, ...] = ()
    region: Region | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """One array that a function answers with; made by `value`, `gradient` or `jacobian`.

    Attributes
    ----------
    name, kind, of, magnitude
        As in `Output`; without a magnitude the reference's slopes say how exactly it can be known.
    points
        By group of families, or by any word for a criterion.
    title
        What is judged.
    criterion
        What its criteria are called, before a dot and the word.
    mistakes
        Known mistakes in this answer alone.
    """

    name: str
    kind: Kind
    of: str | None
    points: Mapping[str, float | Award]
    title: str
    criterion: str
    magnitude: Magnitude | None
    mistakes: Mistakes


@dataclass(frozen=True, kw_only=True, eq=False)
class PartWords:
    """One function to write, as its author describes it; made by `part`.

    Attributes
    ----------
    reference, module, answers, cases, shapes, sizes, upstream, objective, mistakes, nudged
        As `part` takes them.
    """

    reference: Callable[..., Any]
    module: Callable[..., Any]
    answers: Sequence[Answer]
    cases: Mapping[str, Sequence[Words]]
    shapes: Mapping[str, str | Input] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    upstream: str = ""
    objective: Callable[..., Any] | None = None
    mistakes: Mistakes = field(default_factory=dict)
    nudged: bool = True


def award(points: float, title: str = "", groups: str = "", *, region: Region | None = None) -> Award:
    """Give points for one criterion.

    Parameters
    ----------
    points : float
        More than 0.
    title : str
        What is judged, for a student to read.
    groups : str
        Groups of families that decide it, separated by spaces; the criterion's own when empty.
    region : Region, optional
        The part of the answer that is judged.

    Returns
    -------
    Award
        For an answer's points.
    """
    return Award(points=points, title=title, groups=tuple(groups.split()), region=region)


def then(function: Callable[[Array], Any]) -> Then:
    """Describe a mistake that is made after all was right.

    Parameters
    ----------
    function : Callable[[numpy.ndarray], Any]
        What is done to the right answer, such as ``np.negative``.

    Returns
    -------
    Then
        For an answer's mistakes.
    """
    return Then(function=function)


def value(
    name: str,
    *,
    points: Mapping[str, float | Award],
    title: str = "",
    mistakes: Mistakes | None = None,
    criterion: str = "",
    magnitude: Magnitude | None = None,
) -> Answer:
    """Ask for what the module computes.

    Parameters
    ----------
    name : str
        As in the homework.
    points : Mapping[str, float | Award]
        By group of families: ``{"asked": 3, "general": 1}``.
    title : str
        What is judged, for a student to read; the name when empty.
    mistakes : Mistakes, optional
        Known mistakes in this answer alone: functions of the reference's parameters, in order.
    criterion : str
        What its criteria are called; the name when empty.
    magnitude : Callable[[Inputs, numpy.ndarray], numpy.ndarray], optional
        As in `Output`; by default the reference's slopes say how exactly it can be known.

    Returns
    -------
    Answer
        For `part`. Several values are the module's tuple, in order.
    """
    return Answer(
        name=name,
        kind="value",
        of=None,
        points=points,
        title=title or name,
        criterion=criterion or name,
        magnitude=magnitude,
        mistakes=mistakes or {},
    )


def gradient(
    name: str,
    *,
    of: str,
    points: Mapping[str, float | Award],
    title: str = "",
    mistakes: Mistakes | None = None,
    criterion: str = "",
    magnitude: Magnitude | None = None,
) -> Answer:
    """Ask for the gradient of a cost of the module's output.

    Parameters
    ----------
    name : str
        As in the homework.
    of : str
        With respect to which of the module's tensors.
    points : Mapping[str, float | Award]
        By group of families, as for `value`.
    title : str
        What is judged; the name when empty.
    mistakes : Mistakes, optional
        Known mistakes in this answer alone.
    criterion : str
        What its criteria are called; the name when empty.
    magnitude : Callable[[Inputs, numpy.ndarray], numpy.ndarray], optional
        As for `value`.

    Returns
    -------
    Answer
        For `part`.
    """
    return Answer(
        name=name,
        kind="gradient",
        of=of,
        points=points,
        title=title or name,
        criterion=criterion or name,
        magnitude=magnitude,
        mistakes=mistakes or {},
    )


def jacobian(
    name: str,
    *,
    of: str,
    points: Mapping[str, float | Award],
    title: str = "",
    mistakes: Mistakes | None = None,
    criterion: str = "",
    magnitude: Magnitude | None = None,
) -> Answer:
    """Ask for the derivatives of each element of the module's output.

    Parameters
    ----------
    name : str
        As in the homework.
    of : str
        With respect to which of the module's tensors.
    points : Mapping[str, float | Award]
        By group of families, as for `value`.
    title : str
        What is judged; the name when empty.
    mistakes : Mistakes, optional
        Known mistakes in this answer alone.
    criterion : str
        What its criteria are called; the name when empty.
    magnitude : Callable[[Inputs, numpy.ndarray], numpy.ndarray], optional
        As for `value`.

    Returns
    -------
    Answer
        For `part`.
    """
    return Answer(
        name=name,
        kind="jacobian",
        of=of,
        points=points,
        title=title or name,
        criterion=criterion or name,
        magnitude=magnitude,
        mistakes=mistakes or {},
    )


def part(
    reference: Callable[..., Any],
    module: Callable[..., Any],
    answers: Sequence[Answer],
    cases: Mapping[str, Sequence[Words]],
    *,
    shapes: Mapping[str, str | Input] | None = None,
    sizes: Mapping[str, int] | None = None,
    upstream: str = "",
    objective: Callable[..., Any] | None = None,
    mistakes: Mistakes | None = None,
    nudged: bool = True,
) -> PartWords:
    """Describe one function to write.

    Parameters
    ----------
    reference : Callable
        Our function: its name, signature and docstring are the contract, and become the stub.
    module : Callable
        ``module(xp, ...)``: what is computed, in PyTorch for the truth and in numpy for finite differences. Its further
        parameters are inputs of the function, or further tensors that `shapes` names.
    answers : Sequence[Answer]
        What the function returns, in order; more than one means a tuple.
    cases : Mapping[str, Sequence[Words]]
        Families by what they are for: ``"asked"`` (as the homework asks), ``"general"`` (everything else), ``"shown"``
        (public), or any other word. What is missing of layouts, integers and sizes is supplied.
    shapes : Mapping[str, str or Input], optional
        Names of dimensions of each tensor, in the order in which they are drawn: ``{"x": "n", "W": "m n"}``; or
        `labels`, `positive`, `choice`. Not needed where families have draws of their own.
    sizes : Mapping[str, int], optional
        Values of the dimensions where a family says nothing; 2 where nothing is said at all.
    upstream : str
        The parameter that receives the cost's gradient by the module's output. Without one, a gradient is that of the
        module's output, a number.
    objective : Callable, optional
        ``objective(C, ...)``: what is differentiated when it is not the cost C itself; further parameters are inputs.
    mistakes : Mistakes, optional
        Known mistakes that concern the function as a whole: functions with the reference's parameters.
    nudged : bool
        Whether the self-check compares with finite differences; not where the module runs in PyTorch only.

    Returns
    -------
    PartWords
        For `question`.
    """
    return PartWords(
        reference=reference,
        module=module,
        answers=tuple(answers),
        cases=cases,
        shapes=shapes or {},
        sizes=sizes or {},
        upstream=upstream,
        objective=objective,
        mistakes=mistakes or {},
        nudged=nudged,
    )


def question(
    id: str,  # noqa: A002 - the record's own word
    *,
    title: str,
    prompt: str,
    parts: Sequence[PartWords] = (),
    section: str = "",
    heading: str = "",
    notation: Sequence[Symbol] = (),
    setting: Setting | None = None,
    derivations: Sequence[Derivation] = (),
    heat_map: HeatMap | None = None,
    written_points: float = 0.0,
    properties: Callable[[Mapping[str, Any]], list[str]] | None = None,
) -> Question:
    """Make a question of what its page says.

    Parameters
    ----------
    id : str
        Such as ``"q1a"``.
    title, prompt : str
        As in `Question`.
    parts : Sequence[PartWords]
        The functions to write; none for a question on paper.
    section, heading : str
        As in `Question`.
    notation : Sequence[Symbol]
        From `notation`.
    setting : Setting, optional
        From `setting`; a question in code alone has none.
    derivations : Sequence[Derivation]
        From `derivations`.
    heat_map : HeatMap, optional
        As in `Question`.
    written_points : float
        What a right written answer is worth.
    properties : Callable[[Mapping[str, Any]], list[str]], optional
        As in `Question`.

    Returns
    -------
    Question
        The record.

    Raises
    ------
    AssignmentError
        If a word names what does not exist.
    """
    return Question(
        id=id,
        title=title,
        prompt=prompt,
        parts=tuple(_part(id, one) for one in parts),
        derivations=tuple(derivations),
        slopes=tuple(_slopes(one, parts) for one in parts if one.nudged),
        properties=properties,
        setting=setting,
        written_points=written_points,
        section=section,
        heading=heading,
        notation=tuple(notation),
        heat_map=heat_map,
    )


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _ground(words: PartWords) -> Ground:
    takes = _parameters(words.reference)
    bare = Ground(shapes=words.shapes, sizes={}, parameters=takes, upstream=words.upstream, module=_forward(words))
    for name in (*_parameters(words.module)[1:], words.upstream):
        by_hand = all(one.draw is not None for families in words.cases.values() for one in families)
        if name and name not in {*words.shapes, *takes} and not by_hand:
            raise AssignmentError(
                f"{words.reference.__name__}: {name!r} is neither a parameter nor in shapes; give its dimensions there"
            )
    return Ground(
        shapes=words.shapes,
        sizes={**dict.fromkeys(bare.dimensions, 2), **words.sizes},
        parameters=takes,
        upstream=words.upstream,
        module=bare.module,
    )


def _fixed(words: PartWords) -> frozenset[str]:
    """Inputs that are no numbers to be nudged."""
    return frozenset(name for name, one in words.shapes.items() if isinstance(one, Input) and not one.real)


def _forward(words: PartWords) -> Callable[[Any, Mapping[str, Any]], Any]:
    names, fixed = _parameters(words.module)[1:], _fixed(words)

    def given(name: str, value: Any) -> Any:
        # PyTorch gets all numbers as floats, and labels are to be indices.
        return value.long() if name in fixed and hasattr(value, "long") else value

    return lambda xp, tensors: words.module(xp, *(given(name, tensors[name]) for name in names))


def _objective(words: PartWords) -> Callable[[Any, Inputs], Any] | None:
    if words.objective is None:
        return None
    function, names = words.objective, _parameters(words.objective)[1:]
    return lambda cost, inputs: function(cost, *(inputs[name] for name in names))


def _part(id_: str, words: PartWords) -> Part:
    ground = _ground(words)
    families = made(ground, supplied(ground, words.cases))
    return Part(
        reference=words.reference,
        outputs=tuple(
            Output(
                name=one.name,
                kind=one.kind,
                of=one.of,
                magnitude=one.magnitude or magnitude_of(words.reference, place, len(words.answers), _fixed(words)),
            )
            for place, one in enumerate(words.answers)
        ),
        forward=_forward(words),
        families=tuple(one for group in families.values() for one in group),
        criteria=tuple(one for answer in words.answers for one in _criteria(id_, answer, families)),
        misconceptions=tuple(_misconceptions(words)),
        upstream=words.upstream or None,
        objective=_objective(words),
    )


def _criteria(id_: str, answer: Answer, families: Mapping[str, Sequence[Family]]) -> list[Criterion]:
    found = []
    for word, given in answer.points.items():
        what = given if isinstance(given, Award) else Award(points=given)
        groups = what.groups or ((word,) if word in families else ())
        unknown = [group for group in groups if group not in families or group == SHOWN]
        if unknown or not groups:
            there = ", ".join(group for group in families if group != SHOWN)
            raise AssignmentError(
                f"{id_}: points of {answer.name!r} for {(*unknown, word)[0]!r}, which is no group of hidden families; "
                f"there are {there}"
            )
        titles = {ASKED: answer.title, GENERAL: f"{answer.title} for other sizes and kinds of input"}
        found.append(
            Criterion(
                id=f"{id_}.{answer.criterion}" + ("" if word == ASKED else f".{word}"),
                title=what.title or titles.get(word, f"{answer.title}: {word.replace('_', ' ')}"),
                points=what.points,
                output=answer.name,
                families=tuple(one.name for group in groups for one in families[group]),
                region=what.region,
            )
        )
    return found


def _misconceptions(words: PartWords) -> list[Misconception]:
    return [
        *(
            Misconception(name=name, function=_completed(words.reference, place, len(words.answers), wrong), hint=hint)
            for place, answer in enumerate(words.answers)
            for name, (wrong, hint) in answer.mistakes.items()
        ),
        *(
            Misconception(name=name, function=_whole(name, wrong), hint=hint)
            for name, (wrong, hint) in words.mistakes.items()
        ),
    ]


def _whole(name: str, wrong: Callable[..., Any] | Then) -> Callable[..., Any]:
    if isinstance(wrong, Then):
        raise AssignmentError(f"mistake {name!r}: then(...) changes one answer; give it among that answer's mistakes")
    return wrong


def _completed(
    reference: Callable[..., Any], place: int, outputs: int, wrong: Callable[..., Any] | Then
) -> Callable[..., Any]:
    """Get one answer wrong, and leave the others to the reference."""
    signature = inspect.signature(reference)

    @functools.wraps(reference)
    def function(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        if isinstance(wrong, Then):
            right = reference(*bound.args)
            answer = wrong.function(right if outputs == 1 else right[place])
        else:
            answer = wrong(*bound.args)
        if outputs == 1:
            return answer
        return tuple(answer if at == place else right for at, right in enumerate(reference(*bound.args)))

    return function


def _slopes(words: PartWords, parts: Sequence[PartWords]) -> Slopes:
    """Say what the self-check needs to nudge a part's tensors."""
    takes = _parameters(words.reference)
    # The module computes what a value part asks for: it would give that away, so the student's own is nudged.
    given_away = [one for one in parts if one.module is words.module and any(a.kind == "value" for a in one.answers)]
    through = given_away[0].reference if given_away else None
    kinds = [answer.kind for answer in given_away[0].answers] if given_away else []
    tensors = _parameters(words.module)[1:] if through is None else _parameters(through)
    fixed = _fixed(words)
    return Slopes(
        part=words.reference.__name__,
        outputs=tuple((one.name, one.kind, one.of or "") for one in words.answers),
        upstream=words.upstream,
        real=tuple(name for name in takes if name not in fixed),
        leaves={name: _sides(words, name) for name in tensors if name not in takes},
        tensors=tensors,
        through="" if through is None else through.__name__,
        place=kinds.index("value") if len(kinds) > 1 else -1,
        module=words.module if through is None else None,
        objective=words.objective,
        takes=takes,
        defaults={
            one.name: one.default
            for one in inspect.signature(words.reference).parameters.values()
            if one.default is not one.empty
        },
    )


def _sides(words: PartWords, leaf: str) -> tuple[tuple[str, int] | int, ...]:
    """Where the sizes of a tensor's dimensions are found in the inputs."""
    ground = _ground(words)
    there = {
        word: (name, axis)
        for name in ground.shapes
        if name in ground.parameters
        for axis, word in enumerate(ground.shape(name))
    }
    sides: list[tuple[str, int] | int] = []
    for word in ground.shape(leaf) if leaf in ground.shapes else ():
        if word not in there and not word.isdecimal():
            raise AssignmentError(
                f"{words.reference.__name__}: no input has the dimension {word!r} of {leaf}, so the self-check cannot "
                "know it; write nudged=False, or make it an input's"
            )
        sides.append(int(word) if word.isdecimal() else there[word])
    return tuple(sides)
