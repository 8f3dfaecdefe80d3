"""The self-check's page in a notebook, in a real browser."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.selfcheck_html import Beside, ShownCase, page
from tests.reports.conftest import browser  # noqa: F401 - a fixture

pytestmark = pytest.mark.xdist_group("class-page")


@pytest.mark.parametrize(("columns", "width", "beside"), [(3, 900, True), (3, 360, False), (8, 500, False)])
def test_what_was_expected_stands_beside_yours_or_below_it(browser, tmp_path, columns, width, beside):  # noqa: F811
    yours = np.full((2, columns), 0.123456)
    case = ShownCase(
        title="one",
        result="not right",
        right=False,
        faults=("it is wrong",),
        arrays=(Beside(name="J", yours=yours, other=yours + 1, heading="expected", off=yours > 0),),
    )
    file = tmp_path / "page.html"
    file.write_text(page("f", [case], (), (), ""), encoding="utf-8")
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(file.as_uri())
    panels = browser.find_elements("css selector", "div[style*='inline-block']")
    first, second = (panel.rect for panel in panels)
    assert (first["y"] == second["y"]) == beside
    assert max(one["x"] + one["width"] for one in (first, second)) <= width
