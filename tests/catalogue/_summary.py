"""Shows the confusion matrix at the end of pytest's output, also when the tests ran in several processes."""

from __future__ import annotations

import json
from typing import Any

from tests.catalogue._matrix import add, lines

PROPERTY = "catalogue"
"""Name of the user property of a report that holds a confusion matrix as JSON."""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Add up the matrices that tests recorded, and print them."""
    values = [
        value
        for found in terminalreporter.stats.values()
        for report in found
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if not values:
        return
    terminalreporter.section("catalogue: right and wrong implementations")
    for line in lines(add(json.loads(value) for value in values), f"added up over {len(values)} secrets"):
        terminalreporter.write_line(line)
