"""The class report's page: hostile texts, the roster with and without its script, accessibility, print."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import re
import subprocess
from collections import Counter
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import pikepdf
import pytest
from msgspec.structs import replace

from autograder.gradebook.reading import ClassResults, read_class
from reports.class_report import page as page_module
from reports.class_report.content import sections
from reports.class_report.document import build
from reports.class_report.elements import excerpt
from reports.class_report.page import render
from reports.class_report.summary import summarize
from tests import synthetic_class, toy
from tests.reports.conftest import PASSED

LARGE = 10_000
# One browser and one large class: on one worker.
pytestmark = pytest.mark.xdist_group("class-page")


class Tags(HTMLParser):
    """Every tag and attribute of a page, as a parser of its own sees them."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = Counter(), set()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}


def test_nothing_that_a_student_wrote_becomes_a_tag(hostile_class):
    titled = dataclasses.replace(toy.ASSIGNMENT, title="Less < more <script>")
    page = render(summarize(titled, read_class(hostile_class, titled)), folder="../grades/")
    tags = Tags()
    tags.feed(page)
    assert not tags.tags.keys() & {"img", "iframe", "object", "link", "base", "form"}
    assert not {name for name in tags.attributes if name.startswith("on") or name == "style"}
    assert "\u202e" not in page, "what turns text round is named instead"
    assert "[U+202E]gnp.exe" in page
    assert "{{ 7 * 7 }}" in page
    assert "http" not in page.replace("http-equiv", ""), "the page loads nothing"
    (script,) = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    assert tags.tags["script"] == 1
    policy = html.unescape(re.search('Content-Security-Policy" content="([^"]*)"', page).group(1))
    allowed = dict(rule.split(" ", 1) for rule in policy.split("; "))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert allowed["script-src"] == f"'sha256-{digest}'"
    assert allowed["default-src"] == "'none'"


def show(browser, file, width=1280, scheme="light"):
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(file.as_uri())


def test_in_a_real_browser_no_script_runs_and_no_page_is_too_wide(browser, hostile_class, big, assignment, tmp_path):
    from selenium.common.exceptions import JavascriptException
    from selenium.webdriver.support.expected_conditions import alert_is_present

    pages = {
        "hostile": render(summarize(toy.ASSIGNMENT, read_class(hostile_class, toy.ASSIGNMENT))),
        "big": render(summarize(assignment, read_class(big, assignment))),
    }
    for name, page in pages.items():
        file = tmp_path / f"{name}.html"
        file.write_text(page, encoding="utf-8")
        for width, scheme in ((360, "light"), (1280, "dark")):
            show(browser, file, width, scheme)
            assert not alert_is_present()(browser)
            assert browser.title == f"Class report: {'Toy homework' if name == 'hostile' else assignment.title}"
            opened = """
                document.querySelectorAll('details').forEach(one => one.open = true);
                document.querySelectorAll('#students tbody button').forEach(one => one.click());
            """
            widths = "return [document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
            for before in ("", opened):
                assert max(browser.execute_script(before + widths)) == width, (name, before)
            dark = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
            assert (dark == "rgb(18, 21, 28)") == (scheme == "dark"), "the style sheet's hash is the policy's"
            assert browser.get_log("browser") == []
    with pytest.raises(JavascriptException, match="TrustedHTML"):
        browser.execute_script("document.body.innerHTML = '<p>'")
    assert "TrustedHTML" in browser.get_log("browser")[0]["message"]
    # Without the rule about trusted types, for browsers that do not know it.
    file.write_text(re.sub("require-trusted.*? trusted-types .*?; ", "", page), encoding="utf-8")
    show(browser, file)
    script = "const s = document.createElement('script'); s.text = 'document.title = 1'; document.body.append(s)"
    browser.execute_script(script)
    assert browser.title != "1", "the page's policy lets no script run"
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def wrong(name=None):
    return ("wrong", name)


@pytest.fixture
def roster(browser, small, tmp_path):
    """Open a class of five, one in a folder with a name that a link must spell."""
    rows = {
        "Zo%C3%AB": [PASSED, wrong("no_step"), wrong("sign")],
        "ada": [PASSED] * 3,
        "b#?&": [("approx", None), ("timed_out", None), PASSED],
        "carl": [("crashed", None), ("crashed", None), wrong()],
    }
    grades = [synthetic_class.grade(small, student, statuses) for student, statuses in rows.items()]
    grades.append(synthetic_class.without_scores(small, "dora", "grader_fault", "the sandbox died"))
    found = read_class(synthetic_class.write(tmp_path / "the grades", grades), small)
    file = tmp_path / "out" / "class.html"
    file.parent.mkdir()
    file.write_text(render(summarize(small, found), folder="../the%20grades/"), encoding="utf-8")
    show(browser, file)
    return browser


def column(browser, place):
    return browser.execute_script(
        "return [...document.querySelectorAll('#students tbody tr')].map(row => row.cells[arguments[0]].textContent)",
        place,
    )


def sort_by(browser, title):
    (head,) = browser.find_elements("css selector", f"#students th[data-title='{title}']")
    head.find_element("tag name", "button").click()
    return head.get_attribute("aria-sort")


def said(browser):
    return browser.find_element("css selector", "#students [role=status]").text


def test_the_roster_is_sorted_by_any_column(roster):
    assert column(roster, 0) == ["Zoë", "ada", "b#?&", "carl", "dora"]
    assert sort_by(roster, "points") == "ascending"
    assert column(roster, 1) == ["?", "0", "4", "7", "11"]
    assert sort_by(roster, "points") == "descending"
    assert column(roster, 0) == ["ada", "b#?&", "Zoë", "carl", "dora"]
    assert said(roster) == "5 students, by points, descending"
    titles = [
        head.get_attribute("data-title") for head in roster.find_elements("css selector", "#students th[scope=col]")
    ]
    assert titles == ["student", "points", "q3", "q4", "q3.sums", "q3.sums.general", "q4.dE_dx", "what was found"]
    sort_by(roster, "student")
    assert column(roster, 0) == ["ada", "b#?&", "carl", "dora", "Zoë"]
    sort_by(roster, "q3.sums.general")
    assert column(roster, 5) == ["?", "\u2013", "\u2013", "0", "2"], "no answer comes before a wrong one"
    sort_by(roster, "what was found")
    assert column(roster, 7)[1:] == [
        "crashed: running_sums",
        "fault of the grader, no points known: the sandbox died",
        "no step; sign",
        "running_sums: approximate; running_sums: too slow",
    ]


def test_the_roster_is_searched_by_names_and_findings(roster):
    search = roster.find_element("css selector", "#students input[type=search]")
    for words, names in {
        "zoe": ["Zoë"],
        "SIGN": ["Zoë"],
        "running crash": ["carl"],
        "#?": ["b#?&"],
        "<b>": [],
        "": ["Zoë", "ada", "b#?&", "carl", "dora"],
    }.items():
        search.clear()
        search.send_keys(words or " ")
        assert column(roster, 0) == names, words
    search.clear()
    search.send_keys("sign")
    assert said(roster) == "1 student found among 5"
    sort_by(roster, "points")
    assert column(roster, 0) == ["Zoë"], "what is sought stays"


def test_a_student_opens_to_criteria_and_folder(roster, tmp_path):
    from selenium.webdriver.common.keys import Keys

    buttons = roster.find_elements("css selector", "#students tbody button")
    assert {button.get_attribute("aria-expanded") for button in buttons} == {"false"}
    folders = []
    for button in buttons:
        button.send_keys(Keys.ENTER)
        assert button.get_attribute("aria-expanded") == "true"
        (link,) = roster.find_elements("css selector", "#students .details a")
        folder = Path(unquote_to_bytes(urlsplit(link.get_attribute("href")).path).decode())
        folders.append(folder)
        assert (folder / "grade.json").exists()
        if button.text == "Zoë":
            inside = [one.text for one in roster.find_elements("css selector", "#students .details li")]
            assert inside == [
                "the sums (q3.sums): right, 4 of 4",
                "the sums, in general (q3.sums.general): wrong, 0 of 2: no step",
                "the gradient (q4.dE_dx): wrong, 0 of 5: sign",
            ]
        button.send_keys(Keys.SPACE)
        assert not roster.find_elements("css selector", "#students .details")
    assert sorted(folders) == sorted((tmp_path / "the grades").glob("*/")), "everybody's"


class Lines(HTMLParser):
    """The texts of the roster's cells, from the file alone."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(page[page.index('<section id="students"') :])

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("td", "th") or (self.inside and tag != "tr")
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.inside and self.rows:
            self.rows[-1][-1] += data.strip()

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("tr", "thead", "table")


def test_without_its_script_everybody_is_in_the_file(small, tmp_path, big, assignment):
    report = summarize(assignment, read_class(big, assignment))
    head, *lines = Lines(render(report)).rows
    assert {len(line) for line in lines} == {len(head)}
    assert [line[0] for line in lines] == [excerpt(result.student) for result in report.everybody]
    assert [line[1] for line in lines] == [f"{result.points:g}" for result in report.everybody]
    by_criterion = dict(zip(head, zip(*lines, strict=True), strict=True))
    for criterion in report.criteria:
        shown = by_criterion[criterion.id]
        assert shown.count(f"{criterion.possible:g}") == criterion.right


@pytest.fixture(scope="module")
def large(big, assignment):
    """Return the report on many who share 300 grades, and some of them their code, with its page."""
    few = read_class(big, assignment)
    students = [f"s{number:05}" for number in range(LARGE)]
    results = list(synthetic_class.repeated(few.results, students))
    for place in range(0, LARGE, 7):
        results[place] = replace(results[place], submission_sha256=f"{place % 70:064x}")
    report = summarize(assignment, ClassResults(results=tuple(results), unread=few.unread, log=()))
    return report, render(report, folder="../grades/")


def within(page, section):
    start = page.index(f'<section id="{section}"')
    return html.unescape(page[start : page.index("</section>", start)])


@pytest.mark.parametrize("size", ["big", "large"])
def test_whoever_needs_attention_is_listed_in_the_largest_class(size, big, large, assignment):
    report, page = large
    if size == "big":
        report = summarize(assignment, read_class(big, assignment))
        page = render(report)
    part = within(page, "attention")
    assert page.index('<section id="attention"') < page.index('<section id="points"')
    told = re.findall(r"<bdi>([^<]*)</bdi>", part)
    graded = [result for result in report.everybody if result.status == "graded"]
    code = Counter(result.submission_sha256 for result in graded)
    kinds = {
        "not allowed": {r.student for r in report.everybody if any(s.status == "forbidden" for s in r.scores)},
        "crashed": {r.student for r in report.everybody if any(s.status == "crashed" for s in r.scores)},
        "unreadable": {r.student for r in report.everybody if r.status == "unreadable"},
        "identical": {r.student for r in graded if code[r.submission_sha256] > 1},
    }
    for kind, students in kinds.items():
        assert students, kind
        assert not students - {*told}, kind
    assert len(told) >= len(kinds["not allowed"] | kinds["crashed"] | kinds["unreadable"]) + len(kinds["identical"])
    assert part.count("<details") >= 1, "what is long is folded"


def pages_of(browser):
    """Print the page as a browser does."""
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.5, "paperHeight": 11})
    with pikepdf.open(BytesIO(base64.b64decode(printed["data"]))) as pdf:
        return len(pdf.pages)


def test_a_large_class_fits_into_a_small_file_and_four_pages(browser, large, tmp_path):
    report, page = large
    assert len(page.encode()) < 10_000_000
    file = tmp_path / "class.html"
    file.write_text(page, encoding="utf-8")
    show(browser, file, 390)
    assert said(browser) == f"1 to 50 of {LARGE} students"
    assert len(column(browser, 0)) < 51 < LARGE, "no more lines are laid out than are looked at"
    browser.find_element("xpath", "//button[text()='Next']").click()
    assert column(browser, 0)[0] == report.everybody[50].student
    browser.find_element("css selector", "#search").send_keys("not allowed")
    shown = int(re.search(r"(\d+) students? found among", said(browser)).group(1))
    assert shown == sum(any(score.status == "forbidden" for score in result.scores) for result in report.everybody)
    assert pages_of(browser) <= 4
    with pikepdf.open(BytesIO(build(report))) as pdf:
        assert len(pdf.pages) <= 4


@pytest.mark.parametrize("students", [5, 300])
def test_it_prints_on_four_pages_without_the_roster(browser, big, assignment, tmp_path, students):
    found = read_class(big, assignment)
    report = summarize(assignment, dataclasses.replace(found, results=found.results[-students:]))
    file = tmp_path / "class.html"
    file.write_text(render(report), encoding="utf-8")
    show(browser, file)
    assert pages_of(browser) <= 4
    with pikepdf.open(BytesIO(build(report))) as pdf:
        assert len(pdf.pages) <= 4
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = browser.execute_script("return getComputedStyle(document.getElementById('students')).display")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == "none"


@pytest.mark.parametrize("students", [7, 40, 300])
def test_no_page_ends_with_a_heading_or_the_head_of_a_table(big, assignment, students):
    found = read_class(big, assignment)
    report = summarize(assignment, dataclasses.replace(found, results=found.results[-students:]))
    begin = {section.heading for section in sections(report)}
    begin |= {table.caption for section in sections(report) for table in section.tables}
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=build(report), capture_output=True, check=True)
    *pages, _ = ([" ".join(line.split()) for line in page.splitlines()] for page in done.stdout.decode().split("\f"))
    assert len(pages) > 1
    for page in pages:
        *lines, _ = filter(None, page)
        # A head has one line or two.
        assert not begin & {*lines[-3:]}


def test_in_the_dark_every_cell_of_the_roster_stands_out_from_the_card():
    style = (Path(page_module.__file__).parent / "page.css").read_text(encoding="utf-8")
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style[style.index("prefers-color-scheme: dark") :]))
    cells = [color for name, color in dark.items() if name.startswith("cell-")]
    assert len(cells) == 4
    assert min((_light(color) + 0.05) / (_light(dark["card"]) + 0.05) for color in cells) > 1.5


def _light(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# What axe leaves open (one digit, text in a picture): every text against the ground that it stands on.
CONTRASTS = """
    const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = (color) => {
        const [r, g, b] = numbers(color).map((one) => one / 255)
            .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (one) => {
        const color = getComputedStyle(one).backgroundColor;
        return numbers(color)[3] === 0 ? ground(one.parentElement) : color;
    };
    return [...document.querySelectorAll("body *")].flatMap((one) => {
        const owns = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!owns || one.disabled || one.closest("script, title, desc")) return [];
        const style = getComputedStyle(one);
        const both = [light(one.closest("svg") ? style.fill : style.color), light(ground(one))].sort((a, b) => b - a);
        return [[(both[0] + 0.05) / (both[1] + 0.05), one.outerHTML.slice(0, 80)]];
    });
"""


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_every_text_stands_out(browser, hostile_class, tmp_path, width, scheme):
    from axe_core_python.selenium import Axe

    file = tmp_path / "class.html"
    page = render(summarize(toy.ASSIGNMENT, read_class(hostile_class, toy.ASSIGNMENT)), folder="../grades/")
    file.write_text(page, encoding="utf-8")
    show(browser, file, width, scheme)
    browser.set_script_timeout(300)
    opened = """
        document.querySelectorAll('details').forEach(one => one.open = true);
        document.querySelector('#students tbody button').click();
        document.querySelector('#students thead button').click();
        document.querySelector('#students tbody button').click();
    """
    for before in ("", opened):
        browser.execute_script(before)
        found = Axe().run(browser)
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
        assert {fault["id"] for fault in found["incomplete"]} <= {"color-contrast"}
        contrasts = browser.execute_script(CONTRASTS)
        assert len(contrasts) > 200
        assert [one for one in contrasts if one[0] < 4.5] == []
