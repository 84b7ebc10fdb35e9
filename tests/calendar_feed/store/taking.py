"""A calendar program that takes a change only with a higher SEQUENCE, DTSTAMP and LAST-MODIFIED."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import icalendar

from tests.calendar_feed.store.subscribing import Subscriber


@dataclass
class Calendar:
    """What it has taken, by UID and RECURRENCE-ID; it forgets nothing."""

    subscriber: Subscriber
    known: dict[tuple[str, str], Any] = field(default_factory=dict)

    async def polls(self, after: str) -> list[Any]:
        """Take what the feed shows `after` something, and return it; fail where it would not."""
        body = (await self.subscriber.fetch()).plain.body
        events: list[Any] = icalendar.Calendar.from_ical(body).walk("VEVENT")
        for event in events:
            slot = event.get("RECURRENCE-ID")
            key = str(event["UID"]), "" if slot is None else slot.to_ical().decode()
            before = self.known.get(key)
            if before is not None and before.to_ical() != event.to_ical():
                for was, now in zip(_stamps(before), _stamps(event), strict=True):
                    assert now > was, (after, key)
            self.known[key] = event
        return events


def _stamps(event: Any) -> Iterator[Any]:
    yield event["SEQUENCE"]
    yield event["DTSTAMP"].dt
    yield event["LAST-MODIFIED"].dt
