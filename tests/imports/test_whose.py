"""Whose a file is, and which of a student's attempts counts: nothing that a student calls a file changes it."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.cli.collect import unpacked
from autograder.errors import InputError
from autograder.imports import members as bounds
from autograder.imports.platforms import is_download
from autograder.loading.listing import list_submissions
from tests.imports.test_collect import accounted, collect, packed, tree

Files = Mapping[str, str]
"""What one student calls each file, with its text."""

T, LATER = "2026-02-01-10-00-00", "2026-12-31-00-00-00"
GROUPED = "student,name,canvas,group\njd1,John Doe,11,Team A\nar2,Ann Roe,12,team a\nzz9,Zed Other,7,\n"


def listed(*students: str) -> str:
    """Gradescope's list: ``submission_1`` is the first student's."""
    return "".join(f"submission_{n}:\n  :submitters:\n  - :sid: {one}\n" for n, one in enumerate(students, 1))


def receipt(user: str, title: str = "Name") -> str:
    return f"{title}: Some Body ({user})\nAssignment: HW\n"


def below(folder: str, files: Files) -> dict[str, str]:
    return {f"{folder}{name}": text for name, text in files.items()}


def canvas(victim: Files, other: Files) -> dict[str, str]:
    numbers = itertools.count(9001)
    victims = {f"doejohn_11_{next(numbers)}_{name}": text for name, text in victim.items()}
    return victims | {f"mal_12_{next(numbers)}_{name}": text for name, text in other.items()}


def blackboard(victim: Files, other: Files) -> dict[str, str]:
    told = {f"HW_{user}_attempt_{T}.txt": receipt(user) for user in ("ann", "mal")}
    return told | without_receipts(victim, other)


def without_receipts(victim: Files, other: Files) -> dict[str, str]:
    return below(f"HW_ann_attempt_{T}_", victim) | below(f"HW_mal_attempt_{T}_", other)


def gradescope(victim: Files, other: Files) -> dict[str, str]:
    both = below("submission_1/", other) | below("submission_2/", victim)
    return below("assignment_5_export/", {"submission_metadata.yml": listed("mal", "ann"), **both})


def in_folders(one: str, two: str) -> Callable[[Files, Files], dict[str, str]]:
    return lambda victim, other: below(one, victim) | below(two, other)


LAYOUTS: dict[str, tuple[Callable[[Files, Files], dict[str, str]], str]] = {
    "canvas": (canvas, "11"),
    "anonymous": (in_folders("anon_a1_9001_", "LATE_anon_b2_9002_"), "a1"),
    "moodle": (in_folders("J Doe_31_assignsubmission_file/", "Mal_32_assignsubmission_file/"), "31"),
    "flat": (in_folders("J Doe_31_assignsubmission_file_", "Mal_32_assignsubmission_file_"), "31"),
    "blackboard": (blackboard, "ann"),
    "no receipts": (without_receipts, "ann"),
    "brightspace": (
        in_folders("7001-55 - Ann - Feb 1, 2026 104 PM/", "7002-55 - Mal - Feb 1, 2026 104 PM/"),
        "7001",
    ),
    "gradescope": (gradescope, "ann"),
    "folders": (in_folders("ann/", "mal/"), "ann"),
    "zip_collect": (in_folders("submitted/ann/hw1/", "submitted/mal/hw1/"), "ann"),
    "clones": (
        lambda victim, other: below("hw1-ann/", {**victim, ".git/config": "a"})
        | below("hw1-mal/", {**other, ".git/config": "b"}),
        "ann",
    ),
}  # fmt: skip
FLAT = ("canvas", "anonymous", "flat", "blackboard", "no receipts")
TRICKS = [
    "submission_metadata.yml", "submission_2", "hw1.py", ".git", ".collected.csv", "timestamp.txt", "index.html",
    f"x_attempt_{LATER}.txt", f"x_ann_attempt_{LATER}_hw1.py", "x_31_assignsubmission_file_hw1.py", "x_11_9009_hw1.py",
    "LATE_anon_a1_9_hw1.py", "7001-55 - Ann - Feb 2, 2026 104 PM", "J Doe_31_assignsubmission_file", "e\u0301.py",
    "\u00e9.py", "n" * 150 + ".py", "__MACOSX",
]  # fmt: skip
TEXTS = [listed("ann", "mal"), listed("mal", "ann"), receipt("ann"), "x = 1\n", f"Filename: HW_ann_attempt_{T}_hw1.py"]
NAME = (
    st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=8) | st.sampled_from(TRICKS)
).filter(lambda name: name not in (".", ".."))


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=20)
@given(data=st.data())
def test_no_name_that_one_student_chooses_changes_what_is_collected_of_another(
    layout: str, data: st.DataObject
) -> None:
    paths = NAME if layout in FLAT else st.lists(NAME, min_size=1, max_size=3).map("/".join)
    unharmed(layout, data.draw(st.dictionaries(paths, st.sampled_from(TEXTS), min_size=1, max_size=4)))


def unharmed(layout: str, other: Files) -> None:
    make, student = LAYOUTS[layout]
    victim = {"hw1.py": "answer = 42\n", "helper.py": "def help(): ...\n"}
    with tempfile.TemporaryDirectory() as folder:
        done = collect(packed(Path(folder, "d.zip"), make(victim, other)), Path(folder, "out"))
        assert done.exit_code == 0, done.output
        found = tree(Path(folder, "out", student))
    below_it = "hw1/" if layout == "zip_collect" else ""
    assert found == below(below_it, victim)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nor_do_a_list_a_receipt_and_an_attempt_of_a_students_own_making(layout: str) -> None:
    forged = {f"x_ann_attempt_{LATER}.txt": receipt("ann"), f"x_ann_attempt_{LATER}_hw1.py": "forged"}
    unharmed(layout, {**forged, "submission_metadata.yml": listed("ann", "mal"), "hw1.py": "forged"})


@pytest.mark.parametrize(
    ("files", "platform", "wanted"),
    [
        ({**canvas({"a.py": ""}, {"x_31_assignsubmission_file_b.py": ""}), "y_13_text.html": ""}, "canvas",
         {"11", "12"}),
        ({"ann/a.py": "", "bob/7001-55 - A - Feb 1, 2026 104 PM/b.py": "", "cy/.git/x": "", "cy/c.py": ""}, "folders",
         {"ann", "bob", "cy"}),
        ({"ann/a.py": "", "bob/submission_metadata.yml": listed("x")}, "folders", {"ann", "bob"}),
        ({"A_31_assignsubmission_file/a.py": "", "B_32_assignsubmission_file/submission_metadata.yml": listed("x")},
         "moodle", {"31", "32"}),
        ({"7001-5 - A - 1 May, 2026 1304/a.py": "", "7002-5 - B - Mai 1, 2026 104 PM/a.py": ""}, "brightspace",
         {"7001", "7002"}),
        ({"class/ann/a.py": "", "class/bob/b.py": "", "README.md": ""}, "folders", {"ann", "bob"}),
        ({"397063-5 - John - Feb 1, 2026 104 PM/a.py": "", "397063-5 - Mary - Feb 2, 2026 104 PM/b.py": ""},
         "brightspace", {"397063-John", "397063-Mary"}),
        ({f"Tarea 1_{user}_42_nueva entrega_{T}_a.py": "" for user in ("jd", "kl")}, "blackboard", {"jd_42", "kl_42"}),
        ({f"Tarea 1_jd_42_intento_{T}_a.py": "", f"Tarea 1_jd_42_intento_{T}.txt": receipt("jd_42", "Nombre")},
         "blackboard", {"jd_42"}),
        ({f"Tarea 1_jd_42_intento_{T}_a.py": "", f"Tarea 1_jd_42_intento_{T}.txt": receipt("kl")},
         "blackboard", {"Tarea%201_jd_42"}),
    ],
)  # fmt: skip
def test_all_names_at_the_top_decide_the_platform(
    tmp_path: Path, files: dict[str, str], platform: str, wanted: set[str]
) -> None:
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert f"from {platform}" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()} == wanted


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({**canvas({"a.py": ""}, {"b.py": ""}), "A_5-6 x/hw.py": ""}, "A_5-6 x/hw.py"),
        ({**gradescope({"a.py": ""}, {}), "assignment_5_export/submission_7/b.py": ""}, "submission_7/b.py"),
        ({"submission_metadata.yml": listed("a") + "submission_2:\n  :submitters: []\n", "submission_1/a.py": "",
          "submission_2/b.py": ""}, "submission_2/b.py"),
        ({"Team A_7_assignsubmission_file/a.py": "", "Default group_assignsubmission_file/b.py": ""}, "file/b.py"),
        ({"ann/a.py": "", "bob/a.py": "", "cy.py": ""}, "cy.py"),
    ],
)  # fmt: skip
def test_a_file_that_may_be_somebodys_and_is_not_kept_is_said(tmp_path: Path, files: dict[str, str], left: str) -> None:
    download = packed(tmp_path / "d.zip", files)
    done = collect(download, tmp_path / "out")
    assert done.exit_code == 1
    assert "1 not kept that may be somebody's work: " in done.output
    assert left in done.output
    assert {*files} <= set(accounted(tmp_path / "out"))


def test_a_class_of_which_not_all_is_kept_is_not_graded_as_if_it_were(tmp_path: Path) -> None:
    download = packed(tmp_path / "d.zip", {**canvas({"a.py": ""}, {"b.py": ""}), "x/hw.py": ""})
    with pytest.raises(InputError, match=r"'x/hw\.py' may be somebody's work"), unpacked(download):
        pass


@pytest.mark.parametrize("outer", ["", "assignment_5_export/"])
def test_a_class_without_its_list_is_not_graded_as_one_student(tmp_path: Path, outer: str) -> None:
    files = {f"{outer}submission_{n}/hw1.py": "" for n in (1, 2)}
    with (
        pytest.raises(InputError, match=r"without submission_metadata\.yml"),
        unpacked(packed(tmp_path / "d.zip", files)),
    ):
        pass


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({f"{day}/7001-5 - A - Feb 1, 2026 104 PM/a.py": "" for day in ("mon", "fri")}, "'fri' and 'mon' are two"),
        ({f"{day}/{name}": text for day in "ab" for name, text in gradescope({"a.py": ""}, {}).items()}, "'a' and 'b'"),
        ({f"{day}/{name}": text for day in "ab" for name, text in canvas({"a.py": ""}, {}).items()}, "'a' and 'b'"),
        ({**canvas({"a.py": ""}, {}), "ann/hw1.py": ""}, "named like canvas's: 1 of 2"),
    ],
)
def test_two_downloads_in_one_are_refused(tmp_path: Path, files: dict[str, str], said: str) -> None:
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert said in done.output


def test_students_who_call_their_files_alike_are_no_downloads_side_by_side(tmp_path: Path) -> None:
    packed(tmp_path / "d.zip", {f"{one}/lab_1_2_answer.py": "" for one in ("ann", "bob")})
    assert collect(tmp_path / "d.zip", tmp_path / "out").exit_code == 0


def test_a_number_of_a_group_is_no_students(tmp_path: Path) -> None:
    download = packed(tmp_path / "d.zip", below("Team A_7_assignsubmission_file/", {"a.py": "team"}))
    assert "collect with --roster" in collect(download, tmp_path / "alone").output
    (tmp_path / "r.csv").write_text(GROUPED, encoding="utf-8")
    done = collect(download, tmp_path / "out", "--roster", tmp_path / "r.csv")
    assert tree(tmp_path / "out") == {"ar2/a.py": "team", "jd1/a.py": "team"}
    assert "in groups: 2" in done.output
    # The roster does not know the group, and has a student of that number.
    (tmp_path / "r.csv").write_text(GROUPED.replace("eam", "roupe"), encoding="utf-8")
    done = collect(download, tmp_path / "strange", "--roster", tmp_path / "r.csv")
    assert (done.exit_code, set(tree(tmp_path / "strange"))) == (1, {"Team%20A_7/a.py"})
    # A student's own folder is found by the number where the name agrees.
    own = packed(tmp_path / "own.zip", below("Other, Zed_7_assignsubmission_file/", {"a.py": "z"}))
    assert collect(own, tmp_path / "own", "--roster", tmp_path / "r.csv").exit_code == 0
    assert tree(tmp_path / "own") == {"zz9/a.py": "z"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("teama_11_9001_a.py", {"jd1/a.py", "ar2/a.py"}), ("doejohn_11_9001_a.py", {"jd1/a.py"}),
     ("teama_7_9001_a.py", {"zz9/a.py"})],
)  # fmt: skip
def test_a_file_that_is_called_after_a_group_of_the_roster_is_each_members(
    tmp_path: Path, name: str, wanted: set[str]
) -> None:
    (tmp_path / "r.csv").write_text(GROUPED, encoding="utf-8")
    collect(packed(tmp_path / "d.zip", {name: "x"}), tmp_path / "out", "--roster", tmp_path / "r.csv")
    assert set(tree(tmp_path / "out")) == wanted


def test_the_newest_attempt_counts_even_if_it_is_a_text(tmp_path: Path) -> None:
    files = {f"HW_jd_attempt_{T}_a.py": "", f"HW_jd_attempt_{T}.txt": receipt("jd")}
    files[f"HW_jd_attempt_{LATER}.txt"] = receipt("jd")
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert "no file of jd" in done.output
    assert tree(tmp_path / "out") == {}


def test_billionths_of_a_second_are_read(tmp_path: Path) -> None:
    times = ("2026-02-01 10:00:00.037738001 -05:00", "2026-02-01 10:00:00.037738000 -06:00")
    told = [f"submission_{n}:\n  :submitters:\n  - :sid: a\n  :created_at: {time}\n" for n, time in enumerate(times)]
    files = {"submission_metadata.yml": "".join(told), "submission_0/a.py": "old", "submission_1/a.py": "new"}
    assert collect(packed(tmp_path / "d.zip", files), tmp_path / "out").exit_code == 0
    assert tree(tmp_path / "out") == {"a/a.py": "new"}


@pytest.mark.parametrize(
    ("names", "alone", "by_roster"),
    [
        (("hw1-maria-lopez", "hw1-maria-silva"), {"hw1-maria-lopez", "hw1-maria-silva"}, {"1", "2"}),
        (("hw-1-maria-lopez", "hw-1-al"), {"maria-lopez", "al"}, {"1", "al"}),
        (("ml-hw1-maria-lopez", "ml-hw1-al"), {"ml-hw1-maria-lopez", "ml-hw1-al"}, {"1", "al"}),
        (("hw1-a", "hw1-a-"), {"a", "a-"}, {"a", "a-"}),
    ],
)
def test_of_a_repositorys_name_nothing_is_guessed_and_what_git_keeps_is_not_copied(
    tmp_path: Path, names: tuple[str, str], alone: set[str], by_roster: set[str]
) -> None:
    files = {f"{name}/{file}": "" for name in names for file in (".git/config", ".git/HEAD", "sub/.git", "sub/a.py")}
    download = packed(tmp_path / "d.zip", files)
    assert collect(download, tmp_path / "out").exit_code == 0
    assert {path.split("/")[0] for path in tree(tmp_path / "out")} == alone
    assert not list((tmp_path / "out").rglob(".git"))
    assert {f"{name}/{file}" for name in names for file in (".git", "sub/.git")} <= set(accounted(tmp_path / "out"))
    (tmp_path / "r.csv").write_text("student,github\n1,maria-lopez\n2,maria-silva\n3,silva\n", encoding="utf-8")
    collect(download, tmp_path / "named", "--roster", tmp_path / "r.csv")
    assert {path.split("/")[0] for path in tree(tmp_path / "named")} == by_roster


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (["hw1-ann/.git/x", "hw1-ann/hw1.py", "hw1-bob/.git/x", "hw1-bob/hw1.ipynb"], {"ann", "bob"}),
        (["ann/hw1.py", "bob/hw1.py"], {"ann", "bob"}),
        (["class/ann/hw1/x.ipynb", "class/bob/hw1/y.ipynb"], {"ann", "bob"}),
        (["hw1.py", "part_1_2_notes.py"], {"d"}),
        (["hw1.py", "week_3_4_plot.png", "fig_1_2_a.png"], {"d"}),
        (["book/hw1.ipynb", "src/helper.py"], {"d"}),
        (["hw1.py", "a/x.py", "b/y.py"], {"d"}),
        (["plot.png"], {"d"}),
    ],
)
def test_an_archive_is_a_class_or_one_students(tmp_path: Path, files: list[str], students: set[str]) -> None:
    download = packed(tmp_path / "d.zip", dict.fromkeys(files, "x = 1\n"))
    with unpacked(download) as folder:
        assert {one.student for one in list_submissions(folder).found} == students
    assert is_download(download) == (students != {"d"})


def test_files_that_cannot_lie_side_by_side_are_all_kept(tmp_path: Path) -> None:
    names = ["x", "x/hw1.py", "n" * 246 + ".py", "/".join(["d" * 200] * 25) + "/y.py", "e\u0301.py", "\u00e9.py"]
    files = {f"{one}/{name}": f"{n}" for one in ("ann", "bob") for n, name in enumerate(names)}
    assert collect(packed(tmp_path / "d.zip", files), tmp_path / "out").exit_code == 0
    assert sorted(tree(tmp_path / "out" / "ann").values()) == [*"012345"]
    assert len(accounted(tmp_path / "out")) == len(files)


def test_many_small_files_are_a_bomb_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    download = packed(tmp_path / "d.zip", {f"ann/{n}.py": "0" * 990_000 for n in range(12)})
    done = collect(download, tmp_path / "out")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "would unpack to 200 times its size" in done.output
    monkeypatch.setattr(bounds, "MAX_BYTES", 1_000)
    (tmp_path / "d" / "ann").mkdir(parents=True)
    (tmp_path / "d" / "ann" / "hw1.py").write_bytes(bytes(1_001))
    assert "GB are read" in collect(tmp_path / "d", tmp_path / "out").output


@pytest.mark.parametrize("what", ["/dev/zero", "/dev/null"])
def test_what_is_neither_a_file_nor_a_folder_is_not_read(tmp_path: Path, what: str) -> None:
    done = collect(Path(what), tmp_path / "out")
    assert (done.exit_code, "neither a zip archive nor a folder" in done.output) == (2, True)


def test_an_output_that_cannot_be_written_is_no_fault_of_the_download(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = collect(packed(tmp_path / "d.zip", {"ann/hw1.py": "x", "bob/hw1.py": "x"}), tmp_path / "file" / "out")
    assert (done.exit_code, "choose another --output" in done.output) == (2, True)
