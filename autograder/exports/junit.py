"""JUnit's XML, as any CI shows it: one suite per student, one case per criterion, points as properties."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from autograder.exports.records import Line, Report
from autograder.words import counted, number


def document(reports: Sequence[Report]) -> bytes:
    """Lay out the class."""
    root = ET.Element("testsuites")
    for report in reports:
        failures = sum(not line.passed for line in report.lines)
        suite = ET.SubElement(
            root,
            "testsuite",
            name=_plain(report.name),
            tests=str(len(report.lines) or 1),
            failures=str(failures),
            errors=str(int(report.earned is None)),
        )
        properties = ET.SubElement(suite, "properties")
        _property(properties, "student", report.student)
        if report.earned is not None:
            _property(properties, "earned", str(number(report.earned)))
        _property(properties, "possible", str(number(report.possible)))
        if report.earned is None:
            case = ET.SubElement(suite, "testcase", classname=_plain(report.name), name="grading")
            ET.SubElement(case, "error", message="The grader failed, so the points are not known.")
        for line in report.lines:
            _case(suite, report, line)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ET.Element, report: Report, line: Line) -> None:
    case = ET.SubElement(suite, "testcase", classname=_plain(f"{report.name}.{line.question}"), name=line.title)
    properties = ET.SubElement(case, "properties")
    _property(properties, "criterion", line.id)
    _property(properties, "earned", str(number(line.earned)))
    _property(properties, "possible", str(number(line.possible)))
    if not line.passed:
        failure = ET.SubElement(case, "failure", message=f"{line.earned:g} of {counted(line.possible, 'point')}")
        failure.text = _plain(line.feedback)


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=name, value=_plain(value))


def _plain(text: str) -> str:
    """Spell what XML cannot hold."""
    return "".join(
        c if c in "\t\n" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
