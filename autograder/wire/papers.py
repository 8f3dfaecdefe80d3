"""Written parts to a child, and what it found in them: indices, words of fixed lists, short printable ASCII."""

import json
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.wire.reader import LENGTH, Reader
from autograder.wire.records import FrameError
from autograder.words import FINDING_KINDS, MARKS, FindingKind, Format, Mark

MAX_FINDINGS = 600
MAX_TEXT = 240
_W = TypeVar("_W", bound=str)
_FINDINGS = 2
_NOWHERE = 255
_HEAD = struct.Struct("<BIH")
_FINDING = struct.Struct("<BBBHIBBB")
_TEXT = re.compile(r"[ -~]{0,240}")
_dumps = json.JSONEncoder(separators=(",", ":"), default=vars).encode


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, as far as its written answer is concerned: what its symbols mean, never an answer."""

    id: str
    #: Left-hand sides of its results, and the condition on their indices: LaTeX.
    lefts: tuple[tuple[str, str], ...]
    #: As in the model's `Setting`, each of the following.
    symbols: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, str]
    #: Both sides and the shape.
    definitions: tuple[tuple[str, str, tuple[str, ...]], ...]
    sizes: tuple[Mapping[str, int], ...]
    rows: tuple[str, ...]
    spoken: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a written part."""

    #: Id of the question it answers; empty when its headings have to say.
    question: str
    form: Format
    text: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A job for a child: what was asked, and what a student wrote, in order."""

    questions: tuple[Asked, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a child found."""

    kind: FindingKind
    mark: Mark
    #: Index of the question; None when unknown.
    question: int | None
    #: Index of the piece, and the line in it from 1; 0 when nowhere.
    piece: int = 0
    line: int = 0
    #: Printable ASCII, at most `MAX_TEXT` characters each.
    name: str = ""
    latex: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """A child's answer; it has one paper, so its call is 0."""

    call: int
    findings: tuple[Finding, ...]


def printable(text: str) -> str:
    """Any text as short printable ASCII, spaces folded, other characters as ``[U+XXXX]``."""
    text = " ".join(text[: 2 * MAX_TEXT].split())
    text = "".join(c if " " <= c <= "~" else f"[U+{ord(c):04X}]" for c in text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 3] + "..."


def encode_paper(paper: Paper) -> bytes:
    """Encode a job, as JSON; it ends where its pipe ends."""
    return _dumps(paper).encode("ascii")


def decode_paper(data: bytes) -> Paper:
    """Decode a job: all that came through the pipe.

    Raises `FrameError` if it is no job.
    """
    try:
        paper = _frozen(json.loads(data))
        return Paper(
            questions=tuple(Asked(**one) for one in paper["questions"]),
            pieces=tuple(Piece(**one) for one in paper["pieces"]),
        )
    except Exception as error:
        raise FrameError("not a message for a child") from error


def _frozen(value: Any) -> Any:
    """What JSON says, its lists as tuples."""
    if isinstance(value, dict):
        return {name: _frozen(one) for name, one in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def encode_findings(findings: Sequence[Finding]) -> bytes:
    """Encode an answer, its length included; findings beyond `MAX_FINDINGS` are left out."""
    findings = findings[:MAX_FINDINGS]
    pieces = [_HEAD.pack(_FINDINGS, 0, len(findings))]
    for one in findings:
        texts = [text.encode("ascii", "replace")[:MAX_TEXT] for text in (one.name, one.latex, one.detail)]
        question = _NOWHERE if one.question is None else one.question
        pieces.append(
            _FINDING.pack(
                FINDING_KINDS.index(one.kind), MARKS.index(one.mark), question, one.piece, one.line, *map(len, texts)
            )
        )
        pieces += texts
    body = b"".join(pieces)
    return LENGTH.pack(len(body)) + body


def decode_findings(payload: bytes) -> Findings:
    """Decode an answer without its length; nothing about it is trusted, and every text in it is short printable ASCII.

    Raises `FrameError` if the payload does not follow the format to the last byte.
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
                kind=_word(FINDING_KINDS, what),
                mark=_word(MARKS, mark),
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
