"""Two diagrams as SVG inside a page; its style sheet gives the colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quotestance.evaluation import CoveragePoint, Reliability

_SIZE = 300
_LEFT, _TOP, _BOTTOM, _RIGHT = 44, 10, 44, 12
_MOST_POINTS = 200


def reliability_diagram(found: Reliability) -> str:
    """Accuracy by confidence: a point a bin with its interval, the diagonal for comparison."""
    largest = max(b.correct.size for b in found.bins)
    marks = [f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    for b in found.bins:
        x, (low, high) = _x(b.confidence), b.correct.interval
        radius = 3 + 4 * (b.correct.size / largest) ** 0.5
        marks.append(
            f"<g><title>{b.low:.1f}–{b.high:.1f}: {b.correct.size} items, said "
            f"{b.confidence:.3f}, right {b.correct}</title>"
            f'<path class="interval" d="M{x} {_y(low)}V{_y(high)}"/>'
            f'<circle class="point" cx="{x}" cy="{_y(b.correct.value)}" r="{radius:.1f}"/></g>'
        )
    label = "Reliability diagram: the share of right labels by confidence"
    return _diagram(label, "confidence", "right", marks)


def coverage_diagram(points: Sequence[CoveragePoint]) -> str:
    """Accuracy by coverage: the curve with the band of its intervals."""
    step = max(1, len(points) // _MOST_POINTS)
    shown = list(points[::-1][::step])
    if shown[-1] is not points[0]:
        shown.append(points[0])
    lows = [(p.coverage, p.correct.interval[0]) for p in shown]
    highs = [(p.coverage, p.correct.interval[1]) for p in shown]
    marks = [
        f'<path class="band" d="{_path([*highs, *lows[::-1]])}Z"/>',
        f'<path class="curve" d="{_path([(p.coverage, p.accuracy) for p in shown])}"/>',
    ]
    label = "Coverage–accuracy curve: how many labels are right if the least certain abstain"
    return _diagram(label, "coverage", "right", marks)


def _diagram(label: str, across: str, up: str, marks: Sequence[str]) -> str:
    width, height = _LEFT + _SIZE + _RIGHT, _TOP + _SIZE + _BOTTOM
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {width} {height}">\n'
        f"<title>{label}</title>\n{''.join(_axes(across, up))}{''.join(marks)}\n</svg>\n"
    )


def _axes(across: str, up: str) -> Iterator[str]:
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        x, y = _x(tick), _y(tick)
        yield f'<path class="grid" d="M{x} {_y(0)}V{_y(1)}M{_x(0)} {y}H{_x(1)}"/>'
        yield f'<text x="{x}" y="{_y(0) + 16}" text-anchor="middle">{tick:.1f}</text>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{tick:.1f}</text>'
    yield f'<text x="{_x(0.5)}" y="{_y(0) + 36}" text-anchor="middle">{across}</text>'
    yield (
        f'<text x="12" y="{_y(0.5)}" text-anchor="middle" '
        f'transform="rotate(-90 12 {_y(0.5)})">{up}</text>\n'
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_x(x)} {_y(y)}" for x, y in points)


def _x(share: float) -> float:
    return round(_LEFT + share * _SIZE, 1)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIZE, 1)
