"""An export changes the cells of students who were graded, and nothing else, whatever else stands in the download."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from autograder.exports import blackboard, brightspace, canvas, moodle
from autograder.exports.records import Points
from tests.exports import importers

#: No digits, so that no cell is an id.
ANYTHING = st.text("ab,;\"'=+-@<& \n\té𝔾", max_size=8)
SCORE = st.sampled_from(["", "1.00", "-"])
MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
COMMENT = '<p>"a", b; c</p>'
WORKSHEET = (
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
    "Last modified (submission)", "Online text", "Last modified (grade)", "Feedback comments",
)  # fmt: skip
STUDENTS = st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1))))


def spelled(cell: str, delimiter: str, *, quoted: bool) -> str:
    """Write a cell as a platform may, with quotes where they are needed or everywhere."""
    needed = cell.startswith('"') or any(one in cell for one in f"{delimiter}\r\n")
    return '"' + cell.replace('"', '""') + '"' if quoted or needed else cell


def totals(numbers: Sequence[str]) -> list[Points]:
    return [Points(student=one, name=one, earned=42.5, possible=60.0) for one in numbers]


@given(STUDENTS, st.data())
def test_moodles_worksheet_is_the_same_bytes_but_for_two_cells_a_grade(
    students: tuple[int, set[int]], data: st.DataObject
) -> None:
    count, graded = students
    encoding = data.draw(st.sampled_from([*MARKS, "none"]))
    delimiter, end = data.draw(st.sampled_from(",;\t")), data.draw(st.sampled_from(["\n", "\r\n"]))
    before, after = [delimiter.join(WORKSHEET) + end], [delimiter.join(WORKSHEET) + end]
    for number in range(count):
        name, address, status, text, comment = (data.draw(ANYTHING) for _ in range(5))
        row = [f"Participant {number + 7}", name, address, status, data.draw(SCORE), "50.00", "Yes"]
        row += ["Monday, 3 June 2024", text, "-", comment]
        quoted = [data.draw(st.booleans()) for _ in row]
        cells = [spelled(cell, delimiter, quoted=one) for cell, one in zip(row, quoted, strict=True)]
        tail = end * data.draw(st.integers(1, 2)) if number < count - 1 else data.draw(st.sampled_from(["", end]))
        before.append(delimiter.join(cells) + tail)
        if number in graded:
            cells[4], cells[10] = "42.50", spelled(COMMENT, delimiter, quoted=True)
        after.append(delimiter.join(cells) + tail)
    bytes_of = [
        MARKS.get(encoding, b"") + "".join(rows).encode("utf-8" if encoding == "none" else encoding)
        for rows in (before, after)
    ]
    numbers = [str(number + 7) for number in sorted(graded)]
    done = moodle.fill(bytes_of[0], "w.csv", totals(numbers), dict.fromkeys(numbers, COMMENT), ".")
    assert done.data == bytes_of[1]


@given(STUDENTS, st.data())
def test_canvas_changes_the_scores_of_who_was_graded(students: tuple[int, set[int]], data: st.DataObject) -> None:
    count, graded = students
    text = io.StringIO()
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    table = csv.writer(text, delimiter=data.draw(st.sampled_from(",;")), quoting=quoting)
    table.writerow(["Student", "ID", "SIS Login ID", "Section", "Sums (1)", "Other (2)", "Final Score"])
    table.writerow(["    Points Possible", "", "", "", "50.00", "5.00", "(read only)"])
    scores = {}
    for number in range(count):
        who, section, other, final = (data.draw(ANYTHING) for _ in range(4))
        scores[str(number)] = data.draw(st.sampled_from(["", "1.00", "7.25"]))
        table.writerow([f"x{who}", number, f"al{number}", section, scores[str(number)], other, final])
    people = {str(number): {"SIS Login ID": f"al{number}"} for number in range(count)}
    mark = data.draw(st.sampled_from([b"", codecs.BOM_UTF8]))
    done = canvas.fill(mark + text.getvalue().encode(), "c.csv", totals([f"al{n}" for n in graded]), "sums")
    assert importers.canvas(done.data, people, scores) == {str(number): "42.50" for number in graded}


@given(STUDENTS, st.data())
def test_brightspace_and_blackboard_change_the_points_of_who_was_graded(
    students: tuple[int, set[int]], data: st.DataObject
) -> None:
    count, graded = students
    one, two = io.StringIO(), io.StringIO()
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    brightspaces, blackboards = csv.writer(one, quoting=quoting), csv.writer(two, delimiter="\t", quoting=quoting)
    item = "Sums Points Grade <Numeric MaxPoints:50 Weight:10>"
    brightspaces.writerow(["OrgDefinedId", "Username", "Last Name", item, "End-of-Line Indicator"])
    blackboards.writerow(["Last Name", "Username", "Student ID", "Sums [Total Pts: 50 Score] |123", "Other |124"])
    for number in range(count):
        name, score, other = data.draw(ANYTHING), data.draw(SCORE), data.draw(ANYTHING)
        brightspaces.writerow([f"#00{number}", f"#al{number}", name, score, "#"])
        blackboards.writerow([name, f"al{number}", f"00{number}", score, other])
    wanted = totals([f"00{number}" for number in graded])
    people = {f"00{number}": f"al{number}" for number in range(count)}
    done = brightspace.fill(one.getvalue().encode(), "b.csv", wanted, "sums")
    assert importers.brightspace(done.data, people, 50.0) == {f"00{number}": 42.5 for number in graded}
    encoding = data.draw(st.sampled_from(["utf-8-sig", "utf-16"]))
    done = blackboard.fill(two.getvalue().encode(encoding), "b.xls", wanted, "sums")
    logins = {login: number for number, login in people.items()}
    assert importers.blackboard(done.data, logins) == {f"al{number}": 42.5 for number in graded}
