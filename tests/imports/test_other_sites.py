"""Downloads as other sites write them: another language, another way to write times, a quiz, a group's name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.imports.test_collect import collect, packed, tree
from tests.imports.test_whose import GROUPED, T, canvas


@pytest.mark.parametrize("late", ["", "_LATE"])
def test_of_a_name_without_a_letter_canvas_leaves_nothing(tmp_path: Path, late: str) -> None:
    files = {f"{late}_11_9001_a.py": "x", f"{late}_12_text.html": "typed", "doejohn_13_9002_a.py": "y"}
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert tree(tmp_path / "out") == {"11/a.py": "x", "13/a.py": "y"}
    assert f"late: {int(bool(late))}, " in done.output


def test_files_that_a_quiz_asked_for_are_each_students_own(tmp_path: Path) -> None:
    files = {
        "doe_john11_question_77_9001_hw1.py": "john",
        "doe_john11_question_78_9002_helper.py": "helper",
        "o-hara_ann12_question_77_9003_hw1-1.py": "ann",
        # What they chose themselves says nothing.
        "mal13_question_77_9004_x12_question_77_9005_hw1.py": "mal",
    }
    assert collect(packed(tmp_path / "d.zip", files), tmp_path / "out").exit_code == 0
    assert tree(tmp_path / "out") == {
        "11/hw1.py": "john",
        "11/helper.py": "helper",
        "12/hw1.py": "ann",
        "13/x12_question_77_9005_hw1.py": "mal",
    }
    forged = canvas({"hw1.py": "victim"}, {"x11_question_1_9009_hw1.py": "forged"})
    assert collect(packed(tmp_path / "f.zip", forged), tmp_path / "f").exit_code == 0
    assert tree(tmp_path / "f") == {"11/hw1.py": "victim", "12/x11_question_1_9009_hw1.py": "forged"}


RECEIPTS = {
    "de": ("Name: {name} ({user})", "Ursprünglicher Dateiname: ", "Dateiname: ", "Versuch"),
    "fr": ("Nom : {name} ({user})", "Nom de fichier d'origine : ", "Nom de fichier : ", "tentative"),
    "ja": ("氏名：{name}（{user}）", "元のファイル名：", "ファイル名：", "試行"),
    "he": ("שם: {name} (\u200e{user}\u200e)", "שם קובץ מקורי: ", "שם קובץ: ", "ניסיון"),
}


@pytest.mark.parametrize("language", RECEIPTS)
def test_a_receipt_of_blackboards_is_read_in_any_language(tmp_path: Path, language: str) -> None:
    named, before, now, attempt = RECEIPTS[language]
    files = {}
    for user, name in (("jd_42", "Jörg Dühr"), ("kl", "Zo\u00eb")):
        stored = f"Übung 1_{user}_{attempt}_{T}"
        lines = (
            named.format(name=name, user=user),
            "Übung: Übung 1",
            f"\t{before}Lösung (1).py",
            f"\t{now}{stored}_L.py",
        )
        # Decomposed, as another program may have written it.
        files |= {f"{stored}.txt": unicodedata.normalize("NFD", "\n".join(lines)), f"{stored}_L.py": user}
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert tree(tmp_path / "out") == {f"{user}/Lösung (1).py": user for user in ("jd_42", "kl")}
    # As a person writes it.
    assert f"not kept: 'Übung 1_kl_{attempt}_{T}.txt', Blackboard's receipt" in done.output


@pytest.mark.parametrize(
    "files",
    [
        {f"HW_team a_attempt_{T}_a.py": "x", f"HW_zz9_attempt_{T}_a.py": "z"},
        {"Team A/a.py": "x", "zz9/a.py": "z"},
        {"hw-1-team-a/.git/x": "", "hw-1-team-a/a.py": "x", "hw-1-zz9/.git/x": "", "hw-1-zz9/a.py": "z"},
    ],
)
def test_what_is_called_after_a_group_is_each_members(tmp_path: Path, files: dict[str, str]) -> None:
    (tmp_path / "r.csv").write_text(GROUPED, encoding="utf-8")
    done = collect(packed(tmp_path / "d.zip", files), tmp_path / "out", "--roster", tmp_path / "r.csv")
    assert done.exit_code == 0, done.output
    assert tree(tmp_path / "out") == {"jd1/a.py": "x", "ar2/a.py": "x", "zz9/a.py": "z"}
    assert "in groups: 2" in done.output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Feb 1, 2026 104 PM", "Feb 1, 2026 1004 PM"),
        ("Feb 1, 2026 104\u202fPM", "Feb 1, 2026 204\u202fPM"),
        ("Feb 1, 2026\u00a0104\u00a0PM", "Feb 1, 2026\u00a0204\u00a0PM"),
        ("Feb 1, 2026 1159 a.m.", "Feb 1, 2026 104 p.m."),
        ("1 Feb, 2026 1259 am", "1 Feb, 2026 104 am"),
        ("1 February, 2026 959", "1 February, 2026 1004"),
    ],
)
def test_the_newest_of_brightspaces_attempts_however_a_site_writes_times(tmp_path: Path, old: str, new: str) -> None:
    files = {f"7001-55 - A - {time}/hw1.py": name for time, name in ((old, "old"), (new, "new"))}
    assert collect(packed(tmp_path / "d.zip", files), tmp_path / "out").exit_code == 0
    assert tree(tmp_path / "out") == {"7001/hw1.py": "new"}
