"""The class report as one HTML file: no network, one script of ours, every text escaped by the template's engine."""

import base64
import hashlib
from importlib.resources import files

from markupsafe import Markup, escape

from reports.class_report import charts, content
from reports.class_report.elements import FEW, Cell, Named, People, Share, Stack, Student, called
from reports.class_report.records import ClassReport
from reports.class_report.roster import folder_of, roster
from reports.feedback.markdown import points

OPEN = 50  #: As many students are listed without being asked for.


def render(report: ClassReport, *, folder: str | None = None, named: bool = True) -> str:
    """Write HTML that loads nothing: its policy allows one style sheet and one script, each by its hash.

    `folder` is where the folders of the grades lie, as a link from the page that ends in a slash; None for no links.
    `named` says whether students go by their names, which the page then says.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    style, script = _ours("page.css"), _ours("page.js")
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cell"] = lambda cell: _cell(cell, folder)
    environment.filters["points"] = points
    return environment.get_template("page.html.j2").render(
        report=report,
        warning=content.warning(named=named),
        tiles=content.tiles(report),
        sections=content.sections(report),
        roster=roster(report, folder),
        is_open=report.students <= OPEN,
        frames=[
            charts.Frame(totals=report.totals, name=name, width=width)
            for name, width in (("wide", 880), ("narrow", 330))
            if report.totals is not None
        ],
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'",
    )


def _ours(file: str) -> Markup:
    """Read a file of ours: escaping would break it."""
    return Markup(files("reports.class_report").joinpath(file).read_text(encoding="utf-8"))  # noqa: S704


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _people(students: tuple[str, ...]) -> Markup:
    # bdi: a name written from the right must not turn the text around it.
    names = Markup("<bdi>{}</bdi>").format(Markup("</bdi>, <bdi>").join(map(called, students)))
    if len(students) <= FEW:
        return names
    return Markup("<details><summary>{} students</summary>{}</details>").format(len(students), names)


def _cell(cell: Cell, folder: str | None) -> Markup:
    if isinstance(cell, Student):
        return folder_of(cell.student, folder)
    if isinstance(cell, People):
        return _people(cell.students)
    if isinstance(cell, Named):
        return Markup("{}<code>{}</code>").format(cell.title, cell.code)
    if isinstance(cell, Share):
        return Markup('<span class="measure">{}{}</span>').format(charts.share_bar(cell.share), cell.text)
    if isinstance(cell, Stack):
        return Markup('{}<span class="words">{}</span>').format(charts.stack_bar(cell), cell.text)
    return escape(cell)
