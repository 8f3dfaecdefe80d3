"""The instructor's browser: attachments that are pages, scripts and no pictures."""

from tests.nbgrader_attacks import markdown

PAGE = "PHNjcmlwdD53aW5kb3cuaHcxX293bmVkPXRydWU8L3NjcmlwdD4="


def attack(notebook, folder):
    cell = markdown("![a](attachment:a.svg) ![b](attachment:b.html) [c](attachment:b.html) <img src='attachment:a.svg'>")
    cell["attachments"] = {
        "a.svg": {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hw1_owned=true'/>"},
        "b.html": {"text/html": PAGE, "image/png\" onerror=\"window.hw1_owned=true": PAGE},
        "c": {"image/png": "\" onerror=\"window.hw1_owned=true"},
        "d": "no bundle",
    }
    notebook["cells"].insert(0, cell)
