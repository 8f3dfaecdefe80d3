"""Spreadsheets of platforms, filled in: judged by what the platforms' own importers do with them."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import InputError
from autograder.exports import blackboard, brightspace, canvas, moodle
from autograder.exports.records import Points
from autograder.model import Assignment
from autograder.sheet import read_sheet
from tests.exports import importers
from tests.exports.conftest import Export

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Sums (23),Other (24),Sums Current Score
    Points Possible,,,,,20.00,5.00,(read only)
"Block, Jasen",11,s-1,jblock3430,XC 101,,3.00,
"Buckridge, Billy",2,,billy7670,XC 101,9.00,,
"Gislason, Hope",7,,gislason_hope5249,XC 101,7.00,,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Online text,Last modified (grade),Feedback comments
Participant 31,Zoë Smith,zoe@x.edu,Submitted,,{most},Yes,"Monday, 3 June 2024",,-,
Participant 32,J Block,jblock3430,Submitted,,{most},Yes,"Monday, 3 June 2024",,-,
Participant 33,Two,2,Submitted,1.00,{most},{may},"Monday, 3 June 2024",,-,old
"""  # noqa: E501


def total(student: str, earned: float) -> Points:
    return Points(student=student, name=student, earned=earned, possible=60.0)


def points(small: Assignment) -> tuple[float, float]:
    """What jblock3430 and 2 earn."""
    whole = sum(c.points for part in small.parts for c in part.criteria)
    return whole, sum(c.points for c in small.parts[0].criteria)


@pytest.fixture
def given_file(tmp_path: Path) -> Path:
    return tmp_path / "download.csv"


def test_canvas_takes_the_filled_gradebook_and_changes_those_scores_alone(
    export: Export, given_file: Path, small: Assignment, tmp_path: Path
) -> None:
    given_file.write_text(CANVAS, encoding="utf-8")
    done = export("canvas", "--fill", given_file, "--column", "sums")
    whole, first = points(small)
    students = {
        "11": {"SIS User ID": "s-1", "SIS Login ID": "jblock3430"},
        "2": {"SIS Login ID": "billy7670"},
        "7": {"SIS Login ID": "gislason_hope5249"},
    }
    changed = importers.canvas((tmp_path / "out").read_bytes(), students, {"2": "9.00", "7": "7.00"})
    # Hope has no grade: left out, her score stays.
    assert changed == {"11": f"{whole:.2f}", "2": f"{first:.2f}"}
    assert done.exit_code == 1
    assert "1 graded, but not in the download: Zoë Smith" in done.output
    assert "1 in the download without a grade: Gislason, Hope" in done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("11,s-1", "11,1.234.5"), "'1.234.5' would not survive"),
        (("11,s-1", "11,=1+1"), "'=1+1' would not survive"),
        (('jblock3430,XC 101,,3.00,\n"Buckridge, Billy",2,,billy7670', 'x,XC 101,,3.00,\n"B",2,,jblock3430'), "both"),
        (("billy7670", "jblock3430"), "2 rows belong to 'jblock3430'"),
        (("Section", "Group"), "not a gradebook of Canvas"),
        (("Sums (23)", "Sum (23)"), "no column is called"),
        (("Other (24)", "Sums (24)"), "no column is called"),
        (("XC 101,9.00", "9.00"), "row 4 has 7 cells, and the heading has 8"),
        (("Billy", "Billy\0"), "NUL"),
        ((CANVAS, ""), "empty"),
        (('"Gislason, Hope"', '"Gislason, Hope'), "not a CSV file"),
    ],
)
def test_canvas_is_refused_in_one_line_when_something_is_ambiguous(
    export: Export, given_file: Path, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    given_file.write_text(CANVAS.replace(*change), encoding="utf-8")
    done = export("canvas", "--fill", given_file, "--column", "Sums")
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("Sums Current Score", ("", "")),
        ("Sums", ("20.00,5.00", "(read only),5.00")),
        ("End", ("Sums (23)", "End Final Grade (23)")),
    ],
)
def test_canvas_is_not_given_what_it_would_pass_over(column: str, change: tuple[str, str]) -> None:
    data = CANVAS.replace(*change).replace('"End', '"End').encode()
    with pytest.raises(InputError, match=r"Canvas computes .* would pass over its grades"):
        canvas.fill(data, "d.csv", [], "End Final Grade" if column == "End" else column)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_canvas_takes_a_gradebook_however_it_was_saved(encoding: str, delimiter: str, newline: str) -> None:
    text = io.StringIO()
    # Names first, which no mark may stand before; more commas in a title than columns.
    rows = list(
        csv.reader(io.StringIO(CANVAS.replace("Sums (23)", '"Sums, products, and, so, on, and on, (1), too (23)"')))
    )
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    earned = [Points(student="s-1", name="s-1", earned=7.5, possible=10.0)]
    done = canvas.fill(
        text.getvalue().encode(encoding), "d.csv", earned, "sums, products, and, so, on, and on, (1), too"
    )
    semicolon = done.data.decode().replace(",", "").count(";") > 9
    plain = list(csv.reader(io.StringIO(done.data.decode()), delimiter=";" if semicolon else ","))
    assert plain[0][0] == "Student"
    assert plain[-1] == ["Block, Jasen", "11", "s-1", "jblock3430", "XC 101", "7.50"]
    assert semicolon == (delimiter == ";")


TEST_STUDENT = '"Student, Test",99,,{login},XC 101,,,\n'


def test_canvas_own_test_student_is_nobodys(export: Export, given_file: Path, tmp_path: Path) -> None:
    login = "8b5d4a0f1c2e3d4b5a69788796a5b4c3d2e1f001"
    given_file.write_text(CANVAS + TEST_STUDENT.format(login=login), encoding="utf-8")
    done = export("canvas", "--fill", given_file, "--column", "Sums")
    assert "1 in the download without a grade: Gislason, Hope\n" in done.output
    assert "Test" not in (tmp_path / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "filled", "remark"),
    [
        (("", ""), 1, "99 is Canvas's test student, whose row stays as it is"),
        (("Student,ID", "LastName,FirstName,ID"), 1, "99 is Canvas's test student, whose row stays as it is"),
        # Who is called so, and is known to the school.
        (("99,,", "99,s-9,"), 2, ""),
        # An id that no import would leave as it is, and more points than there are, are no matter of anybody's.
        (("{login}", "=1.5"), 1, "99 is Canvas's test student, whose row stays as it is"),
    ],
)
def test_what_the_test_student_handed_in_changes_nothing(change: tuple[str, str], filled: int, remark: str) -> None:
    text = (CANVAS + TEST_STUDENT).replace(*change).format(login="x")
    if change[1].startswith("LastName"):
        text = text.replace("    Points Possible", "    Points Possible,").replace(", ", '","')
    earned = 25.0 if filled == 1 else 15.0
    done = canvas.fill(text.encode(), "d.csv", [total("2", 10.0), total("99", earned)], "Sums")
    assert (done.filled, done.unmatched, done.remark) == (filled, (), remark)
    # First names, too, where they have a column of their own.
    assert done.without == ("Block, Jasen", "Gislason, Hope")


def test_who_is_excused_in_canvas_stays_so() -> None:
    both = [Points(student=one, name=one, earned=7.5, possible=10.0) for one in ("s-1", "2")]
    done = canvas.fill(CANVAS.replace("XC 101,9.00", "XC 101,ex").encode(), "d.csv", both, "Sums")
    assert done.excused == ("Buckridge, Billy",)
    assert "Billy" not in done.data.decode()
    assert done.filled == 1


WORKFLOW = """Kennung,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertungsstatus,Änderbar,Zuletzt geändert (Abgabe),Text,Zuletzt geändert (Bewertung),{comments}
Teilnehmer/in 31,"Smith, Zoë",0031,z@x.de,Abgegeben,"1,00","50,00",In Bewertung,Ja,"Montag, 3. Juni 2024, 10:00",42,"Dienstag, 4. Juni 2024",{cells}
Teilnehmer/in 32,Bo Ray,0032,b@x.de,Abgegeben,,"50,00",In Bewertung,Nein,"Montag, 3. Juni 2024, 10:00",42,-,{cells}
"""  # noqa: E501


@pytest.mark.parametrize(
    ("comments", "cells", "at"),
    [("Feedback als Kommentar", "alt", 12), ("Feedback als Kommentar,Lernziele", "<p>DS-GA 1008</p>,x", 12)],
)
def test_moodle_is_read_by_its_columns_order_in_any_language(comments: str, cells: str, at: int) -> None:
    text = WORKFLOW.format(comments=comments, cells=cells)
    found = [Points(student=one, name=one, earned=42.5, possible=60.0) for one in ("0031", "0032")]
    done = moodle.fill(text.encode(), "w.csv", found, dict.fromkeys(("0031", "0032"), "<p>new</p>"), ",")
    before, after = (list(csv.reader(io.StringIO(one))) for one in (text, done.data.decode()))
    assert {(n, m) for n in range(3) for m in range(len(before[0])) if before[n][m] != after[n][m]} == {(1, 5), (1, at)}
    assert (after[1][5], after[1][at]) == ("42,50", "<p>new</p>")
    assert (done.locked, done.without, done.remark) == (("Bo Ray",), (), "")


def test_moodle_takes_the_feedback_zip(export: Export, given_file: Path, tmp_path: Path, small: Assignment) -> None:
    whole, _ = points(small)
    given_file.write_text(MOODLE.format(most=whole, may="Yes").replace("J Block", "J_B/lock"), encoding="utf-8")
    (tmp_path / "pdfs").mkdir()
    words = ("--fill", given_file, "--zip", tmp_path / "f.zip")
    for extra, said in (((), "--pdfs and --zip go together"), (("--pdfs", tmp_path / "pdfs"), "no student's PDF")):
        done = export("moodle", *words, *extra)
        assert (done.exit_code, done.output.count("\n"), said in done.output) == (2, 1, True)
        assert not (tmp_path / "out").exists()
    (tmp_path / "pdfs" / "jblock3430.pdf").write_bytes(b"%PDF 1")
    done = export("moodle", *words, "--pdfs", tmp_path / "pdfs")
    assert "2 without a PDF: " in done.output
    with zipfile.ZipFile(tmp_path / "f.zip") as archive:
        (name,) = archive.namelist()
        assert archive.read(name) == b"%PDF 1"
    # importziplib.php: a part of the path, split at underscores into five: the second is the user, then the plugin.
    first, number, kind, plugin, *rest = name.partition("/")[0].split("_", 4)
    assert (first, number, f"{kind}_{plugin}", rest) == ("J B lock", "32", "assignsubmission_file", [])


def test_moodle_without_a_column_for_comments_has_none_and_it_is_said() -> None:
    text = WORKFLOW.replace(",{comments}", "").replace(",{cells}", "")
    found = [Points(student="31", name="31", earned=42.5, possible=60.0)]
    done = moodle.fill(text.encode(), "w.csv", found, {"31": "<p>new</p>"}, ",")
    assert "<p>" not in done.data.decode()
    assert done.remark == "no column for comments was found, so no feedback is in it"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"50,00"', '"0,00"'), "no column with the maximum grade"),
        (("In Bewertung,Ja", '"60,00",Ja'), "no column with the maximum grade"),
    ],
)
def test_moodles_columns_are_not_guessed(change: tuple[str, str], said: str) -> None:
    text = WORKFLOW.format(comments="Kommentar", cells="")
    with pytest.raises(InputError, match=said):
        moodle.fill(text.replace(*change).encode(), "w.csv", [], {}, ",")


def test_a_scale_of_moodles_takes_no_points() -> None:
    text = MOODLE.format(most="Good, Better", may="Yes").replace("Good, Better", "Good/Better")
    with pytest.raises(InputError, match="'Good/Better' is not a maximum grade; set the assignment to points"):
        moodle.fill(text.encode(), "w.csv", [Points(student="31", name="31", earned=1.0, possible=1.0)], {}, ".")


def test_without_a_download_it_is_said_what_to_download(export: Export) -> None:
    for platform, word in {"canvas": "Export Entire", "moodle": "worksheet", "brightspace": "both keys"}.items():
        done = export(platform)
        assert done.exit_code == 2
        assert word in done.output


def test_moodle_takes_the_worksheet_in_its_own_language(
    export: Export, given_file: Path, small: Assignment, tmp_path: Path
) -> None:
    whole, first = points(small)
    text = MOODLE.format(most=f"{whole:.2f}", may="Yes")
    german = {"Participant": "Teilnehmer/in", "Grade": "Bewertung", "Maximum Bewertung": "Bestwertung"}
    for old, new in german.items():
        text = text.replace(old, new)
    given_file.write_bytes("\ufeff".encode() + text.encode())
    done = export("moodle", "--fill", given_file)
    assert done.exit_code == 0, done.output
    users = dict.fromkeys((31, 32, 33), (None, whole))
    changed = importers.moodle((tmp_path / "out").read_bytes(), "Teilnehmer/in ", users)
    assert {number: grade for number, (grade, _) in changed.items()} == {31: 0.0, 32: whole, 33: first}
    assert all(comment and "<" in comment and "<script" not in comment for _, comment in changed.values())


def test_moodle_names_whom_it_would_pass_over(export: Export, given_file: Path, small: Assignment) -> None:
    whole, _ = points(small)
    given_file.write_text(MOODLE.format(most="1.00", may="Yes"), encoding="utf-8")
    done = export("moodle", "--fill", given_file)
    assert done.exit_code == 2
    assert f"set the assignment's maximum grade to {whole:g}" in done.output
    given_file.write_text(MOODLE.format(most=whole, may="No"), encoding="utf-8")
    done = export("moodle", "--fill", given_file, "--decimal", ",")
    assert done.exit_code == 1
    assert "1 locked there, so the grade would not be taken: Two" in done.output


def test_brightspace_and_blackboard_keep_their_keys_and_the_one_column(
    export: Export, given_file: Path, small: Assignment, tmp_path: Path
) -> None:
    whole, first = points(small)
    given_file.write_text(
        "OrgDefinedId,Username,Last Name,Sums Points Grade <Numeric MaxPoints:20>,End-of-Line Indicator\n"
        "#2,#billy,B,,#\n#12,#jblock3430,B,,#\n#13,#hope,G,,#\n",
        encoding="utf-8",
    )
    assert export("brightspace", "--fill", given_file, "--column", "Sums").exit_code == 1
    assert (tmp_path / "out").read_text() == (
        "OrgDefinedId,Username,Sums Points Grade,End-of-Line Indicator\n"
        f"#2,#billy,{first:.2f},#\n#12,#jblock3430,{whole:.2f},#\n"
    )
    given_file.write_text(
        'Last Name\tUsername\tStudent ID\tSums [Total Pts: 20 Score] |123\n"Block"\tjblock3430\t\t\n"B"\tbilly\t2\t\n',
        encoding="utf-16",
    )
    assert export("blackboard", "--fill", given_file, "--column", "Sums").exit_code == 1
    rows = list(csv.reader(io.StringIO((tmp_path / "out").read_bytes().decode("utf-16")), delimiter="\t"))
    assert rows == [
        ["Username", "Student ID", "Sums [Total Pts: 20 Score] |123"],
        ["jblock3430", "", f"{whole:.2f}"],
        ["billy", "2", f"{first:.2f}"],
    ]


@pytest.mark.parametrize(
    ("download", "said"),
    [
        (("canvas", CANVAS.replace("20.00", "10.00")), "above Canvas's maximum 10"),
        (
            (
                "brightspace",
                "Username,Sums Points Grade <Numeric MaxPoints:10.5 Weight:2>,End-of-Line Indicator\n#2,,#\n",
            ),
            "above Brightspace's maximum 10.5",
        ),
        (("blackboard", "Username\tSums [Total Pts: 10 Score] |1\n2\t\n"), "above Blackboard's maximum 10"),
        (("blackboard", "Username\tSums [Gesamtpunkte: 10,5] |1\n2\t\n"), "above Blackboard's maximum 10.5"),
    ],
)
def test_a_grade_above_the_columns_maximum_is_refused(download: tuple[str, str], said: str) -> None:
    platform, text = download
    fill = {"canvas": canvas, "brightspace": brightspace, "blackboard": blackboard}[platform].fill
    with pytest.raises(InputError, match=said):
        fill(text.encode(), "d.csv", [total("2", 11.0)], "Sums")
    assert fill(text.encode(), "d.csv", [total("2", 10.0), total("3", 99.0)], "Sums").filled == 1


@pytest.mark.parametrize("heading", ["Aufgabe 1 Punktebewertung <Numerisch MaxPoints:50>", "First Name"])
def test_an_export_of_brightspace_in_another_language_is_refused_in_a_line_that_says_so(heading: str) -> None:
    text = f"OrgDefinedId,Username,{heading},End-of-Line Indicator\n#2,#ann,,#\n"
    with pytest.raises(
        InputError, match="no heading ends in 'Points Grade', as Brightspace writes it in English"
    ) as told:
        brightspace.fill(text.encode(), "d.csv", [total("2", 10.0)], "Aufgabe 1")
    assert "\n" not in str(told.value)


def test_where_canvas_names_no_points_any_grade_goes() -> None:
    text = CANVAS.replace("20.00", "0.00")
    assert canvas.fill(text.encode(), "d.csv", [total("2", 11.0)], "Sums").filled == 1


def test_canvas_does_not_take_a_score_for_whom_it_does_not_ask(
    export: Export, given_file: Path, tmp_path: Path
) -> None:
    # Its exporter pads the row about posting with cells that the heading has not.
    hidden = ",,,,,Manual Posting,,,,,\n    Points"
    given_file.write_text(CANVAS.replace("    Points", hidden).replace("XC 101,9.00", "XC 101,N/A"), encoding="utf-8")
    done = export("canvas", "--fill", given_file, "--column", "Sums")
    assert done.exit_code == 1
    assert "1 grade in " in done.output
    assert "not asked for it there (N/A), so left out: Buckridge, Billy" in done.output
    assert "Billy" not in (tmp_path / "out").read_text(encoding="utf-8")


def test_what_moodle_was_told_since_the_download_stands() -> None:
    text = MOODLE.format(most=50, may="Yes")
    done = moodle.fill(
        text.encode(), "w.csv", [total(n, 40.0) for n in ("31", "32")], dict.fromkeys(("31", "32"), "<p>"), "."
    )
    users: dict[int, tuple[float | None, float]] = {31: (30.0, 50), 32: (30.0, 50), 33: (1.0, 50)}
    touched = {31: (1060, 1000), 32: (1061, 1000)}
    changed = importers.moodle(done.data, "Participant ", users, touched=touched, comments={33: "old"})
    assert changed == {31: (40.0, "<p>")}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_given_as_a_download_is_read_or_refused(data: bytes) -> None:
    with suppress(InputError):
        canvas.fill(data, "download.csv", (), "Sums")


@given(st.lists(st.tuples(st.text("ab,;\"'=\n x", max_size=6), st.text("ab1", min_size=1, max_size=3)), max_size=4))
def test_a_gradebook_of_any_names_keeps_its_ids(people: list[tuple[str, str]]) -> None:
    ids = list(dict.fromkeys(number for _, number in people))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Student", "ID", "Section", "Sums (1)"])
    writer.writerows([name, number, "", ""] for (name, _), number in zip(people, ids, strict=False))
    totals = [Points(student=number, name=number, earned=1.5, possible=2.0) for number in ids]
    filled = canvas.fill(text.getvalue().encode(), "download.csv", totals, "Sums")
    rows = read_sheet(filled.data, "out").rows
    assert [row[1] for row in rows] == ids
    assert not any(row[0].startswith(("=", "+", "-", "@")) for row in rows)
