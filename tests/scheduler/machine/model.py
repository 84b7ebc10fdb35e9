"""The reference: what a practice has agreed on, as plainly as it can be said.

It shares no code with the scheduler: local hours, overlaps and limits are worked out anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

NEW_YORK: Final = ZoneInfo("America/New_York")
HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(weeks=1)


def at(day: date, hour: int) -> datetime:
    """Return the UTC instant of a full hour in New York."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=NEW_YORK).astimezone(UTC)


def shifted(moment: datetime, by: timedelta) -> datetime:
    """Return `moment` moved on the wall in New York, in UTC."""
    local = moment.astimezone(NEW_YORK).replace(tzinfo=None) + by
    return local.replace(tzinfo=NEW_YORK).astimezone(UTC)


def weekly(first: datetime, weeks: int) -> list[datetime]:
    return [shifted(first, n * WEEK) for n in range(weeks)]


@dataclass(kw_only=True)
class Agreed:
    """One hour that was agreed on; `clients` are those expected."""

    clinician: str
    clients: frozenset[str]
    start: datetime
    status: str = "scheduled"
    course: str | None = None

    @property
    def active(self) -> bool:
        return self.status != "cancelled"


@dataclass(kw_only=True)
class Kept:
    """Hours of a clinician that are kept for someone, until they are not."""

    clinician: str
    client: str | None = None
    starts: tuple[datetime, ...]
    until: datetime


@dataclass
class Model:
    """Everything that was agreed, by its id."""

    now: datetime
    sessions: dict[str, Agreed] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    away: dict[tuple[str, str], None] = field(default_factory=dict)  # in the order they were told
    holds: dict[str, Kept] = field(default_factory=dict)
    off: dict[str, tuple[str, datetime, datetime]] = field(default_factory=dict)

    def in_the_way(
        self,
        clinician: str,
        clients: Collection[str],
        starts: Iterable[datetime],
        *,
        but: Collection[str] = (),
        hold: str | None = None,
    ) -> list[datetime]:
        """Return which of `starts` cannot be had; the sessions `but` may be passed over."""
        return [
            start
            for start in starts
            if self._taken(clinician, clients, start, but)
            or self._held(clinician, clients, start, hold)
            or self._off(clinician, start)
        ]

    def busy(self, client: str, start: datetime) -> bool:
        """Whether the client's own diary has something there, agreed or kept."""
        return self._held("", [client], start, None) or any(
            each.active and client in each.clients and abs(each.start - start) < HOUR
            for each in self.sessions.values()
        )

    def ahead(self, course: str) -> list[str]:
        """Return the sessions of a course that are still to start, in the order of time."""
        found = [
            id
            for id, each in self.sessions.items()
            if each.course == course and each.status == "scheduled" and each.start > self.now
        ]
        return sorted(found, key=lambda id: self.sessions[id].start)

    def changeable(self, id: str) -> bool:
        each = self.sessions[id]
        return each.status == "scheduled" and self.now < each.start + HOUR

    def _taken(
        self, clinician: str, clients: Collection[str], start: datetime, but: Collection[str]
    ) -> bool:
        return any(
            each.active
            and id not in but
            and abs(each.start - start) < HOUR
            and (each.clinician == clinician or not each.clients.isdisjoint(clients))
            for id, each in self.sessions.items()
        )

    def _held(
        self, clinician: str, clients: Collection[str], start: datetime, hold: str | None
    ) -> bool:
        return any(
            id != hold
            and (kept.clinician == clinician or kept.client in clients)
            and kept.until > self.now
            and any(abs(each - start) < HOUR for each in kept.starts)
            for id, kept in self.holds.items()
        )

    def _off(self, clinician: str, start: datetime) -> bool:
        return any(
            who == clinician and begins < start + HOUR and start < ends
            for who, begins, ends in self.off.values()
        )
