"""What the notifier counts: kinds, states and outcomes, and nothing of anyone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client import Counter as Metric

from services.notifier.domain.outcomes import Outcome
from services.notifier.domain.states import Kind, State

_CODE: Final = re.compile(r"_[0-9]+$")
_LAGS: Final = (0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 900, 3600)


class Counts:
    """The notifier's own metrics, in the registry of its app."""

    def __init__(self, registry: CollectorRegistry) -> None:
        ended_by = ["kind", "state", "reason"]
        self._ended = Metric(
            "reminders_ended_total", "Planned mails that ended", ended_by, registry=registry
        )
        self._attempts = Metric(
            "delivery_attempts_total",
            "Attempts, by channel and outcome",
            ["channel", "outcome"],
            registry=registry,
        )
        self._lag = Histogram(
            "reminder_due_lag_seconds",
            "From the due time to the first attempt",
            buckets=_LAGS,
            registry=registry,
        )
        self._oldest = Gauge(
            "reminder_oldest_due_seconds",
            "How long the oldest mail that is due has been waiting",
            registry=registry,
        )
        self._resting = Gauge(
            "channel_resting",
            "Whether the channel is left alone, 1 or 0",
            ["channel"],
            registry=registry,
        )
        self._paused = Gauge(
            "sending_paused", "Whether staff have paused all sending, 1 or 0", registry=registry
        )
        self._stopped = Gauge(
            "stopped_addresses", "People at whose address none arrives", registry=registry
        )
        self._lost_leases = Metric(
            "reminder_leases_lost_total",
            "Attempts that could not be settled in time",
            registry=registry,
        )

    def ended(self, kind: Kind, state: State, reason: str | None, count: int) -> None:
        """Count these; of a reason without its code, which a server may choose as it likes."""
        self._ended.labels(kind, state, _CODE.sub("", reason or "")).inc(count)

    def attempted(self, channel: str, outcomes: Iterable[Outcome]) -> None:
        for outcome, count in Counter(type(each).__name__ for each in outcomes).items():
            self._attempts.labels(channel, outcome).inc(count)

    def first_attempt(self, lag_seconds: float) -> None:
        self._lag.observe(max(lag_seconds, 0))

    def oldest_due(self, seconds: float) -> None:
        self._oldest.set(max(seconds, 0))

    def resting(self, channel: str, resting: bool) -> None:
        self._resting.labels(channel).set(resting)

    def lease_lost(self) -> None:
        self._lost_leases.inc()

    def stopped_addresses(self, count: int) -> None:
        self._stopped.set(count)

    def paused(self, is_paused: bool) -> None:
        self._paused.set(int(is_paused))
