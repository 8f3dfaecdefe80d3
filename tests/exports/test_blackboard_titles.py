"""Blackboard's headings: in any language, with any sign in a title."""

from __future__ import annotations

import pytest

from autograder.errors import InputError
from autograder.exports import blackboard
from tests.exports import importers
from tests.exports.test_spreadsheets import total

ANOTHER_LANGUAGE = {
    "de": ("Nachname\tVorname\tBenutzername\tMatrikelnummer\tLetzter Zugriff", "[Gesamtpunkte: bis zu 50 Punkte]"),
    "es": ("Apellidos\tNombre\tNombre de usuario\tID de estudiante\tÚltimo acceso", "[Puntos totales: 50 Puntuación]"),
    "zh": ("姓氏\t名字\t用户名\t学生编号\t上次访问", "[总分: 50 得分]"),
    "thousands": ("Nachname\tVorname\tBenutzername\tMatrikelnummer\tLetzter Zugriff", "[Gesamtpunkte: 1.000 Punkte]"),
}


@pytest.mark.parametrize("language", ANOTHER_LANGUAGE)
def test_blackboard_is_read_in_another_language(language: str) -> None:
    titles, about = ANOTHER_LANGUAGE[language]
    column = f"Übung 1 {about} |123"
    text = f"{titles}\t{column}\tGewichtet |4\nLee\tAnn\talee\t0071\t-\t\t\nRay\tBo\tbray\t\t-\t\t\n"
    done = blackboard.fill(text.encode("utf-16"), "d.xls", [total("0071", 42.5), total("bray", 17.0)], "Übung 1")
    _, _, user, number, *_ = titles.split("\t")
    rows = [line.split("\t") for line in done.data.decode("utf-16").splitlines()]
    assert rows == [[user, number, column], ["alee", "0071", "42.50"], ["bray", "", "17.00"]]
    # The importer knows the user's heading in its own language.
    english = done.data.decode("utf-16").replace(user, "Username", 1).encode("utf-16")
    assert importers.blackboard(english, {"alee": "0071", "bray": ""}) == {"alee": 42.5, "bray": 17.0}


@pytest.mark.parametrize("title", ["Homework | 2", "Homework [part 2]", "A|B [c] | d"])
def test_a_title_of_blackboards_ends_at_its_number(title: str) -> None:
    text = f"Username\t{title} [Total Pts: up to 50 Score] |12345\nalee\t\n"
    assert blackboard.fill(text.encode(), "d.xls", [total("alee", 42.5)], title).filled == 1
    with pytest.raises(InputError, match="above Blackboard's maximum 50"):
        blackboard.fill(text.encode(), "d.xls", [total("alee", 50.5)], title)


@pytest.mark.parametrize(
    "text",
    [
        "Nachname\tVorname\tÜbung 1 |1\nLee\tAnn\t\n",
        "Nachname\tVorname\tKurs\tÜbung 1 |1\nLee\tAnn\tA\t\nRay\tBo\tA\t\n",
        "Nachname\tVorname\tKurs\tÜbung 1 |1\nLee\tAnn\t\t\n",
        "Nachname\tVorname\tBenutzername\tÜbung 1\nLee\tAnn\talee\t\n",
    ],
)
def test_blackboards_users_are_not_guessed(text: str) -> None:
    with pytest.raises(InputError, match="not a download of grades from Blackboard"):
        blackboard.fill(text.encode(), "d.xls", [], "Übung 1")
