"""Small pictures as inline SVG, colored by the page's style sheet; the largest is a template, placed by its `Frame`."""

from dataclasses import dataclass

from markupsafe import Markup

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
class Frame:
    """Where the distribution of points lies in its picture, in CSS pixels.

    It is drawn for its width, so that its text is never scaled far: columns with their numbers on top, and below them
    range, middle half, median and mean. The name is the prefix of the ids inside, once in a page.
    """

    totals: Totals
    name: str
    width: int
    right: int = 12
    top: int = 26
    floor: int = 216
    height: int = 280

    @property
    def left(self) -> int:
        """Room for the numbers of the grid lines."""
        return 18 + 8 * len(str(self._most))

    @property
    def lines(self) -> range:
        """Numbers with a line behind the columns."""
        return range(0, self._most + self._step, self._step)

    @property
    def edges(self) -> tuple[float, ...]:
        """Points that are written below the columns."""
        bins = self.totals.bins
        return (*[low for low, _, _ in bins][:: 1 if self._is_wide else 2], bins[-1][1])

    @property
    def gap(self) -> int:
        """Room between two columns."""
        return 4 if self._is_wide else 3

    @property
    def column(self) -> str:
        """How wide a column is."""
        return f"{self._inner / len(self.totals.bins) - self.gap:.1f}"

    @property
    def half(self) -> str:
        """How wide the box of the middle half is."""
        return f"{max(2.0, float(self.x(self.totals.upper)) - float(self.x(self.totals.lower))):.1f}"

    @property
    def words(self) -> str:
        """All of it in words."""
        totals = self.totals
        columns = "; ".join(f"{points(low)} to {points(high)}: {count}" for low, high, count in totals.bins if count)
        return (
            f"Students by points. {columns}. Median {decimal(totals.median, 1)}, mean {decimal(totals.mean, 1)}, "
            f"middle half from {decimal(totals.lower, 1)} to {decimal(totals.upper, 1)}."
        )

    def x(self, value: float, right: float = 0) -> str:
        """Place points."""
        return f"{self.left + self._inner * value / self.totals.bins[-1][1] + right:.1f}"

    def y(self, count: float, below: float = 0) -> str:
        """Place a number of students."""
        return f"{self.floor - self._scale * count + below:.1f}"

    def tall(self, count: float) -> str:
        """How tall a column is."""
        return f"{self._scale * count:.1f}"

    @property
    def _inner(self) -> int:
        return self.width - self.left - self.right

    @property
    def _most(self) -> int:
        return max(count for *_, count in self.totals.bins)

    @property
    def _scale(self) -> float:
        return (self.floor - self.top) / (-(-self._most // self._step) * self._step)

    @property
    def _is_wide(self) -> bool:
        return self.width > 500

    @property
    def _step(self) -> int:
        """A distance of grid lines that gives five of them at most, on round numbers."""
        size = 1
        while True:
            for factor in (1, 2, 5):
                if self._most <= 5 * factor * size:
                    return factor * size
            size *= 10
