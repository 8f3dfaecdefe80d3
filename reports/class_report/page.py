"""The class report as one HTML file: no script, no network, every text escaped by the template's engine."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from markupsafe import Markup, escape

from autograder.shown import decoded
from reports.class_report import charts, content
from reports.class_report.elements import Cell, Named, People, Share, Stack, visible
from reports.class_report.records import ClassReport

FEW = 6
"""As many students are listed at once; more are folded."""


def render(report: ClassReport) -> str:
    """Write HTML that loads nothing and runs nothing: its policy allows one style sheet, by its hash."""
    from jinja2 import Environment, StrictUndefined

    here = files("reports.class_report")
    style = here.joinpath("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["cell"] = _cell
    template = environment.from_string(here.joinpath("page.html.j2").read_text(encoding="utf-8"))
    return template.render(
        report=report,
        tiles=content.tiles(report),
        sections=content.sections(report),
        figures=()
        if report.totals is None
        else (
            charts.distribution(report.totals, name="wide", width=880),
            charts.distribution(report.totals, name="narrow", width=330),
        ),
        style=Markup(style),  # noqa: S704 - our own file: escaping would break it
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def _people(students: tuple[str, ...]) -> Markup:
    # bdi: a name written from the right must not turn the text around it.
    names = Markup(", ").join(Markup("<bdi>{}</bdi>").format(visible(decoded(student))) for student in students)
    if len(students) <= FEW:
        return names
    return Markup("<details><summary>{} students</summary>{}</details>").format(len(students), names)


def _cell(cell: Cell) -> Markup:
    if isinstance(cell, People):
        return _people(cell.students)
    if isinstance(cell, Named):
        return Markup("{}<code>{}</code>").format(cell.title, cell.code)
    if isinstance(cell, Share):
        return Markup('<span class="measure">{}{}</span>').format(charts.share_bar(cell.share), cell.text)
    if isinstance(cell, Stack):
        return Markup('{}<span class="words">{}</span>').format(charts.stack_bar(cell), cell.text)
    return escape(cell)
