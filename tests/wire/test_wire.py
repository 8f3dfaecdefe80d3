"""The frames: what goes in comes out, and whatever else comes in raises `FrameError` and nothing more."""

import math
import struct
import tracemalloc
from collections import namedtuple
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire
from autograder.words import CALL_OVERRUNS, CALL_STATUSES, REFUSALS
from tests import fuzz_wire

DTYPES = st.sampled_from(["f8", "f4", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">f8", ">i4"])
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
VALUES = ARRAYS | st.sampled_from(REFUSALS)
ANSWERS = st.builds(
    lambda call, mutated, values: wire.Answer(call=call, mutated=mutated, values=tuple(values)),
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.lists(VALUES, max_size=4),
) | st.builds(
    lambda call, status, name, overrun, seconds: wire.Answer(
        call=call,
        status=status,
        exception=name if status == "raised" else "",
        overrun=overrun if status == "timed_out" else None,
        seconds=seconds,
    ),
    st.integers(0, 9),
    st.sampled_from(CALL_STATUSES),
    st.sampled_from(wire.EXCEPTIONS),
    st.sampled_from(CALL_OVERRUNS),
    st.floats(0, 1e9, width=32),
)
NOTES = st.builds(
    wire.Note,
    cell=st.integers(0, 65535),
    line=st.integers(0, 2**32 - 1),
    error=st.sampled_from(wire.NOTED),
    statement=st.integers(0, 2**32 - 1),
    module=st.just("") | st.from_regex(wire.MODULE, fullmatch=True),
)
INPUTS = ARRAYS | st.booleans() | st.text(max_size=5) | st.floats() | st.integers(-(2**63) + 1, 2**63 - 1)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        kept = isinstance(other, np.ndarray) and one.shape == other.shape and one.dtype.newbyteorder("=") == other.dtype
        return kept and one.astype(other.dtype).tobytes() == other.tobytes()
    return type(one) is type(other) and repr(one) == repr(other)


def payload(frame: bytes) -> bytes:
    (found,) = wire.Frames(frame_bytes=1 << 20, total_bytes=1 << 20).feed(frame)
    return found


@given(ANSWERS)
def test_an_answer_comes_out_as_it_went_in(answer: wire.Answer) -> None:
    found = wire.decode_answer(payload(wire.encode_answer(answer)))
    assert (found.call, found.status, found.exception) == (answer.call, answer.status, answer.exception)
    assert (found.mutated, found.overrun, found.seconds) == (answer.mutated, answer.overrun, answer.seconds)
    assert len(found.values) == len(answer.values)
    assert all(map(same, answer.values, found.values))
    assert not any(value.flags.writeable for value in found.values if isinstance(value, np.ndarray))


@given(st.lists(NOTES, max_size=5))
def test_notes_come_out_as_they_went_in(notes: list[wire.Note]) -> None:
    assert wire.decode_loaded(payload(wire.encode_loaded(notes, 1.5))) == wire.Loaded(notes=tuple(notes), seconds=1.5)


@given(
    st.lists(st.text(st.characters(categories=("L", "Cs", "Cc"))), max_size=3),
    st.lists(st.tuples(st.sampled_from(["plain", "strided", "read_only"]), st.lists(INPUTS, max_size=3)), max_size=4),
)
def test_a_job_comes_out_as_it_went_in(cells: list[str], wanted: list[tuple[Any, list[Any]]]) -> None:
    calls = [wire.Call(function="f", layout=layout, inputs=tuple(inputs)) for layout, inputs in wanted]
    functions = {
        "f": wire.Allowance(outputs=2, seconds=1.5, failures=0, keys=("a", "b")),
        "g": wire.Allowance(outputs=1, seconds=9.0, failures=3),
    }
    times = wire.Times(call=1.0, statement=2.0, loading=3.0)
    data = wire.encode_job(
        kind="notebook",
        cells=cells,
        functions=functions,
        calls=[wire.encode_call(call) for call in calls],
        times=times,
        left_out={(1, 2), (3, 1 << 31)},
        returned_bytes_per_call=10,
        returned_bytes=100,
    )
    job = wire.decode_job(data)
    assert (job.kind, job.cells, dict(job.functions)) == ("notebook", tuple(cells), functions)
    assert (job.times, job.left_out) == (times, {(1, 2), (3, 1 << 31)})
    assert (job.returned_bytes_per_call, job.returned_bytes) == (10, 100)
    assert [(call.function, call.layout) for call in job.calls] == [("f", call.layout) for call in calls]
    for before, after in zip(calls, job.calls, strict=True):
        assert len(before.inputs) == len(after.inputs)
        assert all(map(same, before.inputs, after.inputs))


@pytest.mark.parametrize("value", [None, b"1", 1 << 63, np.array([1j]), np.zeros(2, np.float16)])
def test_what_is_no_input_is_not_sent(value: Any) -> None:
    with pytest.raises(wire.FrameError):
        wire.encode_call(wire.Call(function="f", layout="plain", inputs=(value,)))


def decode_all(data: bytes) -> None:
    for decode in (wire.decode_answer, wire.decode_loaded, wire.decode_job):
        try:
            decode(data)
        except wire.FrameError:
            continue
    try:
        for piece in wire.Frames(frame_bytes=4096, total_bytes=1 << 16).feed(data):
            decode_all(piece[:-1])
    except wire.FrameError:
        pass


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    decode_all(data)


def test_nothing_malformed_is_taken_for_an_answer() -> None:
    count = fuzz_wire.run(20_000)
    assert count.accepted > 1_000
    assert 0 < count.memory <= 1


@given(ANSWERS | st.lists(NOTES, max_size=3), st.data())
def test_damaged_frames_decode_or_are_refused(sent: Any, data: st.DataObject) -> None:
    frame = bytearray(wire.encode_loaded(sent) if isinstance(sent, list) else wire.encode_answer(sent))
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    decode_all(bytes(frame))
    decode_all(bytes(frame[4:]))


@given(ANSWERS, st.data())
def test_an_answer_cut_short_or_gone_on_is_refused(answer: wire.Answer, data: st.DataObject) -> None:
    whole = payload(wire.encode_answer(answer))
    for wrong in (whole[: data.draw(st.integers(0, len(whole) - 1))], whole + b"\0"):
        with pytest.raises(wire.FrameError):
            wire.decode_answer(wrong)


HEAD = struct.pack("<BIBBBBBf", 1, 0, 0, 0, 0, 0, 1, 0.0) + b"\0"


@pytest.mark.parametrize(
    ("what", "array"),
    [
        ("elements that are not there", struct.pack("<BB2I", 0, 2, 4000, 4000)),
        ("more elements than 64 bits count", struct.pack("<BB4I", 0, 4, *[2**32 - 1] * 4)),
        ("an empty array of huge dimensions", struct.pack("<BB4I", 0, 4, 0, *[2**32 - 1] * 3)),
        ("no known dtype", struct.pack("<BBI", 10, 1, 0)),
        ("no known rank", struct.pack("<BB5I", 0, 5, 1, 1, 1, 1, 1) + bytes(8)),
    ],
)
def test_an_impossible_array_is_refused_before_memory_is_taken(what: str, array: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(wire.FrameError):
            wire.decode_answer(HEAD + array)
        assert tracemalloc.get_traced_memory()[1] < 1 << 16, what
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "head",
    [
        (0, 0, 0, 0, 0, 0, 0, 0.0),  # another kind of frame
        (1, 0, 9, 0, 0, 0, 0, 0.0),  # no such status
        (1, 0, 5, 255, 0, 0, 0, 0.0),  # no such exception
        (1, 0, 5, 0, 0, 0, 0, 0.0),  # raised, but nothing
        (1, 0, 1, 3, 0, 0, 0, 0.0),  # missing, and raised something
        (1, 0, 3, 0, 0, 0, 0, 0.0),  # timed out, but at no limit
        (1, 0, 3, 0, 3, 0, 0, 0.0),  # at no known limit
        (1, 0, 0, 0, 1, 0, 0, 0.0),  # an answer that timed out
        (1, 0, 0, 0, 0, 2, 0, 0.0),  # mutated twice
        (1, 0, 0, 0, 0, 0, 17, 0.0),  # too many outputs
        (1, 0, 0, 0, 0, 0, 0, -1.0),  # before it began
        (1, 0, 0, 0, 0, 0, 0, math.inf),  # it never came
        (1, 0, 0, 0, 0, 0, 0, math.nan),  # no time at all
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(head: tuple[float, ...]) -> None:
    with pytest.raises(wire.FrameError):
        wire.decode_answer(struct.pack("<BIBBBBBf", *head) + b"\1" * int(head[-2]))


@pytest.mark.parametrize("module", [b"a b", b"<script>", b"x\n", b"\xff", b"x" * 65])
def test_a_note_may_carry_nothing_but_a_module_name(module: bytes) -> None:
    data = struct.pack("<BHfHIIBB", 0, 1, 0.0, 0, 1, 0, 0, len(module)) + module
    with pytest.raises(wire.FrameError):
        wire.decode_loaded(data)


def test_frames_arrive_in_any_pieces() -> None:
    frames = [wire.encode_answer(wire.Answer(call=call, values=(np.arange(3.0),))) for call in range(3)]
    stream = b"".join(frames)
    for size in (1, 2, 7, len(stream)):
        splitter = wire.Frames(frame_bytes=100, total_bytes=len(stream))
        found = [p for at in range(0, len(stream), size) for p in splitter.feed(stream[at : at + size])]
        assert found == [frame[4:] for frame in frames]
        assert splitter.unfinished == 0


def test_frames_and_streams_have_a_longest() -> None:
    with pytest.raises(wire.FrameError):
        wire.Frames(frame_bytes=10, total_bytes=100).feed(struct.pack("<I", 11))
    splitter = wire.Frames(frame_bytes=10, total_bytes=10)
    splitter.feed(struct.pack("<I", 6))
    with pytest.raises(wire.FrameError):
        splitter.feed(bytes(7))


class Masked(np.ndarray[Any, Any]):
    """A subclass, as a student might return."""


Pair = namedtuple("Pair", "first second")

ACCEPTED = [
    (np.array([1.0, 2.0]), np.array([1.0, 2.0])),
    (np.array([1, 2], np.int32), np.array([1, 2], np.int32)),
    (np.array([1.5], np.float32), np.array([1.5], np.float32)),
    (np.array([1.5], ">f8"), np.array([1.5])),
    (np.array([1.5], np.longdouble), np.array([1.5])),
    (np.arange(6.0)[::2], np.array([0.0, 2.0, 4.0])),
    (3, np.array(3)),
    (2.5, np.array(2.5)),
    (1 << 63, np.array(2.0**63)),
    (1 << 80, np.array(2.0**80)),
    (np.float32(2.5), np.array(2.5, np.float32)),
    ([[1, 2.5], [3, 4]], np.array([[1, 2.5], [3, 4]])),
    (([1, 2], (3, 4)), np.array([[1, 2], [3, 4]])),
    ([np.arange(2.0), np.arange(2.0)], np.array([[0.0, 1.0], [0.0, 1.0]])),
    ([1 << 80, 1], np.array([2.0**80, 1.0])),
    ([], np.zeros(0)),
    ([[], []], np.zeros((2, 0))),
]
REFUSED: list[tuple[Any, str]] = [
    (None, "none"),
    ([1.0, None], "none"),
    (1j, "complex"),
    (np.array([1j]), "complex"),
    ([1, 1j], "complex"),
    (True, "boolean"),
    (np.True_, "boolean"),
    (np.array([True]), "boolean"),
    ([1.0, False], "boolean"),
    (np.float16(1), "half"),
    (np.zeros(2, np.float16), "half"),
    ("1.0", "text"),
    (b"1", "text"),
    (np.array(["a"]), "text"),
    ({"a": 1}, "object"),
    (Fraction(1, 2), "object"),
    (np.array([Fraction(1, 2)]), "object"),
    (np.timedelta64(1, "s"), "object"),
    (np.zeros(2).view(Masked), "object"),
    (np.ma.masked_array([1.0]), "object"),
    (np.zeros(2, [("a", "f8")]), "object"),
    ((x for x in [1.0]), "object"),
    (10**400, "object"),
    (np.zeros((2, 2)).view(np.matrix), "matrix"),
    ([[1, 2], [3]], "ragged"),
    ([1, [2]], "ragged"),
    ([np.zeros(2), np.zeros(3)], "ragged"),
    (np.zeros((1,) * 5), "rank"),
    ([[[[[1]]]]], "rank"),
    ([np.zeros((1,) * 4)], "rank"),
]


@pytest.mark.parametrize(("returned", "wanted"), ACCEPTED, ids=lambda value: repr(value)[:30])
def test_numbers_become_arrays_of_their_own_dtype(returned: Any, wanted: Any) -> None:
    found = wire.answer(returned, 1)[0]
    assert same(wanted, found)
    assert wire.decode_answer(payload(wire.encode_answer(wire.Answer(call=0, values=(found,)))))


@pytest.mark.parametrize(("returned", "reason"), REFUSED, ids=lambda value: repr(value)[:30])
def test_what_is_no_array_is_refused_with_the_reason(returned: Any, reason: str) -> None:
    assert wire.answer(returned, 1) == (reason,)


def test_several_outputs_come_as_a_tuple_or_list_of_that_length() -> None:
    for returned in ((1.0, None), [1.0, None], Pair(1.0, None)):
        found = wire.answer(returned, 2)
        assert same(np.array(1.0), found[0])
        assert found[1] == "none"
    wrong: list[Any] = [1.0, (1.0,), (1.0, 2.0, 3.0), np.zeros(2), {"a": 1, "b": 2}]
    for value in wrong:
        assert wire.answer(value, 2) == ("arity", "arity")


def test_arrays_come_in_a_dict_by_their_keys() -> None:
    first, second = wire.answer({"b": [1.0, 2.0], "other": "text", "a": 3}, 2, ("a", "b"))
    assert (np.asarray(first).tolist(), np.asarray(second).tolist()) == (3, [1.0, 2.0])
    assert wire.answer({"a": "text"}, 2, ("a", "b")) == ("text", "keys")
    assert wire.answer((1.0, 2.0), 2, ("a", "b")) == ("keys", "keys")
    assert wire.answer(None, 1, ("a",)) == ("none",)
    assert wire.answer(None, 2) == ("none", "none")


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert wire.answer(endless, 1) == ("rank",)


def test_what_the_other_end_would_refuse_is_not_encoded() -> None:
    for values in ((np.zeros((0, 1 << 25)),), (np.zeros(1),) * 17, (np.zeros(1, np.float16),)):
        with pytest.raises(wire.FrameError):
            wire.encode_answer(wire.Answer(call=0, values=values))
