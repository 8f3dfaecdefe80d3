"""The frames between the grader and a student's process, and what a returned object becomes.

Both ends import this module, so it needs the standard library and numpy only. The grader's end trusts nothing it reads:
every count, dimension and length is bounded before it is used, and `FrameError` is all that can come out.

A frame is a little-endian ``u32`` length and a payload. A child answers its job with one `loaded` frame and then one
`answer` frame per call, in the order of the calls. Before, it tells of statements that may take long. Where other calls
follow in the same child, it writes the eight bytes that came with them, bare, then their answers, from call 0::

    started  u8 3 | u16 cell | u32 statement | u32 line
    loaded   u8 0 | u16 notes | f32 seconds | notes x (u16 cell, u32 line, u32 statement, u8 error, u8 length, module)
    answer   u8 1 | u32 call | u8 status | u8 exception | u8 overrun | u8 mutated | u8 outputs | f32 seconds
             | outputs x (u8 refusal, [array])
    array    u8 dtype | u8 rank | rank x u32 dimension | elements, C order

A child that reads a written part answers one `findings` frame instead::

    findings u8 2 | u32 0 | u16 count | count x finding
    finding  u8 kind | u8 mark | u8 question | u16 piece | u32 line | 3 x u8 length | name, latex, detail
"""

from autograder.wire.frames import (
    Frames,
    decode_answer,
    decode_loaded,
    decode_started,
    encode_answer,
    encode_loaded,
    encode_started,
)
from autograder.wire.jobs import (
    NUMBER_BYTES,
    EncodedCall,
    decode_job,
    decode_sequel,
    encode_call,
    encode_job,
    encode_sequel,
)
from autograder.wire.notes import NOT_RUN, TIMED_OUT, WHOLE_CELL
from autograder.wire.papers import (
    Asked,
    Finding,
    Findings,
    Paper,
    Piece,
    decode_findings,
    decode_paper,
    encode_findings,
    encode_paper,
    printable,
)
from autograder.wire.reader import LENGTH
from autograder.wire.records import (
    EXCEPTIONS,
    MAX_NOTES,
    MODULE,
    NOTED,
    Allowance,
    Answer,
    Array,
    Call,
    FrameError,
    Input,
    Job,
    Loaded,
    Note,
    Sequel,
    Started,
    Times,
)
from autograder.wire.returned import answer
