"""What the self-check shows in a notebook: a table, and arrays side by side. All text in it is escaped.

Styles stand in the elements, since a notebook keeps no style sheet; colors come with a word or a frame.
"""

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_CELLS = 12
"""Rows and columns of an array that are drawn; larger ones are not."""

_CARD = (
    "background:#ffffff;color:#1f2328;border:1px solid #d0d7de;border-radius:6px;padding:12px 16px;margin:4px 0;"
    "font-family:system-ui,sans-serif;font-size:14px;line-height:1.45;overflow-x:auto"
)
_RIGHT = "background:#dafbe1;color:#0b5724"
_WRONG = "background:#ffebe9;color:#a40e26"
_OPEN = "background:#eaeef2;color:#424a53"
_PLAIN = "background:#ffffff;color:#1f2328;text-align:left"
_HEAD = (
    "background:#ffffff;color:#57606a;text-align:left;font-weight:600;padding:2px 16px 2px 0;"
    "border-bottom:1px solid #d0d7de"
)
_GIVEN = (
    "margin:4px 0 0 0;padding:6px 8px;background:#f6f8fa;color:#1f2328;"
    "font-family:ui-monospace,monospace;font-size:12px"
)
_CELL = "padding:3px 8px;text-align:right;font-family:ui-monospace,monospace;font-size:12px;white-space:nowrap"
_POSITIVE, _NEGATIVE = (196, 90, 17), (31, 90, 150)


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """An array of yours, and what it is held against."""

    name: str
    yours: Any
    other: Any
    #: What the other one is.
    heading: str
    #: Booleans of its shape, true where yours is off; None where the shapes differ.
    off: Any = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownCase:
    """A public case, and what came of it."""

    title: str
    #: In a few words; what is wrong stands in `faults`.
    result: str
    right: bool
    #: Whether nothing was run, because nothing is written.
    is_open: bool = False
    faults: Sequence[str] = ()
    arrays: Sequence[Beside] = ()
    inputs: Sequence[str] = ()


def page(name: str, cases: Sequence[ShownCase], compared: Sequence[str], maps: Sequence[Beside], foot: str) -> str:
    """Write the whole: a row for each case, the failed ones in full, how finite differences compare, a small print."""
    rows = "".join(_case_row(case) for case in cases)
    details = "".join(_case_details(case) for case in cases if case.faults)
    return (
        f'<div style="{_CARD}"><table style="border-collapse:collapse;margin:0 0 8px 0">'
        f'<caption style="text-align:left;font-weight:600;padding-bottom:4px;color:#1f2328;white-space:nowrap">'
        f"Public cases of {_code_of(name)}</caption>"
        f'<thead><tr><th scope="col" style="{_HEAD}">Public case</th>'
        f'<th scope="col" style="{_HEAD}">Result</th></tr></thead><tbody>{rows}</tbody></table>'
        f"{details}{_differences(compared, maps)}"
        f'<p style="margin:8px 0 0 0;font-size:12px;color:#57606a">{_escaped(foot)}</p></div>'
    )


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _code_of(name: str) -> str:
    return f'<code style="background:#f6f8fa;color:#1f2328">{_escaped(name)}</code>'


def _case_row(case: ShownCase) -> str:
    style, mark = (_RIGHT, "✓") if case.right else (_OPEN, "–") if case.is_open else (_WRONG, "✗")
    return (
        f'<tr><td style="{_PLAIN};padding:4px 16px 4px 0;vertical-align:top">{_escaped(case.title)}</td>'
        f'<td style="{_PLAIN};padding:4px 0"><span style="{style};border-radius:10px;padding:1px 8px">'
        f"{mark} {_escaped(case.result)}</span></td></tr>"
    )


def _case_details(case: ShownCase) -> str:
    faults = "".join(f"<li>{_escaped(fault)}</li>" for fault in case.faults)
    arrays = "".join(map(_numbers, case.arrays))
    inputs = _escaped(textwrap.dedent("\n".join(case.inputs)))
    below = f'<pre style="{_GIVEN}">{inputs}</pre>' if inputs else ""
    return (
        f'<div style="border-top:1px solid #d0d7de;padding:8px 0"><strong>{_escaped(case.title)}</strong>'
        f'<ul style="margin:4px 0;padding-left:20px">{faults}</ul>{arrays}{below}</div>'
    )


def _numbers(pair: Beside) -> str:
    """Yours beside what was expected: what is off has a frame."""
    off = np.zeros(np.shape(pair.other), dtype=bool) if pair.off is None else pair.off
    marked = pair.off is not None
    yours = _drawn(pair.yours, lambda at, _: (_WRONG if off[at] else _RIGHT, off[at]) if marked else (_OPEN, False))
    other = _drawn(pair.other, lambda *_: (_OPEN, False))
    return _side_by_side(pair, yours, other)


def _differences(complaints: Sequence[str], maps: Sequence[Beside]) -> str:
    """How finite differences compare: both arrays, colored on one scale."""
    if not complaints and not maps:
        return ""
    said = "".join(f"<li>{_escaped(complaint)}</li>" for complaint in complaints)
    drawn = "".join(_side_by_side(one, *_heat_maps(one)) for one in maps)
    verdict = "" if complaints else f' <span style="{_RIGHT};border-radius:10px;padding:1px 8px">✓ they agree</span>'
    return (
        '<div style="border-top:1px solid #d0d7de;padding:8px 0"><strong>Compared with finite differences</strong>'
        f'{verdict}<ul style="margin:4px 0;padding-left:20px">{said}</ul>{drawn}</div>'
    )


def _heat_maps(pair: Beside) -> tuple[str, str]:
    both = np.abs(np.concatenate([np.ravel(pair.yours), np.ravel(pair.other)]).astype(float))
    largest = float(both[np.isfinite(both)].max(initial=0.0)) or 1.0
    off = pair.off

    def colored(value: float) -> str:
        share = min(abs(value) / largest, 1.0) if np.isfinite(value) else 0.0
        red, green, blue = (round(255 + (full - 255) * share) for full in (_POSITIVE if value > 0 else _NEGATIVE))
        return f"background:rgb({red},{green},{blue});color:{'#ffffff' if share > 0.6 else '#1f2328'}"

    yours = _drawn(pair.yours, lambda at, value: (colored(value), off is not None and bool(off[at])))
    return yours, _drawn(pair.other, lambda _, value: (colored(value), False))


def _side_by_side(pair: Beside, yours: str, other: str) -> str:
    if not yours or not other:
        return ""
    # Where there is no room beside it, what was expected stands below; what is wide by itself is scrolled.
    style = "display:inline-block;vertical-align:top;margin:4px 24px 4px 0;max-width:100%;overflow-x:auto"
    name = _code_of(pair.name)
    heads = (
        f'<div style="color:#57606a;font-size:12px">{name}, {_escaped(heading)}{shape}</div>'
        for heading, shape in (("yours", _shape_of(pair.yours)), (pair.heading, _shape_of(pair.other)))
    )
    panels = "".join(
        f'<div style="{style}">{head}{array}</div>' for head, array in zip(heads, (yours, other), strict=True)
    )
    return f"<div>{panels}</div>"


def _shape_of(value: Any) -> str:
    return f", shape {_escaped(str(np.shape(value)))}" if np.ndim(value) else ""


def _drawn(value: Any, look: Any) -> str:
    """Draw an array of numbers as a table; `look` says of place and number the style, and whether there is a frame."""
    array = np.asarray(value, dtype=float)
    rows = array.reshape(1, -1) if array.ndim < 2 else array
    if rows.ndim != 2 or rows.size == 0 or max(rows.shape) > MOST_CELLS:
        return ""
    drawn = []
    for i, row in enumerate(rows):
        cells = []
        for j, number in enumerate(row):
            at = (i, j) if array.ndim == 2 else (j,) * array.ndim
            style, frame = look(at, float(number))
            border = "2px solid #a40e26;font-weight:700" if frame else "1px solid #ffffff"
            cells.append(f'<td style="{_CELL};{style};border:{border}">{number:.6g}</td>')
        drawn.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table style="border-collapse:collapse;margin:0"><tbody>{"".join(drawn)}</tbody></table>'
