"""The public API is documented in numpydoc's terms, by the checks listed in pyproject.toml.

What authors call has its sections; elsewhere one line does where the types say the rest,
and a section that is there is whole.
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

pytestmark = pytest.mark.no_cover  # it reads the source, and runs none of it

SETTINGS = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["numpydoc_validation"]
CHECKS = set(SETTINGS["checks"])
#: Which section a check is about.
ABOUT = {"PR": "Parameters", "RT": "Returns", "YD": "Yields"}
IN_FULL = "autograder.model."


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
        # A record's parameters are its attributes, and are documented once, as such.
        named = [(code, text) for code, text in named if not code.startswith("PR0")]
        listed = {name.strip() for attribute in sections["Attributes"] for name in attribute.name.split(",")}
        if listed or name.startswith(IN_FULL):
            assert listed == {field.name for field in fields(thing)}
    if not name.startswith(IN_FULL):
        named = [(code, text) for code, text in named if code[:2] not in ABOUT or sections[ABOUT[code[:2]]]]
    assert not [f"{code} {text}" for code, text in named]


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
