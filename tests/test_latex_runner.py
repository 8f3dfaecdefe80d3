"""From LaTeX to a PDF: what hostile LaTeX cannot do, what the gate refuses, which engine runs, the same bytes again."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile

import pikepdf
import pytest

from autograder.errors import ReportError
from reports.latex import compile_pdf, find_engine
from tests.test_latex_escape import engines, read_back

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
    with pikepdf.open(__import__("io").BytesIO(pdf)) as document:
        streams = [one.read_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
        return pdf + b"".join(streams) + b"".join(page.encode() for page in read_back(pdf))


@pytest.mark.parametrize("where", ["/", "../", "../../"])
@pytest.mark.parametrize("way", EVIL)
def test_nothing_outside_is_read(way, where, tmp_path, monkeypatch, engine):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "above"))
    (tmp_path / "above").mkdir()
    for home in (tmp_path, tmp_path / "above"):
        (home / "secret.tex").write_text(SECRET)
    file = f"{tmp_path}/secret.tex" if where == "/" else f"{where}secret.tex"
    try:
        pdf = compile_pdf(article(EVIL[way].replace("FILE", file)), engine=engine)
    except ReportError as error:
        assert SECRET not in str(error)
    else:
        assert SECRET.encode() not in everything(pdf)
    assert {path.name for path in tmp_path.rglob("*")} == {"above", "secret.tex"}, "and nothing is left"
