"""Written parts to a child, and what it found in them: indices, words of fixed lists, short printable ASCII."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from autograder.wire._pieces import LENGTH, Reader, put_text
from autograder.wire.records import FrameError

FindingKind = Literal["line", "answer", "remark"]
Mark = Literal["holds", "fails", "unread", "defined", "right", "wrong", "missing", "note"]
Form = Literal["markdown", "latex"]
Theory = Literal["affine", "softmax"]

MAX_FINDINGS = 600
MAX_TEXT = 240
_W = TypeVar("_W", bound=str)
_KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
_MARKS: tuple[Mark, ...] = get_args(Mark)
_FORMS: tuple[Form, ...] = get_args(Form)
_THEORIES: tuple[Theory, ...] = get_args(Theory)
_FINDINGS = 2
_NOWHERE = 255
_HEAD = struct.Struct("<BIH")
_FINDING = struct.Struct("<BBBHIBBB")
_COUNTS = struct.Struct("<BH")
_TEXT = re.compile(r"[ -~]{0,240}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, as far as its written answer is concerned.

    Attributes
    ----------
    id : str
        Such as ``"q1a"``.
    theory : {"affine", "softmax"}
        Its module.
    lefts : tuple of (str, str)
        Left-hand sides of its results, and the condition on their indices: LaTeX.
    """

    id: str
    theory: Theory
    lefts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a written part.

    Attributes
    ----------
    question : str
        Id of the question it answers; empty when its headings have to say.
    form : {"markdown", "latex"}
        How to read it.
    text : str
        The text.
    """

    question: str
    form: Form
    text: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A job for a child: what was asked, and what a student wrote.

    Attributes
    ----------
    questions : tuple of Asked
        The questions.
    pieces : tuple of Piece
        The written part, in order.
    """

    questions: tuple[Asked, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a child found.

    Attributes
    ----------
    kind, mark : str
        Words of fixed lists.
    question : int, optional
        Index of the question; None when unknown.
    piece, line : int
        Where.
    name, latex, detail : str
        Printable ASCII, at most `MAX_TEXT` characters each.
    """

    kind: FindingKind
    mark: Mark
    question: int | None
    piece: int
    line: int
    name: str
    latex: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """A child's answer.

    Attributes
    ----------
    call : int
        Always 0: a child has one paper.
    findings : tuple of Finding
        In order.
    """

    call: int
    findings: tuple[Finding, ...]


def encode_paper(paper: Paper) -> bytes:
    """Encode a job.

    Parameters
    ----------
    paper : Paper
        The job.

    Returns
    -------
    bytes
        It ends where its pipe ends.
    """
    pieces = [_COUNTS.pack(len(paper.questions), len(paper.pieces))]
    for asked in paper.questions:
        put_text(pieces, asked.id)
        pieces.append(bytes((_THEORIES.index(asked.theory), len(asked.lefts))))
        for left, condition in asked.lefts:
            put_text(pieces, left)
            put_text(pieces, condition)
    for piece in paper.pieces:
        put_text(pieces, piece.question)
        pieces.append(bytes((_FORMS.index(piece.form),)))
        put_text(pieces, piece.text)
    return b"".join(pieces)


def decode_paper(data: bytes) -> Paper:
    """Decode a job.

    Parameters
    ----------
    data : bytes
        All that came through the pipe.

    Returns
    -------
    Paper
        The job.

    Raises
    ------
    FrameError
        If the bytes do not follow the format to the last one.
    """
    reader = Reader(data)
    questions, count = reader.take(_COUNTS)
    asked = []
    for _ in range(questions):
        id_, theory, lefts = reader.text(), reader.byte(), reader.byte()
        pairs = tuple((reader.text(), reader.text()) for _ in range(lefts))
        asked.append(Asked(id=id_, theory=_word(_THEORIES, theory), lefts=pairs))
    pieces = []
    for _ in range(count):
        question, form = reader.text(), reader.byte()
        pieces.append(Piece(question=question, form=_word(_FORMS, form), text=reader.text()))
    reader.end()
    return Paper(questions=tuple(asked), pieces=tuple(pieces))


def encode_findings(findings: Sequence[Finding]) -> bytes:
    """Encode an answer.

    Parameters
    ----------
    findings : sequence of Finding
        What was found; those beyond `MAX_FINDINGS` are left out.

    Returns
    -------
    bytes
        The frame, length included.
    """
    findings = findings[:MAX_FINDINGS]
    pieces = [_HEAD.pack(_FINDINGS, 0, len(findings))]
    for one in findings:
        texts = [text.encode("ascii", "replace")[:MAX_TEXT] for text in (one.name, one.latex, one.detail)]
        question = _NOWHERE if one.question is None else one.question
        pieces.append(
            _FINDING.pack(
                _KINDS.index(one.kind), _MARKS.index(one.mark), question, one.piece, one.line, *map(len, texts)
            )
        )
        pieces += texts
    body = b"".join(pieces)
    return LENGTH.pack(len(body)) + body


def decode_findings(payload: bytes) -> Findings:
    """Decode an answer; nothing about the payload is trusted.

    Parameters
    ----------
    payload : bytes
        A frame without its length.

    Returns
    -------
    Findings
        Every text in it is short printable ASCII.

    Raises
    ------
    FrameError
        If the payload does not follow the format to the last byte.
    """
    reader = Reader(payload)
    kind, call, count = reader.take(_HEAD)
    if kind != _FINDINGS or count > MAX_FINDINGS:
        raise FrameError("no findings")
    found = []
    for _ in range(count):
        what, mark, question, piece, line, *lengths = reader.take(_FINDING)
        texts = [reader.bytes(length).decode("ascii", "replace") for length in lengths]
        if not all(_TEXT.fullmatch(text) for text in texts):
            raise FrameError("a text that is not short printable ASCII")
        found.append(
            Finding(
                kind=_word(_KINDS, what),
                mark=_word(_MARKS, mark),
                question=None if question == _NOWHERE else question,
                piece=piece,
                line=line,
                name=texts[0],
                latex=texts[1],
                detail=texts[2],
            )
        )
    reader.end()
    return Findings(call=call, findings=tuple(found))


def _word(words: tuple[_W, ...], code: int) -> _W:
    if code >= len(words):
        raise FrameError("a code that stands for nothing")
    return words[code]
