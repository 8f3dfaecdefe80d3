"""Written parts on their way to a child."""

import pytest

from autograder.wire import Asked, FrameError, Paper, Piece, decode_paper, encode_paper

ASKED = Asked(
    id="q1",
    lefts=((r"\frac{df}{du}", "i = k"),),
    symbols={"u": ("n",), "c": ()},
    functions={"f": "v"},
    definitions=((r"v_i", r"\exp(u_i)", ("n",)),),
    sizes=({"n": 3}, {"n": 70_000}),
    rows=("u",),
    spoken={"g(x)": "y"},
)


@pytest.mark.parametrize("text", ["", "β, \0 and \U0001d6fd", "half of a pair: \ud835"])
def test_a_paper_arrives_as_it_was_sent(text: str) -> None:
    paper = Paper(questions=(ASKED,), pieces=(Piece(question="q1", form="latex", text=text),))
    assert decode_paper(encode_paper(paper)) == paper


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b'{"questions":[{}],"pieces":[]}', b'{"questions":[],"pieces":[1]}']
)
def test_what_is_no_paper_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError, match="not a message for a child"):
        decode_paper(data)
    whole = encode_paper(Paper(questions=(), pieces=()))
    with pytest.raises(FrameError):
        decode_paper(whole[:-1])
