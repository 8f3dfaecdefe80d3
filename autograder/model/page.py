"""A question as its author writes it: a page. Everything here makes the records that the engine works with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.model.asked import Answer, PartWords
from autograder.model.assignment import HeatMap, Question
from autograder.model.derivation import Derivation, Setting, Symbol
from autograder.model.draws import Input
from autograder.model.families import Words
from autograder.model.making import made_part, made_slopes
from autograder.model.mistakes import Mistakes
from autograder.model.variants import Constants


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
    as_dict: bool = False,
) -> PartWords:
    """Describe one function to write.

    Parameters
    ----------
    reference
        Our function: its name, signature and docstring are the contract, and become the stub.
    module
        ``module(xp, ...)``: what is computed, in PyTorch for the truth and in numpy for finite differences. Its further
        parameters are inputs of the function, or further tensors that `shapes` names.
    answers
        What the function returns, in order; more than one means a tuple, or a dict.
    cases
        Families by what they are for: ``"asked"`` (as the homework asks), ``"general"`` (everything else), ``"shown"``
        (public), or any other word. What is missing of layouts, integers and sizes is supplied.
    shapes
        Names of dimensions of each tensor, in the order in which they are drawn: ``{"x": "n", "W": "m n"}``; or
        `labels`, `positive`, `choice`. Not needed where families have draws of their own.
    sizes
        Values of the dimensions where a family says nothing; 2 where nothing is said at all.
    upstream
        The parameter that receives the cost's gradient by the module's output. Without one, a gradient is that of the
        module's output, a number.
    objective
        ``objective(C, ...)``: what is differentiated when it is not the cost C itself; further parameters are inputs.
    mistakes
        Known mistakes that concern the function as a whole: functions with the reference's parameters.
    nudged
        Whether the self-check compares with finite differences; not where the module runs in PyTorch only.
    as_dict
        Whether the function returns a dict of its answers by name.
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
        as_dict=as_dict,
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
    steps_share: float = 0.0,
    variants: Constants | None = None,
) -> Question:
    """Make a question of what its page says.

    Parameters
    ----------
    id, title, prompt, section, heading, heat_map, written_points, steps_share
        As in `Question`.
    parts
        The functions to write; none for a question on paper.
    notation, setting, derivations
        From the functions of these names; a question in code alone has none.
    variants
        Values of the page's constants, one for every variant, written out: ``{"SCALE": (3.0, 2.5), "WORD": ("three",
        "two and a half")}``. `SCALE` in the code and ``<SCALE>`` in the texts are then each variant's own.
    """
    return Question(
        id=id,
        title=title,
        prompt=prompt,
        parts=tuple(made_part(id, one) for one in parts),
        derivations=tuple(derivations),
        slopes=tuple(made_slopes(one, parts) for one in parts if one.nudged),
        setting=setting,
        written_points=written_points,
        steps_share=steps_share,
        section=section,
        heading=heading,
        notation=tuple(notation),
        heat_map=heat_map,
        variants={name: tuple(values) for name, values in (variants or {}).items()},
    )
