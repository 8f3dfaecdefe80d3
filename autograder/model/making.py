"""From an author's words to the engine's records of a part."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.errors import AssignmentError
from autograder.model.asked import Answer, Award, PartWords
from autograder.model.assignment import Slopes
from autograder.model.cases import Family, Inputs, Output
from autograder.model.draws import Input
from autograder.model.families import ASKED, GENERAL, SHOWN, Ground, made, placed, supplied
from autograder.model.magnitudes import magnitude_of
from autograder.model.mistakes import Remade
from autograder.model.parts import Criterion, Keys, Misconception, Part, in_order


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}


def _ground(words: PartWords) -> Ground:
    takes = _parameters(words.reference)
    bare = Ground(shapes=words.shapes, sizes={}, parameters=takes, upstream=words.upstream, module=_forward(words))
    for name in (*_parameters(words.module)[1:], words.upstream):
        by_hand = all(one.draw is not None for families in words.cases.values() for one in families)
        if name and name not in {*words.shapes, *takes} and not by_hand:
            raise AssignmentError(
                f"{words.reference.__name__}: {name!r} is neither a parameter nor in shapes; give its dimensions there"
            )
    sizes = {**dict.fromkeys(bare.dimensions, 2), **words.sizes}
    return replace(bare, sizes=sizes, needs=_parameters(words.module)[1:], defaults=_defaults(words.reference))


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


def made_part(question: str, words: PartWords) -> Part:
    """Turn the words of a question's part into the record."""
    ground = _ground(words)
    families = made(ground, supplied(ground, placed(ground, words.cases)))
    return Part(
        reference=words.reference,
        outputs=tuple(
            Output(
                name=one.name,
                kind=one.kind,
                of=one.of,
                magnitude=one.magnitude or magnitude_of(words.reference, place, words.names, _fixed(words)),
            )
            for place, one in enumerate(words.answers)
        ),
        forward=_forward(words),
        families=tuple(one for group in families.values() for one in group),
        criteria=tuple(one for answer in words.answers for one in _criteria(question, answer, families)),
        misconceptions=tuple(_misconceptions(words)),
        upstream=words.upstream or None,
        objective=_objective(words),
        as_dict=words.as_dict,
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
                f"{id_}: points of {answer.name!r} for {(*unknown, word)[0]!r}, which is not a group of hidden "
                f"families; there are {there}"
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
                near_share=what.near_share,
            )
        )
    return found


def _misconceptions(words: PartWords) -> list[Misconception]:
    return [
        *(
            Misconception(name=name, function=_completed(words.reference, place, words.names, wrong), hint=hint)
            for place, answer in enumerate(words.answers)
            for name, (wrong, hint) in answer.mistakes.items()
        ),
        *(
            Misconception(name=name, function=_whole(name, wrong), hint=hint)
            for name, (wrong, hint) in words.mistakes.items()
        ),
    ]


def _whole(name: str, wrong: Callable[..., Any] | Remade) -> Callable[..., Any]:
    if isinstance(wrong, Remade):
        raise AssignmentError(f"mistake {name!r}: then(...) changes one answer; give it among that answer's mistakes")
    return wrong


def _completed(
    reference: Callable[..., Any], place: int, names: tuple[str, ...], wrong: Callable[..., Any] | Remade
) -> Callable[..., Any]:
    """Get one answer wrong, and leave the others to the reference."""
    signature = inspect.signature(reference)

    @functools.wraps(reference)
    def right(*given: Any) -> Any:
        return in_order(reference(*given), names)[place]

    mistaken = wrong.make(right) if isinstance(wrong, Remade) else wrong

    @functools.wraps(reference)
    def function(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        answer = mistaken(*bound.args)
        if names == names[:1] and not isinstance(names, Keys):
            return answer
        answers = list(in_order(reference(*bound.args), names))
        answers[place] = answer
        return dict(zip(names, answers, strict=True)) if isinstance(names, Keys) else tuple(answers)

    return function


def made_slopes(words: PartWords, parts: Sequence[PartWords]) -> Slopes:
    """Say what the self-check needs to nudge the tensors of one of a question's parts."""
    takes = _parameters(words.reference)
    # The module computes what a value part asks for: it would give that away, so the student's own is nudged.
    given_away = [one for one in parts if one.module is words.module and any(a.kind == "value" for a in one.answers)]
    through = given_away[0].reference if given_away else None
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
        place=_place(given_away[0]) if given_away else -1,
        module=words.module if through is None else None,
        objective=words.objective,
        sums={one.name: one.sums for one in words.answers if one.sums is not None},
        least={one.name: one.least for one in words.answers if one.least is not None},
        as_dict=words.as_dict,
        takes=takes,
        defaults=_defaults(words.reference),
    )


def _place(words: PartWords) -> int | str:
    """Which of the answers is the module's."""
    first = [one.kind for one in words.answers].index("value")
    if words.as_dict:
        return words.answers[first].name
    return first if len(words.answers) > 1 else -1


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
