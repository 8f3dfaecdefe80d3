"""Each reader of a platform's names, its lists and receipts, on what nobody would hand out: read, or refused."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import InputError
from autograder.exports import blackboard as blackboard_form
from autograder.exports import brightspace as brightspace_form
from autograder.exports import canvas as canvas_form
from autograder.exports import moodle as moodle_form
from autograder.exports.gradescope_limit import refused
from autograder.exports.records import Points
from autograder.imports import blackboard, brightspace, canvas, folders, gradescope, moodle
from autograder.imports.collect import plan
from autograder.imports.members import Member, members_of
from autograder.imports.platforms import is_download
from autograder.imports.records import Reader
from autograder.imports.roster import read_roster
from tests.imports.test_collect import collect, packed, tree

ODD = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=6)
NUMBER = st.integers(0, 10**12).map(str)
TIME = st.from_regex(r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d", fullmatch=True)


def joined(*pieces: Any) -> st.SearchStrategy[str]:
    """Names of a platform's shape, with any text where a person's or a file's name goes."""
    each = [st.just(piece) if isinstance(piece, str) else piece for piece in pieces]
    return st.tuples(*each).map("".join)


NAMES: dict[str, tuple[Reader, st.SearchStrategy[str]]] = {
    "canvas": (canvas.read, joined(ODD, st.sampled_from(["", "_LATE"]), "_", NUMBER, "_", NUMBER, "_", ODD)),
    "anonymous": (canvas.read, joined(st.sampled_from(["", "LATE_"]), "anon_", ODD, "_", NUMBER, "_", ODD)),
    "moodle": (moodle.read, joined(ODD, "_", NUMBER, "_assignsubmission_", st.sampled_from(["file", "onlinetext"]))),
    "flat": (moodle.read, joined(ODD, "_", NUMBER, "_assignsubmission_file_", ODD)),
    "blackboard": (blackboard.read, joined(ODD, "_", ODD, "_attempt_", TIME, st.sampled_from(["", ".txt", "_x.py"]))),
    "brightspace": (
        brightspace.read,
        joined(NUMBER, "-", NUMBER, " - ", ODD, " - ", st.sampled_from(["Feb 1, 2026 104 PM", "Feb 31, 2026 9999 AM"])),
    ),
    "clones": (folders.read_clones, joined("hw1-", ODD)),
    "folders": (folders.read_folders, ODD),
    "gradescope": (gradescope.read, joined("submission_", NUMBER)),
}


def member(parts: tuple[str, ...], content: bytes) -> Member:
    return Member(parts=parts, size=len(content), read=lambda: content)


@pytest.mark.parametrize("platform", NAMES)
@settings(max_examples=40)
@given(data=st.data())
def test_any_names_are_read_and_every_file_is_somebodys_or_has_a_reason(platform: str, data: st.DataObject) -> None:
    read, names = NAMES[platform]
    content = data.draw(st.binary(max_size=40))
    inside = data.draw(st.sampled_from([(), ("hw1.py",), ("a", "b.py"), (".git",)]))
    given_ = {(name, *inside) for name in data.draw(st.lists(names, min_size=1, max_size=4))}
    members = [member(parts, content) for parts in sorted(given_)]
    members.append(member(("submission_metadata.yml",), content))
    with suppress(InputError):
        found = read(members)
        if found is not None:
            kept = [id(one) for attempt in found.attempts for _, one in attempt.files]
            rest = [id(one) for one, why in found.others if why]
            assert {*kept, *rest} >= {id(one) for one in members if one.name != ".git"}
            assert all(all(keys) for attempt in found.attempts for keys in attempt.people)
    with suppress(InputError):
        plan(members, None, Path("d.zip"))


@pytest.mark.parametrize("name", ["\\", "a\\", "..\\", "\\\\a\\"])
def test_a_file_is_kept_whose_name_ends_in_a_backslash(name: str) -> None:
    (handed,) = plan([member((f"ada_0_assignsubmission_file_{name}",), b"")], None, Path("d.zip")).handed
    ((path, _),) = handed.files
    assert not path.endswith(("\\", "/"))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["submission_1", ":submitters", ":name", ":sid", ":created_at", "created_at", "results"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=80)
@given(ANY)
def test_any_list_of_gradescopes_is_read_or_refused(document: Any) -> None:
    members = [
        member(("submission_metadata.yml",), yaml.safe_dump(document).encode()),
        member(("submission_1", "a.py"), b""),
    ]
    with suppress(InputError):
        gradescope.read(members)
    refused(document, 1, 1.0)
    refused({"created_at": "2026-02-02T10:00:00-05:00", "previous_submissions": document}, 1, 1.0)


STORED = "Hw_jd_attempt_2026-02-01-10-00-00"


@settings(max_examples=60)
@given(
    st.text(max_size=60),
    st.sampled_from(["Name: J D (jd)\n", "Name: (\n"]),
    st.text("./\\a\0\u00e9", max_size=8) | st.just("a" * 300),
)
def test_any_receipt_of_blackboards_is_read_and_no_name_in_it_leads_out(text: str, line: str, name: str) -> None:
    told = f"{line}Original filename: {name}\nFilename: {STORED}_a.py\n{text}"
    receipt = member((f"{STORED}.txt",), told.encode("utf-8", "surrogatepass"))
    (handed,) = plan([receipt, member((f"{STORED}_a.py",), b"")], None, Path("d.zip")).handed
    ((path, _),) = handed.files
    assert Path("/out", path).resolve().is_relative_to("/out/")
    assert Path("/out", path).resolve() != Path("/out")


def test_a_name_that_leads_out_is_kept_under_the_downloads(tmp_path: Path) -> None:
    receipt = f"Name: J D (jd)\nOriginal filename: ../../escaped.py\nFilename: {STORED}_a.py\n"
    files = {f"{STORED}.txt": receipt, f"{STORED}_a.py": "x = 1"}
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "in" / "out")
    assert done.exit_code == 0
    assert tree(tmp_path / "in") == {f"out/jd/{STORED}_a.py": "x = 1"}


@settings(max_examples=60)
@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 255))
def test_any_archive_is_listed_or_refused(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, byte: int
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("doejohn_11_9001_hw1.ipynb", noise)
    whole = bytearray(made.getvalue())
    whole[at % len(whole)] = byte
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(bytes(whole))
    is_download(path)
    with suppress(InputError), members_of(path) as members:
        for one in members:
            assert len(one.read()) <= one.size


HEADINGS = {
    "canvas": "Student,ID,SIS Login ID,Section,Sums (1)\n",
    "moodle": "Identifier,Full name,Email address,Grade,Maximum Grade,Grade can be changed,x,Feedback comments\n",
    "brightspace": "OrgDefinedId,Username,Sums Points Grade,End-of-Line Indicator\n",
    "blackboard": "Username\tStudent ID\tSums |1\n",
}
POINTS = [
    Points(student="=a", name="=a", earned=1.0, possible=2.0),
    Points(student="b", name="b", earned=None, possible=2.0),
]


def filled(platform: str, data: bytes) -> bytes:
    forms = {"canvas": canvas_form, "brightspace": brightspace_form, "blackboard": blackboard_form}
    if platform == "moodle":
        return moodle_form.fill(data, "d", POINTS, {"=a": "<p>"}, ",").data
    return forms[platform].fill(data, "d", POINTS, "Sums").data


@pytest.mark.parametrize("platform", HEADINGS)
@settings(max_examples=60)
@given(rows=st.text("=a,b\t#\n2.0\"'x\u00e9\0", max_size=60), cut=st.integers(0, 3))
def test_any_spreadsheet_is_filled_in_or_refused(platform: str, rows: str, cut: int) -> None:
    with suppress(InputError):
        filled(platform, (HEADINGS[platform][cut:] + rows).encode())


@pytest.mark.parametrize(
    ("platform", "row"),
    [
        ("canvas", "@SUM(1),=a,,+sec,\n"),
        ("brightspace", "=a,#x,,#\n"),
        ("blackboard", "=a\t1\t\n"),
    ],
)
def test_an_id_that_a_spreadsheet_would_compute_is_refused(platform: str, row: str) -> None:
    with pytest.raises(InputError, match=r"'=a' .*a spreadsheet would compute it"):
        filled(platform, (HEADINGS[platform] + row).encode())


def test_what_moodle_wrote_stays_and_what_is_written_is_inert() -> None:
    data = (HEADINGS["moodle"] + "Participant 31,@SUM(1),=a,,2.00,Yes,-,+old\n").encode()
    done = moodle_form.fill(data, "d", POINTS, {"=a": "=new"}, ".")
    assert done.data.decode().splitlines()[1] == "Participant 31,@SUM(1),=a,1.00,2.00,Yes,-,'=new"
    assert "3 cells of the download (first: '@SUM(1)') would be computed" in done.remark


@settings(max_examples=80)
@given(st.text('student,late_days\n=12.5"a;\t', max_size=60))
def test_any_text_is_a_roster_or_refused(text: str) -> None:
    with suppress(InputError):
        read_roster(f"student,late_days\n{text}".encode(), "roster.csv")
