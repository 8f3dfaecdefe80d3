"""Written answers in many styles, each right, and with an error planted: what stands in `tests/submissions/corpus`.

A text begins at ``@ name | answers`` and is right: all of it holds, and so do the answers named. A line
``~ old => new | answers`` below it plants an error: that place fails first, and the answers named are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.words import Format

FOLDER = Path(__file__).parents[1] / "submissions" / "corpus"
OTHERS = ("modules", "training")
"""Files about another homework, which has their name."""


@dataclass(frozen=True, kw_only=True)
class Text:
    name: str
    form: Format
    text: str
    #: Answers that are right, or wrong where an error is planted; None when any may be.
    answers: frozenset[str] | None
    #: The line of the error that is planted; 0 when it is right.
    line: int = 0

    @property
    def homework(self) -> str:
        """Which other homework it answers; empty for ours."""
        file = self.name.partition(":")[0]
        return file if file in OTHERS else ""


def _answers(words: str) -> frozenset[str] | None:
    whole = {"dy_i/dx_j": "dy_i/dx_j, i != j"}
    names = [whole.get(one, one) for one in words.split()]
    return None if names == ["?"] else frozenset(names)


def texts() -> Iterator[Text]:
    for path in sorted(FOLDER.iterdir()):
        for piece in path.read_text(encoding="utf-8").split("\n@ "):
            head, _, rest = piece.removeprefix("@ ").partition("\n")
            name, _, right = head.partition(" | ")
            lines = rest.splitlines()
            planted = [line[2:] for line in lines if line.startswith("~ ")]
            body = "\n".join(line for line in lines if not line.startswith("~ ")).rstrip() + "\n"
            form: Format = "latex" if "(latex)" in name else "markdown"
            yield Text(name=f"{path.stem}: {name}", form=form, text=body, answers=_answers(right))
            for number, error in enumerate(planted, 1):
                change, _, wrong = error.rpartition(" |")
                old, _, new = change.partition(" => ")
                assert body.count(old) == 1, (name, old, body.count(old))
                wrong, _, begins = wrong.partition("@")
                # A side that takes several lines is told at its first.
                line = int(begins) if begins else body[: body.index(old)].count("\n") + 1
                yield Text(
                    name=f"{path.stem}: {name} {number}", form=form, text=body.replace(old, new),
                    answers=_answers(wrong), line=line,
                )  # fmt: skip
