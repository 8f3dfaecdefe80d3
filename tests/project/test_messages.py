"""What a person reads: in one list, in American spelling, in the singular where there is one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.words import counted
from tests import messages

pytestmark = pytest.mark.no_cover  # it reads the source, and runs none of it

ROOT = Path(__file__).parents[2]
PAGES = [messages.FILE, *sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

FINE = re.compile(
    r"(?:adv|ar|batchw|compr|conc|disgu|elementw|exerc|l?ikew|madv|no|otherw|pointw|pra|prec|prem|prom|ra|rev|r|roww|superv|surpr|w)is(?:e[sd]?|ing)",
    re.IGNORECASE,
)
"""Words that Americans, too, spell with an s."""

NO_COUNTS = (
    r"\{[A-Z_.]*[A-Z]{2}[A-Z_]*\}",  # a constant, of which there are many
    r"\{(decimal|_in_words|counted)\(.*?\)\}",
    r"\{len\((names|self\.packages|lines|found\.values)\)\}",  # said of two or more only
    r"\{(len\(cell\.students\))?\}",  # folded names, of which there are several
    r"\{(output|index\.value)\}",  # no count, and read by nobody
    r"\{len\((blocks|path|written|cells|given|apart)\)\}",  # said of very many
    r"\{(self\._workers|limits\.\w+|limits\[.*?\]|size / 1\d+\.0|seconds|spell\.seconds|space\.seconds)\}",
    r"\{(array\.dtype\.name|length|most|points|index|node\.index|name|needed .*?)\}",  # no count, or one of thousands
    # Rows, columns, files and the like that are named because they are several.
    r"\{(hours|count|first\.of|len\((installed|named|places|row|entries|values|wrong\.hint)\)|np\.size\(value\)|self\._calls)\}",
)
"""Placeholders that a plural may follow."""

VERBS = (
    "is|has|was|does|says|as|this|needs|answers|ends|takes|holds|gives|lies|goes|shows|runs|belongs|sits|grades|names|"
    "stands|judges|differs|yours|knows|leads|fails|draws|earns|decides|returns|changes|follows|counts|sums|uses|"
    "ignores|drops|includes|comes|times"
)


def test_the_list_has_every_message() -> None:
    told = "tests/messages.txt is older than the messages: python -m tests.messages, and read what is new in it"
    assert messages.FILE.read_text(encoding="utf-8") == messages.listing(), told


def test_an_expression_is_no_message() -> None:
    source = r"""
import re
SOUGHT = re.compile(r"in the denominator|partition")
TABLE = {"by": r"\bdenote by\Z", "row": r"(?:for|to denote) it"}
print(rf"{len(TABLE)} are known, such as $\beta$ in \begin{cases}", "is it all?")
"""
    found = list(messages._of_module(source))
    assert found == [r"{len(TABLE)} are known, such as $\beta$ in \begin{cases}", "is it all?"]


def test_spelling_is_american() -> None:
    # Names in the code are words, too; writeable is NumPy's.
    command = [Path(sys.executable).with_name("codespell"), "--builtin", "en-GB_to_en-US", "-L", "catalogue,writeable"]
    named = [*PAGES, "autograder", "reports", "solutions", "Makefile", "pyproject.toml"]
    done = subprocess.run([*command, "-S", "*.pyc", *named], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    for page in PAGES:
        words = re.findall(r"\b[A-Za-z]+is(?:e|es|ed|er|ers|ing|ation|ations)\b", page.read_text(encoding="utf-8"))
        assert [word for word in words if not FINE.fullmatch(word)] == [], page.name


def test_names_of_mistakes_are_american_words() -> None:
    """Students read them, and a spelling checker takes words with underscores for one."""
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "solutions").glob("*.py")]
    names = [name for source in sources for name in re.findall(r'^ +"([a-z_]+)": \(', source, re.MULTILINE)]
    words = [word for name in names for word in name.split("_")]
    assert len(names) > 80
    assert [word for word in words if re.search(r"is(?:e|ed|ing|ation)$", word) and not FINE.fullmatch(word)] == []


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (1.0, "1 case"), (0.5, "0.5 cases")]
)
def test_a_number_goes_with_its_noun(number: float, said: str) -> None:
    assert counted(number, "case") == said
    assert counted(number, "query", "queries") == said.replace("cases", "queries").replace("case", "query")


def test_no_number_that_may_be_one_stands_before_a_plural() -> None:
    known = re.compile("|".join(NO_COUNTS))
    plural = re.compile(rf"(\{{[^{{}}]*\}}) (?!(?:{VERBS})\b)[a-z]+s\b")
    found = [
        f"{name}: {hit[0]}"
        for name, texts in messages.texts()
        for text in texts
        if not name.startswith("solutions/")
        for hit in plural.finditer(text)
        if not known.fullmatch(hit[1])
    ]
    assert found == []
