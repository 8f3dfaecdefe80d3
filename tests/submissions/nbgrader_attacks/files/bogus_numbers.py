"""A run that stops for the whole class: numbers that JSON does not have, keys that are there twice."""

import json


def attack(notebook, folder):
    text = json.dumps(notebook).replace('"points": 20', '"points": NaN, "points": 1e999, "points": -Infinity').replace('"nbformat": 4,', '"nbformat": 3, "nbformat": 4,')
    (folder / "hw1.ipynb").write_text(text)
    return "as it is"
