"""How Sphinx builds these pages; `make docs` runs it with warnings as errors."""

from __future__ import annotations

import os
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
from sphinx.application import Sphinx

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "hw1"
author = "the hw1-autograder authors"
project_copyright = "2026, the hw1-autograder authors"
version = release = _PROJECT["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "numpydoc", "sphinx_click"]
autosummary_generate = False
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

# One file from PyPI, with its glyphs inside: no page asks another host for anything.
mathjax_path = "tex-svg.js"
html_static_path = [str(files("sphinx-mathjax-offline").joinpath("static/mathjax/tex-svg.js")), "_static"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 60
# Types of other projects have their pages elsewhere, and these pages ask nobody.
nitpick_ignore_regex = [("py:.*", r"(?!autograder\.).*")]
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False

smartquotes_action = "qe"  # `--strict` keeps both its hyphens
html_theme = "furo"
html_title = f"hw1 {release}"
html_css_files = ["docs.css"]
html_copy_source = False
html_show_sphinx = False

#: Pages that stand at the top of the repository, where people look for them, and how they are called here.
_JOINED = {"SECURITY.md": "security.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([\w./-]+)(#[\w-]+)?\)")


def _join(_: Sphinx, page: str, source: list[str]) -> None:
    """Read what stands at the top from there; let links out of `docs/` lead to its page, or name the file."""
    here = Path("docs", page).parent
    for file, name in _JOINED.items():
        if name == f"{page}.md":
            source[0], here = (_ROOT / file).read_text(encoding="utf-8"), Path()

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found.groups()
        file = os.path.normpath(here / target)
        file = f"docs/{_JOINED[file]}" if file in _JOINED else file
        if file.startswith("docs/"):
            return f"[{text}]({os.path.relpath(file, Path('docs', page).parent)}{anchor or ''})"
        return text if text.strip("`") in (target, file) else f"{text} (`{file}`)"

    source[0] = _LINK.sub(link, source[0])
    if page == "index":  # Sphinx warns of a pattern that no page meets
        lines = source[0].splitlines()
        source[0] = "\n".join(line for line in lines if not line.endswith("*") or any(_HERE.glob(f"{line}.md")))


def _plain_defaults(_: Sphinx, __: click.Context, lines: list[str]) -> None:
    """Show the default of a path as it is typed."""
    lines[:] = [re.sub(r"PosixPath\('([^']*)'\)", r"\1", line) for line in lines]


def _readable_signature(*event: Any) -> tuple[str, str | None] | None:
    """Show a default that is made anew each time as `...`, since Sphinx cannot read `<factory>`."""
    signature, returns = event[-2:]
    return (signature.replace("<factory>", "..."), returns) if signature else None


def setup(app: Sphinx) -> None:
    """Register what joins the pages and makes them read well."""
    app.connect("source-read", _join)
    app.connect("autodoc-process-signature", _readable_signature)
    app.connect("sphinx-click-process-options", _plain_defaults)
