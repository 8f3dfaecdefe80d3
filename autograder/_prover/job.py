"""Do a job: judge one written part, and write what was found as one frame."""

from __future__ import annotations

from collections.abc import Callable

from autograder import wire
from autograder.derivation.answers.judging import judge
from autograder.derivation.answers.records import Text, question_of


def run(data: bytes, write: Callable[[bytes], None]) -> None:
    """Do a job.

    Parameters
    ----------
    data : bytes
        The job, as `autograder.wire.encode_paper` made it.
    write : Callable[[bytes], None]
        Takes one frame at a time: an empty report on loading, then the findings.

    Raises
    ------
    FrameError
        If the job does not follow the format; that is the grader's fault.
    """
    paper = wire.decode_paper(data)
    write(wire.encode_loaded(()))
    questions = [question_of(asked.id, asked.theory, asked.lefts) for asked in paper.questions]
    texts = [Text(question=piece.question, form=piece.form, text=piece.text) for piece in paper.pieces]
    found = [
        wire.Finding(
            kind=one.kind,
            mark=one.mark,
            question=next((n for n, asked in enumerate(questions) if asked.id == one.question), None),
            piece=one.piece,
            line=one.line,
            name=one.name,
            latex=one.latex,
            detail=one.detail,
        )
        for one in judge(texts, questions)
    ]
    write(wire.encode_findings(found))


def rehearse() -> None:
    """Judge a small text: imports and the parser's tables are then there before the first child."""
    asked = question_of("q", "affine", [(r"\frac{dC}{db}", "")])
    judge([Text(question="q", form="latex", text=r"\[\frac{dC}{db} = \sum_k \exp(1) - 1/0\]")], [asked])
