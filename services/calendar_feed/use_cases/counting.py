"""What the calendar feed counts: statuses and seconds, and nothing of anyone."""

from __future__ import annotations

import functools
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Counts:
    """The feed's own metrics, in the registry of its app."""

    def __init__(self, registry: CollectorRegistry) -> None:
        fetches = Counter(
            "feed_fetches_total", "Fetches of feeds, by status", ["status"], registry=registry
        )
        self._fetches = functools.cache(fetches.labels)
        self._left_out = Gauge(
            "feed_entries_left_out",
            "What is missing now in the feeds, by reason",
            ["reason"],
            registry=registry,
        )
        self._not_written = Counter(
            "feed_writes_failed_total", "Feeds that could not be written", registry=registry
        )
        self._render = Histogram(
            "feed_render_seconds", "Time to render a feed", buckets=_SECONDS, registry=registry
        )

    def fetched(self, status: str) -> None:
        self._fetches(status).inc()

    def left_out(self, **counts: int) -> None:
        """Set how much is missing now, by reason."""
        for reason, count in counts.items():
            self._left_out.labels(reason).set(count)

    def not_written(self) -> None:
        self._not_written.inc()

    def rendered(self, seconds: float) -> None:
        self._render.observe(seconds)
