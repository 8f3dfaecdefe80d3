"""What ``hw1 new`` writes: pages that load, whose gaps are marked TODO."""

from __future__ import annotations

from autograder.templates import filled


def question_page(id_: str, kind: str) -> str:
    """Text of a new question's file."""
    function = f"{id_}_{'module' if kind == 'value' else kind}"
    return filled(__package__, "question.py.j2", id=id_, kind=kind, label=id_.removeprefix("q"), function=function)


def homework_page(id_: str) -> str:
    """Text of a new homework's ``__init__.py``."""
    words = id_.removeprefix("hw")
    return filled(__package__, "homework.py.j2", id=id_, title=f"Homework {words}" if words.isdecimal() else id_)
