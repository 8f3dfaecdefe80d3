"""Small pictures as inline SVG: pure functions of numbers, coloured by the page's style sheet."""

from __future__ import annotations

from markupsafe import Markup

from reports.class_report.elements import Stack, decimal
from reports.class_report.records import Totals
from reports.feedback import points


def share_bar(share: float) -> Markup:
    """Draw a bar whose number stands beside it.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    Markup
        An ``svg`` element that a screen reader passes over.
    """
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100" height="8"/><rect class="fill" width="{}" height="8"/></svg>'
    ).format(f"{100 * share:.4g}")


def stack_bar(stack: Stack) -> Markup:
    """Draw how the students of a criterion divide; the words stand below it.

    Parameters
    ----------
    stack : Stack
        Numbers of students.

    Returns
    -------
    Markup
        An ``svg`` element that a screen reader passes over.
    """
    whole = sum(number for _, number in stack.pieces)
    drawn, at = [], 0.0
    for name, number in stack.pieces:
        width = 100 * number / whole
        drawn.append(
            Markup('<rect class="{}" x="{}" width="{}" height="10"/>').format(
                name.replace(" ", "-"), f"{at:.5g}", f"{width:.5g}"
            )
        )
        at += width
    return Markup(
        '<svg class="bar stack" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        "{}</svg>"
    ).format(Markup("").join(drawn))


def distribution(totals: Totals, *, name: str, width: int) -> Markup:
    """Draw the distribution of points: columns, and below them range, middle half, median and mean.

    Parameters
    ----------
    totals : Totals
        What to draw.
    name : str
        Prefix of the ids inside, once in a page.
    width : int
        In CSS pixels: the picture is drawn for that, so that its text is never scaled far.

    Returns
    -------
    Markup
        An ``svg`` element with title and description.
    """
    left, right, top, floor, height = 34, 12, 26, 216, 280
    inner = width - left - right
    possible = totals.bins[-1][1]
    most = max(count for *_, count in totals.bins)
    step = _step(most)
    scale = (floor - top) / (-(-most // step) * step)

    def x(value: float) -> str:
        return f"{left + inner * value / possible:.1f}"

    def y(count: float) -> str:
        return f"{floor - scale * count:.1f}"

    lines = [
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick end" x="{}" y="{}">{}</text>'
        ).format(left, width - right, y(count), y(count), left - 6, f"{floor - scale * count + 4:.1f}", count)
        for count in range(0, most + step, step)
    ]
    gap = 4 if width > 500 else 3
    each = inner / len(totals.bins)
    columns = [
        Markup(
            '<rect class="column" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
            '<text class="count" x="{}" y="{}">{}</text>'
        ).format(
            f"{left + each * i + gap / 2:.1f}",
            y(count),
            f"{each - gap:.1f}",
            f"{scale * count:.1f}",
            f"{left + each * (i + 0.5):.1f}",
            f"{floor - scale * count - 6:.1f}",
            count,
        )
        for i, (_, _, count) in enumerate(totals.bins)
        if count
    ]
    every = 1 if width > 500 else 2
    edges = [*[low for low, _, _ in totals.bins][::every], possible]
    ticks = [
        Markup('<text class="tick" x="{}" y="{}">{}</text>').format(x(edge), floor + 18, points(edge)) for edge in edges
    ]
    middle = floor + 42
    half = max(2.0, float(x(totals.upper)) - float(x(totals.lower)))
    box = Markup(
        '<line class="whisker" x1="{least}" x2="{most}" y1="{middle}" y2="{middle}"/>'
        '<rect class="box" x="{lower}" y="{box_top}" width="{half}" height="16" rx="3"/>'
        '<line class="median" x1="{median}" x2="{median}" y1="{box_top}" y2="{box_end}"/>'
        '<circle class="mean" cx="{mean}" cy="{middle}" r="4.5"/>'
    ).format(
        least=x(totals.least),
        most=x(totals.most),
        lower=x(totals.lower),
        half=f"{half:.1f}",
        median=x(totals.median),
        mean=x(totals.mean),
        middle=middle,
        box_top=middle - 8,
        box_end=middle + 8,
    )
    return Markup(
        '<svg class="chart {name}" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">Distribution of points over {count} students</title>'
        '<desc id="{name}-desc">{words}</desc>{lines}{columns}{ticks}{box}</svg>'
    ).format(
        name=name,
        width=width,
        height=height,
        count=totals.count,
        words=_in_words(totals),
        lines=Markup("").join(lines),
        columns=Markup("").join(columns),
        ticks=Markup("").join(ticks),
        box=box,
    )


def _step(most: int) -> int:
    """A distance of grid lines that gives five of them at most, on round numbers."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if most <= 5 * factor * size:
                return factor * size
        size *= 10


def _in_words(totals: Totals) -> str:
    columns = "; ".join(f"{points(low)} to {points(high)}: {count}" for low, high, count in totals.bins if count)
    return (
        f"Students by points. {columns}. Median {decimal(totals.median, 1)}, mean {decimal(totals.mean, 1)}, "
        f"middle half from {decimal(totals.lower, 1)} to {decimal(totals.upper, 1)}."
    )
