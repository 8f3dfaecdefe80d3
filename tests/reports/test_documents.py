"""The handout and the solution: complete, proved, the same on every engine and at every time."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from click.testing import Result
from pylatex import Section, Subsection, Subsubsection
from pylatex.utils import NoEscape

from autograder.cli.prove import _summary
from autograder.cli.report_documents import _examples
from autograder.errors import ReportError
from autograder.loading import part_codes, part_stub
from autograder.mathematics.proof.proving import prove
from autograder.mathematics.proof.records import Proof
from autograder.model import Assignment
from reports.handout import handout
from reports.latex import Paper, chain, compile_pdf, from_markdown, heading, heat_map, new_document, room
from reports.latex import result as boxed
from reports.latex.chain import spaced
from reports.plain import plain
from reports.solution import _record, solution
from tests.reports.test_latex_escape import engines

# One worker proves and compiles for all of them.
pytestmark = pytest.mark.xdist_group("documents")

NAMES = ("handout", "solution")
NAMED = ["1a.1", "1a.2", "1b.1", "1b.2", "2.1", "2.2"]
DEFAULT, *_ = ENGINES = engines()


@pytest.fixture(scope="module")
def proof(assignment: Assignment) -> Proof:
    return prove(assignment)


@pytest.fixture(scope="module")
def headings(assignment: Assignment) -> list[str]:
    """Return the sections and questions, as the homework names them."""
    named = (name for question in assignment.questions for name in (question.section, question.heading))
    return [name for name in dict.fromkeys(named) if name]


def codes(assignment: Assignment) -> dict[str, str]:
    return part_codes(assignment)


@pytest.fixture(scope="module")
def documents(assignment: Assignment, proof: Proof) -> dict[str, str]:
    """Return the LaTeX of both."""
    stubs = {part.name: part_stub(part) for part in assignment.parts}
    return {
        "handout": handout(assignment, stubs).dumps(),
        "solution": solution(assignment, proof, codes(assignment), _examples(assignment, Path())).dumps(),
    }


@pytest.fixture(scope="module")
def pdfs(documents: dict[str, str]) -> dict[tuple[str, str], bytes]:
    """Return the PDFs, by document and engine."""
    return {(name, engine.origin): compile_pdf(documents[name], engine=engine) for name in NAMES for engine in ENGINES}


def pages_of(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(pages_of(pdf)).split())


def bookmarks(pdf: bytes) -> list[str]:
    def titles(items: list[pikepdf.OutlineItem]) -> Iterator[str]:
        for item in items:
            yield str(item.title)
            yield from titles(item.children)

    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        return list(titles(outline.root))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.origin)
def test_a_document_compiles_on_every_engine_to_the_same_bytes_each_time(documents, pdfs, engine):
    assert compile_pdf(documents["solution"], engine=engine) == pdfs["solution", engine.origin]


def test_the_command_writes_the_same_bytes(hw1: Callable[..., Result], pdfs, tmp_path: Path):
    done = hw1("report", "handout", "--output", tmp_path / "handout.pdf")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "handout.pdf").read_bytes() == pdfs["handout", DEFAULT.origin]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.origin)
@pytest.mark.parametrize("name", NAMES)
def test_the_real_numbers_are_read_as_such(pdfs, name, engine):
    assert "ℝ" in text_of(pdfs[name, engine.origin])


def test_a_pdf_says_what_it_is(pdfs, assignment: Assignment):
    with pikepdf.open(BytesIO(pdfs["solution", DEFAULT.origin])) as pdf:
        assert str(pdf.Root.Lang) == "en-US"
        assert str(pdf.docinfo["/Title"]).endswith(": solution")
        assert str(pdf.docinfo["/Author"]) == assignment.author


def test_every_heading_of_the_solution_is_a_bookmark_in_plain_words(pdfs, proof: Proof, headings: list[str]):
    found = [title.lstrip("0123456789. ") for title in bookmarks(pdfs["solution", DEFAULT.origin])]
    derivations = [plain(derivation.title) for derivation in proof.derivations if not derivation.general]
    assert [title for title in found if title in derivations] == derivations
    assert [title for title in found if title in headings] == headings
    assert found.count("Answer") == found.count("The general case") == 3
    assert len(found) == len(derivations) + len(headings) + 3 + 3 + len(["Worked numbers"])


def test_every_question_and_function_is_a_bookmark_of_the_handout(pdfs, assignment: Assignment):
    found = bookmarks(pdfs["handout", DEFAULT.origin])
    asked = [text for question in assignment.questions for text in (question.title, *(p.name for p in question.parts))]
    assert found[: len(asked)] == asked


def test_the_solution_has_every_heading_in_the_homeworks_order(documents, headings: list[str]):
    places = [documents["solution"].index(heading) for heading in headings]
    assert places == sorted(places)


def places(text: str, command: str) -> list[int]:
    """Where the first argument of each use of a command opens, in the body."""
    start = text.index(r"\begin{document}")
    return [found.end() - 1 for found in re.finditer(re.escape(command), text) if found.start() > start]


def group(text: str, at: int) -> str:
    """What stands between the braces that open at a place."""
    depth = 0
    for end in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1 : end]
    raise AssertionError("a brace is not closed")


def test_every_equality_that_is_printed_is_in_the_proof(documents, proof: Proof):
    text = documents["solution"].replace(r"\\[6pt]", r"\\")
    lines = re.findall(r"^\\equality\{(.*)\}%\n\{(.*)\}%\n", text, re.MULTILINE)
    numbered = [(int(group(text, at)), group(text, text.index("{", at + 1))) for at in places(text, r"\numbered{")]
    shown = dict(numbered)
    lefts = [group(text, at) for at in places(text, r"\chainrow{")]
    line = iter(lines)
    assert [shown.pop(step.number, None) or next(line)[1] for step in proof.equalities] == [
        step.latex for step in proof.equalities
    ]
    assert (shown, list(line)) == ({}, [])
    assert sorted([left for left, _ in lines if left] + lefts) == sorted(one.left for one in proof.derivations)
    reasons = [int(number) for number in re.findall(r"\\reasonof\{(\d+)\}", text)]
    assert reasons == [number for number, _ in numbered]


def test_every_result_is_boxed_once_under_its_own_name(documents, pdfs, proof: Proof):
    names = [derivation.result for derivation in proof.derivations if derivation.result]
    assert re.findall(r"\\result\{(.*?)\}", documents["solution"]) == names == NAMED
    text = text_of(pdfs["solution", DEFAULT.origin])
    assert [name for name in names if name not in text] == []


def test_nothing_unproved_is_printed(assignment: Assignment, proof: Proof):
    first, *others = proof.derivations
    broken = dataclasses.replace(first.steps[0], verdict="differs", complaint="it differs")
    wrong = dataclasses.replace(
        proof, derivations=(dataclasses.replace(first, steps=(broken, *first.steps[1:])), *others)
    )
    with pytest.raises(ReportError, match="is not proved"):
        solution(assignment, wrong, {}, [])


@pytest.mark.parametrize("verdict", ["stopped", "untried", "unfounded", "undecided", "misfit"])
def test_what_was_not_decided_is_not_printed(verdict, assignment: Assignment, proof: Proof):
    first, *others = proof.derivations
    last = dataclasses.replace(first.steps[-1], verdict=verdict)
    open_ = dataclasses.replace(first, steps=(*first.steps[:-1], last))
    with pytest.raises(ReportError, match="is not proved"):
        solution(assignment, dataclasses.replace(proof, derivations=(open_, *others)), {}, [])


def test_a_proof_of_less_than_all_is_not_printed(assignment: Assignment, proof: Proof):
    first, *others = proof.derivations
    short = dataclasses.replace(first, steps=first.steps[:-1])
    one = tuple(derivation for derivation in proof.derivations if derivation.question == first.question)
    for derivations in ((), others, (*others, first), (short, *others), one):
        with pytest.raises(ReportError, match="not of all equalities"):
            solution(assignment, dataclasses.replace(proof, derivations=tuple(derivations)), {}, [])


def test_one_prompt_serves_handout_solution_and_notebook(documents, assignment: Assignment):
    from autograder.release import student_release

    notebook = student_release(assignment, b"").students["hw1.ipynb"].decode()
    for question in assignment.questions:
        words = str(from_markdown(question.prompt))
        assert words in documents["handout"]
        assert words in documents["solution"]
        assert all(line.strip().replace("\\", "\\\\") in notebook for line in question.prompt.strip().splitlines())


def test_the_handout_gives_contracts_points_and_no_answer(documents, pdfs, assignment: Assignment, proof: Proof):
    text = text_of(pdfs["handout", DEFAULT.origin])
    for part in assignment.parts:
        assert f"def {part.name}(" in text
        assert all(criterion.title in text for criterion in part.criteria)
    assert "Hidden cases" in text
    # What the prompt itself defines is no answer.
    given = " ".join(question.prompt for question in assignment.questions)
    for derivation in proof.derivations:
        answer = derivation.steps[-1].latex
        assert answer not in documents["handout"] or not derivation.result or answer in given


def test_the_worked_numbers_agree_with_pytorch(documents, assignment: Assignment):
    section = documents["solution"].partition("Worked numbers")[2].partition("Proof record")[0]
    agreed = re.findall(r"& (?:equal|within \$[\d.]+ \\cdot 10\^\{(-\d+)\}\$) \\\\", section)
    assert len(agreed) == len(assignment.parts)
    assert all(not exponent or int(exponent) <= -15 for exponent in agreed)
    assert "0.0000 " not in section


@pytest.mark.parametrize("wrong", [1e-9, float("nan")])
def test_numbers_that_pytorch_does_not_confirm_are_not_printed(wrong: float, assignment: Assignment, proof: Proof):
    first, *others = _examples(assignment, Path())
    *right, (output, answer) = first.reference.items()
    examples = [dataclasses.replace(first, reference={**dict(right), output: answer + wrong}), *others]
    with pytest.raises(ReportError, match=rf"{first.part}: reference and PyTorch differ by"):
        solution(assignment, proof, codes(assignment), examples)


def test_an_answer_and_its_code_are_level(pdfs):
    """The lines of the frames around the two, by their colors."""
    lines: dict[tuple[float, ...], list[float]] = {}
    with pikepdf.open(BytesIO(pdfs["solution", DEFAULT.origin])) as pdf:
        heights, color = [0.0], ()
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            match str(operator):
                case "q":
                    heights.append(heights[-1])
                case "Q":
                    heights.pop()
                case "cm":
                    heights[-1] += float(operands[5])
                case "RG":
                    color = tuple(round(255 * float(one)) for one in operands)
                case "l" if float(operands[0]) > 99:
                    lines.setdefault(color, []).append(heights[-1])
    highest = max(lines[0x1F, 0x4E, 0x79])
    assert min(abs(one - highest) for one in lines[0xB9, 0xC4, 0xD0]) < 0.1


def test_no_page_of_the_solution_is_left_empty(pdfs, tmp_path: Path):
    (tmp_path / "solution.pdf").write_bytes(pdfs["solution", DEFAULT.origin])
    boxes = subprocess.run(["pdftotext", "-bbox", tmp_path / "solution.pdf", "-"], capture_output=True, check=True)
    pages = boxes.stdout.decode().split("<page ")[1:]
    for number, page in enumerate(pages[:-1], 1):
        # The last line on a page is its number.
        *lines, foot = sorted({float(y) for y in re.findall(r'yMax="([\d.]+)"', page)})
        lowest = max(y for y in lines if y < foot - 20)
        assert lowest > 0.7 * foot, f"page {number} ends at {lowest / foot:.0%}"


def test_a_page_never_parts_a_heading_from_its_chain_or_ends_beside_a_chains_ends():
    """Chains of every length at ever other heights: what stands on each page is read back."""
    document = new_document()
    lengths = [1 + (7 * number + number // 5) % 11 for number in range(70)]
    for number, length in enumerate(lengths):
        with document.create(Subsubsection(heading(f"h{number}q"), label=False)):
            sides = [(r"\frac{a}{b}", f"r{number}q{step}q") for step in range(length)]
            document.append(chain("a", sides))
            if number % 2:
                document.append(boxed(f"b{number}q", "a = b"))
    pages = [page.split() for page in pages_of(compile_pdf(document.dumps()))]
    where = {word: number for number, page in enumerate(pages) for word in page}
    broken = 0
    for number, length in enumerate(lengths):
        lines = [where[f"r{number}q{step}q"] for step in range(length)]
        assert where[f"h{number}q"] == lines[0]
        assert lines[:2] == lines[:1] * len(lines[:2])
        assert lines[-2:] == lines[-1:] * len(lines[-2:])
        assert number % 2 == 0 or where[f"b{number}q"] == lines[-1]
        broken += lines[0] != lines[-1]
    assert broken, "long chains break, lest pages stay empty"


def test_the_command_takes_any_homework_an_author_and_a_date(
    hw1: Callable[..., Result], headings: list[str], assignment: Assignment, tmp_path: Path
):
    """A homework of one question, so that little is proved."""
    one = tmp_path / "solutions"
    others = (f"{question.id}.py" for question in assignment.questions[1:])
    shutil.copytree("solutions", one, ignore=shutil.ignore_patterns(*others, "__pycache__"))
    given = ("--assignment", one, "--author", "Ada L. & co", "--date", "May 1")
    done = hw1("report", "solution", "--output", tmp_path / "s.tex", *given)
    assert done.exit_code == 0, done.output
    tex = (tmp_path / "s.tex").read_text(encoding="utf-8")
    assert r"Ada L. \& co" in tex
    assert "May 1" in tex
    assert [heading in tex for heading in headings] == [True, True, False, False, False]
    assert "Worked numbers" in tex


def test_other_files_are_refused(hw1: Callable[..., Result], tmp_path: Path):
    for document in NAMES:
        done = hw1("report", document, "--output", tmp_path / "h.docx")
        assert done.exit_code == 2
        assert done.output.count("\n") == 1, "nothing is proved first"


def opened(pdf: bytes) -> Iterator[tuple[str, int]]:
    """Each bookmark and the page it opens, from 0."""
    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        pages = [page.objgen for page in document.pages]
        tree = dict(pikepdf.NameTree(document.Root.Names.Dests).items())

        def walk(items: list[pikepdf.OutlineItem]) -> Iterator[tuple[str, int]]:
            for item in items:
                place = item.destination if item.destination is not None else item.action.D
                place = tree[str(place)] if isinstance(place, pikepdf.String) else place
                place = place.D if isinstance(place, pikepdf.Dictionary) else place
                yield str(item.title), pages.index(place[0].objgen)
                yield from walk(item.children)

        yield from walk(outline.root)


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_solution_has_at_most_six_pages_of_the_paper_that_is_asked_for(
    paper: Paper, assignment: Assignment, proof: Proof
):
    made = solution(assignment, proof, codes(assignment), _examples(assignment, Path()), paper=paper)
    with pikepdf.open(BytesIO(compile_pdf(made.dumps()))) as pdf:
        assert len(pdf.pages) <= 6
        assert {(round(float(p.mediabox[2])), round(float(p.mediabox[3]))) for p in pdf.pages} == {
            {"letter": (612, 792), "a4": (595, 842)}[paper]
        }


def test_the_handout_has_four_pages_and_no_name_in_it_is_broken(pdfs):
    pages = pages_of(pdfs["handout", DEFAULT.origin])
    assert len(pages) == 4
    assert not re.search(r"_ *\n", "".join(pages))
    assert not re.search(r"[·+−] *\n", "".join(pages)), "nor a formula in a sentence, within a product or a sum"
    code = str(from_markdown("`gradients_of(one_name, another_name)` and `a_name_of_very_many_characters_in_all`"))
    assert code.count(r"\_\allowbreak{}") == 7
    assert r"(\allowbreak{}" in code


def test_the_record_of_the_proof_is_one_line_and_counts_in_english(pdfs, proof: Proof):
    (record,) = re.findall(r"hw1 prove decided.*", pages_of(pdfs["solution", DEFAULT.origin])[0])
    assert f"all {len(proof.equalities)} equalities below, {proof.for_all_sizes} of them for all sizes." in record
    assert record.endswith("Numbers over equality signs count them."), "the first that is seen is not 1"
    first = proof.derivations[0]
    one = dataclasses.replace(proof, derivations=(dataclasses.replace(first, steps=first.steps[:1], general=False),))
    assert "decided the one equality below." in str(_record(one))
    assert _summary(one) in {"1 equality in 1 derivation holds", "1 equality in 1 derivation holds, for all sizes"}
    everywhere = tuple(step for step in proof.equalities if step.for_all_sizes)
    all_ = dataclasses.replace(proof, derivations=(dataclasses.replace(first, steps=everywhere),))
    assert f"all {len(everywhere)} equalities below, all of them for all sizes." in str(_record(all_))
    assert _summary(all_).endswith(" in 1 derivation hold, all of them for all sizes")


def test_the_command_takes_the_paper(hw1: Callable[..., Result], tmp_path: Path):
    for paper in ("letter", "a4"):
        assert hw1("report", "handout", "-o", tmp_path / "h.tex", "--paper", paper).exit_code == 0
        assert f"{paper}paper" in (tmp_path / "h.tex").read_text()


def test_each_question_begins_with_its_answers_their_code_and_points(documents, assignment: Assignment):
    text = documents["solution"]
    assert text.count(r"\subsubsection{Answer}") == len(assignment.questions)
    for question, section in zip(assignment.questions, text.split(r"\subsubsection{Answer}")[1:], strict=True):
        answer = section.partition(r"\subsubsection{")[0]
        assert r"\result{" in answer
        for part in question.parts:
            assert f"{part.name.rpartition(chr(95))[2]}(" in answer.replace("{}", "")
            assert all(rf"{from_markdown(one.title)} ({one.points:g})" in answer for one in part.criteria)


def test_every_bookmark_opens_the_page_of_its_heading(pdfs):
    """Also where a page ends just above a heading: headings at ever other heights."""
    document = new_document()
    for number in range(150):
        kind = (Section, Subsection, Subsubsection)[number % 3]
        with document.create(kind(f"h{number}q", label=False)):
            document.append(NoEscape(rf"\vskip {7 + 11 * number % 61}pt words\par"))
    pdf = compile_pdf(document.dumps())
    pages = [page.split() for page in pages_of(pdf)]
    where = {word: number for number, page in enumerate(pages) for word in page}
    found = {title.split()[-1]: page for title, page in opened(pdf)}
    assert len(pages) > 5
    assert found == {f"h{number}q": where[f"h{number}q"] for number in range(150)}


def test_brackets_of_a_row_are_no_taller_than_the_row_and_rows_of_fractions_do_not_touch():
    row, column = (
        rf"\left( \frac{{a}}{{b}} \right)\begin{{pmatrix}} \frac{{a}}{{b}} {between} \frac{{c}}{{d}} \end{{pmatrix}}"
        for between in ("&", r"\\")
    )
    assert spaced(row) == row
    assert r"\\[6pt]" in spaced(column)
    sizes = []
    for formula in (row, column):
        document = new_document()
        document.append(NoEscape(rf"\setbox0=\hbox{{${spaced(formula)}$}}\the\dimexpr\ht0+\dp0\relax"))
        sizes.append(float(re.search(r"([\d.]+)pt", text_of(compile_pdf(document.dumps())))[1]))
    assert sizes[0] < 24
    assert sizes[1] > 2 * 14


def test_heat_maps_share_one_scale_and_their_cells_one_width():
    drawn = heat_map({"a": np.array([[1.0, -0.5]]), "b": np.array([[0.0001, 0.5]])}, rows="y", columns="x").dumps()
    cells = re.findall(r"\\cellcolor\{(\w+)!(\d+)\}\\makebox\[([\d.]+)mm\]", drawn)
    assert len({width for *_, width in cells}) == 1
    colors = [int(strength) for _, strength, _ in cells]
    assert colors[1] == colors[3] < colors[0]
    assert colors[2] < 2
    assert drawn.count("$y_{1}$") == drawn.count("$x_{1}$") == 2
    assert "+1.000" in drawn.rpartition("multicolumn")[2]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.origin)
def test_every_bookmark_of_a_document_opens_its_page(pdfs, name, engine):
    """Its words, mathematics apart, stand on that page in a row."""
    pdf = pdfs[name, engine.origin]
    pages = [re.findall(r"[A-Za-z]{2,}", page) for page in pages_of(pdf)]
    found = list(opened(pdf))
    assert len(found) > 5
    for title, page in found:
        words = re.findall(r"[A-Za-z]{2,}", title.lstrip("0123456789. "))
        on = [number for number, there in enumerate(pages) if _in_order(words, there)]
        assert page in on, (title, page, on)


def _in_order(words: list[str], page: list[str]) -> bool:
    """Whether words stand on a page one after the other."""
    starts = [place for place, word in enumerate(page) if word == words[0]]
    return any(page[start : start + len(words)] == words for start in starts)


def test_what_spills_over_is_not_left_alone_on_its_page():
    """Unbreakable blocks at ever other heights, each before something that asks for room."""
    document = new_document()
    for number in range(120):
        document.append(NoEscape(rf"\vskip {7 + 11 * number % 61}pt words\par"))
        document.append(NoEscape(rf"\vbox to 60pt{{\hbox{{s{number}q}}\vfil}}\par"))
        document.append(room(34))
        document.append(NoEscape(rf"f{number}q\par"))
    pages = [page.split() for page in pages_of(compile_pdf(document.dumps()))]
    assert len(pages) > 10
    # A page of its footer and one block would mean that it was closed for what came before it.
    assert not [page for page in pages if len([word for word in page if word.endswith("q")]) == 1 and page[0][0] == "s"]
