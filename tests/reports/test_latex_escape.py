"""Any text through a real TeX: it compiles, and a reader of the PDF gets it back."""

from __future__ import annotations

import re
import subprocess
import unicodedata

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pylatex.utils import NoEscape

from autograder.errors import ReportError
from reports.latex import Engine, compile_pdf, escape, find_engine, new_document, prose, readable
from reports.latex.engine import _embedded
from reports.latex.escaping import _LATIN, _TABLE

PLACES = (
    "TEXT",
    r"\texttt{TEXT}",
    r"\textbf{\footnotesize TEXT}",
    r"\begin{tabular}{p{70mm}} \\ TEXT \\ TEXT \end{tabular}",
    r"\section*{TEXT}",
)
"""Where text of others stands in our documents."""
HARD = (
    "",
    "[2]",
    "*",
    "-- --- << >> `` '' ?` !` ,, ff ffi fl",
    "\\input{/etc/passwd} \\undefined \\end{document} $$ #1 ^^41 ^^M %",
    "a\x00b\x07c\x1b[31m\x7f\x85\u2028\u2029\ufeff\u202e\u200b\ud800",
    "\n\n\\par\t\r\n",
    "e\u0301 \u212b \u1e9b\u0323 \u0344 \u0958",
    "W" * 200,
    "{" * 100 + "}" * 50,
    "👩‍👩‍👧 日本語 مرحبا हिन्दी ᚠᛇᚻ 𝔘𝔫𝔦",
    "x_1^2 ~ \"q\" 'q' `q` | < > & % $ # _ { } \\",
)
WORDS = st.text(st.sampled_from(sorted(_LATIN | _TABLE.keys()) + [chr(c) for c in range(32, 127)]), max_size=120)
ANYTHING = st.text(st.characters(), max_size=40)
LINES = st.lists(st.text(st.sampled_from("ab \n\t-[*\\{}$&#^_~%`'\"<>|!?,f"), max_size=60), max_size=4).map("".join)
TEXTS = st.one_of(WORDS, ANYTHING, LINES, st.sampled_from(HARD))


def engines() -> list[Engine]:
    """Every engine a reader may have: the machine's and the installed package's."""
    embedded = _embedded()
    return [find_engine(), *([Engine(path=embedded, origin="embedded")] if embedded else [])]


@pytest.fixture(params=engines(), ids=lambda engine: engine.origin)
def engine(request):
    return request.param


def document(pairs):
    """Put each text on a page of its own, where its place says."""
    made = new_document()
    # As in the feedback: a hyphen of TeX's in a student's word would be read as the student's.
    made.preamble.append(NoEscape(r"\hyphenpenalty=10000"))
    made.append(NoEscape(r"\pagestyle{empty}\raggedright"))
    for text, place in pairs:
        made.append(NoEscape(place.replace("TEXT", escape(text)) + r"\null\newpage"))
    return made.dumps()


def read_back(pdf):
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def bare(text):
    """Drop what line breaks and accents may change: spaces, and how a letter is composed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def assert_come_back(texts, engine):
    """Set each text in another place than the one before; when TeX fails, name the text it fails on."""
    pairs = [(text, PLACES[number % len(PLACES)]) for number, text in enumerate(texts)]
    try:
        pdf = compile_pdf(document(pairs), engine=engine)
    except ReportError:
        while len(pairs) > 1:
            half = len(pairs) // 2
            pairs = pairs[:half] if fails(pairs[:half], engine) else pairs[half:]
        pytest.fail(f"{pairs[0][0]!a} in {pairs[0][1]}: {fails(pairs, engine) or 'fails together only'}")
    pages = read_back(pdf)
    assert len(pages) == len(pairs)
    for page, (text, place) in zip(pages, pairs, strict=True):
        assert bare(page) == bare(readable(text)) * place.count("TEXT"), f"{text!a} in {place}"


def fails(pairs, engine):
    try:
        compile_pdf(document(pairs), engine=engine)
    except ReportError as error:
        return str(error)
    return ""


def test_every_character_that_is_set_comes_back(engine):
    """In each place, alone at its start, doubled, and between letters."""
    characters = sorted(_LATIN | _TABLE.keys() | {chr(code) for code in range(32, 127)})
    groups = ["".join(characters[start : start + 12]) for start in range(0, len(characters), 12)]
    texts = [
        " ".join(f"{c} x{c}y{c}{c}" for c in group)
        for group in groups
        for _ in PLACES
    ]  # fmt: skip
    assert_come_back(texts, engine)


def test_hard_texts_come_back(engine):
    assert_come_back([text for text in HARD for _ in PLACES], engine)


@settings(
    max_examples=3,
    deadline=None,
    # Each example is a document; shrinking would run TeX hundreds of times.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(texts=st.lists(TEXTS, min_size=100, max_size=100))
def test_any_text_comes_back(texts):
    assert_come_back(texts, find_engine())


@pytest.mark.long
@settings(max_examples=100, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TEXTS, min_size=200, max_size=200))
def test_any_text_comes_back_a_hundred_times(texts):
    assert_come_back(texts, find_engine())


@given(st.text(st.characters()))
def test_what_is_said_of_a_text_is_one_line_that_can_be_encoded(text):
    said = readable(text)
    assert said == " ".join(said.split())
    assert said.encode("utf-8").decode() == said
    assert escape(text).isprintable()
    assert "\n" not in escape(text)


@given(st.text(), st.integers(0, 20))
def test_a_long_text_is_cut_and_the_rest_counted(text, limit):
    said = readable(text, limit)
    if len(text) > limit:
        assert said.endswith(f"[and {len(text) - limit} more]")
    else:
        assert said == readable(text)


def test_nothing_is_dropped_without_a_word():
    assert readable("a\u202eb\x00") == "a[U+202E]b[U+0000]"
    assert readable("e\u0301") == "é"
    assert "\ud800".encode("utf-8", "surrogatepass") not in readable("\ud800").encode()
    assert readable("\ud800") == "[U+D800]"


def test_prose_keeps_ligatures_and_spaces_at_its_ends():
    assert prose(" the first -- of ") == " the first -- of "
    assert prose("50 % & {more}") == r"50 \% \& \{more\}"
