"""Small pictures as inline SVG: pure functions of numbers, colored by the page's style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from autograder.words import counted
from reports.class_report.elements import Stack, decimal
from reports.class_report.records import Totals
from reports.feedback.markdown import points


def share_bar(share: float) -> Markup:
    """Draw a bar whose number stands beside it; a screen reader passes over it."""
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100" height="8"/><rect class="fill" width="{}" height="8"/></svg>'
    ).format(f"{100 * share:.4g}")


def stack_bar(stack: Stack) -> Markup:
    """Draw how the students of a criterion divide; the words stand below it, and a screen reader passes over it."""
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


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """Where numbers lie in a picture, in CSS pixels: drawn for its width, so that its text is never scaled far."""

    totals: Totals
    width: int
    right: int = 12
    top: int = 26
    floor: int = 216
    height: int = 280

    @property
    def left(self) -> int:
        """Room for the numbers of the grid lines."""
        return 18 + 8 * len(str(self.most))

    @property
    def inner(self) -> int:
        return self.width - self.left - self.right

    @property
    def most(self) -> int:
        return max(count for *_, count in self.totals.bins)

    @property
    def scale(self) -> float:
        step = _step(self.most)
        return (self.floor - self.top) / (-(-self.most // step) * step)

    @property
    def is_wide(self) -> bool:
        return self.width > 500

    def x(self, value: float) -> str:
        return f"{self.left + self.inner * value / self.totals.bins[-1][1]:.1f}"

    def y(self, count: float, below: float = 0) -> str:
        return f"{self.floor - self.scale * count + below:.1f}"


def distribution(totals: Totals, *, name: str, width: int) -> Markup:
    """Draw the distribution of points: columns, and below them range, middle half, median and mean.

    The name is the prefix of the ids inside, once in a page; the width is in CSS pixels.
    """
    frame = _Frame(totals=totals, width=width)
    every = 1 if frame.is_wide else 2
    edges = [*[low for low, _, _ in totals.bins][::every], totals.bins[-1][1]]
    ticks = [
        Markup('<text class="tick" x="{}" y="{}">{}</text>').format(frame.x(edge), frame.floor + 18, points(edge))
        for edge in edges
    ]
    return Markup(
        '<svg class="chart {name}" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">Distribution of points over {students}</title>'
        '<desc id="{name}-desc">{words}</desc>{lines}{columns}{ticks}{box}</svg>'
    ).format(
        name=name,
        width=width,
        height=frame.height,
        students=counted(totals.count, "student"),
        words=_in_words(totals),
        lines=Markup("").join(_grid(frame)),
        columns=Markup("").join(_columns(frame)),
        ticks=Markup("").join(ticks),
        box=_box(frame),
    )


def _grid(frame: _Frame) -> Iterator[Markup]:
    """Lines behind the columns, each with its number."""
    step = _step(frame.most)
    for count in range(0, frame.most + step, step):
        yield Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="tick end" x="{}" y="{}">{}</text>'
        ).format(
            frame.left,
            frame.width - frame.right,
            frame.y(count),
            frame.y(count),
            frame.left - 6,
            frame.y(count, 4),
            count,
        )


def _columns(frame: _Frame) -> Iterator[Markup]:
    """A column for each bin that holds anybody, its number on top."""
    gap = 4 if frame.is_wide else 3
    each = frame.inner / len(frame.totals.bins)
    for i, (_, _, count) in enumerate(frame.totals.bins):
        if count:
            yield Markup(
                '<rect class="column" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
                '<text class="count" x="{}" y="{}">{}</text>'
            ).format(
                f"{frame.left + each * i + gap / 2:.1f}",
                frame.y(count),
                f"{each - gap:.1f}",
                f"{frame.scale * count:.1f}",
                f"{frame.left + each * (i + 0.5):.1f}",
                frame.y(count, -6),
                count,
            )


def _box(frame: _Frame) -> Markup:
    """Range, middle half, median and mean, below the axis."""
    totals, middle = frame.totals, frame.floor + 42
    half = max(2.0, float(frame.x(totals.upper)) - float(frame.x(totals.lower)))
    return Markup(
        '<line class="whisker" x1="{least}" x2="{most}" y1="{middle}" y2="{middle}"/>'
        '<rect class="box" x="{lower}" y="{box_top}" width="{half}" height="16" rx="3"/>'
        '<line class="median" x1="{median}" x2="{median}" y1="{box_top}" y2="{box_end}"/>'
        '<circle class="mean" cx="{mean}" cy="{middle}" r="4.5"/>'
    ).format(
        least=frame.x(totals.least),
        most=frame.x(totals.most),
        lower=frame.x(totals.lower),
        half=f"{half:.1f}",
        median=frame.x(totals.median),
        mean=frame.x(totals.mean),
        middle=middle,
        box_top=middle - 8,
        box_end=middle + 8,
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
