"""Prometheus metrics: one registry an app, labels from the code and never from a request."""

from __future__ import annotations

import functools

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """What every service counts; a service adds its own to `registry`."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        requests = Histogram(
            "http_request_seconds",
            "Time to answer, by route template",
            ["method", "route", "status"],
            registry=self.registry,
        )
        # To find the series of some labels takes as long as to add to it.
        self._requests = functools.cache(requests.labels)
        self.loop_failures = Counter(
            "loop_failures_total", "Runs of a loop that raised", ["loop"], registry=self.registry
        )
        self.consumed_events = Counter(
            "consumed_events_total", "Events applied", ["source"], registry=self.registry
        )
        self.consumer_position = Gauge(
            "consumer_position", "Last position applied", ["source"], registry=self.registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)
