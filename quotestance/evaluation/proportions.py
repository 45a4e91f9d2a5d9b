"""Shares of a count, with intervals that hold for few items and near 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass

_Z = 1.959964  # of 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``size``: the share and its 95 % interval (Wilson 1927).

    Of nothing the share is 0 and the interval 0 to 1.
    """

    hits: int
    size: int

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.hits / self.size if self.size else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % interval."""
        if not self.size:
            return 0.0, 1.0
        n, p = self.size, self.value
        scale = 1 + _Z**2 / n
        middle = (p + _Z**2 / (2 * n)) / scale
        half = _Z / scale * (p * (1 - p) / n + _Z**2 / (4 * n**2)) ** 0.5
        # At the ends the interval is exact; what is left over there is rounding.
        low = 0.0 if self.hits == 0 else middle - half
        high = 1.0 if self.hits == n else middle + half
        return low, high

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} ({low:.3f}–{high:.3f})"
