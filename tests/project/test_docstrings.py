"""The public API is documented in numpydoc's terms, by the checks listed in pyproject.toml.

What authors call on a question's page tells every parameter, and the records they may write by hand every field;
elsewhere one line does where the types say the rest, and a section that is there is whole.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
import pydoc
import re
import sys
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

import autograder
import reports
from autograder import model

pytestmark = pytest.mark.no_cover  # it reads the source, and runs none of it

SETTINGS = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["numpydoc_validation"]
CHECKS = set(SETTINGS["checks"])
#: Which section a check is about.
ABOUT = {"PR": "Parameters", "RT": "Returns", "YD": "Yields"}
#: What authors write.
AUTHORED = {thing for name, thing in vars(model).items() if callable(thing) and not name.startswith("_")}


def public_modules():
    for package in (autograder, reports):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(piece.startswith("_") for piece in info.name.split(".")):
                yield info.name


def public_names():
    for name in public_modules():
        __import__(name)
        module = sys.modules[name]
        source = ast.parse(inspect.getsource(module))
        for node in source.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                if ".cli." in f"{name}.":
                    continue  # click commands: their docstrings are the help a person reads
                yield f"{name}.{node.name}"
                for inner in node.body if isinstance(node, ast.ClassDef) else ():
                    if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                        yield f"{name}.{node.name}.{inner.name}"


@pytest.mark.parametrize("name", sorted(public_names()))
def test_public_api_is_documented(name):
    named = [(code, text) for code, text in validate(name)["errors"] if code in CHECKS]
    thing = pydoc.locate(name)
    sections = NumpyDocString(inspect.getdoc(thing) or "")
    if is_dataclass(thing):
        # A record's parameters are its fields, and each is documented where it stands.
        named = [(code, text) for code, text in named if not code.startswith("PR")]
    there = {code for code, section in ABOUT.items() if sections[section]}
    there |= {"PR"} if thing in AUTHORED else set()
    named = [(code, text) for code, text in named if code[:2] not in ABOUT or code[:2] in there]
    assert not [f"{code} {text}" for code, text in named]


@pytest.mark.parametrize(
    "record",
    sorted((one for one in AUTHORED if is_dataclass(one)), key=lambda record: record.__name__),
    ids=lambda record: record.__name__,
)
def test_every_field_that_an_author_writes_is_documented(record):
    said = re.findall(r"^ +#: .+\n +(\w+): |^ +(\w+): .+  #: .", inspect.getsource(record), re.MULTILINE)
    assert [above or beside for above, beside in said] == [field.name for field in fields(record)]


def test_the_check_can_fail():
    assert "PR01" in CHECKS
    errors = {code for code, _ in validate("tests.project.test_docstrings.public_names")["errors"]}
    assert "GL08" in errors


def test_the_reference_pages_show_what_is_there() -> None:
    pages = Path(__file__).parents[2].joinpath("docs", "reference").glob("*.md")
    shown = [name for page in pages for name in re.findall(r"auto\w+:: (\S+)", page.read_text(encoding="utf-8"))]
    assert len(shown) > 10
    for name in shown:
        pkgutil.resolve_name(name)
