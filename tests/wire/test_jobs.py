"""Messages for a child that are none, and what is said of them; those that are stand in `test_wire`."""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.wire import (
    LENGTH,
    NUMBER_BYTES,
    Allowance,
    Call,
    FrameError,
    Times,
    decode_job,
    decode_sequel,
    encode_call,
    encode_job,
    encode_sequel,
)

FUNCTIONS = {"f": Allowance(outputs=1, seconds=1.0, failures=0)}
TIMES = Times(call=1.0, statement=1.0, loading=1.0)
CALLS = [encode_call(Call("f", "plain", (np.arange(3.0), 2.0)))]


def job() -> bytes:
    return encode_job(
        kind="module", cells=["x = 1"], functions=FUNCTIONS, calls=CALLS, times=TIMES,
        left_out=(), returned_bytes_per_call=1, returned_bytes=1,
    )  # fmt: skip


def changed(data: bytes, old: str, new: str) -> bytes:
    end = LENGTH.size + LENGTH.unpack(data[: LENGTH.size])[0]
    text = data[LENGTH.size : end].decode()
    assert old in text
    new_text = text.replace(old, new, 1).encode()
    return LENGTH.pack(len(new_text)) + new_text + data[end:]


def test_what_was_encoded_comes_back() -> None:
    (call,) = decode_job(job()).calls
    assert call.inputs[0].tolist() == [0.0, 1.0, 2.0]  # type: ignore[union-attr]
    sequel = decode_sequel(encode_sequel(b"7" * NUMBER_BYTES, FUNCTIONS, CALLS))
    assert (sequel.number, sequel.functions, len(sequel.calls)) == (b"7" * NUMBER_BYTES, FUNCTIONS, 1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a message for a child"),
        (job()[:20], "ends too early"),
        (job()[:-8], "ends too early"),
        (changed(job(), "[0,[3]]", "[0,[-3]]"), "ends too early"),
        (job() + b"more", "goes on after its end"),
        (changed(job(), '"module"', '"spell"'), "not a job"),
        (changed(job(), '"plain"', '"heap"'), "a call in no known layout"),
        (changed(job(), '"bytes"', '"bites"'), "not a message for a child"),
        (LENGTH.pack(1) + json.dumps([]).encode(), "not a message for a child"),
    ],
)
def test_what_is_no_job_is_said_to_be_none(data: bytes, why: str) -> None:
    with pytest.raises(FrameError, match=why):
        decode_job(data)


def test_what_is_no_sequel_is_said_to_be_none() -> None:
    for data in (job(), encode_sequel(bytes(NUMBER_BYTES), FUNCTIONS, CALLS) + b"x"):
        with pytest.raises(FrameError):
            decode_sequel(data)
