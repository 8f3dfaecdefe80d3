"""Written parts to a child, and what it found in them: indices, words of fixed lists, short printable ASCII."""

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from autograder.wire.reader import LENGTH, Reader, put_text
from autograder.wire.records import FrameError
from autograder.words import FINDING_KINDS, FORMATS, MARKS, FindingKind, Format, Mark

MAX_FINDINGS = 600
MAX_TEXT = 240
MAX_NAMES = 255
"""Symbols, functions, definitions, sizes and so on of a question: of each kind."""
_T = TypeVar("_T")
_W = TypeVar("_W", bound=str)
_FINDINGS = 2
_NOWHERE = 255
_HEAD = struct.Struct("<BIH")
_FINDING = struct.Struct("<BBBHIBBB")
_COUNTS = struct.Struct("<BH")
_SIZE = struct.Struct("<I")
_TEXT = re.compile(r"[ -~]{0,240}")


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
    """Encode a job; it ends where its pipe ends.

    Raises `FrameError` if a question has more of anything than is carried.
    """
    pieces = [_COUNTS.pack(len(paper.questions), len(paper.pieces))]
    for asked in paper.questions:
        _put_asked(pieces, asked)
    for piece in paper.pieces:
        put_text(pieces, piece.question)
        pieces.append(bytes((FORMATS.index(piece.form),)))
        put_text(pieces, piece.text)
    return b"".join(pieces)


def _put_asked(pieces: list[bytes], asked: Asked) -> None:
    put_text(pieces, asked.id)
    for pairs in (asked.lefts, asked.functions.items(), asked.spoken.items()):
        _put_count(pieces, len(pairs))
        for left, right in pairs:
            _put_texts(pieces, left, right)
    _put_count(pieces, len(asked.symbols))
    for name, shape in asked.symbols.items():
        _put_texts(pieces, name)
        _put_names(pieces, shape)
    _put_count(pieces, len(asked.definitions))
    for left, right, shape in asked.definitions:
        _put_texts(pieces, left, right)
        _put_names(pieces, shape)
    _put_count(pieces, len(asked.sizes))
    for size in asked.sizes:
        _put_names(pieces, tuple(size))
        pieces += map(_SIZE.pack, size.values())
    _put_names(pieces, asked.rows)


def _put_count(pieces: list[bytes], count: int) -> None:
    if count > MAX_NAMES:
        raise FrameError(f"a question with {count} names of a kind; {MAX_NAMES} are carried")
    pieces.append(bytes((count,)))


def _put_texts(pieces: list[bytes], *texts: str) -> None:
    for text in texts:
        put_text(pieces, text)


def _put_names(pieces: list[bytes], names: Sequence[str]) -> None:
    _put_count(pieces, len(names))
    _put_texts(pieces, *names)


def decode_paper(data: bytes) -> Paper:
    """Decode a job: all that came through the pipe.

    Raises `FrameError` if the bytes do not follow the format to the last one.
    """
    reader = Reader(data)
    questions, count = reader.take(_COUNTS)
    asked = tuple(_asked(reader) for _ in range(questions))
    pieces = []
    for _ in range(count):
        question, form = reader.text(), reader.byte()
        pieces.append(Piece(question=question, form=_word(FORMATS, form), text=reader.text()))
    reader.end()
    return Paper(questions=asked, pieces=tuple(pieces))


def _asked(reader: Reader) -> Asked:
    def names() -> tuple[str, ...]:
        return _several(reader, reader.text)

    def pair() -> tuple[str, str]:
        return reader.text(), reader.text()

    def size() -> Mapping[str, int]:
        return _unlike([(name, reader.take(_SIZE)[0]) for name in names()])

    id_, lefts = reader.text(), _several(reader, pair)
    functions, spoken = _unlike(_several(reader, pair)), _unlike(_several(reader, pair))
    return Asked(
        id=id_,
        lefts=lefts,
        functions=functions,
        spoken=spoken,
        symbols=_unlike(_several(reader, lambda: (reader.text(), names()))),
        definitions=_several(reader, lambda: (*pair(), names())),
        sizes=_several(reader, size),
        rows=names(),
    )


def _several(reader: Reader, one: Callable[[], _T]) -> tuple[_T, ...]:
    count = reader.byte()
    if count > MAX_NAMES:
        raise FrameError("more names than are carried")
    return tuple(one() for _ in range(count))


def _unlike(pairs: Sequence[tuple[str, _T]]) -> dict[str, _T]:
    if len(found := dict(pairs)) < len(pairs):
        raise FrameError("a name that comes twice")
    return found


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
