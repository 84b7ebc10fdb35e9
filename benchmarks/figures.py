"""Times of many rounds, and how a person reads them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds that each round took; never empty."""

    seconds: Sequence[float]

    def __post_init__(self) -> None:
        if not self.seconds:
            raise ValueError("no round was timed")

    @property
    def rounds(self) -> int:
        return len(self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        """The nearest rank: below a hundred rounds it is the slowest."""
        return sorted(self.seconds)[math.ceil(0.99 * len(self.seconds)) - 1]

    @property
    def slowest(self) -> float:
        return max(self.seconds)


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def s(seconds: float) -> str:
    return f"{seconds:.2f} s"


def mb(count: float) -> str:
    """Bytes as megabytes of a million."""
    return f"{count / 1e6:.0f} MB"


def times_of(more: float, less: float) -> str:
    return f"{more / less:.1f} x"
