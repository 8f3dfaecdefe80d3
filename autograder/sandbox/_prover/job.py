"""Do a job: judge one written part, and write what was found as one frame."""

from collections.abc import Callable

from autograder import wire
from autograder.mathematics.answers.asked import question_of
from autograder.mathematics.answers.judging import findings_of


def run(data: bytes, write: Callable[[bytes], None]) -> None:
    """Do a job as `autograder.wire.encode_paper` made it: write an empty report on loading, then the findings.

    Raises `FrameError` if the job does not follow the format; that is the grader's fault.
    """
    paper = wire.decode_paper(data)
    write(wire.encode_loaded(()))
    questions = [question_of(place, asked) for place, asked in enumerate(paper.questions)]
    write(wire.encode_findings(findings_of(paper.pieces, questions)))


def rehearse() -> None:
    """Judge a small text: imports and the parser's tables are then there before the first child."""
    asked = wire.Asked(
        id="q",
        lefts=((r"\frac{df}{du}", ""),),
        symbols={"u": ("n",)},
        functions={"f": "v"},
        definitions=((r"v_i", r"\exp(u_i)", ("n",)),),
        sizes=({"n": 3},),
        rows=(),
        spoken={},
    )
    piece = wire.Piece(question="q", form="latex", text=r"\[\frac{df}{du} = \sum_k \exp(1) - 1/0\]")
    findings_of([piece], [question_of(0, asked)])
