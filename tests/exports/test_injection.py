"""Nothing that a student wrote is markup or a formula for whoever opens what goes to a platform."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from markdown_it import MarkdownIt

from autograder.model import Assignment
from tests.conftest import SMALL

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))![y](http://evil/z)|=1+1|`"
NAMES = ("-2+3", "@SUM", "+1+1", "=1+1", "<i>&x")
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
)
COMPUTED = re.compile(r"[=+@\t\r]|-(?!$|\d+$)")
LIVE = re.compile(r"<(script|img|a|b)\b|javascript:", re.IGNORECASE)


@pytest.fixture
def written(hw1: Callable[..., Result], small_course: Path, small: Assignment, tmp_path: Path) -> Path:
    """Grade students whose names, messages and modules are hostile, and write all that can be written."""
    (tmp_path / "in").mkdir()
    code = "".join(f"def {part.name}(*a, **k):\n    raise ValueError({EVIL!r})\n" for part in small.parts)
    for name in NAMES:
        (tmp_path / "in" / f"{name}.py").write_text(f"{code}import no_such\nraise KeyError({EVIL!r})\n", "utf-8")
    roster = [["student", "name", "group"], *([name, f"={EVIL}", "@group"] for name in NAMES)]
    with (tmp_path / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(roster)
    with (tmp_path / "worksheet.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(MOODLE)
        rows = ([f"Participant {n}", name, "", "S", "", "50.00", "Yes", "-", "-", ""] for n, name in enumerate(NAMES))
        csv.writer(file).writerows(rows)
    words = ("--assignment", SMALL, "--output")
    graded = hw1(
        "grade", tmp_path / "in", *words, tmp_path / "g", "--course", small_course, "--roster", tmp_path / "roster.csv"
    )
    assert graded.exit_code == 0, graded.output
    for name in ("gradescope", "prairielearn", "classroom50", "junit", "csv"):
        assert hw1("export", name, tmp_path / "g", *words, tmp_path / name).exit_code == 0
    moodle = hw1("export", "moodle", tmp_path / "g", *words, tmp_path / "moodle", "--fill", tmp_path / "worksheet.csv")
    assert moodle.exit_code == 0, moodle.output
    (tmp_path / "said").write_text(moodle.output, encoding="utf-8")
    return tmp_path


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def texts(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for value in document.values():
            yield from texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts(value)
    elif isinstance(document, str):
        yield document


def test_what_a_student_wrote_is_text_everywhere(written: Path) -> None:
    for path in (written / "csv", written / "g" / "grades.csv", written / "g" / "roster.csv"):
        assert not [cell for row in cells(path) for cell in row if COMPUTED.match(cell)], path
    # Of Moodle's worksheet two cells of a row are ours; names are as Moodle wrote them, and it is said.
    before, after = cells(written / "worksheet.csv")[1:], cells(written / "moodle")[1:]
    assert not [row for row in after if COMPUTED.match(row[4]) or COMPUTED.match(row[9])]
    assert [[*row[:4], *row[5:9]] for row in after] == [[*row[:4], *row[5:9]] for row in before]
    assert "upload the file without opening it" in (written / "said").read_text(encoding="utf-8")
    assert not LIVE.search(re.sub(r"&lt;\S*", "", (written / "moodle").read_text(encoding="utf-8")))
    assert "<script" not in (written / "junit").read_text(encoding="utf-8")
    html = MarkdownIt("commonmark", {"html": True}).enable("table")
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in (written / "gradescope").glob("*/*.json")]
    assert len(documents) == len(NAMES)
    assert not [text for one in documents for text in texts(one) if LIVE.search(html.render(text))]
    for platform in ("prairielearn", "classroom50"):
        found = [path.read_text(encoding="utf-8") for path in (written / platform).glob("*/*.json")]
        # What was raised is nowhere in them.
        assert len(found) == len(NAMES)
        assert not any("alert" in text for text in found)
