"""Prometheus metrics: one registry an app, labels from the code and never from a request."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """What every service counts; a service adds its own to `registry`."""

    content_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "http_request_seconds",
            "Time to answer, by route template",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.loop_failures = Counter(
            "loop_failures_total", "Runs of a loop that raised", ["loop"], registry=self.registry
        )
        self.consumed_events = Counter(
            "consumed_events_total", "Events applied", ["source"], registry=self.registry
        )
        self.consumer_position = Gauge(
            "consumer_position", "Last position applied", ["source"], registry=self.registry
        )

    def text(self) -> bytes:
        return generate_latest(self.registry)
